"""What simulated consignees do about an e-SAD, as the message that they write."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Final

from esad_gateway.emcs.codes import GlobalConclusionOfReceipt
from esad_gateway.emcs.messages import IE801, Message
from esad_gateway.frozen import frozen
from esad_gateway.simulator.notices import alert, late_report
from esad_gateway.simulator.reports import Found, reported
from esad_gateway.simulator.scripts.model import Do, Then


@frozen(kw_only=True)
class Arrival:
    """An e-SAD that a consignee acts on: when (aware), on which day of its own calendar, and its excise office."""

    e_sad: IE801
    now: datetime
    today: date
    office: str


def written(then: Then, arrival: Arrival) -> Message | None:
    """What is written to do what a step says; ``None`` for nothing."""
    return _WRITERS[then.do](then, arrival)


def _report(then: Then, arrival: Arrival, conclusion: GlobalConclusionOfReceipt) -> Message:
    found = Found(shortages=then.shortages, excesses=then.excesses, refused=then.refused, reason=then.reason)
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
        then.reason or "Not as agreed",
        arrival.today,
        rejected=then.do is Do.REJECT,
    )


def _explain_delay(then: Then, arrival: Arrival) -> Message:
    return late_report(arrival.e_sad, arrival.now, then.reason or "The goods have not arrived yet")


def _nothing(_then: Then, _occasion: Arrival) -> None:
    return None


_WRITERS: Final[Mapping[Do, Callable[[Then, Arrival], Message | None]]] = MappingProxyType(
    {
        Do.ACCEPT: _accept,
        Do.REFUSE: _refuse,
        Do.PARTIALLY_REFUSE: _partially_refuse,
        Do.ALERT: _alert,
        Do.REJECT: _alert,
        Do.EXPLAIN_DELAY: _explain_delay,
        Do.NOTHING: _nothing,
    }
)
