"""What a world need not ask again: statements that are compiled, and stores that nothing was committed to."""

from contextlib import ExitStack
from itertools import count

from sqlalchemy import event, text

from esad_gateway.ports.reading import MovementQuery
from esad_gateway.simulator.served import views
from esad_gateway.simulator.world.emcs import Emcs
from esad_gateway.simulator.world.remembered import UntilCommit
from esad_gateway.store.database import Database, reading, writing
from esad_gateway.store.mailboxes import Mailboxes
from esad_gateway.store.opening import store_in_memory
from esad_gateway.store.registry import Registry
from esad_gateway.store.shared import Commits
from esad_gateway.store.store import SqlStore
from esad_gateway.testing.telling import told
from helpers.counting import statements


def test_answer_holds_until_something_is_committed() -> None:
    """It is asked once; a commit, and nothing that is only read, has it asked again."""
    database, numbers = Database.in_memory(), count(1)
    try:
        answer = UntilCommit(Commits(database.writer), lambda: next(numbers))
        assert [answer.get(), answer.get()] == [1, 1]
        with reading(database.reader) as connection:
            connection.execute(text("SELECT 1"))
        assert answer.get() == 1
        with writing(database.writer) as connection:
            connection.execute(text("CREATE TABLE one (number INTEGER)"))
        assert [answer.get(), answer.get()] == [2, 2]
        answer.forget()
        assert answer.get() == 3
    finally:
        database.close()


def test_states_share_what_is_compiled() -> None:
    """A second store asks and writes what the first one did, rows that replace others too: none is compiled anew."""
    first, second = store_in_memory("NDEA.LT"), store_in_memory("NDEA.PL")
    hits: list[str] = []

    def asked(*told: object) -> None:
        hits.append(getattr(told[4], "cache_hit").name)  # noqa: B009 - the driver's context has no type

    def ask(store: SqlStore) -> None:
        Mailboxes(store).movements("LT00000000101", MovementQuery())
        Registry(store).add_peer("NDEA.DE", "http://127.0.0.1/ndea", ())

    try:
        ask(first)
        for engine in (second.reader, second.writer):
            event.listen(engine, "before_cursor_execute", asked)
        ask(second)
        assert len(hits) > 2
        assert {*hits} == {"CACHE_HIT"}
    finally:
        first.close()
        second.close()


def test_nobody_writes_checkpoints_of_what_is_thrown_away() -> None:
    """A gateway of a world keeps none, and hands everything else on as one that is served."""
    with Emcs() as emcs:
        emcs.consignor("LT").dispatch(to=emcs.consignee("PL"))
        checkpoints = emcs.world.states["LT"].data.checkpoints
    assert not checkpoints.exists()


def test_idle_state_is_not_asked_while_others_act() -> None:
    """A year costs what happens in it: a store to which nothing comes is asked once, however often others act."""
    with Emcs() as emcs:
        idle = emcs.state("DE").runtime.store
        movements = [emcs.consignor("LT").dispatch(to=emcs.consignee("PL", will="accept")) for _ in range(3)]
        emcs.clock.advance(seconds=1)
        with statements(idle.reader) as asked:
            for _ in range(3):
                emcs.clock.advance(days=120)
        assert [movement.delivered for movement in movements] == [True] * 3
        assert not asked


def test_registry_is_read_when_it_is_needed() -> None:
    """However many traders are registered while the clock stands, the next message finds all of them by one look."""
    with Emcs() as emcs:
        state = emcs.state("LT")
        state.runtime.verifier.peers()
        with statements(state.runtime.store.reader) as asked:
            traders = [emcs.consignor("LT") for _ in range(3)]
            assert not asked
            traders[-1].dispatch(to=emcs.consignee("PL"))
        assert len([one for one in asked if "FROM certificate" in one]) < len(traders)


def statements_of_lists(number: int) -> list[int]:
    """How often the stores of four states are asked for lists of so many movements between two of them."""
    with Emcs() as emcs:
        for _ in range(number):
            emcs.consignor("LT").dispatch(to=emcs.consignee("PL"))
        stores = [emcs.state(code).runtime.store for code in ("LT", "PL", "DE", "EE")]
        told(emcs)
        with ExitStack() as counted:
            asked = [counted.enter_context(statements(store.reader)) for store in stores]
            views.movements(emcs)
            told(emcs)
        return [len(one) for one in asked]


def test_lists_of_movements_ask_no_mailbox_in_vain() -> None:
    """Twice as many movements cost twice as much, and states to which nothing has happened nothing."""
    few, many = statements_of_lists(3), statements_of_lists(6)
    assert min(few[:2]) > 0
    assert many == [2 * one for one in few]
    assert few[2:] == [0, 0]
