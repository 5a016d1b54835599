"""A box that stands: three member states in one folder, whose gateways go on after the command that started them."""

import asyncio
import fcntl
import json
import os
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Final

from esad_gateway.data_directory import DataDirectory
from esad_gateway.emcs.registry import CATEGORIES
from esad_gateway.errors import NotConfigured, UnreadableInput
from esad_gateway.faults import said
from esad_gateway.file_errors import file_error, why
from esad_gateway.json_errors import why_no_json
from esad_gateway.provision import write_identity
from esad_gateway.settings import read_settings
from esad_gateway.signing.pki import KeyKind
from esad_gateway.simulator.box import LOG, STOP_SECONDS, Member, Trader, is_free, provision, ready, register
from esad_gateway.simulator.detached import Detached
from esad_gateway.simulator.exchange import OPERATORS, ZONES

PORT: Final = 8470
"""Where the first of the three listens, the others behind it: beside the one that ``esad init`` writes down."""

BOX: Final = "box.json"
"""Who is in it, with the tokens. Written before the folder gets its name: where it stands, the box is whole."""

PROCESSES: Final = "processes.json"
"""The gateways that were started, each as the system knows it."""

_LOCK: Final = "box.lock"


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownTrader:
    """A trader of a box, with what is needed to act as it."""

    seed: str
    name: str
    role: str
    key: Path
    certificate: Path
    token: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxGateway:
    """A gateway of a box: its member state, its process if one was recorded, and whether that runs."""

    member: Member
    process: Detached | None
    runs: bool


@dataclass(frozen=True, slots=True)
class StandingBox:
    """A box in the folder ``root``."""

    root: Path

    @classmethod
    def make(cls, root: Path, now: datetime, port: int = PORT) -> "StandingBox":
        """Make a box: keys, stores, tokens and traders, for ports from ``port`` on. Nothing is started.

        It is whole or not there: it is made beside its place and then renamed. Raises UnreadableInput where that fails,
        and when a port is in use.
        """
        ports = range(port, port + len(ZONES))
        _check_ports(dict(zip(ZONES, ports, strict=True)))
        try:
            root.resolve().parent.mkdir(parents=True, exist_ok=True)
            made = Path(mkdtemp(prefix=f".{root.resolve().name}-", dir=root.resolve().parent))
            try:
                _fill(made, now, ports)
                made.rename(root.resolve())
            except BaseException:
                shutil.rmtree(made, ignore_errors=True)
                raise
        except OSError as error:
            raise UnreadableInput(said("standing_box.unmade", folder=str(root), why=why(error))) from error
        return cls(root)

    @property
    def is_there(self) -> bool:
        """Whether the folder is a box."""
        return (self.root / BOX).is_file()

    @property
    def is_vacant(self) -> bool:
        """Whether a box can be made there: there is nothing, or an empty folder."""
        return not self.root.exists() or (self.root.is_dir() and not any(self.root.iterdir()))

    def check(self) -> None:
        """Raise UnreadableInput when the folder is no box."""
        if not self.is_there:
            raise UnreadableInput(said("standing_box.none", folder=str(self.root)))

    def members(self) -> list[Member]:
        """The member states, in the order of their ports. Raises NotConfigured."""
        return [
            Member(state=state, data=DataDirectory(self.root / state), port=read_settings(self.root / state).port)
            for state in ZONES
        ]

    def traders(self) -> list[KnownTrader]:
        """The traders, with what they sign and read with."""
        url = {member.state: member.url for member in self.members()}
        return [
            KnownTrader(
                **trader,
                key=_identity_path(self.root, trader["seed"], ".key"),
                certificate=_identity_path(self.root, trader["seed"], ".pem"),
                url=url[trader["seed"][:2]],
            )
            for trader in _read(self.root / BOX)["traders"]
        ]

    def gateways(self) -> list[BoxGateway]:
        """Each gateway, and whether the process that was started for it runs."""
        known = self._processes()
        found = [(member, known.get(member.state)) for member in self.members()]
        return [
            BoxGateway(member=member, process=process, runs=process is not None and process.runs)
            for member, process in found
        ]

    def up(self) -> list[Member]:
        """Start the gateways that do not run, and wait until every one answers; returns those that were started.

        Raises UnreadableInput when a port is in use, NotConfigured with what a gateway said that does not come up:
        what was started before that is ended again, and what ran before goes on.
        """
        with self._alone():
            standing = self.gateways()
            missing = [one.member for one in standing if not one.runs]
            _check_ports({member.state: member.port for member in missing})
            processes = {one.member.state: one.process for one in standing if one.process and one.runs}
            try:
                for member in missing:
                    processes[member.state] = self._start(member)
                    self._record(processes)
                asyncio.run(_all_ready([one.member for one in standing], processes))
            except BaseException:
                for member in missing:
                    if begun := processes.pop(member.state, None):
                        begun.end(STOP_SECONDS)
                self._record(processes)
                raise
        return missing

    def down(self) -> list[BoxGateway]:
        """End the gateways that were started here and still run, and nothing else; returns how each was found."""
        with self._alone():
            standing = self.gateways()
            for one in standing:
                if one.process is not None:
                    one.process.end(STOP_SECONDS)
            self._record({})
        return standing

    def _start(self, member: Member) -> Detached:
        whole = replace(member, data=DataDirectory(member.data.root.resolve()))
        try:
            return Detached.start((sys.executable, "-m", "esad_gateway", *whole.command), member.data.root / LOG)
        except OSError as error:
            raise NotConfigured(
                said("standing_box.unstarted", state=member.state, why=file_error(member.data.root / LOG, error))
            ) from error

    def _processes(self) -> dict[str, Detached]:
        file = self.root / PROCESSES
        return {state: Detached.of(one) for state, one in _read(file).items()} if file.exists() else {}

    def _record(self, processes: Mapping[str, Detached]) -> None:
        _write(self.root / PROCESSES, {state: process.record for state, process in processes.items()})

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Nobody else starts or ends gateways of this box meanwhile. Raises UnreadableInput when somebody does."""
        self.check()
        descriptor = os.open(self.root / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        except BlockingIOError as error:
            raise UnreadableInput(said("standing_box.at_work", folder=str(self.root))) from error
        finally:
            os.close(descriptor)


async def _all_ready(members: list[Member], processes: Mapping[str, Detached]) -> None:
    await asyncio.gather(*(ready(member, partial(_has_ended, processes[member.state])) for member in members))


def _has_ended(process: Detached) -> bool:
    return not process.runs


def _fill(root: Path, now: datetime, ports: Sequence[int]) -> None:
    """All of a box but its processes. Every trader may deal in everything, so that every draft can be tried."""
    members = provision(root, ZONES, now, KeyKind.P256, ports)
    operators = [replace(one, categories=CATEGORIES) for one in OPERATORS]
    traders = register(members, operators, now, KeyKind.P256).values()
    for trader in traders:
        paths = [_identity_path(root, trader.seed, ending) for ending in (".key", ".pem")]
        write_identity(trader.identity, *paths)
    _write(root / BOX, {"traders": [_told(trader) for trader in traders]})


def _told(trader: Trader) -> dict[str, str]:
    operator = trader.operator
    role = operator.operator_type.value.replace("_", " ")
    return {"seed": operator.seed, "name": operator.name, "role": role, "token": trader.token}


def _identity_path(root: Path, seed: str, ending: str) -> Path:
    return DataDirectory(root / seed[:2]).authority_key.with_name(f"{seed}{ending}")


def _check_ports(ports: Mapping[str, int]) -> None:
    """Raise UnreadableInput with every port of a member state that another program has."""
    taken = [f"{port} ({state})" for state, port in ports.items() if not is_free(port)]
    if taken:
        raise UnreadableInput(said("standing_box.taken", ports=", ".join(taken)))


def _read(file: Path) -> Any:
    try:
        return json.loads(file.read_bytes())
    except OSError as error:
        raise UnreadableInput(said("data.unreadable", file=str(file), why=why(error))) from error
    except ValueError as error:
        raise UnreadableInput(said("data.unreadable", file=str(file), why=why_no_json(error))) from error


def _write(file: Path, content: Mapping[str, Any]) -> None:
    """Replace a file that only its owner reads; whoever reads it meanwhile gets all of the old or of the new."""
    fresh = file.with_suffix(".new")
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    fresh.replace(file)
