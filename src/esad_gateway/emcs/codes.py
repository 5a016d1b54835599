"""Closed code lists of the EMCS messages, named after their official meaning (the technical code lists).

The value of a member is the code as it stands in the XML. Lists that the schema leaves open (transport mode, unit,
reason codes: the business code lists) are tables in :mod:`esad_gateway.emcs.rules.code_lists`, because a code unknown
there is a rule fault, not a schema fault.
"""

from enum import StrEnum


class SubmissionType(StrEnum):
    """TC71: why a draft is submitted."""

    STANDARD = "1"
    RESERVED = "2"
    DUTY_PAID_B2B = "3"


class OriginTypeCode(StrEnum):
    """TC30: where the goods come from."""

    TAX_WAREHOUSE = "1"
    IMPORT = "2"
    DUTY_PAID = "3"


class DestinationTypeCode(StrEnum):
    """TC32, and TC77 after a change of destination: what the destination is."""

    TAX_WAREHOUSE = "1"
    REGISTERED_CONSIGNEE = "2"
    TEMPORARY_REGISTERED_CONSIGNEE = "3"
    DIRECT_DELIVERY = "4"
    EXEMPTED_CONSIGNEE = "5"
    EXPORT = "6"
    RESERVED = "7"
    UNKNOWN_DESTINATION = "8"
    CERTIFIED_CONSIGNEE = "9"
    TEMPORARY_CERTIFIED_CONSIGNEE = "10"
    RETURN_TO_PLACE_OF_DISPATCH = "11"


class GuarantorTypeCode(StrEnum):
    """TC29: who guarantees; every digit of a joint code is one guarantor."""

    CONSIGNOR = "1"
    TRANSPORTER = "2"
    OWNER = "3"
    CONSIGNEE = "4"
    NO_GUARANTEE = "5"
    CONSIGNOR_TRANSPORTER = "12"
    CONSIGNOR_OWNER = "13"
    CONSIGNOR_CONSIGNEE = "14"
    TRANSPORTER_OWNER = "23"
    TRANSPORTER_CONSIGNEE = "24"
    OWNER_CONSIGNEE = "34"
    CONSIGNOR_TRANSPORTER_OWNER = "123"
    CONSIGNOR_TRANSPORTER_CONSIGNEE = "124"
    CONSIGNOR_OWNER_CONSIGNEE = "134"
    TRANSPORTER_OWNER_CONSIGNEE = "234"
    CONSIGNOR_TRANSPORTER_OWNER_CONSIGNEE = "1234"


class TransportArrangement(StrEnum):
    """TC70: who arranges the first transport."""

    CONSIGNOR = "1"
    CONSIGNEE = "2"
    OWNER_OF_GOODS = "3"
    OTHER = "4"


class CategoryOfWineProduct(StrEnum):
    """TC38."""

    WITHOUT_PDO_PGI = "1"
    VARIETAL_WITHOUT_PDO_PGI = "2"
    WITH_PDO_OR_PGI = "3"
    IMPORTED = "4"
    OTHER = "5"


class GlobalConclusionOfReceipt(StrEnum):
    """TC16: what the report of receipt says; 21 to 23 belong to export and never to duty paid."""

    ACCEPTED_AND_SATISFACTORY = "1"
    ACCEPTED_ALTHOUGH_UNSATISFACTORY = "2"
    REFUSED = "3"
    PARTIALLY_REFUSED = "4"
    EXIT_ACCEPTED_AND_SATISFACTORY = "21"
    EXIT_ACCEPTED_WITH_MINOR_DISCREPANCIES = "22"
    EXIT_REFUSED = "23"


class IndicatorOfShortageOrExcess(StrEnum):
    """Whether a line arrived short or in excess."""

    SHORTAGE = "S"
    EXCESS = "E"


class FunctionalErrorCodes(StrEnum):
    """TC49: the functional error of an IE704 or IE906."""

    OTHER = "0"
    INCORRECT_CODE_VALUE = "12"
    NOT_SUPPORTED_IN_THIS_POSITION = "15"
    DUPLICATE_DETECTED = "26"
    UNKNOWN_ARC = "90"
    DUPLICATE_LRN = "91"
    MESSAGE_OUT_OF_SEQUENCE = "92"
    INVALID_ARC = "93"
    INVALID_FOLLOW_UP_CORRELATION_ID = "94"
    UNKNOWN_FOLLOW_UP_CORRELATION_ID = "95"


class StatusType(StrEnum):
    """TC50: the states of a movement."""

    ACCEPTED = "X01"
    CANCELLED = "X02"
    DELIVERED = "X03"
    DIVERTED = "X04"
    REJECTED = "X05"
    REPLACED = "X06"
    MANUALLY_CLOSED = "X07"
    REFUSED = "X08"
    NONE = "X09"
    PARTIALLY_REFUSED = "X10"
    EXPORTING = "X11"
    RESERVED = "X12"
    STOPPED = "X13"
    ACCEPTED_EXPORT_DECLARATION = "X14"
    ACCEPTED_FOR_EXPORT = "X15"


class RequestedMessageType(StrEnum):
    """TC64: the message last received for a movement."""

    IE801 = "IE801"
    IE803 = "IE803"
    IE807 = "IE807"
    IE810 = "IE810"
    IE813 = "IE813"
    IE818 = "IE818"
    IE819 = "IE819"
    IE829 = "IE829"
    IE836 = "IE836"
    IE839 = "IE839"
    IE881 = "IE881"
    IE905 = "IE905"
    NONE = "None"


class StatusRequestMessageType(StrEnum):
    """What a status request asks for (TR9120)."""

    STATUS_SYNCHRONISATION = "1"
    MOVEMENT_HISTORY = "2"


class NotificationType(StrEnum):
    """Why a notification of a diverted document is sent."""

    CHANGE_OF_DESTINATION = "1"
    SPLITTING = "2"


class ReminderMessageType(StrEnum):
    """TC48: which deadline has passed; 3 belongs to duty suspension (R262)."""

    CHANGE_OF_DESTINATION = "1"
    REPORT_OF_RECEIPT = "2"
    DESTINATION_INFORMATION = "3"


class MessageRoleCode(StrEnum):
    """TC73: which delay is explained."""

    REPORT_OF_RECEIPT_DELAY = "1"
    DESTINATION_DELAY = "2"


class SubmitterType(StrEnum):
    """TC61: in which capacity an explanation is given."""

    CONSIGNOR = "1"
    CONSIGNEE = "2"


class ReportMessageType(StrEnum):
    """Whether an event report is a first submission or its validated copy."""

    INITIAL_SUBMISSION = "1"
    VALIDATED_DOCUMENT = "3"


class OtherAccompanyingDocumentType(StrEnum):
    """The document of goods that move without an e-AD or e-SAD."""

    OTHER = "0"
    RESERVED = "2"


class TraderPersonType(StrEnum):
    """Who is involved in a movement without an e-AD or e-SAD."""

    CONSIGNOR = "1"
    CONSIGNEE = "2"
    TAX_REPRESENTATIVE = "3"
    VENDOR = "4"
    LIABLE_PERSON = "5"
    CUSTOMER_PRIVATE_INDIVIDUAL = "6"
