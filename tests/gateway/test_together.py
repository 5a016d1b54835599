"""Documents that are taken together or not at all, and those that are judged as if they were taken."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import pytest

from esad_gateway.emcs.codes import DestinationTypeCode
from esad_gateway.emcs.messages import IE815
from esad_gateway.emcs.movement import Origin
from esad_gateway.emcs.registry import OperatorType, TemporaryAuthorisation
from esad_gateway.errors import IdentifierReused, SenderError, StoreDamaged
from esad_gateway.gateway.access import Principal
from esad_gateway.gateway.intake import Submission
from esad_gateway.gateway.together import Foreseen, Judged, Rehearsal, take_together
from esad_gateway.ports.reading import Outcome, Receipt
from esad_gateway.texts import say
from helpers.gateway import CONSIGNEE, CONSIGNOR, FOREIGN_CONSIGNEE, SECOND_CONSIGNOR, Box, Station, new_draft
from helpers.overlapping import while_signing
from helpers.samples import evolve

NOBODY = "PL00000000999"


@pytest.fixture
def lt(box: Box) -> Iterator[Station]:
    """A gateway whose writer runs."""
    with working(box) as station:
        yield station


@contextmanager
def working(box: Box) -> Iterator[Station]:
    """The gateway of Lithuania, which takes in and commits."""
    with box.open("LT") as station:
        station.runtime.gateway.writer.start()
        try:
            yield station
        finally:
            station.runtime.gateway.writer.stop()


def together(lt: Station, *documents: bytes, before: Rehearsal | None = None, trader: str = CONSIGNOR) -> list[Judged]:
    """What becomes of documents that are handed over together, each with its place from 1 as its number."""
    principal = Principal(Origin.TRADER, trader)
    numbered = [
        (number, Submission(raw=one, principal=principal, channel="test")) for number, one in enumerate(documents, 1)
    ]
    return list(asyncio.run(lt.runtime.gateway.take_together(numbered, before)))


def rules(judged: Judged) -> list[str]:
    """Rules of the faults of a document."""
    assert not isinstance(judged, SenderError), judged
    return [fault.rule for fault in judged.faults]


def outcomes(answers: Sequence[Judged]) -> list[Outcome]:
    """What became of documents."""
    return [one.outcome for one in answers if not isinstance(one, SenderError)]


def untouched(lt: Station) -> bool:
    """Whether nothing of any document was written."""
    return not any(lt.rows(table) for table in ("movement", "message", "document", "inbox_identity", "outbox"))


def same_number(first: IE815) -> IE815:
    """Another draft with the local reference number of a first one."""
    return replace(new_draft(), ead_esad_draft=first.ead_esad_draft)


def temporary(lt: Station, drafts: int = 1) -> None:
    """Have the consignee act under a temporary authorisation that is enough for so many drafts."""
    found = lt.runtime.registry.operator(FOREIGN_CONSIGNEE)
    assert found is not None
    operator, address = found
    enough = {line.excise_product_code: line.quantity * drafts for line in new_draft().body_ead_esad}
    limits = TemporaryAuthorisation(counterparty=CONSIGNOR, reusable=True, quantities=enough)
    limited = replace(operator, operator_type=OperatorType.TEMPORARY_CERTIFIED_CONSIGNEE, temporary=limits)
    lt.runtime.registry.add_operators([(limited, address, ())])


def to_temporary() -> IE815:
    """A draft to a temporary certified consignee."""
    wanted = DestinationTypeCode.TEMPORARY_CERTIFIED_CONSIGNEE
    return evolve(new_draft(), {"header_ead_esad.destination_type_code": wanted})


def test_all_are_committed_when_each_is_accepted(box: Box, lt: Station) -> None:
    """Each has its receipt, and the same again has the same one."""
    documents = [box.signed(CONSIGNOR, new_draft()) for _ in range(3)]

    answers, again = together(lt, *documents), together(lt, *documents)

    assert [type(one) for one in answers] == [Receipt] * 3
    assert {row["arc"] for row in lt.rows("movement")} == {one.arc for one in answers if isinstance(one, Receipt)}
    assert again == [replace(one, repeated=True) for one in answers if isinstance(one, Receipt)]
    assert [row["seq"] for row in lt.rows("message") if row["mailbox"] == CONSIGNOR] == [1, 2, 3, 4, 5, 6]


def test_nothing_is_committed_when_one_is_refused(box: Box, lt: Station) -> None:
    """What the register refuses is told, what is good is told as well, and no mailbox knows of either."""
    good, bad = (
        box.signed(CONSIGNOR, new_draft()),
        box.signed(CONSIGNOR, evolve(new_draft(), {"consignee_trader.traderid": NOBODY})),
    )

    answers = together(lt, good, bad)

    assert outcomes(answers) == [Outcome.ACCEPTED, Outcome.REFUSED]
    assert answers[0] == Foreseen(outcome=Outcome.ACCEPTED)
    assert "R045" in rules(answers[1])
    assert untouched(lt)


def test_nothing_is_committed_when_one_is_somebody_elses(box: Box, lt: Station) -> None:
    """Who cannot be attributed is told why and noted, as ever; the others are judged, and not taken."""
    bad = evolve(new_draft(), {"consignee_trader.traderid": NOBODY})
    stranger, refused = box.signed(CONSIGNEE, new_draft()), box.signed(CONSIGNOR, bad)

    answers = together(lt, box.signed(CONSIGNOR, new_draft()), stranger, refused)

    assert isinstance(answers[1], SenderError)
    assert outcomes(answers) == [Outcome.ACCEPTED, Outcome.REFUSED]
    assert untouched(lt)
    assert len(lt.rows("security_log")) == 1


DRAFTS = {
    "good": new_draft(),
    "schema": evolve(new_draft(), {"header.message_sender": ""}),
    "content": evolve(new_draft(), {"transport_mode.transport_mode_code": "6"}),
    "register": evolve(new_draft(), {"consignee_trader.traderid": NOBODY}),
    "products": evolve(new_draft(), {"body_ead_esad.0.excise_product_code": "S200"}),
    "somebody else": new_draft(SECOND_CONSIGNOR),
}


@pytest.mark.parametrize("kind", DRAFTS)
def test_rehearsal_is_the_decision_of_the_submission(box: Box, lt: Station, kind: str) -> None:
    """Whatever is wrong: what would become of a draft is what becomes of it, with the same faults."""
    document = box.signed(CONSIGNOR, DRAFTS[kind])

    (foreseen,) = together(lt, document, before=Rehearsal({}))
    nothing = untouched(lt)
    (answer,) = _taken(lt, document)

    assert nothing
    if isinstance(answer, SenderError):
        assert str(foreseen) == str(answer)
    else:
        assert not isinstance(foreseen, SenderError)
        assert (foreseen.outcome, foreseen.faults) == (answer.outcome, answer.faults)


def _taken(lt: Station, document: bytes) -> Iterator[Receipt | SenderError]:
    submission = Submission(raw=document, principal=Principal(Origin.TRADER, CONSIGNOR), channel="test")
    try:
        yield asyncio.run(lt.runtime.gateway.take(submission))
    except SenderError as error:
        yield error


@pytest.mark.parametrize("apart", [False, True], ids=["in one group", "in two"])
def test_rehearsed_drafts_reckon_with_those_before_them(box: Box, lt: Station, *, apart: bool) -> None:
    """The local reference number of a draft that would be taken is used, by the number of that, not by an ARC."""
    first = new_draft()
    documents = [box.signed(CONSIGNOR, one) for one in (first, same_number(first))]
    before = Rehearsal({})

    if apart:
        answers = [one for document in documents for one in together(lt, document, before=before)]
    else:
        answers = together(lt, *documents, before=before)
    refused = answers[1]

    assert isinstance(refused, Foreseen)
    assert outcomes(answers) == [Outcome.ACCEPTED, Outcome.REFUSED]
    assert [(fault.rule, fault.arc) for fault in refused.faults] == [("BR001", None)]
    assert "Row 1 of the same batch" in say(refused.faults[0].hint)


@pytest.mark.parametrize("apart", [False, True], ids=["in one group", "in two"])
def test_rehearsed_drafts_use_up_an_authorisation(box: Box, lt: Station, *, apart: bool) -> None:
    """What two of them would take is not there for the third (BR052)."""
    temporary(lt, 2)
    documents = [box.signed(CONSIGNOR, to_temporary()) for _ in range(3)]
    before = Rehearsal({})

    if apart:
        answers = [one for document in documents for one in together(lt, document, before=before)]
    else:
        answers = together(lt, *documents, before=before)

    assert [set(rules(one)) for one in answers] == [set(), set(), {"BR052"}]
    assert untouched(lt)


def test_refused_draft_uses_nothing_of_what_comes_after_it(box: Box, lt: Station) -> None:
    """Its local reference number is free for the next one."""
    bad = evolve(new_draft(), {"consignee_trader.traderid": NOBODY})

    answers = together(lt, box.signed(CONSIGNOR, bad), box.signed(CONSIGNOR, same_number(bad)), before=Rehearsal({}))

    assert outcomes(answers) == [Outcome.REFUSED, Outcome.ACCEPTED]


def test_number_that_was_used_before_is_told_with_its_arc(box: Box, lt: Station) -> None:
    """Of what is in the store the ARC is known."""
    first = new_draft()
    arc = lt.take(box.signed(CONSIGNOR, first)).arc

    (refused,) = together(lt, box.signed(CONSIGNOR, same_number(first)), before=Rehearsal({}))

    assert isinstance(refused, Foreseen)
    assert [(fault.rule, fault.arc) for fault in refused.faults] == [("BR001", arc)]


def test_identifier_of_another_one_is_told_by_its_number(box: Box, lt: Station) -> None:
    """Two documents of one identifier are one only when their bytes are the same."""
    first = new_draft()
    other = replace(new_draft(), header=first.header)
    signed = box.signed(CONSIGNOR, first)

    same, reused = (
        together(lt, signed, one, before=Rehearsal({}))[1] for one in (signed, box.signed(CONSIGNOR, other))
    )
    written = together(lt, signed, signed)

    assert same == Foreseen(outcome=Outcome.ACCEPTED)
    assert isinstance(reused, SenderError)
    assert "row 1 of the same batch" in str(reused)
    assert [one.arc for one in written if isinstance(one, Receipt)] == [lt.rows("movement")[0]["arc"]] * 2


def test_identifier_that_was_used_before_is_refused(box: Box, lt: Station) -> None:
    """By the place where that message stands."""
    first = new_draft()
    lt.take(box.signed(CONSIGNOR, first))

    (answer,) = together(lt, box.signed(CONSIGNOR, replace(new_draft(), header=first.header)))

    assert isinstance(answer, IdentifierReused)


def test_quota_of_refused_messages_counts_what_is_kept(box: Box) -> None:
    """Whoever has used it up is told what is wrong, since nothing of it is kept."""
    box.set("LT", refused_a_day=1)
    bad = [box.signed(CONSIGNOR, evolve(new_draft(), {"consignee_trader.traderid": NOBODY})) for _ in range(2)]
    with working(box) as lt:
        lt.take(bad[0])

        (answer,) = together(lt, bad[1], before=Rehearsal({}))

        assert "R045" in rules(answer)


def test_defect_writes_nothing(box: Box, lt: Station) -> None:
    """What cannot be decided is raised, and kept nowhere: whoever asked tries it again."""
    lt.run_sql("UPDATE operator SET products = 'what nobody wrote'")

    with pytest.raises(StoreDamaged):
        together(lt, box.signed(CONSIGNOR, new_draft()))

    assert untouched(lt)
    assert lt.rows("undecided") == []


@pytest.mark.parametrize("same", [True, False], ids=["what they need", "something else"])
def test_nothing_is_written_that_would_not_be_decided_under_the_lock(box: Box, lt: Station, *, same: bool) -> None:
    """While they are signed another gateway takes the number of one of them: then none is written."""
    first, second, other = new_draft(), new_draft(), new_draft()
    meanwhile = box.signed(CONSIGNOR, same_number(second) if same else other)
    with box.open("LT", lt.clock) as beside:
        committer = while_signing(lt.runtime.committer, lambda: beside.take(meanwhile))
        walked = [(number, lt.intake(box.signed(CONSIGNOR, one))) for number, one in enumerate((first, second), 1)]

        answers = take_together(committer, walked, None, lt.clock.at)

    assert outcomes(answers) == [Outcome.ACCEPTED, Outcome.REFUSED if same else Outcome.ACCEPTED]
    assert len(lt.rows("movement")) == (1 if same else 3)
    assert lt.checked().problems == ()
