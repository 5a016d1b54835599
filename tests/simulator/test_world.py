"""Member states in one process, as a test of an integrator sees them."""

import fcntl
import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from esad_gateway.emcs.messages import IE801, IE802, IE818
from esad_gateway.emcs.messages.groups import BodyEadEsad
from esad_gateway.errors import UnreadableInput
from esad_gateway.simulator.goods import beer, cigarettes, diesel, spirits, wine
from esad_gateway.simulator.scripts.model import Do, Script, ScriptStep, Then, When
from esad_gateway.simulator.world.emcs import BEGINS, Emcs
from esad_gateway.simulator.world.foundry import has_room, sweep
from esad_gateway.simulator.world.movements import UNKNOWN
from esad_gateway.simulator.world.traders import SubmissionRefused


@pytest.fixture
def emcs() -> Iterator[Emcs]:
    """A world without states."""
    with Emcs() as world:
        yield world


def test_refused_wine_comes_home(emcs: Emcs) -> None:
    """S4 and S9: the consignee refuses by itself, the consignor takes the goods back and reports on them."""
    vilnius = emcs.consignor("LT")
    warsaw = emcs.consignee("PL", will="refuse", reason="goods damaged")
    movement = vilnius.dispatch(to=warsaw, lines=[wine(litres=900)])

    emcs.clock.advance(days=3)

    assert (movement.state, movement.state_at_destination) == ("refused", "refused")
    vilnius.return_to_dispatch(movement)
    assert movement.delivered


def test_report_is_made_a_day_after_the_arrival(emcs: Emcs) -> None:
    """A trader with a will acts at its moment, and not before the clock gets there."""
    vilnius, warsaw = emcs.consignor("LT"), emcs.consignee("PL", will="accept")
    movement = vilnius.dispatch(to=warsaw)

    emcs.clock.advance(hours=23)
    assert movement.state == "accepted"
    emcs.clock.advance(hours=1)

    assert movement.delivered
    assert [event.at for event in movement.timeline if event.message == "IE818"] == [BEGINS + timedelta(days=1)] * 3


def test_silent_consignee_is_reminded(emcs: Emcs) -> None:
    """S14: the journey is over and nothing was reported, so both are reminded, on the moment."""
    vilnius, warsaw = emcs.consignor("LT"), emcs.consignee("PL")
    movement = vilnius.dispatch(to=warsaw, journey_days=5)

    emcs.clock.to("journey over")

    assert any(isinstance(one, IE802) for one in warsaw.inbox(movement.arc))
    assert movement.state == "accepted"


def test_shortage_is_reported_in_litres(emcs: Emcs) -> None:
    """A report by hand names the line and what is missing of it."""
    vilnius, warsaw = emcs.consignor("LT"), emcs.consignee("PL")
    movement = vilnius.dispatch(to=warsaw, lines=[wine(litres=900), beer(litres=500)])

    warsaw.accept(movement, shortages={2: 20})

    (report,) = (one for one in vilnius.inbox(movement.arc) if isinstance(one, IE818))
    (line,) = report.body_report_of_receipt_export
    assert (line.body_record_unique_reference, line.observed_shortage_or_excess) == (2, Decimal(20))
    assert movement.delivered


def test_other_place_is_reported_on_in_its_version(emcs: Emcs) -> None:
    """S10: after a change of destination the consignee reports on the second version."""
    vilnius, warsaw = emcs.consignor("LT"), emcs.consignee("PL")
    movement = vilnius.dispatch(to=warsaw)

    vilnius.send_to_other_place(movement, "PL-OTHER-PLACE")
    warsaw.accept(movement)

    assert movement.delivered


def test_rejected_goods_go_home(emcs: Emcs) -> None:
    """S6: a rejection on the way, and the goods go home."""
    vilnius, warsaw = emcs.consignor("LT"), emcs.consignee("PL")
    movement = vilnius.dispatch(to=warsaw)

    warsaw.reject(movement, "ordered from nobody")

    assert movement.state == "rejected"
    vilnius.return_to_dispatch(movement)
    assert movement.delivered


def test_refused_draft_tells_every_fault(emcs: Emcs) -> None:
    """The simulated state judges by the real rules: a consignee that is not registered for wine gets none."""
    vilnius = emcs.consignor("LT", products=["B000"])
    warsaw = emcs.consignee("PL", products=["B000"])

    with pytest.raises(SubmissionRefused, match="BR048") as refused:
        vilnius.dispatch(to=warsaw, lines=[wine(litres=900)])

    assert {fault.rule for fault in refused.value.receipt.faults} >= {"BR048"}
    assert not warsaw.inbox()


def test_administration_decides_for_itself() -> None:
    """Poland holds reports of receipt for two days; Lithuania hears of them then."""
    with Emcs(settings={"PL": {"formalities_days": 2}}) as emcs:
        vilnius, warsaw = emcs.consignor("LT"), emcs.consignee("PL")
        movement = vilnius.dispatch(to=warsaw)
        warsaw.accept(movement)

        assert movement.state == "accepted"
        emcs.clock.advance(days=2)
        assert movement.delivered


def test_state_that_comes_later_knows_everybody(emcs: Emcs) -> None:
    """A third state is opened in the middle; its traders send to those of the first ones, and receive from them."""
    vilnius, warsaw = emcs.consignor("LT"), emcs.consignee("PL")
    vilnius.dispatch(to=warsaw)

    berlin, hamburg = emcs.consignor("DE"), emcs.consignee("DE", will="accept")
    there, back = berlin.dispatch(to=warsaw), vilnius.dispatch(to=hamburg)
    emcs.clock.advance(days=1)

    assert (there.state_at_destination, back.state) == ("accepted", "delivered")


def test_worlds_know_nothing_of_each_other(emcs: Emcs) -> None:
    """Two worlds at once: the same numbers, and no message of the other."""
    movement = emcs.consignor("LT").dispatch(to=emcs.consignee("PL"))

    with Emcs() as other:
        vilnius, warsaw = other.consignor("LT"), other.consignee("PL")
        assert (vilnius.inbox(), warsaw.inbox()) == ([], [])
        assert warsaw.seed == movement.consignee.seed
        assert vilnius.home.movement(vilnius.seed, movement.arc) is None
    assert movement.state_at_destination == "accepted"


def test_script_takes_the_first_step_that_fits(emcs: Emcs) -> None:
    """Small consignments of beer are accepted, the second one of wine is refused, and the rest waits."""
    warsaw = emcs.consignee("PL")
    few_beer = When(product="B000", at_most=Decimal(100))
    played = emcs.play(
        Script(
            (
                ScriptStep(when=few_beer, then=Then(do=Do.ACCEPT, after=timedelta(hours=1))),
                ScriptStep(when=When(product="W200", nth=2), then=Then(do=Do.REFUSE, after=timedelta(hours=2))),
                ScriptStep(when=When(product="S200"), then=Then(do=Do.REJECT), optional=True),
            )
        ),
        warsaw,
    )
    vilnius = emcs.consignor("LT")
    goods = [beer(litres=100), beer(litres=101), wine(litres=900), wine(litres=900)]
    movements = [vilnius.dispatch(to=warsaw, lines=[one]) for one in goods]

    emcs.clock.advance(days=1)

    assert [one.state for one in movements] == ["delivered", "accepted", "accepted", "refused"]
    assert played.happened() == [1, 1, 0]


def test_clock_goes_forward_only(emcs: Emcs) -> None:
    """A moment that has passed is refused with both moments."""
    with pytest.raises(UnreadableInput, match="2026-03-01T10:00:00"):
        emcs.clock.advance(days=-1)
    assert emcs.clock.now == BEGINS


@pytest.mark.parametrize("words", ["yesterday", "journey over + 1 month", "journey over + one day", ""])
def test_words_that_name_no_moment_are_refused(emcs: Emcs, words: str) -> None:
    """The refusal says which words there are."""
    emcs.consignor("LT").dispatch(to=emcs.consignee("PL"))

    with pytest.raises(UnreadableInput, match="journey over"):
        emcs.clock.to(words)


def test_moment_of_a_journey_is_told_in_words(emcs: Emcs) -> None:
    """``journey over + 1 day`` is the limit of the movement, and a day."""
    movement = emcs.consignor("LT").dispatch(to=emcs.consignee("PL"), journey_days=3)
    assert movement.known is not None
    over = movement.known.limit

    assert emcs.clock.to("journey over - 2 hours") == over - timedelta(hours=2)
    assert emcs.clock.to("journey over + 1 day") == over + timedelta(days=1)


def test_moment_of_a_journey_needs_a_movement(emcs: Emcs) -> None:
    """With no movement, or several, it must be said which is meant."""
    with pytest.raises(UnreadableInput, match="0"):
        emcs.clock.to("journey over")


def test_movement_shows_both_sides(emcs: Emcs) -> None:
    """Printed, a movement is its states and everything that was written, as a failure of a test shows it."""
    movement = emcs.consignor("LT").dispatch(to=emcs.consignee("PL"))

    first, *lines = str(movement).splitlines()

    assert first == f"{movement.arc}: accepted at dispatch, accepted at destination"
    assert [line[21:] for line in lines] == [
        f"LT  IE815 from {movement.consignor.seed}",
        f"LT  IE801 to {movement.consignor.seed}",
        f"PL  IE801 to {movement.consignee.seed}",
    ]


def test_unheard_of_movement_is_unknown(emcs: Emcs) -> None:
    """What a state has not heard of is no fault: its state is told as unknown."""
    movement = emcs.consignor("LT").dispatch(to=emcs.consignee("PL"))
    stranger = emcs.consignee("DE")

    assert type(movement)(emcs, movement.arc, movement.consignor, stranger).state_at_destination == UNKNOWN
    with pytest.raises(LookupError, match=movement.arc):
        stranger.e_sad(movement.arc)


@pytest.mark.parametrize("goods", [wine, beer, spirits, diesel, cigarettes])
@pytest.mark.parametrize("quantity", [1, Decimal("0.5"), 12_345])
def test_goods_of_any_quantity_are_taken(
    emcs: Emcs, goods: Callable[[Decimal | int], BodyEadEsad], quantity: Decimal | int
) -> None:
    """A line follows the quantity that is asked for with its masses, and breaks no rule."""
    movement = emcs.consignor("LT").dispatch(to=emcs.consignee("PL"), lines=[goods(quantity)])

    assert movement.state_at_destination == "accepted"


def test_e_sad_that_was_lost_is_sent_again_and_reminded_of(emcs: Emcs) -> None:
    """S14, S15: destination is asked when the report is late, and had heard of nothing."""
    emcs.faults.inject("lost", state="LT", message="IE801")
    vilnius, warsaw = emcs.consignor("LT"), emcs.consignee("PL")
    movement = vilnius.dispatch(to=warsaw)
    assert movement.state_at_destination == UNKNOWN

    emcs.clock.to("journey over + 1 hour")

    assert [type(one) for one in warsaw.inbox(movement.arc)] == [IE801, IE802]
    assert any(isinstance(one, IE802) for one in vilnius.inbox(movement.arc))


def test_folders_of_killed_processes_are_removed(tmp_path: Path) -> None:
    """Old ones that nobody uses; one that is used stays, and so does one that is young or is none of a world."""
    names = ("esad-world-left", "esad-world-used", "esad-world-young", "other")
    left, used, young, other = (tmp_path / name for name in names)
    for folder in (left, used, young, other):
        folder.mkdir()
        (folder / "file").touch()
        os.utime(folder, (0, 0) if folder is not young else None)
    (tmp_path / "esad-world-link").symlink_to(other)
    mark = os.open(used, os.O_RDONLY)
    fcntl.flock(mark, fcntl.LOCK_SH)
    sweep(tmp_path)
    os.close(mark)
    assert sorted(one.name for one in tmp_path.iterdir() if one.is_dir() and not one.is_symlink()) == sorted(names[1:])
    assert (other / "file").exists()


def test_folder_of_a_world_is_marked_as_used() -> None:
    """Another process that looks for what was left does not take it away, however old it is."""
    with Emcs() as emcs:
        home = emcs.state("LT").data.root.parents[1]
        os.utime(home, (0, 0))
        sweep(home.parent)
        assert home.is_dir()


def test_memory_has_room_or_is_left_alone(tmp_path: Path) -> None:
    """Where it is too small for all states, as in many containers, or is not there, worlds are in another folder."""
    here = os.statvfs(tmp_path)
    free = here.f_bavail * here.f_frsize
    assert has_room(tmp_path, free // 2)
    assert not has_room(tmp_path, free * 2)
    assert not has_room(tmp_path / "nothing")
