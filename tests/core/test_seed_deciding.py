"""What an administration's IE713 does to the register: all of its changes, or the reasons against them."""

import sys
from dataclasses import replace
from datetime import timedelta
from typing import Any

from esad_gateway.emcs.messages import IE713
from esad_gateway.emcs.registry import Operator, OperatorType, TemporaryAuthorisation
from esad_gateway.emcs.seed import Pending, Refusal, Update, decide_update, refusals_of, register_refusals
from helpers.seed import CONSIGNEE, SENT_ON, TEMPORARY_CONSIGNOR, Known, change, extract, limited, update

OTHER = replace(CONSIGNEE, seed="PL00000000202")


def decided(message: IE713, *known: Operator, state: str = "PL") -> list[tuple[str, str | None]]:
    """The changes as operation and number, or the refusals as code and value."""
    decision = decide_update(message, state, Known(known))
    if isinstance(decision, Update):
        return [(change.operation, change.operator.seed) for change in decision.changes]
    return [_brief(one) for one in decision]


def _brief(refusal: Refusal) -> tuple[str, str | None]:
    return refusal.fault.code, refusal.fault.value


def test_changes_of_own_operators_are_made_in_their_order() -> None:
    """The state that registers a trader says what changes."""
    assert decided(update([OTHER, CONSIGNEE])) == [("C", OTHER.seed), ("C", CONSIGNEE.seed)]
    assert decided(update([CONSIGNEE], "I"), CONSIGNEE) == [("I", CONSIGNEE.seed)]


def test_operators_of_another_state_are_refused() -> None:
    """Nobody changes the operators of another state (R070, 112), and nothing else of the message is done then."""
    message = update([CONSIGNEE, TEMPORARY_CONSIGNOR])
    assert decided(message) == [("112", TEMPORARY_CONSIGNOR.seed)]
    assert decided(message, CONSIGNEE, state="LT") == [("112", CONSIGNEE.seed), ("8", CONSIGNEE.seed)]
    of_our_office = replace(CONSIGNEE, seed="LT00000000201")
    assert decided(update([of_our_office])) == [("112", of_our_office.seed), ("27", of_our_office.office)]


def test_extract_of_another_states_operators_is_refused() -> None:
    """What the register holds elsewhere is for the state itself to say; of its own, an extract needs nothing before."""
    assert decided(extract([CONSIGNEE]), state="DE") == [("112", CONSIGNEE.seed)]
    assert decided(extract([CONSIGNEE]), CONSIGNEE) == [("C", CONSIGNEE.seed)]


def test_nothing_is_kept_of_an_extract_that_is_judged() -> None:
    """It asks the register nothing, and may hold a million numbers."""
    pending = Pending(Known())
    assert list(refusals_of(extract([CONSIGNEE]), pending)) == []
    assert pending.records(CONSIGNEE.seed) == ()
    assert list(refusals_of(update([CONSIGNEE]), pending)) == []
    assert [one.seed for one in pending.records(CONSIGNEE.seed)] == [CONSIGNEE.seed]


def test_number_that_is_none_is_one_fault() -> None:
    """A number that belongs to no state is not said to belong to another one too."""
    wrong = replace(CONSIGNEE, seed="XX00000000201", office="XX002000")
    assert decided(update([wrong])) == [("112", "XX00000000201")]


def test_change_reckons_with_those_before_it_in_the_message() -> None:
    """A second creation of the same number is refused (8); deciding leaves the register as it was."""
    message = update([CONSIGNEE])
    again = replace(message, trader_authorisation=message.trader_authorisation * 2)
    assert decided(again) == decided(again) == [("8", CONSIGNEE.seed)]


def test_consignee_is_free_again_once_its_consignor_is_deleted() -> None:
    """Only what will be there counts against a link (BR051): not the consignor that the same message deletes."""
    receiver = replace(
        TEMPORARY_CONSIGNOR,
        seed="PL00000000211",
        operator_type=OperatorType.TEMPORARY_CERTIFIED_CONSIGNEE,
        temporary=TemporaryAuthorisation(),
    )
    linked = limited(TEMPORARY_CONSIGNOR, counterparty=receiver.seed)
    known = Known((receiver, linked))
    pending = Pending(known)
    another = change(replace(linked, seed="LT00000000112"))
    assert [one.fault.rule for one in register_refusals(another, pending)] == ["BR051"]
    pending.note(change(linked, "D"))
    assert list(register_refusals(another, pending)) == []


def test_record_that_a_later_one_ends_takes_no_consignee_after_that() -> None:
    """An authorisation without an end counts until the next record of its number begins (BR051)."""
    receiver = replace(
        TEMPORARY_CONSIGNOR,
        seed="PL00000000211",
        operator_type=OperatorType.TEMPORARY_CERTIFIED_CONSIGNEE,
        temporary=None,
    )
    linked = limited(TEMPORARY_CONSIGNOR, counterparty=receiver.seed)
    endless = replace(linked, seed="LT00000000112", valid_from=SENT_ON - timedelta(days=90), valid_to=None)
    later = replace(limited(endless, counterparty=CONSIGNEE.seed), valid_from=SENT_ON - timedelta(days=30))

    first = change(endless, "U", endless.valid_from)
    assert [one.fault.rule for one in register_refusals(first, Known((receiver, linked, endless)))] == ["BR051"]
    assert list(register_refusals(first, Known((receiver, linked, endless, later)))) == []


def test_only_consignors_are_linked_to_a_consignee() -> None:
    """A record of another type that names the number takes nothing from anybody, looked up before or not."""
    records = tuple(
        replace(limited(TEMPORARY_CONSIGNOR, counterparty=CONSIGNEE.seed), seed=seed, operator_type=kind)
        for seed, kind in (
            ("LT00000000112", OperatorType.TEMPORARY_CERTIFIED_CONSIGNEE),
            ("LT00000000113", OperatorType.TEMPORARY_CERTIFIED_CONSIGNOR),
        )
    )
    pending = Pending(Known(records))
    for record in records:
        assert pending.records(record.seed) == (record,)
    assert pending.consignors_linked_to(CONSIGNEE.seed) == {"LT00000000113"}


def test_effort_grows_with_the_changes_and_not_with_their_square() -> None:
    """It is taken while everybody waits: of twice as many that name counterparties, each costs what it did."""
    assert _calls_to_decide(80) < 2.2 * _calls_to_decide(40)


def test_consignor_that_names_another_now_is_not_linked_any_more() -> None:
    """Of a number whose only record was replaced, the counterparty of before counts no more."""
    linked = limited(TEMPORARY_CONSIGNOR, counterparty=CONSIGNEE.seed)
    pending = Pending(Known((linked,)))
    pending.put(limited(linked, counterparty=OTHER.seed))
    assert pending.consignors_linked_to(CONSIGNEE.seed) == frozenset()
    assert pending.consignors_linked_to(OTHER.seed) == {linked.seed}


def test_refusals_are_as_many_as_an_ie714_can_carry() -> None:
    """Beyond 999 nothing is judged any more."""
    message = update([CONSIGNEE])
    many = replace(message, trader_authorisation=message.trader_authorisation * 1001)
    assert len(decided(many, CONSIGNEE)) == 999


def _calls_to_decide(count: int) -> int:
    """How many calls of functions it takes to decide updates of consignors, each linked to a consignee of its own."""
    consignees = tuple(
        replace(
            TEMPORARY_CONSIGNOR,
            seed=f"PL{number:011}",
            operator_type=OperatorType.TEMPORARY_CERTIFIED_CONSIGNEE,
            temporary=TemporaryAuthorisation(),
        )
        for number in range(count)
    )
    consignors = tuple(
        limited(replace(TEMPORARY_CONSIGNOR, seed=f"LT{number:011}"), counterparty=consignee.seed)
        for number, consignee in enumerate(consignees)
    )
    message, known, calls = update(consignors, "U"), Known((*consignees, *consignors)), 0

    def note(_frame: Any, event: str, _argument: Any) -> None:
        nonlocal calls
        calls += event == "call"

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        decision = decide_update(message, "LT", known)
    finally:
        sys.setprofile(before)
    assert isinstance(decision, Update)
    return calls
