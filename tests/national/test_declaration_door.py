"""Declarations at the REST door, and by the commands of a trader that ask it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from helpers.command_line import Ended, ran
from helpers.gateway import CONSIGNEE, CONSIGNOR, FOREIGN_CONSIGNOR, NOW, HandClock, copy_of_box, new_draft, new_report
from helpers.served import JSON, Answer, Served, served
from helpers.staff import post, rules, staff_of

OTHER = "38001010004"
PLACE = f"/v1/traders/{CONSIGNEE}/declarations"
MARCH = f"{PLACE}/2026-03"


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A gateway whose consignee has received goods in March 2026; it is April there now."""
    box = copy_of_box(tmp_path_factory.mktemp("box"))
    with box.open("LT") as lt, box.open("PL") as pl:
        pl.take(box.signed(FOREIGN_CONSIGNOR, new_draft(FOREIGN_CONSIGNOR, CONSIGNEE)))
        pl.deliver_to(lt)
        lt.take(box.signed(CONSIGNEE, new_report(lt.last(CONSIGNEE, "IE801"))))
    with served(box, clock=HandClock(NOW.replace(month=4, day=10))) as running:
        yield running


def asked(gateway: Served, path: str, token: str | None = None) -> Answer:
    """What is answered to the consignee."""
    return gateway.get(path, token or gateway.box.traders[CONSIGNEE].token)


def filed(gateway: Served, **body: object) -> Answer:
    """What is answered to a filing of March."""
    token = gateway.box.traders[CONSIGNEE].token
    headers = {"Authorization": f"Bearer {token}", "Content-Type": JSON}
    return gateway.ask("POST", f"{MARCH}/filings", json.dumps(body).encode(), headers)


def on_the_board(gateway: Served) -> list[tuple[str, str]]:
    """The months that the deadline board has, with the last day of each."""
    items = asked(gateway, f"/v1/traders/{CONSIGNEE}/due").json["items"]
    return [(one["about"], one["due"]) for one in items if one["kind"] == "declaration"]


def test_month_is_seen_filed_and_fetched(gateway: Served) -> None:
    """First with a wrong box, which is told with requirement, place and value; then as it is, twice.

    As long as it is not filed it stands on the deadline board (DEC-2).
    """
    assert on_the_board(gateway) == [("2026-03", "2026-04-15")]
    wrong = filed(gateway, form="FR0630", number="")
    first, again = filed(gateway), filed(gateway)

    assert (wrong.status, wrong.json["type"].rpartition("/")[2]) == (422, "national-refused")
    assert [(one["rule"], one["path"]) for one in wrong.json["faults"]] == [("DEC-1", "form"), ("DEC-3", "number")]
    assert all(one["text"].keys() == {"en", "lt"} for one in wrong.json["faults"])
    assert (first.status, again.status) == (201, 200)
    assert again.json == {**first.json, "again": True}
    assert on_the_board(gateway) == []
    assert first.json["declaration"]["by"] == {"kind": "service", "name": CONSIGNEE, "role": ""}
    (month,) = [one for one in asked(gateway, PLACE).json["declarations"] if one["period"] == "2026-03"]
    assert (month["state"], month["due"]["day"]) == ("filed", "2026-04-15")
    file = asked(gateway, f"{MARCH}/filings/last/file?format=ffdata")
    assert etree.fromstring(file.body).tag == "FFData"
    assert asked(gateway, f"{MARCH}/filings/0/file?format=csv").body.startswith(b"seed,period")


def test_person_files_with_the_role_of_the_consignee(gateway: Served) -> None:
    """ROL-1: and is judged as its trader is; who only enters the SAAD list does not file."""
    staff = staff_of(gateway)
    staff.granted("certified_consignee", CONSIGNEE)
    staff.granted("other_person", CONSIGNEE, person=OTHER)
    staff.arrived()

    refused = post(gateway, staff.token(OTHER), f"{MARCH}/filings")
    wrong = post(gateway, staff.token(), f"{MARCH}/filings", {"form": "FR0630"})
    taken = post(gateway, staff.token(), f"{MARCH}/filings")

    assert (refused.status, rules(refused)) == (403, [("ROL-1", "role")])
    assert (wrong.status, rules(wrong)) == (422, [("DEC-1", "form")])
    assert taken.status in {200, 201}


def test_figure_leads_back_to_its_documents(gateway: Served) -> None:
    """By its key, with dots for slashes."""
    month = asked(gateway, MARCH).json
    key = month["figures"][0]["figure"]
    told = asked(gateway, f"{MARCH}/figures/{key.replace('/', '.')}").json

    assert told["figure"] == key
    assert {one["route"] for one in told["sources"]} == {"esad"}


@pytest.mark.parametrize(
    "path", [f"{PLACE}/march", f"{MARCH}/figures/D.999", f"{MARCH}/filings/7/file", f"{MARCH}/filings/x/file"]
)
def test_what_there_is_not_is_not_found(gateway: Served, path: str) -> None:
    """A month, a figure, a filing."""
    assert asked(gateway, path).status == 404


def test_declarations_of_others_are_as_none(gateway: Served) -> None:
    """Another trader's token finds nothing."""
    token = gateway.box.traders[CONSIGNOR].token
    assert [asked(gateway, path, token).status for path in (PLACE, MARCH)] == [404, 404]


def test_commands_of_a_trader_tell_what_the_door_tells(
    gateway: Served, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """With --url, --seed and --token in place of --data."""
    token = gateway.box.traders[CONSIGNEE].token

    def esad(*arguments: object) -> Ended:
        return ran(capsys, "declare", *arguments, "--url", gateway.url, "--seed", CONSIGNEE, "--token", token)

    (month,) = esad("preview", "2026-03", "--json").objects
    assert month == asked(gateway, MARCH).json
    assert "2026-03" in esad("list").out
    assert month["figures"][0]["figure"] in esad("preview", "2026-03").out
    refused = esad("file", "2026-03", "--form", "FR0630")
    assert (refused.code, "DEC-1 form" in refused.out) == (1, True)
    esad("file", "2026-03")
    assert "AKC430" in esad("show", "2026-03").out
    assert "esad" in esad("show", "2026-03", "--why", month["figures"][0]["figure"]).out
    target = tmp_path / "declared.csv"
    assert esad("export", "2026-03", "--out", target).code == 0
    assert target.read_bytes().startswith(b"seed,period")
