"""``esad registry``: the register of operators, and the list of offices."""

import uuid
from collections.abc import Sequence
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated, Final, NoReturn

import typer

from esad_gateway.cli.common import completing, output, paths, renewal
from esad_gateway.cli.common.administration import AsJson, Data, opened, registry_of
from esad_gateway.cli.common.handing_out import sign_file
from esad_gateway.cli.common.language import tell, wanted
from esad_gateway.cli.common.operator_lines import operator_lines
from esad_gateway.cli.common.output import ExitCode
from esad_gateway.cli.common.paths import Signed
from esad_gateway.data_directory import DataDirectory
from esad_gateway.emcs.certificates import Party, party_of
from esad_gateway.emcs.identifiers import OfficeReference, reason_of
from esad_gateway.emcs.messages.groups import Header
from esad_gateway.emcs.registry import Operator, OperatorType, Register
from esad_gateway.emcs.rules.register import registration_faults
from esad_gateway.emcs.seed import Pending, refusal_message
from esad_gateway.errors import UnreadableInput
from esad_gateway.faults import Faults, said
from esad_gateway.file_errors import file_error
from esad_gateway.place import at
from esad_gateway.register import beliefs
from esad_gateway.register.agents import Delegating
from esad_gateway.register.exporting import write_extract, write_json
from esad_gateway.register.importing import JudgedExtract, Loader
from esad_gateway.register.json_file import RegistryEntry, RegistryFile, read_registry
from esad_gateway.settings import read_settings
from esad_gateway.store.agents import Agents
from esad_gateway.store.certificates import Difference, fingerprint_of
from esad_gateway.store.registry import Registry
from esad_gateway.store.seed_register import SeedRegister
from esad_gateway.texts import fault_json
from esad_gateway.xml.binding import Binder
from esad_gateway.xml.write import document_bytes

Holder = Annotated[
    str,
    typer.Argument(
        metavar="SEED|OFFICE",
        autocompletion=completing.seeds,
        help="A number of the register, or an office such as LT001000.",
    ),
]


_COLUMNS: Final = output.headings("number", "name", "type", "office", "valid_from", "valid_to")


class Format(StrEnum):
    """How the register is written."""

    JSON = "json"
    IE713 = "ie713"


def import_(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="JSON: operators, offices, their certificates by files beside it; or an IE713 (.xml)."
        ),
    ],
    *,
    data: Data,
    refusal: Annotated[
        Path | None, typer.Option(metavar="IE714.xml", help="Where to write the IE714 when an IE713 is refused.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Add or replace the operators of a file; a gateway that is running takes them over at once.

    A record of a file replaces that of the same number and beginning, an office that of the same reference.
    Certificates that are given take the place of all that the number had, at once; an empty list takes them away, and
    a record without the key leaves them. What is added and removed is printed. A file is checked as a whole first:
    with any fault, nothing is changed, and every fault is printed. Tax warehouses in an IE713 are passed over.
    """
    if file.suffix.lower() == ".xml":
        _import_seed(file, data, refusal, as_json=as_json)
        return
    found = read_registry(file)
    with opened(data) as store:
        _check_certificates(file, found, data, Registry(store))
        faults = _faults(found.operators, SeedRegister(store))
        if not faults:
            registry = Registry(store)
            _check_delegations(file, found, registry, Agents(store), read_settings(data).state)
            difference = registry.add_operators(found.operators, found.offices, found.signing, found.delegations)
            _warn(difference, registry, read_settings(data).state, datetime.now(UTC))
    if faults:
        _refuse(file, faults, as_json=as_json)
    _tell_import(found, difference, as_json=as_json)


def export(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write.")],
    *,
    data: Data,
    form: Annotated[Format, typer.Option("--format", help="JSON, or an IE713 extract.")] = Format.JSON,
    sign: Signed = False,
    as_json: AsJson = False,
) -> None:
    """Write the whole register to a file.

    JSON has the certificates in a folder beside it, and can be imported again. An IE713 has none; a temporary
    authorisation without an end or without quantities has no place in it and is left out. With --sign a signature of
    our administration stands beside the file.
    """
    try:
        with opened(data) as store:
            written, left_out = _exported(file, SeedRegister(store), Agents(store), data, form)
    except OSError as error:
        raise UnreadableInput(file_error(error.filename or file, error)) from error
    if sign:
        sign_file(file, data)
    if left_out:
        output.note(said("registry.left_out", number=left_out))
    if as_json:
        output.result_json({"operators": written, "left_out": left_out})
    else:
        output.result(said("registry.written", operators=said("count.operators", count=written), file=str(file)))


def list_(
    *,
    data: Data,
    state: Annotated[
        str, typer.Option(autocompletion=completing.member_states, help="Only operators of this member state.")
    ] = "",
    kind: Annotated[OperatorType | None, typer.Option("--type", help="Only operators of this type.")] = None,
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="Only those that are registered on this day.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the operators of the register: traders, then temporary authorisations, each by number and beginning."""
    day = None if on is None else _day(on, data)
    with opened(data) as store:
        found = [
            one
            for one in (entry.operator for entry in SeedRegister(store).entries())
            if one.seed.startswith(state.upper())
            and kind in (None, one.operator_type)
            and (day is None or one.valid_on(day))
        ]
    if as_json:
        output.result_json({"operators": [_listed(one) for one in found]})
    else:
        output.table(_COLUMNS, [tuple(str(value or "") for value in _listed(one).values()) for one in found])


def show(
    seed: Annotated[
        str,
        typer.Argument(
            metavar="SEED",
            autocompletion=completing.seeds,
            help="An excise number or temporary authorisation reference.",
        ),
    ],
    *,
    data: Data,
    on: Annotated[
        str | None, typer.Option(metavar="DATE", help="The day that is asked about, YYYY-MM-DD; today by default.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say whether a number is registered on a day, as what and for which products; exit code 1 when it is not."""
    day = _day(on, data)
    with registry_of(data) as registry:
        found = registry.operator(seed, day)
        at, trust = datetime.now(UTC), DataDirectory(data).load_trust()
        signing = [*beliefs.of_holder(registry.certificates(seed), trust, at)]
    registered = found is not None and found[0].valid_on(day)
    if as_json:
        output.result_json(
            {"seed": seed, "on": day.isoformat(), "registered": False}
            | (_json(found[0], day) if found else {})
            | {"certificates": [one.as_json() for one in signing]}
        )
    else:
        output.result(*(operator_lines(found[0], day) if found else [output.bad(said("registry.unknown", seed=seed))]))
        for one in signing:
            output.result(
                f"  {tell(said('registry.certificate', what=', '.join(filter(None, one.row(wanted()[0])[1:]))))}"
            )
    raise typer.Exit(ExitCode.FINE if registered else ExitCode.NEGATIVE)


def renew(
    holder: Holder,
    *,
    data: Data,
    certificate: renewal.Successor,
    overlap: renewal.Overlap = renewal.WEEK,
    as_json: AsJson = False,
) -> None:
    """Replace what a trader, or an office of ours, signs with; the one before is believed for the overlap yet.

    A gateway that runs takes it over at once. What was received before stays proved; what is signed with the old key
    and received after the overlap is refused. Until it ends, esad registry restore takes the renewal back.
    """
    renewal.renew(data, partial(_known, holder=holder, data=data), certificate, overlap, as_json=as_json)


def restore(holder: Holder, *, data: Data, overlap: renewal.Overlap = renewal.AT_ONCE, as_json: AsJson = False) -> None:
    """Take the last renewal of a trader or an office back, until its overlap is over."""
    renewal.restore(data, partial(_known, holder=holder, data=data), overlap, as_json=as_json)


def _check_certificates(file: Path, found: RegistryFile, data: Path, registry: Registry) -> None:
    """Raise UnreadableInput with every certificate that is new for its holder and by which no signature could pass.

    One that becomes valid later may be entered before. One that a holder has already is not checked again.
    """
    given = [(operator.seed, one) for operator, _, certificates in found.operators for one in certificates or ()]
    given += [(reference, one) for reference, certificates in found.signing.items() for one in certificates]
    trust, now, problems = DataDirectory(data).load_trust(), datetime.now(UTC), []
    for holder, certificate in given:
        if fingerprint_of(certificate) in {one.record.fingerprint for one in registry.certificates(holder)}:
            continue
        try:
            renewal.would_pass(holder, certificate, trust, max(now, certificate.not_valid_before_utc))
        except UnreadableInput as problem:
            name = certificate.subject.rfc4514_string()
            problems.append(said("registry.of_file", file=str(file), why=problem.what, name=name))
    if problems:
        raise UnreadableInput(*problems)


def _check_delegations(file: Path, found: RegistryFile, registry: Registry, agents: Agents, state: str) -> None:
    """Raise UnreadableInput with everything that is wrong with the delegations of a file."""
    traders = {entry.operator.seed: entry.certificates or () for entry in found.operators}
    signing = [name for name, certificates in (traders | dict(found.signing)).items() if certificates]
    if faults := Delegating(registry, agents, state, traders.keys(), signing).faults(found.delegations):
        raise UnreadableInput(*(said("file.named", file=str(file), why=fault) for fault in faults))


def _known(registry: Registry, holder: str, data: Path) -> str:
    """A holder that is a trader of the register, or could be an office of this administration."""
    state = read_settings(data).state
    if party_of(holder) is Party.OFFICE:
        try:
            OfficeReference(holder)
        except ValueError as error:
            raise UnreadableInput(reason_of(error)) from error
        if holder[:2] != state:
            raise UnreadableInput(said("usage.other_office", holder=holder, state=state))
    elif party_of(holder) is Party.AGENT:
        if not registry.certificates(holder):
            raise UnreadableInput(said("agent.no_certificate", agent=holder))
    elif registry.operator(holder) is None:
        raise UnreadableInput(said("usage.nobody", holder=holder, state=state))
    return holder


def _tell_import(found: RegistryFile, difference: Difference, *, as_json: bool) -> None:
    """What was imported, and every certificate that is believed from now on or no more."""
    operators, offices = len(found.operators), len(found.offices)
    added, removed = (
        [{"holder": holder, "fingerprint": fingerprint} for holder, fingerprint in pairs]
        for pairs in (difference.added, difference.removed)
    )
    if as_json:
        output.result_json({"operators": operators, "offices": offices, "added": added, "removed": removed})
        return
    told = said("count.operators", count=operators)
    if offices:
        told = said("registry.and_offices", operators=told, offices=said("count.offices", count=offices))
    output.result(said("registry.imported_all", what=told, added=len(added), removed=len(removed)))
    for sign, pairs in (("+", difference.added), ("-", difference.removed)):
        for holder, fingerprint in pairs:
            output.result(f"  {sign} {holder} {fingerprint}")


def _warn(difference: Difference, registry: Registry, own: str, now: datetime) -> None:
    """Say what may be a mistake: traders of other states with certificates, and holders that have lost their last."""
    strangers = sorted({holder for holder, _ in difference.added if not holder.startswith(own)})
    if strangers:
        output.note(said("registry.strangers", own=own, holders=", ".join(strangers)))
    for holder in sorted({holder for holder, _ in difference.removed}):
        if not any(one.record.counts(now) for one in registry.certificates(holder)):
            output.note(said("registry.no_certificate", holder=holder))


def _import_seed(file: Path, data: Path, refusal: Path | None, *, as_json: bool) -> None:
    with opened(data) as store:
        loader = Loader(SeedRegister(store), DataDirectory(data).releases(), paths.opened)
        judged = loader.judge(file)
        faults = judged.every_fault
        count = 0 if faults else loader.load(file)
    if refusal is not None and judged.refusals:
        _write_refusal(refusal, judged, data)
    if faults:
        _refuse(file, faults, as_json=as_json)
    if as_json:
        output.result_json({"operators": count, "faults": []})
    else:
        output.result(said("registry.imported", operators=said("count.operators", count=count)))


def _faults(entries: Sequence[RegistryEntry], register: Register) -> Faults:
    """Find the faults of these operators, beside each other and beside those in the register."""
    pending = Pending(register)
    for entry in entries:
        pending.put(entry.operator)
    return tuple(
        fault
        for number, entry in enumerate(entries, start=1)
        for fault in registration_faults(entry.operator, pending, at("operators", number))
    )


def _refuse(file: Path, faults: Faults, *, as_json: bool) -> NoReturn:
    if as_json:
        output.result_json({"operators": 0, "faults": [fault_json(fault) for fault in faults]})
    else:
        output.result(*(output.fault_line(str(file), fault) for fault in faults))
    raise typer.Exit(ExitCode.NEGATIVE)


def _write_refusal(path: Path, judged: JudgedExtract, data: Path) -> None:
    answered = judged.header
    header = _header(data, answered.message_sender, answered.message_identifier) if answered else _header(data)
    root = _binder(data, header.message_recipient).write(refusal_message(judged.refusals, header))
    try:
        path.write_bytes(document_bytes(root))
    except OSError as error:
        raise UnreadableInput(file_error(path, error)) from error


def _exported(file: Path, register: SeedRegister, agents: Agents, data: Path, form: Format) -> tuple[int, int]:
    if form is Format.JSON:
        certificates = register.certificates(datetime.now(UTC))
        return write_json(file, register.entries(), certificates, register.offices(), agents.every()), 0
    header = _header(data)
    return write_extract(file, register.entries(), header, _binder(data, header.message_recipient))


def _binder(data: Path, reader: str) -> Binder:
    """What writes for an administration now."""
    with registry_of(data) as registry:
        peers = registry.directory().releases
    return (
        read_settings(data)
        .readers(DataDirectory(data).releases(), lambda: peers)
        .at(datetime.now(UTC))
        .binder_for(reader)
    )


def _header(data: Path, recipient: str | None = None, correlation: str | None = None) -> Header:
    own, now = read_settings(data).profile().address, datetime.now(UTC).replace(microsecond=0, tzinfo=None)
    return Header(
        message_sender=own,
        message_recipient=recipient or own,
        date_of_preparation=now.date(),
        time_of_preparation=now.time(),
        message_identifier=str(uuid.uuid4()),
        correlation_identifier=correlation,
    )


def _day(text: str | None, data: Path) -> date:
    if text is None:
        return read_settings(data).profile().local_date(datetime.now(UTC))
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UnreadableInput(said("usage.day", given=text)) from error


def _listed(operator: Operator) -> dict[str, str | None]:
    return {
        "seed": operator.seed,
        "name": operator.name,
        "type": operator.operator_type,
        "office": operator.office,
        "validFrom": operator.valid_from.isoformat(),
        "validTo": operator.valid_to.isoformat() if operator.valid_to else None,
    }


def _json(operator: Operator, day: date) -> dict[str, object]:
    from esad_gateway.views.json import operator_view  # noqa: PLC0415 - the other subcommands do not need the door

    return operator_view(operator, day, in_full=True)


COMMANDS = (import_, export, list_, show, renew, restore)
