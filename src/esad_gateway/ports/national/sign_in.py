"""What signing in keeps between two requests: secrets of which each is used once, and only digests of them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from esad_gateway.ais.people.identity import ProvenIdentity
from esad_gateway.frozen import frozen


@frozen(kw_only=True)
class Loopback:
    """A program on somebody's own machine that waits for the outcome (RFC 8252): at a ``port``, with a ``state``.

    ``challenge`` is the digest (S256) of the secret with which it fetches the outcome.
    """

    port: int
    state: str
    challenge: str


@frozen(kw_only=True)
class SignInAttempt:
    """Somebody who was sent to ``provider`` (its name in the settings) to sign in, and has to be back by ``until``.

    ``nonce`` stands in the token, ``verifier`` proves that the code is ours (RFC 7636), ``browser`` is the digest of
    what the browser was given.
    """

    provider: str
    nonce: str
    verifier: str
    browser: str
    until: datetime
    loopback: Loopback | None = None


class SingleUse(Protocol):
    """Texts under secrets, each of which is taken once, and not after its end."""

    def keep(self, secret: str, content: str, until: datetime, now: datetime) -> None:
        """Keep a text until then. Raises Busy where as many are kept as may be."""

    def take(self, secret: str, now: datetime) -> str | None:
        """The text, which is then gone; ``None`` when there is none, or its time is over."""


class PersonSessions(Protocol):
    """Tokens of persons who have signed in."""

    def open(self, identity: ProvenIdentity, at: datetime) -> Mapping[str, Any]:
        """Decide whether the person may work here, and give a token: what is answered, which has it as ``token``.

        Raises an error of our tree that says why not, and what to do.
        """

    def close(self, token: str, at: datetime) -> bool:
        """Take a token back; whether it was one of a person's, and good."""
