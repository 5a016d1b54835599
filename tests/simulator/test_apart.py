"""A simulation whose states are a process each: whose part of a script is which, and what cannot be divided."""

from datetime import timedelta

import pytest

from esad_gateway.errors import UnreadableInput
from esad_gateway.faults import Said
from esad_gateway.simulator.apart.joined import movements, overview, unmet
from esad_gateway.simulator.apart.one_state import read, written
from esad_gateway.simulator.apart.sharing import check_shares, refused, share_of
from esad_gateway.simulator.injected.reading import injection_of
from esad_gateway.simulator.scripts.model import Do, Script, ScriptStep, Then, Traffic, When
from esad_gateway.simulator.world.emcs import Emcs

BOTH = frozenset({"LT", "PL"})
THEN = Then(do=Do.REFUSE)


def test_share_misses_nothing_that_others_do() -> None:
    """All steps stay where they are; those of others need not happen here, and their faults are not committed here."""
    faults = tuple(map(injection_of, ("lost PL", "lost LT")))
    steps = tuple(ScriptStep(when=When(state=code), then=THEN) for code in ("LT", "PL"))
    by_trader = ScriptStep(when=When(trader="PL00000000101"), then=THEN)
    everywhere = ScriptStep(then=THEN, optional=True)
    traffic = Traffic(origin="PL", destination="LT", every=timedelta(days=1))
    script = Script((*steps, by_trader, everywhere), traffic=(traffic,), faults=faults)
    share = share_of(script, "PL", ["LT00000000101"])
    assert [one.optional for one in share.steps] == [True, False, False, True]
    assert [one.when for one in share.steps] == [one.when for one in script.steps]
    assert share.traffic[0].consignee == "LT00000000101"
    assert share.faults == faults[:1]


@pytest.mark.parametrize(
    "step",
    [
        ScriptStep(then=THEN),
        ScriptStep(then=THEN, optional=True, times=1),
        ScriptStep(then=THEN, optional=True, chance=0.5),
        ScriptStep(then=THEN, optional=True, when=When(nth=2)),
        ScriptStep(then=THEN, when=When(state="FR")),
        ScriptStep(then=THEN, when=When(trader="FR00000000101")),
    ],
)
def test_step_that_nobody_can_count_is_refused(step: ScriptStep) -> None:
    """It has to be about one process, unless it neither counts, nor draws, nor has to happen."""
    check_shares(Script((ScriptStep(then=THEN, optional=True),)), BOTH, None)
    with pytest.raises(UnreadableInput, match=r"step\[1\]"):
        check_shares(Script((step,)), BOTH, None)


def test_traffic_begins_here_and_comes_to_somebody() -> None:
    """Its destination may be the gateway elsewhere."""
    traffic = Traffic(origin="PL", destination="EE", every=timedelta(days=1))
    check_shares(Script(traffic=(traffic,)), BOTH, "EE")
    for other in (traffic, Traffic(origin="EE", destination="PL", every=timedelta(days=1))):
        with pytest.raises(UnreadableInput, match=r"traffic\[1\].*EE is not simulated here"):
            check_shares(Script(traffic=(other,)), BOTH, None)


def test_fault_with_a_certificate_is_refused() -> None:
    """Others would have to be told of that."""
    assert refused(injection_of("duplicate PL"), BOTH) is None
    for words, key in (("expired-certificate PL", "simulate.apart_fault"), ("duplicate FR", "simulate.only")):
        found = refused(injection_of(words), BOTH)
        assert isinstance(found, Said)
        assert found.key == key


def test_operators_are_told_as_they_are() -> None:
    """Another process reads the same records, also of one with a temporary authorisation."""
    with Emcs() as emcs:
        consignor = emcs.consignor("LT", products=["W200"])
        temporary = emcs.consignee("PL", temporary=True, counterparty=consignor, quantities={"W200": 900})
        records = [consignor.operator, temporary.operator]
    assert read(written(records)) == records


def test_both_sides_of_a_movement_are_joined() -> None:
    """Each state tells its own; the whole is in the order of the clocks, and nothing is told twice."""
    early, late = {"at": "2026-03-02T10:00:00+00:00"}, {"at": "2026-03-03T10:00:00+00:00"}
    here = {"movements": [{"arc": "A", "states": {"dispatch": "accepted"}, "timeline": [late]}]}
    there = {"movements": [{"arc": "A", "states": {"destination": "accepted"}, "timeline": [early]}]}
    (whole,) = movements([here, there])
    assert whole == {
        "arc": "A",
        "states": {"dispatch": "accepted", "destination": "accepted"},
        "timeline": [early, late],
    }
    told = [{"states": {code: {}}, "traders": [code], "faults": []} for code in ("LT", "PL")]
    assert overview({"seed": 7}, told) == {
        "seed": 7,
        "states": {"LT": {}, "PL": {}},
        "traders": ["LT", "PL"],
        "faults": [],
    }
    assert unmet([{"unmet": [1]}, {"unmet": [2]}]) == {"unmet": [1, 2]}
