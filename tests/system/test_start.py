"""What a gateway does, and does not do, when it starts."""

import signal
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from esad_gateway.bootstrap import Parts, build
from esad_gateway.cli.serve import GARBAGE
from esad_gateway.errors import NotConfigured
from esad_gateway.provision import create
from esad_gateway.signing.pki import KeyKind
from esad_gateway.store.forms import MIGRATIONS, newest

START = """
import sys
from pathlib import Path
import esad_gateway.cli.serve
from esad_gateway.bootstrap import Parts, build
from esad_gateway.server import application

application(build(Parts(Path(sys.argv[1]))))
later = ("alembic", "xmlschema", "sqlalchemy.dialects.postgresql", "fastapi", "aiohttp")
print([name for name in later if name in sys.modules])
"""

WALKED = """
import gc, signal, sys
from esad_gateway.cli import main

def tell(*_):
    print(gc.get_freeze_count(), len(gc.get_objects()), *gc.get_threshold(), flush=True)

signal.signal(signal.SIGUSR1, tell)
main(sys.argv[1:])
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A fresh data directory."""
    return create(tmp_path / "LT", "LT", "Europe/Vilnius", datetime.now(UTC), KeyKind.P256).root


def test_start_loads_nothing_that_only_a_first_start_a_refusal_or_a_later_moment_needs(data: Path) -> None:
    """Migrations, the second schema library, a database that is not ours, the framework and the client wait."""
    ended = subprocess.run([sys.executable, "-c", START, data], capture_output=True, text=True, check=True)

    assert ended.stdout == "[]\n"


def test_garbage_is_hardly_looked_for_among_what_a_start_has_loaded(data: Path) -> None:
    """What was loaded by the end of a start is not walked again: what is left to walk is a tenth of it at most."""
    program = (sys.executable, "-c", WALKED, *command(data)[3:])
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as gateway:
        assert started(gateway)
        assert gateway.stdout is not None
        gateway.send_signal(signal.SIGUSR1)
        kept, walked, *threshold = map(int, gateway.stdout.readline().split())
        gateway.terminate()

    assert kept > 50_000
    assert walked < kept / 10
    assert tuple(threshold) == GARBAGE


def test_newest_migration_is_the_one_that_alembic_finds() -> None:
    """The name of a migration's file begins with its revision, which is how a start knows whether one is missing."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))

    assert newest() == ScriptDirectory.from_config(config).get_current_head()


def test_store_of_a_later_release_is_refused(data: Path) -> None:
    """A gateway does not touch tables that it does not know."""
    with closing(sqlite3.connect(data / "store.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(NotConfigured, match="9999"):
        build(Parts(data))


def command(data: Path, port: int = 0) -> tuple[str, ...]:
    """A gateway on a data directory, by default on a port that the system chooses; it says when it has started."""
    return (sys.executable, "-m", "esad_gateway", "serve", "--data", str(data), "--port", str(port), "--verbose")


def ended(data: Path, port: int = 0) -> "subprocess.CompletedProcess[str]":
    """A gateway that does not start."""
    return subprocess.run(command(data, port), capture_output=True, text=True, timeout=60, check=False)


def serve(data: Path) -> "subprocess.Popen[str]":
    """A gateway that runs."""
    return subprocess.Popen(command(data), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def started(gateway: "subprocess.Popen[str]") -> bool:
    """Whether a gateway process comes up: waits until it says so, or ends."""
    assert gateway.stderr is not None
    return any("startup complete" in line for line in gateway.stderr)


def test_second_gateway_on_a_store_is_refused(data: Path) -> None:
    """In one line that names the first, which goes on; when that is killed, whatever it left is no lock."""
    with serve(data) as first:
        assert started(first)
        second = ended(data)
        assert first.poll() is None
        first.kill()
    with serve(data) as third:
        assert started(third)
        third.terminate()

    assert second.returncode == 2
    assert second.stderr == (
        f"esad: another gateway runs on {data / 'store.db'} (process {first.pid}); "
        "expected one gateway a store: stop that one first\n"
    )


def test_data_directory_that_is_missing_is_made_by_no_start(tmp_path: Path) -> None:
    """Not even the file of the lock."""
    start = ended(tmp_path / "gone")

    assert start.returncode == 2
    assert "esad init makes one" in start.stderr
    assert list(tmp_path.iterdir()) == []


def test_port_that_is_taken_is_said_in_one_line(data: Path) -> None:
    """Somebody else listens there: wrong usage, no traceback."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        start = ended(data, port)

    assert start.returncode == 2
    assert start.stderr.startswith(f"esad: cannot listen on 127.0.0.1:{port}: another program listens there already;")
    assert start.stderr.count("\n") == 1
