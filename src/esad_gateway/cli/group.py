"""The commands of ``esad`` and how they are found: the module of a command is imported when the command is called.

So ``esad validate`` does not pay for the server, and ``esad --help`` pays for nothing but this table. A new command is
one line in :data:`SUMMARIES` and a module of that name in this package, with a tuple ``COMMANDS`` of functions: one
function of the same name is the command itself, anything else are its subcommands. Each gets the option ``--lang``.
"""

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Final

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from esad_gateway.cli.common import output
from esad_gateway.cli.common.installed import library_of, not_installed
from esad_gateway.cli.common.language import USUAL, in_language
from esad_gateway.cli.common.printable import shown

SUMMARIES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "demo": "Play a whole exchange between three member states on this machine.",
        "box": "Run three member states on this machine, to go on with by hand.",
        "simulate": "Simulate the other member states for a system under test, by a clock that moves.",
        "record": "Record what passes between a system and a gateway, with other identities.",
        "replay": "Play a recording again, and tell what is answered otherwise.",
        "script": "Check scripts of simulated member states.",
        "validate": "Check documents against the schemas and the rules that need no state.",
        "explain": "Explain a rule, a code, a state, an ARC or a refused file.",
        "compose": "Make messages out of JSON or CSV.",
        "fallback": "Put a draft, an e-SAD or a report on paper, as PDF.",
        "batch": "Make, check and hand in tables of SAAD documents, wine documents and deferred dispatches.",
        "duty": "Reckon excise duty with every step, and list the rates of a day with their sources.",
        "refund": "Show what duty may be claimed back for a delivered movement; write the file to hand in.",
        "fixtures": "Make documents to test with: valid ones of every type, and ones that break a rule.",
        "sign": "Sign documents under ESAD-SIG-1, and files of any kind.",
        "verify": "Verify signatures under ESAD-SIG-1, and of files, offline.",
        "pki": "Make keys, certificates and revocation lists for tests.",
        "saad": "List the records of the SAAD list; show, enter, correct, withdraw and export them.",
        "declare": "List, preview, file, show and export declarations of a month.",
        "due": "List what is due, what is overdue first, with the working days that are left.",
        "submit": "Hand signed documents to a gateway.",
        "inbox": "List a mailbox; print or acknowledge a message.",
        "movement": "Show movements.",
        "webhook": "Have an address called when something comes; list, try and remove webhooks.",
        "init": "Make a data directory for a gateway.",
        "serve": "Run the gateway of a data directory.",
        "registry": "Import, export, list and look up operators, replace what they sign with.",
        "trust": "Trust and list certification authorities.",
        "peer": "Connect, add, list and remove other administrations, replace what they sign with.",
        "key": "Replace what this administration signs with, list it, take that back.",
        "token": "Issue, list and revoke access to mailboxes.",
        "case": "Begin and follow registrations; decide them, as an official.",
        "agent": "Let agents sign and read for traders; list and revoke that.",
        "person": "Persons and the entities that they act for: what one may do, tokens, and what was done.",
        "role": "Grant, end and list the roles of persons, each for one number.",
        "trader-key": "Keep, list and remove keys of traders who want their deferred dispatches signed here.",
        "worker": "Work on the batches of a gateway; esad serve has it done by itself.",
        "guarantee": "Keep what secures the duty of traders, its ledger and how much is needed.",
        "held": "List and release reports of receipt that are held for formalities.",
        "outbox": "List what waits for other administrations; try again or drop what they refuse.",
        "undecided": "List what a defect kept from being decided; decide it when that is mended.",
        "store": "Check the store of a gateway, back it up, rebuild its movements, migrate it.",
        "doctor": "Look what is wrong with a gateway, and which command mends it.",
        "bench": "Measure this machine: ours, the floor, a usual stack, another build.",
    }
)


_WRONG_USAGE: Final[Any] = typer.BadParameter.__bases__[0]
"""Whatever typer says about a command line; the class itself is private there."""


class _Commands(TyperGroup):
    """A group that is listed from the table and loaded by need; the types of typer's own commands are private."""

    def make_context(self, info_name: str | None, args: list[str], *rest: Any, **extra: Any) -> Any:
        """The context of ``args``; wrong usage is said without what would act on the terminal."""
        with _shown_complaints():
            return super().make_context(info_name, args, *rest, **extra)

    def invoke(self, ctx: Any) -> Any:
        """Run the command; wrong usage is said without what would act on the terminal."""
        with _shown_complaints():
            return super().invoke(ctx)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that ``args`` call, with its options; an unknown name is refused with a suggestion."""
        name, _, rest = super().resolve_command(ctx, args)
        return name, name and load(name), rest


@contextmanager
def _shown_complaints() -> Iterator[None]:
    """What typer says about a command line repeats parts of it, and file names come from anywhere."""
    try:
        yield
    except _WRONG_USAGE as error:
        error.message = shown(error.message)
        raise


def root() -> TyperGroup:
    """The command ``esad``, in which the other commands are names with a summary until they are called."""
    app = typer.Typer(cls=_Commands, no_args_is_help=True, pretty_exceptions_enable=False)
    app.callback()(_esad)
    group = get_command(app)
    if not isinstance(group, TyperGroup):  # pragma: no cover
        raise TypeError(group)
    _take_as_given(group)
    for name, summary in SUMMARIES.items():
        group.add_command(TyperCommand(name, help=summary))
    return group


def load(name: str) -> Any:
    """The real command ``name``, from its module."""
    module = _imported(name)
    functions: tuple[Callable[..., None], ...] = module.COMMANDS
    usual: str = getattr(module, "LANGUAGE", USUAL)
    app = typer.Typer(name=name, help=SUMMARIES[name], add_completion=False, no_args_is_help=True)
    for function in functions:
        app.command(command_name(function))(in_language(function, usual))
    if [command_name(function) for function in functions] != [name]:
        app.callback()(_subcommands)
    command = get_command(app)
    _take_as_given(command)
    return command


def _imported(name: str) -> Any:
    """The module of a command. Raises NotConfigured where a library is missing that it needs.

    What an import makes stays; looking for garbage meanwhile is a fifth of a cold start.
    """
    gc.disable()
    try:
        return import_module(f"{__package__}.{name.replace('-', '_')}")
    except ModuleNotFoundError as missing:
        if library := library_of(missing):
            raise not_installed(library) from missing
        raise
    finally:
        gc.enable()


def command_name(function: Callable[..., None]) -> str:
    """What a function is called on the command line: ``import_`` is ``import``, ``as_csv`` is ``as-csv``."""
    return function.__name__.rstrip("_").replace("_", "-")


def _subcommands() -> None:
    """Nothing happens before the subcommand: this makes a group of even one."""


def _show_version(wanted: bool) -> None:  # noqa: FBT001 - typer hands a callback its option's value
    if wanted:
        from importlib.metadata import version  # noqa: PLC0415 - costs a tenth of a cold start

        output.result(f"esad {version('esad-gateway')}")
        raise typer.Exit


def _esad(
    *,
    _version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """Exchange e-SADs and reports of receipt: check, compose, sign and verify documents, run a gateway, ask one.

    Exit codes: 0 fine, 1 the document or the answer is negative, 2 wrong usage.
    """


_READERS: Final[Mapping[Any, Callable[[str], Any]]] = MappingProxyType(
    {bool: bool, str: str, Path: Path, list[str]: str, list[Path]: Path}
)


@dataclass(frozen=True, slots=True)
class _AsGiven:
    """What typer asks for the value of a text or a path.

    typer has pydantic check every value that is no flag, and importing pydantic takes as long as judging a hundred
    documents. A text or a path needs no check, so these parameters get a reader of their own. If typer stops asking
    for it, commands work as before and only start later; a test tells.
    """

    read: Callable[[str], Any]

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:  # noqa: ARG002 - typer's names
        """``value`` as the command's function takes it; a list for a parameter that may be given several times."""
        several = param.multiple or param.nargs == -1
        if value is None:
            return () if several else None
        return [self.read(one) for one in value] if several else self.read(value)


def _take_as_given(command: Any) -> None:
    """Let typer take the text and path parameters of a command, and of its subcommands, as they are given."""
    for parameter in command.get_params(typer.Context(command)):
        read = _READERS.get(parameter.type_descriptor.annotation)
        if read is not None:
            parameter._runtime_param = _AsGiven(read)  # noqa: SLF001 - see _AsGiven
    for subcommand in getattr(command, "commands", {}).values():
        _take_as_given(subcommand)
