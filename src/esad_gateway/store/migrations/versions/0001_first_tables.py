"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make every table of the first release."""
    _owner()
    _document()
    _outbox()
    _delivery_start()
    _delivery_claim()
    _certificate()
    _inbox_identity()
    _mailbox()
    _movement()
    _movement_log()
    _parked()
    _operator()
    _office()
    _report()
    _peer()
    _registry_version()
    _security_log()
    _token()
    _held()
    _message()
    _attempt()


def _partial_index(name: str, table: str, columns: list[str], where: sa.ColumnElement[bool] | sa.TextClause) -> None:
    op.create_index(name, table, columns, unique=False, sqlite_where=where, postgresql_where=where)


def _owner() -> None:
    op.create_table(
        "owner",
        sa.Column("administration", sa.String(length=9), nullable=False, comment="whose store this is"),
        sa.PrimaryKeyConstraint("administration"),
    )


def _document() -> None:
    op.create_table(
        "document",
        sa.Column("sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False, comment="zstd of the bytes exactly as received or sent"),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("mailbox", sa.String(length=20), nullable=True, comment="whose message it is, for what was received"),
        sa.Column("seq", sa.Integer(), nullable=True, comment="its number in that mailbox"),
        sa.PrimaryKeyConstraint("sha256"),
    )


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("destination", sa.String(length=9), nullable=False),
        sa.Column("identifier", sa.String(length=44), nullable=False),
        sa.Column("document", sa.LargeBinary(length=32), nullable=False),
        sa.Column(
            "arc", sa.String(length=21), nullable=True, comment="the movement whose documents it may not overtake"
        ),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("refusals", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("next_attempt_at", sa.String(length=32), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("delivered_at", sa.String(length=32), nullable=True),
        sa.Column("dead", sa.Boolean(name="outbox_dead"), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["document"], ["document.sha256"]),
        sa.PrimaryKeyConstraint("id"),
    )
    in_line = sa.text("delivered_at IS NULL") & (sa.column("dead") == sa.false()) & sa.text("refusals = 0")
    _partial_index("outbox_waiting", "outbox", ["destination", "id"], in_line)
    _partial_index("outbox_refused", "outbox", ["destination", "arc"], sa.text("delivered_at IS NULL AND refusals > 0"))


def _delivery_claim() -> None:
    op.create_table(
        "delivery_claim",
        sa.Column("destination", sa.String(length=9), nullable=False),
        sa.Column("holder", sa.String(length=64), nullable=False, comment="the process that alone delivers to it"),
        sa.Column("until", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("destination"),
    )


def _delivery_start() -> None:
    op.create_table(
        "delivery_start",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "at", sa.String(length=32), nullable=False, comment="a gateway began to deliver: the store could be written"
        ),
        sa.PrimaryKeyConstraint("id"),
    )


def _certificate() -> None:
    op.create_table(
        "certificate",
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column(
            "holder", sa.String(length=20), nullable=False, comment="a SEED number, an office, or an administration"
        ),
        sa.Column("believed_from", sa.String(length=32), nullable=False),
        sa.Column(
            "believed_until",
            sa.String(length=32),
            nullable=True,
            comment="not included; nothing: as long as nobody ends it",
        ),
        sa.Column("replaced_by", sa.String(length=64), nullable=True, comment="the fingerprint of what took its place"),
        sa.Column("pem", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", "holder", "believed_from"),
    )
    op.create_index("certificate_by_holder", "certificate", ["holder"], unique=False)


def _inbox_identity() -> None:
    op.create_table(
        "inbox_identity",
        sa.Column("sender", sa.String(length=20), nullable=False),
        sa.Column("identifier", sa.String(length=44), nullable=False),
        sa.Column("sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sender", "identifier"),
        sqlite_with_rowid=False,
    )


def _mailbox() -> None:
    op.create_table(
        "mailbox",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("head", sa.LargeBinary(length=32), nullable=False, comment="of the hash chain over its messages"),
        sa.PrimaryKeyConstraint("name"),
    )


def _movement() -> None:
    op.create_table(
        "movement",
        sa.Column("arc", sa.String(length=21), nullable=False),
        sa.Column("side", sa.String(length=11), nullable=False),
        sa.Column("state", sa.String(length=3), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("lrn", sa.String(length=22), nullable=False),
        sa.Column("consignor", sa.String(length=13), nullable=False),
        sa.Column("consignee", sa.String(length=16), nullable=False),
        sa.Column("delivery_place", sa.String(length=16), nullable=True),
        sa.Column("destination_type", sa.String(length=2), nullable=False),
        sa.Column("destination_state", sa.String(length=2), nullable=False),
        sa.Column("dispatched_at", sa.String(length=32), nullable=False),
        sa.Column("limit_at", sa.String(length=32), nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.Column("initial_consignee", sa.String(length=16), nullable=True),
        sa.Column("transport_mode", sa.String(length=2), nullable=True),
        sa.Column("guarantor", sa.String(length=5), nullable=True),
        sa.Column("report", sa.Text(), nullable=True, comment="days of the report of this version: arrived, due, made"),
        sa.Column("journey_stage", sa.String(length=8), nullable=False, comment="of the timer that ends at limit_at"),
        sa.Column("change_at", sa.String(length=32), nullable=True, comment="when a destination must be given"),
        sa.Column("change_stage", sa.String(length=8), nullable=True),
        sa.Column("questioned", sa.Boolean(name="movement_questioned"), nullable=False),
        sa.Column("last_message", sa.String(length=5), nullable=False),
        sa.Column(
            "versions", sa.Text(), nullable=True, comment="those that changes of destination replaced, oldest first"
        ),
        sa.Column("clock_at", sa.String(length=32), nullable=True, comment="when a clock of the movement ends"),
        sa.Column("changed_at", sa.String(length=32), nullable=False),
        sa.Column("acts", sa.Integer(), nullable=False, comment="how many lines its log has"),
        sa.Column("log", sa.LargeBinary(length=32), nullable=False, comment="head of the hash chain over them"),
        sa.PrimaryKeyConstraint("arc", "side"),
        sqlite_with_rowid=False,
    )
    _movement_indexes()


def _movement_indexes() -> None:
    op.create_index("movement_by_clock", "movement", ["clock_at"], unique=False)
    op.create_index("movement_by_consignee", "movement", ["consignee"], unique=False)
    at_dispatch = sa.text("side = 'dispatch'")
    _partial_index("movement_by_lrn", "movement", ["consignor", "lrn"], at_dispatch)
    _partial_index("movement_of_consignor", "movement", ["consignor", "arc"], at_dispatch)
    changed = sa.text("initial_consignee IS NOT NULL")
    _partial_index("movement_by_initial_consignee", "movement", ["initial_consignee"], changed)


def _movement_log() -> None:
    op.create_table(
        "movement_log",
        sa.Column("mailbox", sa.String(length=20), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="place on this side of the movement, from 1"),
        sa.Column("side", sa.String(length=11), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("trigger", sa.String(length=30), nullable=False, comment="what happened"),
        sa.Column("effect", sa.String(length=10), nullable=False, comment="what that did"),
        sa.Column("before", sa.String(length=3), nullable=False, comment="state"),
        sa.Column("after", sa.String(length=3), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("journey_at", sa.BigInteger(), nullable=False),
        sa.Column("journey_stage", sa.String(length=8), nullable=False),
        sa.Column("change_at", sa.BigInteger(), nullable=True),
        sa.Column("change_stage", sa.String(length=8), nullable=True),
        sa.Column("waited", sa.Boolean(name="movement_log_waited"), nullable=False),
        sa.Column("rule", sa.String(length=10), nullable=True, comment="of the first fault of what was refused"),
        sa.PrimaryKeyConstraint("mailbox", "seq"),
        sqlite_with_rowid=False,
    )


def _operator() -> None:
    op.create_table(
        "operator",
        sa.Column("seed", sa.String(length=13), nullable=False),
        sa.Column("valid_from", sa.String(length=10), nullable=False),
        sa.Column("valid_to", sa.String(length=10), nullable=True),
        sa.Column("operator_type", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=182), nullable=False),
        sa.Column("office", sa.String(length=8), nullable=False),
        sa.Column("products", sa.Text(), nullable=False),
        sa.Column("categories", sa.Text(), nullable=False),
        sa.Column("temporary", sa.Text(), nullable=True),
        sa.Column("counterparty", sa.String(length=13), nullable=True, comment="whom a temporary authorisation names"),
        sa.Column("address", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seed", "valid_from"),
    )
    op.create_index(op.f("ix_operator_counterparty"), "operator", ["counterparty"], unique=False)


def _office() -> None:
    op.create_table(
        "office",
        sa.Column("reference", sa.String(length=8), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("reference"),
    )


def _report() -> None:
    op.create_table(
        "report",
        sa.Column("arc", sa.String(length=21), nullable=False),
        sa.Column("number", sa.String(length=16), nullable=False, comment="of an event report or a control report"),
        sa.PrimaryKeyConstraint("arc", "number"),
        sqlite_with_rowid=False,
    )


def _peer() -> None:
    op.create_table(
        "peer",
        sa.Column("address", sa.String(length=9), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column(
            "release",
            sa.Text(),
            comment="which release of the messages it reads; nothing: as all of which nothing is said",
        ),
        sa.PrimaryKeyConstraint("address"),
    )


def _registry_version() -> None:
    op.create_table(
        "registry_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "changes", sa.Integer(), nullable=False, comment="of register, certificates, offices, peers and tokens"
        ),
        sa.PrimaryKeyConstraint("id"),
    )


def _security_log() -> None:
    op.create_table(
        "security_log",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("client", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def _token() -> None:
    op.create_table(
        "token",
        sa.Column("sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("seed", sa.String(length=20), nullable=False),
        sa.Column("issued_at", sa.String(length=32), nullable=False),
        sa.Column("revoked_at", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("sha256"),
    )


def _held() -> None:
    op.create_table(
        "held",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("arc", sa.String(length=21), nullable=False),
        sa.Column("held_at", sa.String(length=32), nullable=False),
        sa.Column("due", sa.String(length=32), nullable=False),
        sa.Column("destination", sa.String(length=9), nullable=False),
        sa.Column("identifier", sa.String(length=44), nullable=False),
        sa.Column("document", sa.LargeBinary(length=32), nullable=False),
        sa.Column("entries", sa.Text(), nullable=False, comment="the mailbox rows to make when it is let go"),
        sa.Column("released_at", sa.String(length=32), nullable=True),
        sa.Column("released_by", sa.Text(), nullable=True, comment="who let it go; nobody when its time had come"),
        sa.ForeignKeyConstraint(["document"], ["document.sha256"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_held_arc"), "held", ["arc"], unique=False)
    _partial_index("held_waiting", "held", ["due"], sa.text("released_at IS NULL"))


def _message() -> None:
    op.create_table(
        "message",
        sa.Column("mailbox", sa.String(length=20), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("direction", sa.String(length=3), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("identifier", sa.String(length=44), nullable=False),
        sa.Column("correlation", sa.String(length=44), nullable=True),
        sa.Column("arc", sa.String(length=21), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("document", sa.LargeBinary(length=32), nullable=False),
        sa.Column("recorded_at", sa.String(length=32), nullable=False),
        sa.Column(
            "movement",
            sa.LargeBinary(length=32),
            nullable=True,
            comment="digest of the movement's row as this transaction has left it",
        ),
        sa.Column("acknowledged_at", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["document"], ["document.sha256"]),
        sa.PrimaryKeyConstraint("mailbox", "seq"),
        sqlite_with_rowid=False,
    )
    op.create_index("message_by_arc", "message", ["arc"], unique=False)
    refused = sa.text("direction = 'in' AND outcome = 'refused'")
    _partial_index("message_refused", "message", ["mailbox", "recorded_at"], refused)


def _attempt() -> None:
    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("outbox_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_attempt_outbox_id"), "attempt", ["outbox_id"], unique=False)


def _parked() -> None:
    op.create_table(
        "parked",
        sa.Column("mailbox", sa.String(length=20), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("arc", sa.String(length=21), nullable=False),
        sa.Column("document", sa.LargeBinary(length=32), nullable=False),
        sa.Column("until", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["document"], ["document.sha256"]),
        sa.PrimaryKeyConstraint("mailbox", "seq"),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("parked", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_parked_arc"), ["arc"], unique=False)
        batch_op.create_index(batch_op.f("ix_parked_until"), ["until"], unique=False)
