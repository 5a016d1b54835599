"""The SAAD list of each trader: what entries do to it, one by one or as a batch brings them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Final, TypeAlias

from esad_gateway.ais.saad.deciding import Corrected, Decision, Entered, Refused, Unchanged, Withdrawn, decide, withdraw
from esad_gateway.ais.saad.law import SaadLaw
from esad_gateway.ais.saad.mechanism import SaadFacts
from esad_gateway.ais.saad.record import SaadEntry, SaadRecord, Status
from esad_gateway.emcs.authorisations import limits_of
from esad_gateway.errors import NotFound
from esad_gateway.faults import Faults, Said, said
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
        facts = work.facts({trader})
        self._operators = facts.operators.get(trader, ())
        self._limited = any(map(limits_of, self._operators))
        # What a temporary authorisation has received counts; of all others nobody asks.
        self._receipts = facts.ledger.movements_under.get(trader, 0)
        self._used = {product: taken for (seed, product), taken in facts.ledger.used.items() if seed == trader}

    def standing(self, entry: SaadEntry) -> tuple[str, SaadRecord | None]:
        """The id of the record of an entry, and what is to be replaced by it; ``None`` where that is nothing."""
        number = record_id(self._trader, entry.key)
        found = self._standing.get(number)
        same = found is not None and found.status is not Status.WITHDRAWN and found.entry == entry
        return number, None if same else found

    def enter(
        self, entry: SaadEntry, at: datetime, *, content: Faults | None = None, made_from: int | None = None
    ) -> tuple[str, Decision]:
        """What becomes of an entry, and the id of its record; ``content`` and ``made_from`` as :func:`.decide` has."""
        number = record_id(self._trader, entry.key)
        standing, facts = self._standing.get(number), self._facts(number)
        decision = decide(entry, standing, facts, at, content=content, made_from=made_from)
        if isinstance(decision, Entered | Corrected):
            self._keep(number, decision.record)
        return number, decision

    def correct(self, number: str, entry: SaadEntry, at: datetime, made_from: int | None = None) -> Decision:
        """What becomes of a record that is entered anew; ``made_from`` as :func:`.decide` has it."""
        decision = decide(entry, self._standing[number], self._facts(number), at, made_from=made_from)
        if isinstance(decision, Entered | Corrected):
            self._keep(number, decision.record)
        return decision

    def withdraw(self, number: str, at: datetime, made_from: int | None = None) -> AnyDecision:
        """What becomes of a record that is taken back; ``made_from`` as :func:`.withdraw` has it."""
        standing = self._standing[number]
        decision = withdraw(standing, self._facts(number), at, made_from)
        if isinstance(decision, Withdrawn):
            self._keep(number, decision.record)
        return decision

    def _keep(self, number: str, record: SaadRecord) -> None:
        for one, count in ((self._standing.get(number), -1), (record, 1)):
            self._receipts += count * (one is not None and one.status is not Status.WITHDRAWN)
            for product, quantity in _taken(one):
                self._used[product] = self._used.get(product, _NOTHING) + count * quantity
        self._standing[number] = record

    def _facts(self, number: str) -> SaadFacts:
        """What is known of the trader, without what the record itself has taken."""
        facts = SaadFacts(law=self._law, trader=self._trader, operators=self._operators)
        if not self._limited:
            return facts
        standing, used = self._standing.get(number), dict(self._used)
        for product, quantity in _taken(standing):
            used[product] -= quantity
        itself = standing is not None and standing.status is not Status.WITHDRAWN
        return replace(facts, receipts=self._receipts - itself, used=used)


def _taken(record: SaadRecord | None) -> list[tuple[str, Decimal]]:
    """What a record takes of every product, as long as it stands."""
    if record is None or record.status is Status.WITHDRAWN:
        return []
    return [(line.product, line.quantity) for line in record.entry.lines]


_Decided: TypeAlias = tuple[str, AnyDecision]


def said_besides(decision: AnyDecision) -> Said | None:
    """What is to be said of a decision beside its outcome: that a record was entered again which was withdrawn."""
    again = isinstance(decision, Entered) and decision.record.version > 1
    return Said("saads.again") if again else None


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

    def correct(self, trader: str, record: str, entry: SaadEntry, made_from: int | None = None) -> SaadAnswer:
        """Enter a record anew, which has to be about the same document. Raises NotFound and StoreUnavailable.

        Where the version is said that it was ``made_from``, it is refused when another one stands.
        """

        def decided(work: Work) -> _Decided:
            standing = _newest(work, trader, record)
            deciding = Deciding(work, self._law, trader, [standing.record.entry, entry])
            return record, deciding.correct(record, entry, self._now(), made_from)

        return self._done(trader, decided)

    def withdraw(self, trader: str, record: str, made_from: int | None = None) -> SaadAnswer:
        """Withdraw a record by a new version. Raises NotFound and StoreUnavailable.

        Where the version is said that was seen (``made_from``), it is refused when another one stands.
        """

        def decided(work: Work) -> _Decided:
            standing = _newest(work, trader, record)
            deciding = Deciding(work, self._law, trader, [standing.record.entry])
            return record, deciding.withdraw(record, self._now(), made_from)

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
        return SaadAnswer(outcome=OUTCOMES[type(decision)], record=kept, said=said_besides(decision))


def _newest(work: Work, trader: str, record: str) -> KeptRecord:
    found = work.saad.standing({record}).get(record)
    if found is None or found.trader != trader:
        raise NotFound(said("detail.no_record", record=record))
    return found
