"""Recordings that are played again: the same from the same gateway, and each difference told with its place."""

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from esad_gateway.simulator.recording.here import played_here, recorded_script, replay
from esad_gateway.simulator.recording.model import Recording
from esad_gateway.simulator.recording.recorder import Recorder
from esad_gateway.simulator.recording.replaying import RecordingDiffers
from esad_gateway.simulator.scripts.model import Do, Script, ScriptStep, Then, When
from esad_gateway.simulator.served.server import EmcsServer
from esad_gateway.simulator.world.emcs import Emcs
from esad_gateway.simulator.world.traders import Consignee, Consignor
from esad_gateway.simulator.world.world import signed
from esad_gateway.transport.envelope import deliver
from helpers.command_line import Esad
from helpers.gateway import PATIENCE

DEEDS = (
    Then(do=Do.ACCEPT, after=timedelta(hours=3), shortages={1: Decimal(20)}),
    Then(do=Do.REFUSE, after=timedelta(days=1)),
    Then(do=Do.PARTIALLY_REFUSE, after=timedelta(hours=30), refused={1: Decimal(100)}),
    Then(do=Do.ALERT, after=timedelta(hours=2)),
    Then(do=Do.REJECT, after=timedelta(hours=1)),
)
SCRIPT = Script(tuple(ScriptStep(when=When(state="PL", nth=nth), then=then) for nth, then in enumerate(DEEDS, 1)))


class System:
    """A system under test: it submits for a consignor, and reads its mailbox, over HTTP."""

    def __init__(self, url: str, vilnius: Consignor, warsaw: Consignee) -> None:
        self.url, self.vilnius, self.warsaw = url, vilnius, warsaw
        self.token = vilnius.token()

    def ask(self, method: str, path: str, body: bytes | None = None, *, token: bool = False) -> bytes:
        """What is answered."""
        headers = {"Content-Type": "application/xml"} | ({"Authorization": f"Bearer {self.token}"} if token else {})
        with closing(HTTPConnection(urlsplit(self.url).netloc, timeout=PATIENCE)) as connection:
            connection.request(method, path, body, headers)
            return connection.getresponse().read()

    def submit(self) -> None:
        """Submit a draft of an e-SAD, as it should be."""
        self.ask("POST", "/v1/messages", signed(self.vilnius.signer, self.vilnius.draft(self.warsaw)))

    def read(self) -> None:
        """Read the mailbox, and every message in it as it is."""
        mailbox = f"/v1/traders/{self.vilnius.seed}/messages"
        page = json.loads(self.ask("GET", f"{mailbox}?after=0", token=True))
        for message in page["messages"]:
            self.ask("GET", f"{mailbox}/{message['seq']}", token=True)


@pytest.fixture(scope="module")
def recording() -> Recording:
    """Five e-SADs that were answered in five ways, a draft with a fault, a stranger, and what Poland delivers."""
    with Emcs(script=SCRIPT, seed=3) as emcs, EmcsServer(emcs) as server:
        vilnius, warsaw = emcs.consignor("LT"), emcs.consignee("PL")
        emcs.faults.inject("lost", "PL", message="IE801")
        to_vilnius = emcs.consignor("PL").dispatch(to=emcs.consignee("LT"))
        with Recorder(server.url("LT")) as recorder:
            system = System(recorder.url, vilnius, warsaw)
            for _ in DEEDS:
                system.submit()
                emcs.run(emcs.world.settle())  # so that it is the next one to arrive
            draft = vilnius.draft(warsaw)
            faulty = replace(
                draft,
                ead_esad_draft=replace(
                    draft.ead_esad_draft, date_of_dispatch=emcs.clock.now.date() + timedelta(days=90)
                ),
            )
            system.ask("POST", "/v1/messages", signed(vilnius.signer, faulty))
            system.ask("GET", f"/v1/traders/{vilnius.seed}/messages?after=0")
            system.ask("POST", "/v1/messages", b"<no XML")
            home = emcs.state("PL")
            (entry,) = [one for one in home.entries("NDEA.LT", to_vilnius.arc) if one.type == "IE801"]
            system.ask("POST", "/ndea", deliver(home.document(entry)))
            emcs.clock.advance(days=2)
            system.read()
        return recorder.recording(11)


def edited(recording: Recording, *edits: tuple[str, str]) -> Recording:
    """A recording that says something else."""
    text = recording.model_dump_json(by_alias=True)
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    return Recording.model_validate_json(text)


def test_same_gateway_answers_as_recorded(recording: Recording) -> None:
    """Documents signed anew, days later, from the other side as well; what cannot be sent again is counted."""
    replayed = replay(recording)

    assert (replayed.differences, replayed.left_out) == ((), 1)
    assert replayed.sent == len(recording.exchanges) - 1
    statuses = [one.answer.status for one in recording.exchanges if one.answer]
    assert statuses[:9] == [201, 201, 201, 201, 201, 422, 401, 400, 200]


def test_other_side_acts_as_recorded(recording: Recording) -> None:
    """Each e-SAD is answered as the one of its turn was, as long after it."""
    steps = recorded_script(recording).steps

    assert {one.when.nth: replace(one.then, reason="") for one in steps} == dict(enumerate(DEEDS, 1))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"status":422', '"status":400', "status: recorded was 400, and 422 came"),
        (
            '"outcome":"accepted","repeated":false,"message":"IE815"',
            '"outcome":"refused","repeated":false,"message":"IE815"',
            "/outcome: recorded was refused, and accepted came",
        ),
        ('"rule":"', '"rule":"X', "/faults/0/rule: recorded was X"),
        ('"message":"IE818"', '"message":"IE819"', "/message: recorded was IE819, and IE818 came"),
        (
            "<ie:GlobalConclusionOfReceipt>3",
            "<ie:GlobalConclusionOfReceipt>4",
            "/ReportOfReceiptExport[1]/GlobalConclusionOfReceipt[1]: recorded was 4, and 3 came",
        ),
        ("<ie:DestinationOffice>", "<ie:More/><ie:DestinationOffice>", "/More[1]: recorded was <ie:More"),
        (
            '"content-type":"application/problem+json"',
            '"content-type":"text/html"',
            "content-type: recorded was text/html, and application/problem+json came",
        ),
    ],
)
def test_difference_is_told_with_its_place(recording: Recording, old: str, new: str, says: str) -> None:
    """The request by its number, and where in the answer: an XPath or a JSON pointer."""
    changed = edited(recording, (old, new))

    with pytest.raises(RecordingDiffers) as caught:
        replay(changed)

    assert says in str(caught.value)
    assert str(caught.value).startswith("request ")


def test_identity_that_was_sent_comes_back_as_it_is(recording: Recording) -> None:
    """Who was named in a request is known: another name in the answer is a difference, and no other identity."""
    (first, *_) = [one for one in recording.exchanges if one.answer and "City>" in str(one.answer.body.xml)]
    assert first.answer is not None
    city = str(first.answer.body.xml).partition("<ie:City>")[2].partition("<")[0]
    body = first.answer.body.model_copy(update={"xml": str(first.answer.body.xml).replace(city, "Elsewhere", 1)})
    changed = first.model_copy(update={"answer": first.answer.model_copy(update={"body": body})})
    exchanges = tuple(changed if one is first else one for one in recording.exchanges)

    found = played_here(recording.model_copy(update={"exchanges": exchanges})).differences

    assert [(one.number, one.difference.recorded, one.difference.came) for one in found] == [
        (first.number, "Elsewhere", city)
    ]


def test_other_decisions_of_an_administration_are_told(recording: Recording) -> None:
    """A report that is held for formalities is not there when it was."""
    with pytest.raises(RecordingDiffers, match="IE818"):
        replay(recording, settings={"PL": {"formalities_days": 5}})


@pytest.fixture
def gateway(tmp_path: Path, recording: Recording) -> Iterator[tuple[str, Path]]:
    """A gateway somewhere else, at which the traders of a recording are others; and the file that says who."""
    del recording
    with Emcs(seed=4) as emcs, EmcsServer(emcs) as server:
        vilnius, warsaw = emcs.consignor("LT"), emcs.consignee("PL")
        identity = emcs.run(emcs.world.identity(vilnius.seed))
        key = identity.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        (tmp_path / "vilnius.pem").write_bytes(identity.certificate.public_bytes(Encoding.PEM))
        told = {
            "consignor": {"seed": vilnius.seed, "key": key, "certificate": "vilnius.pem", "token": vilnius.token()},
            "consignee": {"seed": warsaw.seed},
        }
        (tmp_path / "who.json").write_text(json.dumps(told))
        yield server.url("LT"), tmp_path


def recorded_file(folder: Path, names: Path | None = None) -> Path:
    """A recording of one e-SAD and a look into the mailbox; in the file of names the traders are as recorded."""
    with Emcs(seed=5) as emcs, EmcsServer(emcs) as server:
        emcs.consignor("LT")
        vilnius, warsaw = emcs.consignor("LT"), emcs.consignee("PL")
        with Recorder(server.url("LT")) as recorder:
            system = System(recorder.url, vilnius, warsaw)
            system.submit()
            system.read()
        found = recorder.recording(12)
    file = folder / "small.jsonl"
    file.write_text("".join(found.lines()), encoding="utf-8")
    if names is not None:
        parts = [
            part.partition("<")[0]
            for tag in ("TraderExciseNumber>", "Traderid>")
            for part in str(found.exchanges[0].request.body.xml).split(f"<ie:{tag}")[1:2]
        ]
        told = json.loads(names.read_text())
        names.write_text(json.dumps({parts[0]: told["consignor"], parts[1]: told["consignee"]}))
    return file


def test_gateway_elsewhere_answers_as_recorded(esad: Esad, gateway: tuple[str, Path]) -> None:
    """Its traders have other numbers and keys; a second time the same documents are known there, and that is told."""
    url, folder = gateway
    file = recorded_file(folder, folder / "who.json")

    same = esad("replay", file, "--for", url, "--traders", folder / "who.json", "--patience", "0")
    again = esad("replay", file, "--for", url, "--traders", folder / "who.json", "--patience", "0", "--json")

    assert (same.code, same.out) == (
        0,
        "4 requests were answered as recorded; 0 others were not kept, or had no answer\n",
    )
    assert again.code == 1
    (told,) = again.objects
    assert told["sent"] == 4
    assert ("/repeated", "False", "True") in [
        (one["where"], one["recorded"], one["came"]) for one in told["differences"]
    ]


def test_who_is_not_known_at_that_gateway_is_told(esad: Esad, gateway: tuple[str, Path]) -> None:
    """Everybody at once, before anything is sent; and a gateway that is not there."""
    url, folder = gateway
    file = recorded_file(folder, folder / "who.json")
    recorded = list(json.loads((folder / "who.json").read_text()))

    nobody = esad("replay", file, "--for", url)
    away = esad("replay", file, "--for", "http://127.0.0.1:9", "--traders", folder / "who.json")
    alone = esad("replay", file, "--traders", folder / "who.json", "--lang", "lt")

    assert (nobody.code, away.code, alone.code) == (2, 1, 2)
    assert all(one in nobody.err for one in recorded)
    assert "http://127.0.0.1:9" in away.err
    assert "nurodykite ir --for" in alone.err


@pytest.mark.parametrize(
    "told",
    [
        "[]",
        "{",
        '{"LT1": 1}',
        '{"LT1": {"key": "a"}}',
        '{"LT1": {"other": 1}}',
        '{"LT1": {"key": "nosuch", "certificate": "nosuch"}}',
        '{"LT1": {"key": "who.json", "certificate": "who.json"}}',
        "[" * 100_000,
    ],
)
def test_file_of_traders_that_is_none_is_told(esad: Esad, tmp_path: Path, told: str) -> None:
    """In one sentence, with the file."""
    (tmp_path / "who.json").write_text(told)
    file = recorded_file(tmp_path)

    ended = esad("replay", file, "--for", "http://127.0.0.1:9", "--traders", tmp_path / "who.json")

    assert ended.code == 2
    assert str(tmp_path) in ended.err


def test_command_plays_here_and_prints_a_script(esad: Esad, recording: Recording, tmp_path: Path) -> None:
    """Without a gateway it is one of this process; the script is one that is read again."""
    file = tmp_path / "recording.jsonl"
    file.write_text("".join(recording.lines()), encoding="utf-8")
    broken = tmp_path / "broken.jsonl"
    broken.write_text("".join(edited(recording, ('"status":422', '"status":400')).lines()), encoding="utf-8")

    same, other, script = esad("replay", tmp_path), esad("replay", broken), esad("replay", file, "--script")

    assert (same.code, other.code, script.code) == (0, 1, 0)
    assert "status: recorded was 400, and 422 came" in other.out
    assert "1 answers are not as recorded" in other.out
    (tmp_path / "script.toml").write_text(script.out)
    with Emcs(script=tmp_path / "script.toml") as emcs:
        vilnius, warsaw = emcs.consignor("LT"), emcs.consignee("PL")
        movements = [vilnius.dispatch(to=warsaw) for _ in DEEDS]
        emcs.clock.advance(days=2)
        assert [one.state for one in movements][:3] == ["delivered", "refused", "partially_refused"]
