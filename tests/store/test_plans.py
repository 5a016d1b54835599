"""How questions are answered: by an index, and without reading what was not asked for."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.dialects import postgresql

from esad_gateway.emcs.effects import NoteKey
from esad_gateway.emcs.registry import Operator, OperatorType
from esad_gateway.national.board import DueBoard
from esad_gateway.ports.clock import What
from esad_gateway.ports.reading import MailboxQuery, MovementQuery
from esad_gateway.ports.writing import Ended, Unattributed
from esad_gateway.profiles.calendars import calendars
from esad_gateway.profiles.national import domain_of
from esad_gateway.store.holds import Holds
from esad_gateway.store.mailboxes import Mailboxes, movement_question, page_question
from esad_gateway.store.registry import Registry
from esad_gateway.store.seed_register import SeedRegister
from esad_gateway.store.store import SqlStore
from esad_gateway.store.transaction import SqlTransaction
from helpers.counting import statements
from helpers.gateway import CONSIGNOR, FOREIGN_CONSIGNEE, NOW, Box, HandClock, Station, new_draft, new_report
from helpers.samples import evolve

ARC = "26LT000000000000001P2"


def within(store: SqlStore, ask: Callable[[SqlTransaction], object]) -> object:
    """What a transaction answers."""
    with store.reader.connect() as connection:
        return ask(SqlTransaction(connection))


def due_board(store: SqlStore) -> DueBoard:
    """The deadline board of Lithuania."""
    domain = domain_of("LT")
    assert domain is not None
    assert domain.board is not None
    parts = (domain.board, domain.guarantees, domain.registration, domain.declarations)
    return DueBoard(store, *parts, calendars({})["LT"], HandClock())


ASK: dict[str, Callable[[SqlStore], object]] = {
    "a deadline board": lambda store: list(due_board(store).board(CONSIGNOR)),
    "who follows a board": lambda store: due_board(store).followed("secret"),
    "a page": lambda store: Mailboxes(store).page(CONSIGNOR, MailboxQuery(after=7)),
    "a page of unread messages": lambda store: Mailboxes(store).page(CONSIGNOR, MailboxQuery(unread=True)),
    "a page of one type": lambda store: Mailboxes(store).page(CONSIGNOR, MailboxQuery(type="IE801")),
    "a page of one movement": lambda store: Mailboxes(store).page(CONSIGNOR, MailboxQuery(arc=ARC)),
    "a line": lambda store: Mailboxes(store).entry(CONSIGNOR, 1),
    "a document": lambda store: Mailboxes(store).body(CONSIGNOR, 1),
    "movements": lambda store: Mailboxes(store).movements(CONSIGNOR, MovementQuery()),
    "movements of a role": lambda store: Mailboxes(store).movements(CONSIGNOR, MovementQuery(role="consignee")),
    "a movement": lambda store: Mailboxes(store).movement(CONSIGNOR, ARC),
    "for whom something waits": lambda store: store.peers(),
    "who has refused what is due again": lambda store: store.refusing_peers(NOW),
    "what may be sent": lambda store: store.line("NDEA.PL", 50),
    "what is sent now": lambda store: store.dispatches([1, 2], 1),
    "what is refused and due again": lambda store: store.refused("NDEA.PL", NOW, 50),
    "what has ended": lambda store: store.ended(NOW, 200, Ended(NOW - timedelta(days=1), ARC)),
    "what is due next": lambda store: store.upcoming(*(set(What) - {What.WAITING, What.NOTIFIED, What.ACT})),
    "what is held of a movement": lambda store: Holds(store).of(ARC),
    "a token": lambda store: Registry(store).holder_of_token("x"),
    "an operator": lambda store: Registry(store).operator(CONSIGNOR),
    "what was refused of a sender": lambda store: within(store, lambda asked: asked.nth_refused(CONSIGNOR, 5)),
    "what waits of a sender": lambda store: within(store, lambda asked: asked.parked_of(CONSIGNOR)),
    "who names a counterparty": lambda store: SeedRegister(store).consignors_linked_to(CONSIGNOR),
}


def plans(store: SqlStore, asked: list[str]) -> list[str]:
    """SQLite's plans for statements that read or change rows."""
    with store.reader.connect() as connection:
        return [
            row[3]
            for statement in asked
            if statement.startswith(("SELECT", "WITH", "UPDATE", "DELETE", "INSERT"))
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}")
        ]


def plan(store: SqlStore, ask: Callable[[SqlStore], object]) -> list[str]:
    """SQLite's plans for everything that a question asks the database."""
    with statements(store.reader) as asked:
        ask(store)
    return plans(store, asked)


def walks(steps: list[str]) -> list[str]:
    """The steps that go over a whole table: not over the keys that were asked for, nor over what is in trouble."""
    small = ("VIRTUAL TABLE", "SCAN peers", "INDEX outbox_refused")
    return [step for step in steps if step.startswith("SCAN") and not any(one in step for one in small)]


@pytest.mark.parametrize("ask", ASK.values(), ids=ASK)
def test_question_is_answered_by_an_index(lt: Station, ask: Callable[[SqlStore], object]) -> None:
    """No table is walked from end to end, however large it has grown."""
    found = plan(lt.runtime.store, ask)

    assert found
    assert walks(found) == []


@contextmanager
def built(engine: Engine) -> Iterator[list[Any]]:
    """The statements that are handed to an engine, those that were built a moment ago among them."""
    handed: list[Any] = []

    def hand(_connection: object, statement: object, *_: object) -> None:
        handed.append(statement)

    event.listen(engine, "before_execute", hand)
    try:
        yield handed
    finally:
        event.remove(engine, "before_execute", hand)


BUILT: dict[str, Callable[[SqlStore], object]] = {
    **{name: ASK[name] for name in ("movements", "movements of a role", "what is held of a movement")},
    "movements with everything": lambda store: Mailboxes(store).movements(
        CONSIGNOR, MovementQuery(role="consignor", state="X01", due_before=NOW, lrn="A", since=NOW, after=ARC)
    ),
}


@pytest.mark.parametrize("ask", BUILT.values(), ids=BUILT)
def test_question_that_is_built_has_a_text_for_postgresql(lt: Station, ask: Callable[[SqlStore], object]) -> None:
    """One that is built when it is asked, whatever it is asked with; those of modules are looked at elsewhere."""
    with built(lt.runtime.store.reader) as handed:
        ask(lt.runtime.store)
    texts = [str(one.compile(dialect=postgresql.dialect())) for one in handed]  # type: ignore[no-untyped-call]

    assert texts
    assert not [text for text in texts if "json_each" in text or "json_extract" in text]


@pytest.mark.parametrize(
    "question",
    [*(page_question(kind, of_movement=True, unread=True) for kind in ("", "frequent", "rare")), movement_question()],
)
def test_question_that_the_driver_asks_has_a_text_for_postgresql(question: Any) -> None:
    """One that is built once for each form, and handed to the driver."""
    text = str(question.compile(dialect=postgresql.dialect()))  # type: ignore[no-untyped-call]

    assert text.startswith("SELECT")
    assert "json_" not in text


def test_statements_that_change_have_a_text_for_postgresql(lt: Station) -> None:
    """Tokens, the register, claims, the security log, an acknowledgement: what is built when it is written."""
    store, registry = lt.runtime.store, lt.runtime.registry
    found = registry.operator(CONSIGNOR)
    assert found is not None
    with built(store.writer) as handed:
        registry.add_operators([(*found, ())])
        registry.issue_token(CONSIGNOR, NOW)
        registry.revoke_tokens(CONSIGNOR, NOW)
        store.claim("NDEA.PL", "me", lambda: NOW, timedelta(minutes=1))
        store.begin_delivery(NOW, NOW)
        store.refuse(Unattributed(at=NOW, channel="c", client="", reason="r", sha256=bytes(32), size=1))
        Mailboxes(store).acknowledge(CONSIGNOR, 1, NOW)
    texts = [str(one.compile(dialect=postgresql.dialect())) for one in handed]  # type: ignore[no-untyped-call]

    assert len(texts) > 10
    assert not [text for text in texts if "json_each" in text or "OR REPLACE" in text]


SEEDS = [f"LT{number:011d}" for number in range(201, 217)]
LOOK_UPS: dict[str, Callable[[SqlTransaction, int], object]] = {
    "identities": lambda asked, many: asked.earlier([(seed, "1") for seed in SEEDS[:many]]),
    "movements": lambda asked, many: asked.movements([f"{ARC[:-2]}{number:02}" for number in range(many)]),
    "reports": lambda asked, many: asked.reports([(str(number), ARC) for number in range(many)]),
    "numbers": lambda asked, many: asked.look_up_numbers(SEEDS[:many]),
    "what waits": lambda asked, many: asked.parked([f"{ARC[:-2]}{number:02}" for number in range(many)]),
    "notes": lambda asked, many: asked.notes([NoteKey("dispatch", seed) for seed in SEEDS[:many]]),
    "facts": lambda asked, many: asked.facts(SEEDS[:many], [(seed, "1") for seed in SEEDS[:many]]),
}


@pytest.mark.parametrize("many", [1, 2, 16])
@pytest.mark.parametrize("ask", LOOK_UPS.values(), ids=LOOK_UPS)
def test_group_is_looked_up_by_indexes(lt: Station, ask: Callable[[SqlTransaction, int], object], many: int) -> None:
    """A group of any size costs a look-up a key, and the same few statements."""
    found = plan(lt.runtime.store, lambda store: within(store, lambda asked: ask(asked, many)))

    assert found
    assert walks(found) == []


def test_ledger_of_a_temporary_authorisation_is_found_by_its_number(lt: Station) -> None:
    """What was dispatched under an authorisation is found as consignor, consignee, and consignee of the beginning."""
    kind = OperatorType.TEMPORARY_CERTIFIED_CONSIGNOR
    temporary = Operator(
        seed=SEEDS[0], name="Trader", operator_type=kind, office="LT001000", valid_from=date(2023, 2, 13)
    )
    lt.runtime.registry.add_operators([(replace(temporary, seed=seed), {}, ()) for seed in SEEDS])

    found = plan(lt.runtime.store, lambda store: within(store, lambda asked: asked.facts(SEEDS, [])))

    assert [step for step in found if "movement" in step] == [
        "SEARCH movement USING INDEX movement_of_consignor (consignor=?)",
        "SEARCH movement USING INDEX movement_by_initial_consignee (initial_consignee=?)",
        "SEARCH movement USING INDEX movement_by_consignee (consignee=?)",
    ]
    assert walks(found) == []


def test_group_walks_over_no_table(lt: Station, box: Box) -> None:
    """Nothing that a group asks, writes or queues looks at what it is not about: drafts, a refusal, reports."""
    drafts = [box.signed(CONSIGNOR, new_draft()) for _ in range(2)]
    wrong = box.signed(CONSIGNOR, evolve(new_draft(), {"body_ead_esad.0.gross_mass": Decimal(1)}))
    with box.open("PL") as pl, statements(lt.runtime.store.writer) as asked:
        lt.commit(*drafts, wrong)
        lt.deliver_to(pl)
        e_sads = [pl.message(FOREIGN_CONSIGNEE, listed.seq) for listed in pl.mailbox(FOREIGN_CONSIGNEE)]
        reports = [box.signed(FOREIGN_CONSIGNEE, new_report(e_sad)) for e_sad in e_sads]
        with statements(pl.runtime.store.writer) as there:
            pl.commit(*reports)
        pl.deliver_to(lt)
    found = plans(lt.runtime.store, asked + there)

    assert len(e_sads) == 2
    assert lt.types("NDEA.PL") == [("out", "IE801")] * 2 + [("in", "IE818")] * 2
    assert walks(found) == []


def test_movements_come_in_the_order_of_an_index(lt: Station) -> None:
    """A page of a trader's movements ends with its last one, whatever the trader has besides."""
    found = plan(lt.runtime.store, ASK["movements"])

    assert [step for step in found if "movement" in step or "B-TREE" in step] == [
        "SEARCH movement USING INDEX movement_of_consignor (consignor=?)",
        "SEARCH movement USING INDEX movement_by_consignee (consignee=?)",
    ]


def test_movements_in_a_state_are_found_without_the_others(lt: Station) -> None:
    """A few that are open among all that ever were, also those that are due, in the order of the list."""
    query = MovementQuery(state="X01", due_before=NOW, after=ARC)
    found = plan(lt.runtime.store, lambda store: Mailboxes(store).movements(CONSIGNOR, query))

    assert [step for step in found if "movement" in step or "B-TREE" in step] == [
        "SEARCH movement USING INDEX movement_in_state_of_consignor (consignor=? AND state=? AND arc>?)",
        "SEARCH movement USING INDEX movement_in_state_of_consignee (consignee=? AND state=? AND arc>?)",
    ]


def test_movements_that_are_due_are_found_by_their_day(lt: Station) -> None:
    """A few among all that ever were are counted in an index, found in it, and only they are sorted."""
    query = MovementQuery(due_before=NOW, after=ARC)
    found = plan(lt.runtime.store, lambda store: Mailboxes(store).movements(CONSIGNOR, query))

    names = (
        "movement_due_of_consignor (consignor=? AND <expr><?)",
        "movement_due_of_consignee (consignee=? AND <expr><?)",
    )
    assert [step for step in found if "movement" in step] == [
        *(f"SEARCH movement USING INDEX {name}" for name in names),
        *(f"SEARCH movement USING INDEX {name}" for name in names),
    ]


def test_unread_messages_are_found_without_those_that_were_read(lt: Station) -> None:
    """One walk along what is unread, in its order, however much was read before; no document is read."""
    found = plan(lt.runtime.store, ASK["a page of unread messages"])

    assert [step for step in found if "mailbox USING" not in step] == [
        "SEARCH message USING INDEX message_unread (mailbox=? AND seq>?)"
    ]


def test_messages_of_a_rare_type_are_found_without_the_others(lt: Station) -> None:
    """One walk along those of the type, in their order, however few they are among all that ever came."""
    found = plan(lt.runtime.store, lambda store: Mailboxes(store).page(CONSIGNOR, MailboxQuery(type="IE840", after=7)))

    assert [step for step in found if "mailbox USING" not in step] == [
        "SEARCH message USING INDEX message_of_rare_type (mailbox=? AND type=? AND seq>?)"
    ]


@pytest.mark.parametrize("name", ["a page", "a page of one type", "a line"])
def test_mailbox_is_one_walk_that_reads_no_document(lt: Station, name: str) -> None:
    """A list comes in the order of the table itself, from a number on; bodies stay where they are."""
    found = plan(lt.runtime.store, ASK[name])

    walks = [step for step in found if "message" in step]
    assert walks == [f"SEARCH message USING PRIMARY KEY (mailbox=? AND seq{'=' if name == 'a line' else '>'}?)"]
    assert not any("document" in step or "TEMP B-TREE" in step for step in found)


def test_outbox_is_read_without_what_was_delivered(lt: Station) -> None:
    """The indexes of what waits have no entry for a delivered document; a peer's line is one walk in its order.

    No document is read for that, however far it goes.
    """
    steps = plan(lt.runtime.store, ASK["what may be sent"])

    assert steps[0] == "SEARCH outbox USING INDEX outbox_waiting (destination=?)"
    assert not any("TEMP B-TREE" in step or "document" in step for step in steps)
    assert any("INDEX outbox_refused (destination=? AND arc=?)" in step for step in steps)


def test_peers_are_found_by_a_look_up_each(lt: Station) -> None:
    """However many documents wait for one that is down, finding out for whom something waits costs the same."""
    steps = plan(lt.runtime.store, ASK["for whom something waits"])

    assert [step for step in steps if "outbox" in step] == [
        "SEARCH outbox USING INDEX outbox_waiting",
        "SEARCH outbox USING INDEX outbox_waiting (destination>?)",
    ]
