"""What a column of a table is, and what makes columns: singly, of an address, and several times with a number."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final

from esad_gateway.batch.tables import readers
from esad_gateway.batch.tables.readers import Reader
from esad_gateway.faults import Said, said
from esad_gateway.frozen import frozen
from esad_gateway.texts import say


@frozen(kw_only=True)
class Column:
    """One column.

    ``of_line``: it belongs to the line of goods; other columns are the document's, and say the same in all its rows.
    ``way`` is where its value stands in what becomes of the row: a field of a SAAD entry or line, or elements below the
    body of the IE815; nothing is made of a column without one. ``number``: which of several groups at the same way it
    fills, from 1. ``rare``: few tables have it, so that a template has it only where somebody asks. ``heading`` and
    ``about`` are what it is called and what it means; ``example`` are values of the two rows of a template, where
    ``{received}`` and the like are days of late.
    """

    name: str
    heading: Said
    about: Said
    reader: Reader
    required: bool = False
    of_line: bool = False
    way: tuple[str, ...] = ()
    number: int = 0
    rare: bool = False
    example: tuple[str, str] = ("", "")

    def called(self, language: str) -> str:
        """Its heading in a language."""
        return say(self.heading, language)

    @property
    def group(self) -> tuple[str, ...]:
        """The way of the group that it fills."""
        return self.way[:-1]


def column(name: str, reader: Reader, example: tuple[str, str] = ("", ""), **more: Any) -> Column:
    """A column whose heading and meaning are said by its name."""
    about = Said(f"about.{name}")
    return Column(name=name, heading=Said(f"column.{name}"), about=about, reader=reader, example=example, **more)


POSTCODE: Final = readers.code("postcode", r"[A-Za-z0-9][A-Za-z0-9 -]{0,9}", digits=5)

_ADDRESS: Final[Mapping[str, tuple[str, Reader, bool]]] = MappingProxyType(
    {
        "name": ("TraderName", readers.name("text", 182), True),
        "street": ("StreetName", readers.name("text", 65), True),
        "street_number": ("StreetNumber", readers.name("text", 11), False),
        "postcode": ("Postcode", POSTCODE, True),
        "city": ("City", readers.name("text", 50), True),
    }
)
"""The parts of an address: the element, what it takes, and whether an address has to have it."""

_VAT: Final = {"vat": ("VatNumber", readers.name("text", 14), False)}


def address(
    party: str, group: str, examples: tuple[str, ...] = ("",) * 5, *, required: bool = False, vat: bool = False
) -> tuple[Column, ...]:
    """The columns of name and address of a party, which all have the same parts; with its VAT number if it has one."""
    parts = {**_ADDRESS, **(_VAT if vat else {})}
    return tuple(
        Column(
            name=f"{party}_{part}",
            heading=said("column.of_party", party=Said(f"party.{party}"), part=Said(f"part.{part}")),
            about=Said(f"about.{party}_address"),
            reader=reader,
            required=required and always,
            way=(*group.split("/"), element),
            rare=not (required and example),
            example=(example, example),
        )
        for (part, (element, reader, always)), example in zip(parts.items(), (*examples, "")[: len(parts)], strict=True)
    )


def several(most: int, about: str, *columns: Column) -> tuple[Column, ...]:
    """Columns that a table may have ``most`` times, since what they fill repeats; from the second on with a number.

    ``about`` is the key that says what the further ones are.
    """
    first = tuple(replace(one, number=1) for one in columns)
    return first + tuple(_further(one, number, about) for number in range(2, most + 1) for one in columns)


def _further(first: Column, number: int, about: str) -> Column:
    return replace(
        first,
        name=f"{first.name}_{number}",
        heading=said("column.numbered", heading=first.heading, number=str(number)),
        about=said(f"about.{about}", heading=first.heading, number=str(number)),
        required=False,
        rare=True,
        number=number,
        example=("", ""),
    )
