"""What is known while a group of messages is answered: what was looked up for it, and what the group has brought."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import InitVar, dataclass, field
from datetime import date, datetime
from typing import Final

from esad_gateway.emcs.authorisations import Ledger
from esad_gateway.emcs.documents import Stamp
from esad_gateway.emcs.effects import Note, NoteKey
from esad_gateway.emcs.law import LegalCase, NationalLaw
from esad_gateway.emcs.messages import Message
from esad_gateway.emcs.movement import Movement, Side
from esad_gateway.emcs.procedure.answer import Answer
from esad_gateway.emcs.procedure.asked import lrns_asked, parties_asked
from esad_gateway.emcs.profile import NationalProfile
from esad_gateway.emcs.registry import Facts, Operator, Register, as_of
from esad_gateway.emcs.rules import Case, Context
from esad_gateway.emcs.seed import Pending


class _Nobody:
    """A register in which nobody is."""

    def records(self, _seed: str) -> tuple[Operator, ...]:
        return ()

    def consignors_linked_to(self, _seed: str) -> frozenset[str]:
        return frozenset()


_NOBODY: Final = _Nobody()


@dataclass(slots=True, kw_only=True)
class Known:
    """What the answers to one group of messages may depend on; each message knows what those before it brought.

    ``now`` is the moment at which they are answered (aware, UTC), ``identifiers`` an endless supply of fresh message
    identifiers. Looked up are, for all messages of the group: ``movements`` by ARC and side; ``waiting``, how many
    messages wait for each ARC; ``operators``, the records of each SEED number, ``None`` where nobody knows any more
    what the register said: then the rules that ask it are left out; ``used_lrns``, the ARC that has a consignor's
    local reference number; ``ledger``, what was taken up of temporary authorisations; ``reports``,
    event and control reports by number and ARC; ``held``, until when something of an ARC is held; ``offices``, the list
    of offices, ``None`` where none is kept; ``notes``, those of national law that were asked for. For one message only:
    ``exchanged``, types and documents of all that was exchanged about its movement with its sender, oldest first, and
    ``sent``, those of ours that can be lacked.
    """

    now: datetime
    profile: NationalProfile
    identifiers: Iterator[str]
    register: InitVar[Register] = _NOBODY
    movements: dict[tuple[str, Side], Movement] = field(default_factory=dict)
    waiting: dict[str, int] = field(default_factory=dict)
    operators: dict[str, tuple[Operator, ...]] | None = field(default_factory=dict)
    used_lrns: dict[tuple[str, str], str] = field(default_factory=dict)
    ledger: Ledger = field(default_factory=Ledger)
    reports: set[tuple[str, str]] = field(default_factory=set)
    held: dict[str, datetime] = field(default_factory=dict)
    offices: frozenset[str] | None = None
    exchanged: Sequence[tuple[str, bytes]] = ()
    sent: Sequence[Message] = ()
    notes: dict[NoteKey, list[Note]] = field(default_factory=dict)
    pending: Pending = field(init=False)
    """The register with the changes that this group has brought."""

    def __post_init__(self, register: Register) -> None:
        self.pending = Pending(register)

    def stamp(self, arc: str) -> Stamp:
        """The stamp of one decision, with the ARC that is reserved for it."""
        return Stamp(now=self.now, profile=self.profile, arc=arc, identifiers=self.identifiers)

    def case(
        self, message: Message, movement: Movement | None, seeds: frozenset[str], release: str | None = None
    ) -> Case:
        """The case by which the stateful rules of a release judge a message about ``movement``.

        ``seeds`` are the SEED numbers that were asked for when the message was read.
        """
        context = Context(now=self.now, profile=self.profile, release=release)
        return Case(
            context=context, movement=movement, facts=self.facts(message, movement, seeds, context.day_of(message))
        )

    def facts(self, message: Message, movement: Movement | None, seeds: frozenset[str], day: date) -> Facts:
        """The registry facts that the stateful rules of a message may ask, as of the day on which it acts.

        ``movement`` is the one that it is about, ``seeds`` are those for which it asks. Operators of other messages of
        the group are left out.
        """
        records = self.operators or {}
        found = ((seed, as_of(records.get(seed, ()), day)) for seed in seeds | parties_asked(message, movement))
        return Facts(
            operators={seed: record for seed, record in found if record is not None},
            offices=self.offices,
            reports=frozenset(self.reports),
            lrn_taken_by=next((self.used_lrns[lrn] for lrn in lrns_asked(message) if lrn in self.used_lrns), None),
            used=self.ledger.used,
            movements_under=self.ledger.movements_under,
        )

    @property
    def law(self) -> NationalLaw | None:
        """The national law at this moment, if our state has one of its own."""
        return self.profile.at(self.now).law

    def notes_asked(self, messages: Iterable[Message | None]) -> frozenset[NoteKey]:
        """The notes that national law has to see before it can judge these messages."""
        law = self.law
        if law is None:
            return frozenset()
        return frozenset(key for message in messages if message is not None for key in law.asks(message))

    def legal_case(self, message: Message, movement: Movement | None, release: str | None) -> LegalCase:
        """The case by which national law judges a message about ``movement``."""
        notes = tuple(note for key in self.notes_asked((message,)) for note in self.notes.get(key, ()))
        context = Context(now=self.now, profile=self.profile, release=release)
        return LegalCase(context=context, movement=movement, notes=notes)

    def note(self, notes: Iterable[Note]) -> None:
        """Reckon with more notes of national law."""
        for one in notes:
            self.notes.setdefault(one.key, []).append(one)

    def learn(self, answer: Answer) -> None:
        """Reckon with an answer from now on."""
        self.note(answer.effects)
        if answer.movement is not None:
            self._remember(answer.movement)
        self.reports |= answer.reports
        for issue in answer.issues:
            if issue.until is not None and issue.arc is not None:
                self.hold(issue.arc, issue.until)
        for change in answer.changes:
            self.pending.note(change)
            seed = change.operator.seed
            if self.operators is not None and seed in self.operators:
                self.operators[seed] = self.pending.records(seed)

    def reckon(self, before: "Known") -> None:
        """Reckon with what another group has brought: what it took up of authorisations, and noted.

        Not with its movements and local reference numbers: nobody is told the ARC of a movement that is not written.
        """
        self.ledger.add(before.ledger)
        self.note(one for notes in before.notes.values() for one in notes)

    def hold(self, arc: str, until: datetime) -> None:
        """Reckon with something of a movement that is held."""
        self.held[arc] = max(until, self.held.get(arc, until))

    def wait(self, arc: str, more: int = 1) -> None:
        """Reckon with so many more messages that wait for news of a movement."""
        self.waiting[arc] = self.waiting.get(arc, 0) + more

    def _remember(self, movement: Movement) -> None:
        key = (movement.arc, movement.side)
        if key not in self.movements and movement.side is Side.DISPATCH:
            # The next draft of the same group has to reckon with what this one uses.
            self.used_lrns[movement.consignor, movement.lrn] = movement.arc
            self.ledger.take_up(movement)
        self.movements[key] = movement
