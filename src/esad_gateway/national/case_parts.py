"""What a desk of cases reads out of an act and of the cases before it; nothing here is looked up by itself."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from esad_gateway.ais.capacities import Capacity
from esad_gateway.ais.registration.acts import ActValues, Submitted
from esad_gateway.ais.registration.case import CaseState, RegistrationCase
from esad_gateway.ais.registration.request import CaseDocument
from esad_gateway.ais.registration.states import OPEN, state_of
from esad_gateway.emcs.registry import Operator, OperatorType
from esad_gateway.faults import Fault, Said
from esad_gateway.place import Place
from esad_gateway.store.national.cases import CaseTransaction
from esad_gateway.xml.plain import group_to_plain

DATA: Final = Place(in_data=True)
"""The whole of the values of an act."""

_GRANTED: Final = frozenset({CaseState.REGISTERED, CaseState.CHANGE_REQUESTED, CaseState.DEREGISTERED})


def fault_at(rule: str, told: tuple[Said, Said], where: Place, value: str) -> Fault:
    """A fault of a requirement at a place, with what is said of it and what to do."""
    return Fault(code=rule, rule=rule, place=where, value=value, text=told[0], hint=told[1])


def applicant(case: RegistrationCase | None, values: ActValues) -> str:
    """The code of whoever asks to be registered, in a case or in what begins one."""
    if case is not None:
        return case.request.applicant.code
    return values.request.applicant.code if isinstance(values, Submitted) else ""


def asked_for(case: RegistrationCase) -> Mapping[str, Any]:
    """Goods and places of the request, as plain data."""
    plain = group_to_plain(case.request)
    return {name: plain[name] for name in ("goods", "places") if name in plain}


def papers_in(values: ActValues) -> Iterator[tuple[Place, CaseDocument]]:
    """Every paper that an act refers to, with where it stands."""
    request = getattr(values, "request", None)
    for below, documents in (
        (DATA / "request" / "documents", getattr(request, "documents", ())),
        (DATA / "documents", getattr(values, "documents", ())),
    ):
        for number, one in enumerate(documents, 1):
            yield below.numbered(number), one
    if isinstance(one := getattr(values, "document", None), CaseDocument):
        yield DATA / "document", one


def paper_faults(transaction: CaseTransaction, entity: str, values: ActValues) -> Iterator[Fault]:
    """Every paper that an act names and that nobody has handed in."""
    said_of_it = Said("case.desk.unknown_paper.text"), Said("case.desk.unknown_paper.hint")
    for where, one in papers_in(values):
        if not transaction.has_paper(entity, one.digest):
            yield fault_at("RC-2", said_of_it, where / "digest", one.digest)


def same_request(cases: Sequence[RegistrationCase], values: ActValues) -> RegistrationCase | None:
    """The open case that began with this very request."""
    return next((one for one in cases if one.acts[0].values == values and state_of(one) in OPEN), None)


def capacity_of(entity: str, record: Operator) -> Capacity:
    """What an entity is by a record of its number."""
    return Capacity(
        entity=entity,
        status=record.operator_type,
        seed=record.seed,
        valid_from=record.valid_from,
        valid_to=record.valid_to,
    )


def planned_days(cases: Sequence[RegistrationCase], status: OperatorType) -> Iterator[date]:
    """On which days the other temporary requests of a status are planned, open and granted ones."""
    for one in cases:
        if one.status is status and one.request.planned_on and state_of(one) in OPEN | _GRANTED:
            yield one.request.planned_on
