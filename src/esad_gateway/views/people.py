"""JSON views of persons, roles, and of what persons did."""

from datetime import datetime, tzinfo
from typing import Any

from esad_gateway.ais.people.acting import Acting
from esad_gateway.ais.people.roles import Grant
from esad_gateway.emcs.moments import local
from esad_gateway.ports.national.people import NationalAct
from esad_gateway.texts import fault_json


def grant_view(one: Grant, at: datetime, zone: tzinfo) -> dict[str, Any]:
    """A grant at a moment: who may be what for which number, and whether that is in force, coming or ended."""
    return {
        "number": one.number,
        "person": one.person,
        "entity": one.entity,
        "role": one.role.value,
        "seed": one.seed or None,
        "state": "coming" if one.comes(at) else "in_force" if one.counts(at) else "ended",
        "savedAt": _shown(one.saved_at, zone),
        "effectiveAt": _shown(one.effective_at, zone),
        "endedAt": _shown(one.ended_at, zone),
    }


def acting_view(who: Acting, zone: tzinfo) -> dict[str, Any]:
    """A person who acts for an entity: its numbers, the roles, and what is missing."""
    return {
        "person": who.person,
        "entity": who.entity,
        "numbers": [{"seed": seed, "status": status and status.value} for seed, status in who.statuses.items()],
        "roles": [grant_view(one, who.at, zone) for one in who.grants if not one.has_ended(who.at)],
        "missing": [{"seed": seed, "role": role.value} for seed, role in who.missing().items()],
    }


def standing_view(who: Acting, seed: str) -> dict[str, Any]:
    """What a person may do for a number, and why not what else there is; nothing of it is done."""
    found, status = who.standing(seed), who.statuses.get(seed)
    return {
        "person": who.person,
        "entity": who.entity,
        "seed": seed,
        "status": status and status.value,
        "may": [doing.value for doing, faults in found.items() if not faults],
        "mayNot": [
            {"doing": doing.value, "faults": [fault_json(fault) for fault in faults]}
            for doing, faults in found.items()
            if faults
        ],
    }


def act_view(one: NationalAct, zone: tzinfo) -> dict[str, Any]:
    """Something that was done, by whom, in which capacity."""
    by = one.by
    return {
        "number": one.number,
        "at": _shown(one.at, zone),
        "by": {"kind": by.kind.value, "name": by.name, "role": by.role or None, "seed": by.seed or None},
        "entity": by.entity or None,
        "what": one.what,
        "about": one.about,
        "detail": dict(one.detail),
    }


def _shown(at: datetime | None, zone: tzinfo) -> str | None:
    return None if at is None else local(at, zone).isoformat(timespec="seconds")
