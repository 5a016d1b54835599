"""Measures what strangers cost: ``PYTHONPATH=tests python -m helpers.measure_attacks``, on an idle machine.

Printed are the CPU seconds of every dear request, the memory that a flood of headers takes, and how long an honest
dry run takes alone and beside six clients that send the dearest requests without pause.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from statistics import median, quantiles
from time import monotonic, sleep

from helpers.attacked import DEAR, DRAFT, HEAD, JSON, XML, Attacked, attacked

FLOOD = [b"A: b\r\n" * 20_000] * 1_250
ENEMIES = 6
ASKING_SECONDS = 8
SETTLE_SECONDS = 1.0
VALIDATE = "/v1/messages/validate"
ENEMY = """
import sys
from http.client import HTTPConnection
body = sys.stdin.buffer.read()
while True:
    try:
        connection = HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=60)
        connection.request("POST", sys.argv[2], body, {"Content-Type": sys.argv[3]})
        connection.getresponse().read()
        connection.close()
    except OSError:
        pass
"""


def dear(gateway: Attacked) -> Iterator[str]:
    """The CPU seconds of every dear request, the second time that it is sent."""
    for name, (path, body) in DEAR.items():
        kind = JSON if path.endswith("compose") else XML
        gateway.status("POST", path, body, kind)
        before = gateway.cpu()
        status = gateway.status("POST", path, body, kind)
        yield f"{name}: {gateway.cpu() - before:.2f} s, {status}"


def flood(gateway: Attacked) -> str:
    """The megabytes by which a flood of small header lines on one connection raises the peak."""
    before = gateway.peak()
    with closing(gateway.connect(HEAD, *FLOOD)):
        return f"flood of headers, {sum(map(len, FLOOD)) // 10**6} MB: {gateway.peak() - before} MB"


def honest(gateway: Attacked) -> str:
    """How long small dry runs take, one after the other."""
    took = list[float]()
    end = monotonic() + ASKING_SECONDS
    while len(took) < 2 or monotonic() < end:
        began = monotonic()
        gateway.status("POST", VALIDATE, DRAFT)
        took.append((monotonic() - began) * 1000)
        sleep(0.02)
    return f"median {median(took):.1f} ms, 95 % below {quantiles(took, n=20)[-1]:.1f} ms"


@contextmanager
def enemies(gateway: Attacked, name: str) -> Iterator[None]:
    """Clients in processes of their own that send one dear request again and again."""
    path, body = DEAR[name]
    kind = JSON if path.endswith("compose") else XML
    command = (sys.executable, "-c", ENEMY, str(gateway.port), path, kind)
    started = [subprocess.Popen(command, stdin=subprocess.PIPE) for _ in range(ENEMIES)]
    try:
        for process in started:
            with suppress(BrokenPipeError), process.stdin as pipe:  # type: ignore[union-attr]  # it is a pipe
                pipe.write(body)
        sleep(SETTLE_SECONDS)
        yield
    finally:
        for process in started:
            process.kill()
            process.wait()


def figures() -> Iterator[str]:
    """Everything, line by line."""
    with tempfile.TemporaryDirectory() as folder, attacked(Path(folder)) as gateway:
        yield flood(gateway)
        yield from dear(gateway)
        yield f"honest, alone: {honest(gateway)}"
        for name in DEAR:
            with enemies(gateway, name):
                yield f"honest, beside {ENEMIES} with {name}: {honest(gateway)}"


if __name__ == "__main__":
    for line in figures():
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
