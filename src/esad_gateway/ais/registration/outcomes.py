"""What a taken act brings about: records of the register, notices, and security."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from esad_gateway.ais.registration.acts import (
    ActKind,
    CertificateChanged,
    DepositPaid,
    Deregistered,
    NumberGiven,
    SecurityAccepted,
    SecurityGiven,
)
from esad_gateway.ais.registration.case import (
    CaseOutcome,
    GuaranteeOutcome,
    NoticeOutcome,
    RegisterOutcome,
    RegistrationCase,
)
from esad_gateway.ais.registration.ending import temporary_end
from esad_gateway.ais.registration.law import CaseTerm
from esad_gateway.ais.registration.looked import Looked
from esad_gateway.ais.registration.request import Applicant, Channel, RequestedGoods, SecurityKind
from esad_gateway.ais.terms import TermEnd, due
from esad_gateway.emcs.administration_codes import ModificationType
from esad_gateway.emcs.registry import LinkedTrader, Operator, TemporaryAuthorisation

_NOTHING: Final = Decimal(0)


def outcomes_of(case: RegistrationCase, looked: Looked) -> tuple[CaseOutcome, ...]:
    """What follows from the last act of a case, in the order in which it is done."""
    act = looked.act
    own = _OUTCOMES.get(act.kind)
    return (*(own(act.values, case, looked) if own else ()), *_notices(case, looked))


def record_of(given: NumberGiven, case: RegistrationCase, looked: Looked) -> Operator:
    """What the register shall say of a number; a temporary one is for one movement with one counterparty."""
    end = temporary_end(given, case, looked)
    return Operator(
        seed=given.seed,
        name=case.request.applicant.name,
        operator_type=looked.status,
        office=given.office,
        valid_from=given.valid_from,
        valid_to=given.valid_to or (None if end is None else end.day),
        products=frozenset(one.product for one in given.goods),
        temporary=None if looked.procedure.temporary is None else _limits(given, case),
    )


def _register(given: NumberGiven, case: RegistrationCase, looked: Looked) -> Iterator[CaseOutcome]:
    yield _entry(ModificationType.CREATE, given.valid_from, given, case, looked)
    yield from _security(given, case)


def _change(values: CertificateChanged, case: RegistrationCase, looked: Looked) -> Iterator[CaseOutcome]:
    if (given := case.registered) is not None:
        yield _entry(ModificationType.UPDATE, values.from_day, given, case, looked)


def _deregister(values: Deregistered, case: RegistrationCase, looked: Looked) -> Iterator[CaseOutcome]:
    if (given := case.registered) is not None:
        yield _entry(ModificationType.INVALIDATE, values.from_day, given, case, looked)


def _entry(
    operation: ModificationType, day: date, given: NumberGiven, case: RegistrationCase, looked: Looked
) -> RegisterOutcome:
    applicant = case.request.applicant
    return RegisterOutcome(
        operation=operation,
        activation=day,
        operator=record_of(given, case, looked),
        address=_address(applicant),
        entity=applicant.code,
        certificate=given.certificate,
        places=given.places,
    )


def _address(applicant: Applicant) -> Mapping[str, str]:
    named = ("street", "number", "postcode", "city", "language")
    return {name: text for name in named if (text := getattr(applicant, name))}


def _limits(given: NumberGiven, case: RegistrationCase) -> TemporaryAuthorisation:
    other = case.request.counterparty
    return TemporaryAuthorisation(
        counterparty=None if other is None else other.seed, quantities=_quantities(given.goods), linked=_linked(case)
    )


def _linked(case: RegistrationCase) -> LinkedTrader | None:
    """The counterparty with its name and address, where all of it is known."""
    other = case.request.counterparty
    if other is None or not (other.name and other.street and other.city):
        return None
    told = {"street": other.street, "postcode": other.postcode or "-", "city": other.city, "language": other.language}
    return LinkedTrader(name=other.name, **told)


def _quantities(goods: tuple[RequestedGoods, ...]) -> Mapping[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for one in goods:
        sums[one.product] = sums.get(one.product, _NOTHING) + (one.quantity or _NOTHING)
    return sums


def _security(given: NumberGiven, case: RegistrationCase) -> Iterator[GuaranteeOutcome]:
    """The security that stands behind a number: the one that was given last, if any was."""
    act = case.last(ActKind.PAY, ActKind.GIVE_SECURITY, ActKind.EXEMPT)
    values = act and act.values
    if isinstance(values, DepositPaid):
        yield GuaranteeOutcome(
            seed=given.seed,
            kind=SecurityKind.DEPOSIT,
            amount=values.amount,
            reference=values.reference,
            guarantor=case.request.applicant.name,
        )
    if isinstance(values, SecurityGiven):
        yield _document(values, given, case)


def _document(values: SecurityGiven, given: NumberGiven, case: RegistrationCase) -> GuaranteeOutcome:
    accepted = case.last(ActKind.ACCEPT_SECURITY)
    number = accepted.values.number if accepted and isinstance(accepted.values, SecurityAccepted) else ""
    return GuaranteeOutcome(
        seed=given.seed,
        kind=values.kind,
        amount=values.amount,
        reference=number,
        guarantor=values.guarantor,
        until=values.until,
    )


def _notices(case: RegistrationCase, looked: Looked) -> Iterator[NoticeOutcome]:
    kind = looked.act.kind
    if kind in _TOLD:
        yield NoticeOutcome(
            to=case.request.applicant.code, about=kind, channel=_channel(looked), until=_told_until(looked)
        )


def _channel(looked: Looked) -> Channel:
    """The channel that the act says, or the first one by which such acts are told."""
    said_by = getattr(looked.act.values, "channel", None)
    if isinstance(said_by, Channel):
        return said_by
    rows = looked.law.channels_of(looked.act.kind, looked.status, looked.day)
    return rows[0].channel if rows else Channel.POST


def _told_until(looked: Looked) -> TermEnd | None:
    purpose = TOLD_WITHIN.get(looked.act.kind)
    term = purpose and looked.law.term(purpose, looked.status, looked.day)
    return due(looked.day, term, looked.facts.calendar) if term else None


TOLD_WITHIN: Final = MappingProxyType(
    {ActKind.REGISTER: CaseTerm.REGISTRATION_NOTICE, ActKind.DEREGISTER: CaseTerm.END_NOTICE}
)
"""The terms within which a trader is told of a decision."""

_TOLD: Final = frozenset(
    {
        *(ActKind.ASK, ActKind.SET_AMOUNT, ActKind.EXEMPT, ActKind.ACCEPT_SECURITY, ActKind.REJECT_SECURITY),
        *(ActKind.REGISTER, ActKind.REFUSE, ActKind.CHANGE, ActKind.REFUSE_CHANGE, ActKind.DEREGISTER),
    }
)
"""The acts of which the applicant is told."""

_OUTCOMES: Final[Mapping[ActKind, Callable[[Any, RegistrationCase, Looked], Iterator[CaseOutcome]]]] = MappingProxyType(
    {ActKind.REGISTER: _register, ActKind.CHANGE: _change, ActKind.DEREGISTER: _deregister}
)
"""The acts that change the register."""
