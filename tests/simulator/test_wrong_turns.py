"""What tests say of simulated states and cannot mean: each is told with the way out."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from esad_gateway.errors import UnreadableInput
from esad_gateway.simulator.goods import wine
from esad_gateway.simulator.world.emcs import BEGINS, Emcs
from esad_gateway.simulator.world.traders import SubmissionRefused


@pytest.fixture
def emcs() -> Iterator[Emcs]:
    """A world without states."""
    with Emcs(seed=7) as world:
        yield world


def asked(emcs: Emcs) -> Any:
    """The same as somebody has it whose types nobody checks."""
    return emcs


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"to": "PL"}, r"to: expected a consignee, as emcs.consignee\(.PL.\) makes one \(got 'PL'\)"),
        ({"lines": wine(900)}, r"lines: expected lines in a list, such as \[wine\(litres=900\)\]"),
        ({"lines": ["wine"]}, "lines: expected lines in a list"),
    ],
)
def test_dispatch_that_cannot_be_is_told(emcs: Emcs, arguments: dict[str, Any], told: str) -> None:
    """Before a draft is made of it."""
    vilnius, warsaw = asked(emcs).consignor("LT"), emcs.consignee("PL")
    with pytest.raises(UnreadableInput, match=told):
        vilnius.dispatch(**{"to": warsaw, **arguments})
    with pytest.raises(UnreadableInput, match=r"got <consignor LT"):
        vilnius.dispatch(to=vilnius)


def test_quantities_are_taken_as_they_are_written(emcs: Emcs) -> None:
    """Seven tenths of a litre are that, and no number of fifty digits; what is no number is told."""
    assert wine(litres=0.7).quantity == Decimal("0.7")
    assert emcs.consignor("LT").dispatch(emcs.consignee("PL"), lines=[wine(litres=0.7)]).state == "accepted"
    several: Any = "many"
    for quantity in (several, float("inf")):
        with pytest.raises(UnreadableInput, match="a quantity is a number"):
            wine(litres=quantity)


def test_refusal_of_the_schema_reads_as_sentences(emcs: Emcs) -> None:
    """What is wrong and what was expected have a full stop between them."""
    with pytest.raises(SubmissionRefused, match=r"this value is not allowed\. Expected: "):
        emcs.consignor("LT").dispatch(emcs.consignee("PL"), lines=[wine(litres=0)])


def test_clock_is_moved_by_a_span_or_to_a_moment_as_it_is_written(emcs: Emcs) -> None:
    """A timedelta says how far, and ISO 8601 to where."""
    assert emcs.clock.advance(timedelta(hours=2), minutes=30) == BEGINS + timedelta(hours=2, minutes=30)
    assert emcs.clock.to("2026-03-09T12:00:00+02:00") == datetime(2026, 3, 9, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("order", "told"),
    [
        (lambda clock: clock.advance(), "the clock goes forward by seconds, .*; found None"),
        (lambda clock: clock.advance(3), "found 3"),
        (lambda clock: clock.advance(timedelta(days=-1)), "goes forward only"),
        (lambda clock: clock.to("2026-03-09"), "a moment has an offset"),
        (lambda clock: clock.to("tomorrow"), "or a moment such as 2026-03-09T10:00:00Z"),
    ],
)
def test_order_to_the_clock_that_cannot_be_is_told(emcs: Emcs, order: Callable[[Any], object], told: str) -> None:
    """It stands where it stood."""
    with pytest.raises(UnreadableInput, match=told):
        order(emcs.clock)
    assert emcs.clock.now == BEGINS


def test_script_for_a_state_that_is_not_simulated_is_told(emcs: Emcs) -> None:
    """A step that nobody could ever take is no step that has not happened yet: every one is told, and nothing plays."""
    emcs.world.only = frozenset({"PL"})
    script = """
    [[step]]
    when.state = "DE"
    then.do = "refuse"

    [[step]]
    when.trader = "FR00000000101"
    then.do = "refuse"

    [[step]]
    when.state = "PL"
    then.do = "refuse"
    """
    with pytest.raises(UnreadableInput) as refused:
        emcs.play(script)
    assert str(refused.value).splitlines() == [
        "step[1].when.state: DE is not simulated here; these are: PL",
        "step[2].when.trader: FR is not simulated here; these are: PL",
    ]
    emcs.check()


def test_world_says_in_a_failure_what_it_is(emcs: Emcs) -> None:
    """Where a test fails its fixtures are shown."""
    emcs.consignor("LT")
    assert repr(emcs) == "<EMCS of LT at 2026-03-02 10:00:00 UTC, seed 7>"


def test_wish_that_is_written_wrongly_is_told_with_the_right_one(emcs: Emcs) -> None:
    """Whoever does not mean what a temporary authorisation says is not told of that."""
    with pytest.raises(UnreadableInput, match=r"^wil: did you mean will\?$"):
        asked(emcs).consignee("PL", wil="refuse")
    with pytest.raises(UnreadableInput, match=r"^untill: did you mean until\?$"):
        asked(emcs).consignor("PL", temporary=True, untill=None)
    assert not emcs.traders
