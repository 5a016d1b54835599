"""What a taken act brings about: records of the register, notices, and security."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from esad_gateway.ais.registration.acts import (
    ActKind,
    DepositPaid,
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
    kind, given = looked.act.kind, case.registered
    entries = () if given is None or kind not in _OPERATIONS else (_entry(given, case, looked),)
    guarantees = () if given is None or kind is not ActKind.REGISTER else _security(given, case)
    return (*entries, *guarantees, *_notices(case, looked))


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


def _entry(given: NumberGiven, case: RegistrationCase, looked: Looked) -> RegisterOutcome:
    applicant = case.request.applicant
    operation, first_day = _OPERATIONS[looked.act.kind]
    return RegisterOutcome(
        operation=operation,
        activation=getattr(looked.act.values, first_day),
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
            since=given.valid_from,
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
        since=given.valid_from,
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

_OPERATIONS: Final = MappingProxyType(
    {
        ActKind.REGISTER: (ModificationType.CREATE, "valid_from"),
        ActKind.CHANGE: (ModificationType.UPDATE, "from_day"),
        ActKind.DEREGISTER: (ModificationType.INVALIDATE, "from_day"),
    }
)
"""What acts do to the register, and which of their values is the day from which they do."""
