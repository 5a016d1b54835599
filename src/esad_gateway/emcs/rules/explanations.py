"""Rules on the explanations of traders: IE837 of a delay, IE871 of a shortage or excess."""

from collections.abc import Iterator
from typing import Final

from esad_gateway.emcs.codes import FunctionalErrorCodes, MessageRoleCode, SubmitterType
from esad_gateway.emcs.messages import IE837, IE871
from esad_gateway.emcs.movement import Movement
from esad_gateway.emcs.rules.arcs import arc, known_movement
from esad_gateway.emcs.rules.code_lists import DELAY_EXPLANATIONS, EXCISE_PRODUCTS
from esad_gateway.emcs.rules.correlations import uncorrelated
from esad_gateway.emcs.rules.lines import lines_of, products, references
from esad_gateway.emcs.rules.mechanism import Context, Finding, Rule, content, on_movement
from esad_gateway.emcs.rules.numbers import formed, number_problem
from esad_gateway.emcs.rules.patterns import (
    LEAVE_OUT,
    REQUIRED,
    always,
    is_other,
    language,
    listed,
    needed,
    no_eori,
    northern_ireland,
    required_if,
    unvalidated,
)
from esad_gateway.faults import said
from esad_gateway.place import at

_NOT_SUPPORTED: Final = FunctionalErrorCodes.NOT_SUPPORTED_IN_THIS_POSITION


def r072(message: IE837, movement: Movement) -> Iterator[Finding]:
    """Who explains a delay is the consignor or the consignee of the movement, as the type of submitter says.

    The rule names the excise number only. A temporary authorisation reference has the same form, and its holder the
    same delays to explain.
    """
    submitter = message.attributes.submitter_identification
    expected = _party(movement, message.attributes.submitter_type)
    if submitter != expected and number_problem(submitter) is None:
        yield Finding(at("Attributes/SubmitterIdentification"), submitter, said("hint.submitter", number=expected))


def tc73(message: IE837, _context: Context) -> Iterator[Finding]:
    """The delay explained is that of the report of receipt: a duty-paid movement always has its destination."""
    role = message.attributes.message_role
    if role is not MessageRoleCode.REPORT_OF_RECEIPT_DELAY:
        yield Finding(at("Attributes/MessageRole"), role)


def c063(message: IE871, _context: Context) -> Iterator[Finding]:
    """The submitter of an explanation is described, as consignor or as consignee, and the other party is not."""
    by_consignor = message.attributes.submitter_type is SubmitterType.CONSIGNOR
    groups = (
        ("ConsigneeTrader", message.consignee_trader, not by_consignor),
        ("ConsignorTrader", message.consignor_trader, by_consignor),
    )
    for name, group, wanted in groups:
        if wanted and group is None:
            yield Finding(at(name))
        if group is not None and not wanted:
            yield Finding(at(name), None, LEAVE_OUT, _NOT_SUPPORTED)


def r045(message: IE871, movement: Movement) -> Iterator[Finding]:
    """A consignee that explains is the consignee of the movement, which was found registered when it began."""
    consignee = message.consignee_trader.traderid if message.consignee_trader else None
    if consignee is not None and consignee != movement.consignee and number_problem(consignee) is None:
        yield Finding(at("ConsigneeTrader/Traderid"), consignee, said("hint.consignee", number=movement.consignee))


def r044(message: IE871, movement: Movement) -> Iterator[Finding]:
    """A consignor that explains is the consignor of the movement, which was found registered when it began."""
    consignor = message.consignor_trader.trader_excise_number if message.consignor_trader else None
    if consignor is not None and consignor != movement.consignor and number_problem(consignor) is None:
        hint = said("hint.consignor", number=movement.consignor)
        yield Finding(at("ConsignorTrader/TraderExciseNumber"), consignor, hint)


def c181(message: IE871, _context: Context) -> Iterator[Finding]:
    """Something is explained: the whole, or single lines."""
    if message.analysis is None and not message.body_analysis:
        yield Finding(at("Analysis"))


def br041(message: IE871, movement: Movement) -> Iterator[Finding]:
    """An explained line is one of which the report of receipt declared a shortage or an excess.

    A line that the e-SAD does not have is R231's, and its product BR024's.
    """
    known = lines_of(movement)
    for position, line in enumerate(message.body_analysis, 1):
        declared = known.get(line.body_record_unique_reference)
        if declared is not None and declared.discrepancy is None:
            hint = said("hint.no_discrepancy", line=declared.reference)
            yield Finding(at("BodyAnalysis", position, "BodyRecordUniqueReference"), declared.reference, hint)


def _party(movement: Movement, submitter: SubmitterType) -> str:
    return movement.consignor if submitter is SubmitterType.CONSIGNOR else movement.consignee


_ARC: Final = "ExciseMovement/AdministrativeReferenceCode"
_TEXT: Final = "Attributes/ComplementaryInformation"

DELAY: Final[tuple[Rule, ...]] = (
    uncorrelated(IE837),
    formed("R072", IE837, "Attributes/SubmitterIdentification"),
    on_movement("R072", IE837, "Attributes/SubmitterIdentification", r072),
    listed("BC51", IE837, "Attributes/ExplanationCode", DELAY_EXPLANATIONS),
    needed("C128", IE837, _TEXT, required_if(is_other("explanation_code"))),
    language(IE837, _TEXT),
    content("TC73", IE837, "Attributes/MessageRole", tc73),
    *unvalidated(IE837, "Attributes/DateAndTimeOfValidationOfExplanationOnDelay"),
    *arc(IE837, _ARC),
    known_movement(IE837, _ARC),
    northern_ireland("R273", IE837, _ARC),
)

SHORTAGE: Final[tuple[Rule, ...]] = (
    uncorrelated(IE871),
    *unvalidated(IE871, "Attributes/DateAndTimeOfValidationOfExplanationOnShortage"),
    content("C063", IE871, "ConsigneeTrader", c063),
    language(IE871, "ConsigneeTrader"),
    needed("C010", IE871, "ConsigneeTrader/Traderid", always(REQUIRED)),
    formed("R045", IE871, "ConsigneeTrader/Traderid"),
    on_movement("R045", IE871, "ConsigneeTrader/Traderid", r045),
    northern_ireland("R271", IE871, "ConsigneeTrader/Traderid", "ConsignorTrader/TraderExciseNumber", _ARC),
    no_eori(IE871, "ConsigneeTrader"),
    *arc(IE871, _ARC),
    known_movement(IE871, _ARC),
    formed("R070", IE871, "ConsignorTrader/TraderExciseNumber"),
    on_movement("R044", IE871, "ConsignorTrader/TraderExciseNumber", r044),
    content("C181", IE871, "Analysis", c181),
    listed("BC36", IE871, "BodyAnalysis/ExciseProductCode", EXCISE_PRODUCTS),
    products(IE871, "BodyAnalysis"),
    *references(IE871, "BodyAnalysis", "R231"),
    on_movement("BR041", IE871, "BodyAnalysis/BodyRecordUniqueReference", br041),
)

RULES: Final = DELAY + SHORTAGE
