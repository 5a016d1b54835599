"""Stored JSON: what was ever written is read for ever, and what a later version wrote is refused with what it means."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import pytest

from esad_gateway.ais.actors import ActorKind, DoneBy
from esad_gateway.ais.declarations.filing import FiledDeclaration
from esad_gateway.ais.declarations.forms import Settling
from esad_gateway.ais.declarations.period import TaxPeriod
from esad_gateway.ais.declarations.projecting import CoveredReceipt, DeclaredFigure
from esad_gateway.ais.registration.acts import ActKind, CaseAct, RefusalGround, RequestRefused
from esad_gateway.ais.registration.request import Channel
from esad_gateway.emcs.codes import GlobalConclusionOfReceipt
from esad_gateway.emcs.effects import Note
from esad_gateway.emcs.movement import Movement, Side
from esad_gateway.emcs.registry import LinkedTrader, Operator, OperatorType, TemporaryAuthorisation
from esad_gateway.errors import StoreUnavailable
from esad_gateway.faults import Fault, Said, said
from esad_gateway.place import at
from esad_gateway.ports.reading import Entry, Noted, Outcome, Receipt, Reply
from esad_gateway.store import stored
from esad_gateway.store.effects import note_row, noted_of_row
from esad_gateway.store.national.cases import act_of_row, act_text, told_of_row, told_text
from esad_gateway.store.national.declarations import declaration_of_row, declaration_text
from esad_gateway.store.rows import (
    entries_of,
    entry_text,
    faults_of,
    faults_text,
    movement_of_row,
    movement_row,
    operator_of_row,
    operator_row,
    receipt_of,
    receipt_text,
    said_of,
    said_text,
)
from esad_gateway.store.saad import entry_of
from esad_gateway.store.saad import entry_text as saad_text
from helpers.playbook import Administration
from helpers.protocol import change, receipt
from helpers.saad import entry as saad_entry
from helpers.samples import draft

GOLDEN = Path(__file__).parent / "data" / "stored-1.json"
"""Texts of version 1 of every form. A later version gets a file of its own beside it; this one stays as it is."""

RECEIPT = Receipt(
    outcome=Outcome.REFUSED,
    type="IE815",
    identifier="M-1",
    mailbox="LT00000000101",
    seq=1,
    faults=(
        Fault(
            code="12",
            rule="R044",
            place=at("IE815/Body/SubmittedDraftOfEADESAD/ConsignorTrader/TraderExciseNumber"),
            value="LT00000000101",
            text=Said("R044.text"),
            hint=said(
                "hint.other_capacity",
                number="LT00000000101",
                registered=Said("operator.certified_consignee"),
                expected=(Said("operator.certified_consignor"), Said("operator.temporary_certified_consignor")),
            ),
            line=7,
        ),
        Fault(
            code="91",
            rule="BR001",
            place=at("IE815/Body/SubmittedDraftOfEADESAD/EadEsadDraft/LocalReferenceNumber"),
            value="ž-1",
            text=Said("BR001.text"),
            hint=said("hint.next_version", next=2),
            column=3,
            arc="26LT000000000000001P2",
        ),
    ),
    replies=(Reply(mailbox="LT00000000101", seq=2, type="IE704", identifier="LT-1"),),
)
ENTRIES = (
    Entry(
        mailbox="NDEA.PL",
        seq=0,
        direction="out",
        type="IE818",
        identifier="LT-2",
        correlation=None,
        arc="26LT000000000000001P2",
        sequence=1,
        outcome=Outcome.ACCEPTED,
        document=bytes(range(32)),
    ),
)
NOTED = Noted(
    Note(kind="dispatch", subject="LT00000000101", arc="26LT000000000000001P2", values={"lrn": "ž-1"}),
    datetime(2026, 3, 2, 10, 0, tzinfo=UTC),
    Side.DISPATCH,
    "LT00000000101",
    1,
)
REFUSED = CaseAct(
    kind=ActKind.REFUSE,
    at=datetime(2026, 3, 2, 10, 0, tzinfo=UTC),
    by=DoneBy(kind=ActorKind.OPERATOR, name="root"),
    values=RequestRefused(
        grounds=(RefusalGround.NO_LICENCE, RefusalGround.NO_SECURITY), why="Nėra licencijos", channel=Channel.MANO_VMI
    ),
)
ADDRESS = {"street": "Gatvė", "city": "Vilnius"}
OPERATOR = Operator(
    seed="LT00000000301",
    name="Laikinasis",
    operator_type=OperatorType.TEMPORARY_CERTIFIED_CONSIGNOR,
    office="LT000101",
    valid_from=date(2026, 1, 1),
    valid_to=None,
    products=frozenset({"W200", "B000"}),
    categories=frozenset("W"),
    temporary=TemporaryAuthorisation(
        counterparty=None,
        reusable=True,
        quantities={"W200": Decimal("899.5")},
        small_wine_producer=False,
        linked=LinkedTrader(name="Gavėjas", street="Gatvė", number=None, postcode="01001", city="Ryga", language="lv"),
    ),
)


def _movement() -> Movement:
    """A movement with a report and an earlier version."""
    lithuania, poland = Administration("LT", Side.DISPATCH), Administration("PL", Side.DESTINATION)
    poland.hears(lithuania.takes(draft()).sends[0].message)
    lithuania.hears(poland.takes(receipt(GlobalConclusionOfReceipt.REFUSED)).sends[0].message)
    poland.hears(lithuania.takes(change()).sends[0].message)
    lithuania.hears(poland.takes(receipt(sequence=2)).sends[0].message)
    assert lithuania.movement is not None
    return lithuania.movement


DECLARED = FiledDeclaration(
    seed="LT00000000102",
    status=OperatorType.CERTIFIED_CONSIGNEE,
    period=TaxPeriod.read("2026-03"),
    number=0,
    form="AKC430",
    version="1",
    payer_type="Registruotas asmuo",
    box_number="LT00000000102",
    figures=(
        DeclaredFigure(
            annex="D", row="", group="110", measure="litres", quantity=Decimal(1000), duty=Decimal("637.00")
        ),
    ),
    covered=(CoveredReceipt("26PL000000000000001P2", 1),),
    duty=Decimal("637.00"),
    settling=Settling.PAID,
    to_pay=Decimal("637.00"),
    filed_at=datetime(2026, 4, 10, 10, tzinfo=UTC),
    by=DoneBy(kind=ActorKind.SERVICE, name="LT00000000102", seed="LT00000000102"),
)


def _texts() -> dict[str, str]:
    """One text of every form, as it is written today."""
    movement = movement_row(_movement(), "2026-03-02T10:00:00Z")
    operator = operator_row(OPERATOR, ADDRESS)
    return {
        stored.RECEIPT: receipt_text(RECEIPT),
        stored.HELD: entry_text(ENTRIES),
        stored.LINES: movement["lines"],
        stored.REPORT: movement["report"],
        stored.VERSIONS: movement["versions"],
        stored.PRODUCTS: operator["products"],
        stored.TEMPORARY: operator["temporary"],
        stored.ADDRESS: operator["address"],
        stored.NOTE: note_row(NOTED)["content"],
        stored.FAULTS: faults_text(RECEIPT.faults) or "",
        stored.SAID: said_text((RECEIPT.faults[0].hint,)) or "",
        stored.DECLARED: stored.written(stored.DECLARED, {"format": "csv", "delimiter": ";"}),
        stored.COUNTS: stored.written(stored.COUNTS, {"taken": 2}),
        stored.ROWS: stored.written(stored.ROWS, (2, 3)),
        stored.SAAD: saad_text(saad_entry()),
        stored.CASE_ACT: act_text(REFUSED),
        stored.TOLD: told_text([("NDEA.PL", "LT-3")]),
        stored.DECLARATION: declaration_text(DECLARED),
    }


def _golden() -> dict[str, str]:
    return cast("dict[str, str]", json.loads(GOLDEN.read_text(encoding="utf-8")))


def test_every_form_is_written_as_it_was() -> None:
    """A change of a form is a new version with a converter, never another text of the same version."""
    assert _texts() == _golden()
    assert set(_golden()) == set(stored.CONVERTERS)


def test_texts_of_version_1_are_read_for_ever() -> None:
    """What the first version wrote is the same value, whatever version is written by now."""
    texts, movement = _golden(), _movement()
    assert receipt_of(texts[stored.RECEIPT]) == RECEIPT
    assert entries_of(texts[stored.HELD]) == ENTRIES
    kept = {"lines": texts[stored.LINES], "report": texts[stored.REPORT], "versions": texts[stored.VERSIONS]}
    row: Any = movement_row(movement, "2026-03-02T10:00:00Z") | kept
    assert movement_of_row(row) == movement
    record = {"products": texts[stored.PRODUCTS], "temporary": texts[stored.TEMPORARY]}
    assert operator_of_row(operator_row(OPERATOR, ADDRESS) | record) == OPERATOR
    assert stored.read(stored.ADDRESS, texts[stored.ADDRESS]) == ADDRESS
    assert faults_of(texts[stored.FAULTS]) == RECEIPT.faults
    assert said_of(texts[stored.SAID]) == (RECEIPT.faults[0].hint,)
    assert entry_of(texts[stored.SAAD]) == saad_entry()
    assert noted_of_row({**note_row(NOTED), "content": texts[stored.NOTE]}) == NOTED
    assert act_of_row(case_act_row(texts[stored.CASE_ACT])) == REFUSED
    assert told_of_row({"told": texts[stored.TOLD]}) == (("NDEA.PL", "LT-3"),)
    filed: Any = {"seed": DECLARED.seed, "period": "2026-03", "number": 0, "filed_at": "2026-04-10T10:00:00+00:00"}
    assert declaration_of_row(filed | {"content": texts[stored.DECLARATION]}) == DECLARED


def case_act_row(content: str) -> dict[str, Any]:
    """The row of an act with these values."""
    by = {"kind": "operator", "name": "root", "seed": "", "role": "", "entity": ""}
    return {**by, "at": "2026-03-02T10:00:00+00:00", "on_day": None, "act": "refuse", "content": content}


def test_receipt_keeps_no_sentence() -> None:
    """A stored receipt has keys and values; what they say is looked up when it is shown."""
    text = receipt_text(RECEIPT)
    assert "hint.other_capacity" in text
    assert not any(word in text for word in ("certified consignor", "registered as", "siuntėjas"))


def test_later_version_is_refused_with_what_it_means() -> None:
    """Nobody guesses at a text of a version that is not known: which one it is, and who can read it, is said."""
    later = _golden()[stored.RECEIPT].replace('"v":1', '"v":2', 1)
    with pytest.raises(StoreUnavailable, match="a receipt in the store is of version 2, and this esad-gateway knows 1"):
        receipt_of(later)


def test_earlier_version_is_converted_step_by_step() -> None:
    """Each converter makes the next version, and a text passes those from its own version on."""
    once: stored.Converters = {"form": (lambda old: {**old, "two": True},)}
    twice: stored.Converters = {"form": (*once["form"], lambda old: {**old, "three": old["two"]})}
    first, second = stored.written("form", {"one": 1}, {"form": ()}), stored.written("form", {"two": False}, once)
    assert stored.read("form", first, twice) == {"one": 1, "two": True, "three": True}
    assert stored.read("form", second, twice) == {"two": False, "three": False}


@pytest.mark.parametrize(
    "text", ['{"v":0,"is":[]}', '{"v":true,"is":[]}', '{"v":1,"is":[],"arc":"x"}', '{"v":"1","is":[]}']
)
def test_text_of_no_version_is_refused(text: str) -> None:
    """What was tampered with is not read."""
    with pytest.raises(ValueError, match="of any version"):
        stored.read(stored.RECEIPT, text)
