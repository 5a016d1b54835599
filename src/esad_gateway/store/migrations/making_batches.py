"""The tables that migrations make for batches and for the SAAD list."""

import sqlalchemy as sa
from alembic import op

from esad_gateway.store.migrations.making import digest, partial_index, string


def batches() -> None:
    """Batches, and their documents."""
    _batch()
    _batch_row()


def _batch() -> None:
    op.create_table(
        "batch",
        string("id", 32),
        string("trader", 13, comment="whose batch it is"),
        string("kind", 8),
        string("mode", 5, comment="row by row, or all of it or nothing"),
        string("state", 11),
        _text("name", comment="of the file, as its sender calls it"),
        digest("sha256", comment="of the file"),
        sa.Column("size", sa.BigInteger(), nullable=False, comment="of the file in bytes"),
        _text("declared", comment="what its sender says of it: format, encoding, mapping"),
        string("idempotency_key", 255, nullable=True),
        sa.Column("signature", sa.LargeBinary(), comment="the signature beside the file, if it came with one"),
        string("signer", 64, nullable=True, comment="fingerprint of the certificate by which the file is signed"),
        string("received_at", 32),
        sa.Column(
            "estimate", sa.Integer(), comment="about how many rows the file has, as far as that is cheap to tell"
        ),
        _count("documents", comment="how many documents of it were read and have a row"),
        _count("rows_done", comment="how many rows of the file these are"),
        _text("counts", comment="how many of them have which outcome"),
        _text("told", nullable=True, comment="what the file was taken for, and what was noticed"),
        _text("faults", nullable=True, comment="why the file as a whole cannot be read"),
        _text("reason", nullable=True, comment="the defect, or what stopped it"),
        _count("tries", comment="how often a worker began on it and came no further"),
        string("ended_at", 32, nullable=True),
        string("withdrawn_at", 32, nullable=True, comment="when its withdrawal was asked for"),
        string("file_removed_at", 32, nullable=True, comment="when its file was removed, which was kept long enough"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("batch_of_trader", "batch", ["trader", "received_at", "id"])
    named = sa.text("idempotency_key IS NOT NULL")
    partial_index("batch_by_key", "batch", ["trader", "idempotency_key"], named)
    at_work = sa.text("state IN ('waiting', 'checking', 'working', 'withdrawing')")
    partial_index("batch_at_work", "batch", ["received_at", "id"], at_work)
    with_file = sa.text("file_removed_at IS NULL AND state IN ('ended', 'unreadable', 'withdrawn')")
    partial_index("batch_with_file", "batch", ["trader", "ended_at", "id"], with_file)


def _batch_row() -> None:
    op.create_table(
        "batch_row",
        string("batch", 32),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False, comment="which document it is, from 1"),
        _text("rows", comment="where it stands in the file"),
        string("trader", 13),
        _text("key", comment="what makes it the same document elsewhere"),
        _text("document", comment="what it is called, as it was written"),
        digest("content", comment="digest of what it says"),
        string("outcome", 9),
        string("record", 20, nullable=True, comment="of the SAAD list"),
        sa.Column("version", sa.Integer(), comment="of that record"),
        string("arc", 21, nullable=True),
        string("identifier", 44, nullable=True, comment="of the message that was submitted"),
        sa.Column("signed", sa.LargeBinary(), comment="zstd of the signed draft, until it was submitted"),
        _text("faults", nullable=True),
        _text("said", nullable=True, comment="what else is to be said of it"),
        sa.PrimaryKeyConstraint("batch", "number"),
        sqlite_with_rowid=False,
    )
    op.create_index("batch_row_by_outcome", "batch_row", ["batch", "outcome", "number"])
    partial_index("batch_row_submitted", "batch_row", ["trader", "key"], sa.text("arc IS NOT NULL"))


def saad() -> None:
    """Every version of the records of the SAAD list, and the book of each trader."""
    op.create_table(
        "saad_record",
        string("trader", 13),
        sa.Column(
            "number", sa.Integer(), autoincrement=False, nullable=False, comment="place in the trader's book, from 1"
        ),
        string("id", 20),
        _count("version", comment="of the record with that id, from 1"),
        string("source", 8),
        _text("document"),
        string("status", 9),
        sa.Column("late", sa.Boolean(name="saad_record_late"), nullable=False),
        string("received", 10),
        string("due", 10),
        string("since", 32, comment="when the receipt was entered first"),
        string("entered_at", 32, comment="when this version was"),
        _text("entry"),
        digest("content", comment="digest of the entry"),
        string("batch", 32, nullable=True, comment="that brought it, as its document of that number"),
        sa.Column("batch_number", sa.Integer()),
        sa.PrimaryKeyConstraint("trader", "number"),
        sqlite_with_rowid=False,
    )
    op.create_index("saad_record_version", "saad_record", ["id", "version"], unique=True)
    op.create_table(
        "saad_book",
        string("trader", 13),
        _count("last_number"),
        digest("head", comment="of the hash chain over the versions"),
        sa.PrimaryKeyConstraint("trader"),
    )


def _count(name: str, *, comment: str | None = None) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False, comment=comment)


def _text(name: str, *, nullable: bool = False, comment: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable, comment=comment)
