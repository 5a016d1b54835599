"""Persons at the doors: who they are, what they may do and what is missing, and the roles of their entity."""

import asyncio
from dataclasses import dataclass
from datetime import tzinfo
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from esad_gateway.ais.people.acting import Acting
from esad_gateway.ais.people.doing import Doing
from esad_gateway.ais.people.granting import WantedRole
from esad_gateway.ais.people.roles import AisRole
from esad_gateway.errors import RoleMissing
from esad_gateway.gateway.access import Access
from esad_gateway.ports.national.people import PeopleDesk
from esad_gateway.ports.reading import LARGEST_NUMBER, LARGEST_PAGE
from esad_gateway.rest.national.who import person_of
from esad_gateway.rest.who import Bearer
from esad_gateway.views.people import act_view, acting_view, grant_view, standing_view
from esad_gateway.web.answer import JsonAnswer
from esad_gateway.web.asked import Moment
from esad_gateway.web.json_body import json_body

ME: Final = "/v1/national/me"
ROLES: Final = "/v1/national/roles"
ACTS: Final = "/v1/national/acts"
PERSONS: Final = "/v1/national/persons"

LARGEST_ROLE: Final = 8 * 1024
"""Bytes of a role that is asked for."""

Number = Annotated[int, Path(ge=1, le=LARGEST_NUMBER, description="the number of the grant")]


class RoleFilter(BaseModel):
    """Which roles to show."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    all: bool = Field(default=False, description="also what has ended")


class ActPage(BaseModel):
    """Which acts to show."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    after: int = Field(0, ge=0, le=LARGEST_NUMBER, description="number of the act to start after")
    limit: int = Field(200, ge=1, le=LARGEST_PAGE)


class RoleAsked(BaseModel):
    """A role that a role manager grants."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    person: str = Field(max_length=1000, description="a personal code, or the user name that the administration gave")
    name: str | None = Field(None, max_length=1000, description="of a person whom the entity had not before")
    role: str = Field(max_length=1000, description=", ".join(AisRole))
    seed: str = Field(
        "", max_length=1000, description="the number for which it is; none for a role of the whole entity"
    )
    until: Moment | None = Field(None, description="when it ends, not included")


@dataclass(frozen=True, slots=True)
class PeopleDoor:
    """The routes of persons under ``/v1/national``; each needs the token of a person."""

    desk: PeopleDesk
    access: Access
    zone: tzinfo

    def router(self) -> APIRouter:
        """The routes."""
        router = APIRouter(default_response_class=JsonAnswer)
        for method, path, endpoint, status in (
            ("GET", ME, self.me, 200),
            ("GET", ME + "/numbers/{excise_number}", self.standing, 200),
            ("GET", ROLES, self.roles, 200),
            ("POST", ROLES, self.grant, 201),
            ("POST", ROLES + "/{number}/end", self.end, 200),
            ("GET", ACTS, self.acts, 200),
            ("GET", PERSONS, self.persons, 200),
        ):
            router.add_api_route(path, endpoint, methods=[method], tags=["persons"], status_code=status)
        return router

    def me(self, bearer: Bearer) -> dict[str, Any]:
        """Who the token is of: person, entity, its numbers, the roles that count or come, and what is missing."""
        return acting_view(person_of(self.access, bearer), self.zone)

    def standing(self, excise_number: str, bearer: Bearer) -> dict[str, Any]:
        """What the person may do for a number, and for all else which role is missing and who gives it."""
        return standing_view(person_of(self.access, bearer), excise_number)

    def roles(self, wanted: Annotated[RoleFilter, Query()], bearer: Bearer) -> dict[str, Any]:
        """The roles of all persons of the entity; for its role manager.

        ``missing`` has the numbers of the entity for which nobody has the role of their status: each temporary number
        asks for a grant of its own (ROL-2).
        """
        who = self._manager(bearer)
        found = self.desk.grants(who.entity, ended=wanted.all)
        every = Acting(person="", entity=who.entity, grants=tuple(found), statuses=who.statuses, at=who.at)
        return {
            "roles": [grant_view(one, who.at, self.zone) for one in found],
            "missing": [{"seed": seed, "role": role.value} for seed, role in every.missing().items()],
        }

    async def grant(self, request: Request, bearer: Bearer) -> Response:
        """Grant a role of the entity; for its role manager. It counts from ``effectiveAt`` on (ACC-3).

        Who grants what stands already gets the grant that stands (200).
        """
        who = await asyncio.to_thread(self._manager, bearer)
        asked = _asked(await json_body(request, LARGEST_ROLE))
        if asked.role == AisRole.EXCISE_OFFICER and AisRole.EXCISE_OFFICER not in who.roles:
            raise RoleMissing(who.faults_of(Doing.OFFICIATE))
        wanted = WantedRole(entity=who.entity, **asked.model_dump(exclude={"name"}))
        found, is_new = await asyncio.to_thread(self.desk.grant, wanted, who.done_by(Doing.MANAGE), asked.name)
        return JsonAnswer(grant_view(found, who.at, self.zone), 201 if is_new else 200)

    def end(self, number: Number, bearer: Bearer) -> dict[str, Any]:
        """End a role of the entity at once; for its role manager. The first end counts."""
        who = self._manager(bearer)
        found, _ = self.desk.end(number, who.entity, who.done_by(Doing.MANAGE))
        return grant_view(found, who.at, self.zone)

    def acts(self, wanted: Annotated[ActPage, Query()], bearer: Bearer) -> dict[str, Any]:
        """What the persons of the entity did, the oldest first; an official sees what anybody did.

        Whoever has no role that counts now is told nothing.
        """
        who = person_of(self.access, bearer)
        if faults := who.faults_without_roles():
            raise RoleMissing(faults)
        official = AisRole.EXCISE_OFFICER in who.roles
        found = self.desk.acts("" if official else who.entity, wanted.after, wanted.limit)
        return {"acts": [act_view(one, self.zone) for one in found], "complete": len(found) < wanted.limit}

    def persons(self, bearer: Bearer) -> dict[str, Any]:
        """Every person and every entity; for officials."""
        who = person_of(self.access, bearer)
        if faults := who.faults_of(Doing.OFFICIATE):
            raise RoleMissing(faults)
        return {
            "persons": [{"person": one.id, "name": one.name} for one in self.desk.persons()],
            "entities": [
                {"entity": one.code, "name": one.name, "numbers": list(self.desk.numbers(one.code))}
                for one in self.desk.entities()
            ],
        }

    def _manager(self, bearer: Bearer) -> Acting:
        who = person_of(self.access, bearer)
        if faults := who.faults_of(Doing.MANAGE):
            raise RoleMissing(faults)
        return who


def _asked(data: Any) -> RoleAsked:
    """The role that a body in JSON describes. Raises RequestValidationError, with every wrong field."""
    try:
        return RoleAsked.model_validate(data)
    except ValidationError as error:
        raise RequestValidationError(error.errors()) from error
