"""The deadline board of a trader: as JSON, as a calendar, and at addresses that calendar programs follow."""

from dataclasses import dataclass
from datetime import tzinfo
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Header, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from esad_gateway.errors import NotFound
from esad_gateway.faults import Said, said
from esad_gateway.gateway.access import Access
from esad_gateway.ports.due import DueDesk
from esad_gateway.ports.reading import LARGEST_NUMBER, LARGEST_PAGE
from esad_gateway.rest.national.who import actor_of
from esad_gateway.rest.who import Bearer, check_owner
from esad_gateway.views.due import due_calendar, due_view, feed_view
from esad_gateway.web.answer import JsonAnswer

DUE: Final = "/v1/traders/{seed}/due"
ICS: Final = DUE + ".ics"
FEEDS: Final = DUE + "/feeds"
REVOCATION: Final = FEEDS + "/{number}/revocation"
FOLLOWED: Final = "/v1/due/{secret}"
CALENDAR: Final = "text/calendar"

FeedNumber = Annotated[int, Path(ge=1, le=LARGEST_NUMBER, description="the number of the address")]
Secret = Annotated[str, Path(description="what was given out with the address, with .ics behind it")]
Accepted = Annotated[str, Header(alias="Accept", include_in_schema=False)]


class DueWithin(BaseModel):
    """How far ahead to look, and how calendars are worded."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    within: int | None = Field(None, ge=0, le=1000, description="only what has at most so many working days left")
    language: Literal["en", "lt"] = Field("lt", description="of a calendar; JSON has all of them")


class DuePage(DueWithin):
    """The same, by pages."""

    after: int = Field(0, ge=0, le=LARGEST_NUMBER, description="behind so many items of the board")
    limit: int = Field(200, ge=1, le=LARGEST_PAGE)


@dataclass(frozen=True, slots=True)
class DueDoor:
    """The routes of the board; moments are shown as clocks in ``zone`` show them, ``url`` is where others reach us."""

    desk: DueDesk
    access: Access
    zone: tzinfo
    url: str

    def router(self) -> APIRouter:
        """The routes."""
        router = APIRouter(default_response_class=JsonAnswer)
        for method, path, endpoint, more in (
            ("GET", DUE, self.due, {"response_model": None}),
            ("GET", ICS, self.calendar, {"response_class": Response}),
            ("GET", FEEDS, self.feeds, {}),
            ("POST", FEEDS, self.make, {"status_code": 201}),
            ("POST", REVOCATION, self.end, {}),
            ("GET", FOLLOWED, self.follow, {"response_class": Response}),
        ):
            router.add_api_route(path, endpoint, methods=[method], tags=["traders"], **more)
        return router

    def due(
        self, seed: str, wanted: Annotated[DuePage, Query()], bearer: Bearer, accept: Accepted = ""
    ) -> dict[str, Any] | Response:
        """What a trader has to do until when, what is overdue first; with ``Accept: text/calendar`` as a calendar."""
        check_owner(self.access, bearer, seed)
        if CALENDAR in accept.lower():
            return self._calendar(seed, wanted)
        return due_view(self.desk.board(seed, wanted.within), seed, wanted.after, wanted.limit, self.zone)

    def calendar(self, seed: str, wanted: Annotated[DueWithin, Query()], bearer: Bearer) -> Response:
        """The same as a calendar (RFC 5545), whatever the client accepts."""
        check_owner(self.access, bearer, seed)
        return self._calendar(seed, wanted)

    def feeds(self, seed: str, bearer: Bearer) -> dict[str, Any]:
        """The addresses of a trader's board, those that have ended too; their secrets are not kept."""
        check_owner(self.access, bearer, seed)
        return {"feeds": [feed_view(one, self.zone) for one in self.desk.feeds(seed)]}

    def make(self, seed: str, bearer: Bearer) -> dict[str, Any]:
        """Give out an address that shows the board to whoever has it, since calendars send no token.

        It is told once. Of more than 20 the oldest is ended.
        """
        check_owner(self.access, bearer, seed)
        made, secret = self.desk.make_feed(seed, actor_of(self.access, bearer, seed))
        return {**feed_view(made, self.zone), "url": f"{self.url}/v1/due/{secret}.ics"}

    def end(self, seed: str, number: FeedNumber, bearer: Bearer) -> dict[str, Any]:
        """End an address, at once and for ever; the first time counts."""
        check_owner(self.access, bearer, seed)
        ended = self.desk.end_feed(seed, number, actor_of(self.access, bearer, seed))
        if ended is None:
            raise NotFound(said("board.no_feed", number=number, seed=seed))
        return feed_view(ended, self.zone)

    def follow(self, secret: Secret, wanted: Annotated[DueWithin, Query()], request: Request) -> Response:
        """The calendar of an address that was given out; any other is not there (404)."""
        # A log of requests is written behind this, and must not have what opens the board.
        request.scope["path"] = FOLLOWED
        seed = self.desk.followed(secret.removesuffix(".ics"))
        if seed is None:
            raise NotFound(Said("board.not_followed"))
        return self._calendar(seed, wanted)

    def _calendar(self, seed: str, wanted: DueWithin) -> Response:
        body = due_calendar(self.desk.board(seed, wanted.within), seed, wanted.language)
        headers = {"Content-Disposition": f'inline; filename="{seed}.ics"', "Vary": "Accept"}
        return Response(body, media_type=CALENDAR, headers=headers)
