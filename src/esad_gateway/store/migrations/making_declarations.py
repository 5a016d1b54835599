"""The table that migrations make for declarations."""

import sqlalchemy as sa
from alembic import op

from esad_gateway.store.migrations.making import string


def declarations() -> None:
    """Declarations as they were filed."""
    op.create_table(
        "declaration",
        string("seed", 13),
        string("period", 7, comment="a month, such as 2026-10"),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False, comment="0, then those of corrections"),
        string("filed_at", 32),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seed", "period", "number"),
        sqlite_with_rowid=False,
    )
    op.create_index("declaration_by_period", "declaration", ["period"])
