"""One sample of every message that does something to a movement, about the movement of the playbooks."""

from datetime import datetime, time
from decimal import Decimal
from types import MappingProxyType

from esad_gateway.emcs.administration_codes import (
    ControlReportMessageType,
    ControlType,
    GlobalControlConclusion,
    PerformedControlActionCode,
    ReasonForControl,
)
from esad_gateway.emcs.codes import (
    DestinationTypeCode,
    FunctionalErrorCodes,
    GlobalConclusionOfReceipt,
    IndicatorOfShortageOrExcess,
    MessageRoleCode,
    ReminderMessageType,
    ReportMessageType,
    RequestedMessageType,
    StatusRequestMessageType,
    StatusType,
    SubmitterType,
)
from esad_gateway.emcs.documents import validated_document
from esad_gateway.emcs.messages import (
    IE717,
    IE802,
    IE807,
    IE813,
    IE818,
    IE819,
    IE837,
    IE840,
    IE871,
    IE880,
    IE881,
    IE904,
    IE905,
    IE906,
    Message,
    ie717,
    ie802,
    ie807,
    ie813,
    ie819,
    ie837,
    ie840,
    ie871,
    ie880,
    ie881,
    ie904,
    ie905,
)
from esad_gateway.emcs.messages.fields import Text
from esad_gateway.emcs.messages.groups import (
    ConsigneeTrader,
    ConsignorTrader,
    DeliveryPlaceTrader,
    ExciseMovement,
    FunctionalError,
    Office,
)
from esad_gateway.emcs.movement import Trigger
from helpers.playbook import ARC, NOW, stamp
from helpers.samples import ACCEPTED, HEADER, draft, report

CONSIGNOR, CONSIGNEE = "LT00000000101", "PL00000000201"
CONCLUSION = "report_of_receipt_export.global_conclusion_of_receipt"
MOMENT: datetime = NOW.replace(tzinfo=None)


def this(sequence: int = 1) -> ExciseMovement:
    """The movement of the playbooks, in a version."""
    return ExciseMovement(administrative_reference_code=ARC, sequence_number=sequence)


def receipt(conclusion: GlobalConclusionOfReceipt | None = None, sequence: int = 1) -> IE818:
    """A report of receipt by the consignee: a partial refusal, or another conclusion."""
    changes = {
        "excise_movement": this(sequence),
        "consignee_trader.traderid": CONSIGNEE,
        "delivery_place_trader": None,
        "destination_office.reference_number": "PL001000",
    }
    if conclusion is GlobalConclusionOfReceipt.ACCEPTED_AND_SATISFACTORY:
        return report({**ACCEPTED, **changes})
    return report({**changes, CONCLUSION: conclusion or GlobalConclusionOfReceipt.PARTIALLY_REFUSED})


def returned(sequence: int = 2) -> IE818:
    """The consignor's report that the goods are back."""
    changes = {"consignee_trader.traderid": CONSIGNOR, "delivery_place_trader": None}
    return report({**ACCEPTED, "excise_movement": this(sequence), **changes})


def change(
    kind: DestinationTypeCode = DestinationTypeCode.CERTIFIED_CONSIGNEE,
    place: str | None = "PL-OTHER-PLACE",
    journey_time: str | None = None,
    sequence: int | None = None,
) -> IE813:
    """A change of destination: another place of the same consignee, or the return to the consignor."""
    back = kind is DestinationTypeCode.RETURN_TO_PLACE_OF_DISPATCH
    return IE813(
        header=HEADER,
        attributes=ie813.Attributes(),
        update_ead_esad=ie813.UpdateEadEsad(
            administrative_reference_code=ARC, journey_time=journey_time, sequence_number=sequence
        ),
        destination_changed=ie813.DestinationChanged(
            destination_type_code=kind,
            new_consignee_trader=_consignee(CONSIGNOR if back else CONSIGNEE),
            delivery_place_trader=None if back else _place(place),
        ),
    )


def way_back(sequence: int | None = None) -> IE813:
    """The return to the place of dispatch."""
    return change(DestinationTypeCode.RETURN_TO_PLACE_OF_DISPATCH, None, sequence=sequence)


def alert(*, rejected: bool) -> IE819:
    """An alert, or a rejection, by the consignee."""
    return IE819(
        header=HEADER,
        attributes=ie819.Attributes(),
        consignee_trader=_consignee(CONSIGNEE),
        excise_movement=this(),
        destination_office=Office(reference_number="PL001000"),
        alert_or_rejection=ie819.AlertOrRejection(
            date_of_alert_or_rejection=NOW.date(), ead_esad_rejected_flag=rejected
        ),
        alert_or_rejection_of_ead_esad_reason=(
            ie819.AlertOrRejectionOfEadEsadReason(alert_or_rejection_of_movement_reason_code="2"),
        ),
    )


def delay(submitter: SubmitterType = SubmitterType.CONSIGNEE) -> IE837:
    """An explanation of a delay."""
    return IE837(
        header=HEADER,
        attributes=ie837.Attributes(
            submitter_identification=CONSIGNEE if submitter is SubmitterType.CONSIGNEE else CONSIGNOR,
            submitter_type=submitter,
            explanation_code="4",
            message_role=MessageRoleCode.REPORT_OF_RECEIPT_DELAY,
        ),
        excise_movement=this(),
    )


def shortage(submitter: SubmitterType = SubmitterType.CONSIGNEE) -> IE871:
    """An explanation of a shortage, by either side."""
    consignor = submitter is SubmitterType.CONSIGNOR
    return IE871(
        header=HEADER,
        attributes=ie871.Attributes(submitter_type=submitter),
        consignee_trader=None if consignor else _consignee(CONSIGNEE),
        excise_movement=this(),
        consignor_trader=_consignor() if consignor else None,
        analysis=ie871.Analysis(date_of_analysis=NOW.date(), global_explanation=Text("Broken bottles", "en")),
    )


def interruption() -> IE807:
    """An interruption of the movement by an officer."""
    return IE807(
        header=HEADER,
        attributes=ie807.Attributes(
            administrative_reference_code=ARC,
            date_and_time_of_issuance=MOMENT,
            reason_for_interruption_code="1",
            reference_number_of_excise_office="PL001000",
        ),
    )


def closure(*, accepted: bool) -> IE881:
    """An answer to a request for manual closure."""
    return IE881(
        header=HEADER,
        attributes=ie881.Attributes(
            administrative_reference_code=ARC,
            sequence_number=1,
            manual_closure_request_reason_code="2",
            manual_closure_request_accepted=accepted,
            manual_closure_rejection_reason_code=None if accepted else "1",
        ),
    )


def closure_request() -> IE880:
    """A request for manual closure."""
    return IE880(
        header=HEADER,
        attributes=ie880.Attributes(
            administrative_reference_code=ARC, sequence_number=1, manual_closure_request_reason_code="2"
        ),
    )


def control_report(reference: str) -> IE717:
    """A control on the road, satisfactory, as the administration that made it reports it."""
    return IE717(
        header=HEADER,
        attributes=ie717.Attributes(
            control_report_message_type=ControlReportMessageType.VALIDATED_DOCUMENT,
            date_and_time_of_validation_of_control_report=MOMENT,
        ),
        header_control_report=ie717.HeaderControlReport(
            control_report_reference=reference,
            control_office=ie717.ControlOffice(reference_number_of_control_office="PL001000"),
        ),
        excise_movement=this(),
        control_report=ie717.ControlReport(
            date_of_control=NOW.date(),
            place_of_control=Text("A2", "pl"),
            control_type=ControlType.DOCUMENTARY,
            reason_for_control=ReasonForControl.RANDOM,
            control_officer_identity=Text("Officer on duty", "en"),
            global_control_conclusion=GlobalControlConclusion.SATISFACTORY,
            control_at_arrival_required=False,
            flag=False,
            performed_control_action=(
                ie717.PerformedControlAction(performed_control_action=PerformedControlActionCode.OPENED_PACKS),
            ),
        ),
    )


def event() -> IE840:
    """A report of an accident on the way."""
    return IE840(
        header=HEADER,
        attributes=ie840.Attributes(event_report_message_type=ReportMessageType.INITIAL_SUBMISSION),
        header_event_report=ie840.HeaderEventReport(
            reference_number_of_excise_office="PL001000", member_state_of_event="PL"
        ),
        excise_movement=this(),
        event_report=ie840.EventReport(
            date_of_event=NOW.date(),
            place_of_event=Text("A2", "pl"),
            submitting_person="Officer on duty",
            submitting_person_code="4",
        ),
        body_event_report=(
            ie840.BodyEventReport(
                event_type_code="1",
                associated_information=Text("A bottle broke", "en"),
                body_record_unique_reference=1,
                observed_shortage_or_excess=Decimal(1),
                indicator_of_shortage_or_excess=IndicatorOfShortageOrExcess.SHORTAGE,
            ),
        ),
    )


def status_question(
    status: StatusType = StatusType.ACCEPTED,
    kind: StatusRequestMessageType = StatusRequestMessageType.STATUS_SYNCHRONISATION,
) -> IE904:
    """The other side asks where we stand."""
    return IE904(
        header=HEADER,
        attributes=ie904.Attributes(
            administrative_reference_code=ARC,
            sequence_number=1,
            status=status,
            last_received_message_type=RequestedMessageType.NONE,
            status_request_message_type=kind,
            national_movement_information_requested_flag=False,
        ),
    )


def status_answer(status: StatusType = StatusType.ACCEPTED, sequence: int = 1) -> IE905:
    """The other side says where it stands."""
    return IE905(
        header=HEADER,
        attributes=ie905.Attributes(
            administrative_reference_code=ARC,
            sequence_number=sequence,
            status=status,
            last_received_message_type=RequestedMessageType.IE801,
        ),
    )


def reminder() -> IE802:
    """The reminder that the report of receipt is due."""
    return IE802(
        header=HEADER,
        attributes=ie802.Attributes(
            date_and_time_of_issuance_of_reminder=MOMENT,
            limit_date_and_time=MOMENT,
            reminder_message_type=ReminderMessageType.REPORT_OF_RECEIPT,
        ),
        excise_movement=this(),
    )


def negative(code: FunctionalErrorCodes = FunctionalErrorCodes.MESSAGE_OUT_OF_SEQUENCE) -> IE906:
    """The other side refuses what we sent."""
    error = FunctionalError(error_type=code, error_reason="Message out of sequence")
    return IE906(header=HEADER, attributes=this(), functional_error=(error,))


def _consignee(number: str) -> ConsigneeTrader:
    return ConsigneeTrader(
        traderid=number,
        trader_name="Przykład Sp. z o.o.",
        street_name="ul. Przykładowa",
        postcode="00-001",
        city="Warszawa",
        language="pl",
    )


def _place(identifier: str | None) -> DeliveryPlaceTrader:
    return DeliveryPlaceTrader(
        traderid=identifier,
        trader_name="Przykład Sp. z o.o.",
        street_name="ul. Magazynowa",
        postcode="00-002",
        city="Warszawa",
        language="pl",
    )


def _consignor() -> ConsignorTrader:
    return ConsignorTrader(
        trader_excise_number=CONSIGNOR,
        trader_name="UAB Pavyzdys",
        street_name="Pavyzdžio g.",
        postcode="LT-01001",
        city="Vilnius",
        language="lt",
    )


MESSAGES: MappingProxyType[Trigger, Message] = MappingProxyType(
    {
        Trigger.DRAFT: draft({"ead_esad_draft.time_of_dispatch": time(8)}),
        Trigger.VALIDATED_DOCUMENT: validated_document(draft(), stamp("LT")),
        Trigger.CHANGE_OF_PLACE: change(sequence=2),
        Trigger.RETURN: way_back(sequence=2),
        Trigger.RECEIPT_ACCEPTED: receipt(GlobalConclusionOfReceipt.ACCEPTED_AND_SATISFACTORY),
        Trigger.RECEIPT_REFUSED: receipt(GlobalConclusionOfReceipt.REFUSED),
        Trigger.RECEIPT_PARTIALLY_REFUSED: receipt(),
        Trigger.EXPORT_RESULT: receipt(GlobalConclusionOfReceipt.EXIT_REFUSED),
        Trigger.ALERT: alert(rejected=False),
        Trigger.REJECTION: alert(rejected=True),
        Trigger.DELAY_EXPLAINED: delay(),
        Trigger.SHORTAGE_EXPLAINED: shortage(),
        Trigger.REMINDER: reminder(),
        Trigger.INTERRUPTION: interruption(),
        Trigger.CLOSURE_REQUESTED: closure_request(),
        Trigger.CLOSURE_ACCEPTED: closure(accepted=True),
        Trigger.CLOSURE_REJECTED: closure(accepted=False),
        Trigger.EVENT: event(),
        Trigger.STATUS_REQUESTED: status_question(),
        Trigger.STATUS_KNOWN: status_answer(),
        Trigger.STATUS_DELIVERED: status_answer(StatusType.DELIVERED),
        Trigger.STATUS_CLOSED: status_answer(StatusType.MANUALLY_CLOSED),
        Trigger.STATUS_STOPPED: status_answer(StatusType.STOPPED),
        Trigger.NEGATIVE_ACKNOWLEDGEMENT: negative(),
    }
)
