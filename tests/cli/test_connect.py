"""Two administrations get to know each other; and what is known of others is listed, tried, and taken back."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from esad_gateway.data_directory import DataDirectory
from esad_gateway.provision import create
from esad_gateway.signing.pem import write_certificate
from esad_gateway.signing.pki import Identity, KeyKind, Period, create_ca, new_key
from helpers.command_line import Esad
from helpers.gateway import CONSIGNOR, NOW, Box, copy_of_box
from helpers.served import Served, served

PRESENT = Period(not_before=NOW - timedelta(days=1), not_after=NOW + timedelta(days=9000))


def _pem(identity: Identity) -> str:
    return identity.certificate.public_bytes(Encoding.PEM).decode()


@pytest.fixture(scope="module")
def poland(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The gateway of Poland, running for all tests of this module."""
    with served(copy_of_box(tmp_path_factory.mktemp("poland")), "PL") as running:
        yield running


@pytest.fixture
def box(tmp_path: Path) -> Box:
    """Member states on which no gateway runs."""
    return copy_of_box(tmp_path / "box")


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """The data directory of an administration that knows nobody."""
    return create(tmp_path / "fresh", "LT", "Europe/Vilnius", NOW, KeyKind.P256, port=8499).root


@pytest.fixture
def nothing_there() -> Iterator[str]:
    """The address of a server that has nothing at any path."""

    class Empty(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with HTTPServer(("127.0.0.1", 0), Empty) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@contextmanager
def saying(body: bytes, status: int = 200, **headers: str) -> Iterator[str]:
    """The address of a server that answers so to every question."""

    class Said(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            # Who was told too much goes away.
            with suppress(OSError):
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with HTTPServer(("127.0.0.1", 0), Said) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def known(esad: Esad, data: Path) -> tuple[str, str]:
    """All that an administration knows of others and trusts."""
    return esad("peer", "list", "--data", data).out, esad("trust", "list", "--data", data).out


def test_init_is_told_the_state(esad: Esad, tmp_path: Path) -> None:
    """A folder that is named like a member state does not decide; the command that does is said."""
    for name, command in (("pl", "--state PL"), ("lt", "--state LT"), ("gateway", "--state LT")):
        refused = esad("init", tmp_path / name, "--key", "p256")

        assert refused.code == 2
        assert f"esad init {tmp_path / name} {command}" in refused.err
        assert not (tmp_path / name).exists()


def test_init_writes_where_the_gateway_listens(esad: Esad, tmp_path: Path) -> None:
    """So that others can be told, and esad serve need not be."""
    assert esad("init", tmp_path / "pl", "--state", "PL", "--port", "8461", "--key", "p256").code == 0
    assert "\nport = 8461\n" in (tmp_path / "pl" / "settings.toml").read_text(encoding="utf-8")


def test_two_data_directories_know_each_other(esad: Esad, fresh: Path, box: Box) -> None:
    """Both sides: CA, certificate, address, operators; the second time there is nothing new."""
    poland = box.members["PL"].data.root
    esad("peer", "remove", "--data", poland, "--state", "LT")

    first = esad("peer", "connect", fresh, poland, "--json").objects[0]
    second = esad("peer", "connect", fresh, poland, "--json").objects[0]

    here, there = first[str(fresh)], first[str(poland)]
    assert (here["address"], here["url"]) == ("NDEA.PL", box.members["PL"].url)
    assert (there["address"], there["url"], there["release"]) == ("NDEA.LT", "http://127.0.0.1:8499", "3.23")
    assert [len(here["authorities"]), len(here["added"]), here["removed"]] == [1, 1, []]
    assert here["operators"] == sum(seed.startswith("PL") for seed in box.traders)
    assert [side["added"] + side["authorities"] for side in second.values()] == [[], []]
    assert "PL00000000" in esad("registry", "list", "--data", fresh, "--state", "PL").out
    assert [line["wrong"] for line in esad("peer", "list", "--data", fresh, "--json").objects[0]["peers"]] == [[]]


@pytest.mark.parametrize("twin", [True, False], ids=["other directory", "same directory"])
def test_one_state_is_no_peer_of_itself(esad: Esad, fresh: Path, box: Box, twin: bool) -> None:  # noqa: FBT001
    """Nothing is changed on either side."""
    other = box.members["LT"].data.root if twin else fresh
    before = known(esad, fresh), known(esad, other)

    refused = esad("peer", "connect", fresh, other)

    assert (refused.code, "is this administration itself" in refused.err) == (2, True)
    assert before == (known(esad, fresh), known(esad, other))


def test_side_that_cannot_be_believed_changes_neither(esad: Esad, fresh: Path, box: Box) -> None:
    """The CA of what Poland signs with is nowhere: Lithuania refuses it, and Poland learns nothing."""
    poland = DataDirectory(box.members["PL"].data.root)
    for path in poland.trust.glob("*.pem"):
        path.unlink()
    esad("peer", "remove", "--data", poland.root, "--state", "LT")
    before = known(esad, fresh), known(esad, poland.root)

    refused = esad("peer", "connect", fresh, poland.root)

    assert (refused.code, "NDEA.PL: step 16" in refused.err) == (2, True)
    assert before == (known(esad, fresh), known(esad, poland.root))


def test_gateway_somewhere_else_has_to_be_confirmed(esad: Esad, fresh: Path, poland: Served) -> None:
    """What it says of itself is a stranger's word until somebody says what it signs with."""
    says = poland.get("/v1/administration").json
    assert (says["address"], len(says["certificates"]), len(says["authorities"])) == ("NDEA.PL", 1, 1)
    fingerprint = poland.box.members["PL"].fingerprint
    before = known(esad, fresh)

    unsaid = esad("peer", "connect", fresh, poland.url)
    wrong = esad("peer", "connect", fresh, poland.url, "--fingerprint", "0" * 64)
    assert known(esad, fresh) == before
    right = esad("peer", "connect", fresh, poland.url, "--fingerprint", fingerprint.upper())

    assert [one.code for one in (unsaid, wrong, right)] == [2, 2, 0]
    assert "--fingerprint" in unsaid.err
    assert fingerprint in unsaid.err
    assert f"signs with {fingerprint}, not" in wrong.err
    assert f"+ certificate {fingerprint}" in right.out
    assert "none taken over" in right.out
    assert "esad peer connect DIR http://127.0.0.1:8499" in right.out


def test_gateway_that_does_not_answer_is_said_to(esad: Esad, fresh: Path, nothing_there: str) -> None:
    """Nobody at the address, and somebody who is no gateway."""
    nobody = esad("peer", "connect", fresh, "http://127.0.0.1:1")
    other = esad("peer", "connect", fresh, nothing_there)

    assert (nobody.code, "cannot be reached" in nobody.err) == (1, True)
    assert (other.code, "does not answer as a gateway" in other.err) == (1, True)


def test_address_of_a_peer_is_tried_before_it_is_believed(
    esad: Esad, box: Box, poland: Served, nothing_there: str
) -> None:
    """Nobody there, nothing there, somebody else there: each is refused with its reason; the right one is taken."""
    data, certificate = box.members["LT"].data.root, box.members["PL"].data.certificate
    before = known(esad, data)

    def added(url: str, state: str = "PL") -> tuple[int, str]:
        german = box.members["DE"].data.certificate
        file = certificate if state == "PL" else german
        done = esad("peer", "add", "--data", data, "--state", state, "--url", url, "--certificate", file)
        return done.code, done.err

    refused = [added("http://127.0.0.1:1/ndea"), added(nothing_there + "/ndea"), added(poland.url + "/ndea", "DE")]

    assert known(esad, data) == before
    assert [code for code, _ in refused] == [1, 1, 1]
    assert "cannot be reached" in refused[0][1]
    assert "HTTP 404" in refused[1][1]
    assert "NDEA.PL listens at" in refused[2][1]
    assert all("--untried" in said for _, said in refused)
    assert added(poland.url + "/ndea") == (0, "")
    assert f"NDEA.PL at {poland.url}/ndea" in esad("peer", "list", "--data", data).out


def test_certificate_of_a_trader_is_no_administrations(esad: Esad, box: Box, tmp_path: Path) -> None:
    """Nor that of another administration: whom a certificate is made out to is read before it is believed."""
    data, file = box.members["LT"].data.root, tmp_path / "trader.pem"
    write_certificate(file, box.traders[CONSIGNOR].identity.certificate)
    common = ("peer", "add", "--data", data, "--state", "PL", "--url", "http://127.0.0.1:1/ndea", "--untried")

    trader = esad(*common, "--certificate", file)
    german = esad(*common, "--certificate", box.members["DE"].data.certificate)

    assert (trader.code, f"is made out to {CONSIGNOR}" in trader.err) == (2, True)
    assert (german.code, "is made out to NDEA.DE" in german.err) == (2, True)


def test_peer_that_is_removed_is_known_no_more(esad: Esad, box: Box) -> None:
    """Its certificates are believed no more, and a second time there is nothing to remove."""
    data = box.members["LT"].data.root

    removed = esad("peer", "remove", "--data", data, "--state", "PL", "--json")
    again = esad("peer", "remove", "--data", data, "--state", "PL")

    said = removed.objects[0]
    assert (said["address"], len(said["removed"]), said["waiting"]) == ("NDEA.PL", 1, 0)
    assert (again.code, "no administration that is known here" in again.err) == (2, True)
    assert "NDEA.PL" not in esad("peer", "list", "--data", data).out


def test_tokens_are_listed_without_what_opens_a_mailbox(esad: Esad, box: Box) -> None:
    """Whose mailbox, since when, and when it was revoked."""
    data = box.members["LT"].data.root
    token = esad("token", "issue", "--data", data, "--seed", CONSIGNOR).out.strip()
    esad("token", "revoke", "--data", data, "--seed", CONSIGNOR)
    esad("token", "issue", "--data", data, "--seed", CONSIGNOR)

    listed = esad("token", "list", "--data", data)
    ours = [
        one["revoked_at"] is None
        for one in esad("token", "list", "--data", data, "--json").objects[0]["tokens"]
        if one["seed"] == CONSIGNOR
    ]

    assert ours[-2:] == [False, True]
    assert CONSIGNOR in listed.out
    assert token not in listed.out


def test_operators_are_listed_by_state_type_and_day(esad: Esad, box: Box) -> None:
    """All of them, or those that are asked for."""
    data = box.members["LT"].data.root

    def seeds(*filters: str) -> set[str]:
        listed = esad("registry", "list", "--data", data, "--json", *filters).objects[0]["operators"]
        return {one["seed"] for one in listed}

    consignors = {seed for seed, one in box.traders.items() if one.operator.operator_type == "certified_consignor"}
    assert seeds() == set(box.traders)
    assert seeds("--state", "pl") == {seed for seed in box.traders if seed.startswith("PL")}
    assert seeds("--type", "certified_consignor") == consignors
    assert seeds("--on", "2001-01-01") == set()


def test_state_is_taken_in_small_letters(esad: Esad, tmp_path: Path) -> None:
    """Only what is no member state is refused, with how Greece and Northern Ireland are written."""
    small = esad("init", tmp_path / "one", "--state", "ee", "--key", "p256", "--json")
    unknown = esad("init", tmp_path / "two", "--state", "UK", "--key", "p256")

    assert small.objects[0]["state"] == "EE"
    assert (unknown.code, "Northern Ireland XI" in unknown.err) == (2, True)


def test_token_for_a_number_that_is_not_registered_is_remarked_on(esad: Esad, box: Box) -> None:
    """It is issued, because a trader may be entered later; a mistyped number is seen."""
    data = box.members["LT"].data.root

    unknown = esad("token", "issue", "--data", data, "--seed", "LT00000000999")
    known = esad("token", "issue", "--data", data, "--seed", CONSIGNOR)

    assert (unknown.code, known.code, known.err) == (0, 0, "")
    assert "LT00000000999 is not in the register" in unknown.err


@pytest.mark.parametrize("option", ["--sender", "--recipient"])
@pytest.mark.parametrize(("address", "said"), [("LT", "NDEA.LT"), ("ndea.lt", "NDEA.LT"), ("NDEA.XX", "XX is no")])
def test_mistyped_administration_is_no_sender(esad: Esad, tmp_path: Path, option: str, address: str, said: str) -> None:
    """Nothing is composed with an address that no administration has."""
    draft = tmp_path / "draft.json"
    draft.write_text("{}", encoding="utf-8")

    refused = esad("compose", draft, option, address)

    assert (refused.code, refused.out, said in " ".join(refused.err.split())) == (2, "", True)


OTHER_CA = _pem(create_ca("Another CA", PRESENT, new_key(KeyKind.P256)))
Said = dict[str, Any]
LIES: dict[str, tuple[Callable[[Said, str], Said], str]] = {
    "no CA among the CAs": (lambda told, pem: {**told, "authorities": [*told["authorities"], pem]}, "is not one"),
    "a CA that issued nothing": (lambda told, _: {**told, "authorities": [*told["authorities"], OTHER_CA]}, "none of"),
    "two in a text": (lambda told, pem: {**told, "certificates": [told["certificates"][0] + pem]}, "several"),
    "a number for a certificate": (lambda told, _: {**told, "certificates": [5]}, "who it is in a form"),
    "an object for the list": (lambda told, _: {**told, "certificates": {}}, "who it is in a form"),
    "thousands of CAs": (lambda told, _: {**told, "authorities": told["authorities"] * 3000}, "that is no answer"),
    "nine CAs": (lambda told, _: {**told, "authorities": told["authorities"] * 9}, "who it is in a form"),
    "a code for an address": (lambda told, _: {**told, "address": "PL"}, "is no administration"),
    "a release that is unknown": (lambda told, _: {**told, "release": "9.99"}, "no schemas of release 9.99"),
}


CONTRADICTED = ("no CA among the CAs", "a CA that issued nothing", "a release that is unknown")
"""What is said in a form that is known, and contradicts itself or what is known here: nobody will answer otherwise."""


@pytest.mark.parametrize("lie", LIES)
def test_what_a_gateway_says_untruly_is_not_believed(esad: Esad, fresh: Path, poland: Served, lie: str) -> None:
    """However right the certificate is that was confirmed: nothing is changed, and the reason is said."""
    told, fingerprint = poland.get("/v1/administration").json, poland.box.members["PL"].fingerprint
    change, reason = LIES[lie]
    before = known(esad, fresh)

    with saying(json.dumps(change(told, _pem(poland.box.traders[CONSIGNOR].identity))).encode()) as url:
        refused = esad("peer", "connect", fresh, url, "--fingerprint", fingerprint)

    assert (refused.code, reason in refused.err) == (2 if lie in CONTRADICTED else 1, True), refused.err
    assert before == known(esad, fresh)


@pytest.mark.parametrize(
    ("body", "status", "headers", "reason"),
    [
        (b"[" * 200_000, 200, {}, "no JSON object"),
        (b"{" + b" " * 5_000_000, 200, {}, "that is no answer of a gateway"),
        (b"", 302, {"Location": "http://127.0.0.1:1/"}, "points to http://127.0.0.1:1/"),
    ],
    ids=["brackets", "endless", "elsewhere"],
)
def test_answer_that_is_none_is_bounded(
    esad: Esad, fresh: Path, body: bytes, status: int, headers: dict[str, str], reason: str
) -> None:
    """What a stranger sends is read up to a bound, and whoever points elsewhere is not followed."""
    with saying(body, status, **headers) as url:
        refused = esad("peer", "connect", fresh, url, "--fingerprint", "0" * 64)

    assert (refused.code, reason in refused.err) == (1, True), refused.err


def test_address_is_an_address_however_it_is_written(esad: Esad, fresh: Path, poland: Served) -> None:
    """In capitals as well; one with a name and a password in it would be shown to everybody."""
    fingerprint = poland.box.members["PL"].fingerprint

    capitals = esad("peer", "connect", fresh, poland.url.replace("http", "HTTP"), "--fingerprint", fingerprint)
    secret = esad("peer", "connect", fresh, poland.url.replace("//", "//me:secret@"), "--fingerprint", fingerprint)

    assert capitals.code == 0
    assert (secret.code, "no password" in secret.err, "secret" in secret.err) == (2, True, False)
    other = esad("peer", "connect", fresh, "ftp://127.0.0.1/ndea")
    assert (other.code, "expected one such as http://" in other.err) == (1, True)
