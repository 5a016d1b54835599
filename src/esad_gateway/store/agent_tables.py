"""The tables of agents: what traders let others do for them, and what was signed under that.

Beside :mod:`esad_gateway.store.tables`, and in the same metadata; ``migrations/`` makes them all.
"""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from esad_gateway.store.batch_tables import metadata

# Rows are added, and get an end: what was signed under one stays proved by it.
delegation = Table(
    "delegation",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("trader", String(13), nullable=False, comment="who lets the agent act"),
    Column("agent", String(20), nullable=False, comment="a holder of certificates"),
    Column("signs", Text, nullable=False, comment="kinds of messages, or * for all that traders sign"),
    Column("reads", Text, nullable=False, comment="kinds of messages, or * for the whole mailbox"),
    Column("since", String(32), nullable=False),
    Column("until", String(32), comment="not included"),
    Column("given_at", String(32), nullable=False),
    Column("revoked_at", String(32)),
    Index("delegation_by_agent", "agent"),
    Index("delegation_by_trader", "trader"),
)

# Only what agents have signed: whoever signs for itself has no row here.
signed_for = Table(
    "signed_for",
    metadata,
    Column("mailbox", String(20), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("delegation", Integer, ForeignKey("delegation.number"), nullable=False),
    sqlite_with_rowid=False,
)
