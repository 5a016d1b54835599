"""Registration cases of Lithuania as tests make them: acts on days of March 2026, one after the other."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from esad_gateway.ais.actors import ActorKind, DoneBy
from esad_gateway.ais.registration.acts import (
    OFFICIAL,
    ActKind,
    ActValues,
    Added,
    AdditionsAsked,
    AmountSet,
    CaseAct,
    CertificateChanged,
    ChangeRefused,
    ChangeRequested,
    DepositPaid,
    Deregistered,
    EndGround,
    Explained,
    Informed,
    LicenceRevoked,
    NumberGiven,
    ProofGiven,
    RefusalGround,
    RequestRefused,
    SecurityAccepted,
    SecurityGiven,
    Submitted,
)
from esad_gateway.ais.registration.case import ActRefused, ActTaken, CaseFacts, RegistrationCase
from esad_gateway.ais.registration.deciding import decide
from esad_gateway.ais.registration.request import (
    Applicant,
    CaseDocument,
    Channel,
    CounterTrader,
    DocumentSignature,
    GoodsPlace,
    RegistrationRequest,
    RequestedGoods,
    SecurityKind,
    TradeLicence,
)
from esad_gateway.emcs.registry import OperatorType
from esad_gateway.profiles.calendars import calendars
from esad_gateway.profiles.lithuania.registration import REGISTRATION

LAW: Final = REGISTRATION
CALENDAR: Final = calendars({})["LT"]
FACTS: Final = CaseFacts(
    calendar=CALENDAR,
    tariff_groups={"110": frozenset({"B000"}), "210": frozenset({"W200"})},
    offices=frozenset({"LT000001"}),
)
TRADER: Final = DoneBy(kind=ActorKind.SERVICE, name="LT00000000001")
OFFICER: Final = DoneBy(kind=ActorKind.PERSON, name="officer-1", role="excise_officer")
OTHER_OFFICER: Final = replace(OFFICER, name="officer-2")

STATUSES: Final = tuple(one.status for one in LAW.procedures)
TEMPORARY: Final = frozenset(one.status for one in LAW.procedures if one.temporary)
SECURED: Final = frozenset(one.status for one in LAW.procedures if one.secured)
SUBMITTED: Final = date(2026, 3, 2)
"""A Monday, on which the cases begin."""

WINE: Final = RequestedGoods(product="W200", tariff_group="210", monthly=Decimal(900), quantity=Decimal(900))
BEER: Final = RequestedGoods(product="B000", tariff_group="110", monthly=Decimal(1000), quantity=Decimal(1000))
WAREHOUSE: Final = GoodsPlace(street="Example street 1", city="Vilnius", postcode="01001")
PROOF: Final = CaseDocument(name="proof.pdf", digest="0" * 64)
SEED: Final = "LT0000000C001"


def request(status: OperatorType = OperatorType.CERTIFIED_CONSIGNEE, **changes: Any) -> RegistrationRequest:
    """A request for a status that has all it needs, or other values where they are given."""
    temporary = status in TEMPORARY
    whole = RegistrationRequest(
        status=status,
        applicant=Applicant(
            code="100000001",
            name="Trader One",
            street="Example street",
            number="1",
            postcode="01001",
            city="Vilnius",
            email="trader-one@example.test",
        ),
        goods=(WINE,),
        places=(WAREHOUSE,),
        licences=(TradeLicence(number="L-1", categories="WB", valid_from=date(2025, 1, 1)),),
        counterparty=CounterTrader(seed="PL0000000C001", name="Trader Two", street="Street 2", city="Poznan")
        if temporary
        else None,
        per_quarter=1 if temporary else 12,
        planned_on=date(2026, 3, 20) if temporary else None,
        security=SecurityKind.DEPOSIT,
    )
    return replace(whole, **changes)


VALUES: Final[Mapping[ActKind, ActValues]] = MappingProxyType(
    {
        ActKind.ASK: AdditionsAsked(items=("contract with the consignor",), channel=Channel.MANO_VMI),
        ActKind.ADD: Added(channel=Channel.MANO_VMI, documents=(PROOF,)),
        ActKind.SET_AMOUNT: AmountSet(amount=Decimal("2286.00")),
        ActKind.EXEMPT: Explained(why="point 7"),
        ActKind.PAY: DepositPaid(amount=Decimal("2286.00"), reference="P-1"),
        ActKind.PROVE: ProofGiven(channel=Channel.MANO_VMI, document=PROOF),
        ActKind.GIVE_SECURITY: SecurityGiven(
            kind=SecurityKind.SURETY,
            amount=Decimal("2286.00"),
            guarantor="Insurer One",
            channel=Channel.MANO_VMI,
            signature=DocumentSignature.QUALIFIED,
            document=PROOF,
            until=date(2027, 3, 1),
        ),
        ActKind.ACCEPT_SECURITY: SecurityAccepted(number="S-1"),
        ActKind.REJECT_SECURITY: Explained(why="the payment is unknown"),
        ActKind.REGISTER: NumberGiven(
            seed=SEED,
            valid_from=date(2026, 3, 10),
            office="LT000001",
            certificate="C-1",
            goods=(WINE,),
            places=(WAREHOUSE,),
        ),
        ActKind.REFUSE: RequestRefused(
            grounds=(RefusalGround.INSOLVENT,), why="the register says so", channel=Channel.MANO_VMI
        ),
        ActKind.WITHDRAW: Explained(why="no longer needed"),
        ActKind.REQUEST_CHANGE: ChangeRequested(goods=(WINE, BEER), places=(WAREHOUSE,), channel=Channel.MANO_VMI),
        ActKind.CHANGE: CertificateChanged(from_day=date(2026, 3, 25), goods=(WINE, BEER), places=(WAREHOUSE,)),
        ActKind.REFUSE_CHANGE: ChangeRefused(why="no licence for beer", channel=Channel.MANO_VMI),
        ActKind.NOTE_REVOCATION: LicenceRevoked(number="L-1", from_day=date(2026, 3, 20)),
        ActKind.REQUEST_END: Explained(why="the trade has ended"),
        ActKind.DEREGISTER: Deregistered(from_day=date(2026, 3, 31), grounds=(EndGround.NO_COVER,), why="no new one"),
        ActKind.INFORM: Informed(channel=Channel.MANO_VMI),
    }
)
"""Values of each act in which nothing is wrong, in March 2026."""


def at(day: date, hour: int = 8) -> datetime:
    """A moment of a day."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def act(
    kind: ActKind, day: date = SUBMITTED, /, *, by: DoneBy | None = None, on: date | None = None, **changes: Any
) -> CaseAct:
    """An act of a kind on a day, done by who may, with the usual values or others."""
    whole = VALUES[kind] if kind is not ActKind.SUBMIT else Submitted(request=request(), channel=Channel.MANO_VMI)
    usual = OFFICER if kind in OFFICIAL else TRADER
    return CaseAct(kind=kind, at=at(day), by=by or usual, values=replace(whole, **changes), on=on)


def submitted(asked: RegistrationRequest, day: date = SUBMITTED) -> CaseAct:
    """The act that begins a case."""
    return act(ActKind.SUBMIT, day, request=asked)


def taken(case: RegistrationCase | None, one: CaseAct, facts: CaseFacts = FACTS) -> ActTaken:
    """What comes of an act that has to be taken."""
    found = decide(case, one, facts, LAW)
    assert isinstance(found, ActTaken), found
    return found


def passes(case: RegistrationCase | None, one: CaseAct, facts: CaseFacts = FACTS) -> bool:
    """Whether an act is taken."""
    return isinstance(decide(case, one, facts, LAW), ActTaken)


def refused(case: RegistrationCase | None, one: CaseAct, facts: CaseFacts = FACTS) -> ActRefused:
    """What comes of an act that has to be refused."""
    found = decide(case, one, facts, LAW)
    assert isinstance(found, ActRefused), found
    return found


def told(case: RegistrationCase | None, one: CaseAct, facts: CaseFacts = FACTS) -> list[tuple[str, str, str]]:
    """Each fault of a refused act: flaw, requirement and place."""
    faults = refused(case, one, facts).faults
    return [(fault.text.key.split(".")[1], fault.rule, fault.path) for fault in faults]


def begun(
    status: OperatorType = OperatorType.CERTIFIED_CONSIGNEE, *acts: CaseAct | ActKind, **changes: Any
) -> RegistrationCase:
    """A case of a status with the acts that follow its request, each of which is taken."""
    case = taken(None, submitted(request(status, **changes))).case
    for one in acts:
        case = taken(case, act(one) if isinstance(one, ActKind) else one).case
    return case


def secured(status: OperatorType = OperatorType.CERTIFIED_CONSIGNEE, **changes: Any) -> RegistrationCase:
    """A case in which nothing stands before a number any more."""
    needed = (ActKind.SET_AMOUNT, ActKind.PAY, ActKind.PROVE) if status in SECURED else ()
    return begun(status, *needed, **changes)


def registered(status: OperatorType = OperatorType.CERTIFIED_CONSIGNEE, **changes: Any) -> RegistrationCase:
    """A case that has its number."""
    return taken(secured(status, **changes), act(ActKind.REGISTER)).case
