"""``esad store``: the store of a gateway."""

from dataclasses import asdict

import typer

from esad_gateway.audit.check import check as check_store
from esad_gateway.bootstrap import DataDirectory
from esad_gateway.cli import output
from esad_gateway.cli.administration import AsJson, Data
from esad_gateway.cli.exits import ExitCode


def check(*, data: Data, as_json: AsJson = False) -> None:
    """Check that the store is whole and true: every message, document, receipt, movement and delivery in it.

    Chains of digests are compared with the signed checkpoints outside the database. May run beside the gateway, writes
    nothing, and reads from media that cannot be written; exit code 1 when anything is not as it was written.
    """
    report = check_store(DataDirectory(data))
    if as_json:
        output.result_json({**asdict(report), "ok": not report.problems})
    else:
        for problem in report.problems:
            output.result(output.bad(problem))
        verdict = output.bad("broken") if report.problems else output.good("whole")
        counts = f"{report.messages} messages ({report.vouched} under checkpoints), {report.movements} movements"
        output.result(f"{verdict}: {counts}, {report.waiting} to be delivered, {report.dead} dead letters")
    raise typer.Exit(ExitCode.NEGATIVE if report.problems else ExitCode.FINE)


COMMANDS = (check,)
