"""A store that is missing, of another release or of another build is refused by every command, with the way out."""

import inspect
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import pytest

from esad_gateway.cli.group import SUMMARIES, command_name
from esad_gateway.provision import create
from esad_gateway.signing.pki import KeyKind
from helpers import pages
from helpers.command_line import Ended, Esad

ARC = "26LT000000000000001P2"
TRADER = "LT00000000101"
CERTIFICATE = "{data}/keys/administration.pem"
PERSON, ENTITY, CASE, MONTH = "38001010001", "100000001", "2026-000001", "2026-02"
DEPOSIT = ("--kind", "deposit", "--amount", "1.00", "--reference", "P-1", "--from", "2026-01-01")
COMMANDS = {
    "explain": ("explain", ARC),
    "serve": ("serve", "--port", "0"),
    "simulate": ("simulate", "--port", "0", "--for", "http://127.0.0.1:9/ndea"),
    "registry import": ("registry", "import", "{data}/register.json"),
    "registry export": ("registry", "export", "{data}/out"),
    "registry list": ("registry", "list"),
    "registry show": ("registry", "show", TRADER),
    "registry renew": ("registry", "renew", TRADER, "--certificate", CERTIFICATE),
    "registry restore": ("registry", "restore", TRADER),
    "trust add": ("trust", "add", "{data}/pki/ca.pem"),
    "peer add": (
        "peer",
        "add",
        "--state",
        "PL",
        "--url",
        "http://127.0.0.1:1/ndea",
        "--certificate",
        "{data}/pki/ca.pem",
        "--untried",
    ),
    "peer remove": ("peer", "remove", "--state", "PL"),
    "peer release": ("peer", "release", "3.23", "--state", "PL"),
    "peer renew": ("peer", "renew", "--state", "PL", "--certificate", CERTIFICATE),
    "peer restore": ("peer", "restore", "--state", "PL"),
    "peer list": ("peer", "list"),
    "key renew": ("key", "renew"),
    "key restore": ("key", "restore"),
    "key list": ("key", "list"),
    "token issue": ("token", "issue", "--seed", TRADER),
    "token list": ("token", "list"),
    "token revoke": ("token", "revoke", "--seed", TRADER),
    "trader-key add": (
        "trader-key",
        "add",
        "--seed",
        TRADER,
        "--key",
        "{data}/keys/administration.key",
        "--cert",
        CERTIFICATE,
    ),
    "worker": ("worker",),
    "agent add": ("agent", "add", "--seed", TRADER, "--agent", "AG.LT1", "--reads", "*"),
    "agent list": ("agent", "list"),
    "agent revoke": ("agent", "revoke", "1"),
    "held list": ("held", "list"),
    "held release": ("held", "release", ARC),
    "outbox list": ("outbox", "list"),
    "outbox drop": ("outbox", "drop", "1", "--reason", "x"),
    "outbox retry": ("outbox", "retry", "1"),
    "undecided drop": ("undecided", "drop", "x", "--reason", "y"),
    "undecided list": ("undecided", "list"),
    "undecided retry": ("undecided", "retry", "--all"),
    "store backup": ("store", "backup", "{data}/copy.db"),
    "store check": ("store", "check"),
    "store migrate": ("store", "migrate"),
    "store rebuild": ("store", "rebuild", "--write"),
    "declare list": ("declare", "list", "--seed", TRADER),
    "declare preview": ("declare", "preview", MONTH, "--seed", TRADER),
    "declare file": ("declare", "file", MONTH, "--seed", TRADER),
    "declare show": ("declare", "show", MONTH, "--seed", TRADER),
    "declare export": ("declare", "export", MONTH, "--seed", TRADER, "--out", "{data}/out.csv"),
    "declare all": ("declare", "all", MONTH),
    "due": ("due", "--seed", TRADER),
    "case submit": ("case", "submit", "{data}/register.json"),
    "case act": ("case", "act", CASE, "inform"),
    "case show": ("case", "show", CASE),
    "case list": ("case", "list"),
    "case candidates": ("case", "candidates"),
    "case allows": ("case", "allows", CASE, "--tariff-group", "110", "--street", "Gatvė 1", "--city", "Vilnius"),
    "case notices": ("case", "notices"),
    "case paper": ("case", "paper", "{data}/paper.txt", "--entity", ENTITY),
    "person add": ("person", "add", PERSON, "--name", "Person One"),
    "person entity": ("person", "entity", ENTITY, "--name", "Trader One"),
    "person list": ("person", "list"),
    "person show": ("person", "show", PERSON, "--entity", ENTITY),
    "person may": ("person", "may", PERSON, "--entity", ENTITY, "--seed", TRADER),
    "person token": ("person", "token", PERSON, "--entity", ENTITY),
    "person revoke": ("person", "revoke", PERSON),
    "person acts": ("person", "acts"),
    "role grant": ("role", "grant", "--person", PERSON, "--entity", ENTITY, "--role", "role_manager"),
    "role end": ("role", "end", "1"),
    "role list": ("role", "list"),
    "guarantee list": ("guarantee", "list"),
    "guarantee show": ("guarantee", "show", TRADER),
    "guarantee ledger": ("guarantee", "ledger", TRADER),
    "guarantee add": ("guarantee", "add", TRADER, *DEPOSIT),
    "guarantee change": ("guarantee", "change", TRADER, "--kind", "raised", "--amount", "1.00"),
    "guarantee use": ("guarantee", "use", TRADER, "--amount", "1.00", "--guarantee", "1", "--document", "P-1"),
    "guarantee amount": ("guarantee", "amount", TRADER, "--set", "1.00", "--why", "x"),
    "guarantee ask": ("guarantee", "ask", TRADER, "--for", "lower"),
    "guarantee recalculate": ("guarantee", "recalculate", "--quarter", "2026-Q1"),
}
"""Every command that opens a store, with what else it needs."""
OWN_PROCESS = {"worker"}
"""Those that lower the priority of their process, which is not to be that of the tests."""
WITHOUT_STORE = {
    "doctor": ("doctor",),
    "duty": ("duty", "--product", "B000", "--quantity", "1", "--strength", "5", "--on", "2026-02-01"),
    "guarantee simulate": ("guarantee", "simulate", "{data}/register.json"),
    "trust list": ("trust", "list"),
    "store restore": ("store", "restore", "{data}/copy.db"),
    "trader-key list": ("trader-key", "list"),
    "trader-key remove": ("trader-key", "remove", "--seed", TRADER),
}
"""The others that have a data directory."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory."""
    folder = tmp_path_factory.mktemp("made") / "lt"
    made = create(folder, "LT", "Europe/Vilnius", datetime.now(UTC), KeyKind.P256).root
    (made / "register.json").write_text('{"operators": []}')
    (made / "paper.txt").write_text("paid")
    return made


@pytest.fixture
def data(made: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(made, tmp_path / "lt"))


def _run(database: Path, *statements: str) -> None:
    with closing(sqlite3.connect(database)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def _called(esad: Esad, name: str, data: Path, asked: Path | None = None) -> Ended:
    first, *others = (str(word).format(data=data) for word in (COMMANDS | WITHOUT_STORE)[name])
    words = (first, *others, "--data", asked or data)
    return _process(*words) if name in OWN_PROCESS else esad(*words)


def _process(*words: object) -> Ended:
    ended = subprocess.run([sys.executable, "-m", "esad_gateway", *map(str, words)], capture_output=True, check=False)
    return Ended(ended.returncode, ended.stdout.decode(), ended.stderr.decode())


def _commands() -> Iterator[str]:
    for name in SUMMARIES:
        functions: tuple[Callable[..., None], ...] = import_module(
            f"esad_gateway.cli.{name.replace('-', '_')}"
        ).COMMANDS
        for function in functions:
            if "data" in inspect.signature(function).parameters:
                yield " ".join(dict.fromkeys([name, command_name(function)]))


def test_every_command_with_a_data_directory_is_asked() -> None:
    """A new one has to say what it does about a store that it cannot use."""
    assert {*_commands()} == COMMANDS.keys() | WITHOUT_STORE.keys()


@pytest.mark.parametrize("name", COMMANDS | WITHOUT_STORE)
def test_folder_that_is_no_data_directory_is_refused_by_every_command(esad: Esad, data: Path, name: str) -> None:
    """Missing or empty, in one sentence that says who makes one; it is not shown as one in which there is nothing."""
    (empty := data.parent / "empty").mkdir()
    for folder in (empty, data.parent / "nosuch"):
        ended = _called(esad, name, data, folder)

        assert (ended.code, ended.out) == (2, "")
        assert f"{folder} is no data directory: settings.toml is missing; esad init makes one" in ended.err
        assert "Traceback" not in ended.err
    assert [*empty.iterdir()] == []
    assert not (data.parent / "nosuch").exists()


def test_backup_where_a_file_is_says_how_to_go_on(esad: Esad, data: Path) -> None:
    """In both languages; the file stays as it was."""
    (there := data.parent / "copy.db").write_bytes(b"kept")
    told = {one: esad("store", "backup", there, "--data", data, "--lang", one) for one in ("en", "lt")}

    assert {one: ended.code for one, ended in told.items()} == {"en": 2, "lt": 2}
    assert "name a file that is not there, or move this one away first" in told["en"].err
    assert "arba šį pirmiau perkelkite kitur" in told["lt"].err
    assert there.read_bytes() == b"kept"


@pytest.mark.parametrize("name", COMMANDS)
def test_store_that_is_missing_is_refused_and_not_made_anew(esad: Esad, data: Path, name: str) -> None:
    """By every command in one sentence, which says who makes one; nothing stands there afterwards."""
    (data / "store.db").unlink()
    ended = _called(esad, name, data)

    assert ended.code == 2
    assert f"the store {data / 'store.db'} is missing; bring back the one that belongs here" in ended.err
    assert "only esad init makes one" in ended.err
    assert [*data.glob("store.db*")] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_store_of_a_later_release_is_refused_as_such(esad: Esad, data: Path, name: str) -> None:
    """Its tables are not known here, whatever they are called."""
    _run(data / "store.db", "UPDATE alembic_version SET version_num = '9999'", "ALTER TABLE owner RENAME TO possessor")
    ended = _called(esad, name, data)

    assert ended.code == 2
    assert "was made by a later esad-gateway (form 9999, and this one knows none after" in ended.err
    assert "run that one, or one that is later still" in ended.err


@pytest.mark.parametrize("name", sorted(COMMANDS.keys() - {"store check", "store migrate"}))
def test_store_of_another_build_is_refused_as_such(esad: Esad, data: Path, name: str) -> None:
    """Before a statement fails: what differs is named by table and column, never in the words of SQL."""
    _run(data / "store.db", "ALTER TABLE operator RENAME COLUMN categories TO kinds", "DROP TABLE held")
    ended = _called(esad, name, data)

    assert ended.code == 2
    assert "it has no table held" in ended.err
    assert "operator has no column categories; operator has a column kinds" in ended.err
    assert "another build made it, or somebody changed it: run that build, or begin anew with esad init" in ended.err
    assert "CREATE" not in ended.err + ended.out


def test_check_tells_of_another_build_in_a_sentence(esad: Esad, data: Path) -> None:
    """And goes on with everything else."""
    _run(data / "store.db", "ALTER TABLE operator RENAME COLUMN categories TO kinds")
    ended = esad("store", "check", "--data", data)

    assert ended.code == 1
    assert "database: operator has no column categories; operator has a column kinds: another build" in ended.out
    assert "CREATE" not in ended.out


def test_store_without_tables_is_told_from_one_of_another_release(esad: Esad, data: Path) -> None:
    """An esad init that was killed leaves a file that is marked and holds nothing."""
    _run(data / "store.db", "DELETE FROM alembic_version")

    for command in (("held", "list"), ("store", "migrate")):
        ended = esad(*command, "--data", data)
        assert (ended.code, "has no form: the command that was making it did not end" in ended.err) == (2, True)


MIGRATION = '''"""One more column."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make a table anew, with rows that others refer to."""
    with op.batch_alter_table("document", recreate="always") as batch:
        batch.add_column(sa.Column("note", sa.Text()))
'''


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A later build of the package: its tables have one more column, and it has the migration for that."""
    folder = tmp_path_factory.mktemp("later")
    shutil.copytree(pages.ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("schemas", "fixtures", "pyproject.toml"):
        (folder / name).symlink_to(pages.ROOT / name)
    store = folder / "src" / "esad_gateway" / "store"
    tables = store / "tables.py"
    number = '    Column("seq", Integer, comment="its number in that mailbox"),\n'
    before = tables.read_text(encoding="utf-8")
    assert before.count(number) == 1
    tables.write_text(before.replace(number, f'{number}    Column("note", Text),\n'), encoding="utf-8")
    (store / "migrations" / "versions" / "0002_one_more.py").write_text(MIGRATION, encoding="utf-8")
    return folder


def _by(build: Path, *arguments: object) -> Ended:
    """``esad`` of another build, as a process of its own."""
    command = [sys.executable, "-m", "esad_gateway", *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(build / "src")}
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, env=environment)
    return Ended(ended.returncode, ended.stdout, ended.stderr)


def test_store_of_an_earlier_release_is_brought_up_by_the_command_that_is_named(
    esad: Esad, data: Path, later: Path
) -> None:
    """Commands and serve refuse it until then; rows stay, the copy is what it was, and the earlier build refuses it."""
    database, kept = data / "store.db", data / "store.db.0001"
    _run(database, "INSERT INTO document VALUES (x'01', x'02', x'03', 3, 'M', 4)")
    refused = [_by(later, "held", "list", "--data", data), _by(later, "serve", "--data", data, "--port", 0)]
    brought_up, again = (_by(later, "store", "migrate", "--data", data) for _ in range(2))
    told = _by(later, "store", "migrate", "--data", data, "--json")
    used = _by(later, "held", "list", "--data", data)
    too_late = [esad("held", "list", "--data", data), esad("serve", "--data", data, "--port", 0)]
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute("SELECT * FROM document").fetchall()
    way_out = f"(form 0001, and this one works with 0002): run esad store migrate --data {data}"

    assert [(one.code, way_out in one.err) for one in refused] == [(2, True), (2, True)]
    assert (brought_up.code, f"brought up, as it was: {kept}" in brought_up.out) == (0, True), brought_up.err
    assert (again.code, again.out) == (0, f"{database}: up to date\n")
    assert json.loads(told.out) == {"store": str(database), "migrated": False, "copy": None, "indexes": []}
    assert used.code == 0, used.err
    assert rows == [(b"\x01", b"\x02", b"\x03", 3, "M", 4, None)]
    assert [("later esad-gateway (form 0002" in one.err, one.code) for one in too_late] == [(True, 2), (True, 2)]
    assert kept.stat().st_mode & 0o777 == 0o600
    kept.replace(database)
    assert esad("held", "list", "--data", data).code == 0


def test_indexes_of_an_earlier_build_are_named_and_made_anew(esad: Esad, data: Path) -> None:
    """One that is gone and one that was made in another way: rebuild names them, migrate makes them, once."""
    database = data / "store.db"
    _run(database, "DROP INDEX message_unread")
    _run(database, "DROP INDEX movement_by_clock")
    _run(database, "CREATE INDEX movement_by_clock ON movement (state)")
    names = ["message_unread", "movement_by_clock"]

    named = esad("store", "rebuild", "--data", data)
    told = json.loads(esad("store", "rebuild", "--data", data, "--json").out)
    made, again = (esad("store", "migrate", "--data", data) for _ in range(2))

    assert (named.code, f"esad store migrate does: {', '.join(names)}" in named.out) == (0, True), named.out
    assert told["indexes"] == names
    assert (made.code, made.out) == (0, f"{database}: up to date; indexes made anew: {', '.join(names)}\n")
    assert again.out == f"{database}: up to date\n"
    assert json.loads(esad("store", "rebuild", "--data", data, "--json").out)["indexes"] == []
    assert esad("store", "check", "--data", data).code == 0


def test_store_is_not_brought_up_where_no_copy_can_be_made(data: Path, later: Path) -> None:
    """A copy of an earlier try is not written over, and nothing was done."""
    (data / "store.db.0001").touch(0o600)
    before = (data / "store.db").read_bytes()
    ended = _by(later, "store", "migrate", "--data", data)

    assert ended.code == 2
    assert "nothing was done: no copy of the store can be made as" in ended.err
    assert (data / "store.db").read_bytes() == before
