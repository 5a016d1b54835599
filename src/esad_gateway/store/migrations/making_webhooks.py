"""The tables that migrations make for webhooks."""

import sqlalchemy as sa
from alembic import op

from esad_gateway.store.migrations.making import partial_index, string


def webhooks() -> None:
    """Webhooks of traders, and the notifications that they did not take."""
    _webhook()
    op.create_table(
        "webhook_dead_letter",
        string("webhook", 32),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False, comment="of the message, in that mailbox"),
        string("at", 32, comment="when it was given up"),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("again", sa.Boolean(name="webhook_dead_letter_again"), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["webhook"], ["webhook.id"]),
        sa.PrimaryKeyConstraint("webhook", "seq"),
        sqlite_with_rowid=False,
    )
    partial_index("webhook_dead_letter_again", "webhook_dead_letter", ["webhook"], sa.text("again"))


def _webhook() -> None:
    op.create_table(
        "webhook",
        string("id", 32),
        string("trader", 20, comment="of whose mailbox it is told"),
        sa.Column("url", sa.Text(), nullable=False),
        _salt("salt", nullable=False, comment="what its secret is made of, with a key that is not here"),
        _salt("previous_salt", nullable=True, comment="of the secret before that one"),
        string("previous_until", 32, nullable=True, comment="how long that one signs as well"),
        sa.Column(
            "types", sa.Text(), nullable=False, comment="of which messages it is told, by commas; nothing: of all"
        ),
        string("direction", 3, nullable=True),
        string("created_at", 32),
        sa.Column(
            "after",
            sa.Integer(),
            nullable=False,
            comment="the last message that it was told of, or that was passed over",
        ),
        sa.Column("tries", sa.Integer(), nullable=False, comment="of the next one, which failed"),
        string("failing_since", 32, nullable=True),
        string("next_try", 32, nullable=True),
        sa.Column("last_error", sa.Text()),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("webhook_of_trader", "webhook", ["trader", "created_at"])


def _salt(name: str, *, nullable: bool, comment: str) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(length=16), nullable=nullable, comment=comment)
