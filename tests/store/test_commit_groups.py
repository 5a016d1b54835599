"""Whatever the groups: numbers without gaps, each identity once, and a store that is whole."""

from dataclasses import replace
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esad_gateway.errors import IdentifierReused
from esad_gateway.gateway.intake import Accepted
from esad_gateway.ports.outbox import DeliveryOutcome
from esad_gateway.ports.reading import Outcome, Receipt
from helpers.gateway import (
    CONSIGNEE,
    CONSIGNOR,
    FOREIGN_CONSIGNOR,
    NOW,
    SECOND_CONSIGNOR,
    HandClock,
    copy_of_box,
    edited,
    new_draft,
    new_report,
)
from helpers.samples import evolve

GROUPS = st.lists(st.lists(st.integers(0, 8), min_size=1, max_size=6), min_size=1, max_size=5)


@pytest.fixture(scope="module")
def messages(tmp_path_factory: pytest.TempPathFactory) -> list[Accepted]:
    """Nine messages of two traders, ready for the commit: good ones, refused ones, some that do not go together."""
    box = copy_of_box(tmp_path_factory.mktemp("signers"))
    good, other = new_draft(), new_draft(SECOND_CONSIGNOR)
    signed = partial(box.signed, CONSIGNOR)
    documents = [
        signed(good),
        signed(new_draft()),
        signed(evolve(new_draft(), {"body_ead_esad.0.gross_mass": Decimal(1)})),
        signed(replace(new_draft(), ead_esad_draft=good.ead_esad_draft)),
        signed(replace(new_draft(), header=good.header)),
        edited(signed(new_draft()), box.traders[CONSIGNOR].signer, (b">D05<", b">soon<")),
        box.signed(SECOND_CONSIGNOR, other),
        box.signed(SECOND_CONSIGNOR, new_draft(SECOND_CONSIGNOR)),
        box.signed(SECOND_CONSIGNOR, replace(other, header=good.header)),
    ]
    with box.open("LT") as station:
        return [station.intake(document) for document in documents]


@settings(max_examples=20, deadline=None)
@given(groups=GROUPS)
def test_numbers_have_no_gaps(
    tmp_path_factory: pytest.TempPathFactory, messages: list[Accepted], groups: list[list[int]]
) -> None:
    """However messages are grouped and repeated, every mailbox counts from 1 without a gap, and receipts stay true."""
    first: dict[int, Receipt] = {}
    with copy_of_box(tmp_path_factory.mktemp("groups")).open("LT") as lt:
        for group in groups:
            answers = lt.runtime.committer.commit([messages[number] for number in group], NOW)
            for number, answer in zip(group, answers, strict=True):
                _same_as_before(first, number, answer)
        report = lt.checked()
        entries = {(entry["mailbox"], entry["seq"]) for entry in lt.rows("message")}

    assert report.problems == ()
    assert report.messages == len(entries)
    assert {(receipt.mailbox, receipt.seq) for receipt in first.values()} <= entries
    assert report.movements == sum(receipt.outcome is Outcome.ACCEPTED for receipt in first.values())


def _same_as_before(first: dict[int, Receipt], number: int, answer: object) -> None:
    """The first receipt of a document is its receipt for ever; an identifier that is taken stays taken."""
    if isinstance(answer, IdentifierReused):
        assert number in {0, 4}
        return
    assert isinstance(answer, Receipt), answer
    assert answer.repeated == (number in first)
    assert replace(answer, repeated=False) == first.setdefault(number, replace(answer, repeated=False))


def test_held_messages_get_their_numbers_when_they_are_released(tmp_path: Path) -> None:
    """What is released joins mailboxes that have grown meanwhile, without a gap, and in the order it was held in."""
    box, clock = copy_of_box(tmp_path), HandClock()
    box.set("LT", formalities_days=1)
    with box.open("PL", clock) as pl, box.open("LT", clock) as lt:
        for _ in range(2):
            pl.take(box.signed(FOREIGN_CONSIGNOR, new_draft(FOREIGN_CONSIGNOR, CONSIGNEE)))
        pl.deliver_to(lt)
        reports = [new_report(pl.message(FOREIGN_CONSIGNOR, number)) for number in (2, 4)]
        for report in reports:
            lt.take(box.signed(CONSIGNEE, report))
        assert lt.checked().problems == ()
        clock.move(days=1)
        assert lt.deliver_to(pl) == [DeliveryOutcome.ACCEPTED] * 2

        assert [one.type for one in lt.mailbox(CONSIGNEE)] == ["IE801", "IE801", "IE818", "IE818", "IE818", "IE818"]
        arcs = [report.excise_movement.administrative_reference_code for report in reports]
        assert [one.arc for one in lt.mailbox(CONSIGNEE)][-2:] == arcs
        assert lt.checked().problems == ()
