"""The table of declarations as they were filed."""

from sqlalchemy import Column, Index, Integer, String, Table, Text

from esad_gateway.store.batch_tables import metadata

# Only ever added to.
declaration = Table(
    "declaration",
    metadata,
    Column("seed", String(13), primary_key=True),
    Column("period", String(7), primary_key=True, comment="a month, such as 2026-10"),
    Column("number", Integer, primary_key=True, autoincrement=False, comment="0, then those of corrections"),
    Column("filed_at", String(32), nullable=False),
    Column("content", Text, nullable=False),
    Index("declaration_by_period", "period"),
    sqlite_with_rowid=False,
)
