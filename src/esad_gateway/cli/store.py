"""``esad store``: the store of a gateway."""

from dataclasses import asdict

import typer

from esad_gateway.cli import output
from esad_gateway.cli.administration import AsJson, Data, opened
from esad_gateway.cli.exits import ExitCode
from esad_gateway.store.check import check as check_store


def check(*, data: Data, as_json: AsJson = False) -> None:
    """Check that the store is whole: numbers without gaps, documents with their digests, receipts, movements.

    May run beside the gateway; exit code 1 when a promise is broken.
    """
    with opened(data) as store:
        report = check_store(store)
    if as_json:
        output.result_json({**asdict(report), "ok": not report.problems})
    else:
        for problem in report.problems:
            output.result(output.bad(problem))
        verdict = output.bad("broken") if report.problems else output.good("whole")
        counts = f"{report.messages} messages, {report.movements} movements"
        output.result(f"{verdict}: {counts}, {report.waiting} to be delivered, {report.dead} dead letters")
    raise typer.Exit(ExitCode.NEGATIVE if report.problems else ExitCode.FINE)


COMMANDS = (check,)
