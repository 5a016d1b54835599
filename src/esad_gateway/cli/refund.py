"""``esad refund``: what a consignor claims back for a movement that was delivered, as a file to hand in."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final, TypeAlias
from urllib.parse import urlencode

import typer

from esad_gateway.cli.batches.online import written
from esad_gateway.cli.common import output
from esad_gateway.cli.common.gateway_access import LOCAL, AsJson, Seed, Token, Url, answered, refuse_problem
from esad_gateway.client.request import Request, step
from esad_gateway.faults import Said, said

REFUND_COLUMNS: Final = ("line", "product", "dispatched", "refused", "shortage", "received", "eur")

Arc: TypeAlias = Annotated[str, typer.Argument(metavar="ARC", help="The movement, by its ARC.")]
PaidOn: TypeAlias = Annotated[
    str, typer.Option("--paid-on", metavar="DAY", help="The day on which duty was paid: at its rates.")
]
Proof: TypeAlias = Annotated[
    str, typer.Option(metavar="TEXT", help="What proves it, such as the number of the declaration.")
]
Uses: TypeAlias = Annotated[
    list[str] | None, typer.Option("--use", metavar="LINE=USE", help="What a rate was claimed for: 1=small_brewery.")
]
Prices: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--retail-price", metavar="LINE=EUR/PIECES", help="Maximum retail price of a line: 1=6.00/20."),
]
Pieces: TypeAlias = Annotated[
    list[str] | None, typer.Option("--pieces", metavar="LINE=NUMBER", help="Pieces of a line that EMCS weighs.")
]


def refund(
    arc: Arc,
    *,
    seed: Seed,
    token: Token,
    paid_on: PaidOn,
    proof: Proof,
    url: Url = LOCAL,
    use: Uses = None,
    retail_price: Prices = None,
    pieces: Pieces = None,
    target: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.zip", help="Write the file to hand in here.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show what duty may be claimed back for a delivered movement, or write the file to hand in.

    Duty is that of what the report of receipt says was received, at the rates of the day on which it was paid;
    shortages and what was refused are shown. The file has an index, the movement, and the e-SAD and the report as they
    were signed; esad sign signs it beside itself. Exit code 1: it cannot be claimed, and why.
    """
    told = {"use": use or [], "retail_price": retail_price or [], "pieces": pieces or []}
    query = urlencode({"paid_on": paid_on, "proof": proof, **told}, doseq=True)
    path = f"/v1/national/refunds/{step(seed)}/{step(arc)}?{query}"
    if target is not None:
        headers = {"Accept": "application/zip"}
        written(
            target,
            lambda file: answered(url, token, Request(path=path, headers=headers, to=file)),
            as_json=as_json,
        )
        return
    code, answer = answered(url, token, Request(path=path))
    refuse_problem(code, answer, as_json=as_json, expected=("forms",))
    if as_json:
        output.result_json(answer)
        return
    amounts = iter([line["amount"] for line in answer["duty"]["lines"]])
    rows = [_row(line, next(amounts) if line["received"] != "0" else "") for line in answer["lines"]]
    output.table(tuple(Said(f"refund.head.{name}") for name in REFUND_COLUMNS), rows)
    forms = ", ".join(f"{form['code']} [{form['mark']}]" for form in answer["forms"])
    output.result(output.good(said("refund.total", amount=answer["amount"], paid=answer["paidOn"], forms=forms)))


def _row(line: Mapping[str, Any], amount: str) -> tuple[str, ...]:
    told = (line[name] for name in ("product", "dispatched", "refused", "shortage", "received"))
    return (str(line["reference"]), *told, amount)


COMMANDS = (refund,)
