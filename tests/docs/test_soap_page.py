"""The page on SOAP says what the door does."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from esad_gateway.signing.wss.steps import SecurityStep, asks
from esad_gateway.soap.envelope import SOAP_1_1, SOAP_1_2
from esad_gateway.soap.operations import OPERATIONS
from esad_gateway.texts import say
from helpers.gateway import CONSIGNOR, copy_of_box
from helpers.served import served
from helpers.soap import ByHand

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "soap.md").read_text(encoding="utf-8")


@pytest.fixture
def client(tmp_path: Path) -> Iterator[ByHand]:
    """A client of a gateway whose register has the trader of the page."""
    with served(copy_of_box(tmp_path)) as gateway:
        yield ByHand(gateway, SOAP_1_1)


def test_page_has_every_operation(client: ByHand) -> None:
    """With its twin in REST, and whether it asks for a token."""
    rows = re.findall(r"^\| `(\w+)` \| `(\w+) ([^`]+)` \| (yes|no)", PAGE, re.MULTILINE)
    asks = {
        name: client.fault_of(client.post(client.request(name, _members(name)))).said("status") for name in OPERATIONS
    }

    assert {name: (method, path) for name, method, path, _ in rows} == {k: one.twin for k, one in OPERATIONS.items()}
    assert {name: "yes" if status == ["401"] else "no" for name, status in asks.items()} == {
        name: needed for name, *_, needed in rows
    }


def _members(name: str) -> dict[str, object]:
    """What has to be there in a request, whatever it is."""
    wanted = {
        "trader": CONSIGNOR,
        "seed": CONSIGNOR,
        "seq": 1,
        "arc": "x",
        "document": b"x",
        "kind": "saad",
        "file": b"x",
        "batch": "0",
        "through": 1,
    }
    return {
        key: value
        for key, value in wanted.items()
        if (f := OPERATIONS[name].asked.model_fields.get(key)) and (f.is_required() or key == "through")
    }


def test_page_has_every_fault() -> None:
    """By its name in both versions."""
    rows = re.findall(r"^\| [^|]+ \| `(\w+)`, 500 \| `(\w+)`, (?:400|500)", PAGE, re.MULTILINE)

    assert dict(rows) == {code: SOAP_1_2.codes[code] for code in SOAP_1_1.codes}


def test_request_of_the_page_is_answered(client: ByHand) -> None:
    """As it stands there, with a token."""
    (request,) = re.findall(r"```xml\n(.*?)```", PAGE, re.DOTALL)

    answer = client.post(request.encode(), client.gateway.box.traders[CONSIGNOR].token)

    assert answer.status == 200
    assert b"<registered>true</registered>" in answer.body


def test_page_has_every_step_of_a_signed_request() -> None:
    """Numbers and texts are those of the program."""
    rows = re.findall(r"^\| (\d+) \| (.+) \|$", PAGE, re.MULTILINE)

    assert {int(number): text for number, text in rows} == {int(step): say(asks(step)) for step in SecurityStep}
