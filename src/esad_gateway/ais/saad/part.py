"""What is wrong with an entry of which not all could be read: rules that ask for the rest of it say nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, fields, replace
from typing import Any, Final, cast

from esad_gateway.ais.saad.mechanism import LINES, Amiss, SaadContext, in_order, run
from esad_gateway.ais.saad.record import SaadEntry, SaadLine
from esad_gateway.ais.saad.rules import CONTENT
from esad_gateway.faults import Faults

UNREAD: Final = object()
"""Stands for a value that is there, or should be, and could not be read."""


def part_faults(own: Mapping[str, Any], lines: Sequence[Mapping[str, Any]], context: SaadContext) -> Faults:
    """Every fault that shows in what could be read of an entry, in the order of its fields.

    ``own`` are its values by the names of their fields, ``lines`` those of its lines; :data:`UNREAD` is none, nor is
    what is left out of those that an entry must have. A rule that asks for such a value finds nothing, so what is told
    stays true whatever that value is. Not checked: what :func:`esad_gateway.ais.saad.rules.content_faults` does not.
    """
    part = _Part(SaadEntry, {**own, LINES: tuple(_Part(SaadLine, line) for line in lines)})
    return in_order(run(_ASKED, cast("SaadEntry", part), context))


class _UnreadError(Exception):
    """A rule asks for a value that could not be read."""


class _Part:
    """The values of an entry or of a line that could be read."""

    def __init__(self, of: type[SaadEntry | SaadLine], values: Mapping[str, Any]) -> None:
        self._values = {one.name: one.default for one in fields(of) if one.default is not MISSING} | dict(values)

    def __getattr__(self, name: str) -> object:
        value = self._values.get(name, UNREAD)
        if value is UNREAD:
            raise _UnreadError(name)
        return value


def _where_read(check: Callable[..., Amiss | None]) -> Callable[..., Amiss | None]:
    def asked(*given: object) -> Amiss | None:
        try:
            return check(*given)
        except _UnreadError:
            return None

    return asked


_ASKED: Final = tuple(replace(rule, check=_where_read(rule.check)) for rule in CONTENT)
