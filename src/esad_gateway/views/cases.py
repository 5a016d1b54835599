"""Registration cases as JSON: lists, single cases with all their acts, notices and papers."""

from datetime import tzinfo
from typing import Any

from esad_gateway.ais.registration.acts import CaseAct
from esad_gateway.emcs.moments import local
from esad_gateway.ports.national.cases import CaseNotice, CasePaper, CaseRow, EndCandidate, KeptCase, TermLeft, ToldPeer
from esad_gateway.xml.plain import group_to_plain


def case_row_view(row: CaseRow, zone: tzinfo) -> dict[str, Any]:
    """A case as lists show it; ``workingDaysLeft`` is below zero once its term is over."""
    return {
        "number": row.number,
        "entity": row.entity,
        "status": row.status.value,
        "state": row.state.value,
        "seed": row.seed,
        "due": row.due and row.due.isoformat(),
        "workingDaysLeft": row.left,
        "changedAt": local(row.changed_at, zone).isoformat(),
    }


def case_view(kept: KeptCase, zone: tzinfo) -> dict[str, Any]:
    """A case with all that was done, what may follow, and until when something is due."""
    acts = enumerate(kept.case.acts, 1)
    return {
        **case_row_view(kept.row, zone),
        "next": [kind.value for kind in kept.follows],
        "terms": [_term(one) for one in kept.terms],
        "acts": [_act(number, act, kept.told.get(number, ()), zone) for number, act in acts],
    }


def candidate_view(one: EndCandidate, zone: tzinfo) -> dict[str, Any]:
    """That a registration may be ended, and why."""
    return {
        "case": case_row_view(one.row, zone),
        "ground": one.ground.value,
        "since": one.since.isoformat(),
        "until": one.until and one.until.isoformat(),
        "rule": one.rule,
    }


def notice_view(one: CaseNotice, zone: tzinfo) -> dict[str, Any]:
    """What an entity is told."""
    return {
        "number": one.number,
        "case": one.case,
        "act": one.act.value,
        "entity": one.entity,
        "at": local(one.at, zone).isoformat(),
        "channel": one.channel.value,
        "until": one.until and one.until.isoformat(),
        "rule": one.rule,
    }


def paper_view(one: CasePaper, zone: tzinfo) -> dict[str, Any]:
    """A paper that was handed in."""
    return {
        "digest": one.digest,
        "name": one.name,
        "mediaType": one.media,
        "size": one.size,
        "at": local(one.at, zone).isoformat(),
    }


def _act(number: int, act: CaseAct, told: tuple[ToldPeer, ...], zone: tzinfo) -> dict[str, Any]:
    return {
        "number": number,
        "act": act.kind.value,
        "at": local(act.at, zone).isoformat(),
        "on": act.on and act.on.isoformat(),
        "by": {"kind": act.by.kind.value, "name": act.by.name, "role": act.by.role},
        "values": group_to_plain(act.values),
        "told": [_told(one) for one in told],
    }


def _told(one: ToldPeer) -> dict[str, Any]:
    return {
        "administration": one.peer,
        "identifier": one.identifier,
        "standing": one.standing,
        "refusedFor": list(one.refused_for),
    }


def _term(one: TermLeft) -> dict[str, Any]:
    return {
        "purpose": one.purpose,
        "since": one.since.isoformat(),
        "until": one.until.isoformat(),
        "rule": one.rule,
        "workingDaysLeft": one.left,
    }
