"""``esad person sign-in``: signing in in a browser, for a program at a terminal."""

import json
import webbrowser
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from esad_gateway.cli.common import output
from esad_gateway.cli.common.gateway_access import LOCAL, AsJson, Url, answered, refuse_problem
from esad_gateway.cli.common.language import wanted
from esad_gateway.client.loopback import LoopbackListener
from esad_gateway.client.request import Request
from esad_gateway.errors import PeerError
from esad_gateway.faults import Said, said
from esad_gateway.signin.proofs import challenge_of, new_secret
from esad_gateway.signin.refused import SignInRefused

Provider = Annotated[str, typer.Option(metavar="NAME", help="Where to sign in, as GET /v1/national/sign-in names it.")]
Wait = Annotated[int, typer.Option(min=1, max=600, help="Seconds to wait for the browser to come back.")]
Browser = Annotated[bool, typer.Option("--browser/--no-browser", help="Open the address in a browser.")]


def sign_in(
    *, provider: Provider, url: Url = LOCAL, wait: Wait = 300, browser: Browser = True, as_json: AsJson = False
) -> None:
    """Sign in at a provider of identities, in a browser, and print the token of the session.

    The address stands on standard error; the browser has to be on this machine, since it comes back to it.
    """
    verifier, listener = new_secret(), LoopbackListener()
    query = {"port": listener.port, "state": listener.state, "challenge": challenge_of(verifier)}
    address = url.rstrip("/") + Request(method="GET", path=f"/v1/national/sign-in/{provider}", query=query).target
    output.note(said("sign_in.page.open", address=address))
    if browser:
        webbrowser.open(address)
    told = listener.wait(wait)
    if told is None:
        raise PeerError(said("sign_in.page.nobody", seconds=wait))
    _show(url, _code(told), verifier, as_json=as_json)


def _code(told: Mapping[str, str]) -> str:
    """What the browser has brought. Raises SignInRefused where that is why nobody was signed in."""
    if "code" in told:
        return told["code"]
    why = _WHY.get(told.get("error", ""), Said("problem.sign-in-refused"))
    raise SignInRefused(said("sign_in.page.failed", why=why, reference=told.get("reference", "-")))


_WHY = {kind: Said(f"problem.{kind}") for kind in ("sign-in-refused", "provider-failed", "provider-slow")}


def _show(url: str, code: str, verifier: str, *, as_json: bool) -> None:
    body = json.dumps({"code": code, "verifier": verifier}).encode()
    headers = {"Content-Type": "application/json"}
    status, answer = answered(
        url, None, Request(method="POST", path="/v1/national/session", body=body, headers=headers)
    )
    if not as_json:
        for fault in answer.get("faults", ()):
            output.note(_fault(fault))
    refuse_problem(status, answer, as_json=as_json, expected={"token"})
    if as_json:
        output.result_json(answer)
        return
    output.note(_signed_in(answer))
    output.result(str(answer["token"]))


def _fault(fault: Mapping[str, Any]) -> str:
    """A fault that the gateway tells, with what to do about it, in the languages that are wanted."""
    told = (f"{fault['text'][one]}; {fault['hints'][one]}" for one in wanted())
    return f"{fault['rule']}: {' / '.join(told)}"


def _signed_in(answer: Mapping[str, Any]) -> Said:
    roles = ", ".join(answer.get("roles", ())) or "-"
    return said(
        "sign_in.page.signed_in", person=str(answer.get("person", "-")), roles=roles, until=str(answer["until"])
    )
