"""What differs between databases stands in one file, and everything else has a text for PostgreSQL as well."""

import pkgutil
import re
import sys
import threading
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path

import pytest
from sqlalchemy import Executable, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateTable

import esad_gateway
from esad_gateway import store
from esad_gateway.identities import message_identifiers
from esad_gateway.store import tables
from esad_gateway.store.database import Database, among, locked
from esad_gateway.store.upserts import adding, replacing

ROOT = Path(esad_gateway.__file__).parent
LOOK_AT_THE_FILE = ("audit/bodies.py", "audit/check.py", "benchmarks/")
"""Who looks at SQLite's file itself, and not at a store: whether its pages hold together, and what it costs."""
NO_STORE = ("batch/tables/seen.py",)
"""Files of the machine that are gone after the work, and are no store: they are SQLite's whatever the store is."""


def _statements(value: object) -> Iterator[Executable]:
    if isinstance(value, Executable):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _statements(one)


def _stored() -> Iterator[tuple[str, Executable]]:
    """Every statement that a module of the store builds once, with its name."""
    for module in pkgutil.iter_modules(store.__path__, f"{store.__name__}."):
        for name, value in sorted(vars(import_module(module.name)).items()):
            for place, statement in enumerate(_statements(value)):
                yield f"{module.name.rpartition('.')[2]}.{name}{place or ''}", statement


STATEMENTS = dict(_stored())


def _text(statement: Executable) -> str:
    return " ".join(str(statement.compile(dialect=postgresql.dialect())).split())  # type: ignore[attr-defined,no-untyped-call]


@pytest.mark.parametrize("statement", STATEMENTS.values(), ids=STATEMENTS)
def test_statement_has_a_text_for_postgresql(statement: Executable) -> None:
    """None is built from the forms of one dialect."""
    assert _text(statement)
    assert "json_each" not in _text(statement)


def test_statements_were_found() -> None:
    """Those of the hot path are among them."""
    assert {"transaction._SET_MOVEMENTS", "transaction._EARLIER", "outbox._STANDINGS", "store._LINE"} <= {*STATEMENTS}
    assert len(STATEMENTS) > 50


@pytest.mark.parametrize("table", tables.metadata.tables.values(), ids=tables.metadata.tables)
def test_table_has_a_text_for_postgresql(table: Table) -> None:
    """Also its defaults: a truth value is none of SQLite's numbers."""
    text = str(CreateTable(table).compile(dialect=postgresql.dialect()))  # type: ignore[no-untyped-call]

    assert not re.search(r"BOOLEAN DEFAULT [^ft]", text)


def test_forms_of_statements_in_both_databases() -> None:
    """The same question and the same write, each in the words of its database."""
    forms = {
        "many keys": tables.report.select().where(among(tables.report.c.arc, tables.report.c.number)),
        "one key": tables.office.select().where(among(tables.office.c.reference)),
        "add": adding(tables.office),
        "replace": replacing(tables.peer, "address", but=("release",)),
        "lock": locked(tables.owner.select(), tables.owner.c.administration),
    }
    ours = {name: " ".join(str(form.compile(dialect=sqlite.dialect())).split()) for name, form in forms.items()}
    theirs = {name: _text(form) for name, form in forms.items()}

    assert "(report.arc, report.number) IN (SELECT json_extract(anon_1.value, '$[0]')" in ours["many keys"]
    assert "IN (SELECT anon_1.value ->> 0 AS part_1, anon_1.value ->> 1 AS part_2" in theirs["many keys"]
    assert "FROM json_array_elements(CAST(%(keys)s::VARCHAR AS JSON)) AS anon_1" in theirs["many keys"]
    assert "IN (SELECT anon_1.value #>> '{}' AS part_1" in theirs["one key"]
    assert ours["add"].endswith(" ON CONFLICT DO NOTHING")
    assert ours["replace"].endswith(" ON CONFLICT (address) DO UPDATE SET url = excluded.url")
    assert theirs["replace"].endswith(" ON CONFLICT (address) DO UPDATE SET url = excluded.url")
    assert ours["lock"].endswith("ORDER BY owner.administration")
    assert theirs["lock"].endswith("ORDER BY owner.administration FOR UPDATE")


def _texts(path: Path) -> str:
    """Everything in a file that is no documentation."""
    return "\n".join(line.partition("#")[0] for line in path.read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize(
    ("spoken", "allowed"),
    [
        (r"^ *(from|import) (sqlalchemy\.dialects|sqlite3)", ("store/database.py", *LOOK_AT_THE_FILE, *NO_STORE)),
        (
            r"PRAGMA|BEGIN IMMEDIATE|json_each\(",
            ("store/database.py", "store/sqlite_file.py", *LOOK_AT_THE_FILE, *NO_STORE),
        ),
        (r"\.lastrowid", ()),
        (r"sqlite_where", ("store/database.py", "store/migrations/")),
        (r"create_engine\(", ("store/database.py", "audit/schema.py", "benchmarks/")),
        (r"\.(reader|writer)\.(begin|connect)\(", ()),
    ],
)
def test_one_file_knows_which_database_it_is(spoken: str, allowed: tuple[str, ...]) -> None:
    """No other file imports a dialect or a driver, says a word of SQLite, or opens a connection by hand."""
    found = [
        path
        for path in sorted(ROOT.rglob("*.py"))
        if re.search(spoken, _texts(path), re.MULTILINE)
        and not path.relative_to(ROOT).as_posix().startswith(allowed or ("-",))
    ]

    assert found == []


def test_identifiers_are_drawn_by_several_threads_at_once() -> None:
    """No lock of a database is what keeps the threads of clocks and messages apart."""
    identifiers, interval = message_identifiers("LT"), sys.getswitchinterval()
    drawn: list[str] = []
    sys.setswitchinterval(1e-6)
    try:
        threads = [
            threading.Thread(target=lambda: drawn.extend(next(identifiers) for _ in range(2000))) for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)

    assert len({*drawn}) == 8000


def test_database_in_memory_is_gone_when_it_is_closed() -> None:
    """Nothing of it stays anywhere."""
    database = Database.in_memory()
    there = database.path.exists()
    database.close()

    assert there
    assert not database.path.parent.exists()
