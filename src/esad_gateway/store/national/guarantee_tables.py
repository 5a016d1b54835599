"""The tables of guarantees: what secures duty, every entry by hand, and what was asked and decided about the amount.

Beside :mod:`esad_gateway.store.tables`, and in the same metadata. What messages reserve and release stands in ``note``.
"""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from esad_gateway.store.batch_tables import metadata

# Amounts are texts: no database rounds them.
guarantee = Table(
    "guarantee",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("seed", String(13), nullable=False, comment="whose duty it secures"),
    Column("kind", String(10), nullable=False),
    Column("amount", String(20), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("reference", Text, nullable=False, comment="what its paper or payment is called"),
    Column("guarantors", Text, nullable=False, comment="who secures a movement by agreement; nothing: nobody else"),
    Column("since", String(10), nullable=False),
    Column("until", String(10), comment="included"),
    Column("added_at", String(32), nullable=False),
    Index("guarantee_of_trader", "seed"),
)

# No row is ever changed.
guarantee_entry = Table(
    "guarantee_entry",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("seed", String(13), nullable=False),
    Column("guarantee", Integer, ForeignKey("guarantee.number"), comment="none for a release"),
    Column("kind", String(10), nullable=False),
    Column("amount", String(20), comment="none: all that is reserved"),
    Column("subject", Text, nullable=False, comment="a movement, or the document that it answers to"),
    Column("at", String(32), nullable=False, comment="from when on it counts"),
    Column("why", Text, nullable=False),
    Column("noted_at", String(32), nullable=False),
    Index("guarantee_entry_of_trader", "seed"),
)

guarantee_amount = Table(
    "guarantee_amount",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("seed", String(13), nullable=False),
    Column("kind", String(16), nullable=False, comment="set, or what was asked for"),
    Column("at", String(32), nullable=False),
    Column("basis", Text, comment="in full digits: it is compared, never shown"),
    Column("amount", String(20), comment="to be secured"),
    Column("share", String(8), nullable=False, comment="of the basis"),
    Column("forecast", Text, nullable=False, comment="goods of an average month, as JSON"),
    Column("why", Text, nullable=False),
    Index("guarantee_amount_of_trader", "seed"),
)
