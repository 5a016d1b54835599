"""What is decided: about a message where the movement stands, and when a clock ends.

Everything here is pure: the same message, the same knowledge and the same identities lead to the same answer.
"""

from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from typing import Final, TypeAlias

from esad_gateway.emcs.documents import Stamp, history
from esad_gateway.emcs.effects import LegalEffect
from esad_gateway.emcs.messages import IE713, IE904, IE905, Message
from esad_gateway.emcs.messages.kinds import is_validated, kind_of
from esad_gateway.emcs.movement import (
    SIDES,
    Act,
    Decision,
    Early,
    Effect,
    Movement,
    Occasion,
    Origin,
    OutOfSequence,
    Send,
    Side,
    decide,
    decide_clock,
    due_at,
    sent_again,
    trigger_of,
)
from esad_gateway.emcs.procedure.answer import Answer, Issue, reports_in
from esad_gateway.emcs.procedure.incoming import Incoming
from esad_gateway.emcs.procedure.known import Known
from esad_gateway.emcs.procedure.local_time import moved, towards_traders
from esad_gateway.emcs.procedure.out_of_turn import never_came, out_of_sequence, outdated
from esad_gateway.emcs.procedure.standing import (
    addressee_faults,
    no_standing,
    not_accepted,
    office_faults,
    peer_faults,
)
from esad_gateway.emcs.procedure.stateless import heading_faults
from esad_gateway.emcs.profile import NationalProfile
from esad_gateway.emcs.refusals import (
    functional_negative_acknowledgement,
    generic_refusal,
    xml_negative_acknowledgement,
)
from esad_gateway.emcs.rules import case_faults
from esad_gateway.emcs.rules.mechanism import in_document_order
from esad_gateway.emcs.seed import Update, decide_update, refusal_message
from esad_gateway.faults import Faults

MOST_WAITING: Final = 100
"""How many messages about one movement may wait at once, as many as it has versions: each of them is looked at again
whenever something happens to the movement."""

_Verdict: TypeAlias = Decision | Early | Faults
"""What is decided about a message; no faults means that it is only filed."""


def answer_to(incoming: Incoming, known: Known, new_arc: str) -> Answer:
    """The answer to a message: accepted, refused with every fault, parked, or only filed; and what follows from it.

    ``new_arc`` is reserved for the movement that an accepted draft begins. ``known`` stays as it is: a caller that
    acts on the answer lets it ``learn``. Not checked: the signature, whether the message came before, quotas.
    """
    stamp, message = known.stamp(new_arc), incoming.message
    if isinstance(message, IE713) and incoming.origin is Origin.ADMINISTRATION:
        return _update(incoming, message, known, stamp)
    occasion = _occasion(incoming, known)
    verdict = _verdict(incoming, occasion, known, stamp)
    if isinstance(verdict, Decision):
        return _accepted(incoming, verdict, occasion, known, stamp)
    if isinstance(verdict, Early):
        until = incoming.until or known.now + known.profile.at(known.now).time_to_wait
        return Answer(arc=incoming.arc, sequence=incoming.sequence, until=until)
    if verdict:
        refused = _refused(incoming, verdict, _refusal(incoming, verdict, stamp))
        return replace(refused, act=act_of_refusal(incoming, known, verdict[0].rule))
    return replace(_filed(incoming), act=occasion.act(Effect.FILED) if occasion else None)


def clock_ended(arc: str, known: Known, new_arc: str, by: datetime | None = None) -> Answer | None:
    """What follows when a clock of a movement has ended; ``None`` when none has ``by`` that moment (``None``: now).

    It acts at the moment when the clock ended, however long ago that is: what it issues says when it was prepared, and
    that is now. Clocks run at dispatch only.
    """
    movement, stamp = known.movements.get((arc, Side.DISPATCH)), known.stamp(new_arc)
    ends = due_at(movement) if movement else None
    decision = decide_clock(movement, stamp) if movement and ends and ends[0] <= (by or known.now) else None
    if ends is None or decision is None:
        return None
    return Answer(
        movement=decision.movement,
        issues=_issues(towards_traders(decision, None, stamp), known),
        act=Occasion(Side.DISPATCH, movement, ends[1], ends[0]).act(decision.effect, decision.movement),
    )


def act_of_refusal(incoming: Incoming, known: Known, rule: str) -> Act | None:
    """What is said of a message that is refused by a rule; ``None`` where it is about no movement of its sender.

    To strangers a movement does not exist, so it has no act of theirs. Other holders of the certificate do not count:
    who they were is not kept.
    """
    occasion = _occasion(replace(incoming, holders=frozenset({incoming.sender})), known)
    given_up = incoming.until is not None and incoming.until <= known.now
    return occasion.act(Effect.GIVEN_UP if given_up else Effect.REFUSED, rule=rule) if occasion else None


def _occasion(incoming: Incoming, known: Known) -> Occasion | None:
    """The side and the movement on which a message acts, with what it is there; ``None`` for one that acts on none."""
    message = incoming.message
    sides = SIDES.get((incoming.origin, type(message).__name__)) if message is not None else None
    if message is None or sides is None:
        return None
    side, movement = incoming.acts_on(known.movements, sides)
    return Occasion(side, movement, trigger_of(message), known.now, waited=incoming.until is not None)


def _verdict(incoming: Incoming, occasion: Occasion | None, known: Known, stamp: Stamp) -> _Verdict:
    """What is decided, or every fault; no faults and no decision means that the message is only filed."""
    message = incoming.message
    if message is None:
        return incoming.faults
    if occasion is None:
        filed = incoming.origin is Origin.ADMINISTRATION and kind_of(message).filed
        return () if filed else not_accepted(message, incoming.origin)
    found = _faults_of_state(incoming, message, occasion.movement, known)
    faults = in_document_order(message, incoming.faults + found)
    if kind_of(message).never_refused and (faults or occasion.movement is None):
        return ()
    return faults or _in_turn(incoming, message, occasion, known, stamp)


def _faults_of_state(incoming: Incoming, message: Message, movement: Movement | None, known: Known) -> Faults:
    """What is wrong with a message where the movement and the register stand as they do."""
    role = None if movement else incoming.role(known.movements)
    if role:
        return no_standing(message, incoming.origin, role)
    if incoming.origin is Origin.ADMINISTRATION:
        return peer_faults(message, movement, incoming.sender, known.profile)
    addressed = _faults_of_address(incoming, message, movement, known.profile)
    if known.operators is None:
        return addressed
    found = addressed + case_faults(message, known.case(message, movement, incoming.asked.seeds, incoming.release))
    if (law := known.law) is None:
        return found
    return found + tuple(law.faults(message, known.legal_case(message, movement, incoming.release)))


def _faults_of_address(
    incoming: Incoming, message: Message, movement: Movement | None, profile: NationalProfile
) -> Faults:
    """What is wrong with where our office, or a trader, sends a message; that of other traders is said already."""
    if incoming.origin is Origin.OFFICE:
        return office_faults(message, movement)
    return heading_faults(message, profile) if is_validated(message) else ()


def _in_turn(incoming: Incoming, message: Message, occasion: Occasion, known: Known, stamp: Stamp) -> _Verdict:
    """What a message without faults does, or that it comes at the wrong time."""
    zone, movement = _zone(incoming.origin, known.profile), occasion.movement
    decision = decide(movement, moved(message, zone, UTC), occasion.side, stamp, incoming.origin)
    if isinstance(decision, OutOfSequence):
        late = outdated(message, movement) if incoming.origin is Origin.ADMINISTRATION else ()
        return late or out_of_sequence(message, decision, movement)
    if isinstance(decision, Early) and not _may_wait(incoming, known):
        return never_came(message, movement)
    return decision


def _may_wait(incoming: Incoming, known: Known) -> bool:
    """Whether a message may be parked.

    If it is parked already, it may stay so until its time is over. If not, it may be parked while fewer than
    ``MOST_WAITING`` messages of its movement are.
    """
    if incoming.until is not None:
        return known.now < incoming.until
    return known.waiting.get(incoming.arc or "", 0) < MOST_WAITING


def _accepted(incoming: Incoming, decision: Decision, occasion: Occasion | None, known: Known, stamp: Stamp) -> Answer:
    message = incoming.message
    complete = towards_traders(_with_resent(decision, message, known, stamp), message, stamp, incoming.release)
    movement = decision.movement
    issues = _issues(complete, known, answers=isinstance(message, IE904 | IE905))
    reported = message if incoming.origin is Origin.ADMINISTRATION else None
    return Answer(
        arc=movement.arc if movement else incoming.arc,
        sequence=movement.sequence if movement else incoming.sequence,
        movement=movement,
        issues=issues,
        forward_to=complete.forward_to,
        reports=reports_in(reported, *(issue.message for issue in issues)),
        act=occasion.act(decision.effect, movement) if occasion else None,
        effects=_effects(incoming, movement, known),
    )


def _effects(incoming: Incoming, after: Movement | None, known: Known) -> tuple[LegalEffect, ...]:
    """What follows in national law from a message that was accepted; ``after`` is its movement from now on."""
    law, message = known.law, incoming.message
    if law is None or message is None or after is None:
        return ()
    before = known.movements.get((after.arc, after.side))
    return tuple(law.effects(message, after, known.legal_case(message, before, incoming.release)))


def _issues(decision: Decision, known: Known, *, answers: bool = False) -> tuple[Issue, ...]:
    """What a decision sends.

    Questions about the status and what ``answers`` them wait for no document before them: they are how two states find
    out what is missing.
    """
    held = known.held.get(decision.movement.arc) if decision.movement else None
    return tuple(
        Issue.of(send, held=held, in_line=not answers and not isinstance(send.message, IE904 | IE905))
        for send in decision.sends
    )


def _with_resent(decision: Decision, message: Message | None, known: Known, stamp: Stamp) -> Decision:
    """The decision with what was exchanged before: sent again where the other side lacks it, or packed (TR9121)."""
    movement = decision.movement
    if movement is None or message is None or not (decision.resend or decision.history):
        return decision
    again: list[Message | None] = list(sent_again(known.sent, decision, message, stamp, movement.other))
    if decision.history and isinstance(message, IE904):
        again.append(history(known.exchanged, message, stamp))
    sends = (Send(message=one, to=movement.other) for one in again if one is not None)
    # A reminder comes behind what is lacked: of a movement that nobody has heard of it would have to wait.
    answers = tuple(send for send in decision.sends if isinstance(send.message, IE905))
    others = tuple(send for send in decision.sends if not isinstance(send.message, IE905))
    return replace(decision, sends=(*answers, *sends, *others))


def _update(incoming: Incoming, message: IE713, known: Known, stamp: Stamp) -> Answer:
    """Another state changes its operators in the register: all that it says, or nothing, and an IE714 says why."""
    if faults := addressee_faults(message, known.profile):
        return _refused(incoming, faults, _refusal(incoming, faults, stamp))
    decided = decide_update(message, incoming.sender.removeprefix("NDEA."), known.pending)
    if isinstance(decided, Update):
        return replace(_filed(incoming), changes=decided.changes)
    refusal = refusal_message(decided, stamp.header(incoming.sender, incoming.identifier))
    return _refused(incoming, tuple(one.fault for one in decided), refusal)


def _filed(incoming: Incoming) -> Answer:
    return Answer(arc=incoming.arc, sequence=incoming.sequence)


def _refused(incoming: Incoming, faults: Faults, refusal: Message) -> Answer:
    """The refusal goes where the sender will find it, and waits for no other document."""
    away = incoming.origin is Origin.ADMINISTRATION
    send = Send(message=refusal, to=incoming.sender if away else None, mailboxes=() if away else (incoming.sender,))
    return replace(_filed(incoming), faults=faults, issues=(Issue.of(send, held=None, in_line=False),))


def _refusal(incoming: Incoming, faults: Faults, stamp: Stamp) -> Message:
    """The message that refuses another one: an IE917, IE906 or IE704, with times in the zone of its reader."""
    away = incoming.origin is Origin.ADMINISTRATION
    if incoming.message is None:
        recipient = incoming.sender if away else stamp.profile.address
        refusal: Message = xml_negative_acknowledgement(faults, stamp, recipient, incoming.identifier, incoming.about)
    elif away:
        refusal = functional_negative_acknowledgement(incoming.message, faults, stamp)
    else:
        refusal = generic_refusal(incoming.message, faults, stamp)
    return moved(refusal, UTC, _zone(incoming.origin, stamp.profile))


def _zone(origin: Origin, profile: NationalProfile) -> tzinfo:
    """The zone of the times in documents from and to traders, offices and administrations."""
    return profile.trader_zone if origin is Origin.TRADER else UTC
