"""The SAAD list of each trader: what entries do to it, one by one or as a batch brings them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Final, TypeAlias

from esad_gateway.ais.saad.deciding import Corrected, Decision, Entered, Refused, Unchanged, Withdrawn, decide, withdraw
from esad_gateway.ais.saad.law import SaadLaw
from esad_gateway.ais.saad.mechanism import SaadFacts
from esad_gateway.ais.saad.record import SaadEntry, SaadRecord, Status
from esad_gateway.emcs.authorisations import Ledger, limits_of
from esad_gateway.errors import NotFound
from esad_gateway.faults import Faults, said
from esad_gateway.ports.batches import KeptRecord, RowOutcome, SaadAnswer, SaadQuery
from esad_gateway.ports.clock import Clock
from esad_gateway.store.batches import Batches, Work
from esad_gateway.store.saad import NewVersion, SaadRecords, record_id

AnyDecision: TypeAlias = Decision | Withdrawn

OUTCOMES: Final[Mapping[type[AnyDecision], RowOutcome]] = MappingProxyType(
    {
        Entered: RowOutcome.TAKEN,
        Corrected: RowOutcome.CORRECTED,
        Unchanged: RowOutcome.UNCHANGED,
        Withdrawn: RowOutcome.WITHDRAWN,
        Refused: RowOutcome.REFUSED,
    }
)
"""What a decision is called in an answer."""

_NOTHING: Final = Decimal(0)


class Deciding:
    """Decides about records of one trader one after the other in a transaction, each as those before have left it.

    ``entries`` are all that may be decided about.
    """

    def __init__(self, work: Work, law: SaadLaw, trader: str, entries: Sequence[SaadEntry]) -> None:
        self._law = law
        self._trader = trader
        kept = work.saad.standing({record_id(trader, one.key) for one in entries})
        self._standing = {number: one.record for number, one in kept.items()}
        facts = work.facts({one.consignee for one in entries})
        self._operators, self._ledger = facts.operators, facts.ledger
        limited = any(limits_of(one) for records in self._operators.values() for one in records)
        # What a temporary authorisation has received counts; of all others nobody asks.
        self._received = {one.id: one.record for one in work.saad.every(trader)} if limited else {}
        self._limited = limited

    def enter(self, entry: SaadEntry, at: datetime, content: Faults | None = None) -> tuple[str, Decision]:
        """What becomes of an entry, and the id of its record; ``content`` as :func:`.decide` has it."""
        number = record_id(self._trader, entry.key)
        decision = decide(entry, self._standing.get(number), self._facts(entry, number), at, content)
        if isinstance(decision, Entered | Corrected):
            self._keep(number, decision.record)
        return number, decision

    def correct(self, number: str, entry: SaadEntry, at: datetime) -> Decision:
        """What becomes of a record that is entered anew."""
        return decide(entry, self._standing[number], self._facts(entry, number), at)

    def withdraw(self, number: str, at: datetime) -> AnyDecision:
        """What becomes of a record that is taken back."""
        standing = self._standing[number]
        decision = withdraw(standing, self._facts(standing.entry, number), at)
        if isinstance(decision, Withdrawn):
            self._keep(number, decision.record)
        return decision

    def _keep(self, number: str, record: SaadRecord) -> None:
        self._standing[number] = self._received[number] = record

    def _facts(self, entry: SaadEntry, number: str) -> SaadFacts:
        seed = entry.consignee
        facts = SaadFacts(law=self._law, trader=self._trader, operators=self._operators.get(seed, ()))
        if not self._limited or not any(map(limits_of, facts.operators)):
            return facts
        others = [
            record.entry
            for other, record in self._received.items()
            if other != number and record.status is not Status.WITHDRAWN and record.entry.consignee == seed
        ]
        movements = self._ledger.movements_under.get(seed, 0)
        return replace(facts, receipts=movements + len(others), used=_used(self._ledger, seed, others))


def _used(ledger: Ledger, seed: str, entries: Iterable[SaadEntry]) -> Mapping[str, Decimal]:
    """What e-SADs and entries have taken of every product."""
    sums = {product: quantity for (number, product), quantity in ledger.used.items() if number == seed}
    for line in (line for entry in entries for line in entry.lines):
        sums[line.product] = sums.get(line.product, _NOTHING) + line.quantity
    return sums


_Decided: TypeAlias = tuple[str, AnyDecision]


class SaadList:
    """``ports.SaadDesk`` over a store. Not checked: who asks, which the doors do."""

    def __init__(self, batches: Batches, records: SaadRecords, law: SaadLaw, clock: Clock) -> None:
        self._batches = batches
        self._records = records
        self._law = law
        self._clock = clock

    def enter(self, trader: str, entry: SaadEntry) -> SaadAnswer:
        """Enter a receipt; the same document entered again is a correction, or unchanged. Raises StoreUnavailable."""
        return self._done(trader, lambda work: Deciding(work, self._law, trader, [entry]).enter(entry, self._now()))

    def correct(self, trader: str, record: str, entry: SaadEntry) -> SaadAnswer:
        """Enter a record anew, which has to be about the same document. Raises NotFound and StoreUnavailable."""

        def decided(work: Work) -> _Decided:
            standing = _newest(work, trader, record)
            deciding = Deciding(work, self._law, trader, [standing.record.entry, entry])
            return record, deciding.correct(record, entry, self._now())

        return self._done(trader, decided)

    def withdraw(self, trader: str, record: str) -> SaadAnswer:
        """Withdraw a record by a new version. Raises NotFound and StoreUnavailable."""

        def decided(work: Work) -> _Decided:
            standing = _newest(work, trader, record)
            return record, Deciding(work, self._law, trader, [standing.record.entry]).withdraw(record, self._now())

        return self._done(trader, decided)

    def records(self, trader: str, query: SaadQuery) -> Sequence[KeptRecord]:
        """The records of a trader as they stand now, in the order in which their last versions came."""
        return self._records.page(trader, query)

    def every(self, trader: str, query: SaadQuery) -> Iterator[KeptRecord]:
        """All of them, page by page, for an export; ``limit`` is how many are read at once."""
        while page := self._records.page(trader, query):
            yield from page
            query = replace(query, after=page[-1].number)

    def versions(self, trader: str, record: str) -> Sequence[KeptRecord]:
        """All versions of a record, the oldest first. Raises NotFound."""
        found = self._records.versions(trader, record)
        if not found:
            raise NotFound(said("detail.no_record", record=record))
        return found

    def _now(self) -> datetime:
        return self._clock.now()

    def _done(self, trader: str, decide_by: Callable[[Work], _Decided]) -> SaadAnswer:
        with self._batches.work() as work:
            number, decision = decide_by(work)
            if not work.lock():
                number, decision = decide_by(work)
            if isinstance(decision, Refused):
                return SaadAnswer(outcome=RowOutcome.REFUSED, faults=decision.faults)
            if not isinstance(decision, Unchanged):
                work.saad.write(trader, [NewVersion(id=number, record=decision.record)])
            kept = work.saad.standing({number})[number]
        return SaadAnswer(outcome=OUTCOMES[type(decision)], record=kept)


def _newest(work: Work, trader: str, record: str) -> KeptRecord:
    found = work.saad.standing({record}).get(record)
    if found is None or found.trader != trader:
        raise NotFound(said("detail.no_record", record=record))
    return found
