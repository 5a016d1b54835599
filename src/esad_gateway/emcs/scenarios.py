"""The scenarios of the procedure (domain facts 3), and which of them a movement has gone through to their end.

They are told from what administrations have written down: the logs of both sides, and the messages. Where a scenario
needs two administrations, both have to have done their part. S23, a report of receipt on paper, leaves no trace but its
later electronic copy (S5 to S7), so nothing could ever show it.
"""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import Final, TypeAlias

from esad_gateway.emcs.codes import StatusType
from esad_gateway.emcs.messages.kinds import SENT_AGAIN
from esad_gateway.emcs.messages.triggers import Side, Trigger
from esad_gateway.emcs.movement.log import Act
from esad_gateway.emcs.movement.tables import CHANGES_OF_DESTINATION, REFUSED_STATES, STATUS_ANSWERS
from esad_gateway.emcs.movement.values import Effect
from esad_gateway.emcs.rules.catalogue import XSD
from esad_gateway.frozen import frozen


class Scenario(StrEnum):
    """A scenario by its number; its title is a sentence (``scenario.S1``)."""

    SUBMITTED = "S1"
    DRAFT_REFUSED = "S2"
    DRAFT_MALFORMED = "S3"
    REFUSED_BETWEEN_ADMINISTRATIONS = "S4"
    RECEIPT_ACCEPTED = "S5"
    RECEIPT_REFUSED = "S6"
    RECEIPT_PARTIALLY_REFUSED = "S7"
    ALERT = "S8"
    REJECTION = "S9"
    CHANGE_OF_PLACE = "S10"
    RETURN = "S11"
    CHANGE_AFTER_REFUSAL = "S12"
    OTHER_CONSIGNEE = "S13"
    NO_REPORT_AT_EXPIRY = "S14"
    LOST_MESSAGE_RECOVERED = "S15"
    DELAY_EXPLAINED = "S16"
    DESTINATION_OVERDUE = "S17"
    SHORTAGE_EXPLAINED = "S18"
    INTERRUPTION = "S19"
    MANUAL_CLOSURE = "S20"
    EVENT_REPORTED = "S21"
    FALLBACK_DISPATCH = "S22"


@frozen(kw_only=True)
class Exchanged:
    """A message as an administration has written it down.

    ``arrived`` tells what came from what was given. ``by_trader`` says that it came from a trader or was given to one.
    ``rules`` are the numbers of its faults, if it was refused. ``answers`` is the type of the message that its
    correlation identifier names, if that is known. ``deferred`` is the flag of a draft that was dispatched on paper.
    """

    type: str
    arrived: bool
    by_trader: bool = False
    refused: bool = False
    rules: frozenset[str] = frozenset()
    answers: str | None = None
    deferred: bool = False


@frozen
class Course:
    """All that was written down about one movement, or about one draft that has become none.

    ``acts`` are the logs of both sides, each oldest first.
    """

    acts: Sequence[Act]
    messages: Sequence[Exchanged]

    def on(self, side: Side) -> Sequence[Act]:
        """What has counted on one side: neither what was refused there nor what had come before."""
        return [act for act in self.acts if act.side is side and act.effect not in _WITHOUT_EFFECT]

    def on_both(self, *triggers: Trigger, before: Sequence[StatusType] = tuple(StatusType)) -> bool:
        """Whether one of these has happened on both sides, in a state from which it counts."""
        return all(any(act.trigger in triggers and act.before in before for act in self.on(side)) for side in Side)

    def at_dispatch(self, *sequence: Sequence[Trigger]) -> bool:
        """Whether at dispatch one of each of these has happened, in this order."""
        acts = iter(self.on(Side.DISPATCH))
        return all(any(act.trigger in triggers for act in acts) for triggers in sequence)

    def draft_refused(self, *, malformed: bool) -> bool:
        """Whether a trader's draft was refused, by the schema or by rules."""
        refused = (one for one in self.messages if one.type == "IE815" and one.by_trader and one.refused)
        return any((one.rules == {XSD}) is malformed for one in refused)


_WITHOUT_EFFECT: Final = frozenset({Effect.REFUSED, Effect.GIVEN_UP, Effect.KNOWN})
_REPORTS: Final = (Trigger.RECEIPT_ACCEPTED, Trigger.RECEIPT_REFUSED, Trigger.RECEIPT_PARTIALLY_REFUSED)

_Told: TypeAlias = Callable[[Course], bool]


def _both(trigger: Trigger) -> _Told:
    return lambda course: course.on_both(trigger)


def _submitted(course: Course) -> bool:
    arrived = any(act.trigger is Trigger.VALIDATED_DOCUMENT for act in course.on(Side.DESTINATION))
    return arrived and course.at_dispatch((Trigger.DRAFT,))


def _e_sad_refused(course: Course) -> bool:
    return any(one.type in {"IE906", "IE917"} and one.arrived and one.answers == "IE801" for one in course.messages)


def _changed_from_refused(course: Course) -> bool:
    return any(course.on_both(trigger, before=REFUSED_STATES) for trigger in CHANGES_OF_DESTINATION)


def _changed_on_the_way(course: Course) -> bool:
    return course.on_both(Trigger.CHANGE_OF_PLACE, before=(StatusType.ACCEPTED,))


def _returned(course: Course) -> bool:
    return course.on_both(Trigger.RETURN) and course.at_dispatch((Trigger.RETURN,), _REPORTS)


def _other_consignee(course: Course) -> bool:
    return any(one.type == "IE813" and one.refused and "BR050" in one.rules for one in course.messages)


def _no_report(course: Course) -> bool:
    asked = any(act.trigger is Trigger.STATUS_REQUESTED for act in course.on(Side.DESTINATION))
    return asked and course.at_dispatch((Trigger.JOURNEY_OVER,), STATUS_ANSWERS)


def _recovered(course: Course) -> bool:
    sent_again = (one for one in course.messages if one.type in _SENT_AGAIN and one.arrived and not one.refused)
    return any(one.answers in {"IE904", "IE905"} for one in sent_again)


def _closed_by_hand(course: Course) -> bool:
    answered = any(course.on_both(answer) for answer in (Trigger.CLOSURE_ACCEPTED, Trigger.CLOSURE_REJECTED))
    return answered and course.on_both(Trigger.CLOSURE_REQUESTED)


def _on_paper_first(course: Course) -> bool:
    deferred = any(one.deferred and not one.refused for one in course.messages)
    return deferred and _submitted(course)


_SENT_AGAIN: Final = SENT_AGAIN | {"IE934"}

TOLD_BY: Final[Mapping[Scenario, _Told]] = MappingProxyType(
    {
        Scenario.SUBMITTED: _submitted,
        Scenario.DRAFT_REFUSED: lambda course: course.draft_refused(malformed=False),
        Scenario.DRAFT_MALFORMED: lambda course: course.draft_refused(malformed=True),
        Scenario.REFUSED_BETWEEN_ADMINISTRATIONS: _e_sad_refused,
        Scenario.RECEIPT_ACCEPTED: _both(Trigger.RECEIPT_ACCEPTED),
        Scenario.RECEIPT_REFUSED: _both(Trigger.RECEIPT_REFUSED),
        Scenario.RECEIPT_PARTIALLY_REFUSED: _both(Trigger.RECEIPT_PARTIALLY_REFUSED),
        Scenario.ALERT: _both(Trigger.ALERT),
        Scenario.REJECTION: _both(Trigger.REJECTION),
        Scenario.CHANGE_OF_PLACE: _changed_on_the_way,
        Scenario.RETURN: _returned,
        Scenario.CHANGE_AFTER_REFUSAL: _changed_from_refused,
        Scenario.OTHER_CONSIGNEE: _other_consignee,
        Scenario.NO_REPORT_AT_EXPIRY: _no_report,
        Scenario.LOST_MESSAGE_RECOVERED: _recovered,
        Scenario.DELAY_EXPLAINED: _both(Trigger.DELAY_EXPLAINED),
        Scenario.DESTINATION_OVERDUE: lambda course: course.at_dispatch((Trigger.CHANGE_OVERDUE,)),
        Scenario.SHORTAGE_EXPLAINED: _both(Trigger.SHORTAGE_EXPLAINED),
        Scenario.INTERRUPTION: _both(Trigger.INTERRUPTION),
        Scenario.MANUAL_CLOSURE: _closed_by_hand,
        Scenario.EVENT_REPORTED: _both(Trigger.EVENT),
        Scenario.FALLBACK_DISPATCH: _on_paper_first,
    }
)
"""How each scenario is told."""


def scenarios_of(course: Course) -> frozenset[Scenario]:
    """The scenarios that a movement has gone through to their end; none for one of which hardly anything is known."""
    return frozenset(scenario for scenario, told in TOLD_BY.items() if told(course))
