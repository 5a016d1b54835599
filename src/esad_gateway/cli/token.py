"""``esad token``: access to mailboxes."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from esad_gateway.cli.common import completing, output
from esad_gateway.cli.common.administration import AsJson, Data, registry_of
from esad_gateway.emcs.certificates import Party, party_of
from esad_gateway.emcs.identifiers import NATIONAL_ADMINISTRATIONS, AgentReference, ExciseNumber, reason_of
from esad_gateway.errors import UnreadableInput
from esad_gateway.faults import said
from esad_gateway.register.beliefs import stamp
from esad_gateway.store.registry import Token

Seed = Annotated[
    str,
    typer.Option(
        autocompletion=completing.seeds,
        help="Whose mailbox it opens: a SEED number, for an office an administration (NDEA.PL); an agent (AG.LT…).",
    ),
]


def issue(*, data: Data, seed: Seed, as_json: AsJson = False) -> None:
    """Issue a token. It is shown this once: the gateway keeps a hash of it."""
    _check(seed)
    with registry_of(data) as registry:
        token = registry.issue_token(seed, datetime.now(UTC))
        known = party_of(seed) is not Party.TRADER or registry.operator(seed) is not None
    if not known:
        output.note(said("token.unregistered", seed=seed))
    if as_json:
        output.result_json({"seed": seed, "token": token})
    else:
        output.result(token)


def revoke(*, data: Data, seed: Seed, as_json: AsJson = False) -> None:
    """Revoke every token of a mailbox."""
    _check(seed)
    with registry_of(data) as registry:
        count = registry.revoke_tokens(seed, datetime.now(UTC))
    if as_json:
        output.result_json({"seed": seed, "revoked": count})
    else:
        output.result(said("token.revoked", tokens=said("count.tokens", count=count), seed=seed))


def list_(*, data: Data, as_json: AsJson = False) -> None:
    """List whose mailboxes can be read with a token, and since when; the tokens themselves are kept nowhere."""
    with registry_of(data) as registry:
        tokens = registry.tokens()
    if as_json:
        output.result_json({"tokens": [_json(one) for one in tokens]})
    else:
        output.table(output.headings("mailbox", "issued", "revoked"), [_row(one) for one in tokens])


def _json(token: Token) -> dict[str, str | None]:
    revoked = stamp(token.revoked_at) if token.revoked_at else None
    return {"seed": token.seed, "issued_at": stamp(token.issued_at), "revoked_at": revoked}


def _row(token: Token) -> tuple[str, ...]:
    return token.seed, stamp(token.issued_at), stamp(token.revoked_at) if token.revoked_at else ""


def _check(seed: str) -> None:
    """Raise UnreadableInput when no mailbox can have this name. Not checked: whether there is one."""
    if seed in {f"NDEA.{state}" for state in NATIONAL_ADMINISTRATIONS}:
        return
    try:
        AgentReference(seed) if party_of(seed) is Party.AGENT else ExciseNumber(seed)
    except ValueError as error:
        raise UnreadableInput(reason_of(error)) from error


COMMANDS = (issue, revoke, list_)
