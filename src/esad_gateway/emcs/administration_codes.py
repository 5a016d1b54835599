"""Closed code lists of what administrations say to each other about registers, requests and controls.

Named and written like those of :mod:`esad_gateway.emcs.codes`, which has the lists of the movement itself.
"""

from enum import StrEnum


class BusinessProcessCode(StrEnum):
    """TC87: which part of a system is not available."""

    ALL_FUNCTIONALITY = "1"
    DUTY_SUSPENSION_EXTERNAL_DOMAIN = "2"
    DUTY_SUSPENSION_COMMON_DOMAIN = "3"
    FOLLOW_UP_AND_COLLABORATION = "4"
    NATIONAL_SEED = "5"
    DUTY_PAID_EXTERNAL_DOMAIN = "6"
    DUTY_PAID_COMMON_DOMAIN = "7"


class CommonRequestRejectionReason(StrEnum):
    """TC10: why a common request is refused."""

    OTHER = "0"
    NO_MATCHING_DOCUMENTS = "2"
    REFERENCE_DATA_NOT_AVAILABLE = "3"
    EXCISE_OFFICE_LIST_NOT_AVAILABLE = "4"
    SEED_DATA_NOT_AVAILABLE = "5"
    UNKNOWN_REQUESTED_DATA = "7"
    TOO_MANY_DOCUMENTS = "8"
    DUPLICATE_DETECTED = "26"
    INCORRECT_CODE_VALUE = "112"
    NOT_SUPPORTED_IN_THIS_POSITION = "115"


class CommonRequestType(StrEnum):
    """TC04: what a common request asks for."""

    RESERVED_1 = "1"
    REFERENCE_DATA = "2"
    RESERVED_3 = "3"
    RESERVED_4 = "4"
    RESYNCHRONISATION_OF_ECONOMIC_OPERATORS = "5"
    LIST_OF_E_ADS_AND_E_SADS = "6"
    SEED_STATISTICS = "7"
    LIST_OF_E_ADS = "8"
    LIST_OF_E_SADS = "9"


class ControlReportMessageType(StrEnum):
    """TC98: a control report is always a validated document."""

    VALIDATED_DOCUMENT = "1"


class ControlType(StrEnum):
    """TC81: how goods were controlled."""

    PHYSICAL = "1"
    DOCUMENTARY = "2"


class GlobalControlConclusion(StrEnum):
    """TC83: what a control found; the directive is 2020/262."""

    SATISFACTORY = "1"
    MINOR_DISCREPANCIES_FOUND = "2"
    INTERRUPTION_RECOMMENDED = "3"
    CLAIM_INTENDED_UNDER_ARTICLE_9 = "4"
    ALLOWABLE_LOSS_UNDER_ARTICLE_6 = "5"


class ModificationType(StrEnum):
    """TC24: what happens to a record of a register."""

    CREATE = "C"
    DELETE = "D"
    INVALIDATE = "I"
    UPDATE = "U"


class Month(StrEnum):
    """TC96: month of the year."""

    JANUARY = "1"
    FEBRUARY = "2"
    MARCH = "3"
    APRIL = "4"
    MAY = "5"
    JUNE = "6"
    JULY = "7"
    AUGUST = "8"
    SEPTEMBER = "9"
    OCTOBER = "10"
    NOVEMBER = "11"
    DECEMBER = "12"


class OperatorRoleCode(StrEnum):
    """TC69: what a trader under duty suspension may do as well."""

    DIRECT_DELIVERY = "1"
    DESTINATION_LEFT_EMPTY = "2"


class OperatorTypeCode(StrEnum):
    """TC65: as what a trader is registered."""

    AUTHORISED_WAREHOUSEKEEPER = "1"
    REGISTERED_CONSIGNEE = "2"
    REGISTERED_CONSIGNOR = "3"
    CERTIFIED_CONSIGNOR = "4"
    CERTIFIED_CONSIGNEE = "5"


class PerformedControlActionCode(StrEnum):
    """TC84: what a control did."""

    OTHER = "0"
    VERIFIED_COUNTED_PACKS = "1"
    UNLOADED = "2"
    OPENED_PACKS = "3"
    ANNOTATED_PAPER_DOCUMENTS = "4"
    COUNTING = "5"
    SAMPLING = "6"
    ADMINISTRATIVE_CONTROL = "7"
    GOODS_WEIGHED_OR_MEASURED = "8"
    RANDOM_CHECK = "9"
    CONTROL_OF_RECORDS = "10"
    DOCUMENTS_COMPARED_WITH_E_AD_OR_E_SAD = "11"


class PrimaryCriterionTypeCode(StrEnum):
    """TC06: what documents are selected by."""

    ARC = "1"
    BRAND_NAME_OF_PRODUCT = "2"
    CATEGORY_OF_GOODS = "3"
    RESERVED_4 = "4"
    RESERVED_5 = "5"
    RESERVED_6 = "6"
    RESERVED_7 = "7"
    CITY_OF_CONSIGNEE = "8"
    CITY_OF_CONSIGNOR = "9"
    CITY_OF_GUARANTOR = "10"
    RESERVED_11 = "11"
    CITY_OF_PLACE_OF_DELIVERY = "12"
    CITY_OF_TAX_WAREHOUSE_OF_DISPATCH = "13"
    CITY_OF_TRANSPORTER = "14"
    CN_CODE = "15"
    DATE_OF_INVOICE = "16"
    EXCISE_NUMBER_OF_CONSIGNEE = "17"
    EXCISE_NUMBER_OF_CONSIGNOR = "18"
    EXCISE_NUMBER_OF_GUARANTOR = "19"
    RESERVED_20 = "20"
    RESERVED_21 = "21"
    TAX_WAREHOUSE_OF_DESTINATION = "22"
    TAX_WAREHOUSE_OF_DISPATCH = "23"
    RESERVED_24 = "24"
    EXCISE_PRODUCT_CODE = "25"
    JOURNEY_TIME = "26"
    MEMBER_STATE_OF_DESTINATION = "27"
    MEMBER_STATE_OF_DISPATCH = "28"
    NAME_OF_CONSIGNEE = "29"
    NAME_OF_CONSIGNOR = "30"
    NAME_OF_GUARANTOR = "31"
    RESERVED_32 = "32"
    NAME_OF_PLACE_OF_DELIVERY = "33"
    NAME_OF_TAX_WAREHOUSE_OF_DISPATCH = "34"
    NAME_OF_TRANSPORTER = "35"
    NUMBER_OF_INVOICE = "36"
    POSTCODE_OF_CONSIGNEE = "37"
    POSTCODE_OF_CONSIGNOR = "38"
    POSTCODE_OF_GUARANTOR = "39"
    RESERVED_40 = "40"
    POSTCODE_OF_PLACE_OF_DELIVERY = "41"
    POSTCODE_OF_TAX_WAREHOUSE_OF_DISPATCH = "42"
    POSTCODE_OF_TRANSPORTER = "43"
    QUANTITY_OF_GOODS = "44"
    LOCAL_REFERENCE_NUMBER = "45"
    TYPE_OF_TRANSPORT = "46"
    RESERVED_47 = "47"
    RESERVED_48 = "48"
    VAT_NUMBER_OF_CONSIGNEE = "49"
    RESERVED_50 = "50"
    VAT_NUMBER_OF_TRANSPORTER = "51"
    CHANGE_OF_DESTINATION = "52"


class Quarter(StrEnum):
    """TC95: quarter of the year."""

    FIRST = "1"
    SECOND = "2"
    THIRD = "3"
    FOURTH = "4"


class ReasonForControl(StrEnum):
    """TC82: why goods were controlled."""

    OTHER = "0"
    RANDOM = "1"
    EVENT_SIGNALLED = "2"
    ASSISTANCE_REQUESTED = "3"
    REQUESTED_BY_ANOTHER_OFFICE = "4"
    ALERT_RECEIVED = "5"


class ReasonToRefuseUpdateOfEconomicOperators(StrEnum):
    """TC63: why a change of the register of operators is refused."""

    OTHER = "0"
    TRADER_AUTHORISATION_EXISTS = "8"
    TAX_WAREHOUSE_EXISTS = "9"
    TEMPORARY_AUTHORISATION_EXISTS = "10"
    TRADER_AUTHORISATION_NOT_FOUND = "11"
    TAX_WAREHOUSE_NOT_FOUND = "12"
    TEMPORARY_AUTHORISATION_NOT_FOUND = "13"
    DUPLICATE_DETECTED = "26"
    EXCISE_OFFICE_DOES_NOT_FIT_EXCISE_NUMBER = "27"
    NO_WAREHOUSEKEEPER = "41"
    INVALID_TAX_WAREHOUSE = "42"
    NO_WAREHOUSEKEEPER_USES_TAX_WAREHOUSE = "43"
    TRADER_EXCISE_NUMBER_MISSING = "44"
    PRODUCT_NOT_OF_SMALL_WINE_PRODUCER = "45"
    COUNTERPARTY_IN_SAME_STATE = "46"
    INCORRECT_CODE_VALUE = "112"
    NOT_SUPPORTED_IN_THIS_POSITION = "115"


class RequestMessageName(StrEnum):
    """TC05: which reference data are requested."""

    ALL = "ALL"
    CODE_LISTS = "C_COD_DAT"
    SYSTEM_PARAMETERS = "C_PAR_DAT"


class RequestedListOfCodesFull(StrEnum):
    """TC25: which code list is requested."""

    UNITS_OF_MEASURE = "1"
    EVENT_TYPES = "2"
    EVIDENCE_TYPES = "3"
    RESERVED_4 = "4"
    RESERVED_5 = "5"
    LANGUAGE_CODES = "6"
    NATIONAL_ADMINISTRATIONS = "7"
    COUNTRY_CODES = "8"
    PACKAGING_CODES = "9"
    UNSATISFACTORY_REASONS = "10"
    REASONS_FOR_INTERRUPTION = "11"
    RESERVED_12 = "12"
    TRANSPORT_MODES = "13"
    TRANSPORT_UNITS = "14"
    WINE_GROWING_ZONES = "15"
    WINE_OPERATIONS = "16"
    EXCISE_PRODUCT_CATEGORIES = "17"
    EXCISE_PRODUCTS = "18"
    CN_CODES = "19"
    CN_CODES_OF_EXCISE_PRODUCTS = "20"
    CANCELLATION_REASONS = "21"
    ALERT_OR_REJECTION_REASONS = "22"
    DELAY_EXPLANATIONS = "23"
    RESERVED_24 = "24"
    SUBMITTING_PERSONS_OF_EVENTS = "25"
    REFUSAL_REASONS = "26"
    REASONS_FOR_DELAYED_RESULT = "27"
    REQUEST_ACTIONS = "28"
    REQUEST_REASONS = "29"
    RESERVED_30 = "30"
    RESERVED_31 = "31"
    RESERVED_32 = "32"
    RESERVED_33 = "33"
    REASONS_WHY_COOPERATION_IS_NOT_POSSIBLE = "34"
    RESERVED_35 = "35"
    DOCUMENT_TYPES = "36"
    RESERVED_37 = "37"
    RESERVED_38 = "38"
    MANUAL_CLOSURE_REQUEST_REASONS = "39"
    MANUAL_CLOSURE_REJECTION_REASONS = "40"
    DEGREE_PLATO_BY_ADMINISTRATION = "41"


class SeedMessageType(StrEnum):
    """TC21: what an IE713 is for."""

    UPDATE_OF_ECONOMIC_OPERATORS = "1"
    DISSEMINATION_OF_UPDATES = "2"
    RETRIEVAL_OF_ECONOMIC_OPERATORS = "3"
    EXTRACTION_OF_ECONOMIC_OPERATORS = "4"


class Semester(StrEnum):
    """TC94: half of the year."""

    FIRST = "1"
    SECOND = "2"


class StatisticsType(StrEnum):
    """TC07: which SEED statistics are requested."""

    ACTIVE_INACTIVE_AND_DELETED_OPERATORS = "1"
    PENDING_EXPIRATIONS = "2"
    OPERATORS_BY_TYPE_AND_TAX_WAREHOUSES = "3"
    EXCISE_ACTIVITY = "4"
    CHANGES_OF_AUTHORISATIONS = "5"


class SystemUnavailabilityType(StrEnum):
    """TC89: of which kind an unavailability is."""

    NOT_IMPLEMENTED = "N"
    SCHEDULED = "S"
    UNSCHEDULED = "U"


class TechnicalMessageType(StrEnum):
    """TC60: the message that a package holds."""

    IE717 = "IE717"
    IE801 = "IE801"
    IE802 = "IE802"
    IE803 = "IE803"
    IE807 = "IE807"
    IE810 = "IE810"
    IE813 = "IE813"
    IE818 = "IE818"
    IE819 = "IE819"
    IE829 = "IE829"
    IE836 = "IE836"
    IE837 = "IE837"
    IE839 = "IE839"
    IE840 = "IE840"
    IE871 = "IE871"
    IE880 = "IE880"
    IE881 = "IE881"
    IE905 = "IE905"


class TemporaryOperatorTypeCode(StrEnum):
    """TC110: as what a temporary authorisation registers a trader."""

    TEMPORARY_REGISTERED_CONSIGNEE = "1"
    TEMPORARY_CERTIFIED_CONSIGNOR = "2"
    TEMPORARY_CERTIFIED_CONSIGNEE = "3"


class UnavailabilityScheduleMessageType(StrEnum):
    """TC88: to whom an unavailability is told."""

    TO_CENTRAL_SERVICES = "1"
    TO_NATIONAL_DOMAINS = "2"
