"""Receipts, and what their declarations are made by."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from esad_gateway.ais.actors import ActorKind, DoneBy
from esad_gateway.ais.declarations.filing import DutySecured, FiledDeclaration, FilingCase, FilingTaken
from esad_gateway.ais.declarations.period import TaxPeriod
from esad_gateway.ais.declarations.projecting import DeclarationBasis, DeclarationDraft, drafted
from esad_gateway.ais.declarations.receipt import GoodsReceipt, ReceivedLine, Route
from esad_gateway.emcs.registry import OperatorType
from esad_gateway.emcs.working_days import Calendar
from esad_gateway.profiles.lithuania.declarations import DECLARATIONS
from esad_gateway.profiles.lithuania.tariffs import DUTY

TRADER = "LT00000000801"
ARC = "25PL0000000000000001A1"[:21]
BASIS = DeclarationBasis(law=DECLARATIONS, duty=DUTY)
CERTIFIED, TEMPORARY = OperatorType.CERTIFIED_CONSIGNEE, OperatorType.TEMPORARY_CERTIFIED_CONSIGNEE
KEEPER = OperatorType.AUTHORISED_WAREHOUSEKEEPER
OLD, NEW = TaxPeriod(date(2025, 8, 1)), TaxPeriod(date(2025, 10, 1))
OPERATOR = DoneBy(kind=ActorKind.OPERATOR, name="clerk")
CALENDAR = Calendar(zone=ZoneInfo("Europe/Vilnius"))


def beer(litres: str = "1000", number: int = 1) -> ReceivedLine:
    """Beer of 5 % vol: 548.50 EUR for 1,000 litres in 2025."""
    return ReceivedLine(number, "B000", Decimal(litres), "22030001", Decimal("5.0"))


def wine(litres: str = "900", number: int = 1) -> ReceivedLine:
    """Still wine of 12 % vol: 2,286 EUR for 900 litres in 2025."""
    return ReceivedLine(number, "W200", Decimal(litres), "22042109", Decimal("12.0"))


def received(
    *lines: ReceivedLine, period: TaxPeriod = OLD, route: Route = Route.ESAD, document: str = ARC
) -> GoodsReceipt:
    """A receipt on the fifth of a month."""
    day = period.first.replace(day=5)
    return GoodsReceipt(seed=TRADER, route=route, day=day, document=document, lines=lines or (beer(),))


def draft_of(*receipts: GoodsReceipt, status: OperatorType = CERTIFIED, period: TaxPeriod = OLD) -> DeclarationDraft:
    """The declaration that follows from receipts."""
    return drafted(TRADER, status, period, receipts, BASIS)


def case_on(day: date, filed: Sequence[FiledDeclaration] = (), secured: DutySecured | None = None) -> FilingCase:
    """Noon of a day, with what was filed before."""
    now = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    case = FilingCase(law=DECLARATIONS, calendar=CALENDAR, now=now, by=OPERATOR, filed=filed)
    return replace(case, secured=secured) if secured else case


def taken(answer: object) -> FiledDeclaration:
    """What was filed."""
    assert isinstance(answer, FilingTaken)
    return answer.declaration
