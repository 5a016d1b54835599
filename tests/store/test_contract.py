"""What a gateway relies on, whatever its store is kept in: the one suite that every store has to pass."""

import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from esad_gateway.emcs.movement import Movement, Side
from esad_gateway.emcs.registry import Operator, OperatorType
from esad_gateway.errors import StoreUnavailable
from esad_gateway.ports.clock import Due, What
from esad_gateway.ports.outbox import Attempt
from esad_gateway.ports.reading import Entry, MailboxQuery, MovementQuery, Outcome, Receipt
from esad_gateway.ports.writing import (
    Dispatch,
    Document,
    Earlier,
    Ended,
    Held,
    Parked,
    Records,
    Transaction,
    Unattributed,
)
from esad_gateway.store.holds import Holds
from esad_gateway.store.mailboxes import Mailboxes
from esad_gateway.store.opening import create_store, store_in_memory
from esad_gateway.store.registry import Registry
from esad_gateway.store.store import SqlStore
from helpers.gateway import PATIENCE
from helpers.playbook import NOW, Administration
from helpers.samples import draft

LT = "NDEA.LT"
TRADER, OTHER = "LT00000000101", "LT00000000102"


def _backwards(store: SqlStore) -> SqlStore:
    """Rows come in the other order wherever a question asks for none."""
    for engine in (store.writer, store.reader):
        engine.dispose()
        event.listen(engine, "connect", lambda made, _: made.execute("PRAGMA reverse_unordered_selects = ON"))
    return store


STORES: dict[str, Callable[[Path], SqlStore]] = {
    "file": lambda folder: create_store(folder / "store.db", LT),
    "memory": lambda _: store_in_memory(LT),
    "memory, rows without an order backwards": lambda _: _backwards(store_in_memory(LT)),
}


@pytest.fixture(params=[*STORES])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlStore]:
    """An empty store of Lithuania."""
    opened = STORES[request.param](tmp_path)
    yield opened
    opened.close()


def digest(text: str) -> bytes:
    """The digest under which a document with this text stands."""
    return hashlib.sha256(text.encode()).digest()


def document(text: str) -> dict[bytes, Document]:
    """A document."""
    return {digest(text): Document(text.encode(), "f" * 64)}


def entry(text: str, mailbox: str = TRADER, *, type_name: str = "IE801", arc: str | None = None) -> Entry:
    """A line of a mailbox that is not numbered yet, about a document with this text."""
    return Entry(
        mailbox=mailbox,
        direction="out",
        type=type_name,
        identifier=f"M-{text}",
        correlation=None,
        arc=arc,
        sequence=None,
        outcome=Outcome.ACCEPTED,
        document=digest(text),
    )


def numbered(transaction: Transaction, one: Entry) -> Entry:
    """An entry with the next number of its mailbox."""
    return replace(one, seq=transaction.next_number(one.mailbox))


def file(store: SqlStore, *texts: str, mailbox: str = TRADER) -> None:
    """Write a message for each text in one transaction."""
    with store.transaction() as transaction:
        entries = [numbered(transaction, entry(text, mailbox)) for text in texts]
        bodies = {sha: one for text in texts for sha, one in document(text).items()}
        transaction.write(Records(at=NOW, documents=bodies, entries=entries))


def listed(store: SqlStore, mailbox: str = TRADER) -> list[tuple[int, str]]:
    """Numbers and identifiers of a mailbox."""
    return [(one.seq, one.identifier) for one in Mailboxes(store).page(mailbox, MailboxQuery(limit=500)).messages]


def movement(arc: str, side: Side = Side.DISPATCH) -> Movement:
    """A movement that begins."""
    administration = Administration("LT", Side.DISPATCH)
    administration.takes(draft())
    assert administration.movement is not None
    return replace(administration.movement, arc=arc, side=side, consignor=TRADER)


def test_group_is_written_whole(store: SqlStore) -> None:
    """Documents, messages and numbers are there together, bytes as they came."""
    file(store, "one", "two")

    assert listed(store) == [(1, "M-one"), (2, "M-two")]
    assert Mailboxes(store).body(TRADER, 2) == b"two"


def test_group_that_fails_leaves_nothing(store: SqlStore) -> None:
    """Neither rows nor numbers: the next group goes on where the last whole one ended."""
    file(store, "one")
    with suppress(ZeroDivisionError), store.transaction() as transaction:
        records = Records(at=NOW, documents=document("lost"), entries=[numbered(transaction, entry("lost"))])
        transaction.write(records)
        _ = 1 // 0
    file(store, "two")

    assert listed(store) == [(1, "M-one"), (2, "M-two")]
    with store.transaction() as transaction:
        assert transaction.document(digest("lost")) is None


def test_key_that_is_taken_refuses_the_whole_group(store: SqlStore) -> None:
    """A number or an identity is given once, and what came with the second one is not written either."""
    receipt = Receipt(outcome=Outcome.ACCEPTED, type="IE815", identifier="1", mailbox=TRADER, seq=1)
    first = {(TRADER, "1"): Earlier(digest("one"), receipt)}
    with store.transaction() as transaction:
        transaction.write(Records(at=NOW, receipts=first))

    def again() -> None:
        with store.transaction() as transaction:
            entries = [numbered(transaction, entry("two"))]
            transaction.write(Records(at=NOW, documents=document("two"), entries=entries, receipts=first))

    with pytest.raises(StoreUnavailable, match="UNIQUE"):
        again()

    assert listed(store) == []
    with store.transaction() as transaction:
        assert transaction.earlier([(TRADER, "1"), (OTHER, "1")]) == first


def test_document_is_kept_once(store: SqlStore) -> None:
    """The same bytes in two mailboxes, and in two groups, are one document."""
    file(store, "same")
    file(store, "same", mailbox=OTHER)

    assert Mailboxes(store).body(TRADER, 1) == Mailboxes(store).body(OTHER, 1) == b"same"


def test_numbers_have_no_gap_whoever_writes(store: SqlStore) -> None:
    """Two threads that write at the same time, some of whose groups fail, give out every number once."""
    failed: list[BaseException] = []

    def write(name: str) -> None:
        for count in range(30):
            try:
                with store.transaction() as transaction:
                    text = f"{name}{count}"
                    made = Records(at=NOW, documents=document(text), entries=[numbered(transaction, entry(text))])
                    transaction.write(made)
                    _ = 1 // (count % 3)
            except ZeroDivisionError as error:
                failed.append(error)

    threads = [threading.Thread(target=write, args=(name,)) for name in ("a", "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)

    assert [seq for seq, _ in listed(store)] == list(range(1, 41))
    assert len(failed) == 20


def test_what_a_transaction_has_read_stays_true_until_it_ends(store: SqlStore) -> None:
    """A second one that wants the same mailbox begins when the first has ended, and sees what it wrote."""
    begun, seen = threading.Event(), list[int]()

    def second() -> None:
        begun.set()
        with store.transaction() as transaction:
            seen.append(transaction.next_number(TRADER))
            transaction.write(Records(at=NOW, documents=document("b"), entries=[replace(entry("b"), seq=seen[0])]))

    with store.transaction() as transaction:
        number = transaction.next_number(TRADER)
        thread = threading.Thread(target=second)
        thread.start()
        assert begun.wait(PATIENCE)
        transaction.write(Records(at=NOW, documents=document("a"), entries=[replace(entry("a"), seq=number)]))
        assert seen == []
    thread.join(PATIENCE)

    assert (number, seen) == (1, [2])
    assert listed(store) == [(1, "M-a"), (2, "M-b")]


def test_reading_waits_for_no_writing(store: SqlStore) -> None:
    """While a group is being written others read what was committed, and afterwards what came with it."""
    file(store, "one")
    with store.transaction() as transaction:
        records = Records(at=NOW, documents=document("two"), entries=[numbered(transaction, entry("two"))])
        transaction.write(records)
        meanwhile = listed(store)

    assert meanwhile == [(1, "M-one")]
    assert listed(store) == [(1, "M-one"), (2, "M-two")]


def test_writing_waits_for_no_reading(store: SqlStore) -> None:
    """Whoever reads for long sees one moment of the store, and holds nobody up."""
    with ExitStack() as reading:
        connection = reading.enter_context(store.reader.connect())
        reading.enter_context(connection.begin())
        before = connection.exec_driver_sql("SELECT count(*) FROM message").scalar()
        file(store, "one")
        after = connection.exec_driver_sql("SELECT count(*) FROM message").scalar()

    assert (before, after) == (0, 0)
    assert listed(store) == [(1, "M-one")]


def test_movements_come_by_arc(store: SqlStore) -> None:
    """In a list in its order, and in a transaction by ARC and side; the newest form of each counts."""
    arcs = [f"26LT00000000000000{number}P2" for number in (302, 101, 203)]
    for made in (movement(arc) for arc in arcs):
        with store.transaction() as transaction:
            transaction.write(Records(at=NOW, movements={(made.arc, made.side): made}))
    changed = replace(movement(arcs[0]), lrn="OTHER")
    with store.transaction() as transaction:
        transaction.write(Records(at=NOW, movements={(changed.arc, changed.side): changed}))

    assert [one.arc for one in Mailboxes(store).movements(TRADER, MovementQuery())] == sorted(arcs)
    with store.transaction() as transaction:
        found = transaction.movements([*arcs, "26LT000000000000009P2"])
        taken = transaction.facts([], [(TRADER, "OTHER"), (TRADER, "no")]).used_lrns
    assert found[arcs[0], Side.DISPATCH].lrn == "OTHER"
    assert len(found) == 3
    assert taken == {(TRADER, "OTHER"): arcs[0]}


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 5, 6])
def test_pages_by_arc_lose_no_side_of_a_movement(store: SqlStore, limit: int) -> None:
    """A trader with both sides of a movement sees both, however large the pages: each begins behind an ARC."""
    arcs = [f"26LT00000000000000{number}P2" for number in (101, 203, 302)]
    dispatch = [replace(movement(arc), consignee=TRADER) for arc in arcs]
    both = [*dispatch, *(replace(one, side=Side.DESTINATION) for one in dispatch)]
    with store.transaction() as transaction:
        transaction.write(Records(at=NOW, movements={(one.arc, one.side): one for one in both}))

    found: list[Movement] = []
    while page := Mailboxes(store).movements(
        TRADER, MovementQuery(limit=limit, after=found[-1].arc if found else None)
    ):
        assert len(page) <= limit + 1
        found += page

    assert [(one.arc, one.side) for one in found] == [(arc, side) for arc in arcs for side in sorted(Side)]


def test_records_of_a_number_come_with_the_earliest_first(store: SqlStore) -> None:
    """Wherever they are asked for; which of them counts on a day depends on that."""
    kind = OperatorType.CERTIFIED_CONSIGNOR
    later, earlier = (
        Operator(seed=TRADER, name=str(year), operator_type=kind, office="LT001000", valid_from=date(year, 1, 1))
        for year in (2026, 2024)
    )
    Registry(store).add_operators([(later, {}, ()), (earlier, {}, ())])

    with store.transaction() as transaction:
        assert transaction.facts([TRADER], []).operators == {TRADER: (earlier, later)}
        assert transaction.records(TRADER) == (earlier, later)


def test_outbox_is_in_line_by_age(store: SqlStore) -> None:
    """Of each movement the oldest; what is delivered is gone, and what is refused holds back its own movement only."""
    dispatches = [Dispatch("NDEA.PL", f"D-{place}", digest("d"), arc) for place, arc in enumerate("AABC")]
    with store.transaction() as transaction:
        transaction.write(Records(at=NOW, documents=document("d"), dispatches=dispatches))
    first, *others = line = store.line("NDEA.PL", 50)
    named = {one.id: one.identifier for one in store.dispatches(line, 1_000_000)}
    tried = Attempt(dispatch=first, at=NOW, error=None, next_due=None, refusals=0, noted=True)
    refused = Attempt(dispatch=others[0], at=NOW, error="no", next_due=NOW, refusals=1, noted=True)
    store.record([tried, refused])

    assert [named[one] for one in line] == ["D-0", "D-2", "D-3"]
    assert [one.identifier for one in store.dispatches(store.line("NDEA.PL", 50), 1_000_000)] == ["D-1", "D-3"]
    assert [*store.refused("NDEA.PL", NOW, 50)] == [others[0]]
    assert ([*store.peers()], [*store.refusing_peers(NOW)]) == (["NDEA.PL"], ["NDEA.PL"])


def test_what_is_held_gets_its_number_when_it_is_released(store: SqlStore) -> None:
    """Until then it stands in no mailbox and in no line; then it comes after what came before it, once."""
    dispatch = Dispatch("NDEA.PL", "M-held", digest("held"), "A")
    held = Held(NOW + timedelta(days=1), (entry("held", arc="A"), entry("held", "NDEA.PL", arc="A")), dispatch)
    with store.transaction() as transaction:
        transaction.write(Records(at=NOW, documents=document("held"), held=[held]))
        assert transaction.held_until("A") == held.due
    file(store, "one")
    before = store.upcoming(What.HELD), store.release_held(NOW), listed(store), store.line("NDEA.PL", 9)
    after = store.release_held(held.due), store.release_held(held.due), store.upcoming(What.HELD)

    assert before == ([Due(held.due, What.HELD)], 0, [(1, "M-one")], [])
    assert after == (1, 0, [])
    assert listed(store) == [(1, "M-one"), (2, "M-held")]
    assert listed(store, "NDEA.PL") == [(1, "M-held")]
    assert len(store.line("NDEA.PL", 9)) == 1
    assert [one.released_by for one in Holds(store).of("A")] == [None]


def test_what_waits_comes_in_the_order_in_which_it_came(store: SqlStore) -> None:
    """Parked messages by their numbers, and what has ended by moment and ARC."""
    parked = [
        Parked(arc="A", mailbox="NDEA.PL", seq=seq, document=digest("p"), until=NOW + timedelta(days=days))
        for seq, days in ((3, 1), (1, 3), (2, 2))
    ]
    with store.transaction() as transaction:
        transaction.write(Records(at=NOW, documents=document("p"), parked=parked))
    with store.transaction() as transaction:
        waiting = [one.parked.seq for one in transaction.parked(["A"])]
        count = transaction.parked_of("NDEA.PL")
    later = NOW + timedelta(days=2)

    assert (waiting, count) == ([1, 2, 3], 3)
    assert [*store.ended(later, 9, None)] == [
        Ended(NOW + timedelta(days=days), "A", "NDEA.PL", seq) for days, seq in ((1, 3), (2, 2))
    ]
    with store.transaction() as transaction:
        transaction.write(Records(at=NOW, outcomes={("NDEA.PL", 1): Outcome.ACCEPTED}))
        assert [one.parked.seq for one in transaction.parked(["A"])] == [2, 3]


def test_what_was_exchanged_comes_with_the_oldest_first(store: SqlStore) -> None:
    """By the number in the mailbox of the administration."""
    with store.transaction() as transaction:
        entries = [numbered(transaction, entry(text, "NDEA.PL", arc="A")) for text in "xyz"]
        bodies = {sha: one for text in "xyz" for sha, one in document(text).items()}
        transaction.write(Records(at=NOW, documents=bodies, entries=entries))
    with store.transaction() as transaction:
        assert [one.body for one in transaction.exchanged("A", "NDEA.PL")] == [b"x", b"y", b"z"]


def test_message_is_acknowledged_once(store: SqlStore) -> None:
    """The first time counts, and what is unread is found without it."""
    file(store, "one", "two")
    mailboxes = Mailboxes(store)
    first = mailboxes.acknowledge(TRADER, 1, NOW)
    second = mailboxes.acknowledge(TRADER, 1, NOW + timedelta(days=1))

    assert first is not None
    assert second == first
    assert [one.seq for one in mailboxes.page(TRADER, MailboxQuery(unread=True)).messages] == [2]
    assert mailboxes.acknowledge(TRADER, 9, NOW) is None


def test_refusals_are_noted_without_a_mailbox(store: SqlStore) -> None:
    """What nobody can be told stands in the security log, in the order in which it came."""
    refusals = [
        Unattributed(at=NOW, channel=f"c{n}", client="", reason="r", sha256=digest("r"), size=1) for n in (1, 2)
    ]
    for refusal in refusals:
        store.refuse(refusal)
    with store.reader.connect() as connection:
        rows = connection.exec_driver_sql("SELECT id, channel FROM security_log ORDER BY id").all()

    assert [tuple(row) for row in rows] == [(1, "c1"), (2, "c2")]


def test_token_opens_its_mailbox_until_it_is_revoked(store: SqlStore) -> None:
    """And every change of the register counts."""
    registry = Registry(store)
    token = registry.issue_token(TRADER, NOW)
    version = registry.version()
    registry.changed()

    assert registry.holder_of_token(token) == TRADER
    assert registry.revoke_tokens(TRADER, NOW) == 1
    assert registry.holder_of_token(token) is None
    assert registry.version() == version + 1


def test_statement_that_fails_is_a_store_that_cannot_be_used(store: SqlStore) -> None:
    """Whatever the driver says comes out as one kind of error, in reading and in writing, and the next try works."""
    with store.writer.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE message RENAME TO elsewhere")
    with pytest.raises(StoreUnavailable, match="cannot be read"):
        listed(store)
    with pytest.raises(StoreUnavailable, match="cannot be written"):
        file(store, "one")
    with store.writer.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO message")
    file(store, "one")

    assert listed(store) == [(1, "M-one")]
