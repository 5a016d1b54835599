"""Test data that is made: valid by schema and rules, of every type, size, goods, states and transport, or broken."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from esad_gateway.emcs.messages import IE713, IE815, IE818, NAMES, Message
from esad_gateway.emcs.messages.kinds import written_by_trader
from esad_gateway.emcs.messages.triggers import Origin
from esad_gateway.emcs.procedure import content
from esad_gateway.emcs.registry import ExciseOffice
from esad_gateway.emcs.rules import RULES
from esad_gateway.emcs.rules.code_lists import EXCISE_PRODUCTS, TRANSPORT_MODES
from esad_gateway.errors import UnreadableInput
from esad_gateway.ports.reading import Outcome, Receipt
from esad_gateway.profiles import profile_of
from esad_gateway.simulator.goods import wine
from esad_gateway.simulator.making.maker import DAY, Made, Maker, Size, Wanted
from esad_gateway.simulator.making.places import TOWNS
from esad_gateway.simulator.making.typical import samples
from esad_gateway.simulator.making.variants import broken_samples, rules_of
from esad_gateway.simulator.scripts.model import Do, Then
from esad_gateway.simulator.world.emcs import Emcs
from esad_gateway.simulator.world.world import signed
from esad_gateway.xml.binding import read
from esad_gateway.xml.parse import parse
from esad_gateway.xml.release import shipped
from esad_gateway.xml.scan import TRADERS, Limits

MAKER = Maker(seed=7)
BESIDES = {
    ("IE813", "R059"): {"C149"},
    ("IE818", "R045"): {"BR021"},
    ("IE819", "R045"): {"BR021"},
}
"""What a movement says besides, where the document alone breaks one rule."""

every_type = pytest.mark.parametrize("message", NAMES)


def judged(made: Made) -> list[str]:
    """The rules that a made document breaks, read again as a gateway reads it, and within its limits."""
    root = parse(made.document(), TRADERS if written_by_trader(type(made.message)) else Limits())
    assert shipped().accepts(root)
    return [fault.rule for fault in made.case.faults_of(read(root))]


def lines_of(message: Message) -> tuple[Any, ...]:
    """The lines of a message."""
    names = ("body_ead_esad", "body_report_of_receipt_export", "trader_authorisation")
    return next(tuple(getattr(message, name)) for name in names if hasattr(message, name))


@every_type
@pytest.mark.parametrize("size", [Size.SMALLEST, Size.TYPICAL])
def test_message_is_valid(message: str, size: Size) -> None:
    """Every type has a small and a usual message that keeps its schema and every rule."""
    assert judged(MAKER.make(Wanted(message=message, size=size))) == []


@every_type
def test_largest_message_is_valid(message: str) -> None:
    """The largest documents are valid as well, and no larger than a gateway takes from a trader."""
    made = MAKER.make(Wanted(message=message, size=Size.LARGEST))

    assert judged(made) == []
    if message in {"IE801", "IE815", "IE818"}:
        assert [one.body_record_unique_reference for one in lines_of(made.message)] == list(range(1, 1000))
    if isinstance(made.message, IE713):
        assert len({one.trader_excise_number for one in lines_of(made.message)}) == 999


@pytest.mark.parametrize("message", ["IE704", "IE807", "IE871"])
def test_sizes_grow(message: str) -> None:
    """What can be left out is left out of the smallest, and what can be there is in the largest."""
    small, usual, large = (len(MAKER.make(Wanted(message=message, size=size)).document()) for size in Size)

    assert small < usual < large


def test_smallest_draft_has_nothing_that_could_be_left_out() -> None:
    """One line, without a description of it, and nobody who arranges the transport."""
    made = MAKER.make(Wanted(size=Size.SMALLEST)).message

    assert isinstance(made, IE815)
    (line,) = made.body_ead_esad
    assert (line.commercial_description, line.wine_product, made.transport_arranger_trader) == (None, None, None)


@pytest.mark.parametrize("product", EXCISE_PRODUCTS)
def test_message_of_every_product_is_valid(product: str) -> None:
    """A draft, its e-SAD and a report of receipt about every excise product there is."""
    for message in ("IE815", "IE801", "IE871"):
        made = MAKER.make(Wanted(message=message, product=product))
        assert judged(made) == []
    draft = MAKER.make(Wanted(product=product)).message
    assert product in {one.excise_product_code for one in lines_of(draft)}


@pytest.mark.parametrize("transport", TRANSPORT_MODES)
@pytest.mark.parametrize("size", [Size.SMALLEST, Size.TYPICAL])
def test_message_of_every_transport_is_valid(transport: str, size: Size) -> None:
    """Drafts of goods by sea, by rail, through a pipeline and by post."""
    made = MAKER.make(Wanted(transport=transport, size=size))

    assert isinstance(made.message, IE815)
    assert made.message.transport_mode.transport_mode_code == transport
    assert judged(made) == []


@pytest.mark.parametrize("state", [state for state in TOWNS if state != "LT"])
def test_message_of_every_state_is_valid(state: str) -> None:
    """From every member state to Lithuania and back; nothing in the document is of a third one."""
    there = MAKER.make(Wanted(own=state, other="LT"))
    back = MAKER.make(Wanted(message="IE818", own="LT", other=state))

    assert (judged(there), judged(back)) == ([], [])
    assert isinstance(there.message, IE815)
    assert isinstance(back.message, IE818)
    assert there.message.consignor_trader.trader_excise_number[:2] == state
    assert back.message.excise_movement.administrative_reference_code[2:4] == state
    assert content("IE815", there.message, Origin.TRADER, there.case.context.now, profile_of(state)) == ()


@pytest.mark.parametrize("day", [date(2023, 2, 13), date(2024, 2, 29), date(2025, 3, 30), date(2026, 10, 25)])
def test_samples_are_valid_on_other_days(day: date) -> None:
    """From the first day of the e-SAD on, when CN codes were others, and when clocks are changed."""
    for name in samples("IE815"):
        assert judged(MAKER.make(Wanted(sample=name, day=day))) == []


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.integers(0, 2**32),
    st.sampled_from(NAMES),
    st.permutations(sorted(TOWNS)),
    st.sampled_from(sorted(EXCISE_PRODUCTS)),
    st.dates(date(2025, 1, 1), date(2032, 12, 31)),
)
def test_whatever_is_asked_for_is_valid(seed: int, message: str, states: list[str], product: str, day: date) -> None:
    """Any seed, type, states, goods and day together give a valid message, or it is said that there is none."""
    wanted = Wanted(message=message, own=states[0], other=states[1], product=product, day=day)
    try:
        made = Maker(seed).make(wanted)
    except UnreadableInput as error:
        assert "XI" in {wanted.own, wanted.other}, error  # noqa: PT017 - only Northern Ireland has such
    else:
        assert judged(made) == []


def test_seed_decides_everything() -> None:
    """The same seed makes the same bytes; another seed other identities, ARCs and quantities."""
    first, again, other = (Maker(seed).make(Wanted(message="IE801")) for seed in (1, 1, 2))

    assert first.document() == again.document()
    assert len({made.message.excise_movement.administrative_reference_code for made in (first, other)}) == 2  # type: ignore[attr-defined]
    assert first.message.header.message_identifier != other.message.header.message_identifier


@pytest.mark.parametrize("message", sorted({rule.message.__name__ for rule in RULES}))
def test_every_rule_has_a_message_that_breaks_it(message: str) -> None:
    """The faults of that rule; between other states and on another day than those that ship."""
    assert set(rules_of(message)) == {rule.number for rule in RULES if rule.message.__name__ == message}
    for rule in rules_of(message):
        made = MAKER.broken(Wanted(message=message, own="DE", other="AT", day=date(2027, 7, 15)), rule)
        assert {fault.rule for fault in made.faults} == {rule} | BESIDES.get((message, rule), set())
        assert judged(made) == [fault.rule for fault in made.faults]


def test_seed_chooses_how_a_rule_is_broken() -> None:
    """Several samples break BR025 of a report; seeds come by all that break it alone."""
    names = {Maker(seed).broken(Wanted(message="IE818"), "BR025").name for seed in range(40)}

    assert len(names) == len([name for name in broken_samples("IE818") if name.startswith("BR025")])


@pytest.mark.parametrize(("size", "rule"), [("smallest", "R219"), ("typical", "R054"), ("typical", "R045")])
def test_any_message_can_be_broken_once(size: str, rule: str) -> None:
    """A message that was made has one item broken, so that it breaks one rule alone."""
    made = MAKER.make(Wanted(size=Size(size), own="FR", other="ES", product="S200"))

    spoilt = MAKER.spoilt(made, rule)

    assert judged(spoilt) == [fault.rule for fault in spoilt.faults] == [rule]
    assert spoilt == MAKER.spoilt(made, rule)


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (Wanted(message="IE825"), "'IE825' is no message .*IE815"),
        (Wanted(sample="sparkling"), "no sample 'sparkling' of the IE815: .*deferred"),
        (Wanted(product="W100"), "no product 'W100': .*W200"),
        (Wanted(transport="9"), "no transport '9': 0, 1"),
        (Wanted(own="GR"), "no state 'GR': .*EL"),
        (Wanted(own="PL"), "from PL to PL"),
        (Wanted(sample="deferred", transport="7", product="B000", day=DAY), None),
    ],
)
def test_what_there_is_not_is_refused_with_what_there_is(wanted: Wanted, said: str | None) -> None:
    """Every value that is no such thing is named, with those that are."""
    if said is None:
        assert judged(MAKER.make(wanted)) == []
        return
    with pytest.raises(UnreadableInput, match=said):
        MAKER.make(wanted)


def test_rule_that_nothing_breaks_is_refused() -> None:
    """A rule of another message, and one that is never broken where Northern Ireland takes part."""
    with pytest.raises(UnreadableInput, match="'IE999' is no message"):
        MAKER.rules("IE999")
    with pytest.raises(UnreadableInput, match=r"no sample of the IE815 breaks 'R255': .*R219"):
        MAKER.broken(Wanted(), "R255")
    with pytest.raises(UnreadableInput, match="no sample breaks R271 between XI and LT"):
        MAKER.broken(Wanted(own="XI", other="LT"), "R271")
    with pytest.raises(UnreadableInput, match="can break BC46 alone"):
        MAKER.spoilt(MAKER.make(Wanted(message="IE819")), "BC46")


def test_trader_breaks_one_rule_of_its_own_draft() -> None:
    """In a world of its own states: a draft, and the same with one rule broken, which the gateway refuses for that."""
    with Emcs() as emcs:
        vilnius, warsaw = emcs.consignor("LT"), emcs.consignee("PL")
        draft = vilnius.draft(to=warsaw)
        for rule in ("R219", "R054", "R045"):
            receipt = vilnius.submit(vilnius.broken(draft, rule))
            assert [fault.rule for fault in receipt.faults] == [rule]


def test_trader_breaks_one_rule_of_a_report() -> None:
    """What the movement alone can tell is broken as well: more is refused than was sent (BR025)."""
    with Emcs() as emcs:
        movement = emcs.consignor("LT").dispatch(to=(warsaw := emcs.consignee("PL")), lines=[wine(litres=900)])
        report = warsaw.answer(movement.arc, Then(do=Do.ACCEPT, shortages={1: Decimal(10)}))
        assert report is not None

        receipt = warsaw.submit(warsaw.broken(report, "BR025"))

        assert [fault.rule for fault in receipt.faults] == ["BR025"]
        assert movement.state == "accepted"


def test_documents_of_999_lines_are_taken() -> None:
    """As many lines as a document may have, submitted to a gateway and passed on to another."""
    with Emcs() as emcs:
        movement = emcs.consignor("LT").dispatch(to=emcs.consignee("PL"), lines=[wine(litres=9)] * 999)
        assert movement.state_at_destination == "accepted"


NOT_FOUND = {
    *("BR001-lrn-used", "BR052-one-movement-only", "R044-unknown-consignor", "R070-consignor-of-no-state"),
    *("C208-warehouse-of-northern-ireland", "R271-of-other-states"),
}
"""What Lithuania answers otherwise: it has taken no e-SAD before, and whoever signs is a trader of its own."""


@pytest.fixture
def gateway() -> Iterator[Emcs]:
    """Lithuania, which knows the traders and the offices of the test data, and has its national maximum (BR007)."""
    facts = MAKER.make().case.facts
    with Emcs(settings={"LT": {"maximum_journey_days": {"5": 20}}}) as emcs:
        for operator in facts.operators.values():
            emcs.run(emcs.world.register(operator))
        offices = [ExciseOffice(reference=one) for one in facts.offices or ()]
        emcs.world.states["LT"].runtime.registry.add_operators((), offices)
        emcs.world.states["LT"].runtime.verifier.look()
        yield emcs


def submitted(emcs: Emcs, made: Made) -> Receipt:
    """What a gateway says of a draft that was made, signed by whoever it names as consignor."""
    assert isinstance(made.message, IE815)
    signer = emcs.run(emcs.world.signer(made.message.consignor_trader.trader_excise_number))
    return emcs.run(emcs.world.take("LT", signed(signer, made.message)))


def consignee_of(made: Made) -> str:
    """The consignee of a draft."""
    assert isinstance(made.message, IE815)
    assert made.message.consignee_trader is not None
    return made.message.consignee_trader.traderid or ""


@pytest.mark.parametrize("size", Size)
def test_gateway_takes_what_is_made(gateway: Emcs, size: Size) -> None:
    """A draft of each size, signed and submitted: it is accepted, and reaches the consignee."""
    made = Maker(seed=1).make(Wanted(size=size))

    receipt = submitted(gateway, made)

    assert (receipt.outcome, receipt.faults) == (Outcome.ACCEPTED, ())
    movement = gateway.world.states["PL"].movement(consignee_of(made), receipt.arc or "")
    assert movement is not None
    assert len(movement.lines) == len(lines_of(made.message))


def test_gateway_finds_the_fault_that_is_made(gateway: Emcs) -> None:
    """A draft that breaks one rule is refused with the faults that were told with it: rule, place and value."""
    wrong = []
    for sample in sorted(broken_samples("IE815").keys() - NOT_FOUND):
        made = MAKER.broken_sample(Wanted(), sample)
        found = [(one.rule, one.path, one.value) for one in submitted(gateway, made).faults]
        wrong += [(sample, found)] if found != [(one.rule, one.path, one.value) for one in made.faults] else []

    assert wrong == []
