"""Rules on the change of destination: what may change, and that one mistake gets one fault."""

from dataclasses import replace
from datetime import UTC, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from esad_gateway.emcs.codes import DestinationTypeCode, GuarantorTypeCode
from esad_gateway.emcs.messages import IE813
from esad_gateway.emcs.movement import Movement
from esad_gateway.emcs.procedure.asked import operators_asked, parties_asked
from esad_gateway.emcs.rules import Case, case_faults, content_faults
from esad_gateway.texts import say
from helpers.case import FIXTURES, setting
from helpers.fixtures import load
from helpers.samples import draft, evolve, report

DESTINATION = "destination_changed.destination_type_code"
CONSIGNEE = "destination_changed.new_consignee_trader"
ARC = "update_ead_esad.administrative_reference_code"
PLACE = "destination_changed.delivery_place_trader"
JOURNEY = "update_ead_esad.journey_time"
MODE = "update_ead_esad.transport_mode_code"


def change(name: str = "other-place", changes: dict[str, Any] | None = None) -> IE813:
    """A valid change of destination of the fixtures, with other contents."""
    message = load(Path(FIXTURES / "ie813" / "valid" / f"{name}.xml"))
    assert isinstance(message, IE813)
    return evolve(message, changes or {})


def movement(message: IE813, **changes: Any) -> Movement:
    """The movement that ``message`` is about, with other contents."""
    found = setting().movement_of(message)
    assert found is not None
    return replace(found, **changes)


def on(known: Movement | None, message: IE813, **facts: Any) -> list[tuple[str, str | None]]:
    """The stateful rules that ``message`` breaks as a change of ``known``."""
    case = setting().case_of(message)
    case = Case(context=case.context, movement=known, facts=replace(case.facts, **facts))
    return [(fault.rule, fault.value) for fault in case_faults(message, case)]


@pytest.mark.parametrize("destination", [code for code in DestinationTypeCode if int(code) not in {9, 10, 11}])
def test_destination_of_duty_suspension(destination: DestinationTypeCode) -> None:
    """A destination of duty suspension is R259's fault, and what follows from it is not held against it too."""
    message = change(changes={DESTINATION: destination, CONSIGNEE: None, PLACE: None})
    assert [fault.rule for fault in setting().faults_of(message)] == ["R259"]


@pytest.mark.parametrize("destination", DestinationTypeCode)
def test_arc_of_duty_suspension(destination: DestinationTypeCode) -> None:
    """A movement of duty suspension is not changed here, whatever the destination: R259 alone says so."""
    message = change(changes={ARC: "26LT00000000000000358", DESTINATION: destination, CONSIGNEE: None, PLACE: None})
    (fault,) = [one for one in setting().faults_of(message) if one.rule in {"R030", "R259", "BR020"}]
    assert (fault.rule, fault.code, fault.value) == ("R259", "12", destination)
    assert "Position 20 of this ARC is 5, not P" in say(fault.hint)


def test_change_of_no_movement() -> None:
    """Without a movement only BR020 speaks, whatever else would be compared with it."""
    message = change("full", {f"{CONSIGNEE}.traderid": "PL00000000999"})
    assert [rule for rule, _ in on(None, message)] == ["BR020"]


@pytest.mark.parametrize(
    ("mode", "known", "journey", "expected"),
    [
        ("3", None, "D65", ([], [])),
        ("3", None, "D66", (["R054"], [])),
        ("4", "3", "D51", (["R054"], [])),
        (None, "3", "D66", ([], ["R054"])),
        (None, None, "D75", ([], [])),
        (None, None, "D76", (["R054"], [])),
        (None, "3", "D76", (["R054"], [])),
        (None, "5", "D20", ([], [])),
        (None, "5", "D21", ([], ["BR007"])),
        ("5", "3", "D60", (["BR007"], [])),
        ("5", "3", "D61", (["R054"], [])),
        ("3", "5", None, ([], [])),
    ],
)
def test_journey_time_of_a_change(
    mode: str | None, known: str | None, journey: str | None, expected: tuple[list[str], list[str]]
) -> None:
    """A new transport mode sets the maximum, as the change alone shows; without one the movement's does, if known."""
    message = change(changes={MODE: mode, JOURNEY: journey})
    shown = [fault.rule for fault in content_faults(message, setting().context)]
    assert (shown, [rule for rule, _ in on(movement(message, transport_mode=known), message)]) == expected


@pytest.mark.parametrize(
    ("left", "journey", "expected"),
    [
        (time(18), "H03", []),
        (time(18), "H04", []),
        (time(18), "H05", ["BR055"]),
        (time(18), "D00", []),
        (time(18), "D01", ["BR055"]),
        (time(22), "H01", ["BR055"]),
    ],
    ids=str,
)
def test_new_journey_time_on_the_last_day_of_an_authorisation(left: time, journey: str, expected: list[str]) -> None:
    """The journey counts from the moment of dispatch and may last until the day is over, at 22:00 in UTC."""
    message = change("temporary-consignee", {JOURNEY: journey})
    day = setting().context.today
    known = movement(message, dispatched_at=datetime.combine(day, left, UTC))
    operators = dict(setting().facts.operators)
    operators[known.consignee] = replace(operators[known.consignee], valid_to=day)
    assert [rule for rule, _ in on(known, message, operators=operators)] == expected


def test_consignee_after_a_return() -> None:
    """Goods on their way back may be sent to the consignee of the e-SAD again, and to nobody else."""
    message = change("again-to-the-consignee")
    assert on(movement(message), message) == []
    other = evolve(message, {f"{CONSIGNEE}.traderid": "PL00000000209"})
    assert on(movement(message), other) == [("BR050", "PL00000000209")]


def test_place_of_delivery_that_was_not_known() -> None:
    """Any place is another one where the movement has none."""
    message = change(changes={f"{PLACE}.traderid": "PL00000000201"})
    assert on(movement(message, delivery_place=None), message) == []
    assert on(movement(message), message) == [("BR028", "PL00000000201")]


@pytest.mark.parametrize("place", [None, {f"{PLACE}.traderid": None}])
def test_change_without_place_is_not_compared(place: dict[str, Any] | None) -> None:
    """A place that is missing, or has no identification, is the fault of C165 or C074 alone."""
    message = change(changes={PLACE: None} if place is None else place)
    assert on(movement(message), message) == []
    assert [fault.rule for fault in content_faults(message, setting().context)] == ["C165" if place is None else "C074"]


def test_consignee_without_number_is_not_compared() -> None:
    """A consignee without number is C010's fault, and BR050 has nothing to add, even for a return."""
    message = change("return", {f"{CONSIGNEE}.traderid": None})
    assert [fault.rule for fault in setting().faults_of(message)] == ["C010"]


@pytest.mark.parametrize(("quantity", "expected"), [("600", []), ("600.5", ["BR053"])])
def test_room_in_a_reusable_authorisation(quantity: str, expected: list[str]) -> None:
    """After a partial refusal only the refused quantity has to find room; what the movement took counts as its own."""
    message = change("temporary-consignee", {f"{CONSIGNEE}.traderid": "PL00000000206"})
    (line,) = movement(message).lines
    partly = movement(message, consignee="PL00000000206", lines=(replace(line, refused=Decimal(quantity)),))
    assert [rule for rule, _ in on(partly, message)] == expected


def test_operators_that_a_change_asks_for() -> None:
    """A change is judged by the parties of its movement, a draft by those it names, a notice by nobody."""
    message = change()
    assert parties_asked(message, movement(message)) == {"LT00000000101", "PL00000000201"}
    assert operators_asked(message) == {"PL00000000201"}
    assert parties_asked(message, None) == parties_asked(draft(), movement(message)) == frozenset()
    assert operators_asked(draft()) == {"LT00000000101", "PL00000000201"}
    assert operators_asked(report()) == {"LT00000000102"}
    assert operators_asked(load(FIXTURES / "ie802" / "valid" / "report-of-receipt.xml")) == frozenset()


@pytest.mark.parametrize(
    ("guarantor", "mode", "expected"),
    [
        (GuarantorTypeCode.NO_GUARANTEE, "3", ["R216"]),
        (GuarantorTypeCode.NO_GUARANTEE, "1", []),
        (GuarantorTypeCode.NO_GUARANTEE, "7", []),
        (GuarantorTypeCode.NO_GUARANTEE, None, []),
        (GuarantorTypeCode.CONSIGNEE, "3", []),
        (None, "3", []),
    ],
)
def test_new_transport_mode_of_goods_without_a_guarantee(
    guarantor: GuarantorTypeCode | None, mode: str | None, expected: list[str]
) -> None:
    """Without a guarantee goods may change to sea and fixed installations only; an unknown guarantor is no reason."""
    message = change(changes={MODE: mode})
    assert [rule for rule, _ in on(movement(message, guarantor=guarantor), message)] == expected
