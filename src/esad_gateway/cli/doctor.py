"""``esad doctor``: what is wrong with a gateway, and the command that mends it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated

import typer

from esad_gateway.cli.common import output
from esad_gateway.cli.common.administration import AsJson, Data
from esad_gateway.cli.common.installed import check_installed
from esad_gateway.cli.common.language import word
from esad_gateway.cli.common.output import ExitCode, headings, table
from esad_gateway.errors import NotConfigured
from esad_gateway.faults import Said
from esad_gateway.operations.doctor import Patient, examine
from esad_gateway.operations.findings import Level, Symptom, wrong
from esad_gateway.operations.national import of_providers
from esad_gateway.operations.peers import of_peers


def doctor(
    *,
    data: Data,
    offline: Annotated[bool, typer.Option("--offline", help="Ask nobody else.")] = False,
    as_json: AsJson = False,
) -> None:
    """Look what is wrong with a gateway, whether it runs or not, and which command mends it; nothing is changed.

    Settings, tariffs that end within a month, permissions, the store, the key, certificates that end within a month,
    providers at which people sign in (do they answer), other administrations (do they answer, and sign with what is
    known of them), the clock, the disk, versions, and what waits for a person.
    In a command FILE.pem and URL stand for what somebody else has to tell. Exit code 1 when something is wrong.
    """
    findings = list(_found(data, offline=offline))
    ill = any(one.level is Level.WRONG for one in findings)
    if as_json:
        output.result_json({"ok": not ill, "findings": [one.as_json() for one in findings]})
    else:
        table(headings("check", "level", "found", "mends"), map(_cells, findings))
    raise typer.Exit(ExitCode.NEGATIVE if ill else ExitCode.FINE)


def _found(data: Data, *, offline: bool) -> Iterator[Symptom]:
    try:
        check_installed()
    except NotConfigured as error:
        yield wrong("versions", error.what)
        return
    yield from examine(data, datetime.now(UTC), (lambda _: iter(())) if offline else _of_others)


def _of_others(patient: Patient) -> Iterator[Symptom]:
    yield from of_providers(patient.data.root, patient.settings, patient.now)
    yield from of_peers(patient)


def _cells(one: Symptom) -> tuple[str, ...]:
    return (
        word(Said(f"doctor.check_{one.check}")),
        word(Said(f"doctor.level_{one.level}")),
        word(one.what),
        one.command,
    )


COMMANDS = (doctor,)
