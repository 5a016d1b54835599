"""``esad compose --template IE815 --duty-paid``: drafts to begin with."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from esad_gateway.explain.coded import CODED
from esad_gateway.simulator.goods import LINES, Goods, draft_of
from helpers.command_line import Esad

TEMPLATE = ("compose", "--template", "IE815", "--duty-paid")


def printed(esad: Esad, *options: str) -> dict[str, Any]:
    """The draft that the command prints."""
    ended = esad(*TEMPLATE, *options)
    assert ended.code == 0, ended.err
    draft: dict[str, Any] = json.loads(ended.out)
    return draft


@pytest.mark.parametrize("goods", Goods)
def test_template_is_valid_as_it_stands(esad: Esad, tmp_path: Path, goods: Goods) -> None:
    """Composed without an option, it passes schema and rules; it has that kind of goods."""
    draft = printed(esad, "--goods", goods)
    file, document = tmp_path / "draft.json", tmp_path / "draft.xml"
    file.write_text(json.dumps(draft), encoding="utf-8")

    assert esad("compose", file, "--output", document).code == 0
    checked = esad("validate", document)

    assert checked.code == 0, checked.out + checked.err
    assert [line["excise_product_code"] for line in draft["body_ead_esad"]] == [LINES[goods].excise_product_code]


def test_template_is_of_wine_when_nothing_is_said(esad: Esad) -> None:
    """The commonest goods of duty paid."""
    assert printed(esad)["body_ead_esad"][0]["excise_product_code"] == "W200"


def test_every_code_of_a_template_has_its_meaning_beside_it(esad: Esad) -> None:
    """By the path that faults and columns use: the code, what it means, and where all codes of its list stand."""
    draft = printed(esad)
    told = draft.pop("_meanings")

    assert {path.rpartition(".")[2] for path in told} == set(CODED)
    assert told["body_ead_esad[1].excise_product_code"].startswith("W200: still wine and still fermented beverages")
    assert told["transport_mode.transport_mode_code"] == "3: road (all codes: esad explain BC67)"
    assert all(f"esad explain {CODED[path.rpartition('.')[2]]}" in text for path, text in told.items())


@pytest.mark.parametrize("hour", range(20, 24))
def test_template_leaves_today_by_the_calendars_of_both_states(hour: int) -> None:
    """Around midnight it is one day in Vilnius and another in Warsaw: what has left may have arrived."""
    now = datetime(2026, 7, 21, hour, 30, tzinfo=UTC)

    draft = draft_of(Goods.WINE, now)

    assert draft["ead_esad_draft"]["date_of_dispatch"] == now.astimezone(ZoneInfo("Europe/Warsaw")).date().isoformat()


def test_two_templates_have_two_local_reference_numbers(esad: Esad) -> None:
    """A number that was used is refused: the second draft of a reader has to go through as well."""
    numbers = {printed(esad)["ead_esad_draft"]["local_reference_number"] for _ in range(2)}

    assert len(numbers) == 2


def test_goods_that_are_none_are_wrong_usage(esad: Esad) -> None:
    """All kinds are named."""
    refused = esad(*TEMPLATE, "--goods", "milk")

    assert refused.code == 2
    assert [one for one in Goods if one not in refused.err] == []


@pytest.mark.parametrize("options", [(), ("--template", "IE818")])
def test_duty_paid_goes_with_a_draft(esad: Esad, options: tuple[str, ...]) -> None:
    """No other message begins a movement."""
    refused = esad("compose", "--duty-paid", *options)

    assert refused.code == 2
    assert "--template IE815" in refused.err
