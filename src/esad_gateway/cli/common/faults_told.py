"""Faults that simulated states commit, on the command line: all that there are, and those that are asked for."""

import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeAlias

import typer

from esad_gateway.cli.common import output
from esad_gateway.cli.common.language import tell
from esad_gateway.errors import UnreadableInput
from esad_gateway.faults import Said, said
from esad_gateway.simulator.injected.catalogue import INJECTED
from esad_gateway.simulator.injected.reading import injection_of
from esad_gateway.simulator.world.emcs import Emcs
from esad_gateway.texts import in_every_language

ListFaults: TypeAlias = Annotated[
    bool, typer.Option("--list-faults", help="List every fault that can be injected, and what a good counterpart does.")
]
AskedFaults: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--fault", metavar="'NAME STATE …'", help="Inject a fault, such as 'lost PL message=IE818 nth=2'."),
]


def list_faults(*, as_json: bool) -> NoReturn:
    """Print every fault, a paragraph each or one JSON object, and end the command."""
    if as_json:
        output.result_json({"faults": [_as_json(name) for name in INJECTED]})
    else:
        output.result(*_paragraphs())
    raise typer.Exit(output.ExitCode.FINE)


def inject(emcs: Emcs, asked: Iterable[str]) -> None:
    """Have faults wait for their moment. Raises UnreadableInput for words that say none, before any state is opened."""
    for one in [injection_of(words) for words in asked]:
        emcs.faults.inject_this(one)


def tell_faults(emcs: Emcs, again: str) -> bool:
    """Print what was injected where, and the one command that has it again; whether every fault has struck."""
    output.result(*map(str, emcs.faults.journal))
    output.result(said("injected.again", command=again))
    try:
        emcs.faults.check()
    except UnreadableInput as waiting:
        output.result(*waiting.reasons)
        return False
    return True


def this_command() -> Iterator[str]:
    """The words of the command that runs but those that say its seed, which is told anew."""
    rest = iter([Path(sys.argv[0]).name, *sys.argv[1:]])
    for word in rest:
        if word == "--seed":
            next(rest, None)
        elif not word.startswith("--seed="):
            yield word


def _paragraphs() -> Iterator[str]:
    for name, fault in INJECTED.items():
        yield from (output.bold(f"{name} ({fault.kind})"), f"  {tell(fault.about)}")
        yield from (f"  {tell(Said('injected.counterpart'))} {tell(fault.good_counterpart)}", "")


def _as_json(name: str) -> Mapping[str, Any]:
    fault = INJECTED[name]
    return {
        "name": name,
        "kind": fault.kind,
        "about": in_every_language(fault.about),
        "good_counterpart": in_every_language(fault.good_counterpart),
        "messages": sorted(fault.messages),
        "lasting": fault.lasting,
    }
