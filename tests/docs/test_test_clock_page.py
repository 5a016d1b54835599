"""Every command of the page on the clock for tests is run, by a gateway in a process of its own."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from esad_gateway.simulator.timed.orders import FASTEST, FORMS, UNITS
from helpers import pages

PAGE = pages.ROOT / "docs" / "how-to" / "test-clock.md"


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> list[Mapping[str, Any]]:
    """What the gateway answers, one after the other; the page's port may be taken here."""
    port = pages.free_port()
    told = {"--port 8460": f"--port {port}", ":8460": f":{port}"}
    lines = pages.transcript(PAGE, tmp_path_factory.mktemp("page"), edits=told).splitlines()
    return [json.loads(line) for line in lines if line.startswith("{")]


def test_page_marks_every_command() -> None:
    """There is no block that is not run, and no link that leads nowhere."""
    assert pages.unmarked(PAGE) == []
    assert [link for link in pages.links(PAGE) if not link.exists()] == []


def test_page_tells_every_order_and_its_bounds() -> None:
    """Each form of an order, each unit, and how fast the clock may run."""
    page = PAGE.read_text(encoding="utf-8")
    assert [form for form in (*FORMS, *UNITS) if f'"{form}"' not in page and f"`{form}`" not in page] == []
    assert f"0 to {FASTEST}" in page


def test_clock_of_a_process_is_stopped_moved_and_let_run(answers: list[Mapping[str, Any]]) -> None:
    """It says which clock it is; six days later are six days later; running it is past that."""
    health, frozen, later, faster, last = answers
    assert health["clock"] == "test"
    moments = [datetime.fromisoformat(one["now"]) for one in (frozen, later, faster, last)]
    assert moments[1] - moments[0] == timedelta(days=6)
    assert moments[1] < moments[2] < moments[3]
    assert [one["rate"] for one in (frozen, later, faster, last)] == [0, 0, 3600, 3600]
