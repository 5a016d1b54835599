"""The tables of webhooks, beside :mod:`esad_gateway.store.tables` and in the same metadata."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text, false, text

from esad_gateway.store.batch_tables import metadata
from esad_gateway.store.database import partial_index

AGAIN = text("again")
"""What the index of dead letters holds that are to be sent once more; word for word the same where it is asked."""

webhook = Table(
    "webhook",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("trader", String(20), nullable=False, comment="of whose mailbox it is told"),
    Column("url", Text, nullable=False),
    Column("salt", LargeBinary(16), nullable=False, comment="what its secret is made of, with a key that is not here"),
    Column("previous_salt", LargeBinary(16), comment="of the secret before that one"),
    Column("previous_until", String(32), comment="how long that one signs as well"),
    Column("types", Text, nullable=False, comment="of which messages it is told, by commas; nothing: of all"),
    Column("direction", String(3)),
    Column("created_at", String(32), nullable=False),
    Column("after", Integer, nullable=False, comment="the last message that it was told of, or that was passed over"),
    Column("tries", Integer, nullable=False, comment="of the next one, which failed"),
    Column("failing_since", String(32)),
    Column("next_try", String(32)),
    Column("last_error", Text),
    Index("webhook_of_trader", "trader", "created_at"),
)

dead_letter = Table(
    "webhook_dead_letter",
    metadata,
    Column("webhook", String(32), ForeignKey("webhook.id"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False, comment="of the message, in that mailbox"),
    Column("at", String(32), nullable=False, comment="when it was given up"),
    Column("tries", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("again", Boolean(name="webhook_dead_letter_again"), nullable=False, server_default=false()),
    partial_index("webhook_dead_letter_again", "webhook", where=AGAIN),
    sqlite_with_rowid=False,
)
