"""What a column takes: one reader a kind of value, made once for the column, which reads cells or says what is wrong.

What a cell does not say clearly is refused, with the likely cause: nothing is padded, rounded or guessed.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from datetime import date, time
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final, NoReturn, TypeAlias
from unicodedata import normalize

from esad_gateway.faults import Said, Value, listed, said
from esad_gateway.frozen import frozen
from esad_gateway.sheets.days import read_day
from esad_gateway.sheets.flaws import Flaw, flaw
from esad_gateway.sheets.kinds import not_of_kind
from esad_gateway.sheets.numbers import read_number
from esad_gateway.sheets.table import Cell, Kind
from esad_gateway.texts import languages, say

Read: TypeAlias = Callable[[Cell], Any]

_MOST_DIGITS: Final = 15
"""Digits that a spreadsheet keeps of a number."""

_BETWEEN: Final = re.compile(r"[\s,;]+")
_TIME: Final = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])(?:[:.]([0-5][0-9]))?")
_DATES: Final = frozenset({Kind.DATE, Kind.MOMENT, Kind.TIME})
_SHARES: Final = frozenset({Kind.PERCENT, Kind.MONEY})


class Unfit(Exception):
    """A cell does not hold what its column takes."""

    def __init__(self, wrong: Flaw) -> None:
        super().__init__(wrong.code)
        self.wrong = wrong


@frozen(kw_only=True)
class Reader:
    """What a column takes.

    ``kind`` is its name in the reference, ``expected`` says it, ``read`` makes the value of a cell that is not empty or
    raises Unfit, ``choices`` are the codes with their meanings where there are such. ``text``: a template has the cells
    of the column as text, so that a spreadsheet leaves them alone.
    """

    kind: str
    expected: Said
    read: Read
    choices: Mapping[str, Said] = field(default_factory=dict)
    text: bool = True


def _refuse(rule: str, **values: Value) -> NoReturn:
    raise Unfit(flaw(rule, **values))


def _misplaced(cell: Cell, expected: Said) -> NoReturn:
    """Refuse a cell that holds neither text nor number, where a text belongs."""
    if cell.kind in _DATES:
        _refuse("VALUE-DATE", expected=expected)
    if cell.kind in _SHARES:
        _refuse("VALUE-UNIT", expected=expected)
    raise Unfit(not_of_kind(cell, Kind.TEXT))


def code(form: str, pattern: str, *, digits: int | None = None, grouped: bool = False) -> Reader:
    """A code of a fixed form: the text has to match ``pattern``, and ``form`` is the key that says what that is.

    ``digits``: it consists of that many digits, so that a number cell with fewer of them has lost some. ``grouped``:
    blanks may stand between the digits.
    """
    expected, matches = Said(f"cell.{form}"), re.compile(pattern).fullmatch

    def text(written: str) -> str:
        bare = "".join(written.split()) if grouped else written.strip()
        if not matches(bare):
            _misformed(bare, matches, expected)
        return bare

    def read(cell: Cell) -> str:
        if cell.kind is Kind.TEXT:
            return text(cell.text)
        bare = _digits(cell, expected)
        if digits is not None and len(bare) < digits:
            counted = {"given": str(len(bare)), "wanted": str(digits)}
            _refuse("VALUE-ZEROS", expected=expected, value=cell.text, **counted)
        return text(bare)

    return Reader(kind="code", expected=expected, read=read)


_LETTERS: Final = 2
"""Of how many letters a code without digits consists, at most: countries and languages have two."""


def _misformed(text: str, matches: Callable[[str], Any], expected: Said) -> NoReturn:
    """Refuse a text that has not the form of a code, and say so where that is only by its capital or small letters.

    Three letters and more without a digit are a word, such as wine, and no code in other letters.
    """
    a_word = text.isalpha() and len(text) > _LETTERS
    for meant in (text.upper(), text.lower()):
        if matches(meant) and not a_word:
            _refuse("VALUE-CASE", expected=expected, meant=meant)
    _refuse("VALUE-FORM", expected=expected)


def several(form: str, pattern: str, most: int) -> Reader:
    """At most ``most`` codes in one cell, each of which matches ``pattern``, between them blanks, commas or semicolons.

    ``form`` is the key that says what they are. What is read is a tuple.
    """
    expected, matches = said(f"cell.{form}", most=str(most)), re.compile(pattern).fullmatch

    def read(cell: Cell) -> tuple[str, ...]:
        told = cell.text if cell.kind is Kind.TEXT else _digits(cell, expected)
        found = tuple(one for one in _BETWEEN.split(told) if one)
        if not found or len(found) > most or not all(map(matches, found)):
            _refuse("VALUE-FORM", expected=expected)
        return found

    return Reader(kind="codes", expected=expected, read=read)


def name(form: str, most: int, *, strict: bool = False) -> Reader:
    """A text of at most ``most`` characters.

    ``strict``: it is the number of a document, say, and a number cell does not show what was lost at its beginning.
    """
    expected = said(f"cell.{form}", most=said("count.characters", count=most))

    def read(cell: Cell) -> str:
        if cell.kind is not Kind.TEXT:
            bare = _digits(cell, expected)
            return _refuse("VALUE-NUMBER", expected=expected, value=bare) if strict else bare
        bare = cell.text.strip()
        if len(bare) > most:
            _refuse("VALUE-LENGTH", expected=expected, found=said("count.characters", count=len(bare)))
        if not bare.isprintable():
            bare = _printable(bare, expected)
        return bare

    return Reader(kind="text", expected=expected, read=read)


def _printable(text: str, expected: Said) -> str:
    """``text`` with plain blanks; other characters that cannot be read in one line are refused."""
    plain = text.replace("\u00a0", " ").replace("\u202f", " ")
    found = next((character for character in plain if not character.isprintable()), None)
    if found is not None:
        _refuse("VALUE-CHARACTER", expected=expected, character=f"U+{ord(found):04X}")
    return plain


def _digits(cell: Cell, expected: Said) -> str:
    """The digits of a number cell that stands for a name. Raises Unfit for others, and where some are surely lost."""
    if cell.kind is not Kind.NUMBER:
        _misplaced(cell, expected)
    if not cell.text.isdecimal() or len(cell.text) > _MOST_DIGITS:
        _refuse("VALUE-LOST", expected=expected, value=cell.text)
    return cell.text


def amount(form: str, total: int, fraction: int, *, sign: str = "") -> Reader:
    """A number from 0 on, of at most ``total`` digits of which ``fraction`` may stand behind the decimal sign.

    ``sign`` may stand behind it (``%``).
    """
    expected = said(f"cell.{form}", whole=str(total - fraction), fraction=str(fraction))
    return Reader(kind="amount", expected=expected, read=_amount(expected, total, fraction, sign), text=False)


def _amount(expected: Said, total: int, fraction: int, sign: str = "") -> Callable[[Cell], Decimal]:
    def read(cell: Cell) -> Decimal:
        number = read_number(cell, sign)
        if not isinstance(number, Decimal):
            raise Unfit(number)
        if number.is_signed() and number:
            _refuse("VALUE-NEGATIVE", expected=expected)
        plain = _short(number)
        if -int(plain.as_tuple().exponent) > fraction or plain.adjusted() >= total - fraction:
            _refuse("VALUE-DIGITS", expected=expected)
        return plain

    return read


def _short(value: Decimal) -> Decimal:
    """The same number without zeros at its end, and without an exponent."""
    if not value.as_tuple().exponent:
        return value
    short = value.normalize()
    return short.quantize(Decimal(1)) if int(short.as_tuple().exponent) > 0 else short


def whole(form: str, most: int) -> Reader:
    """A whole number from 0 on, of at most ``most`` digits."""
    expected = said(f"cell.{form}", digits=str(most))
    read = _amount(expected, most, 0)
    return Reader(kind="whole", expected=expected, read=lambda cell: int(read(cell)), text=False)


def day() -> Reader:
    """A day of the calendar."""

    def read(cell: Cell) -> date:
        found = read_day(cell)
        if not isinstance(found, date):
            raise Unfit(found)
        return found

    return Reader(kind="day", expected=Said("cell.day"), read=read, text=False)


def time_of_day() -> Reader:
    """A time of the day, with or without seconds."""
    expected = Said("cell.time")

    def read(cell: Cell) -> time:
        if cell.kind not in {Kind.TEXT, Kind.TIME}:
            raise Unfit(not_of_kind(cell, Kind.TIME))
        found = _TIME.fullmatch(cell.text.strip())
        if found is None:
            _refuse("VALUE-TIME", expected=expected)
        hour, minute, second = (int(part or 0) for part in found.groups())
        return time(hour, minute, second)

    return Reader(kind="time", expected=expected, read=read)


def choice(meanings: Mapping[str, Said], make: Callable[[str], Any] = str, kind: str = "choice") -> Reader:
    """One of a list of codes, by its code or by its meaning in any language; ``make`` makes the value of the code."""
    expected = said("cell.choice", codes=", ".join(meanings))
    in_words = listed(said("cell.meant", code=code, meaning=meaning) for code, meaning in meanings.items())
    told = said("cell.choice_meant", codes=in_words)
    made: dict[str, Any] = {}

    def read(cell: Cell) -> Any:
        if cell.kind is not Kind.TEXT and cell.kind is not Kind.NUMBER:
            _misplaced(cell, expected)
        if not made:
            made.update((word, make(code)) for word, code in _words(meanings).items())
        found = made.get(bare(cell.text), made)
        if found is made:
            _refuse("VALUE-CODE", expected=told)
        return found

    return Reader(kind=kind, expected=expected, read=read, choices=meanings)


def _words(meanings: Mapping[str, Said]) -> dict[str, str]:
    """Every code by itself and by its meaning in every language."""
    told = {bare(say(meaning, language)): key for key, meaning in meanings.items() for language in languages()}
    return told | {bare(key): key for key in meanings}


def bare(text: str) -> str:
    """A word as it is compared: in small letters, with single blanks."""
    return " ".join(normalize("NFKC", text).casefold().split())


def flag() -> Reader:
    """Yes or no, in any language, or as a tick of a spreadsheet."""
    chosen = choice(MappingProxyType({"1": Said("cell.yes"), "0": Said("cell.no")}), "1".__eq__, "flag")

    def read(cell: Cell) -> bool:
        return cell.text == "true" if cell.kind is Kind.BOOLEAN else bool(chosen.read(cell))

    return Reader(kind="flag", expected=chosen.expected, read=read, choices=chosen.choices)


def whether(code: str, meaning: Said, expected: Said) -> Reader:
    """Whether a cell says one thing, by its ``code`` or its ``meaning`` in any language; whatever else stands there."""
    said_so: dict[str, str] = {}

    def read(cell: Cell) -> bool:
        if not said_so:
            said_so.update(_words({code: meaning}))
        return bare(cell.text) in said_so

    return Reader(kind="text", expected=expected, read=read)


def taking_numbers(read: Read) -> Read:
    """What takes number cells for texts: somebody has said in a mapping file that nothing is lost in them."""

    def taken(cell: Cell) -> Any:
        return read(Cell(Kind.TEXT, cell.text) if cell.kind is Kind.NUMBER and cell.text.isdecimal() else cell)

    return taken


def codes(*values: Iterable[str], group: str) -> Mapping[str, Said]:
    """The meanings of codes, said by the keys of a ``group``."""
    return MappingProxyType({str(value): Said(f"{group}.{value}") for several in values for value in several})
