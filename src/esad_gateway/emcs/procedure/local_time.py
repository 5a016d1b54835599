"""Times in messages: UTC between administrations, and in the zone of the traders towards them.

Messages leave the zone out. The schema's notes mean UTC, the law (Delegated Regulation (EU) 2022/1636, annex I) means
local time. Each member state says how its traders write and read them (``NationalProfile.trader_zone``). Days without
a time of day, such as the day of arrival, are days of the calendar and stay as they are.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime, time, tzinfo
from functools import partial
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from esad_gateway.emcs.documents import Stamp
from esad_gateway.emcs.messages import Message
from esad_gateway.emcs.moments import in_zone
from esad_gateway.emcs.movement.values import Decision, Send

_Move: TypeAlias = Callable[[datetime], datetime]

_DAY_OF: Final[Mapping[str, str]] = MappingProxyType(
    {"time_of_preparation": "date_of_preparation", "time_of_dispatch": "date_of_dispatch"}
)
"""The day beside each time of day: together they are a moment, and the day may become another one."""


def moved(message: Message, source: tzinfo, target: tzinfo) -> Message:
    """The message with every moment in it as it is written in zone ``target`` instead of ``source``."""
    if source == target:
        return message
    result: Message = _moved(message, partial(in_zone, source=source, target=target))
    return result


def for_trader(message: Message, stamp: Stamp) -> Message:
    """A message as a document of our own for our traders: in their zone, under an identity of its own."""
    header = stamp.header(stamp.profile.address, message.header.correlation_identifier)
    return moved(replace(message, header=header), UTC, stamp.profile.trader_zone)


def towards_traders(decision: Decision, message: Message | None, stamp: Stamp, release: str | None = None) -> Decision:
    """The decision with what our traders get in their own time, and in the release that they read.

    ``message`` is what was decided, ``None`` for a clock, and ``release`` that in which it was written, ``None`` when
    nobody knows. Where the traders' zone is UTC and they read that release nothing changes: everybody keeps the same
    document. In another zone a message of ours has two documents; there, and in another release, one that would be
    passed on to our traders as it came is issued to them anew. The original stays in the mailbox of the administration
    that sent it.
    """
    local = stamp.profile.trader_zone != UTC
    if not local and stamp.profile.traders_read(release, stamp.now):
        return decision
    sends = tuple(_with_local(send, stamp) if local and send.mailboxes else send for send in decision.sends)
    if decision.forward_to and message is not None:
        sends += (Send(message=for_trader(message, stamp), to=None, mailboxes=decision.forward_to),)
    return replace(decision, sends=sends, forward_to=())


def _with_local(send: Send, stamp: Stamp) -> Send:
    local = for_trader(send.message, stamp)
    return replace(send, message=local) if send.to is None else replace(send, for_traders=local)


def _moved(value: Any, move: _Move) -> Any:
    if isinstance(value, tuple):
        return tuple(_moved(item, move) for item in value)
    if not is_dataclass(value) or isinstance(value, type):
        return value
    changes: dict[str, Any] = {}
    for item in fields(value):
        changes |= _change(value, item.name, move)
    return replace(value, **changes)


def _change(group: Any, name: str, move: _Move) -> dict[str, Any]:
    value = getattr(group, name)
    if isinstance(value, datetime):
        return {name: move(value)}
    if isinstance(value, time):
        moment = move(datetime.combine(getattr(group, _DAY_OF[name]), value))
        return {_DAY_OF[name]: moment.date(), name: moment.time()}
    inner = _moved(value, move)
    return {} if inner is value else {name: inner}
