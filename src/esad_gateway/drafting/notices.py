"""What traders write about a movement on its way: changes of destination, alerts, rejections and explanations."""

from datetime import date, datetime

from esad_gateway.drafting.reports import consignor_who_receives, movement_of, receiver
from esad_gateway.emcs.codes import DestinationTypeCode, MessageRoleCode, SubmitterType
from esad_gateway.emcs.messages import IE801, IE813, IE819, IE837, IE871
from esad_gateway.emcs.messages import ie813 as change
from esad_gateway.emcs.messages import ie819 as alert_or_rejection
from esad_gateway.emcs.messages import ie837 as delay
from esad_gateway.emcs.messages import ie871 as shortage
from esad_gateway.emcs.messages.fields import Text
from esad_gateway.emcs.messages.groups import DeliveryPlaceTrader, Office
from esad_gateway.identities import header
from esad_gateway.texts import ENGLISH

_USUAL = DestinationTypeCode.CERTIFIED_CONSIGNEE
_TEMPORARY = DestinationTypeCode.TEMPORARY_CERTIFIED_CONSIGNEE

OTHER = "0"
"""The reason code of what the text says (BC22, BC23)."""


def way_back(e_sad: IE801, now: datetime) -> IE813:
    """The consignor takes the goods back: they return to the place of dispatch (S9)."""
    return _changed(
        e_sad,
        now,
        change.DestinationChanged(
            destination_type_code=DestinationTypeCode.RETURN_TO_PLACE_OF_DISPATCH,
            new_consignee_trader=consignor_who_receives(e_sad),
        ),
    )


def other_place(e_sad: IE801, now: datetime, place: str) -> IE813:
    """The consignor sends the goods to another place of the same consignee (S10); ``place`` identifies it."""
    consignee = receiver(e_sad)
    return _changed(
        e_sad,
        now,
        change.DestinationChanged(
            destination_type_code=_TEMPORARY if e_sad.header_ead_esad.destination_type_code == _TEMPORARY else _USUAL,
            new_consignee_trader=consignee,
            delivery_place_trader=DeliveryPlaceTrader(
                traderid=place,
                trader_name=consignee.trader_name,
                street_name=consignee.street_name,
                street_number=consignee.street_number,
                postcode=consignee.postcode,
                city=consignee.city,
                language=consignee.language,
            ),
        ),
    )


def alert(e_sad: IE801, now: datetime, office: str, reason: Text | str, on: date, *, rejected: bool) -> IE819:
    """The consignee alerts on a day: the e-SAD is not as agreed; ``rejected``, it will not take the goods."""
    return IE819(
        header=header((receiver(e_sad).traderid or "")[:2], now),
        attributes=alert_or_rejection.Attributes(),
        consignee_trader=receiver(e_sad),
        excise_movement=movement_of(e_sad),
        destination_office=Office(reference_number=office),
        alert_or_rejection=alert_or_rejection.AlertOrRejection(
            date_of_alert_or_rejection=on, ead_esad_rejected_flag=rejected
        ),
        alert_or_rejection_of_ead_esad_reason=(
            alert_or_rejection.AlertOrRejectionOfEadEsadReason(
                alert_or_rejection_of_movement_reason_code=OTHER, complementary_information=as_text(reason)
            ),
        ),
    )


def late_report(e_sad: IE801, now: datetime, reason: Text | str, by: SubmitterType = SubmitterType.CONSIGNEE) -> IE837:
    """One of both explains why there is no report of receipt yet (S8); no other delay is known of duty paid (TC73)."""
    seed = _number(e_sad, by)
    return IE837(
        header=header(seed[:2], now),
        attributes=delay.Attributes(
            submitter_identification=seed,
            submitter_type=by,
            explanation_code=OTHER,
            complementary_information=as_text(reason),
            message_role=MessageRoleCode.REPORT_OF_RECEIPT_DELAY,
        ),
        excise_movement=movement_of(e_sad),
    )


def explained(e_sad: IE801, now: datetime, by: SubmitterType, reason: Text | str, on: date) -> IE871:
    """One of both explains a shortage or an excess (S7), as of a day."""
    consignor = by is SubmitterType.CONSIGNOR
    return IE871(
        header=header(_number(e_sad, by)[:2], now),
        attributes=shortage.Attributes(submitter_type=by),
        consignee_trader=None if consignor else receiver(e_sad),
        excise_movement=movement_of(e_sad),
        consignor_trader=e_sad.consignor_trader if consignor else None,
        analysis=shortage.Analysis(date_of_analysis=on, global_explanation=as_text(reason)),
    )


def as_text(reason: Text | str) -> Text:
    """A reason; one that is said without its language is in English."""
    return reason if isinstance(reason, Text) else Text(reason, ENGLISH)


def _number(e_sad: IE801, by: SubmitterType) -> str:
    """The excise number of one of both."""
    if by is SubmitterType.CONSIGNOR:
        return e_sad.consignor_trader.trader_excise_number
    return receiver(e_sad).traderid or ""


def _changed(e_sad: IE801, now: datetime, destination: change.DestinationChanged) -> IE813:
    number = e_sad.consignor_trader.trader_excise_number
    return IE813(
        header=header(number[:2], now),
        attributes=change.Attributes(),
        update_ead_esad=change.UpdateEadEsad(
            administrative_reference_code=e_sad.excise_movement.administrative_reference_code
        ),
        destination_changed=destination,
    )
