"""The procedures of a second country, which are made up: nothing in them is the law of Germany, whose code they use.

A package beside the product, which a setting names: other terms, statuses and tariffs. Nothing in ``src`` knows it.
"""

from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from esad_gateway.ais.board.law import BoardLaw
from esad_gateway.ais.domain import NationalDomain
from esad_gateway.ais.duty.law import DutyLaw, DutyRate, DutyUnit, PartKind, RatePart, Tariff, TariffGroup
from esad_gateway.ais.figures import LegalChoice, LegalFigure
from esad_gateway.ais.people.law import PeopleLaw
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
)
from esad_gateway.ais.registration.request import Channel
from esad_gateway.ais.terms import Term, Unit
from esad_gateway.emcs.registry import OperatorType
from esad_gateway.faults import Said

MADE_UP: Final = Provenance("made up for tests", Mark.DECIDED)
FIRST: Final = date(2024, 1, 1)
STATUS: Final = OperatorType.CERTIFIED_CONSIGNEE


def _term(rule: str, number: int, unit: Unit) -> Term:
    return Term(rule=rule, number=number, unit=unit, provenance=MADE_UP)


BOARD: Final = BoardLaw(
    report=_term("X-1", 3, Unit.WORKING_DAYS),
    report_awaited=_term("X-2", 3, Unit.WORKING_DAYS),
    destination=_term("X-3", 1, Unit.CALENDAR_DAYS),
    number=_term("X-4", 0, Unit.CALENDAR_DAYS),
)

REGISTRATION: Final = RegistrationLaw(
    state="DE",
    procedures=(
        Procedure(
            status=STATUS,
            first=FIRST,
            rule="X-7",
            decision_rule="X-8",
            needs=tuple(
                Needed(need=need, rule="X-7", provenance=MADE_UP) for need in (RequestNeed.CODE, RequestNeed.NAME)
            ),
            secured=False,
            provenance=MADE_UP,
        ),
    ),
    terms=MappingProxyType(
        {
            "decision": DatedTerm(
                purpose=CaseTerm.DECISION,
                statuses=frozenset({STATUS}),
                first=FIRST,
                term=_term("X-8", 2, Unit.MONTHS),
            )
        }
    ),
    channels=(
        ChannelRow(
            acts=frozenset({ActKind.SUBMIT}),
            statuses=frozenset({STATUS}),
            channel=Channel.POST,
            rule="X-7",
            first=FIRST,
            provenance=MADE_UP,
        ),
    ),
    numbers=LegalChoice(rule="X-7", chosen="DE###########", provenance=MADE_UP),
)

DUTY: Final = DutyLaw(
    state="DE",
    tariffs=(Tariff("wine", Said("duty.tariff.wine")),),
    groups=(TariffGroup(code="77", tariff="wine", products=frozenset({"W200"}), first=FIRST, provenance=MADE_UP),),
    rates=(
        DutyRate(
            tariff="wine",
            unit=DutyUnit.HECTOLITRE,
            first=FIRST,
            parts=(RatePart(PartKind.SPECIFIC, Decimal(7), MADE_UP),),
        ),
    ),
    tax_point=MADE_UP,
    cents=MADE_UP,
)

PEOPLE: Final = PeopleLaw(
    manager_right="may let others act",
    lag=LegalFigure(rule="X-9", number=Decimal(0), provenance=MADE_UP),
    lag_seed=LegalFigure(rule="X-10", number=Decimal(0), provenance=MADE_UP),
    session=LegalFigure(rule="X-11", number=Decimal(30), provenance=MADE_UP),
)

DOMAIN: Final = NationalDomain(state="DE", people=PEOPLE, board=BOARD, registration=REGISTRATION, duty=DUTY)
"""All of it."""

BARE: Final = NationalDomain(state="DE")
"""One that has decided nothing yet."""
