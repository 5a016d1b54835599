"""``esad fixtures``: documents to test with."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from esad_gateway.cli.common import completing, output
from esad_gateway.cli.common.administration import AsJson
from esad_gateway.errors import UnreadableInput
from esad_gateway.faults import said
from esad_gateway.simulator.making.folder import INDEX, REGISTER, every_type, made_of, write
from esad_gateway.simulator.making.maker import DAY, Maker, Size, Wanted
from esad_gateway.simulator.making.places import OTHER, OWN

_USUAL = DAY.isoformat()
Folder: TypeAlias = Annotated[Path, typer.Argument(metavar="DIR", help="The folder to write, which is new or empty.")]
Types: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--message", metavar="TYPE", autocompletion=completing.messages, help="A type, such as IE815; all of them."
    ),
]
OfSize: TypeAlias = Annotated[str, typer.Option(help="smallest, typical or largest, which has 999 lines.")]
Sample: TypeAlias = Annotated[str | None, typer.Option(help="The sample to begin with, such as deferred.")]
Product: TypeAlias = Annotated[
    str | None, typer.Option(metavar="CODE", help="The goods, by excise product code, such as S200.")
]
Transport: TypeAlias = Annotated[str | None, typer.Option(metavar="CODE", help="The mode of transport, such as 1.")]
Own: TypeAlias = Annotated[
    str, typer.Option(autocompletion=completing.member_states, help="Whose traders and offices write, or get it.")
]
Other: TypeAlias = Annotated[
    str, typer.Option(autocompletion=completing.member_states, help="The member state on the other side.")
]
Day: TypeAlias = Annotated[str, typer.Option(metavar="DATE", help="The day of the documents.")]
Broken: TypeAlias = Annotated[
    list[str] | None, typer.Option("--broken", metavar="RULE", help="Break this rule, and no other; or all, in turn.")
]
Seed: TypeAlias = Annotated[int, typer.Option(help="What decides identities, numbers and quantities.")]


def make(
    folder: Folder,
    *,
    messages: Types = None,
    size: OfSize = Size.TYPICAL,
    sample: Sample = None,
    product: Product = None,
    transport: Transport = None,
    own: Own = OWN,
    other: Other = OTHER,
    day: Day = _USUAL,
    broken: Broken = None,
    seed: Seed = 0,
    as_json: AsJson = False,
) -> None:
    """Make documents that are valid by their schema and every rule, or that break one rule each.

    The same seed makes the same bytes. Beside the documents stand the register that knows their traders and offices,
    for esad registry import, and an index: what each document is, the movement that it is about, and the faults that
    a gateway has to find in it.
    """
    usual = Wanted(
        size=_size(size), sample=sample, product=product, transport=transport, own=own, other=other, day=_day(day)
    )
    wanted = [replace(usual, message=message) for message in every_type(messages or ())]
    maker = Maker(seed)
    files = write(folder, maker, made_of(maker, wanted, broken or ()))
    if as_json:
        output.result_json({"folder": str(folder), "files": [file.name for file in files], "index": INDEX})
        return
    output.result(*map(str, files))
    output.note(
        said("making.written", documents=said("count.documents", count=len(files)), index=INDEX, register=REGISTER)
    )


def _size(given: str) -> Size:
    try:
        return Size(given)
    except ValueError:
        raise UnreadableInput(said("making.no_value", field="size", name=given, known=", ".join(Size))) from None


def _day(given: str) -> date:
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise UnreadableInput(said("usage.day", given=given)) from None


COMMANDS = (make,)
