"""Envelopes that nobody would send in earnest: each is answered with an envelope, and none tells our inside."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from esad_gateway.soap.envelope import NS, SOAP_1_1, SOAP_1_2, VERSIONS, SoapVersion
from esad_gateway.soap.operations import OPERATIONS
from helpers.gateway import CONSIGNOR
from helpers.served import Answer, Served
from helpers.soap import ByHand, schema

INTERNALS = (b"Traceback", b'File "', b".py", b"sqlite", b"site-packages", b"SELECT", b"object at 0x")
GENTLE = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30)


def taken(answer: Answer) -> etree._Element:
    """What an answer says, which is an envelope of a known version with one element that the schema takes."""
    envelope = etree.fromstring(answer.body)
    version = VERSIONS[etree.QName(envelope).namespace or ""]
    assert answer.status in {200, 400, 500}
    assert not any(word in answer.body for word in INTERNALS)
    assert answer.headers["content-type"] == version.content_type
    (body,) = envelope.iterfind(version.name("Body"))
    for one in (*body, *body.iter(f"{{{NS}}}Problem")):
        if etree.QName(one).namespace == NS:
            schema().assertValid(etree.fromstring(etree.tostring(one)))
    # A defect would be our fault.
    assert b"problem:internal" not in answer.body
    return body[0]


def escaped(text: str) -> str:
    """Text as XML writes it, where XML can hold it at all."""
    return "".join(f"&#{ord(one)};" if not one.isalnum() else one for one in text)


@GENTLE
@given(data=st.data(), version=st.sampled_from([SOAP_1_1, SOAP_1_2]), name=st.sampled_from([*OPERATIONS]))
def test_members_of_any_text_are_answered(
    gateway: Served, data: st.DataObject, version: SoapVersion, name: str
) -> None:
    """Each operation with members that are or are not of their kind, or not XML at all."""
    client = ByHand(gateway, version)
    fields = [one.alias for one in OPERATIONS[name].asked.model_fields.values()]
    members = data.draw(st.lists(st.tuples(st.sampled_from([*fields, "other"]), TEXT), max_size=8))
    inner = "".join(f"<{one}>{escaped(text)}</{one}>" for one, text in members)

    token = gateway.box.traders[CONSIGNOR].token
    taken(client.post(client.around(f'<{name} xmlns="{NS}">{inner}</{name}>'), token))


@GENTLE
@given(data=st.data(), version=st.sampled_from([SOAP_1_1, SOAP_1_2]))
def test_mutilated_envelope_is_answered(gateway: Served, data: st.DataObject, version: SoapVersion) -> None:
    """A piece is cut out, doubled, or overwritten, anywhere."""
    client = ByHand(gateway, version)
    whole = client.request("ListMessages", {"trader": CONSIGNOR}, '<a xmlns="urn:a" s:mustUnderstand="0"/>')
    begin, end = sorted(data.draw(st.tuples(*[st.integers(0, len(whole))] * 2)))
    instead = data.draw(st.sampled_from([b"", whole[begin:end] * 2]) | st.binary(max_size=8))

    taken(client.post(whole[:begin] + instead + whole[end:], gateway.box.traders[CONSIGNOR].token))


@pytest.mark.parametrize("tag", ["<", "&amp;", "]]>", "\u2028", "'\"", "ąž€"])
def test_hostile_name_comes_back_as_text(gateway: Served, tag: str) -> None:
    """What is quoted in a fault is text there, and nothing else."""
    client = ByHand(gateway, SOAP_1_2)
    token = gateway.box.traders[CONSIGNOR].token

    fault = client.fault_of(client.post(client.request("ListMessages", {"trader": f"LT{tag}<b>"}), token))

    assert f"LT{tag}<b>" in fault.reason


DOCTYPE = b'<!DOCTYPE s [<!ENTITY a SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize("before", [DOCTYPE, b'<?xml-stylesheet href="a"?>'], ids=["doctype", "instruction"])
def test_what_a_parser_would_follow_is_refused(gateway: Served, before: bytes) -> None:
    """Nothing is fetched, nothing is expanded."""
    client = ByHand(gateway, SOAP_1_1)
    whole = before + client.request("ListMessages", {"trader": CONSIGNOR})

    assert client.fault_of(client.post(whole)).said("status") == ["400"]
