"""Scenarios are told from what both administrations have written down, and count when they were gone through."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from esad_gateway.emcs.codes import GlobalConclusionOfReceipt
from esad_gateway.emcs.messages import Message
from esad_gateway.emcs.movement import Effect, Side
from esad_gateway.emcs.scenarios import Course, Exchanged, Scenario, scenarios_of
from helpers.playbook import NOW, Administration
from helpers.protocol import (
    alert,
    change,
    closure,
    closure_request,
    delay,
    event,
    interruption,
    receipt,
    returned,
    shortage,
    way_back,
)
from helpers.samples import draft

ACCEPTED, REFUSED = GlobalConclusionOfReceipt.ACCEPTED_AND_SATISFACTORY, GlobalConclusionOfReceipt.REFUSED
AT_LAST = NOW + timedelta(days=200)


@dataclass
class Both:
    """Dispatch and destination, and what was exchanged besides their logs."""

    lithuania: Administration = field(default_factory=lambda: Administration("LT", Side.DISPATCH))
    poland: Administration = field(default_factory=lambda: Administration("PL", Side.DESTINATION))

    def __post_init__(self) -> None:
        self.poland.hears(self.lithuania.takes(draft()).sends[0].message)

    def from_consignor(self, message: Message) -> None:
        """A message goes from the consignor to destination."""
        self.poland.hears(self.lithuania.takes(message).sends[0].message)

    def from_consignee(self, message: Message) -> None:
        """A message goes from the consignee to dispatch."""
        self.lithuania.hears(self.poland.takes(message).sends[0].message)

    def ordered(self, message: Message, by: Administration) -> None:
        """An order of an office goes to the other side."""
        other = self.poland if by is self.lithuania else self.lithuania
        other.hears(by.orders(message).sends[0].message)

    def told(self, *messages: Exchanged) -> set[str]:
        """The scenarios that are told, besides that of every movement."""
        found = scenarios_of(Course([*self.lithuania.acts, *self.poland.acts], messages))
        assert Scenario.SUBMITTED in found
        return {str(scenario) for scenario in found - {Scenario.SUBMITTED}}


def _late(both: Both) -> None:
    asked = both.lithuania.at(AT_LAST).clock()
    assert asked is not None
    both.lithuania.hears(both.poland.hears(asked.sends[0].message).sends[0].message)


def _refused_and_silent(both: Both) -> None:
    both.from_consignee(receipt(REFUSED))
    assert both.lithuania.at(AT_LAST).clock() is not None


def _returned(both: Both) -> None:
    both.from_consignor(way_back())
    both.lithuania.takes(returned())


def _changed_after_refusal(both: Both) -> None:
    both.from_consignee(receipt(REFUSED))
    both.from_consignor(change())


def _closed(both: Both, *, accepted: bool) -> None:
    both.ordered(closure_request(), both.poland)
    both.ordered(closure(accepted=accepted), both.lithuania)


def _explained(both: Both) -> None:
    both.from_consignee(receipt())
    both.from_consignee(shortage())


PLAYED: dict[str, tuple[Callable[[Both], object], Iterable[str]]] = {
    "nothing else": (lambda _: None, ()),
    "accepted": (lambda both: both.from_consignee(receipt(ACCEPTED)), ["S5"]),
    "refused": (lambda both: both.from_consignee(receipt(REFUSED)), ["S6"]),
    "partially refused": (lambda both: both.from_consignee(receipt()), ["S7"]),
    "alert": (lambda both: both.from_consignee(alert(rejected=False)), ["S8"]),
    "rejection": (lambda both: both.from_consignee(alert(rejected=True)), ["S9"]),
    "other place": (lambda both: both.from_consignor(change()), ["S10"]),
    "return on the way": (lambda both: both.from_consignor(way_back()), ()),
    "return and report": (_returned, ["S11"]),
    "change after refusal": (_changed_after_refusal, ["S6", "S12"]),
    "late report": (_late, ["S14"]),
    "delay": (lambda both: both.from_consignee(delay()), ["S16"]),
    "no destination given": (_refused_and_silent, ["S6", "S17"]),
    "shortage": (_explained, ["S7", "S18"]),
    "interruption": (lambda both: both.ordered(interruption(), both.lithuania), ["S19"]),
    "closure asked for": (lambda both: both.ordered(closure_request(), both.poland), ()),
    "closed by hand": (lambda both: _closed(both, accepted=True), ["S20"]),
    "not closed by hand": (lambda both: _closed(both, accepted=False), ["S20"]),
    "event": (lambda both: both.ordered(event(), both.poland), ["S21"]),
}


@pytest.mark.parametrize(("play", "told"), PLAYED.values(), ids=PLAYED)
def test_scenario_is_told_from_both_logs(play: Callable[[Both], object], told: Iterable[str]) -> None:
    """Each playbook is recognised as what it is, and as nothing else."""
    both = Both()
    play(both)
    assert both.told() == set(told)


@pytest.mark.parametrize("message", [receipt(ACCEPTED), receipt(), alert(rejected=True), delay()])
def test_what_the_other_side_never_heard_is_no_scenario(message: Message) -> None:
    """A message that was lost on its way has not been gone through."""
    both = Both()
    both.poland.takes(message)
    assert both.told() == set()


@pytest.mark.parametrize("late", [False, True])
def test_question_without_an_answer_is_no_scenario(late: bool) -> None:  # noqa: FBT001  parametrised
    """S14 has its answer; and who was only asked has not been late."""
    both = Both()
    asked = both.lithuania.at(AT_LAST).clock()
    assert asked is not None
    if late:
        both.poland.hears(asked.sends[0].message)
    assert both.told() == set()


def test_e_sad_that_nobody_takes_is_no_submission() -> None:
    """S1 ends at destination; an e-SAD that is refused there is S4, a refusal of anything else is not."""
    lithuania = Administration("LT", Side.DISPATCH)
    lithuania.takes(draft())

    def told(answers: str, *, arrived: bool = True) -> set[Scenario]:
        return {*scenarios_of(Course(lithuania.acts, [Exchanged(type="IE906", arrived=arrived, answers=answers)]))}

    assert told("IE801") == {Scenario.REFUSED_BETWEEN_ADMINISTRATIONS}
    assert told("IE813") == told("IE801", arrived=False) == set()


REFUSED_DRAFT = Exchanged(type="IE815", arrived=True, by_trader=True, refused=True, rules=frozenset({"R054"}))


def test_refused_drafts_are_told_from_their_faults() -> None:
    """S2 is a draft that breaks a rule, S3 one that the schema refuses; what was taken is neither."""
    assert scenarios_of(Course([], [REFUSED_DRAFT])) == {Scenario.DRAFT_REFUSED}
    malformed = Exchanged(type="IE815", arrived=True, by_trader=True, refused=True, rules=frozenset({"XSD"}))
    assert scenarios_of(Course([], [malformed])) == {Scenario.DRAFT_MALFORMED}
    assert scenarios_of(Course([], [Exchanged(type="IE815", arrived=True, by_trader=True)])) == set()


@pytest.mark.parametrize(
    ("message", "told"),
    [
        (Exchanged(type="IE813", arrived=True, by_trader=True, refused=True, rules=frozenset({"BR050"})), {"S13"}),
        (Exchanged(type="IE813", arrived=True, by_trader=True, refused=True, rules=frozenset({"R054"})), set()),
        (Exchanged(type="IE818", arrived=True, answers="IE905"), {"S15"}),
        (Exchanged(type="IE934", arrived=True, answers="IE904"), {"S15"}),
        (Exchanged(type="IE818", arrived=True, answers="IE905", refused=True), set()),
        (Exchanged(type="IE818", arrived=False, answers="IE905"), set()),
        (Exchanged(type="IE802", arrived=True, answers="IE905"), set()),
        (Exchanged(type="IE815", arrived=True, by_trader=True, deferred=True), {"S22"}),
    ],
)
def test_message_tells_what_no_log_has(message: Exchanged, told: set[str]) -> None:
    """Why a change was refused, what was sent again, and what had left on paper."""
    assert Both().told(message) == told


@pytest.mark.parametrize("effect", [Effect.REFUSED, Effect.GIVEN_UP, Effect.KNOWN])
def test_what_a_side_has_not_taken_does_not_count(effect: Effect) -> None:
    """What was refused there, or had come before, has not happened there."""
    both = Both()
    both.from_consignee(receipt(ACCEPTED))
    both.lithuania.acts[-1] = replace(both.lithuania.acts[-1], effect=effect)
    assert both.told() == set()
