"""Scripts as values: read from TOML, written there, described by a JSON Schema, and held against what is seen."""

import json
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import islice
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from esad_gateway.emcs.working_days import Calendar
from esad_gateway.simulator.injected.catalogue import fault_named
from esad_gateway.simulator.injected.model import BY_ITSELF, Injection
from esad_gateway.simulator.scripts import waits
from esad_gateway.simulator.scripts.contradictions import check
from esad_gateway.simulator.scripts.deeds import DEEDS, REACHED
from esad_gateway.simulator.scripts.keys import SCRIPT, STEP, THEN, TRAFFIC, WHEN, Table
from esad_gateway.simulator.scripts.matching import Played, Sighting
from esad_gateway.simulator.scripts.model import Actor, Do, Script, ScriptStep, Then, Traffic, When
from esad_gateway.simulator.scripts.schema import script_schema
from esad_gateway.simulator.scripts.toml_file import script_of, script_text
from esad_gateway.simulator.scripts.traffic import departures
from esad_gateway.simulator.scripts.unmet import unmet
from esad_gateway.simulator.scripts.waits import InWorkingDays, moment_after, wait_of
from esad_gateway.texts import languages, say

NOW = datetime(2026, 3, 6, 10, 0, tzinfo=UTC)
"""A Friday."""

ARC = "26LT00000000000000PP3"
CALENDAR = Calendar(zone=ZoneInfo("Europe/Warsaw"), public_holidays=frozenset({datetime(2026, 3, 10).date()}))  # noqa: DTZ001
QUANTITIES = st.decimals("0.001", "999999", places=3, allow_nan=False, allow_infinity=False)
LINES = st.dictionaries(st.integers(1, 999), QUANTITIES, min_size=1, max_size=3)
TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=30) | st.just('"\\ \x7f 🍷\n')
SPANS = st.integers(0, 500).map(lambda hours: timedelta(hours=hours))
SOME: Mapping[str, st.SearchStrategy[Any]] = {
    "shortages": LINES,
    "excesses": LINES,
    "refused": LINES,
    "reason": TEXTS,
    "place": TEXTS,
}


def seen(**changes: Any) -> Sighting:
    """An e-SAD for 900 litres of wine that has reached a Polish consignee."""
    usual = Sighting(
        message="IE801",
        who=Actor.CONSIGNEE,
        state="PL",
        trader="PL00000000102",
        arc=ARC,
        at=NOW,
        quantities=(("W200", Decimal(900)),),
    )
    return replace(usual, **changes)


def played(*steps: ScriptStep, complete: bool = False, seed: int = 0) -> Played:
    """A script that is being played."""
    return Played(Script(steps, complete=complete), Random(seed))  # noqa: S311 - repeatable, and no secret


def step(do: Do = Do.ACCEPT, **said: Any) -> ScriptStep:
    """A step; what is no key of its own is one of ``when``."""
    own = {name: said.pop(name) for name in ("times", "chance", "optional") if name in said}
    return ScriptStep(when=When(**said), then=Then(do=do), **own)


@st.composite
def steps(draw: st.DrawFn) -> ScriptStep:
    """A step without a contradiction in it."""
    do = draw(st.sampled_from(Do))
    deed = DEEDS[do]
    told = {
        name: draw(SOME[name]) for name in deed.must | draw(st.sets(st.sampled_from(sorted(deed.may or {"-"})))) - {"-"}
    }
    if {"shortages", "excesses"} <= set(told):
        del told["excesses"]
    who = draw(st.sampled_from([None, *deed.by]))
    message = None if deed.only else draw(st.sampled_from([None, *sorted(REACHED[who or next(iter(deed.by))])]))
    product = draw(st.sampled_from([None, "W200", "S200"]))
    least = draw(st.none() | QUANTITIES) if product else None
    times = draw(st.none() | st.integers(1, 9))
    return ScriptStep(
        when=When(
            who=who,
            message=message,
            state=draw(st.sampled_from([None, "PL", "EL", "XI"])),
            lrn=draw(st.sampled_from([None, "2026-1"])),
            product=product,
            at_least=least,
            at_most=least + 5 if least is not None and draw(st.booleans()) else None,
            nth=draw(st.none() | st.integers(1, 9)) if times is None else None,
        ),
        then=Then(do=do, after=draw(SPANS | st.integers(0, 99).map(InWorkingDays)), **told),
        times=times,
        chance=draw(st.none() | st.floats(0.01, 0.99)),
        optional=draw(st.booleans()),
    )


TRAFFIC_OF = st.builds(
    Traffic,
    origin=st.sampled_from(["PL", "DE"]),
    destination=st.sampled_from(["LT", "EL"]),
    every=SPANS.filter(bool),
    product=st.sampled_from(["W200", "B000"]),
    quantity=st.none() | QUANTITIES,
    spread=SPANS,
    after=SPANS,
    count=st.none() | st.integers(1, 99),
    journey_days=st.integers(1, 92),
    consignor=st.none(),
    consignee=st.sampled_from([None]),
)
FAULT_OF = st.builds(
    Injection,
    faults=st.lists(st.sampled_from(["lost", "duplicate", "reorder"]).map(fault_named), min_size=1, max_size=2).map(
        tuple
    ),
    state=st.sampled_from(["PL", "EL"]),
    message=st.sampled_from([None, "IE818"]),
    other=st.sampled_from([None, "LT"]),
    nth=st.integers(1, 9),
    times=st.none() | st.just(BY_ITSELF) | st.integers(1, 9),
    share=st.just(1.0) | st.floats(0.01, 1),
    after=SPANS,
)
SCRIPTS = st.builds(
    Script,
    st.lists(steps(), min_size=1, max_size=3).map(tuple),
    st.lists(TRAFFIC_OF, max_size=2).map(tuple),
    title=TEXTS | st.just(""),
    complete=st.booleans(),
    faults=st.lists(FAULT_OF, max_size=2).map(tuple),
)


@given(SCRIPTS)
def test_script_that_is_written_is_read_as_the_same(script: Script) -> None:
    """TOML and Python are one model: nothing is lost on the way there and back, but steps that nothing can reach."""
    alone = replace(script, steps=script.steps[:1])

    assert script_of(script_text(alone)) == alone
    assert check(alone) is alone


@given(SCRIPTS)
def test_script_that_is_written_fits_its_schema(script: Script) -> None:
    """What can be written, an editor that knows the schema finds nothing wrong with."""
    import tomllib  # noqa: PLC0415 - what an editor does, beside our reader

    told = tomllib.loads(script_text(script))

    assert [error.message for error in Draft7Validator(script_schema()).iter_errors(told)] == []


@pytest.mark.parametrize(
    "wrong",
    [
        "titel = 'x'",
        "complete = 1",
        "[[step]]",
        "[[step]]\nthen = { do = 'acept' }",
        "[[step]]\nthen = { do = 'accept', refused = { 1 = 5 } }",
        "[[step]]\nthen = { do = 'partially refuse' }",
        "[[step]]\nthen = { do = 'accept', shortages = { 0 = 5 } }",
        "[[step]]\nthen = { do = 'accept', after = '2 fortnights' }",
        "[[step]]\nthen = { do = 'accept' }\nwhen = { state = 'GR' }",
        "[[step]]\nthen = { do = 'accept' }\nwhen = { nth = 0 }",
        "[[step]]\nthen = { do = 'accept' }\nwhen = { product = 'W2000' }",
        "[[step]]\nthen = { do = 'accept' }\ntimes = 0",
        "[[step]]\nthen = { do = 'accept' }\nchance = 1",
        "[[traffic]]\nfrom = 'PL'\nto = 'LT'",
        "[[traffic]]\nfrom = 'PL'\nto = 'LT'\nevery = '3 working days'",
        "",
    ],
)
def test_schema_refuses_what_the_reader_refuses(wrong: str) -> None:
    """An editor underlines what a run would refuse, as far as one table tells."""
    import tomllib  # noqa: PLC0415 - what an editor does, beside our reader

    assert list(Draft7Validator(script_schema()).iter_errors(tomllib.loads(wrong)))


def test_schema_is_one() -> None:
    """It is a JSON Schema by the schema of schemas, and JSON."""
    Draft7Validator.check_schema(script_schema())
    assert json.loads(json.dumps(script_schema())) == script_schema()


@pytest.mark.parametrize("table", [SCRIPT, STEP, WHEN, THEN, TRAFFIC], ids=lambda table: table.made.__name__)
def test_every_field_of_the_model_has_a_key(table: Table) -> None:
    """What Python can say, TOML can say."""
    assert sorted(key.of_model for key in table.keys) == sorted(one.name for one in fields(table.made))


def test_every_deed_is_described() -> None:
    """What can be done is a row of the table, by somebody, about a message that reaches who does it."""
    assert set(DEEDS) == set(Do)
    for deed in DEEDS.values():
        assert all(message in REACHED[who] for who, message in deed.by.items())


@pytest.mark.parametrize(
    ("words", "wait"),
    [
        ("2 days", timedelta(days=2)),
        ("1 day", timedelta(days=1)),
        ("36 hours", timedelta(hours=36)),
        ("90 minutes", timedelta(minutes=90)),
        ("3 working days", InWorkingDays(3)),
        ("1 working day", InWorkingDays(1)),
        ("2 fortnights", None),
        ("two days", None),
        ("2days", None),
        ("-2 days", None),
        ("2 days ", None),
        ("3 working hours", None),
    ],
)
def test_waits_are_read_in_words(words: str, wait: waits.Wait | None) -> None:
    """A number and a unit; nothing else is taken for a time."""
    assert wait_of(words) == wait
    assert wait is None or wait_of(waits.in_words(wait)) == wait


@pytest.mark.parametrize(
    ("days", "until"), [(0, (6, 10)), (1, (9, 10)), (2, (11, 10))], ids=["none", "over a weekend", "over a holiday"]
)
def test_working_days_are_those_of_the_state(days: int, until: tuple[int, int]) -> None:
    """Weekends and holidays do not count, and the hour of the day stays."""
    assert moment_after(NOW, InWorkingDays(days), CALENDAR) == datetime(2026, 3, *until, tzinfo=UTC)


def test_first_step_that_fits_is_taken() -> None:
    """In the order of the script; a step that has had its times lets the next one have the message."""
    acts = played(step(product="B000"), step(Do.REFUSE, times=1), step(Do.ALERT))

    assert [acts.step(seen()) for _ in range(3)] == [1, 2, 2]


@pytest.mark.parametrize(
    ("when", "fits"),
    [
        ({}, True),
        ({"state": "DE"}, False),
        ({"trader": "PL00000000103"}, False),
        ({"arc": ARC}, True),
        ({"lrn": "another"}, False),
        ({"product": "W200", "at_least": Decimal(901)}, False),
        ({"product": "W200", "at_least": Decimal(900), "at_most": Decimal(900)}, True),
        ({"product": "W200", "at_most": Decimal(899)}, False),
        ({"message": "IE802"}, False),
        ({"nth": 2}, False),
    ],
)
def test_step_fits_by_every_condition(when: Mapping[str, Any], *, fits: bool) -> None:
    """State, trader, ARC, local reference number, product, quantity, type and turn."""
    assert (played(step(**when)).step(seen()) is not None) is fits


def test_nth_counts_what_fits() -> None:
    """The second one of wine, whatever came between, and whoever took the first."""
    acts = played(step(Do.REFUSE, product="W200", nth=2), step())
    beer = seen(quantities=(("B000", Decimal(5)),))

    assert [acts.step(one) for one in (seen(), beer, seen(), seen())] == [1, 1, 0, 1]


def test_chance_follows_the_seed() -> None:
    """A step with a chance is taken sometimes, and with the same seed the same times."""
    runs = [[played(step(chance=0.3), seed=seed).step(seen()) for seed in range(200)] for _ in range(2)]

    assert runs[0] == runs[1]
    assert 20 < sum(place is not None for place in runs[0]) < 120


def _told(acts: Played, language: str = "en") -> list[str]:
    return [say(one, language) for one in unmet(acts, NOW)]


def test_step_that_never_happened_is_told_with_the_nearest() -> None:
    """What it waited for, the message that was the nearest, and what of it did not fit."""
    acts = played(step(Do.REFUSE, state="PL", product="W200", at_least=Decimal(1000)))
    acts.step(seen(state="DE", quantities=(("B000", Decimal(5)),)))
    acts.step(seen())
    acts.step(seen(state="DE", quantities=(("B000", Decimal(5)),)))

    (told,) = _told(acts)
    step_told, nearest, misfit = told.split(". ")
    when = 'when = { state = "PL", product = "W200", at_least = 1000 }'
    assert step_told == f'step[1] ({when}, then = {{ do = "refuse" }}) has never happened'
    assert nearest == (
        f"The nearest: IE801 about {ARC} that reached the consignee PL00000000102 at 2026-03-06T10:00:00Z"
    )
    assert misfit == 'Expected product = "W200", at_least = 1000, came W200 = 900.'


@pytest.mark.parametrize(
    ("acts", "expected"),
    [
        (played(step(nth=2)), "Expected nth = 2, came 1"),
        (played(step(chance=0.0001), step()), None),
        (played(step(message="IE802")), "No IE802 has reached any consignee"),
        (played(step(times=1), step(Do.REFUSE)), "fitted, but was taken by step[1]"),
        (played(step(Do.INTERRUPT)), "No IE801 has reached any office"),
        (played(step(says="refused", message="IE818"), step()), "No IE818 has reached any consignee"),
    ],
)
def test_what_kept_a_step_from_happening_is_told(acts: Played, expected: str | None) -> None:
    """Its turn, another step, or that nothing of the kind came."""
    if (place := acts.step(seen())) is not None:
        acts.is_due(place, NOW)
        acts.was_done(place)

    assert [expected in line for line in _told(acts) if expected] == [True] * bool(expected)
    assert bool(_told(acts)) is bool(expected)


def test_step_that_is_not_done_yet_is_told_with_its_moment() -> None:
    """It was taken, and the clock has not come to it."""
    acts = played(step())
    place = acts.step(seen())
    assert place is not None
    acts.is_due(place, NOW + timedelta(days=1))

    (told,) = _told(acts)
    assert told.endswith("It was to happen at 2026-03-07T10:00:00Z; the clock stands at 2026-03-06T10:00:00Z.")


def test_optional_step_need_not_happen() -> None:
    """Whoever says so is not told."""
    assert _told(played(step(optional=True))) == []


def test_complete_script_has_a_step_for_everything() -> None:
    """What its steps could wait for and fits none is told, with the nearest step; other types are nobody's business."""
    acts = played(step(state="DE", optional=True), step(product="B000", state="DE", optional=True), complete=True)

    assert acts.step(seen()) is None
    acts.step(seen(message="IE819"))

    (told,) = _told(acts)
    assert told.startswith(f"No step fits: IE801 about {ARC}")
    assert 'Expected state = "DE", came PL.' in told


def test_script_that_is_not_complete_lets_messages_pass() -> None:
    """They have no answer, and that is no failure."""
    acts = played(step(state="DE", optional=True))
    acts.step(seen())
    assert _told(acts) == []


def test_thousands_of_failures_are_told_in_some_lines() -> None:
    """Twenty, and how many more."""
    acts = played(step(state="DE", optional=True), complete=True)
    for _ in range(1000):
        acts.step(seen())

    told = _told(acts)
    assert (len(told), told[-1]) == (21, "And 980 more messages that fit no step.")


@pytest.mark.parametrize("language", languages())
def test_failures_are_told_in_every_language(language: str) -> None:
    """Every line of it."""
    acts = played(step(state="DE"), step(Do.REFUSE, times=1), complete=True)
    acts.step(seen())
    acts.step(seen())
    assert len(_told(acts, language)) == 3


TRAFFIC_EVERY = Traffic(origin="PL", destination="LT", every=timedelta(hours=6), count=4)


def test_traffic_begins_at_its_rate() -> None:
    """So many, each so much later than the one before, the first when it is said."""
    fourth = Traffic(origin="PL", destination="LT", every=timedelta(hours=6), count=4, after=InWorkingDays(1))
    begins = [one.at for one in departures(fourth, NOW, CALENDAR, Random(1))]  # noqa: S311 - repeatable

    first = datetime(2026, 3, 9, 10, 0, tzinfo=UTC)
    assert begins == [first + number * timedelta(hours=6) for number in range(4)]


def test_traffic_without_a_count_has_no_end() -> None:
    """As many as are asked for."""
    endless = Traffic(origin="PL", destination="LT", every=timedelta(hours=6), quantity=Decimal(5))
    found = list(islice(departures(endless, NOW, CALENDAR, Random(1)), 1000))  # noqa: S311 - repeatable

    assert found[-1].at == NOW + 999 * timedelta(hours=6)
    assert {one.quantity for one in found} == {Decimal(5)}


@given(st.integers(), st.tuples(QUANTITIES, QUANTITIES).map(sorted))
def test_traffic_at_random_is_the_same_by_its_seed(seed: int, bounds: list[Decimal]) -> None:
    """Moments within the spread, quantities within the bounds; the same seed, the same movements."""
    least, most = bounds
    spread = timedelta(hours=1)
    traffic = Traffic(
        origin="PL", destination="LT", every=timedelta(days=1), spread=spread, at_least=least, at_most=most, count=9
    )
    first, again = (list(departures(traffic, NOW, CALENDAR, Random(seed))) for _ in range(2))  # noqa: S311 - repeatable

    assert first == again
    for number, one in enumerate(first):
        assert timedelta(0) <= one.at - NOW - number * timedelta(days=1) <= spread
        assert one.quantity is not None
        assert least <= one.quantity <= most
