"""The table of addresses by which calendars follow a deadline board."""

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table

from esad_gateway.store.batch_tables import metadata

due_feed = Table(
    "due_feed",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("seed", String(13), nullable=False, comment="whose board it shows"),
    Column("sha256", LargeBinary(32), nullable=False, comment="of the secret in the address"),
    Column("made_at", String(32), nullable=False),
    Column("ended_at", String(32)),
    Index("due_feed_of_trader", "seed"),
    Index("due_feed_by_secret", "sha256", unique=True),
)
