"""What a peer's HTTP answer says about a delivery: about this document, about the peer, or that it is done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from types import MappingProxyType
from typing import Final

from esad_gateway.errors import MalformedXml, TooLarge
from esad_gateway.faults import Said, said
from esad_gateway.ports.outbox import DeliveryOutcome, Reception, Tried
from esad_gateway.transport.envelope import Acknowledgement, SoapFault, answer_of

LARGEST_ANSWER: Final = 64 * 1024
"""Bytes: an acknowledgement is a few hundred; more is nonsense, and is not read."""

_OK: Final = 200
_TOO_MANY: Final = 429
_MEANING: Final[Mapping[int, tuple[Reception, Said]]] = MappingProxyType(
    {
        400: (Reception.REFUSED, Said("tried.not_read")),
        413: (Reception.REFUSED, Said("tried.too_large")),
        415: (Reception.REFUSED, Said("tried.other_content")),
        422: (Reception.REFUSED, Said("tried.not_processed")),
        # Most often about the peer; but a front may say either of one document, so that others are to find it out.
        404: (Reception.FAILED, Said("tried.no_door")),
        429: (Reception.FAILED, Said("tried.alone")),
    }
)
"""What a status says without a fault; any other is a failure of the peer, which the document may have caused."""


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """An answer as it came: the body up to a byte more than the largest, header names in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def tried(answer: HttpAnswer, identifier: str) -> Tried:
    """Tell what an answer means for the delivery of the document with this message identifier.

    When a SOAP fault blames the sender, the document is refused, whatever the HTTP status is. Any other fault, an
    answer that cannot be read and the acknowledgement of another message are failures of the peer, which this document
    may have caused. The pause that a 429 asks for is kept in both cases.
    """
    asked = _asked(answer) if answer.status == _TOO_MANY else None
    found = _answer(answer.body)
    by_status, meaning = _MEANING.get(answer.status, (Reception.FAILED, None))
    if isinstance(found, SoapFault):
        why = found.reason or Said("tried.no_reason")
        if found.blames_sender or by_status is Reception.REFUSED:
            return Tried(Reception.REFUSED, said("tried.refused", why=why), pause=asked)
        return Tried(Reception.FAILED, said("tried.not_now", why=why), pause=asked)
    if answer.status != _OK:
        status = answer.status
        told = said("tried.because", status=status, why=meaning) if meaning else said("tried.status", status=status)
        return Tried(by_status, told, pause=asked)
    if isinstance(found, Acknowledgement):
        return _acknowledged(found, identifier)
    return Tried(Reception.FAILED, said("tried.no_acknowledgement", why=found))


def _acknowledged(found: Acknowledgement, identifier: str) -> Tried:
    acknowledged = found.message_identifier.strip()
    if acknowledged == identifier:
        return Tried(Reception.ACKNOWLEDGED, outcome=found.outcome)
    told = said("tried.other_message", found=repr(acknowledged[:80]), expected=repr(identifier))
    return Tried(Reception.FAILED, told)


def _answer(body: bytes) -> Acknowledgement | SoapFault | Said:
    """The SOAP answer in a body, or the reason why there is none."""
    if len(body) > LARGEST_ANSWER:
        return said("tried.longer", most=said("count.bytes", count=LARGEST_ANSWER))
    try:
        return answer_of(body)
    except (MalformedXml, TooLarge) as error:
        return error.what
    except ValueError:
        return said("tried.other_outcome", known=", ".join(DeliveryOutcome))


def _asked(answer: HttpAnswer) -> timedelta | None:
    """Seconds for which the peer asks to be left alone (``Retry-After``, RFC 9110, 10.2.3); ``None`` if it does not.

    When it names a moment, that is compared with the peer's own clock, its ``Date``; without one it counts for nothing.
    """
    said = answer.headers.get("retry-after", "").strip()
    if said.isascii() and said.isdecimal():
        # More digits than a duration has room for.
        return timedelta(seconds=int(said[:9]))
    until, now = _moment(said), _moment(answer.headers.get("date", ""))
    return max(until - now, timedelta(0)) if until and now else None


def _moment(text: str) -> datetime | None:
    """The moment in a header, ``None`` where there is none: also for an offset that no clock can have."""
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else None
