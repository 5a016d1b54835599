"""Batches: files of rows that a trader hands in, what became of each document in them, and its SAAD list.

What is written by the doors and read by the worker, and the other way round; :mod:`esad_gateway.store.batches` and
:mod:`esad_gateway.store.saad` keep it.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, Final, Protocol

from esad_gateway.ais.saad.record import SaadEntry, SaadRecord
from esad_gateway.faults import Faults, Said
from esad_gateway.frozen import frozen

BATCH_FILE: Final = "file"
"""What the file of a batch is called in the folder of its number; what its sender calls it names no file here."""

LARGEST_FILE: Final = 1024 * 1024 * 1024
"""Bytes that the file of a batch may have."""

LARGEST_SIGNED: Final = 64 * 1024 * 1024
"""Bytes that a file may have that is signed: to be verified it is held in memory."""


class Mode(StrEnum):
    """What happens to the good documents of a batch in which others are refused."""

    ROWS = "rows"
    """Each document stands for itself."""
    WHOLE = "whole"
    """All or nothing: none is entered or submitted while one is refused, by whatever would refuse it.

    Few dispatches are submitted at once; of more, an ARC that is given stays, though others are refused by what
    somebody changed since they were judged.
    """


class BatchState(StrEnum):
    """How far a batch has come."""

    WAITING = "waiting"
    """On disk; nobody has begun to read it."""
    CHECKING = "checking"
    """All or nothing: it is read and judged, and nothing of it is visible."""
    WORKING = "working"
    """Its documents are entered or submitted."""
    ENDED = "ended"
    """Every document has its outcome."""
    UNREADABLE = "unreadable"
    """The file cannot be read to its end; what was read before has its outcome."""
    STOPPED = "stopped"
    """A defect, or too many failures: it goes on when somebody says so."""
    WITHDRAWING = "withdrawing"
    """What it entered is being withdrawn."""
    WITHDRAWN = "withdrawn"


class RowOutcome(StrEnum):
    """What became of a document of a batch, and so of all its rows."""

    WAITING = "waiting"
    """Good so far: a draft that was signed and not submitted yet, or all or nothing while others are judged."""
    TAKEN = "taken"
    UNCHANGED = "unchanged"
    """The same stands there already, from before."""
    CORRECTED = "corrected"
    REFUSED = "refused"
    UNDECIDED = "undecided"
    """A dispatch that is kept and could not be decided by a defect of ours: its answer will be in the mailbox."""
    LEFT = "left"
    """All or nothing: good, and not taken because another one was refused; or not reached before the withdrawal."""
    WITHDRAWN = "withdrawn"


@frozen(kw_only=True)
class Upload:
    """A file as its sender hands it in.

    ``kind`` is what its rows are (``saad``, ``mvv``, ``dispatch``). ``declared`` says how it is to be read, as texts by
    name: ``format``, ``encoding``, ``delimiter``, ``sheet``, ``mapping`` (a mapping file), ``language`` (that of
    its answers). ``key`` is the Idempotency-Key, ``signature`` a detached signature of the file.
    """

    trader: str
    kind: str
    mode: Mode = Mode.ROWS
    name: str
    declared: Mapping[str, str] = field(default_factory=dict)
    key: str | None = None
    signature: bytes | None = None


@frozen(kw_only=True)
class Batch:
    """A batch as its trader sees it.

    ``sha256`` and ``signer`` (the fingerprint of the certificate, ``None`` for a file without a signature) are
    hexadecimal. ``documents`` have an outcome, which are ``rows_done`` of about ``estimate`` rows (``None`` as long
    as nobody knows). ``told`` is what the file was taken for, ``remarks`` what was noticed in it. ``faults`` are
    those of the file as a whole, ``reason`` why it stopped. ``file_removed_at`` says since when its file is not kept
    any more. Moments are aware.
    """

    id: str
    trader: str
    kind: str
    mode: Mode
    state: BatchState
    name: str
    sha256: str
    size: int
    declared: Mapping[str, str]
    signed_beside: bool
    signer: str | None
    received_at: datetime
    estimate: int | None
    documents: int
    rows_done: int
    counts: Mapping[RowOutcome, int]
    told: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[Said, ...] = ()
    faults: Faults = ()
    reason: Said | None = None
    tries: int = 0
    ended_at: datetime | None = None
    withdrawn_at: datetime | None = None
    file_removed_at: datetime | None = None


@frozen(kw_only=True)
class BatchRow:
    """A document of a batch, with all its ``rows`` (as a spreadsheet or an editor numbers them), and what became of it.

    ``number`` counts the documents of the batch from 1; ``document`` is what it is called, as it was written, and
    ``key`` what makes it the same document elsewhere, however that was written; ``content`` is the digest of what the
    document says. ``record`` is the one of the SAAD list with its ``version``; ``arc`` and ``identifier`` (of its
    IE815) are those of a dispatch. ``said`` is what else is to be said: why it was left, why it cannot be withdrawn.
    """

    number: int
    rows: tuple[int, ...]
    key: str
    document: str
    content: bytes
    outcome: RowOutcome
    record: str | None = None
    version: int | None = None
    arc: str | None = None
    identifier: str | None = None
    faults: Faults = ()
    said: Said | None = None


@frozen(kw_only=True)
class RowQuery:
    """Which documents of a batch a page shows: those after a number, of an outcome; in the order of the file."""

    after: int = 0
    outcome: RowOutcome | None = None
    limit: int = 200


@frozen(kw_only=True)
class BatchQuery:
    """Which batches of a trader a page shows: those older than one (an id), of a kind, in a state; the newest first."""

    before: str | None = None
    kind: str | None = None
    state: BatchState | None = None
    limit: int = 50


class Arriving(Protocol):
    """A file that is arriving: it is gone unless it is taken."""

    def write(self, piece: bytes) -> None:
        """Add what came. Raises TooLarge beyond :data:`LARGEST_FILE`, and StoreUnavailable when the disk is full."""


class BatchDesk(Protocol):
    """Where batches are handed in and asked for, each by its own trader; a foreign one does not exist (NotFound)."""

    def receiving(self) -> AbstractContextManager[Arriving]:
        """A new file; on leaving it is removed unless it was taken. Raises StoreUnavailable."""

    def take(self, arriving: Arriving, upload: Upload) -> tuple[Batch, bool]:
        """Put the file on disk and commit its batch; then a worker begins. Whether it was handed in before as well.

        Before that it is verified where it is signed. Raises SignatureRefused, SignerNotAllowed, MalformedXml and
        TooLarge, KeyReused for a key that was used for another file, and StoreUnavailable: then nothing was taken.
        """

    def batch(self, trader: str, number: str) -> Batch:
        """A batch by its id. Raises NotFound."""

    def batches(self, trader: str, query: BatchQuery) -> Sequence[Batch]:
        """Those of a trader, the newest first. Raises NotFound for ``before``."""

    def rows(self, trader: str, number: str, query: RowQuery) -> Sequence[BatchRow]:
        """Documents of a batch. Raises NotFound."""

    def file(self, trader: str, number: str) -> Path:
        """Where the file lies, for whoever reads it again. Raises NotFound, and FileRemoved when it is not kept."""

    def waiting(self, trader: str) -> tuple[int, int]:
        """How many batches of a trader have something to do, and how many bytes their files have."""

    def withdraw(self, trader: str, number: str) -> Batch:
        """Have what a batch entered withdrawn; once more changes nothing. What has an ARC stays. Raises NotFound."""

    def resume(self, trader: str, number: str) -> Batch:
        """Let a batch that was stopped go on; any other one goes on as it was. Raises NotFound."""


class Corrections(Protocol):
    """Where the rows of a batch that are to be mended come from."""

    def write(self, batch: Batch, to: BinaryIO) -> str:
        """Write the refused rows as a file like the one that was handed in; the ending of its name.

        Raises FileRemoved when that one is not kept any more, and Unreadable when it cannot be read at all.
        """


@frozen(kw_only=True)
class KeptRecord:
    """A version of a record of the SAAD list as it is kept.

    ``id`` is the same for all versions of a record. ``number`` counts all versions of all records of the trader.
    ``batch`` and ``batch_number`` say which document of which batch brought it; one that was entered alone has none.
    """

    id: str
    trader: str
    number: int
    record: SaadRecord
    batch: str | None = None
    batch_number: int | None = None


@frozen(kw_only=True)
class SaadQuery:
    """Which records of a trader to show, as they stand now, after a ``number``; by status, source, document or day."""

    after: int = 0
    status: str | None = None
    late: bool | None = None
    source: str | None = None
    document: str | None = None
    received_from: str | None = None
    received_to: str | None = None
    limit: int = 200


@frozen(kw_only=True)
class SaadAnswer:
    """What came of an entry or a withdrawal: ``taken``, ``corrected``, ``unchanged``, ``withdrawn`` or ``refused``.

    ``said`` is what else is to be said: that a withdrawn record was entered again.
    """

    outcome: RowOutcome
    record: KeptRecord | None = None
    faults: Faults = ()
    said: Said | None = None


class SaadDesk(Protocol):
    """The SAAD list of each trader: entered one by one, listed, corrected and withdrawn."""

    def enter(self, trader: str, entry: SaadEntry) -> SaadAnswer:
        """Enter a receipt; the same document entered again is a correction, or unchanged. Raises StoreUnavailable."""

    def correct(self, trader: str, record: str, entry: SaadEntry, made_from: int | None = None) -> SaadAnswer:
        """Enter a record anew, which has to be about the same document; a withdrawn one then stands again.

        Where the version is said that it was ``made_from``, it is refused when another one stands. Raises NotFound.
        """

    def withdraw(self, trader: str, record: str, made_from: int | None = None) -> SaadAnswer:
        """Withdraw a record by a new version; refused when another one stands than was seen. Raises NotFound."""

    def records(self, trader: str, query: SaadQuery) -> Sequence[KeptRecord]:
        """The records of a trader as they stand now, in the order in which their last versions came."""

    def every(self, trader: str, query: SaadQuery) -> Iterator[KeptRecord]:
        """All of them, page by page, for an export; ``limit`` is how many are read at once."""

    def versions(self, trader: str, record: str) -> Sequence[KeptRecord]:
        """All versions of a record, the oldest first. Raises NotFound."""
