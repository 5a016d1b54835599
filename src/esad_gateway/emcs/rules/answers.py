"""Rules on requests for a state, on its answer, and on refusals: IE904, IE905, IE704, IE906, IE917."""

from collections.abc import Iterator
from typing import Final

from esad_gateway.emcs.codes import FunctionalErrorCodes
from esad_gateway.emcs.messages import IE704, IE904, IE905, IE906, IE917
from esad_gateway.emcs.rules.arcs import arc
from esad_gateway.emcs.rules.mechanism import Context, Finding, Rule, content
from esad_gateway.emcs.rules.patterns import LEAVE_OUT, correlated, needed, required_if, uncorrelated

_NOT_SUPPORTED: Final = FunctionalErrorCodes.NOT_SUPPORTED_IN_THIS_POSITION
_ARC: Final = "Attributes/AdministrativeReferenceCode"
_LRN: Final = "Attributes/LocalReferenceNumber"


def c151(message: IE704, _context: Context) -> Iterator[Finding]:
    """A refusal names what it refuses: the LRN of a draft, or the movement of any other message, not both."""
    named = message.attributes
    if named is None:
        return
    if named.local_reference_number is not None and named.administrative_reference_code is not None:
        yield Finding(_LRN, named.local_reference_number, LEAVE_OUT, _NOT_SUPPORTED)
    if named.local_reference_number is None and named.administrative_reference_code is None:
        yield Finding(_LRN)


RULES: Final[tuple[Rule, ...]] = (
    uncorrelated(IE904),
    *arc(IE904, _ARC),
    correlated(IE905),
    *arc(IE905, _ARC),
    correlated(IE704),
    *arc(IE704, _ARC),
    needed(
        "C150",
        IE704,
        "Attributes/SequenceNumber",
        required_if(lambda named: named.administrative_reference_code is not None),
    ),
    content("C151", IE704, _LRN, c151),
    correlated(IE906),
    *arc(IE906, _ARC),
    correlated(IE917),
    *arc(IE917, _ARC),
)
