"""What is wrong with an entry of which not all could be read: rules that ask for the rest of it say nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, fields, replace
from typing import Any, Final

from esad_gateway.ais.saad.mechanism import LINES, Amiss, SaadContext, in_order, run
from esad_gateway.ais.saad.record import SaadEntry, SaadLine
from esad_gateway.ais.saad.rules import CONTENT
from esad_gateway.faults import Faults
from esad_gateway.unread import UNREAD, guarded, where_read


def part_faults(own: Mapping[str, Any], lines: Sequence[Mapping[str, Any]], context: SaadContext) -> Faults:
    """Every fault that shows in what could be read of an entry, in the order of its fields.

    ``own`` are its values by the names of their fields, ``lines`` those of its lines; ``UNREAD`` is none, nor is
    what is left out of those that an entry must have. A rule that asks for such a value finds nothing, so what is told
    stays true whatever that value is. Not checked: what :func:`esad_gateway.ais.saad.rules.content_faults` does not.
    """
    part = _made(SaadEntry, {**own, LINES: tuple(_made(SaadLine, line) for line in lines)})
    return in_order(run(_ASKED, guarded(part), context))


def _made(of: type[Any], values: Mapping[str, Any]) -> Any:
    return of(**{one.name: UNREAD for one in fields(of) if one.default is MISSING} | dict(values))


def _where_read(check: Callable[..., Amiss | None]) -> Callable[..., Amiss | None]:
    return lambda *given: where_read(lambda: check(*given), None)


_ASKED: Final = tuple(replace(rule, check=_where_read(rule.check)) for rule in CONTENT)
