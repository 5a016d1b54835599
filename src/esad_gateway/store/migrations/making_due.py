"""The table of addresses by which calendars follow a deadline board, as the first release has it."""

import sqlalchemy as sa
from alembic import op

from esad_gateway.store.migrations.making import string


def due() -> None:
    """Addresses, by the digests of their secrets."""
    op.create_table(
        "due_feed",
        sa.Column("number", sa.Integer(), nullable=False),
        string("seed", 13, comment="whose board it shows"),
        sa.Column("sha256", sa.LargeBinary(32), nullable=False, comment="of the secret in the address"),
        string("made_at", 32),
        string("ended_at", 32, nullable=True),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index("due_feed_of_trader", "due_feed", ["seed"])
    op.create_index("due_feed_by_secret", "due_feed", ["sha256"], unique=True)
