"""Identities that are replaced: one for one, of the same form, and nothing of them is left in any coding."""

import base64
import gzip
import json
from datetime import UTC, datetime
from typing import Any

import zstandard
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st

from esad_gateway.emcs.identifiers import ARC, ExciseNumber, MemberState
from esad_gateway.simulator.recording.model import Ended, Recording
from esad_gateway.simulator.recording.naming import Replacing
from esad_gateway.simulator.recording.passing import Passing, Passings, recorded
from esad_gateway.simulator.recording.redrawing import redrawn
from esad_gateway.simulator.world.emcs import Emcs
from esad_gateway.simulator.world.world import signed

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
STATES = st.sampled_from(["LT", "PL", "EL", "XI"])
NUMBERS = st.builds(lambda state, rest: state + rest, STATES, st.text("0123456789ABZ", min_size=11, max_size=11))
ARCS = st.builds(
    lambda state, serial: ARC.issue(2026, MemberState(state), serial).value,
    STATES,
    st.text("0123456789ABCZ", min_size=15, max_size=15),
)
UUIDS = st.uuids().map(str)
NAMES = st.text(st.characters(categories=("Lu", "Ll", "Nd"), include_characters=" .-"), min_size=1, max_size=30)
TEXTS = st.one_of(NUMBERS, ARCS, UUIDS, NAMES)


def shape(text: str) -> str:
    """What a text looks like: digits, capitals and small letters; where it is no ARC, whose last digit is reckoned."""
    return "".join("0" if one.isdigit() else "A" if one.isupper() else "a" if one.isalpha() else one for one in text)


def spread(passings: Passings, content: bytes, **headers: str) -> None:
    """An answer with a body."""
    one = Passing(at=NOW, method="GET", target="/", headers={}, answered=headers, status=200, ended=Ended.ANSWERED)
    one.came.came(content)
    passings.keep(one)


def recording_of(*contents: bytes, target: str = "/", seed: int = 7) -> Recording:
    """A recording of answers with such bodies."""
    passings = Passings(began=NOW)
    for content in contents:
        spread(passings, content)
    passings.all[0].target = target
    return recorded(passings, seed)


@given(st.sets(TEXTS, max_size=40), st.integers(0, 10**6))
def test_identities_are_replaced_one_for_one(texts: set[str], seed: int) -> None:
    """A bijection that the seed decides; nothing that there was is a replacement."""
    found = redrawn(texts, seed)

    assert found.keys() == texts
    assert len(set(found.values())) == len(texts)
    assert not texts & set(found.values())
    assert redrawn(texts, seed) == found


@given(st.sets(st.one_of(NUMBERS, ARCS, UUIDS), min_size=1, max_size=20))
def test_replacements_have_the_form_of_what_they_replace(texts: set[str]) -> None:
    """An ARC is one of the same state, year and kind, with the right check digit; replaced again, it is so still."""
    first = redrawn(texts, 1)
    second = redrawn(first.values(), 2)

    for original, replaced in [*first.items(), *second.items()]:
        if len(original) == 36:
            assert [len(one) for one in replaced.split("-")] == [8, 4, 4, 4, 12]
            assert int(replaced.replace("-", ""), 16) >= 0
        elif len(original) == 21:
            assert (replaced[:4], replaced[19]) == (original[:4], original[19])
            assert ARC(replaced).value == replaced
        else:
            assert ExciseNumber(replaced).value[:2] == original[:2]


@given(st.sets(TEXTS.filter(lambda text: len(text) > 4 and text.strip() == text), min_size=1, max_size=20), st.data())
def test_every_identity_in_a_text_is_replaced(texts: set[str], data: st.DataObject) -> None:
    """Also where one begins as another does, and between others."""
    replacements = redrawn(texts, 3)
    replacing = Replacing(replacements)
    words = data.draw(st.lists(st.sampled_from(sorted(texts)), min_size=1, max_size=6))

    replaced = replacing.leaf("", " / ".join(words))

    longest = [one for one in words if not any(one in other and one != other for other in texts)]
    assert [replacements[one] for one in longest if replacements[one] not in replaced] == []


def traces(text: str, *, depth: int = 0) -> str:
    """A file with everything that is packed into its texts."""
    found = [text]
    for word in {*text.replace('"', " ").replace("<", " ").replace(">", " ").split()}:
        if depth < 5 and len(word) >= 16:
            try:
                content = base64.b64decode(word, validate=True)
                content = gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content
                content = zstandard.decompress(content) if content[:4] == b"\x28\xb5\x2f\xfd" else content
                found.append(traces(content.decode(), depth=depth + 1))
            except (ValueError, OSError):
                continue
    return "\n".join(found)


PACKED = [
    lambda text: f"<a><TraderName>{text}</TraderName></a>".encode(),
    lambda text: json.dumps({"seed": "LT00000000101", "name": text, "else": f"of {text}."}).encode(),
    lambda text: json.dumps([base64.b64encode(f"<e><City>{text}</City></e>{' ' * 60}".encode()).decode()]).encode(),
    lambda text: json.dumps({"x": base64.b64encode(gzip.compress(f'["{text}", "{"y" * 90}"]'.encode())).decode()}),
    lambda text: json.dumps(
        {"x": base64.b64encode(zstandard.compress(b'{"city": "%b"}' % text.encode() * 1)).decode()}
    ),
    lambda text: (
        f"<a><b>{base64.b64encode(f'<c><Comments>{text}</Comments>{chr(32) * 60}</c>'.encode()).decode()}</b></a>"
    ),
    lambda text: f"<a>&lt;b&gt;&lt;City&gt;{text}&lt;/City&gt;&lt;/b&gt;</a>",
]


@given(st.text("ABCDEFGHabcdefgh", min_size=9, max_size=20), st.lists(st.sampled_from(PACKED), min_size=1, max_size=4))
def test_nothing_of_an_identity_is_left(name: str, packed: list[Any]) -> None:
    """A name that is told once as such is gone everywhere: in XML, JSON, base64, what is packed, and addresses."""
    contents = [made(name) for made in packed]
    told = [b"<a><TraderName>%b</TraderName></a>" % name.encode()]
    told += [one if isinstance(one, bytes) else one.encode() for one in contents]

    lines = "".join(recording_of(*told, target=f"/v1/x/{name}?name={name}").lines())

    assert name not in traces(lines)


def test_certificates_and_signatures_are_left_out() -> None:
    """Who signed is kept, as somebody else; a certificate in PEM or base64 is told by its holder."""
    with Emcs(seed=1) as emcs:
        vilnius, warsaw = emcs.consignor("LT"), emcs.consignee("PL")
        document = signed(vilnius.signer, vilnius.draft(warsaw))
        certificate = emcs.run(emcs.world.identity(vilnius.seed)).certificate
        pem = certificate.public_bytes(Encoding.PEM).decode()
        der = base64.b64encode(certificate.public_bytes(Encoding.DER)).decode()
        envelope = f"<E><document>{base64.b64encode(document).decode()}</document></E>".encode()
        recording = recording_of(document, json.dumps({"a": pem, "b": der}).encode(), envelope)

    lines = "".join(recording.lines())
    bodies = [one.answer.body for one in recording.exchanges if one.answer]
    assert bodies[0].xml is not None
    signer = bodies[0].xml.partition('by="')[2][:13]
    assert f"<TraderExciseNumber>{signer}" in bodies[0].xml.replace("ie:", "")
    assert signer not in {vilnius.seed, ""}
    assert bodies[1].value["a"].strip() == f"[certificate of {signer}]"
    assert base64.b64decode(bodies[1].value["b"]).decode() == f"certificate of {signer}"
    assert f'by="{signer}"' in traces(str(bodies[2].xml))
    everything = traces(lines)
    for gone in (vilnius.seed, warsaw.seed, "X509Certificate", "SignatureValue", pem[40:80]):
        assert gone not in everything


def test_words_of_the_protocol_stay() -> None:
    """A text of somebody that is a word of the protocol is replaced where it is theirs, and nowhere else."""
    body = b'{"outcome": "accepted", "comments": "accepted", "detail": "it was accepted", "office": "LT001000"}'

    (one,) = recording_of(body).exchanges

    assert one.answer is not None
    told = one.answer.body.value
    assert (told["outcome"], told["detail"], told["office"]) == ("accepted", "it was accepted", "LT001000")
    assert told["comments"] != "accepted"


def test_what_nobody_can_look_into_is_left_out() -> None:
    """Tables, pictures, pages, what is cut off or packed in an unknown way: how much it was, and why it is not kept."""
    strange = [b'"' + rb"\ud800" + b'"', b"[" * 400 + b"]" * 400]
    broken = [
        *(b'{"a": %b}' % one for one in strange),
        b"PK\x03\x04table",
        b"name;city\nA;B\n",
        b"<a><b>",
        b'{"a": ',
        b"[" * 90_000,
        b"<!DOCTYPE a><a/>",
    ]
    whys = [one.answer.body.left_out for one in recording_of(*broken).exchanges if one.answer]

    assert None not in whys
    passings = Passings(began=NOW)
    spread(passings, b"{}", **{"content-encoding": "br"})
    spread(passings, b"\x1f\x8b{}", **{"content-encoding": "gzip"})
    spread(passings, b"<html></html>", **{"content-type": "text/html"})
    (unknown, cut, page) = recorded(passings, 1).exchanges
    assert [one.answer and one.answer.body.left_out for one in (unknown, cut, page)] == [
        "its content coding 'br' is unknown",
        "it cannot be unpacked (gzip)",
        "it is neither XML nor JSON",
    ]


SECRET = "c2VjcmV0IG9mIHNvbWVib2R5"


def test_secrets_are_left_out_whatever_they_are_called() -> None:
    """Systems name them in many ways, and put them into texts; none of them is written."""
    names = ("access_token", "refreshToken", "client-secret", "apiKey", "private_key", "passphrase", "Set-Cookie")
    told = dict.fromkeys(names, SECRET) | {"header": f"Bearer {SECRET}", "id": f"eyJhbGciOiJIUzI1NiJ9.{SECRET}.x"}
    target = f"/?access_token={SECRET}&api_key={SECRET}&jwt={SECRET}"
    assert SECRET not in "".join(recording_of(json.dumps(told).encode(), target=target).lines())


def test_identities_are_replaced_in_other_writings() -> None:
    """As forms write them in addresses, in small letters and in capitals, in base64 of addresses, and as a number."""
    name, number, phone = "Vardenis Pavardenis", "LT0000000A777", 37060012345
    cursor = base64.urlsafe_b64encode(f"??>>~{number}~".encode()).decode().rstrip("=")
    told = {"TraderName": name, "seed": number, "phoneNumber": phone, "x": name.upper(), "next": cursor}
    target = f"/{number.lower()}?name=Vardenis+Pavardenis&then={number.lower()}"
    recording = recording_of(json.dumps(told).encode(), target=target)
    text = "".join(recording.lines())
    (exchange,) = recording.exchanges
    assert exchange.answer is not None
    value = exchange.answer.body.value
    assert not [
        one for one in (name, name.upper(), number, number.lower(), str(phone), cursor, "Vardenis+") if one in text
    ]
    assert exchange.request.target.startswith(f"/{value['seed'].lower()}?name=")
    assert value["x"] == value["TraderName"].upper()
    assert base64.urlsafe_b64decode(value["next"] + "==") == f"??>>~{value['seed']}~".encode()
    assert len(str(value["phoneNumber"])) == len(str(phone))


def test_document_whose_names_tell_who_somebody_is_is_left_out() -> None:
    """Elements, attributes and namespaces keep their names, so nothing of such a document is kept."""
    number = "LT0000000A777"
    forms = ("<a><{0}/></a>", '<a {0}="1"/>', '<a xmlns="urn:{0}"/>', '<a xmlns:{0}="urn:a"/>')
    documents = [one.format(number).encode() for one in forms]
    recording = recording_of(json.dumps({"seed": number}).encode(), *documents)
    assert number not in "".join(recording.lines())
    found = [one.answer and one.answer.body.left_out for one in recording.exchanges[1:]]
    assert found == ["a name in it tells who somebody is"] * 4
