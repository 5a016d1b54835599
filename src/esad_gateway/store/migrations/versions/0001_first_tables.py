"""The first tables."""

import sqlalchemy as sa
from alembic import op

from esad_gateway.store.migrations.making import (
    NOTES,
    carried,
    deliveries,
    half_digest,
    notes,
    stopped,
    used_envelopes,
)
from esad_gateway.store.migrations.making import digest as _digest
from esad_gateway.store.migrations.making import partial_index as _partial_index
from esad_gateway.store.migrations.making import string as _string
from esad_gateway.store.migrations.making import timer as _timer
from esad_gateway.store.migrations.making_agents import agents
from esad_gateway.store.migrations.making_batches import batches, saad
from esad_gateway.store.migrations.making_cases import cases
from esad_gateway.store.migrations.making_declarations import declarations
from esad_gateway.store.migrations.making_due import due
from esad_gateway.store.migrations.making_guarantees import guarantees
from esad_gateway.store.migrations.making_people import people
from esad_gateway.store.migrations.making_sign_in import sign_in
from esad_gateway.store.migrations.making_webhooks import webhooks

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make every table of the first release."""
    makers = (
        *(_owner, carried, _document, _outbox, deliveries, _certificate, _inbox_identity, _mailbox, _movement),
        *(_movement_log, _parked, _undecided, stopped, _operator, _office, _report, notes, _peer),
        *(_registry_version, _security_log, _token, _held, _message, _attempt, batches, saad),
        *(used_envelopes, agents, webhooks, people, guarantees, cases, sign_in, declarations, due),
    )
    for make in makers:
        make()


def _owner() -> None:
    op.create_table(
        "owner",
        _string("administration", 9, comment="whose store this is"),
        sa.PrimaryKeyConstraint("administration"),
    )


def _document() -> None:
    op.create_table(
        "document",
        _digest("sha256"),
        sa.Column("body", sa.LargeBinary(), nullable=False, comment="zstd of the bytes, but for certificates"),
        half_digest("carried", comment="its signer's"),
        sa.Column("size", sa.Integer(), nullable=False),
        _string("mailbox", 20, nullable=True, comment="whose message it is, for what was received"),
        sa.Column("seq", sa.Integer(), nullable=True, comment="its number in that mailbox"),
        sa.ForeignKeyConstraint(["carried"], ["carried.sha256"]),
        sa.PrimaryKeyConstraint("sha256"),
    )


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        _string("destination", 9),
        _string("identifier", 44),
        _digest("document"),
        _string("arc", 21, nullable=True, comment="the movement whose documents it may not overtake, or SEED"),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("refusals", sa.Integer(), server_default=sa.text("0"), nullable=False),
        _string("next_attempt_at", 32),
        sa.Column("last_error", sa.Text(), nullable=True),
        _string("delivered_at", 32, nullable=True),
        sa.Column("dead", sa.Boolean(name="outbox_dead"), server_default=sa.false(), nullable=False),
        _string("dropped_at", 32, nullable=True, comment="a person decided that it is not sent"),
        sa.ForeignKeyConstraint(["document"], ["document.sha256"]),
        sa.PrimaryKeyConstraint("id"),
    )
    not_taken, opened = sa.text("delivered_at IS NULL"), sa.text("delivered_at IS NULL AND dropped_at IS NULL")
    in_line = opened & (sa.column("dead") == sa.false()) & sa.text("refusals = 0")
    _partial_index("outbox_waiting", "outbox", ["destination", "id"], in_line)
    _partial_index("outbox_refused", "outbox", ["destination", "arc"], opened & sa.text("refusals > 0"))
    _partial_index("outbox_dropped", "outbox", ["id"], not_taken & sa.text("dropped_at IS NOT NULL"))


def _certificate() -> None:
    op.create_table(
        "certificate",
        _string("fingerprint", 64),
        _string("holder", 20, comment="a SEED number, an office, or an administration"),
        _string("believed_from", 32),
        _string("believed_until", 32, nullable=True, comment="not included; nothing: as long as nobody ends it"),
        _string("replaced_by", 64, nullable=True, comment="the fingerprint of what took its place"),
        sa.Column("pem", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", "holder", "believed_from"),
    )
    op.create_index("certificate_by_holder", "certificate", ["holder"])


def _inbox_identity() -> None:
    op.create_table(
        "inbox_identity",
        _string("sender", 20),
        _string("identifier", 44),
        _digest("sha256"),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sender", "identifier"),
        sqlite_with_rowid=False,
    )


def _mailbox() -> None:
    op.create_table(
        "mailbox",
        _string("name", 20),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        _digest("head", comment="of the hash chain over its messages"),
        sa.PrimaryKeyConstraint("name"),
    )


def _movement() -> None:
    op.create_table(
        "movement",
        _string("arc", 21),
        _string("side", 11),
        _string("state", 3),
        sa.Column("sequence", sa.Integer(), nullable=False),
        _string("lrn", 22),
        _string("consignor", 13),
        _string("consignee", 16),
        _string("delivery_place", 16, nullable=True),
        _string("destination_type", 2),
        _string("destination_state", 2),
        _string("dispatched_at", 32),
        _string("limit_at", 32),
        sa.Column("lines", sa.Text(), nullable=False),
        _string("initial_consignee", 16, nullable=True),
        _string("transport_mode", 2, nullable=True),
        _string("guarantor", 5, nullable=True),
        sa.Column("report", sa.Text(), nullable=True, comment="days of the report of this version: arrived, due, made"),
        _string("journey_stage", 8, comment="of the timer that ends at limit_at"),
        _string("change_at", 32, nullable=True, comment="when a destination must be given"),
        _string("change_stage", 8, nullable=True),
        sa.Column("questioned", sa.Boolean(name="movement_questioned"), nullable=False),
        _string("last_message", 5),
        sa.Column(
            "versions", sa.Text(), nullable=True, comment="those that changes of destination replaced, oldest first"
        ),
        _string("clock_at", 32, nullable=True, comment="when a clock of the movement ends"),
        _string("changed_at", 32),
        sa.Column("acts", sa.Integer(), nullable=False, comment="how many lines its log has"),
        _digest("log", comment="head of the hash chain over them"),
        sa.PrimaryKeyConstraint("arc", "side"),
        sqlite_with_rowid=False,
    )
    _movement_indexes()


def _movement_indexes() -> None:
    op.create_index("movement_by_clock", "movement", ["clock_at"])
    op.create_index("movement_by_consignee", "movement", ["consignee"])
    at_dispatch = sa.text("side = 'dispatch'")
    _partial_index("movement_by_lrn", "movement", ["consignor", "lrn"], at_dispatch)
    _partial_index("movement_in_state_of_consignor", "movement", ["consignor", "state", "arc"], at_dispatch)
    at_destination = sa.text("side = 'destination'")
    _partial_index("movement_in_state_of_consignee", "movement", ["consignee", "state", "arc"], at_destination)
    _partial_index("movement_of_consignor", "movement", ["consignor", "arc"], at_dispatch)
    day = sa.text("substr(limit_at, 1, 10)")
    _partial_index("movement_due_of_consignor", "movement", ["consignor", day], at_dispatch)
    _partial_index("movement_due_of_consignee", "movement", ["consignee", day], at_destination)
    changed = sa.text("initial_consignee IS NOT NULL")
    _partial_index("movement_by_initial_consignee", "movement", ["initial_consignee"], changed)


def _movement_log() -> None:
    op.create_table(
        "movement_log",
        _string("mailbox", 20),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="place on this side of the movement, from 1"),
        _string("side", 11),
        sa.Column("at", sa.BigInteger(), nullable=False),
        _string("trigger", 30, comment="what happened"),
        _string("effect", 10, comment="what that did"),
        _string("before", 3, comment="state"),
        _string("after", 3),
        sa.Column("sequence", sa.Integer(), nullable=False),
        *_timer("journey"),
        *_timer("change", nullable=True),
        sa.Column("waited", sa.Boolean(name="movement_log_waited"), nullable=False),
        _string("rule", 10, nullable=True, comment="of the first fault of what was refused"),
        sa.Column("notes", sa.LargeBinary(length=32), nullable=True, comment=NOTES),
        sa.PrimaryKeyConstraint("mailbox", "seq"),
        sqlite_with_rowid=False,
    )


def _undecided() -> None:
    op.create_table(
        "undecided",
        _string("reference", 16),
        _string("at", 32, comment="when it came"),
        _string("door", 14),
        _string("signer", 20, comment="the first of those for whom it is signed"),
        _string("sender", 20),
        _string("identifier", 44),
        _string("type", 40),
        _string("arc", 21, nullable=True),
        _digest("sha256"),
        sa.Column("body", sa.LargeBinary(), nullable=True, comment="zstd of the bytes; nothing once it is decided"),
        _string("fingerprint", 64),
        sa.Column("reason", sa.Text(), nullable=False, comment="the defect"),
        _string("decided_at", 32, nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("dropped", sa.Text(), nullable=True, comment="why a person gave it up"),
        sa.PrimaryKeyConstraint("reference"),
    )
    _partial_index("undecided_waiting", "undecided", ["signer", "identifier"], sa.text("decided_at IS NULL"))


def _operator() -> None:
    op.create_table(
        "operator",
        _string("seed", 13),
        _string("valid_from", 10),
        _string("valid_to", 10, nullable=True),
        _string("operator_type", 40),
        _string("name", 182),
        _string("office", 8),
        sa.Column("products", sa.Text(), nullable=False),
        sa.Column("categories", sa.Text(), nullable=False),
        sa.Column("temporary", sa.Text(), nullable=True),
        _string("counterparty", 13, nullable=True, comment="whom a temporary authorisation names"),
        sa.Column("address", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seed", "valid_from"),
    )
    op.create_index(op.f("ix_operator_counterparty"), "operator", ["counterparty"])


def _office() -> None:
    op.create_table(
        "office",
        _string("reference", 8),
        sa.Column("name", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("reference"),
    )


def _report() -> None:
    op.create_table(
        "report",
        _string("arc", 21),
        _string("number", 16, comment="of an event report or a control report"),
        sa.PrimaryKeyConstraint("arc", "number"),
        sqlite_with_rowid=False,
    )


def _peer() -> None:
    op.create_table(
        "peer",
        _string("address", 9),
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
        _string("at", 32),
        _string("channel", 20),
        _string("client", 64),
        sa.Column("reason", sa.Text(), nullable=False),
        _digest("sha256"),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def _token() -> None:
    op.create_table(
        "token",
        _digest("sha256"),
        _string("seed", 20),
        _string("issued_at", 32),
        _string("revoked_at", 32, nullable=True),
        sa.PrimaryKeyConstraint("sha256"),
    )


def _held() -> None:
    op.create_table(
        "held",
        sa.Column("id", sa.Integer(), nullable=False),
        _string("arc", 21),
        _string("held_at", 32),
        _string("due", 32),
        _string("destination", 9),
        _string("identifier", 44),
        _digest("document"),
        sa.Column("entries", sa.Text(), nullable=False, comment="the mailbox rows to make when it is released"),
        _string("released_at", 32, nullable=True),
        sa.Column("released_by", sa.Text(), nullable=True, comment="who released it; nobody when its time had come"),
        sa.ForeignKeyConstraint(["document"], ["document.sha256"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_held_arc"), "held", ["arc"])
    _partial_index("held_waiting", "held", ["due"], sa.text("released_at IS NULL"))


def _message() -> None:
    op.create_table(
        "message",
        _string("mailbox", 20),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        _string("direction", 3),
        _string("type", 40),
        _string("identifier", 44),
        _string("correlation", 44, nullable=True),
        _string("arc", 21, nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=True),
        _string("outcome", 10),
        _digest("document"),
        _string("recorded_at", 32),
        _digest("movement", nullable=True, comment="digest of the movement's row as this transaction has left it"),
        _string("acknowledged_at", 32, nullable=True),
        sa.ForeignKeyConstraint(["document"], ["document.sha256"]),
        sa.PrimaryKeyConstraint("mailbox", "seq"),
        sqlite_with_rowid=False,
    )
    op.create_index("message_by_arc", "message", ["arc"])
    refused = sa.text("direction = 'in' AND outcome = 'refused'")
    _partial_index("message_refused", "message", ["mailbox", "recorded_at"], refused)
    unread = sa.text("direction = 'out' AND acknowledged_at IS NULL")
    _partial_index("message_unread", "message", ["mailbox", "seq"], unread)
    rare = sa.text("type NOT IN ('IE801', 'IE815', 'IE818')")
    _partial_index("message_of_rare_type", "message", ["mailbox", "type", "seq"], rare)


def _attempt() -> None:
    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("outbox_id", sa.Integer(), nullable=False),
        _string("at", 32),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_attempt_outbox_id"), "attempt", ["outbox_id"])


def _parked() -> None:
    op.create_table(
        "parked",
        _string("mailbox", 20),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        _string("arc", 21),
        _digest("document"),
        _string("until", 32),
        sa.ForeignKeyConstraint(["document"], ["document.sha256"]),
        sa.PrimaryKeyConstraint("mailbox", "seq"),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("parked", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_parked_arc"), ["arc"])
        batch_op.create_index(batch_op.f("ix_parked_until"), ["until"])
