"""What is wrong with an act, whatever it is: who does it, on which day, and by which channel."""

from collections.abc import Iterator

from esad_gateway.ais.actors import ActorKind
from esad_gateway.ais.registration.acts import DECISIONS, OFFICIAL, VALUES, ActKind, SecurityGiven, is_official
from esad_gateway.ais.registration.flaws import CaseFlaw, fault, place
from esad_gateway.ais.registration.looked import Looked, happened
from esad_gateway.ais.registration.request import Channel
from esad_gateway.faults import Fault, Said, listed


def act_faults(looked: Looked) -> Iterator[Fault]:
    """Who acts, when that was, and how it came or is told."""
    yield from _actor_faults(looked)
    yield from _day_faults(looked)
    yield from _channel_faults(looked)


def values_fault(looked: Looked) -> Fault | None:
    """That an act has the values of another kind of act."""
    act = looked.act
    if type(act.values) is VALUES[act.kind]:
        return None
    wanted = VALUES[act.kind].__name__
    return fault(
        CaseFlaw.OTHER_VALUES, looked.procedure.rule, place("values"), type(act.values).__name__, wanted=wanted
    )


def _actor_faults(looked: Looked) -> Iterator[Fault]:
    act, rule = looked.act, looked.procedure.decision_rule
    if act.by.kind is ActorKind.LAW:
        yield fault(CaseFlaw.NOT_LAW, rule, place("by"), act.by.name)
    elif act.kind in OFFICIAL and not is_official(act.by):
        yield fault(CaseFlaw.NOT_OFFICIAL, rule, place("by"), act.by.name, act=Said(f"case.act.{act.kind}"))


def _day_faults(looked: Looked) -> Iterator[Fault]:
    on, rule, where = looked.act.on, looked.procedure.decision_rule, place("on")
    if on is None:
        return
    if on > looked.today:
        yield fault(CaseFlaw.FUTURE, rule, where, on, today=f"{looked.today}")
    if on < looked.today and not is_official(looked.act.by):
        yield fault(CaseFlaw.BACKDATED, rule, where, on, today=f"{looked.today}")
    if on < (began := happened(looked.case.acts[0], looked.facts)):
        yield fault(CaseFlaw.BEFORE_REQUEST, rule, where, on, began=f"{began}")


def _channel_faults(looked: Looked) -> Iterator[Fault]:
    """The channel is one of those of the act on its day; of a document, one for what is signed like it (RC-7)."""
    channel = getattr(looked.act.values, "channel", None)
    if not isinstance(channel, Channel):
        return
    rows = looked.law.channels_of(_told_of(looked), looked.status, looked.day)
    signature = looked.act.values.signature if isinstance(looked.act.values, SecurityGiven) else None
    fitting = [row for row in rows if row.signature in {None, signature}]
    if channel in {row.channel for row in fitting}:
        return
    rule = rows[0].rule if rows else looked.procedure.rule
    known = listed(dict.fromkeys(Said(f"case.by.{row.channel}") for row in fitting))
    if signature is None:
        yield fault(CaseFlaw.CHANNEL, rule, place("channel"), channel, known=known)
    else:
        signed = Said(f"case.signed.{signature}")
        yield fault(CaseFlaw.SIGNATURE, rule, place("channel"), channel, signed=signed, known=known)


def _told_of(looked: Looked) -> ActKind:
    """The act whose channels count: to inform somebody is to tell of the decision."""
    if looked.act.kind is not ActKind.INFORM:
        return looked.act.kind
    told = looked.case.last(*DECISIONS)
    return ActKind.INFORM if told is None else told.kind
