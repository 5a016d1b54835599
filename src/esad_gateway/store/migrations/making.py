"""What migrations share, and the tables that they make for national law."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op


def partial_index(
    name: str, table: str, columns: Sequence[str | sa.TextClause], where: sa.ColumnElement[bool] | sa.TextClause
) -> None:
    """An index of the rows for which ``where`` holds."""
    op.create_index(name, table, list(columns), sqlite_where=where, postgresql_where=where)


def string(name: str, length: int, *, nullable: bool = False, comment: str | None = None) -> sa.Column[str]:
    """A column of texts up to a length."""
    return sa.Column(name, sa.String(length=length), nullable=nullable, comment=comment)


def digest(name: str, *, nullable: bool = False, comment: str | None = None) -> sa.Column[bytes]:
    """A column of SHA-256 digests."""
    return sa.Column(name, sa.LargeBinary(length=32), nullable=nullable, comment=comment)


def half_digest(name: str, *, comment: str) -> sa.Column[bytes]:
    """A column of the first halves of SHA-256 digests, for what is repeated often."""
    return sa.Column(name, sa.LargeBinary(length=16), nullable=False, comment=comment)


def timer(name: str, *, nullable: bool = False) -> tuple[sa.Column[int], sa.Column[str]]:
    """The columns of a clock in a log: when it ends, in microseconds since 1970, and what it waits for."""
    return sa.Column(f"{name}_at", sa.BigInteger(), nullable=nullable), string(f"{name}_stage", 8, nullable=nullable)


def used_envelopes() -> None:
    """Signed envelopes that were used."""
    op.create_table(
        "used_envelope",
        digest("sha256", comment="of what was signed, and with which certificate"),
        string("until", 32, comment="from when on it is too old anyway"),
        sa.PrimaryKeyConstraint("sha256"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_used_envelope_until", "used_envelope", ["until"])


def carried() -> None:
    """Signers with the certificates that their documents carry."""
    op.create_table(
        "carried",
        half_digest("sha256", comment="of the other two, its first half"),
        string("fingerprint", 64, comment="of the signer's certificate"),
        sa.Column("text", sa.LargeBinary(), nullable=False, comment="the certificates as they stand in documents"),
        sa.PrimaryKeyConstraint("sha256"),
    )


def deliveries() -> None:
    """Who delivers to whom, and since when anybody does."""
    op.create_table(
        "delivery_claim",
        string("destination", 9),
        string("holder", 64, comment="the process that alone delivers to it"),
        string("until", 32),
        sa.PrimaryKeyConstraint("destination"),
    )
    op.create_table(
        "delivery_start",
        sa.Column("id", sa.Integer(), nullable=False),
        string("at", 32, comment="a gateway began to deliver: the store could be written"),
        sa.PrimaryKeyConstraint("id"),
    )


def stopped() -> None:
    """Clocks and parked messages that a defect has stopped."""
    op.create_table(
        "stopped",
        string("arc", 21),
        string("mailbox", 20, comment="of a parked message; a clock has none"),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        string("at", 32, comment="when its time ends"),
        string("since", 32),
        sa.Column("reason", sa.Text(), nullable=False, comment="the defect"),
        string("build", 12, comment="of the program that has the defect"),
        string("decided_at", 32, nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("arc", "mailbox", "seq"),
        sqlite_with_rowid=False,
    )


NOTES = "digest of what national law has noted of it"


def notes() -> None:
    """The notes of national law."""
    op.create_table(
        "note",
        sa.Column("id", sa.Integer(), nullable=False),
        string("kind", 40, comment="what national law calls it"),
        string("subject", 64, comment="about whom, as the law counts"),
        string("arc", 21),
        string("side", 11, comment="on which side of the movement the message acted"),
        string("mailbox", 20, comment="the message that led to it"),
        sa.Column("seq", sa.Integer(), nullable=False),
        string("noted_at", 32),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("note_by_subject", "note", ["kind", "subject"])
    op.create_index("note_by_arc", "note", ["arc"])
