"""Scripts that are played: member states act by them, with their own documents, and what did not happen is told."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from esad_gateway.emcs.messages import IE807, IE818, IE819, IE837, IE871, IE881
from esad_gateway.simulator.goods import beer, wine
from esad_gateway.simulator.scripts.model import Do, Script, ScriptStep, Then, When
from esad_gateway.simulator.scripts.unmet import ScriptUnmet
from esad_gateway.simulator.world.emcs import BEGINS, Emcs
from esad_gateway.simulator.world.movements import SimulatedMovement
from esad_gateway.simulator.world.traders import SubmissionRefused


@pytest.fixture
def emcs() -> Iterator[Emcs]:
    """A world without states."""
    with Emcs() as world:
        yield world


def _dispatched(emcs: Emcs, to: str = "PL") -> SimulatedMovement:
    """Wine from Lithuania."""
    return emcs.consignor("LT").dispatch(to=emcs.consignee(to), lines=[wine(litres=900)])


def _step(then: str, when: str = "{ }") -> str:
    return f"[[step]]\nwhen = {when}\nthen = {then}\n"


@pytest.mark.parametrize(
    ("then", "state"),
    [
        ("{ do = 'accept' }", "delivered"),
        ("{ do = 'accept', shortages = { 1 = 20 } }", "delivered"),
        ("{ do = 'accept', excesses = { 1 = 20.5 } }", "delivered"),
        ("{ do = 'refuse', reason = 'Frozen' }", "refused"),
        ("{ do = 'partially refuse', refused = { 1 = 100 } }", "partially_refused"),
        ("{ do = 'alert' }", "accepted"),
        ("{ do = 'reject' }", "rejected"),
        ("{ do = 'nothing' }", "accepted"),
    ],
)
def test_consignee_acts_by_a_script(then: str, state: str) -> None:
    """Everything that a consignee can do about an e-SAD, a day after that has arrived."""
    with Emcs(script=_step(then)) as emcs:
        movement = _dispatched(emcs)
        emcs.clock.advance(days=1)
        assert (movement.state, movement.state_at_destination) == (state, state)


def test_shortage_and_excess_of_a_script_are_reported_by_line() -> None:
    """As they stand in the script, with the reason."""
    then = "{ do = 'accept', shortages = { 2 = 20 }, excesses = { 1 = 0.5 }, reason = 'Counted twice' }"
    with Emcs(script=_step(then)) as emcs:
        vilnius, warsaw = emcs.consignor("LT"), emcs.consignee("PL")
        movement = vilnius.dispatch(to=warsaw, lines=[wine(litres=900), beer(litres=500)])
        emcs.clock.advance(days=1)
        (report,) = (one for one in vilnius.inbox(movement.arc) if isinstance(one, IE818))

    lines = {
        line.body_record_unique_reference: line.observed_shortage_or_excess
        for line in report.body_report_of_receipt_export
    }
    assert lines == {1: Decimal("0.5"), 2: Decimal(20)}


def test_refused_goods_come_home_by_a_script() -> None:
    """Consignor and consignee act in turn: refused, taken back, and reported on return, each after its time."""
    script = (
        _step("{ do = 'refuse', after = '3 working days' }", "{ state = 'PL' }")
        + _step("{ do = 'take back', after = '1 day' }", "{ state = 'LT', says = 'refused' }")
        + _step("{ do = 'report the return', after = '2 days' }")
    )
    with Emcs(script=script) as emcs:
        movement = _dispatched(emcs)
        emcs.clock.advance(days=3)
        assert movement.state == "refused"
        emcs.clock.advance(days=2)
        assert movement.state == "accepted"
        emcs.clock.advance(days=1)
        assert movement.delivered


def test_officers_interrupt_by_a_script() -> None:
    """S19: a Polish office stops the movement, and both traders get the order."""
    with Emcs(script=_step("{ do = 'interrupt', after = '2 hours', reason = 'Fraud' }", "{ state = 'PL' }")) as emcs:
        movement = _dispatched(emcs)
        emcs.clock.advance(hours=2)
        assert (movement.state, movement.state_at_destination) == ("stopped", "stopped")
        for trader in (movement.consignor, movement.consignee):
            (order,) = (one for one in trader.inbox(movement.arc) if isinstance(one, IE807))
            assert order.attributes.reference_number_of_excise_office == "PL001000"


def test_office_of_dispatch_interrupts_by_a_script() -> None:
    """What reaches the gateway of dispatch is the draft."""
    with Emcs(script=_step("{ do = 'interrupt' }", "{ state = 'LT', message = 'IE815' }")) as emcs:
        movement = _dispatched(emcs)
        emcs.clock.advance(days=1)
        assert movement.state_at_destination == "stopped"


@pytest.mark.parametrize(
    ("answer", "state"), [("close by hand", "manually_closed"), ("refuse to close by hand", "accepted")]
)
def test_officers_close_by_hand_by_a_script(answer: str, state: str) -> None:
    """S20: destination asks, dispatch answers."""
    script = _step("{ do = 'ask to close by hand' }", "{ state = 'PL' }") + _step(f"{{ do = '{answer}' }}")
    with Emcs(script=script) as emcs:
        movement = _dispatched(emcs)
        emcs.clock.advance(days=2)
        assert (movement.state, movement.state_at_destination) == (state, state)
        (told,) = (one for one in movement.consignee.inbox(movement.arc) if isinstance(one, IE881))
        assert told.attributes.manual_closure_request_accepted is (state == "manually_closed")


@pytest.mark.parametrize(("state", "message"), [("PL", "IE801"), ("LT", "IE815")])
def test_officers_ask_for_the_status_by_a_script(state: str, message: str) -> None:
    """Either side asks the other, and is answered."""
    script = _step("{ do = 'ask for status' }", f"{{ state = '{state}', message = '{message}' }}")
    with Emcs(script=script) as emcs:
        movement = _dispatched(emcs)
        emcs.clock.advance(days=1)
        other = {"PL": "LT", "LT": "PL"}[state]
        asked = [one.type for one in emcs.world.states[other].entries(f"NDEA.{state}", movement.arc)]
    assert "IE904" in asked


def test_office_acts_on_what_came_too_early_when_it_counts() -> None:
    """A change of destination overtakes its e-SAD, and waits for that; only then has it reached anybody."""
    with Emcs(script=_step("{ do = 'interrupt', after = '0 days' }", "{ state = 'PL', message = 'IE813' }")) as emcs:
        emcs.faults.inject("lost-and-sent-later", "LT", message="IE801", after=timedelta(hours=2))
        movement = _dispatched(emcs)
        movement.consignor.send_to_other_place(movement, "PL-OTHER-PLACE")
        emcs.clock.advance(hours=1)
        assert movement.state == "accepted"
        emcs.clock.advance(hours=1)
        assert movement.state == "stopped"


def test_delay_is_explained_after_the_reminder() -> None:
    """S8: the journey is over, the consignee is reminded, and explains."""
    with Emcs(script=_step("{ do = 'explain a delay', after = '1 hour', reason = 'Snow' }")) as emcs:
        movement = _dispatched(emcs)
        emcs.clock.to("journey over + 2 hours")
        (told,) = (one for one in movement.consignor.inbox(movement.arc) if isinstance(one, IE837))
    assert told.attributes.complementary_information is not None
    assert told.attributes.complementary_information.value == "Snow"


@pytest.mark.parametrize("who", ["consignor", "consignee"])
def test_shortage_is_explained_by_either_trader(who: str) -> None:
    """S18: after a report with a shortage."""
    script = _step("{ do = 'accept', shortages = { 1 = 20 } }") + _step(
        "{ do = 'explain a shortage', reason = 'Broken' }", f"{{ who = '{who}' }}"
    )
    with Emcs(script=script) as emcs:
        movement = _dispatched(emcs)
        emcs.clock.advance(days=3)
        other = movement.consignee if who == "consignor" else movement.consignor
        assert any(isinstance(one, IE871) for one in other.inbox(movement.arc))


def test_goods_are_sent_to_another_place_by_a_script() -> None:
    """S10: the consignor changes the place, and the consignee reports on the new version."""
    script = _step("{ do = 'send to another place', place = 'PL-OTHER', after = '1 hour' }") + _step(
        "{ do = 'accept' }"
    )
    with Emcs(script=script) as emcs:
        movement = _dispatched(emcs)
        emcs.clock.advance(days=1)
        assert movement.delivered
        assert movement.known is not None
        assert movement.known.sequence == 2


def test_consignor_explains_the_delay_as_well() -> None:
    """S8: both are reminded, and either may explain."""
    with Emcs(script=_step("{ do = 'explain a delay', after = '1 hour' }", "{ who = 'consignor' }")) as emcs:
        movement = _dispatched(emcs)
        emcs.clock.to("journey over + 2 hours")
        assert any(isinstance(one, IE837) for one in movement.consignee.inbox(movement.arc))


def test_officers_act_by_hand(emcs: Emcs) -> None:
    """The same without a script; what the tables do not allow is refused."""
    movement = _dispatched(emcs)
    warsaw, vilnius = emcs.office("PL"), emcs.office("LT")

    warsaw.ask_for_status(movement)
    with pytest.raises(LookupError, match=movement.arc):
        vilnius.close_by_hand(movement)
    warsaw.ask_to_close(movement, "The consignee has ceased to exist")
    vilnius.refuse_to_close(movement, "It has not")
    warsaw.interrupt(movement)

    assert movement.state == "stopped"
    with pytest.raises(SubmissionRefused):
        warsaw.interrupt(movement)


def test_office_knows_no_movement_of_others(emcs: Emcs) -> None:
    """A German office has heard nothing of it."""
    with pytest.raises(LookupError, match="DE has no movement"):
        emcs.office("DE").interrupt(_dispatched(emcs))


def test_script_tells_states_and_traders_apart() -> None:
    """By state, by trader, and by the local reference number that the consignor has chosen."""
    with Emcs() as emcs:
        vilnius = emcs.consignor("LT")
        warsaw, gdansk, berlin = emcs.consignee("PL"), emcs.consignee("PL"), emcs.consignee("DE")
        emcs.play(
            _step("{ do = 'refuse' }", f"{{ trader = '{gdansk.seed}' }}")
            + _step("{ do = 'reject' }", "{ lrn = 'MAGIC' }")
            + _step("{ do = 'accept' }", "{ state = 'PL' }")
            + _step("{ do = 'alert' }", "{ state = 'DE' }")
        )
        movements = [vilnius.dispatch(to=one) for one in (warsaw, gdansk, berlin)]
        draft = vilnius.draft(warsaw)
        magic = replace(draft.ead_esad_draft, local_reference_number="MAGIC")
        receipt = vilnius.send(replace(draft, ead_esad_draft=magic))
        movements.append(emcs.follow(SimulatedMovement(emcs, receipt.arc or "", vilnius, warsaw)))
        emcs.clock.advance(days=1)
        assert [one.state for one in movements] == ["delivered", "refused", "accepted", "rejected"]


def test_step_for_one_arc_leaves_the_others_alone(emcs: Emcs) -> None:
    """As far as the ARC is known: what comes about it after that."""
    first, second = _dispatched(emcs), _dispatched(emcs)
    emcs.play(_step("{ do = 'take back' }", f"{{ arc = '{first.arc}', says = 'refused' }}"))
    for movement in (first, second):
        movement.consignee.refuse(movement)
    emcs.clock.advance(days=1)
    assert [one.known.returning for one in (first, second) if one.known] == [True, False]


def test_own_script_of_a_trader_comes_first() -> None:
    """A trader with a will of its own acts by that, and the others by the script for everybody."""
    with Emcs(script=_step("{ do = 'accept' }")) as emcs:
        vilnius = emcs.consignor("LT")
        movements = [vilnius.dispatch(to=emcs.consignee("PL", will=will)) for will in ("refuse", "")]
        emcs.clock.advance(days=1)
        assert [one.state for one in movements] == ["refused", "delivered"]


def test_script_begins_when_it_is_played(emcs: Emcs) -> None:
    """What has arrived before is not answered."""
    before = _dispatched(emcs)
    emcs.play(_step("{ do = 'accept', after = '1 hour' }"))
    after = _dispatched(emcs)
    emcs.clock.advance(hours=1)
    assert [before.state, after.state] == ["accepted", "delivered"]


def test_second_script_begins_when_it_is_played() -> None:
    """What has reached a state that no script was about before is not looked at afterwards."""
    with Emcs() as emcs:
        warsaw = emcs.consignee("PL", will="refuse")
        before = _dispatched(emcs, "DE")
        first = before.consignor.dispatch(to=warsaw)
        emcs.play(_step("{ do = 'accept', after = '1 hour' }", "{ state = 'DE' }"))
        after = before.consignor.dispatch(to=before.consignee)
        emcs.clock.advance(days=1)
        assert [one.state for one in (before, first, after)] == ["accepted", "refused", "delivered"]


@pytest.mark.parametrize("give", ["value", "text", "file", "name"])
def test_script_is_given_in_any_form(tmp_path: Path, give: str) -> None:
    """A value, a text in TOML, a file, or its name."""
    file = tmp_path / "winter.toml"
    file.write_text(_step("{ do = 'accept' }"), encoding="utf-8")
    forms: dict[str, Script | Path | str] = {
        "value": Script((ScriptStep(then=Then(do=Do.ACCEPT)),)),
        "text": file.read_text(encoding="utf-8"),
        "file": file,
        "name": str(file),
    }
    with Emcs(script=forms[give]) as emcs:
        movement = _dispatched(emcs)
        emcs.clock.advance(days=1)
        assert movement.delivered


def test_traffic_begins_by_itself_and_is_answered() -> None:
    """Movements towards Lithuania at a rate; its consignees act by the steps of the same script."""
    script = _step("{ do = 'accept', after = '1 hour' }", "{ state = 'LT', product = 'S200' }") + (
        "[[traffic]]\nfrom = 'PL'\nto = 'LT'\nproduct = 'S200'\nquantity = 70\nevery = '6 hours'\ncount = 3\n"
    )
    with Emcs(script=script) as emcs:
        emcs.clock.advance(hours=13)
        assert [one.delivered for one in emcs.movements] == [True, True, True]
        assert [(one.timeline[0].at - BEGINS).total_seconds() / 3600 for one in emcs.movements] == [0, 6, 12]
        emcs.clock.advance(days=2)
        assert len(emcs.movements) == 3


def test_traffic_of_named_traders_is_theirs(emcs: Emcs) -> None:
    """Both may be traders that there are."""
    warsaw, vilnius = emcs.consignor("PL"), emcs.consignee("LT")
    traders = f"consignor = '{warsaw.seed}'\nconsignee = '{vilnius.seed}'\n"
    emcs.play(f"[[traffic]]\nfrom = 'PL'\nto = 'LT'\nevery = '1 day'\n{traders}")
    emcs.clock.advance(days=2)
    assert [(one.consignor, one.consignee) for one in emcs.movements] == [(warsaw, vilnius)] * 3


def test_traffic_makes_the_traders_that_it_names() -> None:
    """So that a script can name them before there is a world; other traders get other numbers."""
    named = "consignor = 'PL00000000101'\nconsignee = 'LT00000000102'\n"
    with Emcs(script=f"[[traffic]]\nfrom = 'PL'\nto = 'LT'\nevery = '1 day'\ncount = 1\n{named}") as emcs:
        emcs.clock.advance(hours=1)
        assert set(emcs.traders) == {"PL00000000101", "LT00000000102"}
        assert emcs.consignor("PL").seed not in {"PL00000000101", "LT00000000102"}
        assert emcs.movements[0].state_at_destination == "accepted"


def _played(seed: int) -> list[str]:
    """A script with much at random, played: everything that was written, without ARCs."""
    script = (
        "[[step]]\nwhen = { state = 'LT' }\nthen = { do = 'refuse', after = '1 hour' }\nchance = 0.5\n"
        + _step("{ do = 'accept', after = '2 hours' }", "{ state = 'LT' }")
        + "[[traffic]]\nfrom = 'PL'\nto = 'LT'\nevery = '6 hours'\nspread = '5 hours'\nat_least = 10\nat_most = 900\n"
        "count = 8\n"
    )
    with Emcs(script=script, seed=seed) as emcs:
        emcs.clock.advance(days=3)
        movements = emcs.movements
        told = [f"{one.known.lrn} {one.known.lines[0].quantity}" for one in movements if one.known]
        return told + [line.replace(one.arc, "") for one in movements for line in str(one).splitlines()]


def test_script_with_a_seed_is_the_same_again() -> None:
    """Every movement, quantity, local reference number, answer and moment; another seed is another run."""
    first = _played(7)
    assert _played(7) == first
    assert _played(8) != first


def _left(script: str, happens: Callable[[Emcs], object]) -> str:
    """What is told when a world is left in which a script was played, and this happened."""

    def live() -> None:
        with Emcs(script=script, seed=7) as emcs:
            happens(emcs)

    with pytest.raises(ScriptUnmet) as unmet:
        live()
    assert unmet.value.__notes__ == ["Emcs(seed=7) leads to the same again."]
    return str(unmet.value)


def test_step_that_never_happened_fails_the_world() -> None:
    """On leaving, with what was expected, what came, and the nearest match."""
    told = _left(_step("{ do = 'accept' }", "{ state = 'DE' }"), _dispatched)
    assert told.startswith('step[1] (when = { state = "DE" }, then = { do = "accept" }) has never happened.')
    assert 'Expected state = "DE", came PL.' in told


def test_failure_of_the_test_is_not_hidden() -> None:
    """Whoever leaves the world with an error gets that, and not what of the script was left."""
    with pytest.raises(ZeroDivisionError), Emcs(script=_step("{ do = 'accept' }")):
        raise ZeroDivisionError


def test_script_is_checked_at_any_time() -> None:
    """What is not done yet is a failure; when the clock has come to it, it is none."""
    with Emcs(script=_step("{ do = 'accept', after = '2 days' }")) as emcs:
        _dispatched(emcs)
        with pytest.raises(ScriptUnmet, match="2026-03-04T10:00:00Z; the clock stands at 2026-03-02T10:00:00Z"):
            emcs.check()
        emcs.clock.advance(days=2)
        emcs.check()


def test_deed_that_is_refused_is_told_with_every_fault() -> None:
    """A simulated trader cannot do what the rules do not let it; the world goes on, and says so in the end."""

    def happens(emcs: Emcs) -> None:
        movement = _dispatched(emcs)
        emcs.clock.advance(hours=1)
        assert movement.state == "accepted"

    told = _left(_step("{ do = 'partially refuse', refused = { 1 = 1000 }, after = '1 hour' }"), happens)
    assert "was refused, after IE801 about" in told
    assert "RefusedQuantity '1000'" in told


def test_will_that_is_refused_is_told() -> None:
    """That of a trader as well: nothing is refused in silence."""

    def happens(emcs: Emcs) -> None:
        vilnius, warsaw = emcs.consignor("LT"), emcs.consignee("PL", will="accept")
        movement = vilnius.dispatch(to=warsaw)
        emcs.office("PL").interrupt(movement)
        emcs.clock.advance(days=1)

    assert "was refused" in _left(_step("{ do = 'accept' }") + "optional = true\n", happens)


def test_deed_about_a_movement_that_is_gone_is_told() -> None:
    """The goods were taken back before the consignee came to report on them."""

    def happens(emcs: Emcs) -> None:
        movement = _dispatched(emcs)
        movement.consignor.take_back(movement)
        emcs.clock.advance(days=2)

    assert "do not come to it any more" in _left(_step("{ do = 'accept' }"), happens)


def test_complete_script_fails_for_what_it_did_not_foresee() -> None:
    """Where a script says that it is complete, nothing passes it by."""
    beer_alone = _step("{ do = 'accept' }", "{ product = 'B000' }")
    assert "came W200 = 900" in _left(f"complete = true\n{beer_alone}optional = true\n", _dispatched)


def test_one_step_in_python_is_one_in_toml() -> None:
    """What a test says in Python, its script in a file says in the same words."""
    step = ScriptStep(when=When(state="PL", product="W200", at_least=Decimal(500)), then=Then(do=Do.REFUSE))
    with Emcs(script=Script((step,))) as emcs:
        movement = _dispatched(emcs)
        emcs.clock.advance(days=1)
        assert movement.state == "refused"


REPORTED = "[[step]]\nwhen = { state = 'PL' }\nthen = { do = 'accept' }\n"


def test_fault_of_a_script_strikes() -> None:
    """It is the same as one that is injected by hand: a report comes twice, and the second one is a duplicate."""
    with Emcs(script=f"{REPORTED}[[fault]]\nname = 'duplicate'\nstate = 'PL'\nmessage = 'IE818'\n") as emcs:
        movement = emcs.consignor("LT").dispatch(to=emcs.consignee("PL"))
        emcs.clock.advance(days=2)
        assert movement.delivered
        assert next((strike.fault, strike.message) for strike in emcs.faults.journal) == ("duplicate", "IE818")


def test_fault_of_a_script_that_strikes_nothing_fails_the_world() -> None:
    """It was expected to happen, like a step; one with a share may never strike."""
    rare = "[[fault]]\nname = 'lost'\nstate = 'DE'\nshare = 0.5\n"
    with (
        pytest.raises(ScriptUnmet, match="duplicate of PL has not struck anything") as unmet,
        Emcs(script=f"{rare}[[fault]]\nname = 'duplicate'\nstate = 'PL'\nmessage = 'IE871'\n") as emcs,
    ):
        emcs.consignor("LT").dispatch(to=emcs.consignee("PL"))
    assert len(unmet.value.found) == 1


def test_traders_write_in_the_language_of_their_state() -> None:
    """Where there are sentences in it; a reason that somebody was told to give is in English."""
    with Emcs() as emcs:
        warsaw, vilnius = emcs.consignor("PL"), emcs.consignee("LT")
        first, second = (warsaw.dispatch(to=vilnius) for _ in range(2))
        vilnius.alert(first)
        vilnius.alert(second, reason="Wrong goods")

        alerts = [one for one in warsaw.inbox() if isinstance(one, IE819)]
        texts = [one.alert_or_rejection_of_ead_esad_reason[0].complementary_information for one in alerts]

        assert [(text.value, text.language) for text in texts if text] == [
            ("Ne taip, kaip sutarta", "lt"),
            ("Wrong goods", "en"),
        ]


def test_consignee_of_northern_ireland_reports_but_explains_no_delay() -> None:
    """The rulebook asks for an ARC of Northern Ireland in an IE837 (R273), and for a party of it elsewhere (R271)."""
    with Emcs() as emcs:
        vilnius, belfast = emcs.consignor("LT"), emcs.consignee("XI")
        movement = vilnius.dispatch(to=belfast)
        with pytest.raises(SubmissionRefused, match="R273"):
            belfast.explain_delay(movement)
        belfast.accept(movement)
        assert movement.delivered

        home = emcs.consignor("XI").dispatch(to=emcs.consignee("LT"))
        home.consignor.do(home.arc, Then(do=Do.EXPLAIN_DELAY))
        assert home.messages().count("IE837") == 2
