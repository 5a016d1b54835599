"""What no checkpoint vouches for, proved from the documents: signatures, the columns beside them, and movements."""

import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from functools import lru_cache, partial
from itertools import groupby, islice
from pathlib import Path
from typing import Any, Final, NamedTuple

from lxml import etree
from sqlalchemy import Connection, bindparam, literal_column, select

from esad_gateway.audit.belief import Anybody, Use
from esad_gateway.audit.filed import Filed
from esad_gateway.audit.findings import movement, placed, why
from esad_gateway.audit.held import HeldRow, kept
from esad_gateway.audit.notes import Asked, noted_before
from esad_gateway.audit.processes import spread
from esad_gateway.audit.rebuilt import Kept, sides_of
from esad_gateway.audit.replay import Event, Hold, Profiles, Replay
from esad_gateway.data_directory import DataDirectory
from esad_gateway.emcs.messages import Message
from esad_gateway.emcs.messages.subject import movement_of
from esad_gateway.errors import MalformedXml, SignatureRefused, StoreDamaged, TooLarge
from esad_gateway.faults import Said, Value, listed, said
from esad_gateway.ports.reading import Entry, Noted, Outcome
from esad_gateway.settings import Settings
from esad_gateway.signing.steps import Step
from esad_gateway.signing.verifier import Verifier
from esad_gateway.store import tables
from esad_gateway.store.database import opened_again, reading
from esad_gateway.store.documents import BODY, SIGNER
from esad_gateway.store.effects import note_rows
from esad_gateway.store.movement_log import log_lines
from esad_gateway.store.packing import unpack
from esad_gateway.store.rows import moment, receipt_of
from esad_gateway.xml.binding import read, release_in
from esad_gateway.xml.parse import parse

_message = tables.message.c
_document = tables.document.c
_identity = tables.inbox_identity.c

_ARCS: Final = 200
_BELIEF: Final = frozenset({Step.USAGE, Step.CHAIN, Step.VALIDITY, Step.REVOCATION})
"""The steps that ask whether a certificate is believed; the others are between the document and its certificate."""


_FILED = (
    select(
        *(_message[column.name] for column in fields(Entry)),
        _message.recorded_at,
        *BODY,
        SIGNER,
        _document.mailbox.label("received_by"),
        _identity.receipt,
    )
    .join(tables.document, _document.sha256 == _message.document)
    .join(tables.carried)
    .outerjoin(
        tables.inbox_identity,
        (_message.direction == "in")
        & (_identity.sender == _message.mailbox)
        & (_identity.identifier == _message.identifier),
    )
)
# Documents are added as they were taken and made, and SQLite keeps that order: moments may be the same.
_ABOUT = _FILED.where(_message.arc.in_(bindparam("arcs", expanding=True))).order_by(
    _message.arc, literal_column("document.rowid"), _message.direction
)
_ABOUT_NOTHING = _FILED.where(_message.arc.is_(None))


@dataclass(frozen=True, slots=True)
class Basis:
    """What proofs rest on: the data directory with its trust, our address, and the address of the ``database``.

    ``settings`` are texts with the moments from which they counted, the oldest first.
    """

    root: Path
    own: str
    settings: tuple[tuple[str, str], ...]
    database: str


@dataclass(slots=True)
class Proved:
    """What came of looking at documents: what is wrong, and who used which certificate when."""

    problems: list[Said] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)


class Written(NamedTuple):
    """The message in a document, and the release in which it is written."""

    message: Message
    release: str


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything that stands about one ARC (empty: about none): messages with documents, and the rows beside them."""

    arc: str
    filed: Sequence[Filed]
    movements: Sequence[dict[str, Any]] = ()
    held: Sequence[HeldRow] = ()
    reports: frozenset[str] = frozenset()
    parked: frozenset[tuple[str, int, str]] = frozenset()
    log: Sequence[dict[str, Any]] = ()
    notes: Sequence[dict[str, Any]] = ()

    @property
    def sides(self) -> set[str]:
        """The sides of which there is anything beside the messages."""
        return {row["side"] for row in (*self.movements, *self.notes)}

    def side(self, side: str) -> Kept:
        """What there is of one side."""
        row = next((row for row in self.movements if row["side"] == side), None)
        lines, notes = ([one for one in rows if one["side"] == side] for rows in (self.log, self.notes))
        return Kept(row, lines, notes)


def prove(connection: Connection, basis: Basis, arcs: Iterable[str], through: dict[str, int]) -> Iterator[Proved]:
    """Prove what stands about some ARCs, and about none where nobody vouches for it.

    ``through`` is, by mailbox, up to which number somebody vouches.
    """
    _bench.cache_clear()
    loose = (
        Dossier("", [filed])
        for filed in (
            Filed(**row) for row in connection.execution_options(yield_per=_ARCS).execute(_ABOUT_NOTHING).mappings()
        )
        if filed.seq > through.get(filed.mailbox, 0)
    )
    yield from spread(loose, partial(_proved, basis))
    yield from spread(dossiers(connection, arcs), partial(_proved, basis))


def dossiers(connection: Connection, arcs: Iterable[str]) -> Iterator[Dossier]:
    """What stands about each of some ARCs, in their order; nothing for one about which there is no message."""
    remaining = iter(sorted(arcs))
    while chunk := list(islice(remaining, _ARCS)):
        beside = _beside(connection, chunk)
        rows = (Filed(**row) for row in connection.execute(_ABOUT, {"arcs": chunk}).mappings())
        for arc, filed in groupby(rows, lambda one: one.arc or ""):
            movements, held, reports, parked, log, notes = beside[arc]
            yield Dossier(arc, list(filed), movements, held, frozenset(reports), frozenset(parked), log, notes)


def _beside(connection: Connection, arcs: Sequence[str]) -> Any:
    """For each ARC: rows of movements, what is or was held, numbers of reports, until when what waits, log, notes."""
    found: Any = defaultdict(lambda: ([], [], set(), set(), [], []))
    for row in connection.execute(select(tables.movement).where(tables.movement.c.arc.in_(arcs))).mappings():
        found[row["arc"]][0].append(dict(row))
    for held in kept(connection, arcs):
        found[held.arc][1].append(held)
    for report in connection.execute(select(tables.report).where(tables.report.c.arc.in_(arcs))):
        found[report.arc][2].add(report.number)
    for parked in connection.execute(select(tables.parked).where(tables.parked.c.arc.in_(arcs))):
        found[parked.arc][3].add((parked.mailbox, parked.seq, parked.until))
    for arc, line in log_lines(connection, arcs):
        found[arc][4].append(line)
    for note in note_rows(connection, arcs):
        found[note["arc"]][5].append(note)
    return found


def profiles_of(settings: Sequence[tuple[str, str]]) -> Profiles:
    """The national profile by which a gateway worked at a moment: before anything is known of it, the first.

    ``settings`` are texts with the moments from which they counted, the oldest first.
    """
    profiles = [(at, Settings.model_validate(tomllib.loads(text)).profile()) for at, text in settings]
    return lambda at: next((profile for since, profile in reversed(profiles) if since <= at), profiles[0][1])


class _Bench:
    """What a process needs for its proofs, made once."""

    def __init__(self, basis: Basis) -> None:
        self.own = basis.own
        self._strict = Verifier(DataDirectory(basis.root).load_trust(), None)
        self._lenient = Verifier(Anybody(()), None)
        self.profile = profiles_of(basis.settings)
        self._engine = opened_again(basis.database)

    def memory(self, asked: Asked) -> Sequence[Noted]:
        """What national law had noted of other movements; what was committed since the check began is later."""
        with reading(self._engine) as connection:
            return noted_before(connection, asked)

    def verified(self, body: bytes, at: datetime) -> tuple[etree._Element, str, Said | None]:
        """The payload, the certificate's fingerprint, and why it is not believed as of then, if it is not.

        Raises SignatureRefused where the signature does not fit the document.
        """
        try:
            signed = self._strict.verify(parse(body), at)
        except SignatureRefused as refusal:
            if refusal.step not in _BELIEF:
                raise
            signed = self._lenient.verify(parse(body), at)
            return signed.payload, signed.fingerprint, refusal.why
        return signed.payload, signed.fingerprint, None


_bench = lru_cache(maxsize=1)(_Bench)


def _proved(basis: Basis, dossiers: Sequence[Dossier]) -> list[Proved]:
    return [_prove(_bench(basis), dossier) for dossier in dossiers]


def _prove(bench: _Bench, dossier: Dossier) -> Proved:
    found = Proved()
    documents: dict[bytes, Written | None] = {}
    for one in dossier.held:
        found.problems += [placed(said("found.held", number=one.id), problem) for problem in one.problems]
    for filed in (*dossier.filed, *(filed for one in dossier.held for filed in one.filed)):
        if filed.document not in documents:
            documents[filed.document] = _document_of(bench, filed, found)
        written = documents[filed.document]
        found.problems += [placed(filed.place, problem) for problem in _beside_document(filed, written)]
    if dossier.arc:
        found.problems += _replayed(bench, dossier, documents)
        found.problems += _parked_until(bench, dossier)
    return found


def _document_of(bench: _Bench, filed: Filed, found: Proved) -> Written | None:
    """The message in a document, and its release, verified as of when it came; ``None`` where the schema refused it."""
    try:
        payload, fingerprint, doubt = bench.verified(
            unpack(filed.body, filed.certificates), datetime.fromisoformat(filed.recorded_at)
        )
    except (StoreDamaged, MalformedXml, TooLarge, SignatureRefused) as error:
        reason = error.why if isinstance(error, StoreDamaged) else error.what
        found.problems.append(placed(filed.place, said("found.proves_nothing", why=reason)))
        return None
    signer = filed.received_by or bench.own
    found.uses.append(Use(filed.place, fingerprint, signer, filed.recorded_at, doubt, filed.type))
    if fingerprint != filed.fingerprint:
        signed = said("found.signed_with", fingerprint=fingerprint, stored=str(filed.fingerprint))
        found.problems.append(placed(filed.place, signed))
    if etree.QName(payload).localname[:40] != filed.type:
        found.problems.append(placed(filed.place, said("found.other_type", type=filed.type)))
    try:
        return Written(read(payload), release_in(payload)[1:])
    except Exception as error:  # noqa: BLE001  what the schema refused may be anything
        if filed.outcome != Outcome.REFUSED:
            found.problems.append(placed(filed.place, said("found.document_unread", why=why(error))))
        return None


def _beside_document(filed: Filed, written: Written | None) -> Iterator[Said]:
    """Where a row says something else than its document. What the schema refused was not read for its columns."""
    if written is None or (filed.direction == "in" and filed.outcome == Outcome.REFUSED and filed.correlation is None):
        return
    header, named = written.message.header, movement_of(written.message)
    if filed.identifier != header.message_identifier:
        yield said("found.identifier", identifier=header.message_identifier)
    if filed.correlation != header.correlation_identifier:
        yield said("found.correlated", identifier=str(header.correlation_identifier))
    if named is not None and filed.arc != named.administrative_reference_code:
        yield said("found.about", arc=named.administrative_reference_code)
    ours = filed.received_by is None
    if ours and filed.sequence != (named.sequence_number if named else None):
        yield Said("found.about_other_version")


def _replayed(bench: _Bench, dossier: Dossier, documents: dict[bytes, Written | None]) -> Iterator[Said]:
    replay = Replay(dossier.arc, bench.own, bench.profile, bench.memory)
    try:
        replay.run(list(events_of(dossier.filed, documents)))
    except (LookupError, TypeError, ValueError, AttributeError, StoreDamaged) as error:
        yield placed(movement(dossier.arc), said("found.not_decided_again", why=why(error)))
        return
    yield from replay.problems
    yield from _misplaced(dossier.filed, replay.parties)
    rebuilt = sides_of(replay)
    for side, one in rebuilt.items():
        kept = dossier.side(side)
        told = [
            said("found.differs", what=what, there=_shown(there), made=_shown(made))
            for what, there, made in one.differences(kept)
        ]
        if told:
            gone = Said("found.side_gone") if kept.row is None else said("said.as_it_is", text=listed(told, "; "))
            yield placed(movement(dossier.arc, side), gone)
    sides = sorted(dossier.sides - rebuilt.keys())
    yield from (placed(movement(dossier.arc, side), Said("found.not_begun")) for side in sides)
    if replay.reports != dossier.reports:
        reports = said("found.reports", made=str(sorted(replay.reports)), kept=str(sorted(dossier.reports)))
        yield placed(movement(dossier.arc), reports)
    yield from _held(dossier, replay)


def _shown(value: Any) -> Said | str:
    """A value of a column, as Python writes it down; a sentence stays one."""
    return value if isinstance(value, Said) else repr(value)


def _held(dossier: Dossier, replay: Replay) -> Iterator[Said]:
    for one in dossier.held:
        yield from _misplaced(one.filed, replay.parties)
    kept = Counter(map(_hold_of, dossier.held))
    missing, more = Counter(replay.held) - kept, kept - Counter(replay.held)
    # Whether a message was behind anything depends on what a person had released by then.
    more -= Counter(behind._replace(due=end.due) for behind in replay.behind for end in replay.held)
    for key, holds in (("not_held", missing), ("held_for_nothing", more)):
        for hold in holds:
            told: dict[str, Value] = {"type": hold.type, "to": str(hold.to), "since": hold.at, "until": str(hold.due)}
            yield placed(movement(dossier.arc), said(f"found.{key}", **told))


def _hold_of(one: HeldRow) -> Hold:
    mailboxes = tuple(filed.mailbox for filed in one.filed[:-1])
    kinds = "".join({filed.type for filed in one.filed})
    return Hold(one.held_at, datetime.fromisoformat(one.due), one.destination, mailboxes, kinds)


def _parked_until(bench: _Bench, dossier: Dossier) -> Iterator[Said]:
    """A message waits until the time that the settings gave it when it came."""
    until = {(mailbox, seq): until for mailbox, seq, until in dossier.parked}
    for filed in dossier.filed:
        if (kept := until.get((filed.mailbox, filed.seq))) is not None:
            end = moment(datetime.fromisoformat(filed.recorded_at) + bench.profile(filed.recorded_at).time_to_wait)
            if kept != end:
                yield placed(filed.place, said("found.waits_until", kept=kept, end=end))


def _misplaced(filed: Sequence[Filed], parties: set[str]) -> Iterator[Said]:
    """A document stands once in a mailbox: in those of the parties, and of others who wrote about the movement."""
    writers = {one.mailbox for one in filed if one.direction == "in"}
    times = Counter((one.mailbox, one.document) for one in filed)
    for one in filed:
        if parties and one.mailbox not in parties | writers:
            yield placed(one.place, said("found.no_part", mailbox=one.mailbox))
        if times[one.mailbox, one.document] > 1:
            yield placed(one.place, Said("found.twice"))


def events_of(filed: Iterable[Filed], documents: dict[bytes, Written | None]) -> Iterator[Event]:
    """Each message once: as it was received, or made, be it in two releases."""
    seen: set[object] = set()
    for one in filed:
        written, same = documents[one.document], one.document if one.direction == "in" else one.identifier
        if written is None or same in seen or (one.direction == "out" and one.received_by is not None):
            continue
        seen.add(same)
        receipt = receipt_of(one.receipt) if one.receipt else None
        yield Event(
            mailbox=one.mailbox,
            seq=one.seq,
            message=written.message,
            at=one.recorded_at,
            sender=one.mailbox if one.direction == "in" else None,
            outcome=one.outcome,
            sequence=one.sequence,
            waited=receipt is not None and receipt.outcome is Outcome.PARKED,
            rule=receipt.faults[0].rule if receipt and receipt.faults else None,
            release=written.release,
        )
