"""``esad store``: the store of a gateway."""

from dataclasses import asdict
from typing import Annotated

import typer

from esad_gateway.access import check_access
from esad_gateway.audit.check import check as check_store
from esad_gateway.cli import output
from esad_gateway.cli.administration import AsJson, Data
from esad_gateway.cli.output import ExitCode
from esad_gateway.data_directory import DataDirectory
from esad_gateway.settings import read_settings
from esad_gateway.store.lock import claimed
from esad_gateway.store.opening import migrate_store


def check(
    *,
    data: Data,
    deep: Annotated[bool, typer.Option("--deep", help="Prove all of it from the documents; takes longer.")] = False,
    as_json: AsJson = False,
) -> None:
    """Check that the store is whole and true: every message, document, receipt, movement and delivery in it.

    What a signed checkpoint outside the database vouches for is compared by digests; what came since is proved from the
    documents: signatures as of their time, the columns beside them, movements decided again. May run beside the
    gateway, writes nothing, and reads from media that cannot be written; exit code 1 when anything is not as it was
    written, or when the outbox has dead letters or messages are undecided, which are named.
    """
    report = check_store(DataDirectory(data), deep=deep)
    if as_json:
        output.result_json({**asdict(report), "ok": report.ok})
    else:
        for problem in (*report.problems, *report.dead_letters, *report.undecided):
            output.result(output.bad(problem))
        verdict = output.bad("broken") if report.problems else output.good("whole")
        counts = f"{report.messages} messages ({report.vouched} under checkpoints), {report.movements} movements"
        undecided = f", {len(report.undecided)} undecided" if report.undecided else ""
        output.result(f"{verdict}: {counts}, {report.waiting} to be delivered, {report.dead} dead letters{undecided}")
    raise typer.Exit(ExitCode.FINE if report.ok else ExitCode.NEGATIVE)


def migrate(*, data: Data) -> None:
    """Bring a store that an earlier esad-gateway made to the form that this one works with.

    The store as it was stays beside it, as a copy that is named. All of it is done or nothing, and no gateway may run
    meanwhile. A store that has the form already is left as it is.
    """
    read_settings(data)
    check_access(data)
    database = DataDirectory(data).database
    with claimed(database):
        kept = migrate_store(database)
    output.result(f"{database}: {output.good('brought up')}, as it was: {kept}" if kept else f"{database}: up to date")


COMMANDS = (check, migrate)
