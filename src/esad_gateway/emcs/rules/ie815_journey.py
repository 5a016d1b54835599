"""Rules on the journey of IE815: from where to where the goods travel, when they leave, by what and for how long."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from esad_gateway.emcs.codes import DestinationTypeCode, FunctionalErrorCodes, GuarantorTypeCode, OriginTypeCode
from esad_gateway.emcs.messages import IE815
from esad_gateway.emcs.rules.code_lists import DUTY_PAID_DRAFT_DESTINATIONS, MODES_WITHOUT_GUARANTEE, TRANSPORT_MODES
from esad_gateway.emcs.rules.ie815_goods import duty_paid
from esad_gateway.emcs.rules.journeys import beyond_national_maximum, beyond_union_maximum
from esad_gateway.emcs.rules.mechanism import Context, Finding
from esad_gateway.emcs.rules.patterns import LEAVE_OUT
from esad_gateway.faults import Said, said
from esad_gateway.place import at

DRAFT_WINDOW: Final = timedelta(days=7)
"""How long before the dispatch a draft may be submitted (Implementing Regulation (EU) 2022/1637, article 6)."""

_NOTHING: Final = timedelta(0)
_NOT_SUPPORTED: Final = FunctionalErrorCodes.NOT_SUPPORTED_IN_THIS_POSITION
_JOURNEY: Final = "HeaderEadEsad/JourneyTime"


def destination(message: IE815) -> DestinationTypeCode:
    """The type of destination that the draft names."""
    return message.header_ead_esad.destination_type_code


def origin(message: IE815) -> OriginTypeCode:
    """The type of origin that the draft names."""
    return message.ead_esad_draft.origin_type_code


def c164(message: IE815, _context: Context) -> Iterator[Finding]:
    """The place of delivery is named and a customs office of delivery is not.

    Asked for destinations 9 and 10 only. By its text the condition also requires the place for a return (11); C165 and
    C118 forbid it there, and R196 keeps a return out of drafts, so that nothing is lost by not asking.
    """
    if destination(message) not in DUTY_PAID_DRAFT_DESTINATIONS:
        return
    if message.delivery_place_trader is None:
        yield Finding(at("DeliveryPlaceTrader"))
    if message.delivery_place_customs_office is not None:
        reference = message.delivery_place_customs_office.reference_number
        hint = Said("hint.customs_office")
        yield Finding(at("DeliveryPlaceCustomsOffice"), reference, hint, _NOT_SUPPORTED)


def c012(message: IE815, _context: Context) -> Iterator[Finding]:
    """The place of dispatch is named and an import office is not, as it is for goods with duty paid.

    For goods from import (2) it is the other way round; that a draft may not have that origin is R260's to say.
    """
    if not duty_paid(message) or origin(message) is OriginTypeCode.IMPORT:
        return
    if message.place_of_dispatch_trader is None:
        yield Finding(at("PlaceOfDispatchTrader"))
    if message.dispatch_import_office is not None:
        reference = message.dispatch_import_office.reference_number
        yield Finding(at("DispatchImportOffice"), reference, LEAVE_OUT, _NOT_SUPPORTED)


def r196(message: IE815, _context: Context) -> Iterator[Finding]:
    """A duty-paid draft names destination 9 or 10.

    R258 asks the same of the validated document, the IE801, which may also have 11, a return (ie801.py).
    """
    if duty_paid(message) and destination(message) not in DUTY_PAID_DRAFT_DESTINATIONS:
        yield Finding(at("HeaderEadEsad/DestinationTypeCode"), destination(message))


def r054(message: IE815, _context: Context) -> Iterator[Finding]:
    """The journey takes at most what the transport mode allows, 30 days more than under duty suspension.

    The schema holds the form of the journey time and 24 hours. A transport mode outside its code list has no maximum.
    """
    if duty_paid(message):
        mode = message.transport_mode.transport_mode_code
        yield from beyond_union_maximum(_JOURNEY, message.header_ead_esad.journey_time, mode)


def br007(message: IE815, context: Context) -> Iterator[Finding]:
    """The journey takes at most what the member state of dispatch allows, where that is less than the EU maximum.

    Its maximum is that of the day of dispatch. A journey beyond the EU maximum is R054's.
    """
    if duty_paid(message):
        mode = message.transport_mode.transport_mode_code
        profile = context.profile.on(context.dispatched_on(message))
        yield from beyond_national_maximum(_JOURNEY, message.header_ead_esad.journey_time, mode, profile)


def r216(message: IE815, _context: Context) -> Iterator[Finding]:
    """Goods move without a guarantee only by sea or through fixed installations (R215: and only energy products)."""
    mode = message.transport_mode.transport_mode_code
    without = message.movement_guarantee.guarantor_type_code is GuarantorTypeCode.NO_GUARANTEE
    if without and mode in TRANSPORT_MODES and mode not in MODES_WITHOUT_GUARANTEE:
        yield Finding(at("TransportMode/TransportModeCode"), mode)


def ir6(message: IE815, context: Context) -> Iterator[Finding]:
    """The dispatch is at most 7 days ahead, and in the past exactly when the submission is deferred.

    Days are those of the member state's calendar; the day of dispatch is that of its moment, when a time is given. The
    article gives the 7 days; that a draft without the deferred flag may not look back, and one with it not ahead,
    follows from what the flag means: the goods left under a fallback document (Directive (EU) 2020/262, article 38).
    """
    today, day = context.today, context.dispatched_on(message)
    deferred = message.attributes.deferred_submission_flag
    in_window = day <= today if deferred else _NOTHING <= day - today <= DRAFT_WINDOW
    if not in_window:
        days = {"state": context.profile.state, "day": day.isoformat(), "today": today.isoformat()}
        window = said("hint.dispatch_window", **days, last=_last_day(today).isoformat())
        hint = said("hint.dispatch_deferred", **days) if deferred else window
        yield Finding(at("EadEsadDraft/DateOfDispatch"), message.ead_esad_draft.date_of_dispatch, hint)


def r260(message: IE815, _context: Context) -> Iterator[Finding]:
    """A duty-paid movement has origin 3."""
    if duty_paid(message) and origin(message) is not OriginTypeCode.DUTY_PAID:
        yield Finding(at("EadEsadDraft/OriginTypeCode"), origin(message))


def _last_day(today: date) -> date:
    """The last day of the window, at the end of time the last one there is."""
    return min(today, date.max - DRAFT_WINDOW) + DRAFT_WINDOW
