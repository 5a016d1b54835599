"""What a gateway says of itself when it begins to listen: who it is, where, for whom, and what waits."""

import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

import structlog

from esad_gateway.bootstrap import Runtime
from esad_gateway.cli.common import output
from esad_gateway.cli.common.language import tell as in_language
from esad_gateway.errors import OwnError
from esad_gateway.faults import Said, said
from esad_gateway.server import door, doors
from esad_gateway.store.outbox import Outbox
from esad_gateway.store.undecided import UndecidedMessages

log = structlog.get_logger(__name__)


def tell(runtime: Runtime, url: str, more: Iterable[str] = ()) -> None:
    """Log that the gateway listens at ``url``; who reads along at a terminal gets it in words as well.

    ``more`` are doors of this process alone.
    """
    try:
        told = _told(runtime, url, more)
    except OwnError as error:
        log.warning("gateway listens, and cannot say what waits", url=url, reason=str(error))
        return
    log.info("gateway listens", **told)
    if sys.stderr.isatty():
        for line in _lines(told):
            output.note(line)


def _told(runtime: Runtime, url: str, more: Iterable[str]) -> Mapping[str, Any]:
    waiting = asdict(Outbox(runtime.store).counts()) | {"undecided": UndecidedMessages(runtime.store.reader).count()}
    return {
        "administration": runtime.profile.address,
        "url": url,
        "public_url": runtime.settings.public_url,
        "data": str(runtime.data.root),
        "doors": doors(*more),
        "peers": dict(sorted(runtime.registry.directory().peers.items())),
        "waits": waiting,
    }


def _lines(told: Mapping[str, Any]) -> Iterator[str | Said]:
    where = {name: told[name] for name in ("administration", "url", "data")}
    yield (
        said("serve.listens_behind", **where, public_url=told["public_url"])
        if told["public_url"]
        else said("serve.listens", **where)
    )
    for path in told["doors"]:
        yield f"  {told['url']}{path}  {in_language(door(path))}"
    for address, url in told["peers"].items():
        yield f"  {in_language(said('serve.knows', address=address, url=url))}"
    if not told["peers"]:
        yield f"  {in_language(Said('serve.knows_nobody'))}"
    yield f"  {in_language(said('serve.waits', **told['waits']))}"
