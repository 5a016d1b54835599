"""What excise offices write about a movement: interruptions, closing by hand, and questions about the status."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from esad_gateway.emcs.codes import StatusRequestMessageType
from esad_gateway.emcs.messages import IE807, IE880, IE881, IE904, ie807, ie880, ie881, ie904
from esad_gateway.emcs.messages.fields import Text
from esad_gateway.emcs.messages.groups import Header
from esad_gateway.emcs.movement import Movement
from esad_gateway.identities import header

_OTHER: Final = "0"
"""The reason code of what the text says (BC26, BC107, BC108)."""

_FRAUD, _UNCONNECTED, _UNPROVEN = "1", "2", "1"
"""Fraud is suspected (BC26), the consignee has no connection any more (BC107), the evidence is not enough (BC108)."""


def interruption(movement: Movement, office: str, now: datetime, reason: str = "") -> IE807:
    """The office stops a movement (S19): fraud is suspected, unless another ``reason`` is given."""
    return IE807(
        header=_to_the_other_side(movement, office, now),
        attributes=ie807.Attributes(
            administrative_reference_code=movement.arc,
            complementary_information=_text(reason),
            date_and_time_of_issuance=now.astimezone(UTC).replace(microsecond=0, tzinfo=None),
            reason_for_interruption_code=_OTHER if reason else _FRAUD,
            reference_number_of_excise_office=office,
        ),
    )


def closure_request(movement: Movement, office: str, now: datetime, reason: str = "") -> IE880:
    """The office of destination asks to close a movement by hand (S20)."""
    return IE880(
        header=_to_the_other_side(movement, office, now),
        attributes=ie880.Attributes(
            administrative_reference_code=movement.arc,
            sequence_number=movement.sequence,
            manual_closure_request_reason_code=_OTHER if reason else _UNCONNECTED,
            manual_closure_request_reason_code_complement=_text(reason),
        ),
    )


def closure(
    request: IE880, movement: Movement, office: str, now: datetime, reason: str = "", *, accepted: bool
) -> IE881:
    """The office of dispatch answers such a ``request``; where it is not accepted, the ``reason`` says why."""
    asked = request.attributes
    heading = _to_the_other_side(movement, office, now)
    return IE881(
        header=replace(heading, correlation_identifier=request.header.message_identifier),
        attributes=ie881.Attributes(
            administrative_reference_code=movement.arc,
            sequence_number=movement.sequence,
            complementary_information=_text(reason) if accepted else None,
            manual_closure_request_reason_code=asked.manual_closure_request_reason_code,
            manual_closure_request_reason_code_complement=asked.manual_closure_request_reason_code_complement,
            manual_closure_request_accepted=accepted,
            manual_closure_rejection_reason_code=None if accepted else _OTHER if reason else _UNPROVEN,
            manual_closure_rejection_complement=None if accepted else _text(reason),
        ),
    )


def status_question(movement: Movement, office: str, now: datetime) -> IE904:
    """The office asks the other side where a movement stands, and says where it stands here (TR9120)."""
    return IE904(
        header=_to_the_other_side(movement, office, now),
        attributes=ie904.Attributes(
            administrative_reference_code=movement.arc,
            sequence_number=movement.sequence,
            status=movement.state,
            last_received_message_type=movement.last_message,
            status_request_message_type=StatusRequestMessageType.STATUS_SYNCHRONISATION,
            national_movement_information_requested_flag=False,
        ),
    )


def _to_the_other_side(movement: Movement, office: str, now: datetime) -> Header:
    return replace(header(office[:2], now), message_recipient=movement.other)


def _text(reason: str) -> Text | None:
    return Text(reason, "en") if reason else None
