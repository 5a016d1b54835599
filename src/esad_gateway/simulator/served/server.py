"""Member states at a port of this machine, for systems in any language."""

import asyncio
import socket
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import CancelledError, Future
from contextlib import ExitStack, suppress
from errno import EADDRNOTAVAIL
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Final, Self

from esad_gateway.errors import UnreadableInput
from esad_gateway.faults import Said, said
from esad_gateway.file_errors import why
from esad_gateway.simulator.injected.served import CuttableConnection
from esad_gateway.simulator.served.doors import WorldDoors, at_ports
from esad_gateway.simulator.served.introducing import check_directory, introduced, make_known
from esad_gateway.simulator.served.neighbour import PATIENCE, Neighbour
from esad_gateway.simulator.served.sim_doors import simulated
from esad_gateway.simulator.served.simulation import Simulation
from esad_gateway.simulator.served.views import codes
from esad_gateway.simulator.timed.orders import ClockOrder
from esad_gateway.simulator.world.emcs import Emcs
from esad_gateway.transport.limits import HttpLimits
from esad_gateway.transport.server import http_server
from esad_gateway.web.body import Endpoint, Route

HOST: Final = "127.0.0.1"
_EVERYWHERE: Final[Mapping[str, str]] = MappingProxyType({"0.0.0.0": HOST, "::": "::1"})  # noqa: S104 - if it is said
"""Addresses that stand for all of this machine, with one at which it reaches itself."""


class EmcsServer:
    """The member states of ``emcs`` over HTTP on this machine, at a ``port``, by default a free one.

    Below ``/sim`` is the simulator itself: what it knows, and its clock. Answers are given while the test does
    something else. Without ``at_once`` it is said later when to begin. With ``each``, the codes of states, each of them
    listens at a port of its own, the following ones; then a gateway has no path before ``/v1`` and ``/ndea``. It
    listens at this machine alone unless ``host`` is another address; ``public_url`` is how others reach it, where that
    is not its address and port. To be closed, or used as a context. Raises UnreadableInput when something else listens
    at a port, or the address is none.
    """

    def __init__(
        self,
        emcs: Emcs,
        port: int = 0,
        *,
        at_once: bool = True,
        each: Sequence[str] = (),
        host: str = HOST,
        public_url: str = "",
        more: Callable[[Simulation], Mapping[Route, Endpoint]] | None = None,
    ) -> None:
        self.emcs = emcs
        self._host, self._public_url = host, public_url.rstrip("/")
        self._sockets = _all_listening(host, port, 1 + len(each))
        self.port, *others = (one.getsockname()[1] for one in self._sockets)
        self.simulation = Simulation(emcs, dict(zip(each, others, strict=True)))
        states = at_ports(WorldDoors(emcs.world), {port: code for code, port in self.simulation.ports.items()})
        doors = simulated(self.simulation, states, more(self.simulation) if more else {})
        self._server = http_server(doors, HttpLimits(), connection=CuttableConnection)
        self._serving: Future[None] | None = None
        if at_once:
            self.begin()

    def begin(self) -> None:
        """Begin to answer; who has asked before waits until then."""
        self._serving = self.emcs.spawn(self._server.serve(sockets=self._sockets))

    def introduce(
        self, url: str, data: Path | None = None, operators: Path | None = None, patience: float = PATIENCE
    ) -> Neighbour:
        """Introduce a gateway that listens at ``url``: it stands for its state, which is not simulated then.

        When it was started with ``--test-clock``, both clocks show the later of their moments, and are moved together
        from now on, by ``emcs.clock`` too: what falls due on either side happens in one order. Otherwise they run as
        the machine's, and cannot be moved. Its operators are known from its data directory, if
        that is here, which is told of all simulated states and traders; and from a file of ``operators``, as
        ``esad registry import`` reads them. ``patience`` is how many seconds it may be silent. Raises PeerError where
        there is none, and UnreadableInput where its state has begun here already, or something is of another state.
        """
        if data is not None:
            check_directory(data)
        neighbour = asyncio.run(Neighbour.at(url, patience))
        introduced(self.emcs, neighbour, data, operators)
        if data is not None:
            make_known(self.emcs, data, codes(self.emcs), self.base)
        self._together(neighbour)
        return neighbour

    def _together(self, neighbour: Neighbour) -> None:
        """Let both clocks show the same; those of whoever follows the machine's run as that does from now on."""
        later = ClockOrder(to=max(neighbour.now, self.emcs.clock.now), rate=None if neighbour.movable else 1)
        self.simulation.meet(neighbour)
        mover = self.emcs.mover if neighbour.movable else self.emcs.alone
        self.emcs.run(mover.obey(later), self.emcs.mover.within)

    def base(self, state: str) -> str:
        """Where the gateway of a state is, by its code; it is not opened for that."""
        return self.simulation.base(self.root, state)

    @property
    def root(self) -> str:
        """Where the simulator is, with ``/sim`` below it."""
        return self._public_url or f"http://{_bracketed(_EVERYWHERE.get(self._host, self._host))}:{self.port}"

    def url(self, state: str = "LT") -> str:
        """Where the gateway of a state is: ``/v1/messages``, ``/v1/traders/…``, ``/ndea`` and ``/health`` below it."""
        return self.base(self.emcs.state(state).code)

    def close(self) -> None:
        """Answer what was asked, and listen no more."""
        self.simulation.part()
        self._server.should_exit = True
        if self._serving is not None:
            with suppress(CancelledError):  # its member states were closed before it
                self._serving.result()
        for one in self._sockets:
            one.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _all_listening(host: str, first: int, count: int) -> list[socket.socket]:
    """Sockets at ports one after the other, or at free ones. Raises UnreadableInput when one cannot be had."""
    with ExitStack() as opened:
        found = [opened.enter_context(listening(first and first + number, host)) for number in range(count)]
        opened.pop_all()
        return found


def listening(port: int, host: str = HOST) -> socket.socket:
    """A socket of an address of this machine that others can connect to at once; 0 is a free port.

    Raises UnreadableInput when something else listens at the port, or the address is none of this machine.
    """
    found = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind((host, port))
        found.listen()
    except (OSError, OverflowError, UnicodeError) as error:
        found.close()
        raise UnreadableInput(_unheard(host, port, error)) from error
    return found


def _unheard(host: str, port: int, error: Exception) -> Said:
    """Why nothing can listen there, and the way out: another port, or another address."""
    if isinstance(error, OverflowError):
        return said("sim.port", host=_bracketed(host), port=port, why=Said("sim.no_such_port"))
    if not isinstance(error, OSError) or isinstance(error, socket.gaierror) or error.errno == EADDRNOTAVAIL:
        return said("sim.no_address", host=f"{host:.80}")
    return said("sim.port", host=_bracketed(host), port=port, why=why(error))


def _bracketed(host: str) -> str:
    """An address as it stands in a URL."""
    return f"[{host}]" if ":" in host else host
