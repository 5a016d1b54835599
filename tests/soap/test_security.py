"""Requests that are signed (WS-Security), as clients write them: taken once, and answered with a signature."""

import base64
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest
from lxml import etree

from esad_gateway.provision import issue_certificate
from esad_gateway.signing.pem import load_certificate, load_key
from esad_gateway.signing.pki import Identity, KeyKind, Period, PrivateKey, issue
from esad_gateway.soap.envelope import SOAP_1_1, SOAP_1_2
from esad_gateway.soap.parts import RELATED
from helpers.agents import BROKER, let
from helpers.gateway import CONSIGNOR, SECOND_CONSIGNOR, HandClock, copy_of_box, new_draft
from helpers.served import Served, served
from helpers.soap import PATH, ByHand
from helpers.wsse import (
    DS,
    EXCLUSIVE,
    WSSE,
    WSU,
    Change,
    Signer,
    by_key,
    by_serial,
    der_of,
    form,
    nothing,
    one,
    reference,
)
from helpers.wsse_replies import holds


@pytest.fixture
def signer(gateway: Served) -> Signer:
    """The consignor signs what it sends, by the clock of the gateway."""
    return Signer(identity=gateway.box.traders[CONSIGNOR].identity, now=gateway.station.clock.now)


def page(client: ByHand, trader: str = CONSIGNOR) -> bytes:
    """A request for the messages of a trader."""
    return client.request("ListMessages", {"trader": trader})


def token_last(root: etree._Element) -> None:
    """As zeep has it: the token after the signature."""
    security = one(root, "//wsse:Security")
    security.append(one(root, "//wsse:BinarySecurityToken"))


def plain_ids(root: etree._Element) -> None:
    """As npm soap has them."""
    for part in (root[-1], one(root, "//wsu:Timestamp")):
        part.set("Id", part.attrib.pop(f"{{{WSU}}}Id"))


def enveloped(root: etree._Element) -> None:
    """As npm soap has it: a transform that changes nothing here."""
    for transforms in root.iterfind(".//{*}Transforms"):
        first = etree.Element(f"{{{DS}}}Transform", Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature")
        transforms.insert(0, first)


def token_and_action_signed(root: etree._Element) -> None:
    """As clients with WS-Addressing do."""
    action = etree.fromstring(
        f'<w:Action xmlns:w="http://www.w3.org/2005/08/addressing" xmlns:u="{WSU}" u:Id="a">x</w:Action>'
    )
    root[0].insert(0, action)
    for pointer in ("#a", "#the-token"):
        more = etree.fromstring(reference(pointer).replace("<ds:Reference", f'<ds:Reference xmlns:ds="{DS}"'))
        one(root, "//ds:SignedInfo").append(more)


def must_be_understood(root: etree._Element) -> None:
    """As most clients say."""
    one(root, "//wsse:Security").set(f"{{{etree.QName(root).namespace}}}mustUnderstand", "1")


def without_end(root: etree._Element) -> None:
    """Created alone."""
    expires = one(root, "//wsu:Expires")
    one(root, "//wsu:Timestamp").remove(expires)


@pytest.mark.parametrize(
    "write", [nothing, token_last, plain_ids, enveloped, token_and_action_signed, must_be_understood, without_end]
)
def test_signed_request_reads_without_a_token(by_hand: ByHand, signer: Signer, write: Change) -> None:
    """Its certificate says who asks; the answer is signed by the administration."""
    answer = by_hand.post(signer.signed(page(by_hand), write))

    assert answer.status == 200, answer.body
    assert etree.QName(by_hand.body_of(answer)).localname == "ListMessagesResponse"
    assert holds(answer.body, by_hand.gateway)


@pytest.mark.parametrize("named", [by_serial, by_key])
def test_certificate_may_be_named_instead_of_sent(
    by_hand: ByHand, signer: Signer, named: Callable[[object], str]
) -> None:
    """By issuer and serial number, or by its key: the register has it."""
    certificate = signer.identity.certificate

    def without_token(root: etree._Element) -> None:
        one(root, "//wsse:Security").remove(one(root, "//wsse:BinarySecurityToken"))

    assert by_hand.post(signer.signed(page(by_hand), without_token, key_info=named(certificate))).status == 200


def test_issuer_is_a_name_in_any_order_and_of_no_other_ca(by_hand: ByHand, signer: Signer) -> None:
    """Programs write names in ways of their own; that of another CA is not taken."""
    certificate = signer.identity.certificate
    own = certificate.issuer.rfc4514_string()
    backwards = " , ".join(reversed(own.split(",")))

    assert by_hand.post(signer.signed(page(by_hand), key_info=by_serial(certificate, backwards))).status == 200
    refused = signer.signed(page(by_hand), key_info=by_serial(certificate, "CN=Somebody Else"))
    assert by_hand.fault_of(by_hand.post(refused)).said("step") == ["14"]


@pytest.mark.parametrize("stamp", ["%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S.%fZ", "%Y-%m-%dT%H:%M:%S.250+00:00"])
@pytest.mark.parametrize("lasting", [timedelta(seconds=30), timedelta(hours=1)])
def test_moment_in_every_form(gateway: Served, stamp: str, lasting: timedelta) -> None:
    """With fractions or without, Z or +00:00; how long a client lets it stand does not matter."""
    client = ByHand(gateway, SOAP_1_1)
    identity = gateway.box.traders[CONSIGNOR].identity
    signer = Signer(identity=identity, now=gateway.station.clock.now, stamp=stamp, lasting=lasting)

    assert client.post(signer.signed(page(client))).status == 200


def test_message_is_submitted_by_whoever_signs_the_envelope(by_hand: ByHand, signer: Signer) -> None:
    """As in REST: who has sent a message is told by the signature of the message, also where a broker sends it."""
    of_another = by_hand.gateway.box.signed(SECOND_CONSIGNOR, new_draft(SECOND_CONSIGNOR))
    request = by_hand.request("SubmitMessage", {"document": of_another})

    answer = by_hand.post(signer.signed(request))

    assert b"<outcome>accepted</outcome>" in answer.body
    assert f"<mailbox>{SECOND_CONSIGNOR}</mailbox>".encode() in answer.body
    assert holds(answer.body, by_hand.gateway)


def test_signature_reads_its_own_mailbox_only(by_hand: ByHand, signer: Signer) -> None:
    """Not that of another trader, not even with that one's token; the fault is signed."""
    token = by_hand.gateway.box.traders[SECOND_CONSIGNOR].token

    answer = by_hand.post(signer.signed(page(by_hand, SECOND_CONSIGNOR)), token)

    assert by_hand.fault_of(answer).said("status") == ["404"]
    assert holds(answer.body, by_hand.gateway)


def test_agent_reads_what_a_trader_lets_it_read(by_hand: ByHand) -> None:
    """By a certificate of its own, as far as its delegation goes."""
    gateway = by_hand.gateway
    identity = issue_certificate(gateway.station.member.data, BROKER, gateway.station.clock.at, KeyKind.P256)
    gateway.station.runtime.registry.add_certificates(BROKER, (identity.certificate,))
    let(gateway.station, CONSIGNOR, reads=["IE801"])
    broker = Signer(identity=identity, now=gateway.station.clock.now)

    assert by_hand.post(broker.signed(page(by_hand))).status == 200
    assert by_hand.fault_of(by_hand.post(broker.signed(page(by_hand, SECOND_CONSIGNOR)))).said("status") == ["404"]


def test_signed_request_is_used_once(by_hand: ByHand, signer: Signer) -> None:
    """The same again is refused, and says so under a signature; another one is taken."""
    request = signer.signed(page(by_hand))
    assert by_hand.post(request).status == 200

    again = by_hand.post(request)

    assert by_hand.fault_of(again).said("step") == ["23"]
    assert holds(again.body, by_hand.gateway)
    assert by_hand.post(signer.signed(page(by_hand))).status == 200


def test_signed_request_is_used_once_with_whatever_certificate_of_its_key(by_hand: ByHand, signer: Signer) -> None:
    """Which certificate it names is not signed, and a key may have several: it is the same request all the same."""
    station, key = by_hand.gateway.station, signer.identity.key
    data = station.member.data
    period = Period(not_before=station.clock.at, not_after=station.clock.at + timedelta(days=1))
    authority_key = cast("PrivateKey", load_key(data.authority_key))
    authority = Identity(certificate=load_certificate(data.authority_certificate), key=authority_key)
    other = issue(authority, CONSIGNOR, period, key)
    station.runtime.registry.add_certificates(CONSIGNOR, (signer.identity.certificate, other.certificate))
    request = signer.signed(page(by_hand))
    assert by_hand.post(request).status == 200

    root = etree.fromstring(request)
    one(root, "//wsse:BinarySecurityToken").text = der_of(other.certificate)
    again = by_hand.post(etree.tostring(root))

    assert by_hand.fault_of(again).said("step") == ["23"]


def test_use_is_remembered_by_all_gateways_of_a_store(tmp_path: Path) -> None:
    """After a restart, and in a gateway beside this one; and it is forgotten when nobody would take it any more."""
    box, clock = copy_of_box(tmp_path), HandClock()
    with served(box, clock=clock) as gateway:
        client = ByHand(gateway, SOAP_1_2)
        signer = Signer(identity=box.traders[CONSIGNOR].identity, now=clock.now)
        request = signer.signed(page(client))
        assert client.post(request).status == 200
    with served(box, clock=clock) as first, served(box, clock=clock) as second:
        one_more = signer.signed(page(client))
        assert ByHand(first, SOAP_1_2).fault_of(ByHand(first, SOAP_1_2).post(request)).said("step") == ["23"]
        assert ByHand(first, SOAP_1_2).post(one_more).status == 200
        beside = ByHand(second, SOAP_1_2)
        assert beside.fault_of(beside.post(one_more)).said("step") == ["23"]
        clock.move(minutes=11)
        assert beside.fault_of(beside.post(one_more)).said("step") == ["13"]
        assert beside.post(signer.signed(page(client))).status == 200
        assert len(second.station.rows("used_envelope")) == 1


def test_fault_of_anything_is_signed_for_who_has_signed(by_hand: ByHand, signer: Signer) -> None:
    """Before and behind the signature: an unknown operation, a header, a body that is not as the schema has it."""
    for body in ('<Other xmlns="urn:example"/>', '<ListMessages xmlns="urn:esad-gateway:gateway:1"/>'):
        answer = by_hand.post(signer.signed(by_hand.around(body)))
        assert by_hand.fault_of(answer).code == by_hand.version.codes["Client"]
        assert holds(answer.body, by_hand.gateway)
    header = '<t:Route xmlns:t="urn:example:route" s:mustUnderstand="1"/>'
    answer = by_hand.post(signer.signed(by_hand.request("ListMessages", {"trader": CONSIGNOR}, header)))
    assert by_hand.fault_of(answer).code == "MustUnderstand"
    assert holds(answer.body, by_hand.gateway)


def test_security_for_another_node_beside_ours_is_left_alone(by_hand: ByHand, signer: Signer) -> None:
    """Whoever it is for has to see to it."""
    role = f"s:{by_hand.version.role}"
    other = f'<w:Security xmlns:w="{WSSE}" {role}="urn:example:broker"/>'

    assert by_hand.post(signer.signed(by_hand.request("ListMessages", {"trader": CONSIGNOR}, other))).status == 200


def test_unsigned_request_has_an_unsigned_answer(by_hand: ByHand) -> None:
    """By a token, as before."""
    answer = by_hand.post(page(by_hand), by_hand.gateway.box.traders[CONSIGNOR].token)

    assert answer.status == 200
    assert b"Security" not in answer.body


def test_document_beside_the_envelope_is_signed_as_if_in_it(gateway: Served, signer: Signer) -> None:
    """MTOM both ways: what is signed has base64 in its place, on one line."""
    client = ByHand(gateway, SOAP_1_2)
    document = gateway.box.signed(CONSIGNOR, new_draft())
    inline = signer.signed(client.request("SubmitMessage", {"document": document}))
    include = b'<x:Include xmlns:x="http://www.w3.org/2004/08/xop/include" href="cid:d"/>'
    envelope = inline.replace(base64.b64encode(document), include)
    body = b"\r\n".join(
        (
            b'--b\r\nContent-Type: application/xop+xml; type="application/soap+xml"\r\nContent-ID: <e>\r\n',
            envelope,
            b"--b\r\nContent-Type: application/octet-stream\r\nContent-ID: <d>\r\n",
            document,
            b"--b--\r\n",
        )
    )
    kind = f'{RELATED}; type="application/xop+xml"; start="<e>"; boundary=b'

    answer = gateway.ask("POST", PATH, body, {"Content-Type": kind})

    assert b"<outcome>accepted</outcome>" in answer.body
    fetched = gateway.ask(
        "POST",
        PATH,
        body.replace(envelope, signer.signed(client.request("FetchMessage", {"trader": CONSIGNOR, "seq": 1}))),
        {"Content-Type": kind},
    )
    parts = fetched.body.split(b"\r\n\r\n")
    letter, sent = parts[1].rpartition(b"\r\n--")[0], parts[2].rpartition(b"\r\n--")[0]
    assert sent == document
    attached = b'<i:Include xmlns:i="http://www.w3.org/2004/08/xop/include" href="cid:document"/>'
    assert attached in letter
    assert holds(letter.replace(attached, base64.b64encode(sent)), gateway)


def test_default_namespace_in_a_prefix_list_is_honoured(by_hand: ByHand, signer: Signer) -> None:
    """As WSS4J writes it: what the prefixes mean is signed where nothing uses them."""
    listed = f'<ec:InclusiveNamespaces xmlns:ec="{EXCLUSIVE}" PrefixList="#default s wsse"/>'

    def with_lists(root: etree._Element) -> None:
        for method in (*root.iterfind(".//{*}Transform"), *root.iterfind(".//{*}CanonicalizationMethod")):
            method.append(etree.fromstring(listed))

    envelope = page(by_hand).replace(b"<s:Envelope ", b'<s:Envelope xmlns="urn:example:default" ')
    whole = etree.fromstring(signer.signed(envelope, with_lists))
    answer = by_hand.post(etree.tostring(whole))
    # Signed without what the lists say, so the digests are wrong: the lists are not passed over.
    assert by_hand.fault_of(answer).said("step") == ["21"]
    assert form(whole[-1])
