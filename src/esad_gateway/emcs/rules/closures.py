"""Rules on manual closure: IE880, the request, and IE881, the answer to it."""

from collections.abc import Iterator
from typing import Final

from esad_gateway.emcs.messages import IE880, IE881
from esad_gateway.emcs.messages.groups import SupportingDocuments
from esad_gateway.emcs.rules import lines
from esad_gateway.emcs.rules.arcs import arc
from esad_gateway.emcs.rules.code_lists import (
    CLOSURE_REJECTION_REASONS,
    DOCUMENT_TYPES,
    EXCISE_PRODUCTS,
    TARIC_DOCUMENT_CODE,
)
from esad_gateway.emcs.rules.correlations import correlated, uncorrelated
from esad_gateway.emcs.rules.mechanism import Context, Finding, Rule, content
from esad_gateway.emcs.rules.patterns import (
    is_other,
    language,
    listed,
    needed,
    northern_ireland,
    required_if,
    required_only_if,
)
from esad_gateway.emcs.rules.places import M, places

_ARC: Final = "Attributes/AdministrativeReferenceCode"
_BODY: Final = "BodyManualClosure"
_DOCUMENT: Final = "SupportingDocuments"


def _identified(message: type[M]) -> Rule:
    """C142 for the supporting documents of ``message``."""
    found = places(message, _DOCUMENT)

    def c142(one: M, _context: Context) -> Iterator[Finding]:
        """A supporting document is given by its type, its reference or its image at least."""
        for place, document in found(one):
            if not _given(document):
                yield Finding(place)

    return content("C142", message, _DOCUMENT, c142)


def _given(document: SupportingDocuments) -> bool:
    items = (document.supporting_document_type, document.reference_of_supporting_document, document.image_of_document)
    return any(item is not None for item in items)


def _explained(message: type[M]) -> Rule:
    """C204 for the reason of the request; its code is one digit, and the list (BC107) has all ten."""
    reason = "manual_closure_request_reason_code"
    return needed("C204", message, "Attributes/ManualClosureRequestReasonCodeComplement", required_if(is_other(reason)))


def _documents(message: type[M]) -> tuple[Rule, ...]:
    return (
        _identified(message),
        needed(
            "C186",
            message,
            f"{_DOCUMENT}/SupportingDocumentDescription",
            required_only_if(is_other("supporting_document_type")),
        ),
        listed("BC106", message, f"{_DOCUMENT}/SupportingDocumentType", DOCUMENT_TYPES, besides=TARIC_DOCUMENT_CODE),
    )


def _lines(message: type[M]) -> tuple[Rule, ...]:
    return (
        *lines.references(message, _BODY),
        lines.observed_quantities(message, _BODY),
        listed("BC36", message, f"{_BODY}/ExciseProductCode", EXCISE_PRODUCTS),
        lines.products(message, _BODY),
        lines.quantities_within(message, _BODY),
    )


REQUEST: Final[tuple[Rule, ...]] = (
    uncorrelated(IE880),
    *arc(IE880, _ARC),
    _explained(IE880),
    language(IE880, "Attributes/ManualClosureRequestReasonCodeComplement"),
    *_documents(IE880),
    *_lines(IE880),
)

ANSWER: Final[tuple[Rule, ...]] = (
    correlated(IE881),
    *arc(IE881, _ARC),
    northern_ireland("R273", IE881, _ARC),
    lines.arrived(IE881, "Attributes/DateOfArrivalOfExciseProducts"),
    lines.duty_paid_conclusion(IE881, "Attributes/GlobalConclusionOfReceipt"),
    language(IE881, "Attributes/ComplementaryInformation"),
    _explained(IE881),
    needed(
        "C205",
        IE881,
        "Attributes/ManualClosureRejectionReasonCode",
        required_only_if(lambda answer: not answer.manual_closure_request_accepted),
    ),
    listed("BC108", IE881, "Attributes/ManualClosureRejectionReasonCode", CLOSURE_REJECTION_REASONS),
    needed(
        "C206",
        IE881,
        "Attributes/ManualClosureRejectionComplement",
        required_if(is_other("manual_closure_rejection_reason_code")),
    ),
    *_documents(IE881),
    *_lines(IE881),
    lines.refused_quantities(IE881, _BODY, "attributes.global_conclusion_of_receipt"),
)

RULES: Final = REQUEST + ANSWER
