"""The contenders do the work that they are measured for: what is wrong is refused, what is right is stored."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

import pytest
import xmlschema
from cryptography.exceptions import InvalidSignature
from lxml import etree
from signxml.exceptions import InvalidDigest
from sqlalchemy.exc import IntegrityError

from esad_gateway import resources
from esad_gateway.audit.check import CheckOutcome, check
from esad_gateway.benchmarks.builds import Build, World
from esad_gateway.benchmarks.doors import SOAP_DOOR, signed_door
from esad_gateway.benchmarks.floor import DurableFloor, Floor
from esad_gateway.benchmarks.material import Material, SignedDraft
from esad_gateway.benchmarks.ours import NotTaken, Ours
from esad_gateway.benchmarks.rounds import Contender, Race
from esad_gateway.benchmarks.usual import Usual, UsualWithLxml, compose
from esad_gateway.benchmarks.usual_soap import DATABASE, UsualSoap
from esad_gateway.bootstrap import Parts, Runtime, build
from esad_gateway.errors import SignatureRefused
from esad_gateway.identities import new_arc
from esad_gateway.signing.pki import KeyKind
from esad_gateway.signing.signer import XmlSigner
from esad_gateway.xml.parse import parse

SCHEMAS = resources.schemas() / "emcs" / "3.23"
IE815 = SCHEMAS / "ie815.xsd"


@pytest.fixture(scope="module", params=KeyKind)
def material(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Material:
    """Keys, traders and documents, with RSA and with EC."""
    return Material.make(tmp_path_factory.mktemp("material"), request.param)


@pytest.fixture
def drafts(material: Material) -> tuple[SignedDraft, ...]:
    """Three drafts that nobody has seen."""
    return tuple(islice(material.drafts(), 3))


@pytest.fixture(params=[Usual, UsualWithLxml])
def usual(request: pytest.FixtureRequest, material: Material, tmp_path: Path) -> Iterator[Usual]:
    """The pipelines for comparison, each with an empty database."""
    agent, administration = material.agent.certificate, material.administration
    pipeline: Usual = request.param(tmp_path / "usual.db", IE815, agent, administration, material.operators)
    yield pipeline
    pipeline.close()


@pytest.fixture(params=["in memory", "on disk"])
def floor(request: pytest.FixtureRequest, material: Material, tmp_path: Path) -> Iterator[Floor]:
    """The floors."""
    keys = (IE815, material.agent.key, material.administration.key, material.e_sad())
    bare = Floor(*keys) if request.param == "in memory" else DurableFloor(tmp_path / "floor.db", *keys)
    yield bare
    bare.close()


@pytest.fixture(scope="module")
def runtime(material: Material) -> Iterator[Runtime]:
    """The gateway, used by all tests here: each brings documents of its own."""
    gateway = build(Parts(material.data.root))
    yield gateway
    gateway.store.close()


def checked(material: Material, runtime: Runtime) -> CheckOutcome:
    """What the check says of the gateway's store, with a checkpoint of all that it holds."""
    runtime.checkpoints.write()
    return check(material.data)


def altered(draft: SignedDraft) -> bytes:
    """A signed draft with another quantity."""
    assert b">900<" in draft.signed
    return draft.signed.replace(b">900<", b">9000<")


def signed_but_invalid(material: Material, draft: SignedDraft) -> bytes:
    """A draft that the schema refuses, with a good signature."""
    invalid = draft.unsigned.replace(b"JourneyTime>D05<", b"JourneyTime>soon<")
    assert invalid != draft.unsigned
    return XmlSigner(material.agent.key, material.agent.certificate).sign(parse(invalid))


def test_drafts_are_all_different(drafts: tuple[SignedDraft, ...]) -> None:
    """Each has its own identifier and local reference number, in both forms."""
    for name in ("MessageIdentifier", "LocalReferenceNumber"):
        forms = [document for draft in drafts for document in (draft.unsigned, draft.signed)]
        values = [etree.fromstring(form).findtext(f".//{{*}}{name}") for form in forms]
        assert None not in values
        assert len(set(values)) == len(drafts)


def test_floor_verifies_and_inserts(floor: Floor, drafts: tuple[SignedDraft, ...]) -> None:
    """Documents end in its table; one that was signed by nobody stops it."""
    documents = [draft.signed for draft in drafts]

    floor.validate([draft.unsigned for draft in drafts])
    floor.store(documents[:1])
    floor.round_trip(documents[1:])

    assert floor.stored() == len(documents)
    value = etree.fromstring(documents[0]).findtext(".//{*}SignatureValue") or ""
    with pytest.raises(InvalidSignature):
        floor.store([documents[0].replace(value.encode(), f"AAAA{value[4:]}".encode())])


def test_durable_floor_is_on_disk_after_every_group(
    material: Material, drafts: tuple[SignedDraft, ...], tmp_path: Path
) -> None:
    """Another connection sees what was handed over, at once, in a log that is synced at every commit."""
    file = tmp_path / "floor.db"
    floor = DurableFloor(file, IE815, material.agent.key, material.administration.key, material.e_sad())
    with closing(floor), closing(sqlite3.connect(file)) as other:
        seen = []
        for paths, draft in zip((floor.store, floor.round_trip), drafts, strict=False):
            paths([draft.signed])
            seen.append(other.execute("SELECT count(*) FROM message").fetchone())

    assert seen == [(1,), (2,)]


def test_usual_stores_message_and_e_sad(usual: Usual, drafts: tuple[SignedDraft, ...]) -> None:
    """A stored draft is one message, a round trip two."""
    usual.validate([draft.unsigned for draft in drafts])
    usual.store([drafts[0].signed])
    usual.round_trip([draft.signed for draft in drafts[1:]])

    assert usual.stored() == 1 + 2 * len(drafts[1:])


def test_usual_refuses_what_is_wrong(material: Material, usual: Usual, drafts: tuple[SignedDraft, ...]) -> None:
    """Altered, invalid and repeated documents leave nothing behind."""
    with pytest.raises(InvalidDigest):
        usual.store([altered(drafts[0])])
    invalid = (xmlschema.XMLSchemaValidationError, etree.DocumentInvalid)
    with pytest.raises(invalid):
        usual.store([signed_but_invalid(material, drafts[0])])
    with pytest.raises(invalid):
        usual.validate([drafts[0].unsigned.replace(b"D05", b"soon")])
    usual.round_trip([drafts[0].signed])
    with pytest.raises(IntegrityError):
        usual.store([drafts[0].signed])

    assert usual.stored() == len(("the draft", "its e-SAD"))


def test_usual_composes_a_valid_e_sad(material: Material, runtime: Runtime, drafts: tuple[SignedDraft, ...]) -> None:
    """What it sends is an IE801 that the schemas accept and that says the same as ours."""
    e_sad = compose(etree.fromstring(drafts[0].unsigned), new_arc("LT", material.now), material.now)

    assert runtime.readers.releases.faults(e_sad) == ()
    assert _shape(e_sad) == _shape(material.e_sad())


def _shape(e_sad: etree._Element) -> list[str]:
    return [str(element.tag) for element in e_sad.iter()]


def test_ours_stores_without_an_effect(material: Material, runtime: Runtime, drafts: tuple[SignedDraft, ...]) -> None:
    """Documents, mailbox rows and identities, in a store that is in order; no document is taken twice."""
    ours, before = Ours(runtime), checked(material, runtime)
    documents = [draft.signed for draft in drafts]

    ours.validate([draft.unsigned for draft in drafts])
    ours.judge([draft.unsigned for draft in drafts])
    ours.store(documents)

    after = checked(material, runtime)
    assert after.problems == ()
    assert after.messages - before.messages == len(documents)
    assert (after.movements, after.waiting) == (before.movements, before.waiting)
    with pytest.raises(NotTaken):
        ours.store(documents[:1])


def test_ours_makes_the_round_trip(material: Material, runtime: Runtime, drafts: tuple[SignedDraft, ...]) -> None:
    """For each draft a movement, the e-SAD in two mailboxes, and one document that waits for its delivery."""
    ours, before = Ours(runtime), checked(material, runtime)

    ours.round_trip([draft.signed for draft in drafts])

    after = checked(material, runtime)
    assert after.problems == ()
    assert after.messages - before.messages == 3 * len(drafts)
    assert after.movements - before.movements == after.waiting - before.waiting == len(drafts)


def test_ours_refuses_what_is_wrong(material: Material, runtime: Runtime, drafts: tuple[SignedDraft, ...]) -> None:
    """Altered and invalid documents are no work that counts."""
    ours = Ours(runtime)

    with pytest.raises(SignatureRefused):
        ours.store([altered(drafts[0])])
    with pytest.raises(NotTaken):
        ours.round_trip([signed_but_invalid(material, drafts[0])])
    with pytest.raises(NotTaken):
        ours.validate([drafts[0].unsigned.replace(b"D05", b"soon")])


def test_race_lets_another_begin_each_round() -> None:
    """Every contender works on its documents in every round, and who begins changes."""
    played: list[tuple[str, int]] = []
    race = Race({name: _noted(name, played) for name in "abc"})

    for _ in range(3):
        race.play({"a": [b"1"], "b": [b"1", b"2"], "c": [b"1", b"2", b"3"]})

    assert "".join(name for name, _ in played) == "abcbcacab"
    assert set(played) == {("a", 1), ("b", 2), ("c", 3)}


def _noted(name: str, played: list[tuple[str, int]]) -> Contender:
    return lambda documents: played.append((name, len(documents)))


def test_race_reports_the_first_quartile_without_the_first_round() -> None:
    """The first round compiles and fills caches; of the others the quiet ones count."""
    race = Race({}, {"a": [1.0, 30.0, 10.0, 99.0, 20.0, 40.0]})

    assert race.quiet("a") == 20.0
    assert race.spread("a") == pytest.approx((40 - 20) / 30)


@pytest.fixture(scope="module")
def served_world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Two member states, as servers that are measured have them."""
    return asyncio.run(Build.ours().prepare(tmp_path_factory.mktemp("served") / "ours", KeyKind.P256))


@pytest.fixture
def usual_soap(served_world: World) -> Iterator[UsualSoap]:
    """The usual stack for envelopes, with the keys of that world and an empty database."""
    stack = UsualSoap(served_world.folder)
    yield stack
    stack.close()
    for file in served_world.folder.glob(f"{DATABASE}*"):
        file.unlink()


def test_usual_soap_stack_takes_an_envelope(served_world: World, usual_soap: UsualSoap) -> None:
    """The draft and its e-SAD are stored, and the answer is one that the door of ours would have been measured by."""
    answer = usual_soap.answer(SOAP_DOOR.wrap(next(served_world.documents())))

    assert SOAP_DOOR.has_taken(200, answer)
    assert usual_soap.stored() == 2


def test_usual_soap_stack_refuses_what_was_changed(served_world: World, usual_soap: UsualSoap) -> None:
    """It really verifies what is in the envelope."""
    changed = next(served_world.documents()).replace(b"<ie:LocalReferenceNumber>LT", b"<ie:LocalReferenceNumber>PL")

    with pytest.raises(InvalidDigest):
        usual_soap.answer(SOAP_DOOR.wrap(changed))
    assert usual_soap.stored() == 0


def test_door_asks_for_a_signed_answer_where_it_signs(served_world: World) -> None:
    """What is not signed, or says that the document was refused, was not taken."""
    door = signed_door(served_world.material.agent)
    accepted, signed = b"<outcome>accepted</outcome>", b"<ds:SignatureValue>"

    assert door.has_taken(200, accepted + signed)
    assert not door.has_taken(200, accepted)
    assert not door.has_taken(200, b"<outcome>refused</outcome>" + signed)
    assert not SOAP_DOOR.has_taken(500, accepted)
