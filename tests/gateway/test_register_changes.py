"""An IE713 of another administration: its operators change here, all of it or nothing, and nothing goes unanswered."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from esad_gateway.emcs.messages import IE713, IE714, IE906
from esad_gateway.emcs.movement import Origin
from esad_gateway.emcs.registry import Operator, OperatorType
from esad_gateway.identities import header
from esad_gateway.ports.reading import Outcome, Receipt
from esad_gateway.simulator.drafts import Parties, draft
from esad_gateway.xml.binding import Binder
from helpers.gateway import CONSIGNOR, FOREIGN_CONSIGNEE, NOW, OPERATORS, Box, Station
from helpers.seed import update

TODAY = NOW.date()
TOMORROW = TODAY + timedelta(days=1)
BY_SEED = {operator.seed: operator for operator in OPERATORS}
KNOWN = BY_SEED[FOREIGN_CONSIGNEE]
NEW = replace(KNOWN, seed="PL00000000299")


def of_poland(box: Box, message: IE713, to: str = "NDEA.LT") -> bytes:
    """An IE713 of the Polish administration, with a fresh header."""
    fresh = replace(header("PL", NOW), message_recipient=to)
    return box.administration("PL").sign(Binder("V3.23").write(replace(message, header=fresh)))


def draft_to(box: Box, consignee: Operator, day: date = TODAY) -> bytes:
    """A consignor's draft for goods that leave on a day."""
    return box.signed(CONSIGNOR, draft(Parties(BY_SEED[CONSIGNOR], consignee), NOW, day))


def rules(receipt: Receipt) -> list[str]:
    """Rules of its faults."""
    return [fault.rule for fault in receipt.faults]


def test_new_operator_can_be_sent_to_at_once(box: Box, lt: Station) -> None:
    """The IE713 is filed, nobody answers it, and the next draft finds the operator."""
    assert rules(lt.take(draft_to(box, NEW))) == ["R045"]

    receipt = lt.take(of_poland(box, update([NEW])), Origin.ADMINISTRATION)

    assert (receipt.outcome, receipt.replies, receipt.faults) == (Outcome.ACCEPTED, (), ())
    assert lt.types("NDEA.PL") == [("in", "IE713")]
    assert lt.due() == []
    assert lt.runtime.registry.operator(NEW.seed) is not None
    assert lt.take(draft_to(box, NEW)).outcome is Outcome.ACCEPTED


@pytest.mark.parametrize("first", [True, False], ids=["before the draft", "after the draft"])
def test_order_within_a_group_counts(box: Box, lt: Station, *, first: bool) -> None:
    """What waits together is committed together: a draft sees the changes of the messages before it, not after it."""
    change = lt.intake(of_poland(box, update([NEW])), Origin.ADMINISTRATION)
    submitted = lt.intake(draft_to(box, NEW))
    group = [change, submitted] if first else [submitted, change]

    answers = lt.runtime.committer.commit(group, NOW)

    receipt = answers[group.index(submitted)]
    assert isinstance(receipt, Receipt)
    assert rules(receipt) == ([] if first else ["R045"])


def test_changes_of_one_group_reckon_with_each_other(box: Box, lt: Station) -> None:
    """Two creations of one number, committed together: the second is refused."""
    documents = [of_poland(box, update([NEW])) for _ in range(2)]

    answers = lt.commit(*documents, origin=Origin.ADMINISTRATION)

    assert [rules(one) for one in answers if isinstance(one, Receipt)] == [[], ["R070"]]


def test_change_counts_from_its_activation_on(box: Box, lt: Station) -> None:
    """An operator that begins tomorrow is no consignee of what leaves today."""
    lt.take(of_poland(box, update([NEW], activation=TOMORROW)), Origin.ADMINISTRATION)

    assert rules(lt.take(draft_to(box, NEW))) == ["R045"]
    assert lt.take(draft_to(box, NEW, TOMORROW)).outcome is Outcome.ACCEPTED


def test_operator_that_ends_can_be_sent_to_until_then(box: Box, lt: Station) -> None:
    """An invalidation ends the authorisation on the day before its activation."""
    lt.take(of_poland(box, update([KNOWN], "I", TOMORROW)), Origin.ADMINISTRATION)

    assert lt.take(draft_to(box, KNOWN)).outcome is Outcome.ACCEPTED
    assert rules(lt.take(draft_to(box, KNOWN, TOMORROW))) == ["R045"]


def test_refused_changes_are_answered_with_an_ie714(box: Box, lt: Station, pl: Station) -> None:
    """One good change and two bad ones: nothing is done, the IE714 says why, and the other side files it in silence."""
    ours = replace(NEW, seed="LT00000000199", office="LT001000", operator_type=OperatorType.CERTIFIED_CONSIGNOR)
    before = lt.rows("operator")
    message = update([NEW, KNOWN, ours])
    document = of_poland(box, message)

    receipt = lt.take(document, Origin.ADMINISTRATION)

    assert receipt.outcome is Outcome.REFUSED
    assert [(fault.rule, fault.value) for fault in receipt.faults] == [("R070", KNOWN.seed), ("R070", ours.seed)]
    assert lt.rows("operator") == before
    refusal = lt.last("NDEA.PL")
    assert isinstance(refusal, IE714)
    assert refusal.header.correlation_identifier == receipt.identifier
    refused = [record.action.action_identification for record in message.trader_authorisation[1:]]
    assert [error.action_identification for error in refusal.functional_error] == refused
    lt.deliver_to(pl)
    assert pl.types("NDEA.LT") == [("in", "IE714")]
    assert (lt.due(), pl.due()) == ([], [])
    assert lt.problems_of_documents(box) == []


def test_repeated_changes_are_made_once(box: Box, lt: Station) -> None:
    """The same bytes again get the same receipt, though the operator exists by now."""
    document = of_poland(box, update([NEW]))
    first = lt.take(document, Origin.ADMINISTRATION)
    before = lt.rows("operator")

    assert lt.take(document, Origin.ADMINISTRATION) == replace(first, repeated=True)
    assert lt.rows("operator") == before


def test_changes_for_another_administration_are_refused(box: Box, lt: Station) -> None:
    """What is addressed to Germany changes nothing here; that is no fault of a change, so an IE906 says it."""
    receipt = lt.take(of_poland(box, update([NEW]), to="NDEA.DE"), Origin.ADMINISTRATION)

    assert rules(receipt) == ["GW-005"]
    assert isinstance(lt.last("NDEA.PL"), IE906)
    assert lt.runtime.registry.operator(NEW.seed) is None


@pytest.mark.parametrize("signer", ["trader", "own office"])
def test_changes_do_not_come_through_the_traders_door(box: Box, lt: Station, signer: str) -> None:
    """Neither a trader nor our own office changes the register with a message."""
    sign: Callable[[IE713], bytes] = (
        (lambda message: box.signed(CONSIGNOR, message))
        if signer == "trader"
        else (lambda message: box.office("LT").sign(Binder("V3.23").write(message)))
    )
    receipt = lt.take(sign(replace(update([NEW]), header=header("LT", NOW))))

    assert receipt.outcome is Outcome.REFUSED
    assert lt.runtime.registry.operator(NEW.seed) is None
