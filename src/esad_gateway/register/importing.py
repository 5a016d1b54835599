"""Loading an IE713 into the register: judged as a whole first, and written only when nothing is wrong."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, cast

from esad_gateway.emcs.messages import IE713
from esad_gateway.emcs.messages.groups import Header
from esad_gateway.emcs.seed import Pending, Refusal, changes_of, refusals_of
from esad_gateway.faults import MOST_FAULTS, Fault
from esad_gateway.store.seed_register import SeedRegister
from esad_gateway.xml.binding import read
from esad_gateway.xml.extract import ExtractPart, parts
from esad_gateway.xml.release import Releases


@dataclass(frozen=True, slots=True)
class JudgedExtract:
    """What is wrong with an IE713: faults of the schema, and refusals; both empty for one that may be loaded."""

    header: Header | None
    faults: tuple[Fault, ...]
    refusals: tuple[Refusal, ...]

    @property
    def every_fault(self) -> tuple[Fault, ...]:
        """Both, 999 at most."""
        return (*self.faults, *(refusal.fault for refusal in self.refusals))[:MOST_FAULTS]


@dataclass(frozen=True, slots=True)
class Loader:
    """Judges and loads files for one register.

    ``opened`` opens a file for reading, and may tell what is being done meanwhile; it raises UnreadableInput.
    """

    register: SeedRegister
    releases: Releases
    opened: Callable[[Path, str], AbstractContextManager[IO[bytes]]]

    def judge(self, path: Path) -> JudgedExtract:
        """Everything that is wrong with a file, 999 faults at most. Raises UnreadableInput and MalformedXml."""
        faults: dict[Fault, None] = {}
        refusals: list[Refusal] = []
        pending, header = Pending(self.register), None
        with self.opened(path, "check") as file:
            for part in parts(file):
                if not self.releases.accepts(part.root):
                    faults.update(dict.fromkeys(part.faults(self.releases)))
                else:
                    message = _message(part)
                    header = message.header
                    refusals += _refusals(part, message, pending)
                if len(faults) + len(refusals) >= MOST_FAULTS:
                    break
        return JudgedExtract(header, tuple(faults), tuple(refusals))

    def load(self, path: Path) -> int:
        """Make the changes of a file that was judged; returns how many. Every part is one transaction.

        So a running gateway is never kept waiting long. After a crash, an extract can be loaded again.
        """
        with self.opened(path, "load") as file:
            return sum(self.register.apply(changes_of(_message(part))) for part in parts(file))


def _message(part: ExtractPart) -> IE713:
    return cast("IE713", read(part.root))


def _refusals(part: ExtractPart, message: IE713, pending: Pending) -> Iterator[Refusal]:
    for refusal in refusals_of(message, pending):
        yield refusal._replace(fault=replace(refusal.fault, place=part.whole(refusal.fault.place)))
