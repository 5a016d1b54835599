"""The messages that a client writes about an e-SAD which it has, by the names of its methods."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final

from esad_gateway.drafting import notices, reports
from esad_gateway.emcs.codes import GlobalConclusionOfReceipt, SubmitterType
from esad_gateway.emcs.messages import IE801, Message
from esad_gateway.errors import UnreadableInput
from esad_gateway.faults import Said
from esad_gateway.xml.binding import read
from esad_gateway.xml.parse import parse
from esad_gateway.xml.payload import without_signature

CONCLUSIONS: Final[Mapping[str, GlobalConclusionOfReceipt]] = {
    "accepted": GlobalConclusionOfReceipt.ACCEPTED_AND_SATISFACTORY,
    "unsatisfactory": GlobalConclusionOfReceipt.ACCEPTED_ALTHOUGH_UNSATISFACTORY,
    "refused": GlobalConclusionOfReceipt.REFUSED,
    "partially refused": GlobalConclusionOfReceipt.PARTIALLY_REFUSED,
}
"""What a report of receipt concludes, in words."""

_UNSET: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""Of a header that the gateway makes anew, by its own clock."""


def report(
    e_sad: bytes | IE801, arrived: date, found: reports.Found, conclusion: str | None
) -> Callable[[str], Message]:
    """A report of receipt, for an office."""
    concluded = CONCLUSIONS[conclusion or _conclusion(found)]
    message = _e_sad(e_sad)
    return lambda office: reports.reported(message, _UNSET, office, concluded, found, arrived)


def found_of(
    shortages: Mapping[int, Decimal | str] | None,
    excesses: Mapping[int, Decimal | str] | None,
    refused: Mapping[int, Decimal | str] | None,
    reason: str,
) -> reports.Found:
    """What was found on arrival, by the number of the line."""
    return reports.Found(
        shortages=_quantities(shortages), excesses=_quantities(excesses), refused=_quantities(refused), reason=reason
    )


def alert(e_sad: bytes | IE801, reason: str, on: date, *, rejected: bool) -> Callable[[str], Message]:
    """An alert or a rejection, for an office."""
    message = _e_sad(e_sad)
    return lambda office: notices.alert(message, _UNSET, office, reason, on, rejected=rejected)


def explanation(e_sad: bytes | IE801, seed: str, reason: str, on: date) -> Message:
    """An explanation of a shortage or an excess."""
    message = _e_sad(e_sad)
    return notices.explained(message, _UNSET, _submitter(message, seed), reason, on)


def delay(e_sad: bytes | IE801, seed: str, reason: str) -> Message:
    """Why there is no report of receipt yet."""
    message = _e_sad(e_sad)
    return notices.late_report(message, _UNSET, reason, _submitter(message, seed))


def change(e_sad: bytes | IE801, place: str | None) -> Message:
    """Another place of the same consignee; without one the goods return."""
    message = _e_sad(e_sad)
    return notices.way_back(message, _UNSET) if place is None else notices.other_place(message, _UNSET, place)


def _e_sad(given: bytes | IE801) -> IE801:
    message = read(without_signature(parse(given))) if isinstance(given, bytes) else given
    if not isinstance(message, IE801):
        raise UnreadableInput(Said("client.no_e_sad"))
    return message


def _submitter(e_sad: IE801, seed: str) -> SubmitterType:
    own = e_sad.consignor_trader.trader_excise_number == seed
    return SubmitterType.CONSIGNOR if own else SubmitterType.CONSIGNEE


def _conclusion(found: reports.Found) -> str:
    if found.refused:
        return "partially refused"
    return "unsatisfactory" if found.shortages or found.excesses or found.reason else "accepted"


def _quantities(given: Mapping[int, Decimal | str] | None) -> Mapping[int, Decimal]:
    return {line: Decimal(quantity) for line, quantity in (given or {}).items()}
