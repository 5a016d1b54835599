"""What is struck, what a seed decides, and what is written down of it."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import timedelta

import pytest

from esad_gateway.emcs.messages import IE818
from esad_gateway.errors import UnreadableInput
from esad_gateway.simulator.injected.catalogue import INJECTED, fault_list, faults_of
from esad_gateway.simulator.injected.injections import Injections, Struck
from esad_gateway.simulator.injected.journal import Journal, replay_command
from esad_gateway.simulator.injected.model import FaultKind, Injection, Parcel
from esad_gateway.simulator.injected.reading import injection_of
from esad_gateway.simulator.world.emcs import BEGINS, Emcs
from esad_gateway.simulator.world.states import SimulatedState
from esad_gateway.texts import languages
from helpers.injecting import pair

LEAST = 30


def parcel(kind: str = "IE818", arc: str = "A", sender: str = "PL", receiver: str = "LT") -> Parcel:
    """A document on its way."""
    return Parcel(sender=sender, receiver=receiver, type=kind, identifier="1", arc=arc, document=b"")


def strikes(injections: Injections, *parcels: Parcel) -> list[str | None]:
    """By what each is struck."""
    found = [injections.sent(one) for one in parcels]
    return [one.fault.name if one else None for one in found]


def waiting(seed: int = 1, *injections: Injection) -> Injections:
    """Injections that wait."""
    made = Injections(seed)
    for one in injections:
        made.add(one)
    return made


def one(name: str, state: str = "PL") -> Injection:
    """A fault that strikes once."""
    return Injection(faults=(INJECTED[name],), state=state)


def test_there_are_many_faults_of_every_kind() -> None:
    """At least thirty, and none without what happens and what is to be done, in every language."""
    assert len(INJECTED) >= LEAST
    assert {fault.kind for fault in INJECTED.values()} == set(FaultKind)
    for language in languages():
        told = [text for _, about, good in fault_list(language) for text in (about, good)]
        assert len(set(told)) == 2 * len(INJECTED)
        assert all(text.endswith(".") for text in told)


def test_fault_strikes_once_unless_it_is_told_otherwise() -> None:
    """The first that fits is struck, and no other."""
    assert strikes(waiting(1, one("lost")), parcel(), parcel()) == ["lost", None]


@pytest.mark.parametrize(
    ("asked", "struck"),
    [
        (Injection(faults=(INJECTED["lost"],), state="PL", message="IE819"), [2]),
        (Injection(faults=(INJECTED["lost"],), state="PL", arc="B"), [1]),
        (Injection(faults=(INJECTED["lost"],), state="PL", other="DE"), [3]),
        (Injection(faults=(INJECTED["lost"],), state="PL", nth=2, times=2), [1, 2]),
        (Injection(faults=(INJECTED["lost"],), state="PL", times=None), [0, 1, 2, 3]),
        (Injection(faults=(INJECTED["lost"],), state="LT", times=None), [4]),
        (Injection(faults=(INJECTED["lost-answer"],), state="PL", times=None), []),
        (Injection(faults=(INJECTED["another-identifier"],), state="PL", times=None), [0, 1, 3]),
    ],
)
def test_message_fits_in_everything_that_was_said(asked: Injection, struck: list[int]) -> None:
    """Type, movement, state on the other side, and turn; a fault of the door strikes nothing that is sent."""
    sent = [parcel(), parcel(arc="B"), parcel("IE819"), parcel(receiver="DE"), parcel(sender="LT", receiver="PL")]
    found = strikes(waiting(1, asked), *sent)
    assert [place for place, name in enumerate(found) if name] == struck


def test_share_of_messages_is_struck() -> None:
    """About as many as was said, and the same ones with the same seed."""
    many = [parcel(arc=str(number)) for number in range(400)]
    asked = Injection(faults=faults_of(FaultKind.ORDER), state="PL", share=0.25, times=None)
    first, again, other = (strikes(waiting(seed, asked), *many) for seed in (1, 1, 2))

    assert 60 < sum(name is not None for name in first) < 140
    assert set(first) == {None, *(fault.name for fault in faults_of(FaultKind.ORDER))}
    assert first == again != other


def test_chance_of_a_message_is_its_own() -> None:
    """What happens between other states, or in another order, changes nothing about it; nor do keys and identifiers."""
    asked = Injection(faults=faults_of(FaultKind.ORDER), state="PL", share=0.5, times=None)

    def drawn(*parcels: Parcel) -> list[Struck | None]:
        made = waiting(5, asked)
        return [made.sent(one) for one in parcels]

    plain = drawn(parcel(arc="A"), parcel(arc="B"), parcel("IE819", arc="A"))
    mixed = drawn(parcel(arc="X"), parcel(receiver="DE"), parcel("IE819", arc="X"), parcel(arc="Y"))
    names = [struck.fault.name if struck else None for struck in plain]
    others = [struck.fault.name if struck else None for struck in mixed]
    assert (names[0], names[1], names[2]) == (others[0], others[3], others[2])


DRAWN = """
from esad_gateway.simulator.injected.catalogue import INJECTED
from esad_gateway.simulator.injected.injections import Injections
from esad_gateway.simulator.injected.model import Injection, Parcel

made = Injections(7)
made.add(Injection(faults=tuple(INJECTED.values()), state="PL", share=0.5, times=None))
for arc in "ABCDEFGH":
    struck = made.sent(Parcel(sender="PL", receiver="LT", type="IE818", identifier="1", arc=arc, document=b""))
    print(struck.fault.name if struck else "", struck.chance.random() if struck else "")
"""


def test_seed_means_the_same_in_every_process() -> None:
    """Another process, in which Python orders its sets otherwise, draws the same: a failure of CI is had at home."""
    commands = [([sys.executable, "-c", DRAWN], {**os.environ, "PYTHONHASHSEED": seed}) for seed in ("1", "2")]
    first, second = (subprocess.run(command, env=env, capture_output=True, check=True) for command, env in commands)

    assert first.stdout == second.stdout
    assert len(set(first.stdout.split())) > 2


def test_first_injection_that_strikes_has_the_message() -> None:
    """Two that fit the same message do not both strike it; the second waits for another one."""
    assert strikes(waiting(1, one("lost"), one("duplicate")), parcel(), parcel()) == ["lost", "duplicate"]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"name": "duplicat"}, "duplicate"),
        ({"name": "duplicate", "state": "GR"}, "EL"),
        ({"name": "duplicate", "other": "ZZ"}, "ZZ"),
        ({"name": "wrong-version", "message": "IE801"}, "IE818, IE819"),
        ({"name": "duplicate", "message": "IE000"}, "IE000"),
        ({"name": "duplicate", "rule": "R258"}, "breaks-rule"),
        ({"name": "breaks-rule", "rule": "R259x"}, "R259"),
        ({"name": "breaks-rule", "rule": "R258", "message": "IE818"}, "IE801"),
        ({"name": "duplicate", "traders": True}, "what traders submit"),
        ({"name": "acknowledges-another", "traders": True}, "acknowledges-another"),
        ({"name": "duplicate", "nth": 0}, "nth is 0"),
        ({"name": "duplicate", "times": 0}, "times is 0"),
        ({"name": "duplicate", "share": 0.0}, "share"),
        ({"name": "duplicate", "share": 1.5}, "1.5"),
        ({"name": "duplicate", "after": -timedelta(days=1)}, "-1 day"),
    ],
)
def test_injection_that_can_never_strike_is_refused(asked: dict[str, object], told: str) -> None:
    """The refusal names what is wrong, and what there is instead; nothing waits then."""
    with Emcs(seed=1) as emcs:
        with pytest.raises(UnreadableInput, match=re.escape(told)):
            emcs.faults.inject(**{"state": "PL", **asked})  # type: ignore[arg-type]  # wrong on purpose
        emcs.faults.check()


def test_injection_is_read_from_words() -> None:
    """A fault on a command line says what it says in Python."""
    plain = injection_of("lost PL")
    asked = injection_of("breaks-rule PL rule=R255 other=LT nth=2 times=always share=0.5 after='36 hours'")

    assert plain == Injection(faults=(INJECTED["lost"],), state="PL")
    assert plain.most == 1
    assert (asked.message, asked.rule, asked.other, asked.nth, asked.times) == ("IE818", "R255", "LT", 2, None)
    assert (asked.share, asked.after) == (0.5, timedelta(hours=36))
    assert injection_of("server-fault LT traders=yes").traders
    assert injection_of("key-changed LT").most is None
    with pair() as two:
        assert two.emcs.faults.inject("lost", "PL") == two.emcs.faults.inject_this(plain)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("", "lost PL message=IE818"),
        ("lost", "lost PL message=IE818"),
        ("lost PL 'nth=2", "lost PL message=IE818"),
        ("lots PL", "lost"),
        ("lost PL mesage=IE818", "message"),
        ("lost PL zzz=1", "message, arc"),
        ("lost PL nth=often", "often"),
        ("lost PL after=soon", "soon"),
        ("lost PL after='2 working days'", "2 working days"),
        ("lost PL traders=perhaps", "perhaps"),
    ],
)
def test_words_that_say_no_injection_are_refused(words: str, told: str) -> None:
    """The refusal names the word, and what there is."""
    with pytest.raises(UnreadableInput, match=re.escape(told)):
        injection_of(words)


def test_everything_that_is_wrong_is_told_at_once() -> None:
    """Whoever mends one thing does not meet the next."""
    with Emcs(seed=1) as emcs, pytest.raises(UnreadableInput) as refused:
        emcs.faults.inject("breaks-rule", "ZZ", rule="R999", nth=0)
    assert len(refused.value.reasons) == 3


def test_unknown_kind_of_faults_is_refused() -> None:
    """The refusal lists the kinds."""
    with Emcs(seed=1) as emcs, pytest.raises(UnreadableInput, match="transport, order, identity, content, crypto"):
        emcs.faults.at_random("PL", kinds=["weather"])


def test_fault_that_has_struck_nothing_is_told() -> None:
    """A test that means to show something does not pass because it never happened."""
    with pair() as two:
        two.emcs.faults.inject("lost", "PL", message="IE819")
        two.warsaw.accept(two.dispatch())

        with pytest.raises(UnreadableInput, match="lost of PL"):
            two.emcs.faults.check()
        two.warsaw.reject(two.dispatch())
        two.emcs.faults.check()


def test_journal_tells_what_was_injected_where() -> None:
    """When, who, what, on which message, and what came of it; on paper, with the seed and how to have it again."""
    with pair(seed=12) as two:
        two.emcs.faults.inject("duplicate", "PL")
        movement = two.dispatch()
        two.warsaw.accept(movement)
        (strike,) = two.emcs.faults.journal
        first, line = str(two.emcs.faults).splitlines()

    assert (strike.fault, strike.state, strike.sender, strike.receiver) == ("duplicate", "PL", "PL", "LT")
    assert (strike.message, strike.arc, strike.turn, strike.at) == ("IE818", movement.arc, 1, two.emcs.clock.now)
    assert first.startswith("seed 12; again: pytest ")
    assert first.endswith(" --emcs-seed 12")
    assert line == (
        f"2026-03-02 10:00:00  PL  duplicate: IE818 from PL to LT about {movement.arc}, try 1: acknowledged (duplicate)"
    )


def test_failure_tells_the_seed_and_the_strikes() -> None:
    """Whoever reads a failed test sees what was injected, and the one command that does it again."""

    def failing() -> None:
        with pair(seed=3) as two:
            two.emcs.faults.inject("lost", "LT")
            assert two.dispatch().state_at_destination == "accepted"

    with pytest.raises(AssertionError) as failed:
        failing()

    (note,) = failed.value.__notes__
    assert "--emcs-seed 3" in note
    assert "LT  lost: IE801 from LT to PL" in note


def test_failure_without_faults_is_left_alone() -> None:
    """Where nothing was injected, nothing is told of it."""
    with pytest.raises(ZeroDivisionError) as failed, Emcs():
        1 / 0  # noqa: B018 - anything that fails
    assert not hasattr(failed.value, "__notes__")


def test_command_names_the_test_that_runs(request: pytest.FixtureRequest) -> None:
    """It can be typed as it is; a simulator that was started by hand is started again."""
    assert replay_command(5) == f"pytest {request.node.nodeid} --emcs-seed 5"
    again = replay_command(5, ("esad", "simulate", "--states", "all"))
    assert again == "esad simulate --states all --seed 5"


def test_seed_is_drawn_when_none_is_given() -> None:
    """Two worlds without one have different ones, most often; each tells its own."""
    with Emcs() as first, Emcs() as second, Emcs() as third:
        assert len({first.seed, second.seed, third.seed}) > 1
        assert first.faults.seed == first.seed


def masked(document: bytes, known: dict[bytes, bytes]) -> bytes:
    """A document without what differs from run to run: signature, ARCs, identifiers, local reference numbers."""
    payload = re.sub(rb"<ds:Signature.*</ds:Signature>", b"", document, flags=re.DOTALL)
    drawn = rb"\d\d[A-Z]{2}[A-Z0-9]{15}P\d|(?:[A-Z]{2}-)?[0-9a-f]{8}-[0-9a-f-]{27}|LT-[0-9A-F]{12}"
    return re.sub(drawn, lambda found: known.setdefault(found[0], b"#%d" % len(known)), payload)


def story(two_seed: int, journeys: Sequence[int] = (3, 6)) -> Iterator[object]:
    """What happens between two states in some days full of faults, message for message; ``journeys`` are of days."""
    with pair(two_seed) as two:
        for state in ("LT", "PL"):
            two.emcs.faults.at_random(state, 0.4, kinds=FaultKind, times=8)
        movements = [two.vilnius.dispatch(to=two.warsaw, journey_days=days) for days in journeys]
        two.emcs.clock.advance(days=2)
        for movement in movements:
            if movement.state_at_destination == "accepted":
                two.warsaw.accept(movement)
        two.emcs.clock.advance(days=9)
        yield [(movement.state, movement.state_at_destination) for movement in movements]
        known: dict[bytes, bytes] = {}
        for home, other in ((two.vilnius.home, two.warsaw.home), (two.warsaw.home, two.vilnius.home)):
            yield from _exchanged(home, other, known)
        drawn = r"'[^']*'|\b[0-9a-f-]{32,}\b|\d\d[A-Z]{2}[A-Z0-9]{15}P\d"
        yield from (re.sub(drawn, "#", str(strike)) for strike in two.emcs.faults.journal)


def _exchanged(home: SimulatedState, other: SimulatedState, known: dict[bytes, bytes]) -> Iterator[object]:
    for entry in home.entries(other.address):
        yield entry.direction, entry.type, entry.outcome, entry.recorded_at, masked(home.document(entry), known)


def test_seed_leads_to_the_same_message_for_message() -> None:
    """The same faults on the same messages in the same order, and the same bytes of every message.

    Only what is drawn anew for each run differs: ARCs, identifiers, local reference numbers and signatures. Another
    seed leads to another story.
    """
    first, again, other = (list(story(seed)) for seed in (1, 1, 2))

    assert first == again != other
    assert any("lost" in str(line) or "refused" in str(line) for line in first)


def test_seed_decides_the_order_of_what_happens_at_one_moment_as_well() -> None:
    """Journeys of several movements are over together, and several documents are on their way: no thread decides."""
    first, again = (list(story(1, (5, 5, 5))) for _ in range(2))

    assert first == again


def test_what_falls_due_at_one_moment_is_done_in_the_order_of_its_movements() -> None:
    """Reminders of journeys that are over together come in the order of dispatch, though ARCs are drawn at random."""
    with pair() as two:
        movements = [two.dispatch().arc for _ in range(12)]
        two.emcs.clock.advance(days=20)
        reminders = [entry for entry in two.vilnius.home.entries(two.vilnius.seed) if entry.type == "IE802"]

        assert len({entry.recorded_at for entry in reminders}) < len(reminders)
        assert [entry.arc for entry in sorted(reminders, key=lambda one: one.recorded_at)][:12] == movements


@pytest.mark.parametrize("seed", range(3))
def test_faults_of_the_way_lose_nothing(seed: int) -> None:
    """Whatever doors answer and however late documents come, every movement ends as if nothing had happened.

    What is lost for good is found when a report is late, which has a test of its own.
    """
    names = [one.name for one in faults_of(FaultKind.TRANSPORT, FaultKind.ORDER) if one.name != "lost"]
    with pair(seed) as two:
        for state in ("LT", "PL"):
            two.emcs.faults.at_random(state, 0.3, names=names, times=6)
        movements = [two.dispatch() for _ in range(3)]
        two.emcs.clock.advance(days=4)
        for movement in movements:
            two.warsaw.accept(movement)
        two.emcs.clock.advance(days=6)

        assert [movement.delivered for movement in movements] == [True] * 3
        assert len(two.emcs.faults.journal) > 0
        for movement in movements:
            reports = [one for one in two.vilnius.inbox(movement.arc) if isinstance(one, IE818)]
            assert len(reports) == 1


def test_strikes_of_a_moment_stand_in_the_order_in_which_they_struck() -> None:
    """Documents are on their way together: which of them is answered first is another one in each run."""
    injections, journal = waiting(1, one("duplicate"), one("lost")), Journal(1)
    found = [injections.sent(parcel(arc=arc)) for arc in ("A", "B")]
    for struck, at in ((found[1], BEGINS), (found[0], BEGINS), (found[1], BEGINS + timedelta(days=1))):
        assert struck is not None
        journal.note(at, struck, parcel(), "done")
    assert [strike.fault for strike in journal.strikes] == ["duplicate", "lost", "lost"]
