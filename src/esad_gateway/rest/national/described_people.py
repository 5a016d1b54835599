"""What the OpenAPI document says of persons and roles."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from esad_gateway.rest.national.described import IN_JSON, DescribedRoute
from esad_gateway.rest.national.people import ACTS, ME, PERSONS, ROLES, RoleAsked

_PERSON, _ENTITY, _SEED = "38001010001", "100000001", "LT00000000101"
_NOT_A_PERSON: Final = {"403": ("role-missing", "the token is none of a person, or the person lacks the role")}

_GRANT: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "number": 7,
        "person": _PERSON,
        "entity": _ENTITY,
        "role": "certified_consignor",
        "seed": _SEED,
        "state": "coming",
        "savedAt": "2026-03-02T12:00:00+02:00",
        "effectiveAt": "2026-03-02T12:09:13+02:00",
        "endedAt": None,
    }
)
_MISSING: Final = {"seed": "LT00000000104", "role": "temporary_certified_consignee"}
_ME: Final = {
    "person": _PERSON,
    "entity": _ENTITY,
    "numbers": [{"seed": _SEED, "status": "certified_consignor"}],
    "roles": [{**_GRANT, "state": "in_force"}],
    "missing": [_MISSING],
}
_STANDING: Final = {
    "person": _PERSON,
    "entity": _ENTITY,
    "seed": _SEED,
    "status": "certified_consignor",
    "may": ["read", "dispatch", "report", "explain", "hand_in", "claim"],
    "mayNot": [
        {"doing": "enter", "faults": [{"code": "ROL-3", "rule": "ROL-3", "path": "role", "value": _SEED}]},
        {"doing": "declare", "faults": [{"code": "ROL-4", "rule": "ROL-4", "path": "seed", "value": _SEED}]},
    ],
}
_ACT: Final = {
    "number": 41,
    "at": "2026-03-02T12:20:00+02:00",
    "by": {"kind": "person", "name": _PERSON, "role": "certified_consignor", "seed": _SEED},
    "entity": _ENTITY,
    "what": "message.handed_in",
    "about": f"{_SEED}/12",
    "detail": {"type": "IE815", "arc": "26LT000000000000001P2", "outcome": "accepted"},
}

PEOPLE: Final[Mapping[tuple[str, str], DescribedRoute]] = MappingProxyType(
    {
        (ME, "get"): DescribedRoute(example=_ME, problems=_NOT_A_PERSON),
        (ME + "/numbers/{excise_number}", "get"): DescribedRoute(example=_STANDING, problems=_NOT_A_PERSON),
        (ROLES, "get"): DescribedRoute(
            example={"roles": [dict(_GRANT)], "missing": [_MISSING]}, problems=_NOT_A_PERSON
        ),
        (ROLES, "post"): DescribedRoute(
            example=_GRANT,
            about="saved; it counts from effectiveAt on",
            status="201",
            also={"200": "it stands already"},
            problems={**_NOT_A_PERSON, **IN_JSON, "422": ("national-refused", "all that is wrong with the role")},
            body={"person": _PERSON, "role": "certified_consignor", "seed": _SEED},
            schema=RoleAsked.model_json_schema(),
        ),
        (ROLES + "/{number}/end", "post"): DescribedRoute(
            example={**_GRANT, "state": "ended", "endedAt": "2026-03-02T13:00:00+02:00"},
            problems={**_NOT_A_PERSON, "404": ("not-found", "the entity has no such grant")},
        ),
        (ACTS, "get"): DescribedRoute(example={"acts": [_ACT], "complete": True}, problems=_NOT_A_PERSON),
        (PERSONS, "get"): DescribedRoute(
            example={
                "persons": [{"person": _PERSON, "name": "Person One"}],
                "entities": [{"entity": _ENTITY, "name": "Trader One", "numbers": [_SEED]}],
            },
            problems=_NOT_A_PERSON,
        ),
    }
)
"""Every route of persons."""
