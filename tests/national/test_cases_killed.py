"""A process that is killed while it decides: case, register, outbox and notices have all of it, or nothing."""

import multiprocessing
import os
import signal
from pathlib import Path

import pytest
from sqlalchemy import event

from esad_gateway.ais.registration.acts import ActKind
from helpers.cases import OFFICE, OFFICER, Clerk, desk_of
from helpers.gateway import Box, Station, copy_of_box

TABLES = ("registration_case", "case_act", "case_notice", "entity_number", "operator", "outbox", "national_act")


def _decide(box: Box, number: str, after: int) -> None:
    """Register, in a process that kills itself after so many statements that write."""
    with box.open("LT") as station:
        left = [after]

        def count(_: object, __: object, statement: str, *___: object) -> None:
            if statement.startswith(("INSERT", "UPDATE", "DELETE")):
                left[0] -= 1
                if left[0] < 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        event.listen(station.runtime.store.writer, "before_cursor_execute", count)
        station.runtime.store.committed = lambda _: os.kill(os.getpid(), signal.SIGKILL)
        desk_of(station).act(OFFICER, number, ActKind.REGISTER, {"office": OFFICE})


def counted(station: Station) -> dict[str, int]:
    """How many rows there are."""
    return {table: len(station.rows(table)) for table in TABLES}


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> tuple[Box, str]:
    """A gateway with a request that waits for its decision, and the number of the case."""
    made = copy_of_box(tmp_path_factory.mktemp("box"))
    with made.open("LT") as lt:
        return made, Clerk(desk_of(lt)).submit().row.number


@pytest.mark.parametrize("after", [0, 1, 3, 5, 100])
def test_all_or_nothing(box: tuple[Box, str], tmp_path: Path, after: int) -> None:
    """Killed between two statements there is nothing; killed behind the commit there is all, and it is still sent."""
    whole, number = box
    copy = whole.copied(tmp_path)
    with copy.open("LT") as lt:
        before = counted(lt)

    process = multiprocessing.get_context("fork").Process(target=_decide, args=(copy, number, after))
    process.start()
    process.join()

    assert process.exitcode == -signal.SIGKILL
    with copy.open("LT") as lt, copy.open("PL") as pl:
        assert lt.checked().problems == ()
        found = counted(lt)
        if after < 100:
            assert found == before
        else:
            assert {name: found[name] - before[name] for name in TABLES} == dict.fromkeys(TABLES, 1) | {
                "registration_case": 0,
                "outbox": 2,
            }
            lt.deliver_to(pl)
            assert pl.runtime.registry.operator("LT00000000001") is not None
