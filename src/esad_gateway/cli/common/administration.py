"""What the commands of the administration share: the registry of a data directory, opened and closed."""

import os
import pwd
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from esad_gateway.access import check_access
from esad_gateway.cli.common.language import wrong
from esad_gateway.faults import Said
from esad_gateway.settings import read_settings
from esad_gateway.store.opening import open_store
from esad_gateway.store.registry import Registry
from esad_gateway.store.store import SqlStore

Data = Annotated[Path, typer.Option("--data", metavar="DIR", help="The data directory of the gateway.")]


def _some_words(reason: str) -> str:
    if not reason.strip():
        raise wrong(Said("outbox.why"))
    return reason.strip()


Reason = Annotated[str, typer.Option(callback=_some_words, help="Why; it is kept with what is dropped.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def account() -> str:
    """The account that runs this, by the system's own word and not by the environment's."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


@contextmanager
def opened(data: Path) -> Iterator[SqlStore]:
    """The store of a data directory, in the newest form. Raises NotConfigured when there is none, or it is not safe."""
    settings = read_settings(data)
    check_access(data)
    store = open_store(data / "store.db", settings.profile().address)
    try:
        yield store
    finally:
        store.close()


@contextmanager
def registry_of(data: Path) -> Iterator[Registry]:
    """The registry of a data directory; a running gateway notices what is changed in it."""
    with opened(data) as store:
        yield Registry(store)
