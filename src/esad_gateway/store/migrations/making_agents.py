"""The tables of agents, as the first release has them."""

import sqlalchemy as sa
from alembic import op

from esad_gateway.store.migrations.making import string as _string


def agents() -> None:
    """What traders let others do for them, and what was signed under that."""
    op.create_table(
        "delegation",
        sa.Column("number", sa.Integer(), nullable=False),
        _string("trader", 13, comment="who lets the agent act"),
        _string("agent", 20, comment="a holder of certificates"),
        sa.Column("signs", sa.Text(), nullable=False, comment="kinds of messages, or * for all that traders sign"),
        sa.Column("reads", sa.Text(), nullable=False, comment="kinds of messages, or * for the whole mailbox"),
        _string("since", 32),
        _string("until", 32, nullable=True, comment="not included"),
        _string("given_at", 32),
        _string("revoked_at", 32, nullable=True),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index("delegation_by_agent", "delegation", ["agent"])
    op.create_index("delegation_by_trader", "delegation", ["trader"])
    op.create_table(
        "signed_for",
        _string("mailbox", 20),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("delegation", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["delegation"], ["delegation.number"]),
        sa.PrimaryKeyConstraint("mailbox", "seq"),
        sqlite_with_rowid=False,
    )
