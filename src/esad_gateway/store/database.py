"""What differs between databases: here for SQLite, and nowhere else.

Statements are built from SQLAlchemy's Core and from the few forms below, so that they have a text for PostgreSQL as
well. What opens, locks, configures and translates the errors of SQLite stands below them.
"""

import json
import os
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any, Final, TypeAlias, TypeVar, cast
from urllib.parse import quote

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Engine,
    Index,
    PoolProxiedConnection,
    RowMapping,
    Select,
    String,
    TextClause,
    bindparam,
    create_engine,
    event,
    literal_column,
    select,
    tuple_,
)
from sqlalchemy.dialects.sqlite import dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as ConnectionsTaken
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import CreateIndex
from sqlalchemy.sql.functions import FunctionElement

from esad_gateway.errors import StoreDamaged, StoreUnavailable
from esad_gateway.faults import Said, said
from esad_gateway.store.shared import COMPILED

LIBRARY_VERSION: Final = sqlite3.sqlite_version
"""Of the library that reads and writes the files of stores."""

Row: TypeAlias = Mapping[str, Any] | RowMapping
"""A row as it is read: values by column, as they are stored."""

_Selected = TypeVar("_Selected", bound=Select[Any])

KEYS: Final = "keys"
"""The one parameter of every statement that asks for many keys at once: see :func:`as_keys`."""

_ROWS: Final = "rows"
"""Of an index: which rows it has, where it has not all."""


class _Keys(FunctionElement[str]):
    """The keys that are asked for, a row each."""

    name = "keys"
    inherit_cache = True


class _Part(FunctionElement[str]):
    """One text of a key: the whole key, or that at a place of it."""

    name = "part"
    type = String()
    inherit_cache = True


@compiles(_Keys)
def _keys(element: _Keys, compiler: Any, **words: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **words)})"


@compiles(_Keys, "postgresql")
def _keys_of_postgresql(element: _Keys, compiler: Any, **words: Any) -> str:
    return f"json_array_elements(CAST({compiler.process(element.clauses, **words)} AS JSON))"


@compiles(_Part)
def _part(element: _Part, compiler: Any, **words: Any) -> str:
    key, *place = (compiler.process(one, **words) for one in element.clauses)
    return f"json_extract({key}, '$[{place[0]}]')" if place else str(key)


@compiles(_Part, "postgresql")
def _part_of_postgresql(element: _Part, compiler: Any, **words: Any) -> str:
    key, *place = (compiler.process(one, **words) for one in element.clauses)
    return f"{key} ->> {place[0]}" if place else f"{key} #>> '{{}}'"


def among(*columns: Column[Any]) -> ColumnElement[bool]:
    """The condition that a row has one of the ``keys``: texts in one column, or in several together.

    However many keys there are, the statement is the same, so it is compiled once; and each key is looked up in an
    index. For ``(a, b) IN (VALUES …)`` with two or more keys SQLite 3.40 walks the whole table.
    """
    key = _Keys(bindparam(KEYS, type_=String())).table_valued("value").c.value
    if len(columns) == 1:
        return columns[0].in_(select(_Part(key)))
    parts = (_Part(key, literal_column(str(place))) for place in range(len(columns)))
    return tuple_(*columns).in_(select(*parts))


def as_keys(wanted: Collection[str] | Collection[tuple[str, ...]]) -> dict[str, str]:
    """The parameter of a statement with :func:`among`: texts, or as many of them as there are columns."""
    return {KEYS: json.dumps(list(wanted))}


def locked(question: _Selected, *order: Column[Any]) -> _Selected:
    """A question whose rows nobody else reads in this way, or changes, until the transaction ends.

    In the order of their keys, so that two transactions never wait for each other. SQLite has one writer at a time and
    leaves the lock out. A row that is not there yet cannot be locked: of two that add it one is refused by its key.
    """
    return question.order_by(*order).with_for_update()


def partial_index(name: str, *columns: str | Column[Any] | TextClause, where: ColumnElement[bool] | Any) -> Index:
    """An index of the rows for which ``where`` holds, and of no others, in every database.

    A question has to ask for ``where`` in the same words, or the index is not used.
    """
    # An option with PostgreSQL's name would load all of its dialect whenever a gateway or a command starts.
    return Index(name, *columns, sqlite_where=where, info={_ROWS: where})


@compiles(CreateIndex, "postgresql")
def _index_of_postgresql(create: CreateIndex, compiler: Any, **words: Any) -> str:
    text: str = compiler.visit_create_index(create, **words)
    where = create.element.info.get(_ROWS)
    if where is None:
        return text
    return f"{text} WHERE {compiler.sql_compiler.process(where, include_table=False, literal_binds=True)}"


_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})
"""The parameters of a question that has none."""

_UNREAD: Final = Said("store.unread")
_UNWRITTEN: Final = Said("store.unwritten")


class Driver:
    """Statements of the hot path, handed to the driver of ``connection`` as they are.

    SQLAlchemy makes every row and every list of parameters anew, which costs as much as the work itself. So values
    must be what the database stores. What the database cannot do comes out as StoreUnavailable at once: whoever asks in
    the midst of a decision has to know what passes from a defect. A statement that is wrong is a defect.
    """

    def __init__(self, connection: Connection | PoolProxiedConnection) -> None:
        handed = connection.connection if isinstance(connection, Connection) else connection
        self._cursor = cast("sqlite3.Cursor", handed.cursor())
        self._cursor.row_factory = sqlite3.Row

    def rows(self, question: Any, values: Mapping[str, Any] = _NOTHING) -> list[Row]:
        """Every row that answers a question."""
        text, fixed = _reading(question, tuple(values))
        with _translating(_UNREAD):
            return self._cursor.execute(text, {**fixed, **values}).fetchall()

    def value(self, question: Any, values: Mapping[str, Any] = _NOTHING) -> Any:
        """The first column of the first row that answers a question; ``None`` when none does."""
        # Read to its end: what stays open holds the moment at which it was asked, and no lock is given for an old one.
        rows = self.rows(question, values)
        return next(iter(rows[0])) if rows else None

    def many(self, statement: Any, rows: Iterable[Mapping[str, Any]]) -> None:
        """Write rows, which all have the same columns."""
        if parameters := list(rows):
            with _translating(_UNWRITTEN):
                self._cursor.executemany(_writing(statement, tuple(parameters[0])), parameters)

    def adds(self, statement: Any, row: Mapping[str, Any]) -> bool:
        """Write one row, unless there is one with its key; whether there was none."""
        with _translating(_UNWRITTEN):
            return self._cursor.execute(_writing(statement, tuple(row)), row).rowcount == 1

    def others_have_committed(self) -> object:
        """What is another value as soon as another connection has committed; ``None`` where no database tells that."""
        with _translating(_UNREAD):
            return self._cursor.execute("PRAGMA data_version").fetchone()[0]


class LookUps(Driver):
    """Asks before the write lock is taken, and says under it whether all answers are still the same.

    With one process on a store nobody else commits in between, and that is all that has to be found out. Otherwise
    everything is asked again, which is much less work than what was done with the answers. A database that does not
    tell whether others have committed is asked again always.
    """

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._connection = connection
        self._answers: list[tuple[Any, Mapping[str, Any], list[Row]]] = []
        self._as_of: object = None

    def rows(self, question: Any, values: Mapping[str, Any] = _NOTHING) -> list[Row]:
        """Every row that answers a question."""
        if self._connection.in_transaction():
            return super().rows(question, values)
        if not self._answers:
            self._as_of = self.others_have_committed()
        rows = super().rows(question, values)
        self._answers.append((question, values, rows))
        return rows

    def lock(self) -> bool:
        """Take the write lock, unless we have it; whether everything that was asked before has the same answer now."""
        if not self._connection.in_transaction():
            with _translating(_UNWRITTEN):
                self._connection.begin()
        answers, self._answers = self._answers, []
        if not answers or (self._as_of is not None and self._as_of == self.others_have_committed()):
            return True
        return all(self.rows(question, values) == rows for question, values, rows in answers)


_DIALECT: Final = dialect(paramstyle="named")


@lru_cache(maxsize=256)
def _writing(statement: Any, columns: tuple[str, ...]) -> str:
    """The text of a statement whose rows have these columns."""
    return str(statement.compile(dialect=_DIALECT, column_keys=columns))


@lru_cache(maxsize=256)
def _reading(question: Any, names: tuple[str, ...]) -> tuple[str, Mapping[str, Any]]:
    """The text of a question with these parameters, and the values that are fixed in it."""
    state = question.compile(dialect=_DIALECT).construct_expanded_state(dict.fromkeys(names, ""))
    return state.statement, {name: value for name, value in state.parameters.items() if name not in names}


BUSY_SECONDS: Final = 30
"""How long a writer waits for another process (a command while the gateway runs) before it gives up."""


_READERS: Final = 8
_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - where Linux keeps files in memory; what is made there has a new name
_ON_DISK: Final = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY")
# Pages of the log that go back into the file: in memory nobody is served by a long log.
_IN_MEMORY: Final = (*_ON_DISK, "synchronous=OFF", "wal_autocheckpoint=100")


@dataclass(frozen=True, slots=True)
class Database:
    """A database: the transactions of one engine write, and those of the other one read.

    Those that write take the write lock when they begin, so what they read stays true until they end; those that read
    see one snapshot, and neither waits for the other. On a file every commit that returned is on disk. ``watcher`` has
    one connection, by which it is told whether others have committed; it is opened when somebody asks.
    """

    path: Path
    writer: Engine
    reader: Engine
    watcher: Engine
    _ended: Callable[[], None]

    @classmethod
    def in_file(cls, path: Path) -> "Database":
        """The database in a file. It is not made: one that is lost stays missed."""
        return cls(path, *_engines(path, _ON_DISK), lambda: None)

    @classmethod
    def in_memory(cls) -> "Database":
        """A new, empty database that nothing of reaches a disk, and that is gone when it is closed.

        It is SQLite's file in a folder that Linux keeps in memory, since SQLite's own databases in memory let nobody
        read while somebody writes. Without such a folder it is a folder for files of the moment.
        """
        folder = TemporaryDirectory(prefix="esad-", dir=_MEMORY if os.access(_MEMORY, os.W_OK) else None)
        path = Path(folder.name) / "store.db"
        path.touch(0o600)
        return cls(path, *_engines(path, _IN_MEMORY), folder.cleanup)

    def close(self) -> None:
        """Give back every connection, and whatever was kept in memory."""
        for engine in (self.writer, self.reader, self.watcher):
            engine.dispose()
        self._ended()


def _engines(path: Path, pragmas: Collection[str]) -> tuple[Engine, Engine, Engine]:
    return (
        opened(path, "mode=rw", pragmas, begin="BEGIN IMMEDIATE", connections=1),
        opened(path, "mode=rw", pragmas, connections=_READERS),
        opened(path, "mode=rw", pragmas),
    )


def opened(
    path: Path, options: str, pragmas: Collection[str] = (), *, begin: str = "BEGIN", connections: int = 1
) -> Engine:
    """An engine on a file, with SQLite's ``options`` of a file's address; :class:`Database` has those of a store."""
    engine = create_engine(
        f"sqlite:///file:{quote(str(path.absolute()))}?{options}&uri=true",
        # Without it the driver begins transactions by itself, and later than we need them.
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False, "isolation_level": None},
        pool_size=connections,
        max_overflow=0,
        execution_options={"compiled_cache": COMPILED},
    )
    event.listen(engine, "connect", lambda connection, _: _configure(connection, pragmas))
    event.listen(engine, "begin", lambda connection: connection.connection.cursor().execute(begin))
    return engine


def opened_again(address: str) -> Engine:
    """An engine on the database of another engine, by its address (``engine.url``): only to read, as that one does."""
    return create_engine(address)


def _configure(connection: sqlite3.Connection, pragmas: Collection[str]) -> None:
    for pragma in pragmas:
        connection.execute(f"PRAGMA {pragma}").close()


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A write transaction; whatever the database cannot do comes out as StoreUnavailable, and nothing was written."""
    with _transaction(engine, _UNWRITTEN) as connection:
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One snapshot to read from; whatever the database cannot do comes out as StoreUnavailable."""
    with _transaction(engine, _UNREAD) as connection:
        yield connection


@contextmanager
def looking(engine: Engine) -> Iterator[Driver]:
    """As ``reading``, for questions that are built once: asked by the driver alone, for a third of the time."""
    with _translating(_UNREAD), closing(engine.raw_connection()) as connection:
        connection.cursor().execute("BEGIN")
        yield Driver(connection)


@contextmanager
def deciding(engine: Engine) -> Iterator[Connection]:
    """A connection that asks first: who writes begins its transaction, which is committed on leaving; as ``writing``.

    Nobody else of this process writes meanwhile, as there is one connection that does.
    """
    with _translating(_UNWRITTEN), engine.connect() as connection:
        yield connection
        connection.commit()


@contextmanager
def _transaction(engine: Engine, problem: Said) -> Iterator[Connection]:
    with _translating(problem), engine.begin() as connection:
        yield connection


@contextmanager
def _translating(problem: Said) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        raise _translated(error.orig, problem) from error
    except (sqlite3.ProgrammingError, sqlite3.InterfaceError):
        raise  # the hot path asks what no database can answer: a defect of ours, which sending again does not mend
    except sqlite3.Error as error:
        # From the hot path, which speaks to the driver itself.
        raise _translated(error, problem) from error
    except ConnectionsTaken as error:
        raise StoreUnavailable(said("store.because", problem=problem, why=Said("store.connections_taken"))) from error


def _translated(error: BaseException | None, problem: Said) -> StoreUnavailable:
    """What SQLite calls no database, or a malformed one, stays so; anything else may be better the next time."""
    words = said("store.database", words=str(error))
    if type(error) is sqlite3.DatabaseError:
        return StoreDamaged(words)
    return StoreUnavailable(said("store.because", problem=problem, why=words))
