"""The transaction of one group: every look-up is one question, every table is written once.

What is looked up is looked up without the write lock, so that others write while a group is decided and signed.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, or_, select, union, update

from esad_gateway.emcs.authorisations import TEMPORARY_TYPES, Ledger
from esad_gateway.emcs.effects import Note, NoteKey
from esad_gateway.emcs.movement import SENT_AGAIN, Movement, Side
from esad_gateway.emcs.registry import Operator
from esad_gateway.errors import StoreUnavailable
from esad_gateway.faults import Said
from esad_gateway.ports.reading import Outcome
from esad_gateway.ports.writing import (
    Acted,
    Delegations,
    Dispatch,
    Document,
    Earlier,
    Exchanged,
    Held,
    Identity,
    Records,
    RegistryFacts,
    Undecided,
    Waiting,
)
from esad_gateway.store import tables
from esad_gateway.store.chain import GENESIS, NO_LOG, digest_of, linked, logged
from esad_gateway.store.database import LookUps, Row, among, as_keys, locked
from esad_gateway.store.delegations import delegations_by_number, write_signed_for
from esad_gateway.store.documents import BODY, SIGNER, WHOLE, Packed, body_of, document_rows, packed
from esad_gateway.store.effects import NOTES, digests, noted_of_row, write_effects
from esad_gateway.store.movement_log import act_row
from esad_gateway.store.operators import consignors_linked_to, make_changes, records_of
from esad_gateway.store.parked import parked_row, waiting_of_row
from esad_gateway.store.rows import (
    entry_row,
    entry_text,
    moment,
    movement_of_row,
    movement_row,
    operator_of_row,
    receipt_of,
    receipt_text,
)
from esad_gateway.store.saad import received_under
from esad_gateway.store.stopped import MESSAGE_IS_STOPPED, this_build, write_resumed, write_stopped
from esad_gateway.store.undecided import ADD, DECIDED, OF_SIGNERS, REASON, REOPEN, undecided_of_row, undecided_row
from esad_gateway.store.upserts import adding, replacing

_identities = tables.inbox_identity.c
_movements = tables.movement.c
_operators = tables.operator.c
_mailboxes = tables.mailbox.c
_reports = tables.report.c

# Built once: SQLAlchemy then compiles each of them once and finds it again by identity.
_EARLIER = select(tables.inbox_identity).where(among(_identities.sender, _identities.identifier))
_MOVEMENTS = locked(select(tables.movement).where(among(_movements.arc)), _movements.arc, _movements.side)
_OPERATORS = select(tables.operator).where(among(_operators.seed)).order_by(_operators.seed, _operators.valid_from)
_LRNS = select(_movements.consignor, _movements.lrn, _movements.arc).where(
    tables.AT_DISPATCH, among(_movements.consignor, _movements.lrn)
)
_AT_DISPATCH = select(tables.movement).where(tables.AT_DISPATCH)
# A temporary authorisation has few movements, so its ledger is added up anew from them whenever it is asked for: those
# that began under its number. One question for each column, since only then each is answered by an index.
_UNDER = union(
    _AT_DISPATCH.where(among(_movements.consignor)),
    _AT_DISPATCH.where(among(_movements.initial_consignee)),
    _AT_DISPATCH.where(among(_movements.consignee), _movements.initial_consignee.is_(None)),
)
_DOCUMENT = select(*BODY).select_from(WHOLE).where(tables.document.c.sha256 == bindparam("sha"))
_REPORTS = select(_reports.number, _reports.arc).where(among(_reports.arc, _reports.number))
_HELD_UNTIL = select(func.max(tables.held.c.due)).where(
    tables.held.c.arc == bindparam("arc"), tables.held.c.released_at.is_(None)
)
_LAST_SEQ = locked(select(tables.mailbox).where(among(_mailboxes.name)), _mailboxes.name)


_ADD_CARRIED = adding(tables.carried)
_ADD_DOCUMENTS = adding(tables.document)
_ADD_ENTRIES = insert(tables.message)
_ADD_DISPATCHES = insert(tables.outbox)
_ADD_HELD = insert(tables.held)
_ADD_IDENTITIES = insert(tables.inbox_identity)
_SET_MOVEMENTS = replacing(tables.movement, "arc", "side")
_ADD_ACTS = insert(tables.movement_log)
_ADD_REPORTS = adding(tables.report)
_SET_LAST_SEQ = replacing(tables.mailbox, "name")


_parked = tables.parked.c
_message = tables.message.c
_WAITING = select(tables.parked, *BODY, SIGNER).select_from(tables.parked.join(tables.document).join(tables.carried))
_PARKED = _WAITING.where(among(_parked.arc), ~MESSAGE_IS_STOPPED).order_by(_parked.mailbox, _parked.seq)
_question = tables.message.alias("question").c
_QUESTIONS = select(_question.identifier).where(
    _question.arc == bindparam("arc"),
    _question.mailbox == bindparam("address"),
    _question.direction == "in",
    _question.type.in_(("IE904", "IE905")),
)
_EXCHANGED = (
    select(_message.direction, _message.type, *BODY)
    .select_from(tables.message.join(tables.document).join(tables.carried))
    .where(_message.arc == bindparam("arc"), _message.mailbox == bindparam("address"))
    # Copies that were sent again are no news, however often the other side asks for them.
    .where(
        or_(
            _message.direction == "in",
            _message.type.not_in(sorted(SENT_AGAIN)),
            _message.correlation.is_(None),
            _message.correlation.not_in(_QUESTIONS),
        )
    )
    .order_by(_message.seq)
)
_ADD_PARKED = insert(tables.parked)
_PARKED_OF = select(func.count()).select_from(tables.parked).where(_parked.mailbox == bindparam("mailbox"))
_NTH_REFUSED = (
    select(_message.recorded_at)
    .where(_message.mailbox == bindparam("mailbox"), tables.REFUSED)
    .order_by(_message.recorded_at.desc())
    .limit(1)
    .offset(bindparam("before"))
)
_SET_OUTCOME = (
    update(tables.message)
    .where(_message.mailbox == bindparam("owner"), _message.seq == bindparam("number"))
    .values(outcome=bindparam("became"))
)
_UNPARK = delete(tables.parked).where(_parked.mailbox == bindparam("owner"), _parked.seq == bindparam("number"))


class SqlTransaction:
    """``ports.Transaction`` over one connection, inside a write transaction or before one."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._driver = LookUps(connection)
        self._packed: dict[bytes, Packed] = {}
        self.last_numbers: dict[str, int] = {}
        self._heads: dict[str, bytes] = {}
        self._kept: dict[tuple[str, Side], Row] = {}
        self._logs: dict[tuple[str, Side], tuple[int, bytes]] = {}

    def _rows(self, statement: Any, wanted: Collection[Any]) -> Collection[Row]:
        return self._driver.rows(statement, as_keys(wanted)) if wanted else ()

    def lock(self) -> bool:
        """Take the write lock; whether everything that was looked up is still so. If not, it is forgotten."""
        same = self._driver.lock()
        if not same:
            self._kept.clear()
            self._logs.clear()
        return same

    def prepare(self, documents: Iterable[tuple[bytes, Document]]) -> None:
        """Pack documents that may be written, so that it is not done under the lock."""
        self._packed.update((sha, packed(one.body)) for sha, one in documents if sha not in self._packed)

    def earlier(self, identities: Collection[Identity]) -> Mapping[Identity, Earlier]:
        """Those of the identities that were used before."""
        return {
            (row["sender"], row["identifier"]): Earlier(row["sha256"], receipt_of(row["receipt"]))
            for row in self._rows(_EARLIER, identities)
        }

    def undecided(self, signed_as: Collection[Identity]) -> Sequence[Undecided]:
        """What is undecided of these signers, under these message identifiers."""
        return [undecided_of_row(row) for row in self._rows(OF_SIGNERS, signed_as)]

    def delegations(self, numbers: Collection[int]) -> Delegations:
        """Those of the delegations that there are, as they stand now."""
        return delegations_by_number(self._driver, numbers)

    def movements(self, arcs: Collection[str]) -> Mapping[tuple[str, Side], Movement]:
        """The movements that exist, by ARC and side; nobody else changes them until the transaction ends."""
        rows = self._rows(_MOVEMENTS, arcs)
        found = {(movement.arc, movement.side): movement for movement in map(movement_of_row, rows)}
        self._kept.update(zip(found, rows, strict=True))
        self._logs.update((key, (row["acts"], row["log"])) for key, row in self._kept.items())
        return found

    def facts(self, seeds: Collection[str], lrns: Collection[tuple[str, str]]) -> RegistryFacts:
        """Operators, and the ARCs of those (consignor, LRN) pairs that are taken at dispatch."""
        operators: dict[str, tuple[Operator, ...]] = {}
        for row in self._rows(_OPERATORS, seeds):
            operators[row["seed"]] = (*operators.get(row["seed"], ()), operator_of_row(row))
        taken = {(row["consignor"], row["lrn"]): row["arc"] for row in self._rows(_LRNS, lrns)}
        ledger = Ledger()
        temporary = {seed for seed, records in operators.items() if _temporary(records)}
        for row in self._rows(_UNDER, temporary):
            ledger.take_up(movement_of_row(row))
        for entry in received_under(self._driver, temporary):
            ledger.enter(entry.consignee, ((line.product, line.quantity) for line in entry.lines))
        return RegistryFacts(operators, taken, ledger)

    def reports(self, keys: Collection[tuple[str, str]]) -> Collection[tuple[str, str]]:
        """Those of the event and control reports (number, ARC) that were kept."""
        return {(row["number"], row["arc"]) for row in self._rows(_REPORTS, [(arc, number) for number, arc in keys])}

    def notes(self, keys: Collection[NoteKey]) -> Sequence[Note]:
        """What national law has noted of these kinds about these subjects, oldest first."""
        return [noted_of_row(row).effect for row in self._rows(NOTES, keys)]

    def document(self, sha256: bytes) -> bytes | None:
        """The bytes with that digest."""
        return next((body_of(row) for row in self._driver.rows(_DOCUMENT, {"sha": sha256})), None)

    def look_up_numbers(self, mailboxes: Collection[str]) -> None:
        """Look up the last number and the head of the chain of each mailbox, under the write lock."""
        self._need_lock()
        self.last_numbers.update(dict.fromkeys(mailboxes, 0))
        self._heads.update(dict.fromkeys(mailboxes, GENESIS))
        for row in self._rows(_LAST_SEQ, mailboxes):
            self.last_numbers[row["name"]], self._heads[row["name"]] = row["last_seq"], row["head"]

    def next_number(self, mailbox: str) -> int:
        """The next number of a mailbox, counted from 1 without a gap."""
        if mailbox not in self.last_numbers:
            self.look_up_numbers({mailbox})
        self.last_numbers[mailbox] += 1
        return self.last_numbers[mailbox]

    def parked(self, arcs: Collection[str], *, stopped: bool = False) -> Sequence[Waiting]:
        """What waits for news of these movements, in the order in which it came; ``stopped``: by a defect as well."""
        build = {"build": ""} if stopped else this_build()
        rows = self._driver.rows(_PARKED, as_keys(arcs) | build) if arcs else ()
        return [waiting_of_row(row) for row in rows]

    def parked_of(self, mailbox: str) -> int:
        """How many messages of a sender wait."""
        return int(self._driver.value(_PARKED_OF, {"mailbox": mailbox}))

    def nth_refused(self, mailbox: str, count: int) -> datetime | None:
        """When the ``count``-th last of the refused messages of a sender came."""
        found = self._driver.value(_NTH_REFUSED, {"mailbox": mailbox, "before": count - 1})
        return datetime.fromisoformat(found) if found else None

    def exchanged(self, arc: str, address: str) -> Sequence[Exchanged]:
        """What we and an administration exchanged about a movement, oldest first, without repeated copies."""
        rows = self._driver.rows(_EXCHANGED, {"arc": arc, "address": address})
        return [Exchanged(row["direction"], row["type"], body_of(row)) for row in rows]

    def records(self, seed: str) -> tuple[Operator, ...]:
        """All records of a number in the register."""
        return records_of(self._driver, seed)

    def consignors_linked_to(self, seed: str) -> frozenset[str]:
        """The temporary certified consignors' authorisations that name a number as their counterparty."""
        return consignors_linked_to(self._driver, seed)

    def held_until(self, arc: str) -> datetime | None:
        """Until when something of a movement is held at most."""
        until = self._driver.value(_HELD_UNTIL, {"arc": arc})
        return datetime.fromisoformat(until) if until else None

    def write(self, records: Records) -> None:
        """Add the records. Entries have the numbers that :meth:`next_number` gave."""
        self._need_lock()
        self._add(records, moment(records.at))
        if records.changes:
            make_changes(self._connection, records.changes)

    def _add(self, records: Records, at: str) -> None:
        entries = [entry_row(entry, at) for entry in records.entries]
        identities = [_identity_row(key, value) for key, value in records.receipts.items()]
        acts = self._log_acts(records.acts, digests(records.effects))
        movements = self._movement_rows(records.movements, at)
        self._link(entries, identities, {row["arc"]: digest_of(row) for row in movements})
        self._add_documents(records.documents, entries)
        self._driver.many(_ADD_ENTRIES, entries)
        self._driver.many(_ADD_DISPATCHES, (dispatch_row(item, at) for item in records.dispatches))
        self._driver.many(_ADD_HELD, (_held_row(item, at) for item in records.held))
        self._driver.many(_ADD_PARKED, (parked_row(item) for item in records.parked))
        self._driver.many(_SET_OUTCOME, (_outcome_row(key, became) for key, became in records.outcomes.items()))
        self._driver.many(_UNPARK, ({"owner": mailbox, "number": seq} for mailbox, seq in records.outcomes))
        self._driver.many(_SET_MOVEMENTS, movements)
        self._driver.many(_ADD_ACTS, acts)
        self._driver.many(_SET_LAST_SEQ, [self._mailbox_row(name) for name in {row["mailbox"]: 0 for row in entries}])
        self._driver.many(_ADD_REPORTS, ({"number": number, "arc": arc} for number, arc in records.reports))
        self._driver.many(_ADD_IDENTITIES, identities)
        self._driver.many(ADD, (undecided_row(one) for one in records.undecided.values()))
        self._driver.many(REOPEN, ({"which": one} for one in records.undecided))
        self._driver.many(DECIDED, ({"which": one, "moment": at, "who": by} for one, by in records.decided.items()))
        self._driver.many(REASON, ({"which": one, "why": why} for one, why in records.reasons.items()))
        write_stopped(self._driver, records.stopped, at)
        write_resumed(self._driver, records.resumed.items(), at)
        write_effects(self._driver, records.effects)
        write_signed_for(self._driver, records.signed_for)

    def _need_lock(self) -> None:
        if not self.lock():
            raise StoreUnavailable(Said("store.changed_since"))

    def _add_documents(self, documents: Mapping[bytes, Document], entries: Iterable[Mapping[str, Any]]) -> None:
        received = {row["document"]: row for row in entries if row["direction"] == "in"}
        rows, carried = document_rows(documents, received, self._packed)
        self._driver.many(_ADD_CARRIED, carried)
        self._driver.many(_ADD_DOCUMENTS, rows)

    def _link(
        self, entries: Iterable[dict[str, Any]], identities: Iterable[Mapping[str, Any]], movements: dict[str, bytes]
    ) -> None:
        """Bind each entry to those before it in its mailbox, and the first about a movement to the movement."""
        receipts = {(row["sender"], row["identifier"]): row["receipt"] for row in identities}
        for row in entries:
            mailbox = row["mailbox"]
            row["movement"] = movements.pop(row["arc"], None)
            receipt = receipts[mailbox, row["identifier"]] if row["direction"] == "in" else None
            self._heads[mailbox] = linked(self._heads[mailbox], row, receipt)

    def _log_acts(self, acts: Iterable[Acted], noted: Mapping[tuple[str, int], bytes | None]) -> list[dict[str, Any]]:
        """The rows of acts with what was noted of them, each bound to those before it on its side of its movement."""
        rows = []
        for acted in acts:
            key = (acted.act.arc, acted.act.side)
            number, head = self._logs.get(key, NO_LOG)
            row = act_row(acted, number + 1, noted.get((acted.mailbox, acted.seq)))
            rows.append(row)
            self._logs[key] = number + 1, logged(head, row)
        return rows

    def _movement_rows(self, movements: Mapping[tuple[str, Side], Movement], at: str) -> list[dict[str, Any]]:
        """The rows of movements with their logs; those that stay as they were are written for their logs alone."""
        rows = {key: movement_row(movement, at) for key, movement in movements.items()}
        for key, kept in self._kept.items():
            if key not in rows and self._logs[key][0] != kept["acts"]:
                rows[key] = {**kept, "questioned": bool(kept["questioned"])}
        for key, row in rows.items():
            row["acts"], row["log"] = self._logs.get(key, NO_LOG)
        return list(rows.values())

    def _mailbox_row(self, name: str) -> dict[str, Any]:
        return {"name": name, "last_seq": self.last_numbers[name], "head": self._heads[name]}


def dispatch_row(dispatch: Dispatch, due: str) -> dict[str, Any]:
    """A dispatch as a row of the outbox."""
    return {
        "destination": dispatch.destination,
        "identifier": dispatch.identifier,
        "document": dispatch.document,
        "arc": dispatch.arc,
        "next_attempt_at": due,
    }


def _held_row(held: Held, at: str) -> dict[str, Any]:
    return {
        "arc": held.entries[0].arc,
        "held_at": at,
        "due": moment(held.due),
        "destination": held.dispatch.destination,
        "identifier": held.dispatch.identifier,
        "document": held.dispatch.document,
        "entries": entry_text(held.entries),
    }


def _identity_row(identity: Identity, earlier: Earlier) -> dict[str, Any]:
    sender, identifier = identity
    return {
        "sender": sender,
        "identifier": identifier,
        "sha256": earlier.sha256,
        "receipt": receipt_text(earlier.receipt),
    }


def _outcome_row(place: tuple[str, int], became: Outcome) -> dict[str, Any]:
    mailbox, seq = place
    return {"owner": mailbox, "number": seq, "became": became}


def _temporary(records: Iterable[Operator]) -> bool:
    return any(record.operator_type in TEMPORARY_TYPES for record in records)
