"""Clients that nobody here wrote sign their requests (WS-Security) and verify what is answered, all at once."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from esad_gateway.signing.pki import KeyKind
from helpers.gateway import CONSIGNOR, HandClock, new_draft
from helpers.served import Served, served
from helpers.soap_clients import Built, Rows, box_of, heard, side_by_side

CLIENTS = ("zeep", "npm soap", "WSS4J")
SIGNED = Rows("Signed requests")
FORMS = [
    f"{letter}, {token}, {listed}"
    for letter in ("prefix", "default namespace")
    for token in ("token", "issuer and serial number", "key identifier")
    for listed in ("PrefixList", "no PrefixList")
]
"""How WSS4J can write a signed request."""


class RunningClock(HandClock):
    """The clock on the wall: clients say by theirs when they have signed."""

    def now(self) -> datetime:
        """Now."""
        return datetime.now(UTC)


@pytest.fixture(scope="module")
def said(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, dict[str, str]]]:
    """What each client says of its requests."""
    folder = tmp_path_factory.mktemp("signed")
    clock = RunningClock(datetime.now(UTC))
    with served(box_of(KeyKind.RSA, folder / "box", clock.at), clock=clock) as gateway:
        gateway.submit(gateway.box.signed(CONSIGNOR, new_draft(at=clock.at)))
        given = settings(gateway, folder)
        yield side_by_side({name: partial(heard, (*built.signed(name), *given), folder) for name in CLIENTS})


def settings(gateway: Served, folder: Path) -> tuple[str, ...]:
    """What a client has to know: the gateway and its certificate, the trader and its own, with the key."""
    identity = gateway.box.traders[CONSIGNOR].identity
    key, certificate = folder / "trader.key", folder / "trader.pem"
    key.write_bytes(identity.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    certificate.write_bytes(identity.certificate.public_bytes(Encoding.PEM))
    administration = gateway.station.member.data.certificate
    return gateway.url, CONSIGNOR, str(key), str(certificate), str(administration)


def test_zeep_signs_and_verifies(said: dict[str, dict[str, str]]) -> None:
    """What it asks for, and a fault: both are signed."""
    assert said["zeep"]["signed"] == "1 entries"
    assert said["zeep"]["fault"] == f"Fault no message 999999999 in mailbox {CONSIGNOR}"


def test_npm_soap_signs_as_others_do(said: dict[str, dict[str, str]]) -> None:
    """With wsu:Id and one transform; xml-crypto verifies what is answered."""
    assert said["npm soap"]["as others do"] == "2 entries, verified"


@pytest.mark.parametrize("form", FORMS)
def test_wss4j_signs_and_verifies(said: dict[str, dict[str, str]], form: str) -> None:
    """Every kind of token, with and without a list of prefixes, in which #default stands where there is one."""
    assert said["WSS4J"][form] == "2 entries"


@SIGNED.row("zeep", "signs with SHA-1")
def test_zeep_signs_with_sha1(said: dict[str, dict[str, str]]) -> None:
    """The fault names the algorithms."""
    assert said["zeep"]["algorithms"].startswith("Fault WS-Security, step 7: the signature algorithm is ")
    assert "xmldsig-more#rsa-sha256" in said["zeep"]["algorithms"]


@SIGNED.row("zeep", "signs no moment")
def test_zeep_makes_no_timestamp(said: dict[str, dict[str, str]]) -> None:
    """The fault says what Security has to hold."""
    assert said["zeep"]["no moment"].startswith("Fault WS-Security, step 2: ")


@SIGNED.row("zeep", "verifies answers with the client's certificate")
def test_zeep_verifies_with_the_wrong_certificate(said: dict[str, dict[str, str]]) -> None:
    """As if client and gateway were one."""
    assert said["zeep"]["own certificate"].startswith("SignatureVerificationFailed")


@SIGNED.row("zeep", "a list as `wsse` signs, and fails at each answer")
def test_zeep_cannot_verify_by_a_list(said: dict[str, dict[str, str]]) -> None:
    """The request was carried out by then."""
    assert said["zeep"]["list"] == "AttributeError 'list' object has no attribute 'verify'"


@SIGNED.row("npm soap", "writes plain `Id`s and two transforms, and a `Timestamp` of ten minutes")
def test_npm_soap_is_taken_as_it_is(said: dict[str, dict[str, str]]) -> None:
    """All of it is taken, and the answer is signed."""
    assert said["npm soap"]["by itself"] == "1 entries, verified"


@SIGNED.row("npm soap", "two equal requests within a second are signed alike")
def test_npm_soap_repeats_itself(said: dict[str, dict[str, str]]) -> None:
    """Its moments are whole seconds: the second request cannot be told from one that somebody has caught."""
    assert said["npm soap"]["equal requests"].startswith("WS-Security, step 23: ")


@SIGNED.row("npm soap", "`WSSecurityCertWithToken` signs a Body without an Id")
def test_npm_soap_with_token_cannot_be_used(said: dict[str, dict[str, str]]) -> None:
    """Its signature refers to nothing."""
    assert said["npm soap"]["with token"].startswith("WS-Security, step 4: Body has no Id")


@SIGNED.row("WSS4J", "signs with SHA-1")
def test_wss4j_signs_with_sha1(said: dict[str, dict[str, str]]) -> None:
    """The fault names the algorithms."""
    assert said["WSS4J"]["by itself"].startswith("WS-Security, step 7: the signature algorithm is ")


def test_page_has_a_row_for_each_of_these_tests_and_no_other() -> None:
    """A row without a test is a rumour, and a test without a row helps nobody."""
    assert SIGNED.of_page() == list(SIGNED.tests)
