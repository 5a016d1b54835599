"""Gateways meet rules: what a trader breaks of a message of its own is refused for that rule, and for nothing else."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from uuid import uuid4

import pytest
from lxml import etree

from esad_gateway.emcs.messages import Message
from esad_gateway.emcs.messages.kinds import trader_of
from esad_gateway.emcs.registry import ExciseOffice
from esad_gateway.emcs.rules.catalogue import NO_STANDING, XSD
from esad_gateway.errors import SignerNotAllowed
from esad_gateway.signing.signer import XmlSigner
from esad_gateway.simulator.making.breaking import breaks
from esad_gateway.simulator.making.maker import Made, Maker, Wanted
from esad_gateway.simulator.making.variants import broken_samples, rule_of
from esad_gateway.simulator.scripts.model import Do, Then
from esad_gateway.simulator.world.emcs import Emcs
from esad_gateway.simulator.world.judging import case_in
from esad_gateway.simulator.world.movements import SimulatedMovement
from esad_gateway.simulator.world.traders import SimulatedTrader
from esad_gateway.xml.release import current, shipped


def broken_once(trader: SimulatedTrader, message: Message) -> Mapping[str, Message]:
    """The message with one item broken, for every rule that one item can break alone."""
    case = case_in(trader.emcs.world, trader.home, trader.seed, message)
    found: dict[str, Message] = {}
    for one in breaks(message):
        if trader_of(one.message) not in {trader.seed, None}:
            continue  # the signature is not of whom it names, so nobody comes to ask the rules
        rules = {fault.rule for fault in case.faults_of(one.message)}
        if len(rules) == 1 and not rules & found.keys() and shipped().accepts(current().write(one.message)):
            found[rules.pop()] = replace(
                one.message, header=replace(one.message.header, message_identifier=str(uuid4()))
            )
    return found


def refused_by(trader: SimulatedTrader, message: Message) -> set[str]:
    """The rules by which the gateway of a trader refuses a message."""
    return {fault.rule for fault in trader.submit(message).faults}


def check(trader: SimulatedTrader, message: Message | None, least: int) -> None:
    """That the gateway refuses each for its rule, of at least so many rules.

    Where the broken item makes the trader a stranger to the movement, that is said, whatever else is.
    """
    assert message is not None
    answered = {rule: refused_by(trader, one) for rule, one in broken_once(trader, message).items()}
    assert len(answered) >= least
    assert {rule: found for rule, found in answered.items() if found != {rule} and NO_STANDING not in found} == {}


def test_draft_is_refused_for_each_rule() -> None:
    """A draft of an e-SAD."""
    with Emcs() as emcs:
        vilnius, warsaw = emcs.consignor("LT"), emcs.consignee("PL")
        check(vilnius, vilnius.draft(to=warsaw), 20)


REPORTS: Mapping[str, Then] = {
    "accepted": Then(do=Do.ACCEPT, shortages={1: Decimal(10)}, reason="broken"),
    "partially refused": Then(do=Do.PARTIALLY_REFUSE, refused={1: Decimal(10)}, reason="broken"),
    "rejected": Then(do=Do.REJECT, reason="other goods"),
    "delay": Then(do=Do.EXPLAIN_DELAY, reason="strike"),
}


@pytest.mark.parametrize("then", REPORTS.values(), ids=REPORTS)
def test_message_of_the_consignee_is_refused_for_each_rule(then: Then) -> None:
    """Reports of receipt, a rejection, and an explanation."""
    with Emcs() as emcs:
        warsaw = emcs.consignee("PL")
        movement = emcs.consignor("LT").dispatch(to=warsaw)
        check(warsaw, warsaw.answer(movement.arc, then), 3)
        assert movement.state_at_destination == "accepted"


CHANGES: Mapping[str, Callable[[SimulatedMovement], Message | None]] = {
    "other place": lambda one: one.consignor.answer(one.arc, Then(do=Do.SEND_ELSEWHERE, place="Gdynia")),
    "return": lambda one: one.consignor.answer(one.arc, Then(do=Do.TAKE_BACK)),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_change_of_destination_is_refused_for_each_rule(
    change: Callable[[SimulatedMovement], Message | None],
) -> None:
    """To another place, and back."""
    with Emcs() as emcs:
        movement = emcs.consignor("LT").dispatch(to=emcs.consignee("PL"))
        check(movement.consignor, change(movement), 3)
        assert movement.state == "accepted"


def test_explanation_of_a_shortage_is_refused_for_each_rule() -> None:
    """After a report with a shortage."""
    with Emcs() as emcs:
        warsaw = emcs.consignee("PL")
        movement = emcs.consignor("LT").dispatch(to=warsaw)
        warsaw.do(movement.arc, REPORTS["accepted"])
        check(warsaw, warsaw.answer(movement.arc, Then(do=Do.EXPLAIN_SHORTAGE, reason="broken")), 3)


BY_OFFICES: Mapping[str, int] = {"IE717": 34, "IE840": 38, "IE807": 8, "IE881": 17}
BY_TRADERS: Mapping[str, int] = {"IE813": 22, "IE818": 29, "IE819": 13, "IE837": 7, "IE871": 11}
"""The types of messages, and how many rules their samples break in a movement that has only begun, at least."""


def here(made: Made, movement: SimulatedMovement) -> etree._Element:
    """A sample about a movement of this world, and between its traders where it is from this side of one."""
    text = etree.tostring(current().write(made.message))
    if known := made.case.movement_of(made.message):
        names = {known.arc: movement.arc}
        if known.consignor[:2] == movement.consignor.home.code:
            consignee = known.initial_consignee or known.consignee
            names |= {known.consignor: movement.consignor.seed, consignee: movement.consignee.seed}
        for sample, one in names.items():
            text = text.replace(sample.encode(), one.encode())
    return etree.fromstring(text)


def met_by_samples(emcs: Emcs, message: str, signers: Mapping[str, XmlSigner], movement: SimulatedMovement) -> set[str]:
    """The rules by which gateways refuse the samples that break them, each signed in the state it is written in."""
    found = set()
    for sample in broken_samples(message):
        for own, other in (("LT", "PL"), ("PL", "LT")):
            tree = here(Maker().broken_sample(Wanted(message=message, own=own, other=other), sample), movement)
            if own in signers:
                with suppress(SignerNotAllowed):  # the broken item may be the one who signs
                    receipt = emcs.run(emcs.world.take(own, signers[own].sign(tree)))
                    found |= {rule_of(sample)} & {fault.rule for fault in receipt.faults}
    return found


@pytest.mark.parametrize(("message", "least"), BY_OFFICES.items(), ids=BY_OFFICES)
def test_samples_of_offices_are_refused_for_their_rules(message: str, least: int) -> None:
    """Reports, interruptions and answers of an excise office at dispatch."""
    with Emcs() as emcs:
        movement = emcs.consignor("LT").dispatch(to=emcs.consignee("PL"))
        office = emcs.office("LT")
        known = [ExciseOffice(reference=one) for one in Maker().make().case.facts.offices or ()]
        office.home.runtime.registry.add_operators((), known)

        assert len(met_by_samples(emcs, message, {"LT": office.signer}, movement)) >= least


@pytest.mark.parametrize(("message", "least"), BY_TRADERS.items(), ids=BY_TRADERS)
def test_samples_of_traders_are_refused_for_their_rules(message: str, least: int) -> None:
    """What consignor and consignee write about a movement."""
    with Emcs() as emcs:
        movement = emcs.consignor("LT").dispatch(to=emcs.consignee("PL"))
        signers = {one.home.code: one.signer for one in (movement.consignor, movement.consignee)}

        assert len(met_by_samples(emcs, message, signers, movement)) >= least


def test_draft_within_one_state_is_refused() -> None:
    """Directive (EU) 2020/262, article 42, is another procedure (GW-011)."""
    with Emcs() as emcs:
        vilnius = emcs.consignor("LT")
        assert "GW-011" in refused_by(vilnius, vilnius.draft(to=emcs.consignee("LT")))


def test_s3_draft_that_is_malformed_is_refused_by_its_schema() -> None:
    """S3: an element too many; the refusal is an IE917, and no movement begins."""
    with Emcs() as emcs:
        vilnius = emcs.consignor("LT")
        tree = current().write(vilnius.draft(to=emcs.consignee("PL")))
        tree[-1].append(tree[-1].makeelement("Remark"))

        receipt = vilnius.submit(vilnius.signer.sign(tree))

        assert {fault.rule for fault in receipt.faults} == {XSD}
        assert [type(one).__name__ for one in vilnius.inbox()] == ["IE917"]


def test_s22_draft_after_a_dispatch_on_paper_is_taken() -> None:
    """S22: the goods left two days ago under the fallback document; the draft becomes an e-SAD as any other."""
    with Emcs() as emcs:
        vilnius, warsaw = emcs.consignor("LT"), emcs.consignee("PL")
        draft = vilnius.draft(to=warsaw)
        emcs.clock.advance(days=2)
        header = replace(draft.header, date_of_preparation=emcs.clock.now.date())
        late = replace(draft, header=header, attributes=replace(draft.attributes, deferred_submission_flag=True))

        receipt = vilnius.send(late)

        assert [one.type for one in warsaw.home.entries(warsaw.seed, receipt.arc)] == ["IE801"]
