"""Duty at the REST door: worked values, every fault at once, limits, and tariffs that the administration tells."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from esad_gateway.national.tariffs import duty_law
from esad_gateway.rest.national.duty import LARGEST_QUESTION
from esad_gateway.rest.national.duty_examples import ASKED, ASSESSED, RATES_OF_WINE
from esad_gateway.settings import read_settings
from helpers.gateway import HandClock, copy_of_box
from helpers.served import JSON, Answer, Served, served

CIGARETTES = {"product": "T200", "quantity": "10", "retail_price": "5", "pieces_in_package": 20}
TOLD = """
[[rate]]
tariff = "cigarettes"
first = 2024-01-01
last = 2024-12-31
specific = "85"
ad_valorem = "25"
minimum = "140"
source = "Register of legal acts, 2023-1"
"""


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A gateway of Lithuania, in March 2026."""
    with served(copy_of_box(tmp_path_factory.mktemp("box")), clock=HandClock()) as running:
        yield running


def asked(gateway: Served, question: Any, media: str = JSON) -> Answer:
    """What is answered to a question."""
    body = question if isinstance(question, bytes) else json.dumps(question).encode()
    return gateway.ask("POST", "/v1/duty", body, {"Content-Type": media})


def test_duty_is_answered_without_a_token_step_by_step(gateway: Served) -> None:
    """The example of the OpenAPI document is the real answer."""
    assert asked(gateway, dict(ASKED)).json == ASSESSED
    assert gateway.get("/v1/duty/rates?on=2025-06-01&tariff_group=210").json == RATES_OF_WINE


def test_day_is_the_present_one_where_none_is_given(gateway: Served) -> None:
    """By the clock of the gateway, in the zone of its state."""
    today = gateway.station.runtime.profile.local_date(gateway.station.clock.now()).isoformat()

    assert asked(gateway, {"goods": ASKED["goods"]}).json["on"] == today
    assert gateway.get("/v1/duty/rates").json["on"] == today


@pytest.mark.parametrize(
    ("question", "paths"),
    [
        pytest.param({}, ["goods"], id="nothing"),
        pytest.param({"goods": [{}] * 1000}, ["goods"], id="a line too many"),
        pytest.param(
            {"goods": [{"quantity": "-1", "strength": "120", "product": "W200"}, {"quantity": 1}], "on": "2025-01-01"},
            ["goods[1].quantity", "goods[1].strength", "goods[2].product"],
            id="of two lines",
        ),
        pytest.param(
            {"goods": [{"quantity": "1e400"}], "on": "never", "x": 1}, ["x", "goods[1].quantity", "on"], id="form"
        ),
        pytest.param({"goods": [{**CIGARETTES}], "on": "2024-06-01"}, ["goods[1].product"], id="a day without a rate"),
    ],
)
def test_every_fault_is_told_at_once(gateway: Served, question: Any, paths: list[str]) -> None:
    """As a problem with place, value and way out, in both languages; no sum is answered beside it."""
    answer = asked(gateway, question)

    assert (answer.status, answer.json["type"]) == (422, "/problems/national-refused")
    assert [fault["path"] for fault in answer.json["faults"]] == paths
    assert all(fault["text"].keys() == {"en", "lt"} for fault in answer.json["faults"])


@pytest.mark.parametrize(
    ("body", "media", "status"),
    [
        (b"{", JSON, 400),
        (b"[NaN]", JSON, 422),
        (b"{}", "text/plain", 415),
        (b" " * (LARGEST_QUESTION + 1), JSON, 413),
        (json.dumps({"goods": [{}] * 100_000}).encode(), JSON, 413),
    ],
)
def test_body_that_is_no_question_is_refused(gateway: Served, body: bytes, media: str, status: int) -> None:
    """Before anything is reckoned."""
    assert asked(gateway, body, media).status == status


def test_tariffs_that_the_administration_tells_count_at_once(gateway: Served) -> None:
    """Without a restart; a file that cannot be is told as our fault, and nothing is reckoned by half of it."""
    file = gateway.station.runtime.data.root / "tariffs.toml"
    question = {"goods": [CIGARETTES], "on": "2024-06-01"}

    file.write_text(TOLD, encoding="utf-8")
    assert asked(gateway, question).json["amount"] == "1475.00"
    file.write_text(TOLD.replace("85", "-85"), encoding="utf-8")
    broken = asked(gateway, question)
    assert (broken.status, broken.json["type"]) == (503, "/problems/try-again")
    file.unlink()
    assert asked(gateway, question).status == 422


def test_domain_that_settings_name_is_gone_by(tmp_path: Path) -> None:
    """One of persons alone has their door and no other; those of the state's own domain are not looked at."""
    box = copy_of_box(tmp_path)
    box.set("LT", national='"helpers.bare_domain:DOMAIN"')

    with served(box) as gateway:
        answer, document = asked(gateway, dict(ASKED)), gateway.get("/openapi.json").json

    assert answer.status == 404
    assert "/v1/national/roles" in document["paths"]
    assert not {"/v1/duty", "/v1/national/cases", "/v1/traders/{seed}/due"} & document["paths"].keys()
    assert duty_law(read_settings(box.members["LT"].data.root).national_domain()) is None
