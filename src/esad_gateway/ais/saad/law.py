"""Which documents may stand in the SAAD list of a member state: from where, for whom, from when until when.

It is data, and nothing else knows a state or a day by name; the rows of Lithuania stand in its profile.
"""

from datetime import date, datetime
from functools import lru_cache

from esad_gateway.ais.provenance import Provenance
from esad_gateway.ais.saad.record import Source
from esad_gateway.emcs.identifiers import NATIONAL_ADMINISTRATIONS
from esad_gateway.emcs.moments import day_of
from esad_gateway.emcs.registry import OperatorType
from esad_gateway.emcs.working_days import Calendar
from esad_gateway.faults import Said
from esad_gateway.frozen import frozen


@frozen(kw_only=True)
class Span:
    """Days from ``first`` to ``last``, both included, each with the ``source`` that says so; ``None`` is no bound."""

    first: date | None = None
    last: date | None = None
    first_source: str = ""
    last_source: str = ""

    def __contains__(self, day: date) -> bool:
        """Whether ``day`` is one of them."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@frozen(kw_only=True)
class Admission:
    """One kind of document that may be entered.

    ``states`` are the states that may have issued it, ``None`` for every other member state; ``capacities`` are those
    in which it may be received, and ``into_warehouse`` those of them for which the goods have to be carried into the
    tax warehouse itself. ``products`` are excise product codes, ``None`` for all. ``source`` says where it is written,
    ``remark`` what whoever reads that ought to know besides.
    ``until_esad``: counts for each state that began the e-SAD late, as long as that had not begun; the profile makes a
    row of each of them.
    """

    documents: frozenset[Source]
    states: frozenset[str] | None = None
    dispatched: Span = Span()
    received: Span = Span()
    capacities: frozenset[OperatorType]
    into_warehouse: frozenset[OperatorType] = frozenset()
    products: frozenset[str] | None = None
    source: str
    remark: Said | None = None
    until_esad: bool = False


@frozen(kw_only=True)
class EntryTerm:
    """How many working ``days`` after its receipt something is entered in time, by which ``rules``, and who says so."""

    days: int
    rules: tuple[str, ...]
    provenance: Provenance


@frozen(kw_only=True)
class SaadLaw:
    """The SAAD list of ``state``; one without ``admissions`` keeps none.

    A receipt is due as ``entering`` says, by the ``calendar`` of the state, whose zone says what day it is.
    """

    state: str
    calendar: Calendar
    entering: EntryTerm
    admissions: tuple[Admission, ...] = ()

    def __hash__(self) -> int:
        """Cheap, since it is asked for every entry; laws of one state are told apart by equality."""
        return hash(self.state)

    def today(self, now: datetime) -> date:
        """The calendar day of the state at ``now`` (aware)."""
        return day_of(now, self.calendar.zone)

    def due(self, received: date) -> date:
        """The last day on which goods received on a day are entered in time."""
        return _due(self, received)


@frozen(kw_only=True)
class Admitted:
    """The rows that are left when one asks, in this order, for document and state, day of dispatch, day of receipt."""

    by_state: tuple[Admission, ...]
    by_dispatch: tuple[Admission, ...]
    by_receipt: tuple[Admission, ...]

    @property
    def nearest(self) -> tuple[Admission, ...]:
        """The rows that fit best, though the last question may have been answered with no."""
        return self.by_receipt or self.by_dispatch or self.by_state


@lru_cache(maxsize=4096)
def admitted(law: SaadLaw, document: Source, state: str, dispatched: date, received: date) -> Admitted:
    """What ``law`` has for a kind of document; nothing for one of its own state, or of no member state."""
    others = NATIONAL_ADMINISTRATIONS - {law.state}
    by_state = tuple(
        row for row in law.admissions if document in row.documents and state in others & (row.states or others)
    )
    by_dispatch = tuple(row for row in by_state if dispatched in row.dispatched)
    by_receipt = tuple(row for row in by_dispatch if received in row.received)
    return Admitted(by_state=by_state, by_dispatch=by_dispatch, by_receipt=by_receipt)


@lru_cache(maxsize=4096)
def _due(law: SaadLaw, received: date) -> date:
    return law.calendar.working_days_after(received, law.entering.days)
