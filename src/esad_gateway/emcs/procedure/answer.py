"""The answer to a message, and what follows from it, as values: nothing here is signed, numbered or written."""

from datetime import datetime

from esad_gateway.emcs.effects import LegalEffect
from esad_gateway.emcs.messages import Message
from esad_gateway.emcs.messages.subject import movement_of, report_of
from esad_gateway.emcs.movement import Act, Movement, Send
from esad_gateway.emcs.seed import Change
from esad_gateway.faults import Faults
from esad_gateway.frozen import frozen


@frozen(kw_only=True)
class Issue:
    """A message of our own to be signed, sent to administration ``to`` (if any), and put into ``mailboxes``.

    ``for_traders`` is what the mailboxes get instead, where the times of traders are not those of administrations.
    ``arc`` and ``sequence`` are what it is about. ``until`` holds it back, ``None`` when it goes at once;
    ``after_held`` says that it is held for what else is held of its movement. ``in_line``: on its way it may not
    overtake other documents about its movement.
    """

    message: Message
    to: str | None
    mailboxes: tuple[str, ...] = ()
    for_traders: Message | None = None
    arc: str | None
    sequence: int | None
    until: datetime | None = None
    after_held: bool = False
    in_line: bool = False

    @classmethod
    def of(cls, send: Send, *, held: datetime | None, in_line: bool) -> "Issue":
        """What a decision sends; ``held`` is until when something of the movement is held."""
        named = movement_of(send.message)
        return cls(
            message=send.message,
            to=send.to,
            mailboxes=send.mailboxes,
            for_traders=send.for_traders,
            arc=named.administrative_reference_code if named else None,
            sequence=named.sequence_number if named else None,
            until=held if send.after_held else send.not_before,
            after_held=send.after_held,
            in_line=in_line,
        )


@frozen(kw_only=True)
class Answer:
    """What becomes of a message: it is accepted, refused for its ``faults``, or parked ``until`` another one comes.

    A message stands in its mailbox beside ``arc`` and ``sequence``. ``movement`` is the movement from now on (``None``:
    as it was), ``issues`` are the messages of our own, a refusal among them, and the received document itself goes as
    it is into the mailboxes ``forward_to``. ``reports`` are event and control reports, by number and ARC, that may be
    referred to from now on; ``changes`` are made in the register. ``act`` is the line of the movement's log, ``None``
    for a message that acts on no movement of ours. ``effects`` are those of national law. An answer without any effect
    files the message.
    """

    arc: str | None = None
    sequence: int | None = None
    faults: Faults = ()
    until: datetime | None = None
    movement: Movement | None = None
    issues: tuple[Issue, ...] = ()
    forward_to: tuple[str, ...] = ()
    reports: frozenset[tuple[str, str]] = frozenset()
    changes: tuple[Change, ...] = ()
    act: Act | None = None
    effects: tuple[LegalEffect, ...] = ()


def reports_in(*messages: Message | None) -> frozenset[tuple[str, str]]:
    """The event and control reports among some messages."""
    found = (report_of(message) for message in messages if message is not None)
    return frozenset(report for report in found if report is not None)
