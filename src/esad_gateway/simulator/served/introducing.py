"""Simulated states and the gateway of a system under test get to know each other, with their operators."""

import socket
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from esad_gateway.access import check_access
from esad_gateway.data_directory import DataDirectory
from esad_gateway.errors import UnreadableInput
from esad_gateway.faults import said
from esad_gateway.introduction import Introduction, believe
from esad_gateway.register.json_file import read_registry
from esad_gateway.settings import read_settings
from esad_gateway.simulator.served.neighbour import Neighbour
from esad_gateway.simulator.world.emcs import Emcs
from esad_gateway.store.opening import open_store
from esad_gateway.store.registry import Held, Registry
from esad_gateway.store.seed_register import SeedRegister
from esad_gateway.store.store import SqlStore

LONGEST_LOOK: Final = 1.0
"""Seconds that somebody who is known already has to take a connection."""


def check_directory(root: Path) -> None:
    """That a data directory can be used, with its store. Raises NotConfigured or StoreUnavailable."""
    with _opened(root):
        pass


def introduced(emcs: Emcs, neighbour: Neighbour, root: Path | None, file: Path | None = None) -> None:
    """Let every simulated state know a gateway elsewhere, with its operators.

    They stand in its data directory, if that is here, and in a ``file`` of operators as registers read it. From then on
    its data directory is told of every trader that is simulated. Raises UnreadableInput when one of both is about
    another administration, or the file cannot be read.
    """
    emcs.run(emcs.world.know(neighbour.introduced, operators_of(neighbour, root, file)))
    if root:
        emcs.world.registered = entering(root, emcs.world.clock.now)


def operators_of(neighbour: Neighbour, root: Path | None, file: Path | None) -> list[Held]:
    """The operators of a gateway elsewhere that stand in its data directory and in a file.

    Raises UnreadableInput as ``introduced``.
    """
    in_data = list(_operators(neighbour, root)) if root else []
    return [*in_data, *(_listed(neighbour, file) if file else ())]


def make_known(emcs: Emcs, root: Path, states: Iterable[str], url: Callable[[str], str]) -> None:
    """Let the gateway of a data directory know simulated states, which listen at ``url`` of their codes.

    A gateway that runs takes that over at once. Raises UnreadableInput, also where one of them is somewhere else
    already, and somebody answers there: another simulator, say, from which nothing would come any more.
    """
    take_over(root, [emcs.world.introduction(code, url(code)) for code in states], emcs.clock.now)


def take_over(root: Path, others: Iterable[Introduction], at: datetime) -> None:
    """Let the gateway of a data directory believe what others say of themselves. Raises UnreadableInput as that."""
    found = tuple(others)
    with _opened(root) as store:
        _check_free(root, Registry(store, lambda: at).directory().peers, {one.state: one.url for one in found})
        for other in found:
            believe(DataDirectory(root), store, other, at)


def _check_free(root: Path, peers: Mapping[str, str], urls: Mapping[str, str]) -> None:
    """That nobody else answers for states that are to be at ``urls``. Raises UnreadableInput with the first one."""
    before = {urlsplit(found).netloc: f"NDEA.{code}" for code in urls if (found := peers.get(f"NDEA.{code}"))}
    own = {urlsplit(one).netloc for one in urls.values()}
    for netloc, address in before.items():
        if netloc not in own and _answers(netloc):
            raise UnreadableInput(said("simulate.another", address=address, url=peers[address], folder=str(root)))


def _answers(netloc: str) -> bool:
    where = urlsplit(f"//{netloc}")
    try:
        with socket.create_connection((where.hostname or "", where.port or 80), LONGEST_LOOK):
            return True
    except OSError:
        return False


def _operators(neighbour: Neighbour, root: Path) -> Iterable[Held]:
    state, own = neighbour.introduced.state, read_settings(root).state
    if state != own:
        raise UnreadableInput(said("simulate.other_data", folder=str(root), own=own, state=state))
    with _opened(root) as store:
        found = [one for one in SeedRegister(store).entries() if one.operator.seed.startswith(state)]
    return [(one.operator, one.address, ()) for one in found]


def _listed(neighbour: Neighbour, file: Path) -> Iterable[Held]:
    """The operators of a file, all of them of the state of a gateway elsewhere."""
    found = read_registry(file).operators
    state = neighbour.introduced.state
    if strangers := sorted({one.operator.seed for one in found if not one.operator.seed.startswith(state)}):
        raise UnreadableInput(said("simulate.strangers", file=str(file), state=state, seeds=", ".join(strangers[:10])))
    return [(one.operator, one.address, ()) for one in found]


def entering(root: Path, now: Callable[[], datetime]) -> Callable[[Held], None]:
    """What enters traders into the register of a data directory."""

    def enter(held: Held) -> None:
        operator, address, _ = held
        with _opened(root) as store:
            Registry(store, now).add_operators([(operator, address, None)])

    return enter


@contextmanager
def _opened(root: Path) -> Iterator[SqlStore]:
    own = read_settings(root).profile().address
    check_access(root)
    store = open_store(DataDirectory(root).database, own)
    try:
        yield store
    finally:
        store.close()
