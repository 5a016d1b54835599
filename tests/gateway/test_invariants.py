"""What a message costs, as exact counts: the figures of ``esad bench`` depend on them, and these do not wander."""

import ast
from collections import Counter

import pytest

from esad_gateway.emcs.movement import Origin
from esad_gateway.errors import EsadError
from esad_gateway.ports.reading import Outcome, Receipt
from helpers.counting import callers_of, calls, statements
from helpers.gateway import CONSIGNEE, CONSIGNOR, FOREIGN_CONSIGNOR, SECOND_CONSIGNOR, Box, Station, new_draft

GROUP = 20
ROOMS = "gateway store signing xml emcs"

PARSES = "esad_gateway.xml.parse.parse"
CANONICAL_FORMS = "esad_gateway.signing.canonical.canonical"
VERDICTS = "esad_gateway.xml.schema.SchemaSet.accepts"
SCHEMAS_COMPILED = "esad_gateway.xml.schema.SchemaSet.load"
SCHEMAS_EXPLAINED = "esad_gateway.xml.schema.SchemaSet.faults"
BOUND = "esad_gateway.xml.binding.Binder.read"
COMPOSED = "esad_gateway.xml.binding.Binder.write"
VERIFIED = "ECPublicKey.verify"
SIGNED = "ECPrivateKey.sign"
COMPRESSED = "ZstdCompressor.compress"

DEAR = (PARSES, CANONICAL_FORMS, VERDICTS, BOUND, COMPOSED, VERIFIED, SIGNED, COMPRESSED)
NEVER = (SCHEMAS_COMPILED, SCHEMAS_EXPLAINED)


def dear(counted: Counter[str]) -> dict[str, int]:
    """The dear calls among those that were counted, without those that never happened."""
    return {name: counted[name] for name in (*DEAR, *NEVER) if counted[name]}


def group_of(box: Box, size: int) -> list[bytes]:
    """Signed drafts of two consignors."""
    seeds = (CONSIGNOR, SECOND_CONSIGNOR)
    return [box.signed(seeds[number % 2], new_draft(seeds[number % 2])) for number in range(size)]


def outcomes(answers: list[Receipt | EsadError]) -> list[tuple[Outcome, bool]]:
    """What receipts say; anything else fails."""
    receipts = [answer for answer in answers if isinstance(answer, Receipt)]
    assert len(receipts) == len(answers), answers
    return [(receipt.outcome, receipt.repeated) for receipt in receipts]


def questions(station: Station, documents: list[bytes], origin: Origin = Origin.TRADER) -> list[str]:
    """The tables that a group's transaction asks, in order; the group must be accepted."""
    with statements(station.runtime.store.writer) as traced:
        answers = station.commit(*documents, origin=origin)
    assert outcomes(answers) == [(Outcome.ACCEPTED, False)] * len(documents)
    return [statement.split("FROM ")[1].split()[0] for statement in traced if statement.startswith("SELECT")]


def named(call: ast.Call) -> str:
    """What is called, as it is written."""
    return ast.unparse(call.func)


def test_intake_of_a_signed_draft_does_each_dear_thing_once(box: Box, lt: Station) -> None:
    """One parse, two canonical forms, one public-key operation, one verdict, one binding; no database."""
    (document,) = group_of(box, 1)

    with statements(lt.runtime.store.writer) as writing, calls() as counted:
        accepted = lt.intake(document)

    assert accepted.incoming.faults == ()
    assert dear(counted) == {PARSES: 1, CANONICAL_FORMS: 2, VERIFIED: 1, VERDICTS: 1, BOUND: 1}
    assert writing == []


def test_commit_of_a_group_is_one_transaction(box: Box, lt: Station) -> None:
    """Twenty drafts are looked up without a lock; then one BEGIN, one COMMIT, and in between what is numbered."""
    group = group_of(box, GROUP)

    with statements(lt.runtime.store.writer) as traced:
        answers = lt.commit(*group)

    assert outcomes(answers) == [(Outcome.ACCEPTED, False)] * GROUP
    begin = traced.index("BEGIN IMMEDIATE")
    before, after = ([one.split()[0] for one in part] for part in (traced[:begin], traced[begin + 1 :]))
    assert before == ["PRAGMA", *["SELECT"] * 4]
    assert after == ["PRAGMA", "SELECT", *["INSERT"] * (len(after) - 3), "COMMIT"]


def test_every_table_is_asked_once_for_a_group_of_drafts(box: Box, lt: Station) -> None:
    """Twenty drafts ask as many questions as one, even the first of their traders."""
    asked = {size: questions(lt, group_of(box, size)) for size in (1, GROUP)}

    assert asked[1] == asked[GROUP] == ["undecided", "inbox_identity", "operator", "movement", "mailbox"]


def test_every_table_is_asked_once_for_a_group_of_e_sads(box: Box, lt: Station, pl: Station) -> None:
    """Documents of another administration are looked up together as well."""
    pl.commit(*(box.signed(FOREIGN_CONSIGNOR, new_draft(FOREIGN_CONSIGNOR, CONSIGNEE)) for _ in range(GROUP)))
    documents = [document for _, document in pl.due()]

    asked = questions(lt, documents, Origin.ADMINISTRATION)

    assert len(documents) == GROUP
    assert asked == ["undecided", "parked", "movement", "inbox_identity", "operator", "mailbox"]


def test_round_trip_of_a_draft_signs_one_e_sad(box: Box, lt: Station) -> None:
    """Beyond the intake a draft costs signing its e-SAD, whose canonical form is written from its values: no tree."""
    group = group_of(box, GROUP)

    with calls() as counted:
        answers = lt.commit(*group)

    assert outcomes(answers) == [(Outcome.ACCEPTED, False)] * GROUP
    assert dear(counted) == {
        PARSES: GROUP,
        CANONICAL_FORMS: 2 * GROUP,
        VERIFIED: GROUP,
        VERDICTS: GROUP,
        BOUND: GROUP,
        SIGNED: GROUP,
        COMPRESSED: 2 * GROUP,
    }


def test_repeated_group_is_answered_from_the_store(box: Box, lt: Station) -> None:
    """The same bytes again are verified again, and then nothing is decided, signed or written."""
    group = group_of(box, GROUP)
    lt.commit(*group)

    with statements(lt.runtime.store.writer) as traced, calls() as counted:
        answers = lt.commit(*group)

    assert outcomes(answers) == [(Outcome.ACCEPTED, True)] * GROUP
    assert counted[VERIFIED] == GROUP
    assert counted[SIGNED] == counted[COMPOSED] == counted[COMPRESSED] == 0
    assert not any(statement.startswith("INSERT") for statement in traced)


@pytest.mark.parametrize(
    ("written", "functions"),
    [
        # What is below signing.wss has to do with envelopes, not with messages: requests of SOAP and their answers.
        ("etree.fromstring", {"xml.parse.parse", "signing.wss.replies.signed_reply"}),
        ("etree.XML", {"signing.wss.canonical.form", "signing.wss.canonical._make_known"}),
        (
            "etree.tostring",
            {
                "signing.canonical.canonical",
                "signing.canonical.inclusive",
                "signing.detached.sign_file",
                "signing.wss.canonical._with",
                "xml.write.document_bytes",
            },
        ),
        ("etree.canonicalize", set()),
        ("etree.XMLSchema", {"xml.schema._compiled", "xml.schema._as_libxml2_says"}),
    ],
)
def test_calls_of_lxml_stand_in_one_place(written: str, functions: set[str]) -> None:
    """What is counted above by the name of our own function is all there is: nothing else calls lxml for it."""
    assert callers_of(lambda call: named(call) == written, below=ROOMS) == functions
