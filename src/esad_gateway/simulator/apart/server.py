"""The simulator in front of member states that are a process each: it starts them, and they end with it."""

from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from concurrent.futures import Future
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Final, Self, TypeVar

from esad_gateway.introduction import Introduction, asked
from esad_gateway.simulator.apart.children import StateProcess, end
from esad_gateway.simulator.apart.doors import front_doors, known
from esad_gateway.simulator.apart.whole import Whole
from esad_gateway.simulator.served.server import HOST, listening
from esad_gateway.simulator.timed.clock import TestClock
from esad_gateway.simulator.world.background import Background
from esad_gateway.transport.limits import HttpLimits
from esad_gateway.transport.server import http_server

T = TypeVar("T")

_HIGHEST: Final = 65535


class FrontServer:
    """Processes of member states, and ``/sim`` in front of them at a ``port``; 0: free ones. A context.

    ``arguments`` are those of each process beside its port, by the code of its state; theirs are the ports behind
    ``port``. Their clocks stand as ``clock`` does, until it is said otherwise. ``registered`` is told of every trader,
    as JSON. Raises UnreadableInput when something else listens at ``port``, and PeerError when a process cannot begin.
    """

    def __init__(
        self,
        port: int,
        clock: TestClock,
        arguments: Mapping[str, Sequence[str]],
        whole: Callable[[Sequence[StateProcess]], Whole],
        registered: Callable[[bytes], Awaitable[None]],
    ) -> None:
        self.ended: list[str] = []
        """The codes of states whose processes have ended, and nobody had asked them to."""
        self._opened = ExitStack()
        with ExitStack() as opened:
            self._socket = opened.enter_context(listening(port))
            children: list[StateProcess] = []
            opened.callback(end, children)
            for number, (code, more) in enumerate(arguments.items(), port + 1 if port else 0):
                at = min(number, _HIGHEST) if port else 0
                told = ("--port", str(at), "--begins", clock.now().isoformat(), *more)
                children.append(StateProcess.begun(code, told, self.ended.append))
            self.states = {one.code: one.gateway for one in children}
            self._background = Background()
            opened.callback(self._background.stop)
            self.whole = whole(children)
            self._server = http_server(front_doors(self.whole, registered), HttpLimits())
            self._opened = opened.pop_all()
        self._serving: Future[None] | None = None

    @property
    def root(self) -> str:
        """Where the simulator is, with ``/sim`` below it."""
        return f"http://{HOST}:{self._socket.getsockname()[1]}"

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something where answers are given, however long it takes."""
        return self._background.spawn(work).result()

    def introduce(self, operators: list[Any]) -> None:
        """Have all know each other, and a gateway elsewhere with its ``operators``. Raises PeerError."""
        self.run(known(self.whole, self.root, operators))

    def introductions(self) -> list[Introduction]:
        """What each state says of itself. Raises PeerError."""
        return [self.run(asked(url)) for url in self.states.values()]

    def begin(self) -> None:
        """Begin to answer; who has asked before waits until then."""
        self._serving = self._background.spawn(self._server.serve(sockets=[self._socket]))

    def close(self) -> None:
        """Answer what was asked, listen no more, and end all processes."""
        self._server.should_exit = True
        if self._serving is not None:
            self._serving.result()
        self._opened.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
