"""What is said about movements: the movement itself, and the decisions about it."""

from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from esad_gateway.emcs.codes import (
    DestinationTypeCode,
    GuarantorTypeCode,
    IndicatorOfShortageOrExcess,
    RequestedMessageType,
    StatusType,
)
from esad_gateway.emcs.messages import Message
from esad_gateway.emcs.messages.triggers import Side, Trigger
from esad_gateway.emcs.working_days import ReportOfReceipt
from esad_gateway.frozen import frozen


@frozen
class Line:
    """One body record of the e-SAD: its reference, product and quantity.

    ``refused`` is what was refused of it in the last partial refusal; ``discrepancy`` whether the last report of
    receipt declared a shortage or an excess of it, which may then be explained (BR041).
    """

    reference: int
    product: str
    quantity: Decimal
    refused: Decimal | None = None
    discrepancy: IndicatorOfShortageOrExcess | None = None


TIME_TO_ANSWER: Final = timedelta(days=1)
"""How long the other side may take to answer for its status (IE904) before it is asked once more.

The specification names no time and no second question; without one a movement would wait for ever for what was lost.
"""


class Stage(StrEnum):
    """How far a timer has come."""

    RUNNING = "running"
    ASKED = "asked"
    OVER = "over"
    REMINDED = "reminded"


@frozen
class Timer:
    """A timer of a movement (domain facts 4.3): when it ends, aware in UTC, and how far it has come.

    When TIM_EAD_ESAD ends, the other side is ``ASKED`` for its status; once more, when it has not answered a day later.
    Then, or with its answer, it is ``OVER``. Who owes something is ``REMINDED`` once.
    """

    ends: datetime
    stage: Stage = Stage.RUNNING

    def __post_init__(self) -> None:
        if self.ends.utcoffset() != timedelta(0):
            raise ValueError(f"{self.ends} is no moment in UTC")

    @property
    def runs(self) -> bool:
        """Whether it has not ended yet."""
        return self.stage is Stage.RUNNING

    @property
    def due(self) -> datetime | None:
        """When something is to be done about it next; ``None`` when nothing is."""
        if self.runs:
            return self.ends
        return self.ends + TIME_TO_ANSWER if self.stage is Stage.ASKED else None


@frozen(kw_only=True)
class Version:
    """What a change of destination replaces: kept until it is sure that the other side took the change."""

    sequence: int
    state: StatusType
    consignee: str
    delivery_place: str | None
    destination_type: DestinationTypeCode
    limit: datetime
    transport_mode: str | None = None
    report: ReportOfReceipt | None = None


@frozen(kw_only=True)
class Movement:
    """One side's view of a movement, after its latest change.

    ``dispatched_at`` is the moment of dispatch, aware in UTC, the beginning of the day where the e-SAD gives no time.
    ``journey`` is the timer TIM_EAD_ESAD, which ends when the journey time is over; ``change`` is TIM_CHS, after a
    rejection or refusal until a destination is given. Both are dispatch's: at destination ``journey`` only says when
    the report is due and whether a reminder came. ``questioned`` says that the other side was asked for its status
    because it had refused something of this version. ``last_message`` is what the other side sent last.
    ``destination_state`` is where the goods went first; a return does not change whom we talk to.
    ``initial_consignee`` is the consignee of the e-SAD as it was issued, where a return has put the consignor in its
    place; ``transport_mode`` the latest code of BC67, ``guarantor`` who guarantees the movement. ``report`` says when
    the report of receipt of this version was due and made; a change of destination begins a journey that has none yet.
    ``versions`` are the earlier ones that could be gone back to, oldest first: several changes may be under way.
    Raises ValueError when their numbers do not rise up to ``sequence``.
    """

    arc: str
    side: Side
    state: StatusType
    sequence: int
    lrn: str
    consignor: str
    consignee: str
    delivery_place: str | None
    destination_type: DestinationTypeCode
    destination_state: str
    dispatched_at: datetime
    journey: Timer
    lines: tuple[Line, ...]
    initial_consignee: str | None = None
    transport_mode: str | None = None
    guarantor: GuarantorTypeCode | None = None
    report: ReportOfReceipt | None = None
    change: Timer | None = None
    questioned: bool = False
    last_message: RequestedMessageType = RequestedMessageType.NONE
    versions: tuple[Version, ...] = ()

    def __post_init__(self) -> None:
        numbers = [*(version.sequence for version in self.versions), self.sequence]
        if numbers != sorted(set(numbers)):
            raise ValueError(f"versions {numbers} do not rise")

    @property
    def limit(self) -> datetime:
        """When the journey must be over, and the report of receipt is due."""
        return self.journey.ends

    @property
    def change_due(self) -> datetime | None:
        """When a destination must be given; ``None`` when none is owed, or the consignor was reminded of it."""
        return self.change.ends if self.change and self.change.runs else None

    @property
    def running(self) -> tuple[tuple[datetime, Trigger], ...]:
        """When something is due of each timer, and what that triggers, if the state then allows it."""
        timers = ((self.journey, Trigger.JOURNEY_OVER), (self.change, Trigger.CHANGE_OVERDUE))
        return tuple((timer.due, trigger) for timer, trigger in timers if timer and timer.due)

    @property
    def returning(self) -> bool:
        """Whether the goods are on their way back to the consignor, who then reports the receipt."""
        return self.destination_type is DestinationTypeCode.RETURN_TO_PLACE_OF_DISPATCH

    @property
    def reporting_state(self) -> str:
        """The member state whose trader reports the receipt: that of destination, or of dispatch for a return."""
        return self.arc[2:4] if self.returning else self.destination_state

    def version(self, sequence: int) -> Version | None:
        """The earlier version of that number, ``None`` when there is none that could be gone back to."""
        return next((version for version in self.versions if version.sequence == sequence), None)

    def states_since(self, before: Version) -> set[StatusType]:
        """The states of this version and of those between it and an earlier one."""
        return {self.state, *(version.state for version in self.versions if version.sequence > before.sequence)}

    @property
    def party(self) -> str:
        """The trader on this side: the consignor at dispatch, the consignee at destination."""
        return self.consignor if self.side is Side.DISPATCH else self.consignee

    @property
    def other(self) -> str:
        """The administration on the other side, such as ``NDEA.PL``."""
        return f"NDEA.{self.destination_state if self.side is Side.DISPATCH else self.arc[2:4]}"


@frozen(kw_only=True)
class Send:
    """A message of our own: signed once, then sent to administration ``to`` (if any) and put into ``mailboxes``.

    ``for_traders`` is what the mailboxes get instead, where the times of traders are not those of administrations.
    ``not_before`` holds all of it back until then (fiscal formalities, scenario S5); ``None`` means at once.
    ``after_held`` says that it may not overtake what is held of its movement.
    """

    message: Message
    to: str | None
    mailboxes: tuple[str, ...] = ()
    for_traders: Message | None = None
    not_before: datetime | None = None
    after_held: bool = False


class Effect(StrEnum):
    """What a message, or an ended clock, did to a movement on one side."""

    MOVED = "moved"
    """The state or the version is another one."""
    TAKEN = "taken"
    """The state allows it and stays; timers may have changed."""
    NOTED = "noted"
    """It is about an earlier version, which a change of destination had left meanwhile: it is recorded there."""
    UNDONE = "undone"
    """The other side never takes our change of destination: the movement is back at an earlier version."""
    KNOWN = "known"
    """It had come before, and was sent again."""
    FILED = "filed"
    """It is kept for people to read, since it fits nothing and is never refused."""
    GIVEN_UP = "given up"
    """It had waited for another message, which did not come in time: it is refused."""
    REFUSED = "refused"


@frozen(kw_only=True)
class Decision:
    """What follows from a message.

    ``movement`` is the movement from now on (``None``: there is none, and none begins). ``sends`` are messages of our
    own; the received document itself goes as it is into the mailboxes ``forward_to``. ``resend`` says what the other
    side lacks: every message of ours with such a trigger is sent again, correlated with the one decided (TR9121).
    ``history`` asks for all that was exchanged, packed (IE934). ``effect`` is what it did to the movement; whether one
    that is ``TAKEN`` has moved it shows in the movement.
    """

    movement: Movement | None
    sends: tuple[Send, ...] = ()
    forward_to: tuple[str, ...] = ()
    resend: tuple[Trigger, ...] = ()
    history: bool = False
    effect: Effect = Effect.TAKEN


@frozen
class OutOfSequence:
    """The movement's state does not allow the message (code 92); ``state`` is ``NONE`` when there is no movement."""

    state: StatusType
    trigger: Trigger


@frozen
class Early:
    """The message waits for another one that must come first."""

    trigger: Trigger
