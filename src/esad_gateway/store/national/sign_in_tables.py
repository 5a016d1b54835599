"""The table of what signing in keeps between two requests; :mod:`esad_gateway.store.tables` has all tables by name."""

from sqlalchemy import Column, LargeBinary, String, Table, Text

from esad_gateway.store.batch_tables import metadata

sign_in_step = Table(
    "sign_in_step",
    metadata,
    Column("sha256", LargeBinary(32), primary_key=True, comment="of the secret under which it is taken, once"),
    Column("content", Text, nullable=False, comment="an attempt, or who has signed in and fetches a token"),
    Column("until", String(32), nullable=False, index=True, comment="from when on it is nothing any more"),
    sqlite_with_rowid=False,
)
