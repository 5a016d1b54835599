"""What is wrong with a request: what it lacks, what is none, and whether its status can be given to who asks."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Final

from esad_gateway.ais.figures import LegalFigure
from esad_gateway.ais.registration.flaws import CaseFlaw, fault, place
from esad_gateway.ais.registration.goods_checks import goods_faults, missing, places_faults
from esad_gateway.ais.registration.law import RequestNeed
from esad_gateway.ais.registration.looked import Looked
from esad_gateway.ais.registration.request import RegistrationRequest, RequestedGoods, TradeLicence
from esad_gateway.emcs.registry import CATEGORIES, Operator, OperatorType, as_of
from esad_gateway.emcs.rules.numbers import number_problem
from esad_gateway.faults import Fault, Said, Value
from esad_gateway.place import Place

_ROOT: Final = place("request")
_MONTHS_OF_QUARTER: Final = 3


def request_faults(request: RegistrationRequest, looked: Looked) -> Iterator[Fault]:
    """All that is wrong with a request, and with its status for who asks."""
    yield from _lacking(request, looked)
    yield from goods_faults(request.goods, _ROOT / "goods", looked)
    yield from places_faults(request.places, _ROOT / "places", looked)
    yield from _licence_faults(request, looked)
    yield from _counterparty_faults(request, looked)
    yield from _intent_faults(request, looked)
    yield from overlap_faults(looked, _ROOT / "status")


def licence_faults(
    goods: Sequence[RequestedGoods], licences: Sequence[TradeLicence], looked: Looked, day: date, where: Place
) -> Iterator[Fault]:
    """That a licence is lacking which has to hold on a day, for each category of goods that is regulated (RC-2)."""
    rule = next((one.rule for one in looked.procedure.needs if one.need is RequestNeed.LICENCES), None)
    if rule is None:
        return
    wanted = {one.product[:1] for one in goods} & looked.procedure.regulated
    held = {letter for one in licences if one.holds_on(day) for letter in one.categories}
    for letter in sorted(wanted - held):
        ended = next((one.number for one in licences if letter in one.categories), None)
        yield fault(CaseFlaw.LICENCE, rule, where, ended, category=letter, day=f"{day}")


def quarter_faults(looked: Looked, day: date, where: Place) -> Iterator[Fault]:
    """A temporary status is given so often in a calendar quarter and no more (CCE-2, CCR-1)."""
    limit = looked.procedure.temporary
    if limit is None:
        return
    before = sum(_quarter(one) == _quarter(day) for one in looked.facts.temporary_days)
    if before >= limit.number:
        told: dict[str, Value] = {"before": before, "most": f"{limit.number:f}", "permanent": _permanent(looked.status)}
        yield fault(CaseFlaw.TOO_MANY, limit.rule, where, looked.status, **told)


def overlap_faults(looked: Looked, where: Place, first: date | None = None) -> Iterator[Fault]:
    """Nobody has a status without an end twice at a time; ``first`` is the first day of the new one, once it is known.

    Before that, one that has an end already is no reason against a request.
    """
    if looked.procedure.temporary is not None:
        return
    for one in looked.facts.capacities:
        lasts = one.valid_to is None or (first is not None and first <= one.valid_to)
        if one.status is looked.status and lasts:
            told = {"number": one.seed, "since": f"{one.valid_from}"}
            yield fault(CaseFlaw.OVERLAP, looked.procedure.rule, where, looked.status, **told)


def _lacking(request: RegistrationRequest, looked: Looked) -> Iterator[Fault]:
    for needed in looked.procedure.needs:
        yield from (missing(needed.rule, where) for where in _LACKING[needed.need](request))


def _licence_faults(request: RegistrationRequest, looked: Looked) -> Iterator[Fault]:
    rule, where = looked.procedure.rule, _ROOT / "licences"
    yield from licence_faults(request.goods, request.licences, looked, looked.day, where)
    yield from licences_faults(request.licences, rule, where)


def licences_faults(licences: Sequence[TradeLicence], rule: str, where: Place) -> Iterator[Fault]:
    """Licences that end before they begin, and categories that are none."""
    for number, one in enumerate(licences, 1):
        if one.valid_to is not None and one.valid_to < one.valid_from:
            yield fault(CaseFlaw.LICENCE_PERIOD, rule, where.numbered(number) / "valid_to", one.valid_to)
        if not one.categories or set(one.categories) - CATEGORIES:
            yield _unknown_category(one, rule, where.numbered(number) / "categories")


def _unknown_category(one: TradeLicence, rule: str, where: Place) -> Fault:
    return fault(CaseFlaw.CATEGORY, rule, where, one.categories, known="".join(sorted(CATEGORIES)))


def _counterparty_faults(request: RegistrationRequest, looked: Looked) -> Iterator[Fault]:
    """The number of the one counterparty is one, of another state, and of a trader who can be it (CCE-5, CCR-4)."""
    if request.counterparty is None:
        return
    seed, where, rule = request.counterparty.seed, _ROOT / "counterparty" / "seed", looked.procedure.rule
    if problem := number_problem(seed):
        yield fault(CaseFlaw.NUMBER, rule, where, seed, why=problem)
        return
    if not seed.isupper():
        yield fault(CaseFlaw.NUMBER, rule, where, seed, why=Said("case.small_letters"))
    if seed.startswith(looked.law.state):
        yield fault(CaseFlaw.OWN_STATE, rule, where, seed, state=looked.law.state)
    known = as_of(looked.facts.counterparty, looked.day)
    if known is not None:
        yield from _capacity_faults(known, looked, where)


def _capacity_faults(known: Operator, looked: Looked, where: Place) -> Iterator[Fault]:
    wanted = _COUNTERPARTS.get(looked.status)
    if wanted is not None and known.operator_type not in wanted:
        told = {"registered": Said(f"operator.{known.operator_type}"), "suitable": Said(f"operator.{wanted[0]}")}
        yield fault(CaseFlaw.OTHER_CAPACITY, "CCE-5", where, known.seed, **told)


def _intent_faults(request: RegistrationRequest, looked: Looked) -> Iterator[Fault]:
    rule = looked.procedure.rule
    if request.planned_on is not None and request.planned_on < looked.day:
        yield fault(CaseFlaw.PAST, rule, _ROOT / "planned_on", request.planned_on, day=f"{looked.day}")
    if request.per_quarter is not None and request.per_quarter < 1:
        yield fault(CaseFlaw.QUANTITY, rule, _ROOT / "per_quarter", request.per_quarter)
    limit = looked.procedure.temporary
    if limit is None:
        return
    permanent = _permanent(looked.status)
    if _intends_more(request, limit):
        told: dict[str, Value] = {"most": f"{limit.number:f}", "permanent": permanent}
        yield fault(CaseFlaw.PER_QUARTER, limit.rule, _ROOT / "per_quarter", request.per_quarter, **told)
    yield from quarter_faults(looked, request.planned_on or looked.day, _ROOT / "status")
    if request.wine_documents:
        yield fault(CaseFlaw.WINE_DOCUMENTS, "CCE-8", _ROOT / "wine_documents", "true", permanent=permanent)


def _intends_more(request: RegistrationRequest, limit: LegalFigure) -> bool:
    return request.per_quarter is not None and request.per_quarter > limit.number


def _quarter(day: date) -> tuple[int, int]:
    return day.year, (day.month - 1) // _MONTHS_OF_QUARTER


def _permanent(status: OperatorType) -> Said:
    """The status without an end that does what a temporary one does."""
    return Said(f"operator.{status.removeprefix('temporary_')}")


_COUNTERPARTS: Final = MappingProxyType(
    {
        OperatorType.TEMPORARY_CERTIFIED_CONSIGNEE: (
            OperatorType.CERTIFIED_CONSIGNOR,
            OperatorType.TEMPORARY_CERTIFIED_CONSIGNOR,
        ),
        OperatorType.TEMPORARY_CERTIFIED_CONSIGNOR: (
            OperatorType.CERTIFIED_CONSIGNEE,
            OperatorType.TEMPORARY_CERTIFIED_CONSIGNEE,
        ),
    }
)
"""Who may be on the other side of a movement under e-SAD."""


def _text(*names: str) -> Callable[[RegistrationRequest], Iterator[Place]]:
    def lacking(request: RegistrationRequest) -> Iterator[Place]:
        texts = ((name, getattr(request.applicant, name)) for name in names)
        yield from (_ROOT / "applicant" / name for name, text in texts if not text.strip())

    return lacking


def _each_of_the_goods(name: str) -> Callable[[RegistrationRequest], Iterator[Place]]:
    def lacking(request: RegistrationRequest) -> Iterator[Place]:
        goods = enumerate(request.goods, 1)
        yield from ((_ROOT / "goods").numbered(n) / name for n, one in goods if getattr(one, name) is None)

    return lacking


def _something(name: str) -> Callable[[RegistrationRequest], Iterator[Place]]:
    def lacking(request: RegistrationRequest) -> Iterator[Place]:
        if getattr(request, name) in {None, ()}:
            yield _ROOT / name

    return lacking


def _found_by_day(_request: RegistrationRequest) -> Iterator[Place]:
    """Licences are asked for by category and day (:func:`licence_faults`)."""
    return iter(())


_LACKING: Final[Mapping[RequestNeed, Callable[[RegistrationRequest], Iterator[Place]]]] = MappingProxyType(
    {
        RequestNeed.CODE: _text("code"),
        RequestNeed.NAME: _text("name"),
        RequestNeed.ADDRESS: _text("street", "postcode", "city"),
        RequestNeed.EMAIL: _text("email"),
        RequestNeed.GOODS: _something("goods"),
        RequestNeed.MONTHLY: _each_of_the_goods("monthly"),
        RequestNeed.QUANTITY: _each_of_the_goods("quantity"),
        RequestNeed.PLACES: _something("places"),
        RequestNeed.LICENCES: _found_by_day,
        RequestNeed.COUNTERPARTY: _something("counterparty"),
        RequestNeed.PLANNED_ON: _something("planned_on"),
        RequestNeed.PER_QUARTER: _something("per_quarter"),
        RequestNeed.SECURITY: _something("security"),
    }
)
"""Where a request lacks what is needed."""
