"""Rooms 5 and 6: what is wrong with a payload, and what it costs to say so."""

import sys
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from types import FrameType
from typing import Any

import pytest
from lxml import etree

from esad_gateway.emcs.messages import IE815
from esad_gateway.emcs.movement import Origin
from esad_gateway.gateway.validator import LONGEST_TYPE, Validation
from esad_gateway.xml.binding import Binder
from esad_gateway.xml.parse import parse
from helpers.gateway import NOW, Station, new_draft


def wrong_lines(count: int) -> IE815:
    """A draft with many lines; in each of them the gross mass is below the net mass and the CN code is no code."""
    draft = new_draft()
    line = replace(draft.body_ead_esad[0], gross_mass=Decimal(1), cn_code="00000000")
    lines = (replace(line, body_record_unique_reference=number) for number in range(1, count + 1))
    return replace(draft, body_ead_esad=tuple(lines))


def document(message: IE815) -> bytes:
    """A message with one element a line."""
    return etree.tostring(Binder("V3.23").write(message), pretty_print=True)


def judged(station: Station, raw: bytes, origin: Origin = Origin.TRADER) -> Validation:
    """The verdict on a payload."""
    return station.runtime.gateway.validator.validate(parse(raw), origin, NOW)


def steps(action: Callable[[], object]) -> int:
    """How many instructions of Python ``action`` takes, where time would be a bad measure."""
    count = 0

    def trace(frame: FrameType, event: str, _: object) -> Any:
        nonlocal count
        frame.f_trace_opcodes = True
        count += event == "opcode"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        action()
    finally:
        sys.settrace(before)
    return count


def test_faults_of_content_have_their_lines(lt: Station) -> None:
    """A fault points into the document that was sent."""
    raw = document(wrong_lines(2))

    faults = judged(lt, raw).faults

    lines = raw.decode().splitlines()
    assert [fault.rule for fault in faults] == ["R232", "R219"] * 2
    for fault in faults:
        name = fault.path.rpartition("/")[2]
        assert fault.line is not None
        assert f"{name}>{fault.value}<" in lines[fault.line - 1]


def test_content_of_an_administration_is_its_own_affair(lt: Station) -> None:
    """The state of dispatch answers for the content of what it sends (domain facts 5.1)."""
    assert judged(lt, document(wrong_lines(1)), Origin.ADMINISTRATION).faults == ()


def test_cost_of_faults_grows_with_the_document(lt: Station) -> None:
    """Twice as many wrong lines cost twice as much, not four times: a large draft is no attack."""

    def cost(count: int) -> int:
        raw = document(wrong_lines(count))
        assert len(judged(lt, raw).faults) == 2 * count
        return steps(lambda: judged(lt, raw))

    assert cost(100) < 2.2 * cost(50)


@pytest.mark.parametrize("name", ["IE815", "x", "x" * 40_000])
def test_type_is_the_name_of_the_root(lt: Station, name: str) -> None:
    """Of a name that is no message's, not more than a column of the store can hold."""
    validation = judged(lt, f"<{name}/>".encode())

    assert validation.message is None
    assert validation.type == name[:LONGEST_TYPE]
    assert [fault.code for fault in validation.faults] == ["15"]


@pytest.mark.parametrize("name", ["IE825", "IE829", "IE839"])
def test_message_of_duty_suspension_is_refused_with_the_reason(lt: Station, name: str) -> None:
    """Splitting and export have no schema here: they are told that duty paid has no such message, by rule."""
    found = judged(lt, f'<{name} xmlns="urn:publicid:-:EC:DGTAXUD:EMCS:PHASE4:{name}:V3.23"/>'.encode())
    assert [(fault.rule, fault.code, fault.value) for fault in found.faults] == [("GW-007", "15", name)]
