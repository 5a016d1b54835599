"""``esad token``: access to mailboxes."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from esad_gateway.cli import output
from esad_gateway.cli.administration import AsJson, Data, registry_of
from esad_gateway.emcs.identifiers import NATIONAL_ADMINISTRATIONS, ExciseNumber
from esad_gateway.errors import UnreadableInput

Seed = Annotated[
    str,
    typer.Option(help="Whose mailbox it opens: a SEED number, or for an office an administration (NDEA.PL)."),
]


def issue(*, data: Data, seed: Seed, as_json: AsJson = False) -> None:
    """Issue a token. It is shown this once: the gateway keeps a hash of it."""
    _check(seed)
    with registry_of(data) as registry:
        token = registry.issue_token(seed, datetime.now(UTC))
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
        output.result(f"{count} tokens of {seed} revoked")


def _check(seed: str) -> None:
    """That a mailbox of this name can be; not checked: that there is one."""
    if seed in {f"NDEA.{state}" for state in NATIONAL_ADMINISTRATIONS}:
        return
    try:
        ExciseNumber(seed)
    except ValueError as error:
        raise UnreadableInput(str(error)) from error


COMMANDS = (issue, revoke)
