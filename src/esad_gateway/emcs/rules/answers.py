"""Rules on requests for a state, on its answer, and on refusals: IE904, IE905, IE704, IE906, IE917."""

from collections.abc import Iterator
from typing import Final

from esad_gateway.emcs.codes import FunctionalErrorCodes
from esad_gateway.emcs.messages import IE704, IE904, IE905, IE906, IE917
from esad_gateway.emcs.messages.ie704 import Attributes
from esad_gateway.emcs.rules.arcs import arc
from esad_gateway.emcs.rules.correlations import correlated, uncorrelated
from esad_gateway.emcs.rules.mechanism import Context, Finding, Rule, content
from esad_gateway.emcs.rules.patterns import (
    ABSENT,
    LEAVE_OUT,
    OPTIONAL,
    REQUIRED,
    Need,
    needed,
)
from esad_gateway.place import at

_NOT_SUPPORTED: Final = FunctionalErrorCodes.NOT_SUPPORTED_IN_THIS_POSITION
_ARC: Final = "Attributes/AdministrativeReferenceCode"
_LRN: Final = "Attributes/LocalReferenceNumber"


def c151(message: IE704, _context: Context) -> Iterator[Finding]:
    """A refusal names what it refuses: the LRN of a draft, or the movement of any other message, not both."""
    named = message.attributes
    if named is None:
        return
    if named.local_reference_number is not None and named.administrative_reference_code is not None:
        yield Finding(at(_LRN), named.local_reference_number, LEAVE_OUT, _NOT_SUPPORTED)
    if named.local_reference_number is None and named.administrative_reference_code is None:
        yield Finding(at(_LRN))


def _sequence_needed(named: Attributes, _message: IE704) -> Need:
    """C150: what names an ARC names its sequence number too, and a draft has none. Both at once is C151's fault."""
    if named.administrative_reference_code is not None:
        return REQUIRED
    return ABSENT if named.local_reference_number is not None else OPTIONAL


RULES: Final[tuple[Rule, ...]] = (
    uncorrelated(IE904),
    *arc(IE904, _ARC),
    correlated(IE905),
    *arc(IE905, _ARC),
    correlated(IE704),
    *arc(IE704, _ARC),
    needed("C150", IE704, "Attributes/SequenceNumber", _sequence_needed),
    content("C151", IE704, _LRN, c151),
    correlated(IE906),
    *arc(IE906, _ARC),
    correlated(IE917),
    *arc(IE917, _ARC),
)
