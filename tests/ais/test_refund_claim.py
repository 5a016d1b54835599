"""What a consignor may claim back (REF-1, REF-2): the received part, at the rates of the day on which duty was paid."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from esad_gateway.ais.duty.goods import GoodsUse
from esad_gateway.ais.refunds.claim import PaidDuty, PaidLine, RefundClaim, RefundFacts, claim
from esad_gateway.drafting.reports import Found, reported
from esad_gateway.emcs.codes import GlobalConclusionOfReceipt, StatusType
from esad_gateway.emcs.messages import IE801, IE818
from esad_gateway.profiles.lithuania.refunds import REFUNDS
from esad_gateway.profiles.lithuania.tariffs import DUTY
from esad_gateway.xml.binding import read
from esad_gateway.xml.parse import parse

D = Decimal
FIXTURE = Path(__file__).parents[2] / "fixtures" / "messages" / "ie801" / "valid" / "wine-and-beer.xml"
NOW, TODAY = datetime(2026, 3, 10, 12, tzinfo=UTC), date(2026, 3, 10)
PAID = PaidDuty(on=date(2025, 6, 1), proof="FR0630 2025-06")


@pytest.fixture(scope="module")
def e_sad() -> IE801:
    """An e-SAD of wine (900 l, 12.5 %) and beer (1 000 l, 5.2 %)."""
    found = read(parse(FIXTURE.read_bytes()))
    assert isinstance(found, IE801)
    return found


def received(e_sad: IE801, **found: Any) -> IE818:
    """What the consignee has reported of it."""
    conclusion = GlobalConclusionOfReceipt.ACCEPTED_ALTHOUGH_UNSATISFACTORY
    if not found:
        conclusion = GlobalConclusionOfReceipt.ACCEPTED_AND_SATISFACTORY
    if "refused" in found:
        conclusion = GlobalConclusionOfReceipt.PARTIALLY_REFUSED
    return reported(e_sad, NOW, "PL001000", conclusion, Found(**found))


def facts(e_sad: IE801, one: IE818 | None, **otherwise: Any) -> RefundFacts:
    """A delivered movement, as its consignor asks about it."""
    seed = e_sad.consignor_trader.trader_excise_number
    return replace(RefundFacts(seed=seed, state=StatusType.DELIVERED, e_sad=e_sad, report=one), **otherwise)


def claimed(known: RefundFacts, paid: PaidDuty = PAID) -> RefundClaim:
    """The claim, in which nothing is amiss."""
    found = claim(known, paid, TODAY, DUTY, REFUNDS)
    assert isinstance(found, RefundClaim), found
    return found


def amiss(known: RefundFacts, paid: PaidDuty = PAID) -> list[tuple[str, str]]:
    """Place and name of everything that is in the way."""
    found = claim(known, paid, TODAY, DUTY, REFUNDS)
    assert not isinstance(found, RefundClaim)
    return [(one.path, one.text.key.split(".")[1]) for one in found]


def test_everything_that_arrived_is_claimed_at_the_rates_of_payment(e_sad: IE801) -> None:
    """9 hl of wine at 254 and 52 hl x % vol of beer at 10.97, and the forms of order 255."""
    made = claimed(facts(e_sad, received(e_sad)))

    assert made.assessment.amount == D("2856.44")
    assert [form.code for form in made.forms] == ["FR0396", "FR0397", "FR0781"]
    assert {form.provenance.mark for form in made.forms if form.code == "FR0397"} == {"I"}
    assert (made.arc, made.consignor) == (e_sad.excise_movement.administrative_reference_code, facts(e_sad, None).seed)


def test_shortages_are_shown_and_not_claimed(e_sad: IE801) -> None:
    """100 l of wine short, and more beer than was sent: nobody is given back more than was paid."""
    made = claimed(facts(e_sad, received(e_sad, shortages={1: D(100)}, excesses={2: D(10)})))
    wine, beer = made.lines

    assert (wine.shortage, wine.received, beer.excess, beer.received) == (D(100), D(800), D(10), D(1000))
    assert made.assessment.amount == D("2032.00") + D("570.44")


def test_received_part_of_what_was_partly_refused_is_claimed(e_sad: IE801) -> None:
    """All of the wine was refused: only the beer is claimed, and the wine stands there with nothing."""
    partly = received(e_sad, refused={1: D(900)})
    made = claimed(facts(e_sad, partly, state=StatusType.PARTIALLY_REFUSED))

    assert [(line.reference, line.received) for line in made.lines] == [(1, D(0)), (2, D(1000))]
    assert made.assessment.amount == D("570.44")


def test_use_that_was_claimed_counts_for_its_line(e_sad: IE801) -> None:
    """Beer of a small brewery had half the rate, so half is given back."""
    paid = replace(PAID, lines=(PaidLine(line=2, use=GoodsUse.SMALL_BREWERY),))

    assert claimed(facts(e_sad, received(e_sad)), paid).assessment.amount == D("2286.00") + D("285.22")


@pytest.mark.parametrize(
    ("otherwise", "paid", "told"),
    [
        pytest.param({"seed": "PL00000000201"}, {}, [("seed", "not_consignor")], id="the consignee asks"),
        pytest.param({"state": StatusType.ACCEPTED}, {}, [("state", "not_delivered")], id="on its way"),
        pytest.param({"report": None}, {}, [("state", "not_delivered")], id="closed without a report"),
        pytest.param({}, {"on": None}, [("paid_on", "paid_on")], id="no day"),
        pytest.param({}, {"on": date(2026, 3, 11)}, [("paid_on", "paid_later")], id="paid tomorrow"),
        pytest.param({}, {"proof": " "}, [("proof", "proof")], id="no proof"),
        pytest.param({}, {"proof": "x" * 351}, [("proof", "proof")], id="a long proof"),
        pytest.param({}, {"proof": "a\x00b"}, [("proof", "proof")], id="a proof that is no text"),
        pytest.param({}, {"lines": (PaidLine(line=7),)}, [("lines[1].line", "line")], id="no such line"),
        pytest.param(
            {}, {"lines": (PaidLine(line=1),) * 2}, [("lines[1].line", "line"), ("lines[2].line", "line")], id="twice"
        ),
        pytest.param(
            {"state": StatusType.REFUSED},
            {"on": None, "proof": ""},
            [("state", "not_delivered"), ("paid_on", "paid_on"), ("proof", "proof")],
            id="all at once",
        ),
    ],
)
def test_what_is_in_the_way_is_told(
    e_sad: IE801, otherwise: dict[str, Any], paid: dict[str, Any], told: list[tuple[str, str]]
) -> None:
    """By its place, all at once, under REF-1."""
    assert amiss(facts(e_sad, received(e_sad), **otherwise), replace(PAID, **paid)) == told


def test_nothing_received_is_nothing_to_claim(e_sad: IE801) -> None:
    """Where each line was refused or is missing altogether."""
    nothing = received(e_sad, shortages={1: D(900), 2: D(1000)})

    refused = reported(e_sad, NOW, "PL001000", GlobalConclusionOfReceipt.REFUSED, Found())

    assert amiss(facts(e_sad, nothing)) == [("report", "nothing_received")]
    assert amiss(facts(e_sad, refused)) == [("report", "nothing_received")]


def test_goods_without_a_rate_on_that_day_say_so(e_sad: IE801) -> None:
    """What duty cannot be reckoned on cannot be claimed either, and the fault is that of the tariff."""
    nameless = replace(e_sad, consignee_trader=None)

    assert amiss(facts(e_sad, received(e_sad)), replace(PAID, on=date(2022, 6, 1))) == [
        ("goods[1].product", "no_group"),
        ("goods[2].product", "no_group"),
    ]
    assert claimed(facts(nameless, received(e_sad))).consignee == ""
