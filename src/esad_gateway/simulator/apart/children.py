"""The processes of member states: each is ``esad simulate`` of one state, and ends with the one that started it."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Final

import structlog

from esad_gateway.errors import PeerError
from esad_gateway.faults import said

GRACE: Final = 20.0
"""Seconds that a process may take to end when it is asked to; then it is killed: nothing of it is kept anyway."""

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class StateProcess:
    """The process of one state; ``url`` is where its simulator is, ``gateway`` where the state is."""

    code: str
    process: "subprocess.Popen[str]"
    said: "Future[Mapping[str, Any]]" = field(default_factory=Future)
    wanted: bool = True

    @classmethod
    def begun(cls, code: str, arguments: Sequence[str], ended: Callable[[str], object]) -> "StateProcess":
        """Start one, which tells soon where it listens. ``ended`` is called when it has ended and nobody asked it to.

        A signal to the group of this process reaches us alone: we have to ask what has happened before all ends.
        """
        command = [sys.executable, "-m", "esad_gateway", "simulate", "--states", code, "--json", *arguments]
        process = subprocess.Popen(  # noqa: S603 - our own program, and no shell
            [*command, "--beside", str(os.getpid())],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        found = cls(code, process)
        threading.Thread(target=found._listen, args=(ended,), name=f"process of {code}", daemon=True).start()
        return found

    @property
    def url(self) -> str:
        """Where its simulator is. Raises PeerError when it has not begun."""
        return str(self.said.result()["url"])

    @property
    def gateway(self) -> str:
        """Where its state is. Raises PeerError when it has not begun."""
        return str(self.said.result()["states"][self.code])

    def _listen(self, ended: Callable[[str], object]) -> None:
        stdout = self.process.stdout
        line = stdout.readline() if stdout else ""
        if line:
            self.said.set_result(json.loads(line))
            stdout.read() if stdout else None
        code = self.process.wait()
        if not line:
            self.said.set_exception(PeerError(said("simulate.apart_begins", state=self.code, code=code)))
        elif self.wanted:
            log.error("the process of a state has ended", state=self.code, code=code)
            ended(self.code)


def end(children: Iterable[StateProcess]) -> None:
    """End processes, and wait until nothing is left of them."""
    found = list(children)
    for one in found:
        one.wanted = False
        one.process.terminate()
    for one in found:
        try:
            one.process.wait(GRACE)
        except subprocess.TimeoutExpired:
            one.process.kill()
            one.process.wait()
