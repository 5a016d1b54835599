"""The tables of batches, and of the records that traders enter about goods received without an e-SAD (SAAD list).

Beside :mod:`esad_gateway.store.tables`, and in the same metadata; ``migrations/`` makes them all.
"""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, MetaData, String, Table, Text, text

from esad_gateway.store.database import partial_index

metadata = MetaData()
"""Of all tables, those in :mod:`esad_gateway.store.tables` as well."""

AT_WORK = text("state IN ('waiting', 'checking', 'working', 'withdrawing')")
"""What the index of batches with something to do holds; word for word the same where it is asked."""

WITH_FILE = text("file_removed_at IS NULL AND state IN ('ended', 'unreadable', 'withdrawn')")
"""What the index of batches holds that have ended and have their file yet; word for word the same where it is asked."""

SUBMITTED = text("arc IS NOT NULL")
"""What the index of dispatches holds that have an ARC. Asked word for word as well."""

# The file of a batch lies beside the store, in the folder of its number.
batch = Table(
    "batch",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("trader", String(13), nullable=False, comment="whose batch it is"),
    Column("kind", String(8), nullable=False),
    Column("mode", String(5), nullable=False, comment="row by row, or all of it or nothing"),
    Column("state", String(11), nullable=False),
    Column("name", Text, nullable=False, comment="of the file, as its sender calls it"),
    Column("sha256", LargeBinary(32), nullable=False, comment="of the file"),
    Column("size", BigInteger, nullable=False, comment="of the file in bytes"),
    Column("declared", Text, nullable=False, comment="what its sender says of it: format, encoding, mapping"),
    Column("idempotency_key", String(255)),
    Column("signature", LargeBinary, comment="the signature beside the file, if it came with one"),
    Column("signer", String(64), comment="fingerprint of the certificate by which the file is signed"),
    Column("received_at", String(32), nullable=False),
    Column("estimate", Integer, comment="about how many rows the file has, as far as that is cheap to tell"),
    Column("documents", Integer, nullable=False, comment="how many documents of it were read and have a row"),
    Column("rows_done", Integer, nullable=False, comment="how many rows of the file these are"),
    Column("counts", Text, nullable=False, comment="how many of them have which outcome"),
    Column("told", Text, comment="what the file was taken for, and what was noticed"),
    Column("faults", Text, comment="why the file as a whole cannot be read"),
    Column("reason", Text, comment="the defect, or what stopped it"),
    Column("tries", Integer, nullable=False, comment="how often a worker began on it and came no further"),
    Column("ended_at", String(32)),
    Column("withdrawn_at", String(32), comment="when its withdrawal was asked for"),
    Column("file_removed_at", String(32), comment="when its file was removed, which was kept long enough"),
    Index("batch_of_trader", "trader", "received_at", "id"),
    partial_index("batch_by_key", "trader", "idempotency_key", where=text("idempotency_key IS NOT NULL")),
    partial_index("batch_at_work", "received_at", "id", where=AT_WORK),
    partial_index("batch_with_file", "trader", "ended_at", "id", where=WITH_FILE),
)

batch_row = Table(
    "batch_row",
    metadata,
    Column("batch", String(32), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False, comment="which document it is, from 1"),
    Column("rows", Text, nullable=False, comment="where it stands in the file"),
    Column("trader", String(13), nullable=False),
    Column("key", Text, nullable=False, comment="what makes it the same document elsewhere"),
    Column("document", Text, nullable=False, comment="what it is called, as it was written"),
    Column("content", LargeBinary(32), nullable=False, comment="digest of what it says"),
    Column("outcome", String(9), nullable=False),
    Column("record", String(20), comment="of the SAAD list"),
    Column("version", Integer, comment="of that record"),
    Column("arc", String(21)),
    Column("identifier", String(44), comment="of the message that was submitted"),
    Column("signed", LargeBinary, comment="zstd of the signed draft, until it was submitted"),
    Column("faults", Text),
    Column("said", Text, comment="what else is to be said of it"),
    Index("batch_row_by_outcome", "batch", "outcome", "number"),
    partial_index("batch_row_submitted", "trader", "key", where=SUBMITTED),
    sqlite_with_rowid=False,
)

# A version is never changed. The versions of all records of a trader are bound in one chain, in the order of their
# entry; its head stands in the book.
saad_record = Table(
    "saad_record",
    metadata,
    Column("trader", String(13), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False, comment="place in the trader's book, from 1"),
    Column("id", String(20), nullable=False),
    Column("version", Integer, nullable=False, comment="of the record with that id, from 1"),
    Column("source", String(8), nullable=False),
    Column("document", Text, nullable=False),
    Column("status", String(9), nullable=False),
    Column("late", Boolean(name="saad_record_late"), nullable=False),
    Column("received", String(10), nullable=False),
    Column("due", String(10), nullable=False),
    Column("since", String(32), nullable=False, comment="when the receipt was entered first"),
    Column("entered_at", String(32), nullable=False, comment="when this version was"),
    Column("entry", Text, nullable=False),
    Column("content", LargeBinary(32), nullable=False, comment="digest of the entry"),
    Column("batch", String(32), comment="that brought it, as its document of that number"),
    Column("batch_number", Integer),
    Index("saad_record_version", "id", "version", unique=True),
    sqlite_with_rowid=False,
)

saad_book = Table(
    "saad_book",
    metadata,
    Column("trader", String(13), primary_key=True),
    Column("last_number", Integer, nullable=False),
    Column("head", LargeBinary(32), nullable=False, comment="of the hash chain over the versions"),
)
