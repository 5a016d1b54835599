"""How Lithuania registers certified consignees and consignors, and registered consignors: each row with its source."""

from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from esad_gateway.ais.figures import LegalChoice, LegalFigure
from esad_gateway.ais.provenance import Mark, Provenance
from esad_gateway.ais.registration.acts import ActKind
from esad_gateway.ais.registration.law import (
    CaseTerm,
    ChannelRow,
    DatedTerm,
    Needed,
    Procedure,
    RegistrationLaw,
    RequestNeed,
    StartOf,
)
from esad_gateway.ais.registration.request import Channel, DocumentSignature
from esad_gateway.ais.terms import Term, Unit
from esad_gateway.emcs.registry import CATEGORIES, OperatorType

_CONSIGNEE: Final = OperatorType.CERTIFIED_CONSIGNEE
_CONSIGNOR: Final = OperatorType.CERTIFIED_CONSIGNOR
_ONE_RECEIPT: Final = OperatorType.TEMPORARY_CERTIFIED_CONSIGNEE
_ONE_DISPATCH: Final = OperatorType.TEMPORARY_CERTIFIED_CONSIGNOR
_IMPORTER: Final = OperatorType.REGISTERED_CONSIGNOR

_CONSIGNEES: Final = frozenset({_CONSIGNEE, _ONE_RECEIPT})
_CONSIGNORS: Final = frozenset({_CONSIGNOR, _ONE_DISPATCH})
_CERTIFIED: Final = _CONSIGNEES | _CONSIGNORS
_SECURED: Final = _CONSIGNEES | {_IMPORTER}
_EVERY: Final = _CERTIFIED | {_IMPORTER}

START: Final = date(2023, 2, 13)
"""The first day of the e-SAD, and of the order on registrations."""

_NOTICE: Final = Provenance("notice of the State Tax Inspectorate on the e-SAD, February 2023", Mark.SOURCE)
_GUIDE: Final = Provenance("knowledge base of the State Tax Inspectorate, KM1448 to KM1452", Mark.SOURCE)
_IMPLIED: Final = Provenance("what the notice of February 2023 and SEED imply", Mark.INFERRED)
_QUARTER: Final = Provenance("the notice of February 2023 says a quarter: one of the calendar", Mark.INFERRED)
_NOWHERE: Final = Provenance("no source found: as for registered consignors", Mark.NOT_FOUND)
_CARDS: Final = Provenance("service cards of the State Tax Inspectorate, in English", Mark.VERIFIED)
_EARLIER: Final = Provenance("earlier rules on registered consignors (order VA-62)", Mark.VERIFIED)


def _needs(*rows: tuple[RequestNeed, str, Provenance]) -> tuple[Needed, ...]:
    return tuple(Needed(need=need, rule=rule, provenance=provenance) for need, rule, provenance in rows)


def _applicant(rule: str) -> tuple[tuple[RequestNeed, str, Provenance], ...]:
    """Who asks, and what goods at which places: the exact fields of the requests are not known."""
    asked = (RequestNeed.CODE, RequestNeed.NAME, RequestNeed.ADDRESS, RequestNeed.EMAIL)
    return tuple((need, rule, _IMPLIED) for need in (*asked, RequestNeed.GOODS, RequestNeed.PLACES))


def _lasting(rule: str, quarter: str) -> tuple[tuple[RequestNeed, str, Provenance], ...]:
    return (
        *_applicant(rule),
        (RequestNeed.MONTHLY, rule, _IMPLIED),
        (RequestNeed.PER_QUARTER, quarter, _IMPLIED),
    )


def _once(rule: str, quarter: str, other: str) -> tuple[tuple[RequestNeed, str, Provenance], ...]:
    return (
        *_applicant(rule),
        (RequestNeed.QUANTITY, rule, _IMPLIED),
        (RequestNeed.COUNTERPARTY, other, _NOTICE),
        (RequestNeed.PLANNED_ON, rule, _IMPLIED),
        (RequestNeed.PER_QUARTER, quarter, _IMPLIED),
    )


_FROM: Final = Provenance("which day begins the 30 days stands nowhere", Mark.NOT_FOUND)


def _starts(rule: str) -> LegalChoice:
    return LegalChoice(rule=rule, chosen=StartOf.VALIDITY.value, among=tuple(StartOf), provenance=_FROM)


_NUMBERS: Final = LegalChoice(
    rule="CCE-5",
    chosen="LT###########",
    provenance=Provenance("how Lithuania makes its excise numbers was not found", Mark.NOT_FOUND),
)

_PROCEDURES: Final = (
    Procedure(
        status=_CONSIGNEE,
        first=START,
        rule="CCE-3",
        decision_rule="CCE-4",
        needs=_needs(*_lasting("CCE-3", "CCE-2"), (RequestNeed.SECURITY, "CCE-3", _NOTICE)),
        secured=True,
        security_rule="CCE-4",
        provenance=_NOTICE,
    ),
    Procedure(
        status=_ONE_RECEIPT,
        first=START,
        rule="CCE-3",
        decision_rule="CCE-4",
        needs=_needs(*_once("CCE-3", "CCE-2", "CCE-6"), (RequestNeed.SECURITY, "CCE-3", _NOTICE)),
        secured=True,
        security_rule="CCE-4",
        temporary=LegalFigure(number=Decimal(3), rule="CCE-2", provenance=_NOTICE),
        quarter=_QUARTER,
        starts=_starts("CCE-6"),
        provenance=_NOTICE,
    ),
    Procedure(
        status=_CONSIGNOR,
        first=START,
        rule="CCR-2",
        decision_rule="CCR-2",
        needs=_needs(*_lasting("CCR-2", "CCR-1")),
        secured=False,
        provenance=_NOTICE,
    ),
    Procedure(
        status=_ONE_DISPATCH,
        first=START,
        rule="CCR-2",
        decision_rule="CCR-2",
        needs=_needs(*_once("CCR-2", "CCR-1", "CCR-1")),
        secured=False,
        temporary=LegalFigure(number=Decimal(3), rule="CCR-1", provenance=_NOTICE),
        quarter=_QUARTER,
        starts=_starts("CCR-1"),
        provenance=_NOTICE,
    ),
    Procedure(
        status=_IMPORTER,
        first=START,
        rule="RC-2",
        decision_rule="RC-4",
        needs=_needs(
            *_applicant("RC-2"),
            (RequestNeed.MONTHLY, "RC-2", _GUIDE),
            (RequestNeed.LICENCES, "RC-2", _GUIDE),
            (RequestNeed.SECURITY, "RC-2", _GUIDE),
        ),
        secured=True,
        security_rule="RC-2",
        reducible=True,
        # Which activities are regulated is not said: a licence is asked for whatever the goods are.
        regulated=CATEGORIES,
        provenance=_GUIDE,
    ),
)


def _term(
    purpose: CaseTerm,
    statuses: frozenset[OperatorType],
    rule: str,
    number: int,
    provenance: Provenance,
    unit: Unit = Unit.WORKING_DAYS,
) -> DatedTerm:
    term = Term(rule=rule, number=number, unit=unit, provenance=provenance)
    return DatedTerm(purpose=purpose, statuses=statuses, first=START, term=term)


_LIKE_OTHERS: Final = Provenance(
    "as for temporary registered consignees with all security (service cards)", Mark.INFERRED
)
_LIKE_IMPORTERS: Final = Provenance("as for registered consignors (KM1449, KM1450)", Mark.INFERRED)
_OLD_PAGE: Final = Provenance("earlier page on registered consignors (KM1448)", Mark.VERIFIED)
_THIRTY: Final = Provenance("notice of February 2023: 30 days; which day they begin is inferred", Mark.INFERRED)

_TERMS: Final = MappingProxyType(
    {
        "decision": _term(CaseTerm.DECISION, frozenset({_IMPORTER}), "RC-4", 15, _GUIDE),
        "consignee_decision": _term(CaseTerm.DECISION, _CONSIGNEES, "CCE-4", 15, _NOWHERE),
        "secured_decision": _term(CaseTerm.SECURED_DECISION, frozenset({_ONE_RECEIPT}), "CCE-4", 5, _LIKE_OTHERS),
        "consignor_decision": _term(CaseTerm.DECISION, _CONSIGNORS, "CCR-2", 15, _NOWHERE),
        "security_decision": _term(CaseTerm.SECURITY_DECISION, _SECURED, "RC-7", 4, _CARDS),
        "change": _term(CaseTerm.CHANGE, frozenset({_IMPORTER}), "RC-12", 5, _GUIDE),
        "certified_change": _term(CaseTerm.CHANGE, _CERTIFIED, "RC-12", 5, _LIKE_IMPORTERS),
        "registration_notice": _term(CaseTerm.REGISTRATION_NOTICE, frozenset({_IMPORTER}), "RC-4", 1, _OLD_PAGE),
        "consignee_notice": _term(CaseTerm.REGISTRATION_NOTICE, _CONSIGNEES, "CCE-3", 1, _LIKE_IMPORTERS),
        "consignor_notice": _term(CaseTerm.REGISTRATION_NOTICE, _CONSIGNORS, "CCR-2", 1, _LIKE_IMPORTERS),
        "end_notice": _term(CaseTerm.END_NOTICE, frozenset({_IMPORTER}), "RC-13", 5, _GUIDE),
        "certified_end_notice": _term(CaseTerm.END_NOTICE, _CERTIFIED, "RC-13", 5, _LIKE_IMPORTERS),
        "inactivity": _term(CaseTerm.INACTIVITY, frozenset({_IMPORTER}), "RC-14", 6, _GUIDE, Unit.MONTHS),
        "cover": _term(CaseTerm.COVER, frozenset({_IMPORTER}), "RC-14", 10, _GUIDE),
        "consignee_days": _term(
            CaseTerm.TEMPORARY, frozenset({_ONE_RECEIPT}), "CCE-6", 30, _THIRTY, Unit.CALENDAR_DAYS
        ),
        "consignor_days": _term(
            CaseTerm.TEMPORARY, frozenset({_ONE_DISPATCH}), "CCR-1", 30, _THIRTY, Unit.CALENDAR_DAYS
        ),
    }
)
"""The terms, with the names that settings may call them by."""


def _channels(
    acts: frozenset[ActKind],
    statuses: frozenset[OperatorType],
    rule: str,
    provenance: Provenance,
    *channels: Channel,
    signature: DocumentSignature | None = None,
) -> tuple[ChannelRow, ...]:
    return tuple(
        ChannelRow(
            acts=acts,
            statuses=statuses,
            channel=channel,
            signature=signature,
            rule=rule,
            first=START,
            provenance=provenance,
        )
        for channel in channels
    )


_ASKING: Final = frozenset({ActKind.SUBMIT, ActKind.ADD, ActKind.REQUEST_CHANGE})
_PROVING: Final = frozenset({ActKind.PROVE})
_SECURING: Final = frozenset({ActKind.GIVE_SECURITY})
_TELLING: Final = frozenset({ActKind.REFUSE, ActKind.DEREGISTER})
_ANSWERING: Final = frozenset(
    {
        *(ActKind.ASK, ActKind.SET_AMOUNT, ActKind.EXEMPT, ActKind.ACCEPT_SECURITY, ActKind.REJECT_SECURITY),
        *(ActKind.REGISTER, ActKind.CHANGE, ActKind.REFUSE_CHANGE),
    }
)
_SERVICES: Final = Provenance("services of Mano VMI, as for registered consignors (KM1452)", Mark.INFERRED)

_CHANNELS: Final = (
    *_channels(_ASKING, _CONSIGNEES, "CCE-3", _NOTICE, Channel.EMAIL),
    *_channels(_ASKING, _CONSIGNEES, "CCE-3", _SERVICES, Channel.MANO_VMI),
    *_channels(_ASKING, _CONSIGNORS, "CCR-2", _NOTICE, Channel.EMAIL),
    *_channels(_ASKING, _CONSIGNORS, "CCR-2", _SERVICES, Channel.MANO_VMI),
    *_channels(_ASKING, frozenset({_IMPORTER}), "RC-3", _GUIDE, Channel.MANO_VMI),
    *_channels(_PROVING, _SECURED, "RC-8", _GUIDE, Channel.MANO_VMI),
    *_channels(
        _SECURING, _SECURED, "RC-7", _GUIDE, Channel.MANO_VMI, Channel.AIS, signature=DocumentSignature.QUALIFIED
    ),
    *_channels(_SECURING, _SECURED, "RC-7", _GUIDE, Channel.IN_PERSON, Channel.POST, signature=DocumentSignature.INK),
    *_channels(_TELLING, _CONSIGNEES, "CCE-4", _NOTICE, Channel.MANO_VMI),
    *_channels(_TELLING, _CONSIGNORS, "CCR-2", _NOTICE, Channel.MANO_VMI),
    *_channels(_TELLING, frozenset({_IMPORTER}), "RC-13", _GUIDE, Channel.MANO_VMI),
    *_channels(_ANSWERING, _CONSIGNEES, "CCE-3", _SERVICES, Channel.MANO_VMI, Channel.EMAIL),
    *_channels(_ANSWERING, _CONSIGNORS, "CCR-2", _SERVICES, Channel.MANO_VMI, Channel.EMAIL),
    *_channels(_ANSWERING, frozenset({_IMPORTER}), "RC-4", _SERVICES, Channel.MANO_VMI),
)

REGISTRATION: Final = RegistrationLaw(
    state="LT", procedures=_PROCEDURES, terms=_TERMS, channels=_CHANNELS, numbers=_NUMBERS
)
"""All of it."""
