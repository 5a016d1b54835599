"""Signing in over REST: where it can be done, going there, coming back, and leaving."""

from dataclasses import dataclass
from secrets import token_hex
from typing import Annotated, Any, Final

import structlog
from fastapi import APIRouter, Path, Query, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from starlette.responses import RedirectResponse, Response

from esad_gateway.errors import NoToken
from esad_gateway.national.sign_in import TO_SIGN_IN, CameBack, SignInDesk, cookie_name, loopback_address
from esad_gateway.ports.national.sign_in import Loopback, SignInAttempt
from esad_gateway.rest.who import Bearer
from esad_gateway.signin.refused import ProviderFailed, ProviderSlow, SignInRefused
from esad_gateway.web.answer import JsonAnswer
from esad_gateway.web.json_body import json_body
from esad_gateway.web.problems import KIND_PREFIX, Problem

log = structlog.get_logger(__name__)

SIGN_IN: Final = "/v1/national/sign-in"
AT_PROVIDER: Final = SIGN_IN + "/{provider}"
RETURN: Final = AT_PROVIDER + "/return"
SESSION: Final = "/v1/national/session"
SIGN_OUT: Final = "/v1/national/sign-out"

LARGEST: Final = 4096
"""Bytes of what a program sends to fetch its session."""

_SECRET: Final = r"^[A-Za-z0-9_-]{43}$"  # noqa: S105 - the form of one
_PRIVATE: Final = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}

Provider = Annotated[str, Path(max_length=40, description="the name of the provider, as the list has it")]


class SignInAsked(BaseModel):
    """What a program on the visitor's machine asks for; a browser asks for nothing."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    port: int | None = Field(None, ge=1024, le=65_535, description="where the program listens, at 127.0.0.1")
    state: str = Field("", pattern=r"^[A-Za-z0-9_-]{0,64}$", description="what it is told again")
    challenge: str | None = Field(None, pattern=_SECRET, description="S256 of the secret with which it fetches")

    @model_validator(mode="after")
    def _both(self) -> "SignInAsked":
        if (self.port is None) is not (self.challenge is None):
            raise ValueError("port and challenge belong together")
        return self

    def loopback(self) -> Loopback | None:
        """Who waits for the outcome, where a program does."""
        if self.port is None or self.challenge is None:
            return None
        return Loopback(port=self.port, state=self.state, challenge=self.challenge)


class SignInReturned(BaseModel):
    """What a provider sends back; what else it may add is passed over."""

    model_config = ConfigDict(frozen=True)

    state: str = Field(max_length=200, description="what it was given")
    code: str | None = Field(None, max_length=4000, description="for which the gateway gets the token")
    error: str | None = Field(None, max_length=200, description="why there is no code (RFC 6749, 4.1.2.1)")
    iss: str | None = Field(None, max_length=2000, description="who sends it (RFC 9207)")


class SessionAsked(BaseModel):
    """With what a program fetches the session."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    code: str = Field(max_length=200, description="what the browser brought")
    verifier: str = Field(pattern=_SECRET, description="the secret behind the challenge")


@dataclass(frozen=True, slots=True)
class SignInDoor:
    """The routes of signing in; ``secure``: browsers reach the gateway over TLS alone."""

    desk: SignInDesk
    secure: bool

    def router(self) -> APIRouter:
        """The routes."""
        router = APIRouter(default_response_class=JsonAnswer)
        router.add_api_route(SIGN_IN, self.providers, methods=["GET"], tags=["people"])
        router.add_api_route(AT_PROVIDER, self.send, methods=["GET"], tags=["people"], status_code=303)
        router.add_api_route(RETURN, self.back, methods=["GET"], tags=["people"])
        router.add_api_route(SESSION, self.session, methods=["POST"], tags=["people"])
        router.add_api_route(SIGN_OUT, self.out, methods=["POST"], tags=["people"])
        return router

    def providers(self) -> dict[str, Any]:
        """Where one can sign in, and by which means: as in Mano VMI, or with a user name that VMI has issued."""
        every = [one.provider for one in self.desk.clients.values()]
        shown = ({"name": one.name, "means": one.means, "issuer": one.issuer} for one in every)
        return {"providers": [{**one, "address": f"{SIGN_IN}/{one['name']}"} for one in shown]}

    async def send(self, provider: Provider, asked: Annotated[SignInAsked, Query()]) -> Response:
        """Go to a provider to sign in. Open it in a browser, which comes back by itself."""
        try:
            away = await self.desk.send(provider, asked.loopback())
        except ProviderFailed as error:
            raise _refused(error, provider)[0] from error
        answer = RedirectResponse(away.address, 303, _PRIVATE)
        answer.set_cookie(
            away.name,
            away.browser,
            max_age=int(TO_SIGN_IN.total_seconds()),
            path=f"{SIGN_IN}/{provider}",
            secure=self.secure,
            httponly=True,
            samesite="lax",
        )
        return answer

    async def back(
        self, provider: Provider, returned: Annotated[SignInReturned, Query()], request: Request
    ) -> Response:
        """Come back from a provider: the session with its token, or why there is none.

        For a program that waits on the visitor's machine the browser is sent on to it, and the program fetches the
        session. An attempt counts once, for ten minutes, and in the browser that has begun it.
        """
        name = cookie_name(returned.state)
        back = CameBack(state=returned.state, code=returned.code, error=returned.error, issuer=returned.iss)
        try:
            attempt = await self.desk.taken(provider, back, request.cookies.get(name, ""))
        except SignInRefused as error:
            raise _refused(error, provider)[0] from error
        answer = await self._received(attempt, back)
        answer.delete_cookie(name, path=f"{SIGN_IN}/{provider}", secure=self.secure, httponly=True, samesite="lax")
        return answer

    async def session(self, request: Request) -> Response:
        """Fetch the session that somebody has signed in for in the browser; the code counts once, for a minute."""
        asked = _asked(await json_body(request, LARGEST))
        try:
            return JsonAnswer(await self.desk.fetched(asked.code, asked.verifier), headers=_PRIVATE)
        except SignInRefused as error:
            raise _refused(error, "-")[0] from error

    async def out(self, bearer: Bearer) -> dict[str, Any]:
        """Sign out: the token that is shown is no token any more."""
        token = bearer.credentials.strip() if bearer else ""
        if not token or not await self.desk.left(token):
            raise NoToken(shown=bool(token))
        return {"signed_out": True}

    async def _received(self, attempt: SignInAttempt, back: CameBack) -> Response:
        loopback = attempt.loopback
        try:
            identity = await self.desk.received(attempt, back)
        except (SignInRefused, ProviderFailed) as error:
            problem, told = _refused(error, attempt.provider)
            if loopback is None:
                raise problem from error
            return RedirectResponse(loopback_address(loopback, **told), 303, _PRIVATE)
        if loopback is None:
            return JsonAnswer(await self.desk.opened(identity), headers=_PRIVATE)
        return RedirectResponse(await self.desk.handed_over(identity, loopback), 303, _PRIVATE)


def _asked(data: Any) -> SessionAsked:
    """With what a session is fetched. Raises RequestValidationError, with every wrong field."""
    try:
        return SessionAsked.model_validate(data)
    except ValidationError as error:
        raise RequestValidationError(error.errors()) from error


def _refused(error: SignInRefused | ProviderFailed, provider: str) -> tuple[Problem, dict[str, str]]:
    """The answer, with a reference under which the log has it; and the same for a program, in short."""
    reference, what = token_hex(4), error.what
    log.warning("a sign-in failed", provider=provider, reason=str(error), reference=reference)
    if isinstance(error, ProviderSlow):
        found = Problem(504, "provider-slow", what, reference=reference)
    elif isinstance(error, ProviderFailed):
        found = Problem(502, "provider-failed", what, reference=reference)
    else:
        found = Problem(403, "sign-in-refused", what, reference=reference)
    kind = str(found.answer.content["type"]).removeprefix(KIND_PREFIX)
    return found, {"error": kind, "reference": reference}
