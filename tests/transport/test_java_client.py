"""The JDK's HTTP client, which offers HTTP/2 with its first request, posts with its defaults."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from esad_gateway.transport.envelope import deliver
from helpers.gateway import CONSIGNOR, copy_of_box, new_draft
from helpers.jdk import PROGRAM
from helpers.programs import require
from helpers.served import XML, Served, served

SOURCE = Path(__file__).parent / "java" / "Post.java"


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A gateway that the client reaches over HTTP."""
    with served(copy_of_box(tmp_path_factory.mktemp("box"))) as running:
        yield running


def post(url: str, kind: str, body: bytes, folder: Path) -> list[str]:
    """What the client prints of two posts of the same body."""
    require(PROGRAM)
    file = folder / "body"
    file.write_bytes(body)
    command = [PROGRAM, "-XX:TieredStopAtLevel=1", str(SOURCE), url, kind, str(file)]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout.splitlines()


def test_java_submits_a_draft(gateway: Served, tmp_path: Path) -> None:
    """201 with the receipt, and the same receipt when the same bytes come again."""
    draft = gateway.box.signed(CONSIGNOR, new_draft())

    first, again = post(f"{gateway.url}/v1/messages", XML, draft, tmp_path)

    assert (first[:4], again[:4]) == ("201 ", "200 ")
    assert '"accepted"' in first


def test_java_reads_the_fault_of_a_stranger(gateway: Served, tmp_path: Path) -> None:
    """A SOAP fault about the document it has delivered, not about an empty one."""
    draft = gateway.box.signed(CONSIGNOR, new_draft())

    first, _ = post(f"{gateway.url}/ndea", "text/xml; charset=utf-8", deliver(draft), tmp_path)

    assert first.startswith("500 ")
    assert "Client" in first
    assert "empty" not in first
