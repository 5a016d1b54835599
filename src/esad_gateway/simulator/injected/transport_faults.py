"""The door of a state answers as it should not, to documents that are all right."""

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Final

from esad_gateway.ports.outbox import DeliveryOutcome
from esad_gateway.simulator.injected.model import Answered, FaultKind, InjectedFault, Manner, Reply
from esad_gateway.transport.answers import HttpAnswer
from esad_gateway.transport.envelope import CONTENT_TYPE, Acknowledgement, delivered, fault

XML: Final = {"content-type": CONTENT_TYPE}
HTML: Final = {"content-type": "text/html; charset=utf-8"}
PROBLEM: Final = {"content-type": "application/problem+json"}
RETRY_AFTER: Final = "120"
"""Seconds that a state asks to be left alone for."""

ELSEWHERE: Final = "http://elsewhere.invalid/ndea"
"""Where a redirect leads: a name that nobody can have (RFC 2606)."""

_NOISE: Final = 512
_PAGE: Final = b"<!doctype html><html><body><h1>It works!</h1></body></html>"
_OTHER: Final = delivered(Acknowledgement(DeliveryOutcome.ACCEPTED, "of-another-message"))


def _without_commit(reply: Reply, to_traders: Reply | None = None, *, soap: bool = False) -> Answered:
    """A door that commits nothing, and answers this: the same to traders, unless only ``soap`` can say it."""
    told = to_traders or reply
    return Answered(reply=lambda _right, _chance: reply, to_traders=None if soap else lambda _right, _chance: told)


def _after_commit(changed: Callable[[Reply], Reply]) -> Answered:
    """A door that commits, and changes what it answers."""

    def reply(right: HttpAnswer | None, _chance: Random) -> Reply:
        if right is None:
            raise TypeError("a door that commits has an answer")
        return changed(Reply(status=right.status, headers=XML | dict(right.headers), body=right.body))

    return Answered(reply=reply, to_traders=reply, commits=True)


def _in_manner(manner: Manner) -> Callable[[Reply], Reply]:
    return lambda reply: replace(reply, manner=manner)


def _named_otherwise(reply: Reply) -> Reply:
    return replace(reply, headers={**reply.headers, "content-type": "application/octet-stream"})


def _noise(_right: HttpAnswer | None, chance: Random) -> Reply:
    return Reply(headers=XML, body=b"\x00" + chance.randbytes(_NOISE))


_ACTS: Final = {
    "connection-refused": _without_commit(Reply(manner=Manner.REFUSED)),
    "connection-reset": _without_commit(Reply(manner=Manner.RESET)),
    "no-answer": _without_commit(Reply(manner=Manner.SILENT)),
    "slow-answer": _after_commit(_in_manner(Manner.DRIP)),
    "lost-answer": _after_commit(_in_manner(Manner.SILENT)),
    "cut-answer": _after_commit(_in_manner(Manner.CUT)),
    "endless-answer": _without_commit(Reply(headers=XML, body=b" " * 1024, manner=Manner.ENDLESS)),
    "server-fault": _without_commit(
        Reply(status=500, headers=XML, body=fault("Server", "out of space")),
        Reply(status=500, headers=PROBLEM, body=b'{"type":"about:blank","title":"out of space","status":500}'),
    ),
    "bad-gateway": _without_commit(Reply(status=502, headers=HTML, body=b"<html><h1>502 Bad Gateway</h1></html>")),
    "unavailable": _without_commit(Reply(status=503, headers=HTML | {"retry-after": RETRY_AFTER})),
    "too-many-requests": _without_commit(Reply(status=429, headers=HTML | {"retry-after": RETRY_AFTER})),
    "garbage": Answered(reply=_noise, to_traders=_noise),
    "web-page": _without_commit(Reply(headers=HTML, body=_PAGE)),
    "wrong-content-type": _after_commit(_named_otherwise),
    "redirect": _without_commit(Reply(status=307, headers={"location": ELSEWHERE})),
    "acknowledges-another": _without_commit(Reply(headers=XML, body=_OTHER), soap=True),
    "refuses-what-is-right": _without_commit(
        Reply(status=500, headers=XML, body=fault("Client", "not like this")), soap=True
    ),
}

FAULTS: Final = tuple(InjectedFault(name=name, kind=FaultKind.TRANSPORT, act=act) for name, act in _ACTS.items())
