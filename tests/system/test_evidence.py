"""The audit of the demonstration: what was told is compared with what a store holds, in both directions."""

from dataclasses import replace

import pytest

from esad_gateway.audit.check import CheckOutcome
from esad_gateway.simulator.evidence import ExpectedFacts, Findings, Stored

ARC = "26LT000000000000001P2"
DIGEST = bytes(32)
MESSAGE = Stored(
    mailbox="LT00000000101", seq=1, direction="in", type="IE815", arc=ARC, outcome="accepted", signer="ab" * 32
)
FOUND = Findings(
    report=CheckOutcome(messages=1, movements=1, waiting=0, dead=0, vouched=1, broken=()),
    messages=frozenset({MESSAGE}),
    movements={(ARC, "dispatch"): "X01"},
    turned_away=frozenset({DIGEST}),
    verified=1,
    unproven=(),
)


def ledger() -> ExpectedFacts:
    """What was told of a Lithuania in which everything is as found."""
    told = ExpectedFacts()
    told.messages["LT"].add(MESSAGE)
    told.movements["LT"][ARC, "dispatch"] = "X01"
    told.turned_away["LT"].add(DIGEST)
    return told


def test_ledger_agrees_with_a_store_that_holds_all_of_it() -> None:
    """Nothing differs when the store holds what was told, whatever else stands in its mailboxes."""
    more = replace(FOUND, messages=FOUND.messages | {replace(MESSAGE, seq=2)})

    assert ledger().differences("LT", FOUND) == ledger().differences("LT", more) == ()


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (replace(FOUND, messages=frozenset()), "is not in the store"),
        (replace(FOUND, messages=frozenset({replace(MESSAGE, outcome="refused")})), "is not in the store"),
        (replace(FOUND, messages=frozenset({replace(MESSAGE, signer=None)})), "is not in the store"),
        (replace(FOUND, movements={(ARC, "dispatch"): "X03"}), "should be X01, and is X03"),
        (replace(FOUND, movements={}), "should be X01, and is None"),
        (
            replace(FOUND, movements={**FOUND.movements, (ARC, "destination"): "X01"}),
            "at destination should be None, and is X01",
        ),
        (replace(FOUND, turned_away=frozenset()), "security log has no 00"),
    ],
    ids=["lost", "other outcome", "unproved", "other state", "no movement", "one movement more", "refusal forgotten"],
)
def test_ledger_names_what_differs(found: Findings, said: str) -> None:
    """One difference is one sentence that says what was told, or what nobody told."""
    [difference] = ledger().differences("LT", found)

    assert said in difference
