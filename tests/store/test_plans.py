"""How questions are answered: by an index, and without reading what was not asked for."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from esad_gateway.ports.writing import Ended
from esad_gateway.store.holds import Holds
from esad_gateway.store.mailboxes import Mailboxes, MovementQuery, Query
from esad_gateway.store.registry import Registry
from esad_gateway.store.seed_register import SeedRegister
from esad_gateway.store.store import SqlStore
from esad_gateway.store.transaction import SqlTransaction
from helpers.gateway import CONSIGNOR, NOW, Station

ARC = "26LT000000000000001P2"


def within(store: SqlStore, ask: Callable[[SqlTransaction], object]) -> object:
    """What a transaction answers."""
    with store.reader.connect() as connection:
        return ask(SqlTransaction(connection))


ASK: dict[str, Callable[[SqlStore], object]] = {
    "a page": lambda store: Mailboxes(store).page(CONSIGNOR, Query(after=7)),
    "a page of unread messages": lambda store: Mailboxes(store).page(CONSIGNOR, Query(unread=True)),
    "a page of one type": lambda store: Mailboxes(store).page(CONSIGNOR, Query(type="IE801")),
    "a page of one movement": lambda store: Mailboxes(store).page(CONSIGNOR, Query(arc=ARC)),
    "a line": lambda store: Mailboxes(store).entry(CONSIGNOR, 1),
    "a document": lambda store: Mailboxes(store).body(CONSIGNOR, 1),
    "movements": lambda store: Mailboxes(store).movements(CONSIGNOR, MovementQuery()),
    "movements of a role": lambda store: Mailboxes(store).movements(CONSIGNOR, MovementQuery(role="consignee")),
    "a movement": lambda store: Mailboxes(store).movement(CONSIGNOR, ARC),
    "for whom something waits": lambda store: store.peers(),
    "who has refused what is due again": lambda store: store.refusing_peers(NOW),
    "what may be sent": lambda store: store.line("NDEA.PL", 50),
    "what is refused and due again": lambda store: store.refused("NDEA.PL", NOW, 50),
    "what has ended": lambda store: store.ended(NOW, 200, Ended(NOW - timedelta(days=1), ARC)),
    "what is held and due": lambda store: store.release_held(NOW),
    "what is held of a movement": lambda store: Holds(store).of(ARC),
    "a token": lambda store: Registry(store).holder_of_token("x"),
    "an operator": lambda store: Registry(store).operator(CONSIGNOR),
    "what was refused of a sender": lambda store: within(store, lambda asked: asked.nth_refused(CONSIGNOR, 5)),
    "what waits of a sender": lambda store: within(store, lambda asked: asked.parked_of(CONSIGNOR)),
    "who names a counterparty": lambda store: SeedRegister(store).consignors_linked_to(CONSIGNOR),
}


def plan(store: SqlStore, ask: Callable[[SqlStore], object]) -> list[str]:
    """SQLite's plans for everything that a question asks the database."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith(("SELECT", "WITH")):
            asked.append((statement, parameters))

    event.listen(store.reader, "before_cursor_execute", note)
    ask(store)
    event.remove(store.reader, "before_cursor_execute", note)
    with store.reader.connect() as connection:
        return [
            row[3]
            for statement, parameters in asked
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        ]


@pytest.mark.parametrize("ask", ASK.values(), ids=ASK)
def test_question_is_answered_by_an_index(lt: Station, ask: Callable[[SqlStore], object]) -> None:
    """No table is walked from end to end, however large it has grown."""
    found = plan(lt.runtime.store, ask)

    assert found
    walks = [step for step in found if step.startswith("SCAN")]
    assert [step for step in walks if step != "SCAN peers" and "INDEX outbox_refused" not in step] == []


@pytest.mark.parametrize("name", ["a page", "a page of unread messages", "a page of one type", "a line"])
def test_mailbox_is_one_walk_that_reads_no_document(lt: Station, name: str) -> None:
    """A list comes in the order of the table itself, from a number on; bodies stay where they are."""
    found = plan(lt.runtime.store, ASK[name])

    walks = [step for step in found if "message" in step]
    assert walks == [f"SEARCH message USING PRIMARY KEY (mailbox=? AND seq{'=' if name == 'a line' else '>'}?)"]
    assert not any("document" in step or "TEMP B-TREE" in step for step in found)


def test_outbox_is_read_without_what_was_delivered(lt: Station) -> None:
    """The indexes of what waits have no entry for a delivered document; a peer's line is one walk in its order."""
    steps = plan(lt.runtime.store, ASK["what may be sent"])

    assert steps[0] == "SEARCH outbox USING INDEX outbox_waiting (destination=?)"
    assert not any("TEMP B-TREE" in step for step in steps)
    assert any("INDEX outbox_refused (destination=? AND arc=?)" in step for step in steps)


def test_peers_are_found_by_a_look_up_each(lt: Station) -> None:
    """However many documents wait for one that is down, finding out for whom something waits costs the same."""
    steps = plan(lt.runtime.store, ASK["for whom something waits"])

    assert [step for step in steps if "outbox" in step] == [
        "SEARCH outbox USING INDEX outbox_waiting",
        "SEARCH outbox USING INDEX outbox_waiting (destination>?)",
    ]
