"""Pages of the documentation as their readers use them: links are followed, and marked commands are run in order."""

import os
import random
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from esad_gateway.simulator.box import is_free
from helpers.ready import ready

ROOT = Path(__file__).parents[2]
INSTALLED = Path(sys.executable).parent
_MARKED = re.compile(r"<!-- run -->\n```(bash|python)\n(.*?)```", re.DOTALL)
_PATIENCE = 900  # seconds; a page runs some twenty commands, and other tests run beside it
_UNMARKED = re.compile(r"(?<!<!-- run -->\n)```bash\n(.*?)```", re.DOTALL)


def unmarked(page: Path) -> list[str]:
    """The blocks of commands that :func:`transcript` does not run."""
    return _UNMARKED.findall(page.read_text(encoding="utf-8"))


def links(page: Path) -> list[Path]:
    """The files that the relative links of a page lead to, whether they exist or not."""
    found = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    return [page.parent / link for link in found]


def transcript(
    page: Path,
    folder: Path,
    edits: Mapping[str, str] | None = None,
    environment: Mapping[str, str] = MappingProxyType({}),
    programs: Path | None = None,
) -> str:
    """What all marked blocks print when they are run one after the other in ``folder``.

    ``edits`` are texts of the page that this machine needs otherwise, ``environment`` are variables that are set
    besides. ``esad`` is the one in ``programs``, where it is not to be a fork (:mod:`helpers.ready`). Fails with all
    output when a command fails.
    """
    script = ["set -euo pipefail", "trap 'kill $(jobs -p) 2>/dev/null || true; wait' EXIT"]
    text = page.read_text(encoding="utf-8")
    for written, needed in (edits or {}).items():
        text = text.replace(written, needed)
    for number, (language, block) in enumerate(_MARKED.findall(text)):
        (folder / f"{number}.{language}").write_text(block, encoding="utf-8")
        # Sourced, so that the gateway that one block starts is there for the next, as in a reader's shell.
        script.append(f"{'python' if language == 'python' else '.'} ./{number}.{language}")
    path = os.pathsep.join(map(str, (programs or ready().parent, INSTALLED, os.environ["PATH"])))
    ran = subprocess.run(
        ["bash", "-c", "\n".join(script)],
        cwd=folder,
        env={**os.environ, "PATH": path, **environment},
        capture_output=True,
        text=True,
        timeout=_PATIENCE,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def free_port() -> str:
    """A port that was free a moment ago: tests run beside each other, and the port of a page may be taken.

    At random among those that neither the system gives away nor the boxes of the simulator take: nobody else is to get
    it before the page begins to listen.
    """
    return str(next(one for one in _shuffled(_ALONE) if is_free(one)))


def three_ports() -> int:
    """The first of three ports in a row that were free a moment ago; where no other test looks for some."""
    return next(one for one in _shuffled(_IN_A_ROW) if all(is_free(one + more) for more in range(3)))


def _shuffled(ports: range) -> list[int]:
    return random.SystemRandom().sample(ports, len(ports))


_ALONE = range(10_000, 14_000)
_IN_A_ROW = range(14_000, 20_000, 3)
