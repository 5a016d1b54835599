"""``esad movement``: what a consignee is told of its reports of receipt."""

from dataclasses import replace
from pathlib import Path

import pytest

from esad_gateway.emcs.movement import Origin, Side
from esad_gateway.ports.writing import Records
from helpers.command_line import Esad
from helpers.gateway import CONSIGNEE, CONSIGNOR, FOREIGN_CONSIGNOR, NOW, copy_of_box, new_draft, new_report
from helpers.protocol import change, receipt
from helpers.scenario import Scenario
from helpers.served import served

PAGE = 200
"""How many movements a gateway answers at once, unless it is asked for more or fewer."""


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
    assert _row(shown.out)["report"] == told
    assert plain.objects[0]["state"] == "X03"
    assert plain.objects[0]["report"] == {
        "arrived": "2026-03-02",
        "due": "2026-03-09",
        "made": made,
        "late": told.startswith("LATE"),
    }


def test_trader_on_both_sides_of_a_movement_is_shown_both(esad: Esad, tmp_path: Path) -> None:
    """The first where clients have always read it, the other beside it; in a table each has its line."""
    with served(copy_of_box(tmp_path)) as running:
        arc = running.submit(running.box.signed(CONSIGNOR, new_draft())).json["arc"]
        options = ("--url", running.url, "--seed", CONSIGNOR, "--token", running.box.traders[CONSIGNOR].token)
        (alone,) = esad("movement", arc, *options, "--json").objects
        store = running.station.runtime.store
        with store.transaction() as transaction:
            sent = transaction.movements([arc])[arc, Side.DISPATCH]
            arrives = replace(sent, side=Side.DESTINATION, consignee=CONSIGNOR)
            transaction.write(Records(at=NOW, movements={(arc, arrives.side): arrives}))
        (both,), shown = esad("movement", arc, *options, "--json").objects, esad("movement", arc, *options)

    (other,) = both["otherSides"]
    assert alone["otherSides"] == []
    assert {**both, "otherSides": []} == alone
    assert (both["side"], other["side"], other["consignee"]) == ("dispatch", "destination", CONSIGNOR)
    assert other.keys() == both.keys() - {"otherSides", "notes", "signedByAgents"}
    assert [line.split()[3] for line in shown.out.splitlines()[1:]] == ["dispatch", "destination"]


def test_movement_shows_what_is_due_of_the_open_journey(esad: Esad, tmp_path: Path) -> None:
    """A refusal asks for a destination; after it has been given, the goods on the way are to be reported on."""
    box = copy_of_box(tmp_path)
    with box.open("LT") as lt, box.open("PL") as pl, served(box) as running:
        scenario = Scenario.begin(box, lt, pl)
        token = running.box.traders[CONSIGNOR].token
        asked = ("movement", "--url", running.url, "--seed", CONSIGNOR, "--token", token)
        assert scenario.consignee(receipt()).faults == ()
        scenario.deliver()
        refused = _row(esad(*asked).out)
        assert scenario.consignor(change(journey_time="D20")).faults == ()
        changed, plain = _row(esad(*asked).out), esad(*asked, "--json").objects[0]["movements"][0]

    assert refused["due"] == "change of destination until 2026-04-01T13:00:00+03:00"
    assert refused["report"] == "in time: due 2026-03-09, made 2026-03-02"
    assert changed["due"] == "report of receipt until 2026-03-22T23:59:59+02:00"
    assert changed["report"] == ""
    assert plain["due"] == {"what": "report of receipt", "until": plain["limit"]}


def test_all_movements_are_shown_the_newest_first(esad: Esad, tmp_path: Path) -> None:
    """More than a gateway answers at once; each with its local reference number, by which one of them is found."""
    box = copy_of_box(tmp_path)
    with box.open("LT") as lt:
        for days in (0, 1):
            lt.clock.move(days=days)
            for _ in range(PAGE // 2 + 1):
                lt.take(box.signed(CONSIGNOR, new_draft(at=lt.clock.now())))
    with served(box) as running:
        options = ("--url", running.url, "--seed", CONSIGNOR, "--token", running.box.traders[CONSIGNOR].token)
        listed = [line.split("\t") for line in esad("movement", *options).out.splitlines()]
        plain = esad("movement", *options, "--json").objects[0]
        later = esad("movement", *options, "--since", "2026-03-03", "--json").objects[0]["movements"]
        wanted = dict(zip(listed[0], listed[7], strict=True))
        one = esad("movement", *options, "--lrn", wanted["localReferenceNumber"], "--json").objects[0]["movements"]

    arcs, days_of = [row[0] for row in listed[1:]], [one["dateOfDispatch"] for one in plain["movements"]]
    assert len(set(arcs)) == PAGE + 2
    assert arcs == [one["arc"] for one in plain["movements"]]
    assert days_of == sorted(days_of, reverse=True)
    assert len(later) == PAGE // 2 + 1
    assert [found["arc"] for found in one] == [wanted["arc"]]


def _row(printed: str) -> dict[str, str]:
    columns, values = (line.split("\t") for line in printed.splitlines())
    return dict(zip(columns, values, strict=True))
