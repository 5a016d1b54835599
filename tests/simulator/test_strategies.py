"""The strategies make what a gateway takes, and what it refuses with the one rule that they say."""

import subprocess
import sys
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from esad_gateway.emcs.messages import IE815
from esad_gateway.errors import UnreadableInput
from esad_gateway.simulator.making.maker import DAY, Made, Size
from esad_gateway.simulator.making.variants import rule_of
from esad_gateway.testing.strategies import broken_messages, drafts, messages

few = settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)


@few
@given(messages())
def test_messages_have_no_fault(made: Made) -> None:
    """Whatever is drawn is valid."""
    assert (made.faults, made.case.faults_of(made.message)) == ((), ())


@few
@given(broken_messages())
def test_broken_messages_have_their_fault(made: Made) -> None:
    """Whatever is drawn breaks the rule that its name says."""
    assert rule_of(made.name.split("-", maxsplit=1)[1]) in {fault.rule for fault in made.faults}


@few
@given(drafts(sizes=[Size.SMALLEST], products=["E430"], states=["SE", "FI"], days=st.just(date(2027, 1, 1))))
def test_draws_are_bounded_by_what_is_said(made: Made) -> None:
    """Sizes, goods, states and days are only those that are named."""
    assert isinstance(made.message, IE815)
    (line,) = made.message.body_ead_esad
    assert line.excise_product_code == "E430"
    assert {made.message.consignor_trader.trader_excise_number[:2]} <= {"SE", "FI"}
    assert made.case.context.now.date() == date(2027, 1, 1)


def test_simplest_message_is_the_usual_one() -> None:
    """It is tried first, and failures shrink towards it: the first type, Lithuania to Poland, on the usual day."""
    tried: list[Made] = []

    @settings(max_examples=1, phases=[Phase.generate], database=None, deadline=None)
    @given(messages(["IE818", "IE815"]))
    def look(made: Made) -> None:
        tried.append(made)

    look()

    assert [made.name for made in tried] == ["ie818-typical-LT-PL"]
    assert tried[0].case.context.now.date() == DAY


def test_rules_that_nothing_breaks_are_refused_at_once() -> None:
    """A slip in the number of a rule is told when the strategy is made, and not as an empty one."""
    with pytest.raises(UnreadableInput, match="R999"):
        broken_messages(["IE815"], ["R999"])


@pytest.mark.parametrize(
    ("drawn", "said"),
    [
        ({"types": ["IE999"]}, "'IE999' is no message"),
        ({"products": [None, "W100"]}, "no product 'W100'"),
        ({"transports": ["9"]}, "no transport '9'"),
        ({"states": ["LT", "GR"]}, "no state 'GR'"),
        ({"states": ["LT"]}, "from LT to LT"),
        ({"states": ["LT", "LT"]}, "from LT to LT"),
    ],
)
def test_what_there_is_not_is_refused_at_once(drawn: dict[str, Any], said: str) -> None:
    """Nothing is left out in silence: a slip would only show as a strategy that draws nothing."""
    with pytest.raises(UnreadableInput, match=said):
        messages(**drawn)


def test_hypothesis_is_not_needed_by_anything_else() -> None:
    """Making test data imports no hypothesis; only the strategies do."""
    look = (
        "import sys, esad_gateway.testing, esad_gateway.simulator.making.maker; sys.exit('hypothesis' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", look], check=False).returncode == 0
