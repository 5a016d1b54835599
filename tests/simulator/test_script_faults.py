"""What is wrong with a script is told before anything begins: all at once, with places, and the way out."""

import json
import threading
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esad_gateway.errors import UnreadableInput
from esad_gateway.simulator.injected.catalogue import fault_named
from esad_gateway.simulator.injected.model import Injection
from esad_gateway.simulator.scripts.contradictions import check
from esad_gateway.simulator.scripts.model import Actor, Do, Script, ScriptStep, Then, Traffic, When
from esad_gateway.simulator.scripts.toml_file import LARGEST, read_script, script_of, script_text
from esad_gateway.simulator.scripts.waits import InWorkingDays
from esad_gateway.simulator.world.emcs import Emcs
from esad_gateway.texts import languages, say

STEP = "[[step]]\nthen = { do = 'accept' }\n"


def faults(text: str) -> list[str]:
    """The faults of a script, in English."""
    with pytest.raises(UnreadableInput) as refused:
        script_of(text)
    return [say(one) if not isinstance(one, str) else one for one in refused.value.reasons]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "expected at least one [[step]], [[traffic]] or [[fault]]; this script says nothing"),
        (f"titel = 'x'\n{STEP}", 'titel: no such key; did you mean title? (got "x")'),
        (f"xxxxx = 1\n{STEP}", "xxxxx: no such key; expected one of title, complete, step, traffic, fault (got 1)"),
        (f"complete = 1\n{STEP}", "complete: expected true or false (got 1)"),
        ("step = 1", "step: expected tables that begin with [[step]] (got 1)"),
        ("step = [1]", "step[1]: expected a table (got 1)"),
        ("[[step]]\nthen = 'accept'", 'line 1, step[1].then: expected a table (got "accept")'),
        ("[[step]]", "line 1, step[1].then: expected a value; nothing works without it"),
        ("\n[[step]]\nthen = { do = 'acept' }", 'line 2, step[1].then.do: did you mean accept? (got "acept")'),
        ("[[step]]\nthen = { do = 'ACCEPT' }", 'line 1, step[1].then.do: did you mean accept? (got "ACCEPT")'),
        (f"{STEP}wen = {{ }}", "line 1, step[1].wen: no such key; did you mean when? (got {})"),
    ],
)
def test_fault_of_a_script_is_told_with_its_place(text: str, fault: str) -> None:
    """Line and path, what stands there, what was expected, and the nearest word."""
    assert faults(text) == [fault]


WHEN = [
    ("state = 'PLX'", "when.state: 'PLX' is no national administration"),
    ("state = 'GR'", "when.state: 'GR' is written 'EL' in EMCS"),
    ("state = 3", "when.state: expected a text in quotes (got 3)"),
    ("trader = 'LT1'", "when.trader: 'LT1' is no excise number"),
    ("state = 'PL', trader = 'LT00000000101'", "when.trader: expected an excise number of PL"),
    ("arc = '26LT00000000000000PP1'", "when.arc: '26LT00000000000000PP1' has a wrong check digit"),
    ("lrn = ''", "when.lrn: '' is no local reference number"),
    ("product = 'W2000'", "when.product: did you mean W200?"),
    ("message = 'IE81'", "when.message: did you mean IE8"),
    ("message = 'IE815'", "when.message: this message never reaches the consignee"),
    ("message = 'IE818', says = 'refuse'", "when.says: did you mean refused?"),
    ("message = 'IE819', says = 'refused'", "when.says: expected one of alert, rejection"),
    ("says = 'refused'", "when.says: IE801 says one thing only; several things say IE818, IE819, IE881"),
    ("who = 'office'", "when.who: 'accept' is done by the consignee"),
    ("who = 'consigne'", "when.who: did you mean consignee?"),
    ("nth = 0", "when.nth: expected 1 or more (got 0)"),
    ("nth = 1.5", "when.nth: expected a whole number (got 1.5)"),
    ("nth = true", "when.nth: expected a whole number (got true)"),
    ("at_least = 5", "when.at_least: expected a product as well"),
    ("product = 'W200', at_least = 5, at_most = 3", "when.at_least: expected 3 or less, as at_most says (got 5)"),
    ("product = 'W200', at_least = 0", "when.at_least: expected more than nothing (got 0)"),
    ("product = 'W200', at_least = '5'", "when.at_least: expected a number"),
    ("product = 'W200', at_least = inf", "when.at_least: expected a number"),
    ("product = 'W200', at_least = nan", "when.at_least: expected a number"),
    ("product = 'W200', at_least = 1e999999", "when.at_least: expected a number"),
]
THEN = [
    ("do = 'accept', refused = { 1 = 5 }", "then.refused: 'accept' has no use for this (got { 1 = 5 })"),
    ("do = 'refuse', shortages = { 1 = 5 }", "then.shortages: 'refuse' has no use for this"),
    ("do = 'interrupt', place = 'x'", "then.place: 'interrupt' has no use for this"),
    ("do = 'partially refuse'", "then.refused: 'partially refuse' needs this"),
    ("do = 'send to another place'", "then.place: 'send to another place' needs this"),
    ("do = 'accept', shortages = { a = 5 }", "then.shortages: expected quantities by the number of the line"),
    ("do = 'accept', shortages = { 0 = 5 }", "then.shortages: expected numbers of lines from 1"),
    ("do = 'accept', shortages = { 1 = 0 }", "then.shortages: expected more than nothing"),
    ("do = 'accept', shortages = { 1 = 5 }, excesses = { 1 = 5 }", "then.excesses: a line has a shortage or an excess"),
    ("do = 'accept', after = '2 fortnights'", "then.after: expected a time such as"),
    ("do = 'accept', after = 2", "then.after: expected a text in quotes (got 2)"),
    ("do = 'accept', after = '99999 weeks'", "then.after: expected 3650 days or less"),
    ("do = 'accept', reason = ''", "then.reason: expected a text of 1 to 350 letters"),
    (f"do = 'accept', reason = '{'x' * 351}'", "then.reason: expected a text of 1 to 350 letters"),
]
TRAFFIC = [
    ("to = 'LT'\nevery = '1 day'", "traffic[1].from: expected a value; nothing works without it"),
    ("from = 'LT'\nto = 'LT'\nevery = '1 day'", "traffic[1].to: expected another state than that of dispatch"),
    ("from = 'PL'\nto = 'LT'\nevery = '0 days'", "traffic[1].every: expected more than nothing"),
    ("from = 'PL'\nto = 'LT'\nevery = '3 working days'", "traffic[1].every: expected a time such as"),
    ("from = 'PL'\nto = 'LT'\nevery = '1 day'\ncount = 0", "traffic[1].count: expected 1 or more"),
    ("from = 'PL'\nto = 'LT'\nevery = '1 day'\nproduct = 'W2'", "traffic[1].product: did you mean W200?"),
    ("from = 'PL'\nto = 'LT'\nevery = '1 day'\nat_least = 5", "traffic[1].at_most: expected at_least and at_most"),
    ("from = 'PL'\nto = 'LT'\nevery = '1 day'\nat_least = 5\nat_most = 4", "traffic[1].at_least: expected 4 or less"),
    (
        "from = 'PL'\nto = 'LT'\nevery = '1 day'\nat_least = 5\nat_most = 6\nquantity = 3",
        "traffic[1].quantity: expected a quantity, or at_least and at_most",
    ),
    (
        "from = 'PL'\nto = 'LT'\nevery = '1 day'\nconsignee = 'PL00000000101'",
        "traffic[1].consignee: expected an excise number of LT",
    ),
    ("from = 'PL'\nto = 'LT'\nevery = '1 day'\njourney_days = 93", "traffic[1].journey_days: expected 1 to 92 days"),
]


FAULT = [
    ("state = 'PL'", "fault[1].name: expected a value"),
    ("name = 'lost'", "fault[1].state: expected a value"),
    ("name = 'loost'\nstate = 'PL'", "fault[1].name: did you mean lost?"),
    ("name = []\nstate = 'PL'", "fault[1].name: expected a text in quotes"),
    ("name = 'lost'\nstate = 'GR'", "fault[1].state: 'GR' is written 'EL' in EMCS"),
    ("name = 'lost'\nstate = 'PL'\ntimes = 0", 'fault[1].times: expected a whole number from 1, or "always"'),
    ("name = 'lost'\nstate = 'PL'\nshare = 1.5", "fault[1].share: expected a number above 0, and 1 at most"),
    ("name = 'lost'\nstate = 'PL'\nnth = 0", "fault[1].nth: expected 1 or more"),
    ("name = 'lost'\nstate = 'PL'\nafter = 2", "fault[1].after: expected a text in quotes"),
    ("name = 'lost'\nstate = 'PL'\nmessage = 'IE9'", "fault[1].message: did you mean IE"),
    ("name = 'lost'\nstate = 'PL'\nrule = 'R030'", "fault[1]: lost breaks no rule"),
    ("name = 'breaks-rule'\nstate = 'PL'\nrule = 'R99'", "fault[1]: no simulated state can break R99"),
    ("name = 'lost'\nstate = 'PL'\ntraders = true", "fault[1]: lost cannot strike what traders submit"),
    ("name = 'another-identifier'\nstate = 'PL'\nmessage = 'IE904'", "fault[1]: another-identifier cannot strike"),
]


@pytest.mark.parametrize(("fault", "words"), FAULT)
def test_fault_of_a_fault(fault: str, words: str) -> None:
    """A name that there is not, a value that cannot be, and what no message could ever fit."""
    (told,) = faults(f"[[fault]]\n{fault}\n")
    assert words in told


def test_fault_that_was_made_in_python_is_checked_as_well() -> None:
    """The same words, without a line."""
    with pytest.raises(UnreadableInput, match=r"fault\[1\].share: expected a number above 0"):
        check(Script(faults=(Injection(faults=(fault_named("lost"),), state="PL", share=2),)))


@pytest.mark.parametrize(("when", "fault"), WHEN)
def test_fault_of_what_a_step_waits_for(when: str, fault: str) -> None:
    """A value that cannot be, or two that contradict each other."""
    (told,) = faults(f"{STEP}when = {{ {when} }}")
    assert fault in told


@pytest.mark.parametrize(("then", "fault"), THEN)
def test_fault_of_what_is_done(then: str, fault: str) -> None:
    """What a deed has no use for, what it needs, and what no message can say."""
    (told,) = faults(f"[[step]]\nthen = {{ {then} }}")
    assert fault in told


@pytest.mark.parametrize(("traffic", "fault"), TRAFFIC)
def test_fault_of_traffic(traffic: str, fault: str) -> None:
    """Movements that no two states could have, or that would be no rate."""
    (told,) = faults(f"[[traffic]]\n{traffic}\n")
    assert fault in told


@pytest.mark.parametrize(
    ("step", "fault"),
    [
        (f"{STEP}times = 0", "step[1].times: expected 1 or more"),
        (f"{STEP}chance = 0", "step[1].chance: expected a number between 0 and 1"),
        (f"{STEP}chance = 1.0", "step[1].chance: expected a number between 0 and 1"),
        (f"{STEP}when = {{ nth = 2 }}\ntimes = 2", "step[1].times: expected 1, or nothing"),
        (
            "[[step]]\nwhen = { message = 'IE801' }\nthen = { do = 'close by hand' }",
            "answers an IE880, and nothing else",
        ),
    ],
)
def test_fault_of_a_step(step: str, fault: str) -> None:
    """How often it may happen, and whether what it does fits what it waits for."""
    (told,) = faults(step)
    assert fault in told


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("{ }", "{ }"),
        ("{ }", "{ state = 'PL' }"),
        ("{ state = 'PL' }", "{ state = 'PL', product = 'W200' }"),
        ("{ state = 'PL' }", "{ trader = 'PL00000000102' }"),
        ("{ product = 'W200', at_least = 5 }", "{ product = 'W200', at_least = 5, nth = 2 }"),
        ("{ product = 'W200', at_most = 5 }", "{ product = 'W200', at_least = 2, at_most = 4 }"),
    ],
)
def test_step_that_can_never_happen_is_refused(before: str, after: str) -> None:
    """One before takes everything that it could take."""
    told = faults(f"{STEP}when = {before}\n{STEP}when = {after}")
    assert len(told) == 1
    assert told[0].startswith("line 4, step[2]: can never happen: step[1] takes everything that it could take")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("when = { state = 'PL' }", "when = { }"),
        ("when = { state = 'PL' }", "when = { state = 'DE' }"),
        ("times = 1", "when = { }"),
        ("chance = 0.5", "when = { }"),
        ("when = { nth = 1 }", "when = { nth = 2 }"),
        ("when = { product = 'W200', at_least = 5 }", "when = { product = 'W200', at_least = 4 }"),
        ("when = { product = 'W200', at_most = 5 }", "when = { product = 'W200' }"),
        ("when = { message = 'IE802' }", "when = { }"),
    ],
)
def test_step_that_something_is_left_for_is_taken(before: str, after: str) -> None:
    """What comes before takes less, or not always."""
    assert len(script_of(f"{STEP}{before}\n{STEP}{after}").steps) == 2


def test_all_faults_are_told_at_once() -> None:
    """Of every table, also of those beside a value that cannot be read."""
    told = faults(
        "titel = 'x'\n[[step]]\nwhen = { state = 'PLX', nth = 0 }\nthen = { do = 'acept' }\n"
        "[[step]]\nthen = { do = 'refuse', refused = { 1 = 5 } }\n[[traffic]]\nfrom = 'PL'\n"
    )
    assert [one.split(": ")[0] for one in told] == [
        "titel",
        "line 2, step[1].when.state",
        "line 2, step[1].when.nth",
        "line 2, step[1].then.do",
        "line 5, step[2].then.refused",
        "line 7, traffic[1].to",
        "line 7, traffic[1].every",
    ]


def test_line_is_not_guessed() -> None:
    """Where a text of several lines looks like a heading, the path alone tells the place."""
    (told,) = faults(f'title = """\n[[step]]\n"""\n{STEP}times = 0')
    assert told == "step[1].times: expected 1 or more (got 0)"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[step]", "line 1"),
        ("[[step]]\nthen = { do = accept }", "line 2"),
        (f"{STEP}{STEP}then = 1", "this name has a value already"),
        (f"title = {'9' * 5000}", "expected a value"),
        (f"title = {'[' * 5000}", "expected a value"),
    ],
)
def test_script_that_is_no_toml_is_refused(text: str, words: str) -> None:
    """With the line, where the reader of TOML tells one; never with a traceback."""
    (told,) = faults(text)
    assert words in told


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"title = '\xff'", "no text in UTF-8"),
        (b"#" * (LARGEST + 1), "more than 1048576 bytes"),
        (None, "No such file"),
    ],
)
def test_file_that_cannot_be_read_is_refused_by_its_name(tmp_path: Path, content: bytes | None, words: str) -> None:
    """What is no text, what has no end, and what is not there."""
    file = tmp_path / "winter.toml"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(UnreadableInput, match=words) as refused:
        read_script(file)
    assert str(file) in str(refused.value)


def test_faults_of_a_file_name_it(tmp_path: Path) -> None:
    """Each of them, so that a list of several files is read as one."""
    (tmp_path / "winter.toml").write_text("[[step]]\n[[step]]\n", encoding="utf-8")

    with pytest.raises(UnreadableInput) as refused:
        read_script(tmp_path / "winter.toml")
    assert str(refused.value).count("winter.toml: line") == 2


WORDS = ["step", "when", "then", "traffic", "do", "after", "nth", "state", "shortages", "every", "from", "title", "odd"]
VALUES = st.recursive(
    st.sampled_from(
        ["accept", "refuse", "PL", "LT", "IE801", "2 days", "office", "", "refused", 0, 1, -1, 10**20, True]
    )
    | st.text(max_size=3)
    | st.dates()
    | st.floats(),
    lambda values: (
        st.lists(values, max_size=3) | st.dictionaries(st.sampled_from([*WORDS, "1", "0"]), values, max_size=4)
    ),
    max_leaves=12,
)


def _toml(value: object) -> str:
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{name} = {_toml(one)}' for name, one in value.items())} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(value) if isinstance(value, str | bool) else str(value)


@given(st.dictionaries(st.sampled_from(WORDS), VALUES, max_size=5))
def test_whatever_is_given_is_a_script_or_is_refused_in_words(told: dict[str, object]) -> None:
    """Never a traceback: what can be read has no contradiction, and everything else has its faults in words."""
    text = "\n".join(f"{name} = {_toml(value)}" for name, value in told.items())
    try:
        script = script_of(text)
    except UnreadableInput as refused:
        reasons = [one for one in refused.reasons if not isinstance(one, str)]
        assert all(say(one, language) for one in reasons for language in languages())
    else:
        assert check(script_of(script_text(script))) == script


@pytest.mark.parametrize("language", languages())
def test_faults_are_told_in_every_language(language: str) -> None:
    """Every sentence has its values."""
    for text in (
        *(f"{STEP}when = {{ {when} }}" for when, _ in WHEN),
        *(f"[[step]]\nthen = {{ {then} }}" for then, _ in THEN),
    ):
        with pytest.raises(UnreadableInput) as refused:
            script_of(text)
        assert all(say(one, language) for one in refused.value.reasons if not isinstance(one, str))


@pytest.mark.parametrize(
    ("script", "place"),
    [
        (Script((ScriptStep(when=When(state="GR"), then=Then(do=Do.ACCEPT)),)), "step[1].when.state"),
        (Script((ScriptStep(when=When(who=Actor.OFFICE), then=Then(do=Do.ACCEPT)),)), "step[1].when.who"),
        (Script((ScriptStep(then=Then(do=Do.REFUSE, refused={1: Decimal(1)})),)), "step[1].then.refused"),
        (Script((ScriptStep(then=Then(do=Do.ACCEPT, after=timedelta(days=-1))),)), "step[1].then.after"),
        (Script((ScriptStep(then=Then(do=Do.ACCEPT, after=InWorkingDays(-1))),)), "step[1].then.after"),
        (Script((ScriptStep(then=Then(do=Do.ACCEPT), times=0),)), "step[1].times"),
        (Script((ScriptStep(then=Then(do=Do.ACCEPT)), ScriptStep(then=Then(do=Do.REFUSE)))), "step[2]"),
        (Script((), (Traffic(origin="PL", destination="PL", every=timedelta(days=1)),)), "traffic[1].to"),
    ],
)
def test_script_that_was_made_in_python_is_asked_as_well(script: Script, place: str) -> None:
    """The same faults, by the same places."""
    with pytest.raises(UnreadableInput) as refused:
        check(script)
    assert str(refused.value).startswith(f"{place}: ")


def test_world_refuses_a_script_before_it_begins() -> None:
    """A word that nobody knows; nothing of the world was made, so nothing is left running."""
    with pytest.raises(UnreadableInput, match="acept"):
        Emcs(script="[[step]]\nthen = { do = 'acept' }\n")
    assert "simulated states" not in {thread.name for thread in threading.enumerate()}


def test_traffic_of_another_kind_of_trader_is_refused() -> None:
    """A consignee dispatches nothing."""
    with Emcs() as emcs:
        warsaw = emcs.consignee("PL")
        with pytest.raises(UnreadableInput, match=f"{warsaw.seed}.*no consignor"):
            emcs.play(f"[[traffic]]\nfrom = 'PL'\nto = 'LT'\nevery = '1 day'\nconsignor = '{warsaw.seed}'\n")


def test_world_that_cannot_begin_leaves_nothing_running() -> None:
    """One number is named for two kinds of traders."""
    there = "[[traffic]]\nfrom = 'PL'\nto = 'LT'\nevery = '1 day'\nconsignor = 'PL00000000777'\n"
    back = "[[traffic]]\nfrom = 'LT'\nto = 'PL'\nevery = '1 day'\nconsignee = 'PL00000000777'\n"

    with pytest.raises(UnreadableInput, match="PL00000000777"):
        Emcs(script=there + back)
    assert "simulated states" not in {thread.name for thread in threading.enumerate()}
