"""``esad movement``: what a consignee is told of its reports of receipt."""

from pathlib import Path

import pytest

from esad_gateway.emcs.movement import Origin
from helpers.command_line import Esad
from helpers.gateway import CONSIGNEE, FOREIGN_CONSIGNOR, NOW, copy_of_box, new_draft, new_report
from helpers.served import served


@pytest.mark.parametrize(
    ("days", "made", "told"),
    [
        pytest.param(7, "2026-03-09", "in time: due 2026-03-09, made 2026-03-09", id="on the last day"),
        pytest.param(8, "2026-03-10", "LATE: due 2026-03-09, made 2026-03-10", id="a day late"),
    ],
)
def test_report_of_receipt_is_shown_with_its_due_date(
    esad: Esad, tmp_path: Path, days: int, made: str, told: str
) -> None:
    """Goods came on Monday 2 March: five working days later the report is due; a late one is accepted and marked."""
    with served(copy_of_box(tmp_path)) as running:
        with running.box.open("PL") as pl:
            pl.take(running.box.signed(FOREIGN_CONSIGNOR, new_draft(FOREIGN_CONSIGNOR, CONSIGNEE)))
            e_sad, ((_, document),) = pl.last(FOREIGN_CONSIGNOR), pl.due()
        running.station.take(document, Origin.ADMINISTRATION)
        running.station.clock.move(days=days)
        report = running.submit(running.box.signed(CONSIGNEE, new_report(e_sad, NOW)))
        token = running.box.traders[CONSIGNEE].token
        options = ("--url", running.url, "--seed", CONSIGNEE, "--token", token)
        shown, plain = esad("movement", *options), esad("movement", report.json["arc"], *options, "--json")

    assert report.status == 201
    columns, values = (line.split("\t") for line in shown.out.splitlines())
    assert dict(zip(columns, values, strict=True))["report"] == told
    assert plain.objects[0]["state"] == "X03"
    assert plain.objects[0]["report"] == {
        "arrived": "2026-03-02",
        "due": "2026-03-09",
        "made": made,
        "late": told.startswith("LATE"),
    }
