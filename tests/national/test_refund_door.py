"""The refund file of a consignor: asked for at the REST door and by ``esad refund``, from dispatch to the archive."""

import io
import json
import zipfile
from collections.abc import Iterator
from functools import partial
from hashlib import sha256
from pathlib import Path

import pytest
from lxml import etree

from esad_gateway.emcs.movement import Origin
from esad_gateway.rest.national.refund_examples import CLAIMED
from esad_gateway.transport.envelope import deliver
from helpers.command_line import Esad, ran
from helpers.gateway import CONSIGNOR, FOREIGN_CONSIGNEE, SECOND_CONSIGNOR, copy_of_box, new_draft, new_report
from helpers.served import Answer, Served, served
from helpers.staff import rules, staff_of

OTHER = "38001010004"
QUERY = "paid_on=2025-06-01&proof=FR0630%202025-06"


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A gateway of Lithuania."""
    with served(copy_of_box(tmp_path_factory.mktemp("box"))) as running:
        yield running


@pytest.fixture(scope="module")
def underway(gateway: Served) -> str:
    """The ARC of a movement that has not arrived."""
    arc: str = gateway.submit(gateway.box.signed(CONSIGNOR, new_draft())).json["arc"]
    return arc


@pytest.fixture(scope="module")
def delivered(gateway: Served) -> str:
    """The ARC of a movement to Poland, which has arrived there and was reported on."""
    arc: str = gateway.submit(gateway.box.signed(CONSIGNOR, new_draft())).json["arc"]
    with gateway.box.open("PL") as pl:
        for _, document in [one for one in gateway.station.due() if one[0] == "NDEA.PL"]:
            pl.take(document, Origin.ADMINISTRATION)
        pl.take(gateway.box.signed(FOREIGN_CONSIGNEE, new_report(gateway.station.last(CONSIGNOR, "IE801"))))
        for _, document in pl.due():
            assert gateway.ask("POST", "/ndea", deliver(document), {"Content-Type": "text/xml"}).status == 200
    return arc


def asked(gateway: Served, arc: str, query: str = QUERY, seed: str = CONSIGNOR, **headers: str) -> Answer:
    """What a trader is answered about its refund."""
    return gateway.get(f"/v1/national/refunds/{seed}/{arc}?{query}", gateway.box.traders[seed].token, **headers)


def test_claim_is_shown_step_by_step(gateway: Served, delivered: str) -> None:
    """The example of the OpenAPI document is a real answer, but for what is drawn anew in every movement."""
    answer = asked(gateway, delivered).json
    digests = {name: answer["documents"][name] for name in ("e-sad", "e-ror")}

    assert {**answer, "arc": CLAIMED["arc"], "documents": CLAIMED["documents"]} == CLAIMED
    assert all(len(one) == 64 for one in digests.values())


def test_person_claims_with_the_role_of_the_consignor(gateway: Served, delivered: str) -> None:
    """REF-1: as its trader does; who has another role for the entity is told which one is missing."""
    staff = staff_of(gateway)
    staff.granted("certified_consignor", CONSIGNOR)
    staff.granted("other_person", CONSIGNOR, person=OTHER)
    staff.arrived()
    place = f"/v1/national/refunds/{CONSIGNOR}/{delivered}?{QUERY}"

    mine, others = gateway.get(place, staff.token()), gateway.get(place, staff.token(OTHER))

    assert (mine.status, mine.json["arc"]) == (200, delivered)
    assert (others.status, rules(others)) == (403, [("ROL-1", "role")])


def test_archive_has_the_documents_as_they_were_signed(gateway: Served, delivered: str) -> None:
    """Index in JSON and XML with the digest of every file, movement, e-SAD, report, and their printouts."""
    answer = asked(gateway, delivered, Accept="application/zip")
    again = asked(gateway, delivered, Accept="application/zip")
    files = {one.filename: one for one in zipfile.ZipFile(io.BytesIO(answer.body)).infolist()}
    content = {name: zipfile.ZipFile(io.BytesIO(answer.body)).read(name) for name in files}
    station, index = gateway.station, json.loads(content["index.json"])

    assert list(files) == [
        *("index.json", "index.xml", "e-sad.xml", "e-ror.xml", "movement.json", "e-sad.pdf", "e-ror.pdf"),
    ]
    signed = {listed.type: station.document(CONSIGNOR, listed.seq) for listed in station.mailbox(CONSIGNOR)}
    assert (content["e-sad.xml"], content["e-ror.xml"]) == (signed["IE801"], signed["IE818"])
    assert {one["name"]: one["sha256"] for one in index["files"]} == {
        name: sha256(one).hexdigest() for name, one in content.items() if not name.startswith("index.")
    }
    assert etree.fromstring(content["index.xml"]).findtext("amount") == index["amount"] == "2856.44"
    assert json.loads(content["movement.json"])["arc"] == delivered
    assert answer.body == again.body


@pytest.mark.parametrize(
    ("query", "paths"),
    [
        pytest.param("", ["paid_on", "proof"], id="neither day nor proof"),
        pytest.param(f"{QUERY}&use=9=small_brewery", ["lines[1].line"], id="a line that there is not"),
        pytest.param("paid_on=2022-06-01&proof=x", ["goods[1].product", "goods[2].product"], id="a day without rates"),
    ],
)
def test_everything_in_the_way_is_told(gateway: Served, delivered: str, query: str, paths: list[str]) -> None:
    """As a problem with place and way out."""
    answer = asked(gateway, delivered, query)

    assert (answer.status, answer.json["type"]) == (422, "/problems/national-refused")
    assert [fault["path"] for fault in answer.json["faults"]] == paths


def test_what_has_not_arrived_cannot_be_claimed(gateway: Served, underway: str) -> None:
    """The state is told, and which ones count; whoever is not a party sees nothing at all."""
    answer = asked(gateway, underway)

    assert (answer.status, [one["rule"] for one in answer.json["faults"]]) == (422, ["REF-1"])
    assert answer.json["faults"][0]["value"] == "X01"
    assert asked(gateway, underway, seed=SECOND_CONSIGNOR).status == 404


@pytest.mark.parametrize("query", ["use=1=none", "retail_price=1=6", "pieces=x", "paid_on=today", "nonsense=1"])
def test_parameter_of_another_kind_is_refused(gateway: Served, delivered: str, query: str) -> None:
    """By its name."""
    answer = asked(gateway, delivered, query)

    assert (answer.status, answer.json["type"]) == (422, "/problems/invalid-parameter")


def test_what_no_message_says_counts_for_its_line(gateway: Served, delivered: str) -> None:
    """Beer of a small brewery had half the rate; a price is only asked where a tariff goes by it."""
    halved = asked(gateway, delivered, f"{QUERY}&use=2=small_brewery&retail_price=2=6.00/20&pieces=1=5")

    assert halved.json["amount"] == "2571.22"


def test_form_that_is_not_offered_is_refused(gateway: Served, delivered: str) -> None:
    """Only JSON and the archive."""
    assert asked(gateway, delivered, Accept="image/png").status == 406


@pytest.fixture
def refund(gateway: Served, capsys: pytest.CaptureFixture[str]) -> Esad:
    """Run ``esad refund`` against the gateway."""
    told = ("--url", gateway.url, "--seed", CONSIGNOR, "--token", gateway.box.traders[CONSIGNOR].token)
    return partial(ran, capsys, "refund", *told, "--paid-on", "2025-06-01", "--proof", "FR0630 2025-06")


def test_command_shows_the_claim(refund: Esad, delivered: str) -> None:
    """A table of lines and the sum, in both languages, and JSON."""
    english, lithuanian, answer = refund(delivered), refund(delivered, "--lang", "lt"), refund(delivered, "--json")

    assert english.out.splitlines()[1] == "1\tW200\t900\t0\t0\t900\t2286.00"
    assert "2856.44 EUR may be claimed back" in english.out
    assert "2856,44 EUR" in lithuanian.out
    assert answer.objects[0]["forms"][1]["mark"] == "I"


def test_command_writes_the_archive(refund: Esad, delivered: str, tmp_path: Path) -> None:
    """Or nothing, where there is nothing to claim."""
    target = tmp_path / "refund.zip"

    assert refund(delivered, "--out", target).code == 0
    assert "e-ror.xml" in zipfile.ZipFile(target).namelist()


def test_command_tells_what_is_in_the_way(refund: Esad, underway: str, tmp_path: Path) -> None:
    """With exit code 1, and no file is left."""
    shown, written = refund(underway), refund(underway, "--out", tmp_path / "refund.zip")

    assert (shown.code, written.code) == (1, 1)
    assert "national procedure" in shown.err
    assert list(tmp_path.iterdir()) == []
