"""The description at ``?wsdl``: the right address, also behind a front, and the schema that it imports."""

import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import run

import pytest
from lxml import etree

from esad_gateway import resources
from esad_gateway.settings import FILE
from helpers.gateway import copy_of_box
from helpers.served import Served, served
from helpers.soap import PATH

PUBLIC = "https://gateway.example/excise"
FROM_A_FRONT = {
    "Host": "stranger.example",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "stranger.example",
    "Forwarded": "host=stranger.example;proto=https",
}


@pytest.fixture
def behind_a_front(tmp_path: Path) -> Iterator[Served]:
    """A gateway that knows its public address."""
    box = copy_of_box(tmp_path)
    with (box.members["LT"].data.root / FILE).open("a", encoding="utf-8") as file:
        file.write(f'public_url = "{PUBLIC}/"\n')
    with served(box) as running:
        yield running


def places(gateway: Served) -> set[str]:
    """Every address in the description, asked through a front that adds headers."""
    answer = gateway.ask("GET", f"{PATH}?wsdl", headers=FROM_A_FRONT)
    assert (answer.status, answer.headers["content-type"]) == (200, "text/xml; charset=utf-8")
    assert b"stranger" not in answer.body
    found = etree.fromstring(answer.body)
    return {one.get(name, "") for one in found.iter() for name in ("location", "schemaLocation") if one.get(name)}


def test_description_names_the_socket_and_no_strangers_word(gateway: Served) -> None:
    """Without a setting the address is where the connection came in, whatever the headers say."""
    address = f"{gateway.url}{PATH}"

    assert places(gateway) == {address, f"{address}?xsd=gateway.xsd"}


def test_public_address_stands_in_the_description(behind_a_front: Served) -> None:
    """The service and its schema are at the front."""
    assert places(behind_a_front) == {f"{PUBLIC}{PATH}", f"{PUBLIC}{PATH}?xsd=gateway.xsd"}


def test_schema_is_served_as_it_ships(gateway: Served) -> None:
    """And no other file is."""
    answer = gateway.get(f"{PATH}?xsd=gateway.xsd")

    assert answer.body == (resources.schemas() / "gateway" / "gateway.xsd").read_bytes()
    for name in ("ndea.wsdl", "../gateway/gateway.xsd", "", "/etc/hostname"):
        assert gateway.get(f"{PATH}?xsd={name}").status == 404


def test_other_methods_are_told_which_would_do(gateway: Served) -> None:
    """As everywhere."""
    answer = gateway.ask("DELETE", PATH)

    assert answer.status == 405


def test_door_is_not_loaded_before_it_is_asked() -> None:
    """The start of a gateway does without it."""
    program = "import sys, esad_gateway.server; sys.exit('esad_gateway.soap.door' in sys.modules)"

    assert run([sys.executable, "-c", program], check=False).returncode == 0
