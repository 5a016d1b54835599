"""Whatever two gateways on one store do beside each other is what they do one after the other, in some order."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import case, select

from esad_gateway.emcs.registry import OperatorType, TemporaryAuthorisation
from esad_gateway.gateway.intake import Accepted
from esad_gateway.ports.reading import Receipt
from esad_gateway.store import tables
from esad_gateway.store.database import Database, reading
from esad_gateway.store.sqlite_file import copy
from esad_gateway.store.store import SqlStore
from helpers.gateway import (
    CONSIGNEE,
    CONSIGNOR,
    FOREIGN_CONSIGNEE,
    FOREIGN_CONSIGNOR,
    SECOND_CONSIGNOR,
    Box,
    HandClock,
    Station,
    copy_of_box,
    new_draft,
    new_report,
)
from helpers.overlapping import Worker
from helpers.samples import evolve

TO_TEMPORARY = {"header_ead_esad.destination_type_code": "10"}


@pytest.fixture
def lt(tmp_path: Path) -> Iterator[Station]:
    """Lithuania, where an e-SAD from Poland has arrived."""
    box, clock = copy_of_box(tmp_path), HandClock()
    with box.open("LT", clock) as station, box.open("PL", clock) as pl:
        pl.take(box.signed(FOREIGN_CONSIGNOR, new_draft(FOREIGN_CONSIGNOR, CONSIGNEE)))
        pl.deliver_to(station)
        _limit(station)
        # Copies are made of the file: what has come so far has to stand in it, and not beside it.
        station.run_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        yield station


def _limit(station: Station) -> None:
    """What the consignee in Poland may get is enough for one draft."""
    found = station.runtime.registry.operator(FOREIGN_CONSIGNEE)
    assert found is not None
    operator, address = found
    enough = {line.excise_product_code: line.quantity for line in new_draft().body_ead_esad}
    limits = TemporaryAuthorisation(counterparty=CONSIGNOR, reusable=True, quantities=enough)
    kind = OperatorType.TEMPORARY_CERTIFIED_CONSIGNEE
    station.runtime.registry.add_operators([(replace(operator, operator_type=kind, temporary=limits), address, ())])


def _messages(box: Box, station: Station) -> list[Accepted]:
    """What comes into each other's way: identifiers, local reference numbers, one movement, one authorisation."""
    first, second = (evolve(new_draft(), TO_TEMPORARY) for _ in range(2))
    other = new_draft(SECOND_CONSIGNOR)
    e_sad = station.last(CONSIGNEE)
    drafts = (
        *(first, first, second),
        replace(second, header=first.header),
        replace(second, header=new_draft().header, ead_esad_draft=first.ead_esad_draft),
        evolve(first, {"transport_mode.transport_mode_code": "6"}),
    )
    documents = (
        *(box.signed(CONSIGNOR, draft) for draft in drafts),
        box.signed(SECOND_CONSIGNOR, other),
        *(box.signed(CONSIGNEE, new_report(e_sad)) for _ in range(2)),
    )
    return [station.intake(document) for document in documents]


@dataclass(frozen=True)
class Copies:
    """Copies of a store as it stands, for a committer each."""

    station: Station

    @contextmanager
    def of_one(self) -> Iterator[Path]:
        """A copy, gone in the end."""
        with TemporaryDirectory(dir=self.station.member.data.root) as folder:
            path = Path(folder) / "store.db"
            copy(self.station.member.data.database, path)
            yield path

    @contextmanager
    def opened(self, path: Path) -> Iterator[Any]:
        """A committer on a copy."""
        with closing(SqlStore(Database.in_file(path))) as store:
            yield replace(self.station.runtime.committer, store=store)


def contents(path: Path) -> list[Any]:
    """What stands in a store, but what is drawn by lot and what follows from that: ARCs by their first mention."""
    message, movement = tables.message.c, tables.movement.c
    own = case((message.direction == "in", message.identifier))
    questions = (
        select(message.arc, message.mailbox, message.seq, message.type, message.outcome, own),
        select(movement.arc, movement.side, movement.state, movement.sequence, movement.lrn, movement.acts),
        select(tables.outbox.c.arc, tables.outbox.c.destination),
    )
    with closing(SqlStore(Database.in_file(path))) as store, reading(store.reader) as connection:
        entries, *others = [connection.execute(question).all() for question in questions]
    entries = sorted(entries, key=lambda row: (row.mailbox, row.seq))
    arcs = {arc: number for number, arc in enumerate(dict.fromkeys(row.arc for row in entries))}
    return [sorted((arcs[row.arc], *row[1:]) for row in rows) for rows in (entries, *others)]


def told(answers: Sequence[Any]) -> list[Any]:
    """Answers without what is drawn by lot."""
    return [
        (answer.outcome, answer.seq, answer.repeated, [fault.rule for fault in answer.faults])
        if isinstance(answer, Receipt)
        else (type(answer), getattr(answer, "seq", None))
        for answer in answers
    ]


def one_after_the_other(copies: Copies, groups: Sequence[Sequence[Accepted]]) -> tuple[list[Any], list[Any]]:
    """What comes of groups that nobody disturbs: the answers, and what stands in the store."""
    with copies.of_one() as path:
        with copies.opened(path) as committer:
            answers = [told(committer.commit(group, copies.station.clock.at)) for group in groups]
        return answers, contents(path)


def test_overlapping_commits_are_as_those_in_the_order_of_their_writing(lt: Station, tmp_path: Path) -> None:
    """Any messages in any groups, any number of steps between each other: same answers, same places, same store."""
    copies, pool = Copies(lt), _messages(copy_of_box(tmp_path / "signers"), lt)
    group = st.lists(st.integers(0, len(pool) - 1), min_size=1, max_size=4).map(
        lambda chosen: [pool[n] for n in chosen]
    )
    groups = st.lists(group, min_size=1, max_size=3)

    @settings(max_examples=15, deadline=None)
    @given(first=groups, second=groups, steps=st.lists(st.integers(0, 1), max_size=12))
    def overlap(first: list[list[Accepted]], second: list[list[Accepted]], steps: list[int]) -> None:
        ended: list[tuple[Sequence[Accepted], list[Any]]] = []
        with copies.of_one() as path:
            with copies.opened(path) as one, copies.opened(path) as other:
                workers = [Worker(one, first, lt.clock.at, ended), Worker(other, second, lt.clock.at, ended)]
                for which in (*steps, *(0, 1) * 12):
                    workers[which].step()
            found = contents(path)
        assert len(ended) == len(first) + len(second)
        assert ([told(answers) for _, answers in ended], found) == one_after_the_other(
            copies, [group for group, _ in ended]
        )

    overlap()
