"""What simulated traders do about a movement, as the message that they write."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Final

from esad_gateway.drafting.notices import alert, explained, late_report, other_place, way_back
from esad_gateway.drafting.reports import Found, in_own_words, reported
from esad_gateway.emcs.codes import GlobalConclusionOfReceipt, SubmitterType
from esad_gateway.emcs.messages import IE801, Message
from esad_gateway.faults import Said
from esad_gateway.frozen import frozen
from esad_gateway.simulator.scripts.model import Do, Then
from esad_gateway.texts import ENGLISH


@frozen(kw_only=True)
class Arrival:
    """An e-SAD that a trader acts on, as ``author``: when (aware), on which day of its calendar, and its office.

    ``language`` is the one that it writes in, unless it is told what to say.
    """

    e_sad: IE801
    now: datetime
    today: date
    office: str
    author: SubmitterType
    language: str = ENGLISH


def written(then: Then, arrival: Arrival) -> Message | None:
    """What is written to do what a step says; ``None`` for nothing."""
    return _WRITERS[then.do](then, arrival)


def _report(then: Then, arrival: Arrival, conclusion: GlobalConclusionOfReceipt) -> Message:
    found = Found(
        shortages=then.shortages,
        excesses=then.excesses,
        refused=then.refused,
        reason=then.reason,
        language=arrival.language,
    )
    return reported(arrival.e_sad, arrival.now, arrival.office, conclusion, found, arrival.today)


def _accept(then: Then, arrival: Arrival) -> Message:
    whole = not (then.shortages or then.excesses)
    conclusions = GlobalConclusionOfReceipt
    conclusion = conclusions.ACCEPTED_AND_SATISFACTORY if whole else conclusions.ACCEPTED_ALTHOUGH_UNSATISFACTORY
    return _report(then, arrival, conclusion)


def _refuse(then: Then, arrival: Arrival) -> Message:
    return _report(then, arrival, GlobalConclusionOfReceipt.REFUSED)


def _partially_refuse(then: Then, arrival: Arrival) -> Message:
    return _report(then, arrival, GlobalConclusionOfReceipt.PARTIALLY_REFUSED)


def _alert(then: Then, arrival: Arrival) -> Message:
    return alert(
        arrival.e_sad,
        arrival.now,
        arrival.office,
        in_own_words(then.reason, Said("sim.not_agreed"), arrival.language),
        arrival.today,
        rejected=then.do is Do.REJECT,
    )


def _explain_delay(then: Then, arrival: Arrival) -> Message:
    reason = in_own_words(then.reason, Said("sim.not_arrived"), arrival.language)
    return late_report(arrival.e_sad, arrival.now, reason, arrival.author)


def _explain_shortage(then: Then, arrival: Arrival) -> Message:
    reason = in_own_words(then.reason, Said("sim.broken"), arrival.language)
    return explained(arrival.e_sad, arrival.now, arrival.author, reason, arrival.today)


def _take_back(_then: Then, arrival: Arrival) -> Message:
    return way_back(arrival.e_sad, arrival.now)


def _send_elsewhere(then: Then, arrival: Arrival) -> Message:
    return other_place(arrival.e_sad, arrival.now, then.place)


def _nothing(_then: Then, _arrival: Arrival) -> None:
    return None


_WRITERS: Final[Mapping[Do, Callable[[Then, Arrival], Message | None]]] = MappingProxyType(
    {
        Do.ACCEPT: _accept,
        Do.REFUSE: _refuse,
        Do.PARTIALLY_REFUSE: _partially_refuse,
        Do.ALERT: _alert,
        Do.REJECT: _alert,
        Do.EXPLAIN_DELAY: _explain_delay,
        Do.EXPLAIN_SHORTAGE: _explain_shortage,
        Do.TAKE_BACK: _take_back,
        Do.REPORT_RETURN: _accept,
        Do.SEND_ELSEWHERE: _send_elsewhere,
        Do.NOTHING: _nothing,
    }
)
