"""The table of signing in, as the first release has it."""

import sqlalchemy as sa
from alembic import op

from esad_gateway.store.migrations.making import digest, string


def sign_in() -> None:
    """What signing in keeps between two requests."""
    op.create_table(
        "sign_in_step",
        digest("sha256", comment="of the secret under which it is taken, once"),
        sa.Column("content", sa.Text(), nullable=False, comment="an attempt, or who has signed in and fetches a token"),
        string("until", 32, comment="from when on it is nothing any more"),
        sa.PrimaryKeyConstraint("sha256"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_sign_in_step_until", "sign_in_step", ["until"])
