"""The messages an administration makes out of a trader's: the e-SAD out of a draft, the validated copy of a report."""

from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from datetime import UTC, datetime
from itertools import accumulate
from typing import Any, Final, Protocol

from esad_gateway.emcs.administration_codes import TechnicalMessageType
from esad_gateway.emcs.codes import (
    NotificationType,
    ReminderMessageType,
    ReportMessageType,
    RequestedMessageType,
    StatusRequestMessageType,
    StatusType,
)
from esad_gateway.emcs.identifiers import weighted_digit
from esad_gateway.emcs.messages import (
    IE717,
    IE801,
    IE802,
    IE803,
    IE813,
    IE815,
    IE840,
    IE904,
    IE905,
    IE934,
    ie802,
    ie803,
    ie815,
    ie840,
    ie904,
    ie905,
    ie934,
)
from esad_gateway.emcs.messages import ie801 as e_sad
from esad_gateway.emcs.messages.groups import ExciseMovement, Header
from esad_gateway.emcs.messages.kinds import kind_of
from esad_gateway.emcs.profile import NationalProfile
from esad_gateway.frozen import frozen


@frozen(kw_only=True)
class Stamp:
    """What a decision uses but cannot make itself, because it is pure.

    ``now`` is an aware datetime, ``arc`` the code reserved for this message (used only by an accepted draft),
    ``identifiers`` an endless supply of fresh message identifiers.
    """

    now: datetime
    profile: NationalProfile
    arc: str
    identifiers: Iterator[str]

    @property
    def moment(self) -> datetime:
        """``now`` as it stands in a message: UTC to the second, without the zone."""
        return self.now.astimezone(UTC).replace(microsecond=0, tzinfo=None)

    def header(self, recipient: str, correlation: str | None = None) -> Header:
        """A header from us to ``recipient`` (``NDEA.PL``) with a fresh identifier.

        ``correlation`` is the identifier of the message that is answered; TR9121 says which answers carry it.
        """
        moment = self.moment
        return Header(
            message_sender=self.profile.address,
            message_recipient=recipient,
            date_of_preparation=moment.date(),
            time_of_preparation=moment.time(),
            message_identifier=next(self.identifiers),
            correlation_identifier=correlation,
        )


def validated_document(draft: IE815, stamp: Stamp) -> IE801:
    """The e-SAD of an accepted draft: ARC, sequence number 1, validation time as update time (R059, BR057).

    The deferred flag and the submission type stay behind: neither is part of the validated document (C149).
    """
    consignee = (draft.consignee_trader.traderid if draft.consignee_trader else None) or ""
    header, entry = draft.header_ead_esad, draft.ead_esad_draft
    moment = stamp.moment
    return IE801(
        header=stamp.header(f"NDEA.{consignee[:2]}"),
        excise_movement=e_sad.ExciseMovement(
            administrative_reference_code=stamp.arc, date_and_time_of_validation_of_ead_esad=moment
        ),
        ead_esad=e_sad.EadEsad(**{name: getattr(entry, name) for name in _OF_ENTRY}),
        header_ead_esad=e_sad.HeaderEadEsad(
            sequence_number=1,
            date_and_time_of_update_validation=moment,
            **{name: getattr(header, name) for name in _OF_HEADER},
        ),
        **{name: getattr(draft, name) for name in _SHARED_WITH_DRAFT},
    )


_OF_ENTRY = tuple(item.name for item in fields(ie815.EadEsadDraft))
_OF_HEADER = tuple(item.name for item in fields(ie815.HeaderEadEsad))
_SHARED_WITH_DRAFT = tuple(
    sorted(
        {item.name for item in fields(IE801)} & {item.name for item in fields(IE815)} - {"header", "header_ead_esad"},
    )
)


def validated(message: Any, stamp: Stamp, movement: "Heading") -> Any:
    """The validated copy of a trader's message: from us to the other administration, with its validation time (C149).

    A change of destination gets its sequence number as well: one more than before (R059).
    """
    copy = replace(
        message,
        header=stamp.header(movement.other),
        attributes=replace(message.attributes, **{str(kind_of(message).stamped): stamp.moment}),
    )
    if isinstance(copy, IE813):
        return replace(copy, update_ead_esad=replace(copy.update_ead_esad, sequence_number=movement.sequence))
    return copy


def issued(message: Any, stamp: Stamp, movement: "Heading") -> Any:
    """What an office of ours ordered, as the administration's own message to the other side, on the same question."""
    return replace(message, header=stamp.header(movement.other, message.header.correlation_identifier))


class Heading(Protocol):
    """What the messages about a movement need of it."""

    @property
    def arc(self) -> str:
        """The ARC."""

    @property
    def sequence(self) -> int:
        """The latest sequence number."""

    @property
    def state(self) -> StatusType:
        """The state on our side."""

    @property
    def limit(self) -> datetime:
        """When the journey must be over."""

    @property
    def change_due(self) -> datetime | None:
        """When a destination must be given."""

    @property
    def last_message(self) -> RequestedMessageType:
        """What the other side sent last."""

    @property
    def other(self) -> str:
        """The administration on the other side."""


def status_request(movement: Heading, stamp: Stamp) -> IE904:
    """The question where the other side stands, with where we stand (TR9120: a synchronisation request)."""
    return IE904(
        header=stamp.header(movement.other),
        attributes=ie904.Attributes(
            administrative_reference_code=movement.arc,
            sequence_number=movement.sequence,
            status=movement.state,
            last_received_message_type=movement.last_message,
            status_request_message_type=StatusRequestMessageType.STATUS_SYNCHRONISATION,
            national_movement_information_requested_flag=False,
        ),
    )


def status_response(movement: Heading | None, request: IE904, stamp: Stamp) -> IE905:
    """Where we stand, correlated with the question (TR9121); X09 when we know no such movement."""
    asked = request.attributes
    return IE905(
        header=stamp.header(request.header.message_sender, request.header.message_identifier),
        attributes=ie905.Attributes(
            administrative_reference_code=asked.administrative_reference_code,
            sequence_number=movement.sequence if movement else asked.sequence_number,
            status=movement.state if movement else StatusType.NONE,
            last_received_message_type=movement.last_message if movement else RequestedMessageType.NONE,
        ),
    )


def history(exchanged: Iterable[tuple[str, bytes]], request: IE904, stamp: Stamp) -> IE934 | None:
    """What was exchanged about the movement of ``request``, packed: the latest 99 messages, oldest first.

    They are fewer where a receiver could not take so much. ``exchanged`` are message types with their documents, byte
    for byte. Types that a package cannot hold are left out; ``None`` when nothing is left. Correlated with the request
    (TR9121).
    """
    bodies = [
        ie934.MessageBody(technical_message_type=TechnicalMessageType(name), message_data=document)
        for name, document in exchanged
        if name in set(TechnicalMessageType)
    ]
    sizes = accumulate(len(body.message_data) for body in reversed(bodies))
    fitting = min(sum(size <= MOST_BYTES for size in sizes), _MOST_PACKED)
    if not fitting:
        return None
    header = stamp.header(request.header.message_sender, request.header.message_identifier)
    return IE934(header=header, message_body=tuple(bodies[-fitting:]))


_MOST_PACKED: Final = 99
"""How many messages a package holds (schema of IE934)."""

MOST_BYTES: Final = 4_600_000
"""How many bytes a package holds: as base64, in a document that a gateway takes (6 MiB)."""


def diversion(movement: Heading, stamp: Stamp) -> IE803:
    """The notice to a consignee that its goods go back."""
    return IE803(
        header=stamp.header(stamp.profile.address),
        excise_notification=ie803.ExciseNotification(
            notification_type=NotificationType.CHANGE_OF_DESTINATION,
            notification_date_and_time=stamp.moment,
            administrative_reference_code=movement.arc,
            sequence_number=movement.sequence,
        ),
    )


def reminder_of_report(movement: Heading, stamp: Stamp) -> IE802:
    """The reminder that the report of receipt is due, for consignor, destination and consignee."""
    return _reminder(movement, movement.limit, ReminderMessageType.REPORT_OF_RECEIPT, movement.other, stamp)


def reminder_of_change(movement: Heading, stamp: Stamp) -> IE802:
    """The reminder that a destination must be given, for the consignor."""
    due = movement.change_due or stamp.now
    return _reminder(movement, due, ReminderMessageType.CHANGE_OF_DESTINATION, stamp.profile.address, stamp)


def event_report(message: IE840, stamp: Stamp, recipient: str) -> IE840:
    """The validated copy of an event report: with its number, its validation time, and as a validated document.

    The number is the state, 13 characters and a check digit like that of an ARC (inferred: domain facts 11).
    """
    code = f"{stamp.profile.state}{stamp.arc[4:17]}"
    return replace(
        message,
        header=stamp.header(recipient),
        attributes=ie840.Attributes(
            event_report_message_type=ReportMessageType.VALIDATED_DOCUMENT,
            date_and_time_of_validation_of_event_report=stamp.moment,
        ),
        header_event_report=replace(message.header_event_report, event_report_number=code + weighted_digit(code)),
    )


def control_report(message: IE717, stamp: Stamp, recipient: str) -> IE717:
    """The validated copy of a control report: with its validation time. Its reference is the office's own."""
    attributes = replace(message.attributes, date_and_time_of_validation_of_control_report=stamp.moment)
    return replace(message, header=stamp.header(recipient), attributes=attributes)


def _reminder(movement: Heading, due: datetime, kind: ReminderMessageType, recipient: str, stamp: Stamp) -> IE802:
    return IE802(
        header=stamp.header(recipient),
        attributes=ie802.Attributes(
            date_and_time_of_issuance_of_reminder=stamp.moment,
            limit_date_and_time=due.astimezone(UTC).replace(microsecond=0, tzinfo=None),
            reminder_message_type=kind,
        ),
        excise_movement=ExciseMovement(administrative_reference_code=movement.arc, sequence_number=movement.sequence),
    )
