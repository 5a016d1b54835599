"""A national domain need not have every part: what it lacks opens no door, and breaks none of the others."""

from dataclasses import fields, replace

import pytest
from fastapi.routing import APIRoute

from esad_gateway.ais.domain import NationalDomain
from esad_gateway.national_doors import routers
from helpers.gateway import Station

PARTS = {
    "people": {"/v1/national/roles", "/v1/national/sign-in", "/v1/national/me"},
    "guarantees": {"/v1/national/guarantees/{excise_number}"},
    "duty": {"/v1/duty", "/v1/national/refunds/{seed}/{arc}", "/v1/national/guarantees/{excise_number}"},
    "refunds": {"/v1/national/refunds/{seed}/{arc}"},
    "declarations": {"/v1/traders/{seed}/declarations"},
    "registration": {"/v1/national/cases"},
    "board": {"/v1/traders/{seed}/due"},
}
"""Some of the doors that are closed without a part."""

ALONE = {
    **{name: {*paths} for name, paths in PARTS.items() if name not in {"guarantees", "duty", "refunds"}},
    "guarantees": set[str](),
    "duty": {"/v1/duty"},
    "refunds": set[str](),
}
"""Some of the doors that a part opens by itself: guarantees and refunds are reckoned by tariffs."""

EVERY = set[str]().union(*PARTS.values())


def test_every_part_is_asked_for() -> None:
    """And no other."""
    assert {one.name for one in fields(NationalDomain)} - {"state"} == PARTS.keys()


@pytest.mark.parametrize("part", PARTS)
def test_doors_are_those_of_the_parts_that_the_domain_has(lt: Station, part: str) -> None:
    """Without one, and with it alone."""
    assert doors(lt, f"WITHOUT_{part}") & EVERY == EVERY - PARTS[part]
    assert doors(lt, f"ONLY_{part}") & EVERY == ALONE[part]


def doors(lt: Station, named: str) -> set[str]:
    """The paths of a gateway whose settings name a domain."""
    settings = lt.runtime.settings.model_copy(update={"national": f"helpers.bare_domain:{named}"})
    opened = routers(replace(lt.runtime, settings=settings))
    return {route.path for router in opened for route in router.routes if isinstance(route, APIRoute)}
