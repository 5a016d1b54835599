"""A message says that it is another one, answers another one, or comes from or goes to somebody else."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from esad_gateway.emcs.identifiers import NATIONAL_ADMINISTRATIONS
from esad_gateway.simulator.injected.model import ADMINISTRATION, FaultKind, Forged, InjectedFault, Original

ANSWERS: Final = frozenset({"IE704", "IE905", "IE906", "IE917"})
"""What names the message that it answers (TR9121)."""

SAID_ONCE: Final = frozenset({"IE801", "IE813", "IE818"})
"""What a movement takes once: under another identifier it comes out of turn."""


def _identifier(original: Original) -> str:
    """An identifier that no other message has, drawn by the seed."""
    return f"{original.parcel.sender}-{UUID(int=original.chance.getrandbits(128), version=4)}"


def _another_state(original: Original) -> str:
    """The address of an administration that has nothing to do with it."""
    others = NATIONAL_ADMINISTRATIONS - {original.parcel.sender, original.parcel.receiver}
    return ADMINISTRATION + original.chance.choice(sorted(others))


def _prepared_at_another_time(original: Original) -> Mapping[str, Any]:
    """The least that makes it another message: nothing else in it changes."""
    header = original.message.header
    before = datetime.combine(header.date_of_preparation, header.time_of_preparation)
    at = before - timedelta(seconds=original.chance.randrange(1, 3600))
    return {"date_of_preparation": at.date(), "time_of_preparation": at.time()}


def _headed(change: Callable[[Original], Mapping[str, Any]], *, besides: bool = False) -> Forged:
    """The same message with another header."""

    def make(original: Original) -> bytes:
        message = original.message
        changed = replace(message, header=replace(message.header, **change(original)))
        return original.signed(original.written(changed))

    return Forged(make, besides)


def _fault(name: str, act: Forged, messages: frozenset[str] = frozenset()) -> InjectedFault:
    return InjectedFault(name=name, kind=FaultKind.IDENTITY, act=act, messages=messages)


FAULTS: Final = (
    _fault("identifier-reused", _headed(_prepared_at_another_time, besides=True)),
    _fault(
        "another-identifier",
        _headed(lambda original: {"message_identifier": _identifier(original)}, besides=True),
        SAID_ONCE,
    ),
    _fault("wrong-correlation", _headed(lambda one: {"correlation_identifier": _identifier(one)}), ANSWERS),
    _fault("missing-correlation", _headed(lambda _: {"correlation_identifier": None}), ANSWERS),
    _fault("wrong-sender", _headed(lambda original: {"message_sender": _another_state(original)})),
    _fault("wrong-recipient", _headed(lambda original: {"message_recipient": _another_state(original)})),
)
