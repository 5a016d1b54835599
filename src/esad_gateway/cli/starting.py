"""What a gateway says of itself when it begins to listen: who it is, where, for whom, and what waits."""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

import structlog

from esad_gateway.bootstrap import Runtime
from esad_gateway.cli import output
from esad_gateway.errors import OwnError
from esad_gateway.server import DOORS
from esad_gateway.store.outbox import Outbox
from esad_gateway.store.undecided import UndecidedMessages

log = structlog.get_logger(__name__)


def tell(runtime: Runtime, url: str) -> None:
    """Log that the gateway listens at ``url``; who reads along at a terminal gets it in words as well."""
    try:
        said = _said(runtime, url)
    except OwnError as error:
        log.warning("gateway listens, and cannot say what waits", url=url, reason=str(error))
        return
    log.info("gateway listens", **said)
    if sys.stderr.isatty():
        for line in _lines(said):
            output.note(line)


def _said(runtime: Runtime, url: str) -> Mapping[str, Any]:
    waiting = asdict(Outbox(runtime.store).counts()) | {"undecided": UndecidedMessages(runtime.store.reader).count()}
    return {
        "administration": runtime.profile.address,
        "url": url,
        "public_url": runtime.settings.public_url,
        "data": str(runtime.data.root),
        "doors": dict(DOORS),
        "peers": dict(sorted(runtime.registry.directory().peers.items())),
        "waits": waiting,
    }


def _lines(said: Mapping[str, Any]) -> Iterator[str]:
    front = f", which others reach at {said['public_url']}" if said["public_url"] else ""
    yield f"{said['administration']} listens at {said['url']}{front}; data: {said['data']}"
    for path, purpose in said["doors"].items():
        yield f"  {said['url']}{path}  {purpose}"
    for address, url in said["peers"].items():
        yield f"  knows {address} at {url}"
    if not said["peers"]:
        yield "  knows no other administration; esad peer connect makes two known to each other"
    yield "  waits: " + ", ".join(f"{many} {name}" for name, many in said["waits"].items())
