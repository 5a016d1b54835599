"""``esad token``: access to mailboxes."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from esad_gateway.cli import output
from esad_gateway.cli.administration import AsJson, Data, registry_of

Seed = Annotated[str, typer.Option(help="The SEED number whose mailbox the token opens.")]


def issue(*, data: Data, seed: Seed, as_json: AsJson = False) -> None:
    """Issue a token. It is shown this once: the gateway keeps a hash of it."""
    with registry_of(data) as registry:
        token = registry.issue_token(seed, datetime.now(UTC))
    if as_json:
        output.result_json({"seed": seed, "token": token})
    else:
        output.result(token)


def revoke(*, data: Data, seed: Seed, as_json: AsJson = False) -> None:
    """Revoke every token of a mailbox."""
    with registry_of(data) as registry:
        count = registry.revoke_tokens(seed, datetime.now(UTC))
    if as_json:
        output.result_json({"seed": seed, "revoked": count})
    else:
        output.result(f"{count} tokens of {seed} revoked")


COMMANDS = (issue, revoke)
