"""``esad serve``: run the gateway of a data directory."""

import gc
import os
import socket
import sys
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from starlette.types import ASGIApp

from esad_gateway.bootstrap import Parts, Runtime, build
from esad_gateway.cli.common.installed import check_installed
from esad_gateway.cli.common.log_lines import log_as_json
from esad_gateway.cli.common.offline import moment
from esad_gateway.cli.common.starting import tell
from esad_gateway.data_directory import DataDirectory
from esad_gateway.errors import NotConfigured, UnreadableInput
from esad_gateway.faults import Said, said
from esad_gateway.file_errors import why
from esad_gateway.ports.tracing import NoTracing
from esad_gateway.server import application
from esad_gateway.settings import Settings, read_settings
from esad_gateway.store.lock import claimed
from esad_gateway.transport.server import http_server
from esad_gateway.transport.systemd import handed_over, notify

if TYPE_CHECKING:
    from esad_gateway.operations.traces import Traces
    from esad_gateway.simulator.timed.clock import TestClock

Data = Annotated[Path, typer.Option("--data", metavar="DIR", help="The data directory of the gateway.")]

THE_ONE = "esad serve"
"""Who delivers: a process that has the store to itself goes on where a killed one stopped, without waiting."""

GARBAGE = (20_000, 20, 100)
"""After how many new objects garbage is looked for, instead of 700: so hardly ever for a message."""

SWITCH_SECONDS = 0.001
"""How long one thread may keep the others waiting: a request passes through several, beside documents that are dear."""


def serve(
    *,
    data: Data,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="The port to listen on, instead of the one of settings.toml.")
    ] = None,
    host: Annotated[str | None, typer.Option(help="The address to listen on, instead of that one.")] = None,
    verbose: Annotated[bool, typer.Option("--verbose", help="Log every request and every delivery.")] = False,
    test_clock: Annotated[
        bool, typer.Option("--test-clock", help="For tests: follow a clock that POST /test-clock moves.")
    ] = False,
    wait: Annotated[
        float, typer.Option(metavar="SECONDS", min=0, max=3600, help="Wait so long for a gateway that is ending.")
    ] = 0,
    begins: Annotated[
        str | None, typer.Option(metavar="ISO", help="What that clock shows at first, and stands still at.")
    ] = None,
) -> None:
    """Run the gateway: REST under /v1, its description under /docs, the other administrations under /ndea.

    Ends with SIGTERM or SIGINT: no more connections are taken, and what was taken is committed and answered. With
    --wait the next gateway is started before that, and goes on as soon as this one has ended. A socket that a service
    manager hands over (LISTEN_FDS) takes the place of host and port: nobody who connects meanwhile is refused.

    Logs are JSON lines on standard error; the first says who listens where, which administrations are known, and what
    waits. A terminal gets that in words as well. A second gateway on the same data directory is refused. With
    --test-clock whoever reaches it decides what time it is: never outside of tests. That clock goes as the machine's
    does until it is moved, or told otherwise.
    """
    clock = _test_clock(begins) if test_clock else None
    if begins is not None and clock is None:
        raise UnreadableInput(Said("serve.begins_alone"))
    settings = read_settings(data)
    check_installed()
    address = settings.host if host is None else host, settings.port if port is None else port
    with claimed(DataDirectory(data).database, wait), _door(*address) as door:
        traces = _traces(settings)
        runtime = build(replace(_parts(data, clock), tracing=traces))
        _answer(runtime, traces, clock, door, verbose=verbose)


def _answer(
    runtime: Runtime, traces: "NoTracing | Traces", clock: "TestClock | None", door: socket.socket, *, verbose: bool
) -> None:
    """Answer at a door until told to end."""
    limits = runtime.settings.http_limits().within_descriptors()
    log_as_json(verbose=verbose)
    sys.setswitchinterval(SWITCH_SECONDS)
    # What is loaded by now stays: walking all of it again would make a request with many values ten times as dear.
    gc.freeze()
    gc.set_threshold(*GARBAGE)
    with suppress(KeyboardInterrupt):
        server = http_server(traces.around(_application(runtime, clock)), limits, access_log=verbose)
        server.listening = partial(_tell, runtime, _url(door), _more_doors(clock))
        server.leaving = partial(notify, os.environ, "STOPPING=1")
        server.run(sockets=[door])


def _traces(settings: Settings) -> "NoTracing | Traces":
    """What sends spans to where the settings say. Raises NotConfigured where what it needs is not installed."""
    if not settings.traces:
        return NoTracing()
    try:
        from esad_gateway.operations.traces import Traces  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        raise NotConfigured(said("serve.no_traces", module=str(error.name))) from error
    return Traces(settings.traces, settings.profile().address)


def _test_clock(begins: str | None) -> "TestClock":
    from esad_gateway.simulator.timed.clock import TestClock  # noqa: PLC0415 - no gateway but for tests needs it

    return TestClock(datetime.now(UTC), rate=1) if begins is None else TestClock(moment(begins).astimezone(UTC))


def _more_doors(clock: "TestClock | None") -> tuple[str, ...]:
    if clock is None:
        return ()
    from esad_gateway.simulator.timed.doors import PATH  # noqa: PLC0415 - as above

    return (PATH,)


def _parts(data: Path, clock: "TestClock | None") -> Parts:
    if clock is None:
        return Parts(data, holder=THE_ONE)
    from esad_gateway.simulator.timed.gateway import PROBE  # noqa: PLC0415 - as above

    return Parts(data, clock=clock, holder=THE_ONE, probe=PROBE)


def _application(runtime: Runtime, clock: "TestClock | None") -> ASGIApp:
    if clock is None:
        return application(runtime, loaded=gc.freeze)
    from esad_gateway.simulator.timed.gateway import check_beginning, timed_application  # noqa: PLC0415 - as above

    check_beginning(runtime, clock)
    return timed_application(runtime, clock, loaded=gc.freeze)


def _tell(runtime: Runtime, url: str, more: tuple[str, ...]) -> None:
    """Tell the service manager, and everybody else."""
    notify(os.environ, "READY=1")
    tell(runtime, url, more)


def _door(host: str, port: int) -> socket.socket:
    """The socket that was handed over, or one of our own."""
    return handed_over(os.environ, os.getpid()) or _bound(host, port)


def _bound(host: str, port: int) -> socket.socket:
    """A socket that has its address and does not listen yet. Raises UnreadableInput when the address cannot be had."""
    door = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    # Connections of the gateway before this one, which may have been killed, do not keep the address.
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((host, port))
    except OSError as error:
        door.close()
        raise UnreadableInput(said("serve.no_address", address=f"{host}:{port}", why=why(error))) from error
    return door


def _url(door: socket.socket) -> str:
    host, port = door.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


COMMANDS = (serve,)
