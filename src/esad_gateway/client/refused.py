"""What a gateway refuses, as exceptions that say why in every language that it has."""

from collections.abc import Mapping
from typing import Any, Final

from esad_gateway.client.reading import read, value_of
from esad_gateway.client.request import GatewayAnswer
from esad_gateway.client.values import Receipt, ToldFault, Words
from esad_gateway.errors import PeerError
from esad_gateway.faults import Said, said

REFUSING: Final = 400
"""Where HTTP's refusals begin."""

_AGAIN: Final = frozenset({429, 503})
"""Statuses after which the same may be sent again."""


class ProblemAnswered(PeerError):
    """A request was answered with a problem (RFC 9457): nothing came of it.

    ``status`` is that of HTTP, ``kind`` the last part of the problem's type (``signature-refused``), ``titles`` and
    ``details`` say what is wrong by language, ``faults`` are its faults if it has some, ``more`` is the whole problem,
    with the ``step`` of a signature, say. ``retry_after`` is after how many seconds the same may be sent again, if the
    gateway says so.
    """

    def __init__(self, answer: GatewayAnswer) -> None:
        self.more: Mapping[str, Any] = answer.members()
        self.status = answer.status
        self.kind = str(self.more.get("type", "")).rpartition(":")[2].rpartition("/")[2]
        detail = str(self.more.get("detail", "")) or Said("gateway.no_reason")
        super().__init__(said("gateway.refused", status=self.status, why=detail))
        self.titles: Words = _words(self.more, "title")
        self.details: Words = _words(self.more, "detail")
        self.faults = _faults(self.more)
        self.retry_after = _seconds(answer)

    @property
    def passes(self) -> bool:
        """Whether the same request may be answered otherwise later."""
        return self.status in _AGAIN


class NotProven(PeerError):
    """An answer is not signed by the gateway that was asked: it is not believed, and nothing is asked again."""


class TooLate(PeerError):
    """What was waited for has not come in its time; nothing is known to be wrong."""


def checked(answer: GatewayAnswer) -> GatewayAnswer:
    """The answer. Raises ProblemAnswered when it is a problem."""
    if answer.status >= REFUSING:
        raise ProblemAnswered(answer)
    return answer


def receipt_of(answer: GatewayAnswer) -> Receipt:
    """The receipt in an answer, of a refused document too. Raises ProblemAnswered when there is none."""
    return value_of(answer if "outcome" in answer.members() else checked(answer), Receipt)


def _words(problem: Mapping[str, Any], what: str) -> Words:
    told = problem.get(f"{what}s")
    return dict(told) if isinstance(told, Mapping) else {"en": str(problem.get(what, ""))}


def _faults(problem: Mapping[str, Any]) -> tuple[ToldFault, ...]:
    told = problem.get("faults")
    return tuple(read(one, ToldFault) for one in told) if isinstance(told, list) else ()


def _seconds(answer: GatewayAnswer) -> float | None:
    told = answer.headers.get("retry-after", "")
    return float(told) if told.isdecimal() else None
