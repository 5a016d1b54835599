"""The table of signed envelopes that were used; :mod:`esad_gateway.store.tables` has all tables by name."""

from sqlalchemy import Column, LargeBinary, String, Table

from esad_gateway.store.batch_tables import metadata

used_envelope = Table(
    "used_envelope",
    metadata,
    Column("sha256", LargeBinary(32), primary_key=True, comment="of what was signed, and with which certificate"),
    Column("until", String(32), nullable=False, index=True, comment="from when on it is too old anyway"),
    sqlite_with_rowid=False,
)
