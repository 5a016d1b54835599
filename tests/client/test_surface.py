"""What a client is: light to load, the same whether it waits or not, with a place for everything that is answered."""

import inspect
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat, pkcs12

from esad_gateway.client import (
    AcknowledgedMessages,
    AsyncGatewayClient,
    Batch,
    BatchDocument,
    GatewayClient,
    MailboxEntry,
    MailboxPage,
    MovementView,
    OperatorView,
    Receipt,
    ToldFault,
    Verdict,
    load_signer,
)
from esad_gateway.client.reading import read, value_of
from esad_gateway.client.request import GatewayAnswer, bearer
from esad_gateway.client.soap import AsyncSoapGatewayClient, SoapGatewayClient
from esad_gateway.errors import NotConfigured, PeerError, UnreadableInput
from esad_gateway.rest import examples, examples_batches
from esad_gateway.signing.pem import write_certificate
from helpers.gateway import CONSIGNOR, Box, copy_of_box

HEAVY = {"aiohttp", "cryptography", "fastapi", "lxml", "pydantic", "signxml", "sqlalchemy", "xmlschema", "yarl", "zeep"}
METHODS = [name for name, _ in inspect.getmembers(GatewayClient, inspect.isfunction) if not name.startswith("_")]

NOT_READ = {
    Batch: {"endedAt", "fileRemovedAt", "receivedAt", "remarks", "sha256", "signer", "size", "taken", "withdrawnAt"}
}
"""What a value leaves to those who ask for the answer itself."""
DOUBLED = {"hint", "reason"}
"""English alone, which stands among all languages as well."""


@pytest.mark.parametrize("token", ["wo rd", '"w\u00f6rd"', "word\nword"])
@pytest.mark.parametrize("kind", [GatewayClient, AsyncGatewayClient, SoapGatewayClient, AsyncSoapGatewayClient])
def test_token_that_cannot_be_one_is_refused_before_anything_is_asked(kind: type[Any], token: str) -> None:
    """The reason is the token, which is not shown, and not the address."""
    with pytest.raises(NotConfigured, match="esad token issue") as refused:
        kind("http://127.0.0.1:9", token=token)
    assert token not in str(refused.value)


def test_token_is_shown_without_the_line_end_of_its_file() -> None:
    """What read_text gives of the file that esad token issue was written to will do."""
    assert bearer("word\n") == {"Authorization": "Bearer word"}
    assert bearer(None) == bearer("") == {}


def test_document_of_text_is_refused() -> None:
    """Which bytes were signed, only bytes can say; nothing is sent."""
    document: Any = "<a/>"
    with GatewayClient("http://127.0.0.1:9") as gateway, pytest.raises(UnreadableInput, match="as bytes"):
        gateway.submit(document)


def test_client_loads_nothing_heavy() -> None:
    """A program that submits pays for no framework, no database, no XML and no cryptography."""
    program = f"import sys, esad_gateway.client; print(sorted({HEAVY!r} & {{*sys.modules}}))"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


@pytest.mark.parametrize("name", METHODS)
def test_awaited_method_is_as_the_one_that_waits(name: str) -> None:
    """The same parameters, kinds and defaults, and the same result."""
    waiting, awaited = getattr(GatewayClient, name), getattr(AsyncGatewayClient, name)
    assert inspect.signature(waiting) == inspect.signature(awaited)
    assert inspect.iscoroutinefunction(awaited) is (name != "sign")


def test_awaited_client_has_nothing_else() -> None:
    """Neither more methods nor other options."""
    assert [
        name for name, _ in inspect.getmembers(AsyncGatewayClient, inspect.isfunction) if name in METHODS
    ] == METHODS
    assert inspect.signature(GatewayClient.__init__) == inspect.signature(AsyncGatewayClient.__init__)


@pytest.mark.parametrize(
    ("kind", "example"),
    [
        (Receipt, examples.ACCEPTED),
        (Receipt, examples.REFUSED),
        (ToldFault, examples.FAULT),
        (ToldFault, examples_batches.CELL_FAULT),
        (Verdict, examples.VERDICT),
        (MailboxEntry, examples.LISTED),
        (MailboxPage, examples.PAGE),
        (AcknowledgedMessages, examples.ACKNOWLEDGED),
        (MovementView, examples.NOTED_MOVEMENT),
        (OperatorView, examples.OPERATOR),
        (Batch, examples_batches.WAITING),
        (BatchDocument, examples_batches.DOCUMENTS["documents"][0]),
    ],
)
def test_value_has_a_place_for_everything(kind: type[Any], example: Mapping[str, Any]) -> None:
    """Each member of an answer has a field, so that a member that is new at the door is noticed here."""
    value = read(example, kind)
    named = {"".join(part.capitalize() for part in one.name.split("_")) for one in fields(kind)}
    members = {name[0].upper() + name[1:] for name in {*example} - NOT_READ.get(kind, set()) - DOUBLED}
    assert members <= named
    assert isinstance(value, kind)


def test_members_that_are_new_are_passed_over() -> None:
    """A later release says more; one that says less, or something else, is no gateway."""

    def told(content: bytes) -> GatewayAnswer:
        return GatewayAnswer(url="http://x", status=200, headers={}, body=content)

    assert value_of(told(b'{"messages": [], "completeThrough": 1, "new": 2}'), MailboxPage).complete_through == 1
    for wrong in (b'{"messages": []}', b'{"messages": [], "completeThrough": "1"}', b'{"messages": 1, "a": 2}', b"[]"):
        with pytest.raises(PeerError, match="gateway"):
            value_of(told(wrong), MailboxPage)


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Box:
    """Traders with keys."""
    return copy_of_box(tmp_path_factory.mktemp("box"))


def test_key_is_loaded_in_every_form(box: Box, tmp_path: Path) -> None:
    """PEM with a password, key and certificate in one PEM file, and PKCS #12: each signs the same."""
    identity, closed = box.traders[CONSIGNOR].identity, BestAvailableEncryption(b"secret")
    pem = identity.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, closed)
    (tmp_path / "key.pem").write_bytes(pem)
    write_certificate(tmp_path / "certificate.pem", identity.certificate)
    (tmp_path / "both.pem").write_bytes(pem + (tmp_path / "certificate.pem").read_bytes())
    archive = pkcs12.serialize_key_and_certificates(b"x", identity.key, identity.certificate, None, closed)
    (tmp_path / "both.p12").write_bytes(archive)

    signers = [
        load_signer(tmp_path / "key.pem", tmp_path / "certificate.pem", password=b"secret"),
        load_signer(tmp_path / "both.pem", password=b"secret"),
        load_signer(str(tmp_path / "both.p12"), password=b"secret"),
    ]

    assert {signer.fingerprint for signer in signers} == {box.traders[CONSIGNOR].signer.fingerprint}
    signed = signers[0].sign_document(b"<a/>")
    assert signed.startswith(b"<a>")
    with pytest.raises(UnreadableInput, match="signed already"):
        signers[0].sign_document(signed)


def test_key_that_cannot_be_opened_is_told(box: Box, tmp_path: Path) -> None:
    """Another password, no password, no key, no file: which file it is, and what it should hold."""
    identity = box.traders[CONSIGNOR].identity
    closed = identity.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret"))
    (tmp_path / "key.pem").write_bytes(closed)
    write_certificate(tmp_path / "certificate.pem", identity.certificate)
    (tmp_path / "both.p12").write_bytes(b"no archive")

    for file, password in (("key.pem", b"other"), ("key.pem", None), ("certificate.pem", None), ("both.p12", None)):
        with pytest.raises(NotConfigured, match=rf"{file}: holds no private key and certificate"):
            load_signer(
                tmp_path / file, None if file == "both.p12" else tmp_path / "certificate.pem", password=password
            )
    with pytest.raises(NotConfigured, match=r"nowhere\.pem: cannot be read"):
        load_signer(tmp_path / "nowhere.pem")
