"""The way of a call through the rooms of the package, as the interpreter goes it: nothing is replaced."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

PURE = "esad_gateway.emcs"
GATEWAY = "esad_gateway.gateway"
ELSEWHERE = "elsewhere"


@dataclass
class Walk:
    """Where the work was, in order, while one function ran: files of the gateway, and ``emcs`` as one room.

    ``climbs`` are the functions of the gateway that something in ``emcs`` has called, ``asked`` are those of ``emcs``
    that the gateway has.
    """

    stays: list[str] = field(default_factory=list)
    climbs: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


@contextmanager
def walks(function: str) -> Iterator[list[Walk]]:
    """The walk of every call of ``function`` (``Committer._answered``) in this thread."""
    found: list[Walk] = []
    rooms: list[str | None] = []

    def follow(frame: FrameType, event: str, _argument: Any) -> None:
        if event == "call":
            if frame.f_code.co_qualname == function:
                found.append(Walk())
                rooms.clear()
            if found and (rooms or frame.f_code.co_qualname == function):
                _enter(found[-1], rooms, frame)
        elif event == "return" and rooms:
            rooms.pop()
            _stay(found[-1], rooms)

    before = sys.getprofile()
    sys.setprofile(follow)
    try:
        yield found
    finally:
        sys.setprofile(before)


def _enter(walk: Walk, rooms: list[str | None], frame: FrameType) -> None:
    room, name = _room(frame), frame.f_code.co_qualname
    here = _last(rooms)
    # What an adapter does is its own business, whomever it asks.
    room = ELSEWHERE if here == ELSEWHERE else room
    if here == PURE and room and room.startswith(GATEWAY):
        walk.climbs.append(name)
    if room == PURE and here != PURE:
        walk.asked.append(name)
    rooms.append(room)
    _stay(walk, rooms)


def _stay(walk: Walk, rooms: list[str | None]) -> None:
    here = _last(rooms)
    if here is not None and here != ELSEWHERE and walk.stays[-1:] != [here]:
        walk.stays.append(here)


def _last(rooms: list[str | None]) -> str | None:
    return next((room for room in reversed(rooms) if room is not None), None)


def _room(frame: FrameType) -> str | None:
    """The room of a function; ``None`` for those of others, and for constructors that a dataclass has made."""
    if frame.f_code.co_filename == "<string>":
        return None
    module: str = frame.f_globals.get("__name__", "")
    if module.startswith(PURE):
        return PURE
    if module.startswith(GATEWAY):
        return module
    return ELSEWHERE if module.startswith("esad_gateway") else None
