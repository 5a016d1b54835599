"""The commands of an administration, and those of a trader against a gateway that runs."""

import json
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from esad_gateway.data_directory import DataDirectory
from esad_gateway.signing.pem import write_certificate, write_revocation_list
from esad_gateway.signing.pki import KeyKind, Period, create_ca, issue, new_key, revoke
from esad_gateway.store.opening import open_store
from esad_gateway.store.registry import Registry
from helpers.command_line import Esad
from helpers.gateway import CONSIGNOR, NOW, SECOND_CONSIGNOR, copy_of_box, new_draft
from helpers.samples import evolve
from helpers.served import Served, served

PERIOD = Period(not_before=NOW - timedelta(hours=1), not_after=NOW + timedelta(days=30))


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The gateway of Lithuania, running for all tests of this module."""
    with served(copy_of_box(tmp_path_factory.mktemp("box"))) as running:
        yield running


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data directory that no gateway runs on."""
    return copy_of_box(tmp_path).members["LT"].data.root


@dataclass(frozen=True)
class Reader:
    """How a trader's commands reach its mailbox."""

    gateway: Served
    seed: str

    @property
    def options(self) -> tuple[str, ...]:
        """Gateway, SEED number and token."""
        token = self.gateway.box.traders[self.seed].token
        return ("--url", self.gateway.url, "--seed", self.seed, "--token", token)


@pytest.fixture
def signed(gateway: Served, tmp_path: Path) -> Path:
    """A signed draft in a file."""
    path = tmp_path / "signed.xml"
    path.write_bytes(gateway.box.signed(CONSIGNOR, new_draft()))
    return path


def registry_file(folder: Path, name: str, **changes: object) -> Path:
    """A registry file with one operator and one certificate."""
    operator = {
        "seed": CONSIGNOR,
        "name": "UAB Pavyzdys",
        "type": "certified_consignor",
        "office": "LT001000",
        "valid_from": "2023-02-13",
        "products": ["W200", "B000"],
        "certificates": [name],
        **changes,
    }
    path = folder / "operators.json"
    path.write_text(json.dumps({"operators": [operator]}), encoding="utf-8")
    return path


# Administration: data directory, registry, trust, peers, tokens, store.


def test_init_makes_a_data_directory(esad: Esad, tmp_path: Path) -> None:
    """Settings, keys, a test CA and an empty store that is whole; a second time nothing is touched."""
    folder = tmp_path / "new" / "lt"

    made = esad("init", folder, "--state", "LT", "--key", "p256", "--json")
    checked = esad("store", "check", "--data", folder, "--json")
    before = {path: path.read_bytes() for path in folder.rglob("*.pem")}
    again = esad("init", folder, "--state", "LT", "--key", "p256")

    directory = DataDirectory(folder)
    assert (made.code, made.objects[0]["state"]) == (0, "LT")
    assert Path(made.objects[0]["certificate"]) == directory.certificate
    assert (directory.key.stat().st_mode & 0o777, directory.authority_key.stat().st_mode & 0o777) == (0o600, 0o600)
    assert checked.objects == [
        {"messages": 0, "movements": 0, "waiting": 0, "dead": 0, "vouched": 0}
        | {"problems": [], "dead_letters": [], "undecided": [], "texts": [], "ok": True}
    ]
    assert (again.code, "is a data directory already" in again.err) == (2, True)
    assert before == {path: path.read_bytes() for path in folder.rglob("*.pem")}


def test_init_takes_any_member_state(esad: Esad, tmp_path: Path) -> None:
    """With the time zone of that state."""
    printed = esad("init", tmp_path / "el", "--state", "EL", "--key", "p256")

    assert printed.code == 0
    assert 'time_zone = "Europe/Athens"' in (tmp_path / "el" / "settings.toml").read_text(encoding="utf-8")


def test_init_refuses_what_cannot_be(esad: Esad, tmp_path: Path) -> None:
    """A state that is none, and a place where no folder can be."""
    (tmp_path / "file").touch()

    for arguments in (
        (tmp_path / "zz", "--state", "ZZ"),
        (tmp_path / "file", "--state", "LT"),
        (tmp_path / "file" / "below", "--state", "LT"),
    ):
        printed = esad("init", *arguments, "--key", "p256")
        assert (printed.code, printed.err.startswith("esad: ")) == (2, True)
        assert "Traceback" not in printed.err


@pytest.mark.parametrize(
    "changes",
    [{"seed": "x"}, {"colour": "red"}, {"certificates": ["absent.pem"]}],
    ids=lambda change: next(iter(change)),
)
def test_registry_import_takes_all_or_nothing(
    esad: Esad, data: Path, tmp_path: Path, changes: dict[str, object]
) -> None:
    """A file with a fault is refused with its place, and the registry stays as it is."""
    ca = create_ca("A CA", PERIOD, new_key(KeyKind.P256))
    write_certificate(tmp_path / "one.pem", ca.certificate)
    before = operators_of(data)

    printed = esad("registry", "import", registry_file(tmp_path, "one.pem", **changes), "--data", data)

    assert printed.code == 2
    assert f"operators[1].{next(iter(changes))}" in printed.err
    assert operators_of(data) == before


def operators_of(data: Path) -> list[tuple[object, ...]]:
    """The register in a data directory."""
    with closing(sqlite3.connect(data / "store.db")) as connection:
        return connection.execute("SELECT * FROM operator").fetchall()


def test_trust_add_keeps_the_lists_of_several_authorities(esad: Esad, data: Path, tmp_path: Path) -> None:
    """The list of one CA does not take the place of another's, though both CAs stand in one file."""
    authorities = [create_ca(f"CA {number}", PERIOD, new_key(KeyKind.P256)) for number in (1, 2)]
    bundle = tmp_path / "bundle.pem"
    for number, ca in enumerate(authorities):
        path = tmp_path / f"ca{number}.pem"
        write_certificate(path, ca.certificate)
        leaf = issue(ca, CONSIGNOR, PERIOD, new_key(KeyKind.P256))
        write_revocation_list(tmp_path / f"crl{number}.pem", revoke(ca, {leaf.certificate: NOW}, PERIOD))
        with bundle.open("ab") as file:
            file.write(path.read_bytes())

    first = esad("trust", "add", bundle, "--crl", tmp_path / "crl0.pem", "--data", data)
    second = esad("trust", "add", bundle, "--crl", tmp_path / "crl1.pem", "--data", data, "--json")
    third = esad("trust", "add", bundle, "--crl", tmp_path / "crl1.pem", "--data", data)

    trust = DataDirectory(data).load_trust()
    assert (first.code, second.code, third.code) == (0, 0, 0)
    assert (second.objects[0]["revocations"], len(second.objects[0]["trusted"])) == (True, 2)
    assert len(trust.authorities) == 5  # three member states, and these two
    assert sorted(one.issuer.rfc4514_string() for one in trust.revocation_lists) == ["CN=CA 1", "CN=CA 2"]


def test_trust_add_refuses_what_is_no_authority(esad: Esad, data: Path, tmp_path: Path) -> None:
    """A trader's certificate, the list of another CA, a file that is missing: nothing is changed."""
    before = sorted(DataDirectory(data).trust.rglob("*"))
    ca, other = (create_ca(name, PERIOD, new_key(KeyKind.P256)) for name in ("CA", "Other"))
    write_certificate(tmp_path / "ca.pem", ca.certificate)
    write_certificate(tmp_path / "leaf.pem", issue(ca, CONSIGNOR, PERIOD, new_key(KeyKind.P256)).certificate)
    write_revocation_list(tmp_path / "other.crl", revoke(other, {}, PERIOD))

    for arguments in (
        (tmp_path / "leaf.pem",),
        (tmp_path / "ca.pem", "--crl", tmp_path / "other.crl"),
        (tmp_path / "absent.pem",),
    ):
        assert esad("trust", "add", *arguments, "--data", data).code == 2
    assert sorted(DataDirectory(data).trust.rglob("*")) == before


def test_peer_add_says_where_an_administration_listens(esad: Esad, data: Path) -> None:
    """The address is replaced; a state, an address or a certificate that cannot be is refused."""
    certificate = data.parent / "PL" / "keys" / "administration.pem"
    options = ("--data", data, "--certificate", certificate, "--untried")

    added = esad("peer", "add", "--state", "PL", "--url", "https://pl.example/ndea", *options, "--json")
    wrong = [
        esad("peer", "add", "--state", "GR", "--url", "https://pl.example/ndea", *options),
        esad("peer", "add", "--state", "PL", "--url", "pl.example/ndea", *options),
        esad(
            "peer", "add", "--state", "PL", "--url", "http://x/ndea", "--data", data, "--certificate", data / "no.pem"
        ),
    ]

    unchanged: dict[str, list[str]] = {"added": [], "removed": []}
    assert added.objects == [{"address": "NDEA.PL", "url": "https://pl.example/ndea", **unchanged}]
    with closing(open_store(data / "store.db", "NDEA.LT")) as store:
        assert Registry(store).directory().peers["NDEA.PL"] == "https://pl.example/ndea"
    assert [(one.code, one.err.startswith("esad: ")) for one in wrong] == [(2, True)] * 3


def test_token_opens_its_mailbox_until_it_is_revoked(esad: Esad, gateway: Served) -> None:
    """In a gateway that runs, at once."""
    data, seed = gateway.station.member.data.root, "LT00000000102"
    issued = esad("token", "issue", "--data", data, "--seed", seed)
    options = ("--url", gateway.url, "--seed", seed, "--token", issued.out.strip())
    opened = esad("inbox", *options)
    as_json = esad("token", "issue", "--data", data, "--seed", seed, "--json")
    revoked = esad("token", "revoke", "--data", data, "--seed", seed, "--json")
    closed = esad("inbox", *options)
    nothing = esad("token", "revoke", "--data", data, "--seed", seed)

    assert (issued.code, opened.code) == (0, 0)
    assert as_json.objects[0]["token"] != issued.out.strip()
    assert revoked.objects == [{"seed": seed, "revoked": 3}]
    assert (closed.code, "needs a token" in closed.err) == (1, True)
    assert (nothing.code, nothing.out) == (0, f"0 tokens of {seed} revoked\n")


def test_store_check_tells_what_is_broken(esad: Esad, data: Path) -> None:
    """Exit code 1, a line for every promise that is broken."""
    whole = esad("store", "check", "--data", data)
    with closing(sqlite3.connect(data / "store.db")) as connection:
        connection.execute("INSERT INTO mailbox VALUES ('LT00000000101', 3, x'00')")
        connection.commit()
    broken, as_json = esad("store", "check", "--data", data), esad("store", "check", "--data", data, "--json")

    assert (whole.code, whole.out) == (
        0,
        "whole: 0 messages (0 under checkpoints), 0 movements, 0 to be delivered, 0 dead letters\n",
    )
    assert broken.code == as_json.code == 1
    assert broken.out.splitlines()[0].startswith("mailbox LT00000000101: numbers were given out")
    assert (as_json.objects[0]["ok"], len(as_json.objects[0]["problems"])) == (False, 1)


def test_store_that_is_no_database_is_told_in_a_line(esad: Esad, data: Path) -> None:
    """Whatever happened to the file."""
    (data / "store.db").write_bytes(b"no database " * 500)

    printed = esad("store", "check", "--data", data)

    assert (printed.code, len(printed.err.splitlines())) == (1, 1)
    assert "not a database" in printed.err


@pytest.mark.parametrize("seed", ["", "alice", "LT0000000010", "lt00000000101", "NDEA.ZZ", "NDEA.lt"])
def test_token_of_no_mailbox_is_not_issued(esad: Esad, data: Path, seed: str) -> None:
    """A slip in a number would give a token that opens nothing, to somebody who then waits for messages."""
    printed = esad("token", "issue", "--data", data, "--seed", seed)

    assert (printed.code, printed.out) == (2, "")
    assert repr(seed) in printed.err


def test_revoking_for_no_mailbox_is_wrong_usage(esad: Esad, data: Path) -> None:
    """A slip in a number would leave the token that was meant."""
    printed = esad("token", "revoke", "--data", data, "--seed", "LT0000000010")

    assert (printed.code, printed.out) == (2, "")
    assert "'LT0000000010' is no excise number" in printed.err


def test_token_of_an_administration_opens_its_mailbox(esad: Esad, data: Path) -> None:
    """An office reads what other administrations sent, and what its own was answered."""
    assert all(esad("token", "issue", "--data", data, "--seed", f"NDEA.{state}").code == 0 for state in ("LT", "PL"))


@pytest.mark.parametrize(
    "command",
    [
        ("registry", "import", "x.json"),
        ("trust", "add", "x.pem"),
        ("peer", "add", "--state", "PL", "--url", "http://x/ndea", "--certificate", "x.pem"),
        ("token", "issue", "--seed", CONSIGNOR),
        ("token", "revoke", "--seed", CONSIGNOR),
        ("store", "check"),
        ("held", "list"),
        ("held", "release", "26LT000000000000001P2"),
    ],
    ids=" ".join,
)
def test_commands_want_a_data_directory(esad: Esad, tmp_path: Path, command: tuple[str, ...]) -> None:
    """A folder that is none, and none at all: exit code 2 and one line."""
    ca = create_ca("A CA", PERIOD, new_key(KeyKind.P256))
    write_certificate(tmp_path / "x.pem", ca.certificate)
    registry_file(tmp_path, "x.pem")
    shutil.move(tmp_path / "operators.json", tmp_path / "x.json")
    arguments = [str(tmp_path / one) if one.startswith("x.") else one for one in command]

    printed = esad(*arguments, "--data", tmp_path / "absent")

    assert (printed.code, "is no data directory" in printed.err) == (2, True)
    assert esad(*arguments).code == 2


# A trader: submit, inbox, movement.


def test_submit_prints_the_arc(esad: Esad, gateway: Served, signed: Path) -> None:
    """One line a document; a document that was taken before is fine as well."""
    first, again = (esad("submit", signed, "--url", gateway.url) for _ in range(2))
    as_json = esad("submit", signed, "--url", gateway.url, "--json")

    receipt = as_json.objects[0]
    assert (first.code, again.code, as_json.code) == (0, 0, 0)
    assert first.out == f"{signed}: accepted {receipt['arc']} IE801 is message {receipt['replies'][0]['seq']}\n"
    assert again.out.startswith(f"{signed}: accepted (taken before) {receipt['arc']}")
    assert (receipt["file"], receipt["status"], receipt["repeated"]) == (str(signed), 200, True)


def test_submit_prints_every_fault(esad: Esad, gateway: Served, tmp_path: Path) -> None:
    """Code, rule, place, value and hint; exit code 1, though another document was accepted."""
    wrong, right = tmp_path / "wrong.xml", tmp_path / "right.xml"
    changes = {"body_ead_esad.0.gross_mass": Decimal(1), "header_ead_esad.journey_time": "D92"}
    wrong.write_bytes(gateway.box.signed(CONSIGNOR, evolve(new_draft(), changes)))
    right.write_bytes(gateway.box.signed(CONSIGNOR, new_draft()))

    printed = esad("submit", wrong, right, "--url", gateway.url)

    lines = printed.out.splitlines()
    assert printed.code == 1
    assert lines[0] == f"{wrong}: refused with 2 faults"
    assert [line.partition(" /IE815/Body/")[0] for line in lines[1:3]] == ["  12 R054", "  12 R219"]
    assert ('"D92"' in lines[1], '"1"' in lines[2]) == (True, True)
    assert lines[3].startswith(f"{right}: accepted 26LT")


def test_submit_tells_why_nothing_was_taken(esad: Esad, gateway: Served, signed: Path, tmp_path: Path) -> None:
    """A problem in one line, with what was expected."""
    tampered = tmp_path / "tampered.xml"
    tampered.write_bytes(signed.read_bytes().replace(b">900<", b">901<"))

    printed = esad("submit", tampered, "--url", gateway.url)

    assert printed.code == 1
    assert printed.out.startswith(f"{tampered}: The signature does not prove who sent this: step 20: ")


def test_submit_takes_standard_input(gateway: Served, signed: Path) -> None:
    """For pipes."""
    command = [sys.executable, "-m", "esad_gateway", "submit", "-", "--url", gateway.url]
    ended = subprocess.run(command, input=signed.read_bytes(), capture_output=True, check=False, timeout=120)

    assert (ended.returncode, ended.stdout.startswith(b"-: accepted ")) == (0, True)


def test_submit_of_a_missing_file_is_wrong_usage(esad: Esad, gateway: Served, signed: Path) -> None:
    """Nothing is sent before all files were read."""
    before = len(gateway.station.mailbox(CONSIGNOR))

    assert esad("submit", signed, signed.parent / "absent.xml", "--url", gateway.url).code == 2
    assert len(gateway.station.mailbox(CONSIGNOR)) == before


def test_inbox_lists_reads_and_acknowledges(esad: Esad, gateway: Served, signed: Path) -> None:
    """The whole life of a message, as columns or as JSON."""
    receipt = esad("submit", signed, "--url", gateway.url, "--json").objects[0]
    number = receipt["replies"][0]["seq"]
    options = Reader(gateway, CONSIGNOR).options

    listed = esad("inbox", *options, "--after", number - 2)
    read = esad("inbox", *options, "--read", number)
    acknowledged = esad("inbox", *options, "--acknowledge", number, "--json")
    unread = esad("inbox", *options, "--after", number - 2, "--unread", "--json")

    header, mine, theirs = (line.split("\t") for line in listed.out.splitlines())
    assert header[:4] == ["seq", "direction", "message", "arc"]
    assert mine[:4] == [str(number - 1), "in", "IE815", receipt["arc"]]
    assert theirs[:4] == [str(number), "out", "IE801", receipt["arc"]]
    assert read.out.encode() == gateway.station.document(CONSIGNOR, number)
    assert acknowledged.objects[0]["acknowledgedAt"] == "2026-03-02T12:00:00.000000+02:00"
    assert unread.objects == [{"messages": [], "completeThrough": number}]
    assert (listed.code, read.code, acknowledged.code, unread.code) == (0, 0, 0, 0)


def test_inbox_filters_waits_and_acknowledges_many(esad: Esad, gateway: Served, signed: Path) -> None:
    """What REST takes, and everything up to a number at once; a second time there is nothing left."""
    receipt = esad("submit", signed, "--url", gateway.url, "--json").objects[0]
    number, options = receipt["replies"][0]["seq"], Reader(gateway, CONSIGNOR).options
    only = ("--after", number - 2, "--type", "IE801", "--arc", receipt["arc"], "--direction", "out")

    found = esad("inbox", *options, *only, "--since", "2026-03-02T00:00:00Z", "--wait", 5, "--json")
    nothing = esad("inbox", *options, "--after", number, "--wait", 1, "--json")
    wrong = esad("inbox", *options, "--direction", "both")
    read = [esad("inbox", *options, "--acknowledge-through", number) for _ in range(2)]
    in_json = esad("inbox", *options, "--acknowledge-through", number, "--json")
    unread = esad("inbox", *options, "--unread", "--json")

    assert [one["seq"] for one in found.objects[0]["messages"]] == [number]
    assert nothing.objects[0]["messages"] == []
    assert (wrong.code, "direction" in wrong.err) == (1, True)
    assert re.fullmatch(r"newly acknowledged: [1-9]\d* messages?\n", read[0].out)
    assert read[1].out == "newly acknowledged: 0 messages\n"
    assert in_json.objects == [{"changed": [], "missing": [], "complete": True}]
    assert unread.objects[0]["messages"] == []


def test_movement_shows_one_or_all(esad: Esad, gateway: Served, signed: Path) -> None:
    """State and parties, as columns or as JSON."""
    arc = esad("submit", signed, "--url", gateway.url, "--json").objects[0]["arc"]
    options = Reader(gateway, CONSIGNOR).options

    one, everything = esad("movement", arc, *options), esad("movement", *options, "--state", "X01", "--json")
    none = esad("movement", *options, "--role", "consignee", "--json")

    columns, values = (line.split("\t") for line in one.out.splitlines())
    assert (
        dict(zip(columns, values, strict=True)).items() >= {"arc": arc, "state": "X01", "consignor": CONSIGNOR}.items()
    )
    assert arc in [item["arc"] for item in everything.objects[0]["movements"]]
    assert none.objects == [{"movements": [], "complete": True}]


@pytest.mark.parametrize(
    "arguments",
    [
        ("inbox", "--read", "999"),
        ("inbox", "--acknowledge", "999"),
        ("movement", "26LT999999999999999P2"),
        ("movement", "--state", "X99"),
        ("movement", "--role", "owner"),
    ],
    ids=" ".join,
)
def test_what_is_not_there_is_negative(esad: Esad, gateway: Served, arguments: tuple[str, ...]) -> None:
    """Exit code 1 and the gateway's reason in a line."""
    printed = esad(*arguments, *Reader(gateway, CONSIGNOR).options)

    assert (printed.code, printed.out) == (1, "")
    assert printed.err.startswith("esad: ")
    assert len(printed.err.splitlines()) == 1


def test_foreign_mailbox_is_negative(esad: Esad, gateway: Served) -> None:
    """A token opens its own mailbox."""
    token = gateway.box.traders[CONSIGNOR].token
    options = ("--url", gateway.url, "--seed", SECOND_CONSIGNOR, "--token", token)

    printed, as_json = esad("inbox", *options), esad("inbox", *options, "--json")

    assert (printed.code, "no such thing" in printed.err) == (1, True)
    assert (as_json.code, as_json.objects[0]["status"]) == (1, 404)


@contextmanager
def other_server(status: int, body: bytes) -> Iterator[str]:
    """Whoever else may listen where a gateway was expected."""

    class Answering(BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    for method in ("GET", "POST", "PUT"):
        setattr(Answering, f"do_{method}", Answering.answer)

    with HTTPServer(("127.0.0.1", 0), Answering) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b"<html>It works!</html>"),
        (200, b'{"hello": "world"}'),
        (200, b"[1, 2]"),
        (200, b""),
        (201, b'{"outcome": 1}'),
        (404, b'{"detail": "Not Found"}'),
        (404, b"nothing here"),
        (500, b'{"message": "oops"}'),
    ],
)
def test_other_servers_are_no_gateway(esad: Esad, signed: Path, status: int, body: bytes) -> None:
    """An answer that no gateway gives is told in a line, with exit code 1."""
    with other_server(status, body) as url:
        for command in (
            ("submit", signed, "--url", url),
            ("inbox", "--seed", CONSIGNOR, "--token", "x", "--url", url),
            ("movement", "--seed", CONSIGNOR, "--token", "x", "--url", url),
        ):
            printed = esad(*command)
            assert (printed.code, len((printed.out + printed.err).splitlines())) == (1, 1)
            assert "Traceback" not in printed.err


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://127.0.0.1:1", "nobody listens there; esad serve --data DIR runs a gateway"),
        ("nowhere", "this is no address; expected one such as http://127.0.0.1:8460"),
        ("http://", "this is no address"),
        ("ftp://127.0.0.1", "this is no address"),
        ("http://a b", "no machine of this name is known"),
        ("http://nobody.invalid", "no machine of this name is known"),
    ],
)
def test_gateway_that_cannot_be_reached_is_negative(esad: Esad, signed: Path, url: str, told: str) -> None:
    """Why, in words, and what to do; no name of a library's exception."""
    for command in (("submit", signed), ("inbox", "--seed", CONSIGNOR, "--token", "x")):
        printed = esad(*command, "--url", url)

        assert (printed.code, printed.out) == (1, "")
        assert f" cannot be reached: {told}" in printed.err
        assert not re.search(r"Error|Client|\[Errno", printed.err)


def test_total_is_told_of_several_documents(esad: Esad, gateway: Served, tmp_path: Path) -> None:
    """In the order in which they were named; one that is refused keeps no other from being submitted."""
    drafts = [new_draft(), evolve(new_draft(), {"body_ead_esad.0.gross_mass": Decimal(1)}), new_draft()]
    files = [tmp_path / f"{number}.xml" for number in (3, 1, 2)]
    for file, draft in zip(files, drafts, strict=True):
        file.write_bytes(gateway.box.signed(CONSIGNOR, draft))

    printed = esad("submit", *files, "--url", gateway.url)
    single = esad("submit", files[0], "--url", gateway.url)
    nobody = esad("submit", *files, "--url", "http://127.0.0.1:1")

    heads = [line for line in printed.out.splitlines() if line.startswith(str(tmp_path))]
    assert [line.split(":")[0] for line in heads] == [str(file) for file in files]
    assert (printed.code, printed.err) == (1, "esad: 3 documents: 2 accepted, 1 not\n")
    assert (single.code, single.err) == (0, "")
    assert f"3 documents: 0 accepted, 0 not, 3 without an answer; go on from {files[0]}" in nobody.err


def test_options_may_come_from_the_environment(esad: Esad, gateway: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """Gateway, token and SEED number."""
    monkeypatch.setenv("ESAD_URL", gateway.url)
    monkeypatch.setenv("ESAD_SEED", CONSIGNOR)
    monkeypatch.setenv("ESAD_TOKEN", gateway.box.traders[CONSIGNOR].token)

    assert esad("inbox").code == 0
    assert esad("movement").code == 0


def served_in_vain(data: Path, port: int) -> str:
    """What a gateway says that cannot start; it must be wrong usage, in one line."""
    command = [sys.executable, "-m", "esad_gateway", "serve", "--data", str(data), "--port", str(port)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert (ended.returncode, ended.stdout, len(ended.stderr.splitlines())) == (2, "", 1)
    return ended.stderr


def test_serve_refuses_a_port_that_is_taken(data: Path) -> None:
    """Two gateways do not share an address."""
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        assert "cannot listen on 127.0.0.1" in served_in_vain(data, taken.getsockname()[1])


def test_serve_wants_a_data_directory(tmp_path: Path) -> None:
    """A gateway is what its folder says."""
    assert "is no data directory" in served_in_vain(tmp_path, 0)
