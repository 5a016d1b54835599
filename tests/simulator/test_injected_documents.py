"""Documents that a state should not have sent: what a good counterpart, our own gateway, makes of each."""

import pytest

from esad_gateway.emcs.messages import IE801
from esad_gateway.emcs.rules import Context, content_faults
from esad_gateway.simulator.injected.catalogue import faults_of
from esad_gateway.simulator.injected.model import FaultKind
from esad_gateway.simulator.injected.rules import BROKEN
from esad_gateway.store.outbox import Standing
from esad_gateway.xml.release import current, shipped
from helpers.emitted import VALIDATED
from helpers.injecting import between, pair, refusals, waiting

NOT_ATTRIBUTED = {
    "expired-certificate": "step 17",
    "certificate-not-valid-yet": "step 17",
    "revoked-certificate": "step 18",
    "unregistered-certificate": "step 12",
    "untrusted-authority": "step 16",
    "wrong-digest": "step 20",
    "wrong-signature": "step 22",
    "wrapped-signature": "step 4",
    "forbidden-algorithm": "step 6",
    "signed-twice": "step 2: there is more than one",
    "no-signature": "step 2: there is no",
    "wrong-sender": "is not registered for NDEA.",
    "cut-document": "breaks off",
    "doctype": "DOCTYPE",
}
"""What nobody can be said to have sent: a fault for the one who delivers it, and why."""

REFUSED = {
    "wrong-recipient": "GW-005",
    "wrong-check-digit": "BR020",
    "unknown-movement": "BR020",
    "movement-under-suspension": "BR020",
    "wrong-version": "R255",
    "breaks-schema": "Misspelt",
    "unknown-release": "no release that is known",
}
"""What is refused to the administration that has signed it: what its refusal tells."""

SHOWN_ELSEWHERE = {"identifier-reused", "another-identifier", "wrong-correlation", "missing-correlation"}
SHOWN_ELSEWHERE |= {"breaks-rule", "key-changed"}

TRADERS_GOT = ["IE801"]


def test_every_fault_of_documents_is_shown() -> None:
    """None is left out below."""
    kinds = (FaultKind.IDENTITY, FaultKind.CONTENT, FaultKind.CRYPTO)
    assert {one.name for one in faults_of(*kinds)} == {*NOT_ATTRIBUTED, *REFUSED, *SHOWN_ELSEWHERE}


@pytest.mark.parametrize("name", NOT_ATTRIBUTED)
def test_what_nobody_has_signed_changes_nothing(name: str) -> None:
    """It is refused to whoever delivers it, stands in no mailbox, and what was meant is taken when it comes."""
    with pair() as two:
        movement = two.dispatch()
        before = between(two.vilnius.home, two.warsaw.home)
        two.emcs.faults.inject(name, "PL", message="IE818")
        two.warsaw.accept(movement)

        assert movement.state == "accepted"
        assert between(two.vilnius.home, two.warsaw.home) == before
        ((standing, reason),) = waiting(two.warsaw.home)
        assert (standing, NOT_ATTRIBUTED[name] in reason) == (Standing.REFUSED, True), reason

        two.emcs.clock.advance(minutes=1)

        assert movement.delivered
        assert len(two.vilnius.inbox()) == 2


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_changes_no_movement(name: str) -> None:
    """The refusal says why; nobody forwards the report. When it is late, the status is asked, and it is sent again."""
    with pair() as two:
        movement = two.dispatch()
        two.emcs.faults.inject(name, "PL", message="IE818")
        two.warsaw.accept(movement)
        lithuania, poland = two.vilnius.home, two.warsaw.home

        assert (movement.state, movement.state_at_destination) == ("accepted", "delivered")
        assert [type(one).__name__ for one in two.vilnius.inbox()] == TRADERS_GOT
        assert ("in", "IE818", "refused") in between(lithuania, poland)
        assert any(REFUSED[name] in one for one in refusals(lithuania, poland))

        two.emcs.clock.to("journey over + 2 days")
        assert movement.delivered


@pytest.mark.parametrize("rule", BROKEN)
def test_broken_rule_is_judged_by_the_one_whose_task_it_is(rule: str) -> None:
    """Uniqueness, versions and whose movement it is are judged; for the rest of the content its sender answers."""
    broken = BROKEN[rule]
    with pair() as two:
        sender, receiver = (two.vilnius, two.warsaw) if broken.message == IE801.__name__ else (two.warsaw, two.vilnius)
        two.emcs.faults.inject("breaks-rule", sender.home.code, rule=rule)
        movement = two.dispatch()
        if sender is two.warsaw:
            two.warsaw.accept(movement)

        outcome = "refused" if broken.refused_by else "accepted"
        assert ("in", broken.message, outcome) in between(receiver.home, sender.home)
        told = refusals(receiver.home, sender.home)
        assert [broken.refused_by in one for one in told] == [True] if broken.refused_by else told == []


@pytest.mark.parametrize("rule", ["BC36", "BC46", "C067", "C119", "C140", "C159", "C180", "R045"])
def test_rule_on_content_is_broken_alone(rule: str) -> None:
    """One item of the report is broken, so that it breaks this rule and no other; the schema accepts it all the same.

    The content is its sender's to answer for: it is taken.
    """
    with pair() as two:
        movement = two.dispatch()
        two.emcs.faults.inject("breaks-rule", "PL", rule=rule, message="IE818")
        two.warsaw.accept(movement, shortages={1: 5})

        lithuania, poland = two.vilnius.home, two.warsaw.home
        (taken,) = [one for one in lithuania.entries(poland.address) if one.type == "IE818"]
        report, context = lithuania.message(taken), Context(now=two.emcs.clock.now, profile=poland.runtime.profile)
        faults = {fault.rule for fault in content_faults(report, context)}

        assert faults - {VALIDATED} == {rule}
        assert shipped().accepts(current().write(report))
        assert taken.outcome == "accepted"


def test_rule_waits_for_a_message_that_can_break_it() -> None:
    """A report without lines has no reasons for them (BC46): it is sent as it is, and the next one is struck."""
    with pair() as two:
        two.emcs.faults.inject("breaks-rule", "PL", rule="BC46")
        two.warsaw.accept(two.dispatch())
        assert two.outcomes() == []

        two.warsaw.accept(two.dispatch(), shortages={1: 5})
        assert two.outcomes() == ["acknowledged (accepted)"]
        two.emcs.faults.check()


def test_rule_that_is_not_named_waits_for_its_message() -> None:
    """A change of destination is in no row of the table: it is sent as it is, and the report after it is struck."""
    with pair() as two:
        movement = two.dispatch()
        two.emcs.faults.inject("breaks-rule", "LT", message="IE813")
        two.emcs.faults.inject("breaks-rule", "PL")
        two.vilnius.send_to_other_place(movement, "PL-OTHER-PLACE")
        assert two.outcomes() == []

        two.warsaw.accept(movement)
        assert [strike.message for strike in two.emcs.faults.journal] == ["IE818"]


def test_rule_is_chosen_by_the_seed() -> None:
    """Without a rule by name, one that fits the message is broken, and with other seeds others are."""
    told = set()
    for seed in range(4):
        with pair(seed) as two:
            movement = two.dispatch()
            two.emcs.faults.inject("breaks-rule", "PL", message="IE818")
            two.warsaw.accept(movement)
            told.add(tuple(refusals(two.vilnius.home, two.warsaw.home)))
    assert len(told) > 1


def test_identifier_with_other_content_is_refused_to_its_sender() -> None:
    """What has the identifier stays; the other one is in nobody's mailbox."""
    with pair() as two:
        movement = two.dispatch()
        two.emcs.faults.inject("identifier-reused", "PL", message="IE818")
        two.warsaw.accept(movement)

        (told,) = two.outcomes()
        assert "was already used for other content" in told
        assert movement.delivered
        received = [one for one in between(two.vilnius.home, two.warsaw.home) if one[0] == "in"]
        assert received == [("in", "IE818", "accepted")]


@pytest.mark.parametrize(("message", "rule"), [("IE801", "GW-003"), ("IE818", "GW-004")])
def test_what_was_said_is_not_taken_under_another_identifier(message: str, rule: str) -> None:
    """An e-SAD that is there is a duplicate, a second report is out of sequence."""
    with pair() as two:
        sender, receiver = (two.vilnius, two.warsaw) if message == "IE801" else (two.warsaw, two.vilnius)
        two.emcs.faults.inject("another-identifier", sender.home.code, message=message)
        movement = two.dispatch()
        two.warsaw.accept(movement)

        outcomes = [one[2] for one in between(receiver.home, sender.home) if one[:2] == ("in", message)]
        assert outcomes == ["accepted", "refused"]
        (told,) = refusals(receiver.home, sender.home)
        assert rule in told
        assert movement.delivered
        assert two.outcomes() == ["acknowledged (accepted)"]


@pytest.mark.parametrize("name", ["wrong-correlation", "missing-correlation"])
def test_answer_counts_whatever_it_answers(name: str) -> None:
    """The answer to a status request is taken for its movement, which goes on as if it had named the question."""
    with pair() as two:
        movement = two.dispatch()
        two.emcs.faults.inject(name, "PL", message="IE905")
        two.emcs.clock.to("journey over + 2 days")

        assert two.outcomes() == ["acknowledged (accepted)"]
        assert ("in", "IE905", "accepted") in between(two.vilnius.home, two.warsaw.home)
        assert movement.state == "accepted"
        two.warsaw.accept(movement)
        assert movement.delivered


def test_key_that_changes_amid_a_movement_is_taken() -> None:
    """Both keys are known, so what is signed with either is taken, and everything from then on is with the new one."""
    with pair() as two:
        movement = two.dispatch()
        two.emcs.faults.inject("key-changed", "LT")
        two.vilnius.send_to_other_place(movement, "PL-OTHER-PLACE")
        third = two.emcs.consignee("DE")
        elsewhere = two.vilnius.dispatch(to=third)
        two.warsaw.accept(movement)

        assert movement.delivered
        assert elsewhere.state_at_destination == "accepted"
        assert set(two.outcomes()) == {"acknowledged (accepted)"}
        assert len(two.outcomes()) >= 2


def test_revoked_certificate_is_known_to_states_that_come_later() -> None:
    """Who is met after the fault was injected has the list of revocations, and the other certificates, as well."""
    with pair() as two:
        two.emcs.faults.inject("revoked-certificate", "LT", other="DE")
        movement = two.vilnius.dispatch(to=two.emcs.consignee("DE"))

        assert movement.state_at_destination == "unknown"
        (told,) = two.outcomes()
        assert "step 18" in told


def test_wrong_document_without_an_answer_is_sent_again_as_it_is() -> None:
    """The same bytes on every try, also of what is wrong: it was taken and not answered, and is a duplicate then."""
    with pair() as two:
        movement = two.dispatch()
        two.emcs.faults.inject("breaks-rule", "PL", rule="R255")
        two.emcs.faults.inject("lost-answer", "LT")
        two.warsaw.accept(movement)
        assert waiting(two.warsaw.home) != []
        two.emcs.clock.advance(minutes=1)

        assert waiting(two.warsaw.home) == []
        received = [one for one in between(two.vilnius.home, two.warsaw.home) if one[:2] == ("in", "IE818")]
        assert received == [("in", "IE818", "refused")]


def test_second_message_goes_after_the_first_was_taken() -> None:
    """What is sent besides a document waits until that has arrived: it would take its identifier otherwise."""
    with pair() as two:
        movement = two.dispatch()
        two.emcs.faults.inject("identifier-reused", "PL")
        two.emcs.faults.inject("connection-reset", "LT")
        two.warsaw.accept(movement)
        two.emcs.clock.advance(minutes=1)

        assert movement.delivered
        assert [strike.fault for strike in two.emcs.faults.journal] == ["connection-reset", "identifier-reused"]
        assert "was already used for other content" in two.outcomes()[1]
