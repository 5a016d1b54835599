"""Rules on IE815, the draft e-SAD.

This gateway serves duty-paid movements. R261 refuses every other type of submission, and the rules that speak of duty
paid then stay silent: a draft of the wrong type has that one fault, not all that follow from it. For the same reason
each rule leaves alone what another one has to say: a code is judged by its own rule first.

The rules on the journey are in :mod:`esad_gateway.emcs.rules.ie815_journey`, those on the lines in
:mod:`esad_gateway.emcs.rules.ie815_goods`, those that ask the register in
:mod:`esad_gateway.emcs.rules.ie815_register`; here are the others, and the table of all.
"""

from collections.abc import Iterator
from operator import attrgetter
from types import MappingProxyType
from typing import Final

from esad_gateway.emcs.codes import (
    DestinationTypeCode,
    FunctionalErrorCodes,
    GuarantorTypeCode,
    OriginTypeCode,
    SubmissionType,
    TransportArrangement,
)
from esad_gateway.emcs.messages import IE815
from esad_gateway.emcs.messages.groups import DocumentCertificate, GuarantorTrader
from esad_gateway.emcs.rules import ie815_goods as goods
from esad_gateway.emcs.rules import ie815_journey as journey
from esad_gateway.emcs.rules import ie815_register as register
from esad_gateway.emcs.rules.code_lists import (
    DOCUMENT_TYPES,
    DUTY_PAID_DESTINATIONS,
    DUTY_PAID_DRAFT_DESTINATIONS,
    LANGUAGES,
    TARIC_DOCUMENT_CODE,
    TRANSPORT_MODES,
    TRANSPORT_UNITS,
    WINE_OPERATIONS,
    WINE_ZONES,
)
from esad_gateway.emcs.rules.correlations import uncorrelated
from esad_gateway.emcs.rules.ie815_goods import duty_paid
from esad_gateway.emcs.rules.ie815_journey import destination, origin
from esad_gateway.emcs.rules.mechanism import Context, Finding, Rule, content, stateful
from esad_gateway.emcs.rules.numbers import formed
from esad_gateway.emcs.rules.packages import PACKAGES, package_hint
from esad_gateway.emcs.rules.patterns import (
    ABSENT,
    OPTIONAL,
    REQUIRED,
    Need,
    Needed,
    identity_of_units,
    is_other,
    known_office,
    listed,
    needed,
    no_eori,
    northern_ireland,
    office,
    place_of_delivery,
    required_if,
    required_only_if,
    texts_with_language,
)
from esad_gateway.emcs.rules.places import languages
from esad_gateway.faults import said
from esad_gateway.place import at

GUARANTORS: Final = MappingProxyType(
    {code: len(set(code.value) & {"2", "3"}) for code in GuarantorTypeCode},
)
"""C017: how many guarantors are described; consignor (1) and consignee (4) are, elsewhere in the document."""

_NOT_SUPPORTED: Final = FunctionalErrorCodes.NOT_SUPPORTED_IN_THIS_POSITION
_ARRANGED_BY_A_PARTY: Final = frozenset({TransportArrangement.CONSIGNOR, TransportArrangement.CONSIGNEE})
_GROUPS: Final = attrgetter(
    "consignee_trader",
    "consignor_trader",
    "place_of_dispatch_trader",
    "delivery_place_trader",
    "transport_arranger_trader",
    "first_transporter_trader",
)
_TEXTS_OF_LINE: Final = attrgetter(
    "fiscal_mark",
    "designation_of_origin",
    "commercial_description",
    "brand_name_of_products",
    "maturation_period_or_age_of_products",
    "independent_small_producers_declaration",
)


def r261(message: IE815, _context: Context) -> Iterator[Finding]:
    """A duty-paid draft is submitted as type 3; types 1 and 2 belong to duty suspension and are not served here."""
    submission = message.attributes.submission_message_type
    if submission is not SubmissionType.DUTY_PAID_B2B:
        yield Finding(at("Attributes/SubmissionMessageType"), submission)


def c017(message: IE815, _context: Context) -> Iterator[Finding]:
    """As many guarantors are described as the type of guarantor says: one each for transporter and owner."""
    guarantee = message.movement_guarantee
    wanted, given = GUARANTORS[guarantee.guarantor_type_code], len(guarantee.guarantor_trader)
    if given == wanted:
        return
    hint = said("hint.guarantors", type=guarantee.guarantor_type_code, wanted=wanted, given=given)
    if given < wanted:
        yield Finding(at("MovementGuarantee/GuarantorTrader"), None, hint)
    for position, guarantor in enumerate(guarantee.guarantor_trader[wanted:], wanted + 1):
        place = at("MovementGuarantee/GuarantorTrader", position)
        yield Finding(place, guarantor.trader_excise_number, hint, _NOT_SUPPORTED)


def c006(message: IE815, _context: Context) -> Iterator[Finding]:
    """A document is named by its type, by a description or by a reference at least."""
    for position, document in enumerate(message.document_certificate, 1):
        if not (document.document_type or document.document_description or document.reference_of_document):
            yield Finding(at("DocumentCertificate", position))


def bc12(message: IE815, _context: Context) -> Iterator[Finding]:
    """Every language is an official one of the Union.

    Places are worked out for a fault only.
    """
    if not _languages_known(message):
        yield from (Finding(place, code) for place, code in languages(message) if code not in LANGUAGES)


def _for_duty_paid(need: Need) -> Needed[IE815]:
    """A need that only a duty-paid draft has; one of another type has R261's fault and no other."""
    return lambda _group, message: need if duty_paid(message) else OPTIONAL


def _only_for_destination(one: DestinationTypeCode) -> Needed[IE815]:
    """A need of an item that belongs to one destination of duty suspension: R196 speaks of that, and nothing else."""
    return lambda _group, message: ABSENT if duty_paid(message) and destination(message) is not one else OPTIONAL


def _only_for_import(_group: object, message: IE815) -> Need:
    """C097: goods from import have customs declarations; that they are not duty paid is R260's to say."""
    return ABSENT if duty_paid(message) and origin(message) is not OriginTypeCode.IMPORT else OPTIONAL


def _identified_by_number(message: IE815) -> bool:
    """R045: whether the destination is one whose consignee has an excise number or a temporary authorisation."""
    return destination(message) in DUTY_PAID_DESTINATIONS


def _with_consignee(_group: object, message: IE815) -> Need:
    """C116 and C010: the consignee is named, by its number, since every duty-paid destination is known."""
    return REQUIRED if destination(message) in DUTY_PAID_DESTINATIONS else OPTIONAL


def _arranger_needed(message: IE815, _message: IE815) -> Need:
    """C102: the arranger of the transport is described unless a party of the movement is it."""
    return ABSENT if message.header_ead_esad.transport_arrangement in _ARRANGED_BY_A_PARTY else REQUIRED


def _without_number(guarantor: GuarantorTrader) -> bool:
    return guarantor.trader_excise_number is None


def _typed(document: DocumentCertificate) -> bool:
    return document.document_type is not None


def _languages_known(message: IE815) -> bool:
    """Whether :func:`bc12` has nothing to say; written out, since no other rule looks at so many places."""
    named = [language for group in _GROUPS(message) if group is not None and (language := group.language) is not None]
    texts = [message.transport_mode.complementary_information]
    named += [language for one in message.movement_guarantee.guarantor_trader if (language := one.language)]
    for document in message.document_certificate:
        texts += (document.document_description, document.reference_of_document)
    for line in message.body_ead_esad:
        texts += _TEXTS_OF_LINE(line)
        texts += [package.seal_information for package in line.package]
        if line.wine_product is not None:
            texts.append(line.wine_product.other_information)
    for unit in message.transport_details:
        texts += (unit.complementary_information, unit.seal_information)
    return LANGUAGES.issuperset(named) and LANGUAGES.issuperset([text.language for text in texts if text is not None])


_DISPATCH_ADDRESS: Final = tuple(
    f"PlaceOfDispatchTrader/{item}" for item in ("TraderName", "StreetName", "Postcode", "City")
)
_GUARANTOR: Final = "MovementGuarantee/GuarantorTrader"
_GUARANTOR_ADDRESS: Final = tuple(f"{_GUARANTOR}/{item}" for item in ("TraderName", "StreetName", "City", "Postcode"))
_IDENTIFIED_DELIVERY, _NAMED_DELIVERY, _DELIVERY_ADDRESS = place_of_delivery(
    IE815,
    "DeliveryPlaceTrader",
    lambda message: duty_paid(message) and destination(message) in DUTY_PAID_DRAFT_DESTINATIONS,
)

RULES: Final[tuple[Rule, ...]] = (
    uncorrelated(IE815),
    content("R261", IE815, "Attributes/SubmissionMessageType", r261),
    needed("C116", IE815, "ConsigneeTrader", _with_consignee),
    content("BC12", IE815, "ConsigneeTrader", bc12),
    needed("C010", IE815, "ConsigneeTrader/Traderid", _with_consignee),
    northern_ireland(
        "R271",
        IE815,
        "ConsigneeTrader/Traderid",
        "ConsignorTrader/TraderExciseNumber",
        "PlaceOfDispatchTrader/ReferenceOfTaxWarehouse",
        "DeliveryPlaceTrader/Traderid",
        f"{_GUARANTOR}/TraderExciseNumber",
    ),
    formed("R045", IE815, "ConsigneeTrader/Traderid", _identified_by_number),
    stateful("R045", IE815, "ConsigneeTrader/Traderid", register.r045),
    *register.LINKS,
    no_eori(IE815, "ConsigneeTrader", _only_for_destination(DestinationTypeCode.EXPORT)),
    formed("R070", IE815, ("ConsignorTrader/TraderExciseNumber", f"{_GUARANTOR}/TraderExciseNumber")),
    stateful("R044", IE815, "ConsignorTrader/TraderExciseNumber", register.r044),
    content("C012", IE815, "PlaceOfDispatchTrader", journey.c012),
    texts_with_language(IE815, "PlaceOfDispatchTrader", "DeliveryPlaceTrader", _GUARANTOR),
    needed("C208", IE815, "PlaceOfDispatchTrader/ReferenceOfTaxWarehouse", _for_duty_paid(ABSENT)),
    needed("C207", IE815, _DISPATCH_ADDRESS, _for_duty_paid(REQUIRED)),
    needed("C084", IE815, "ComplementConsigneeTrader", _only_for_destination(DestinationTypeCode.EXEMPTED_CONSIGNEE)),
    content("C164", IE815, "DeliveryPlaceTrader", journey.c164),
    _IDENTIFIED_DELIVERY,
    _NAMED_DELIVERY,
    _DELIVERY_ADDRESS,
    office(IE815, "CompetentAuthorityDispatchOffice/ReferenceNumber"),
    known_office(IE815, "CompetentAuthorityDispatchOffice/ReferenceNumber"),
    needed("C102", IE815, "TransportArrangerTrader", _arranger_needed),
    content("C006", IE815, "DocumentCertificate", c006),
    listed("BC106", IE815, "DocumentCertificate/DocumentType", DOCUMENT_TYPES, besides=TARIC_DOCUMENT_CODE),
    needed("C202", IE815, "DocumentCertificate/DocumentReference", required_only_if(_typed)),
    content("R196", IE815, "HeaderEadEsad/DestinationTypeCode", journey.r196),
    content("R054", IE815, "HeaderEadEsad/JourneyTime", journey.r054),
    content("BR007", IE815, "HeaderEadEsad/JourneyTime", journey.br007),
    stateful("BR055", IE815, "HeaderEadEsad/JourneyTime", register.br055),
    listed("BC67", IE815, "TransportMode/TransportModeCode", TRANSPORT_MODES),
    content("R216", IE815, "TransportMode/TransportModeCode", journey.r216),
    needed("C127", IE815, "TransportMode/ComplementaryInformation", required_only_if(is_other("transport_mode_code"))),
    content("C017", IE815, _GUARANTOR, c017),
    stateful("R027", IE815, f"{_GUARANTOR}/TraderExciseNumber", register.r027),
    needed("C101", IE815, _GUARANTOR_ADDRESS, required_if(_without_number)),
    content("R060", IE815, "BodyEadEsad/BodyRecordUniqueReference", goods.r060),
    content("BC36", IE815, "BodyEadEsad/ExciseProductCode", goods.bc36),
    stateful("BR048", IE815, "BodyEadEsad/ExciseProductCode", register.br048),
    stateful("BR049", IE815, "BodyEadEsad/ExciseProductCode", register.br049),
    content("R215", IE815, "BodyEadEsad/ExciseProductCode", goods.r215),
    content("R232", IE815, "BodyEadEsad/CnCode", goods.r232),
    content("R211", IE815, "BodyEadEsad/CnCode", goods.r211),
    stateful("BR052", IE815, "BodyEadEsad/Quantity", register.br052),
    content("R219", IE815, "BodyEadEsad/GrossMass", goods.r219),
    needed("C047", IE815, "BodyEadEsad/AlcoholicStrengthByVolumeInPercentage", goods.strength_needed),
    content("R237", IE815, "BodyEadEsad/AlcoholicStrengthByVolumeInPercentage", goods.r237),
    needed("C048", IE815, "BodyEadEsad/DegreePlato", goods.plato_needed),
    needed("C049", IE815, "BodyEadEsad/Density", goods.density_needed),
    listed("BC17", IE815, "BodyEadEsad/Package/KindOfPackages", PACKAGES, hint=package_hint),
    needed("C073", IE815, "BodyEadEsad/Package/NumberOfPackages", goods.number_needed),
    content("R251", IE815, "BodyEadEsad/Package/NumberOfPackages", goods.r251),
    needed(
        "C203", IE815, "BodyEadEsad/Package/ShippingMarks", required_if(lambda package: package.number_of_packages == 0)
    ),
    listed("BC40", IE815, "BodyEadEsad/WineProduct/WineGrowingZoneCode", WINE_ZONES),
    needed("C045", IE815, "BodyEadEsad/WineProduct/ThirdCountryOfOrigin", goods.third_country_needed),
    content("R051", IE815, "BodyEadEsad/WineProduct/ThirdCountryOfOrigin", goods.r051),
    listed("BC41", IE815, "BodyEadEsad/WineProduct/WineOperation/WineOperationCode", WINE_OPERATIONS),
    stateful("BR001", IE815, "EadEsadDraft/LocalReferenceNumber", register.br001),
    content("R260", IE815, "EadEsadDraft/OriginTypeCode", journey.r260),
    content("IR6", IE815, "EadEsadDraft/DateOfDispatch", journey.ir6),
    needed("C097", IE815, "EadEsadDraft/ImportCustomsDeclaration", _only_for_import),
    listed("BC35", IE815, "TransportDetails/TransportUnitCode", TRANSPORT_UNITS),
    identity_of_units(IE815),
)
