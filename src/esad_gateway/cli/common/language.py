"""The language of a command: ``--lang`` and ``ESAD_LANG``, one option that every command gets, and what it says by it.

A command does not know of the option. :func:`in_language` puts it on when the command is loaded, and keeps what was
chosen while it runs; :mod:`esad_gateway.cli.common.output` says everything in that.
"""

import inspect
import os
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from functools import wraps
from itertools import pairwise
from typing import Annotated, Any, Final, TypeAlias

import typer

from esad_gateway.errors import UnreadableInput
from esad_gateway.explain.answer import EVERY_LANGUAGE, label, languages
from esad_gateway.faults import Said
from esad_gateway.texts import languages as known_languages
from esad_gateway.texts import say

USUAL: Final = "en"
"""The language of a command that is told none."""

OPTION: Final = "lang"
VARIABLE: Final = "ESAD_LANG"


def choices() -> list[str]:
    """What ``--lang`` takes: each language, and all of them."""
    return [*known_languages(), EVERY_LANGUAGE]


Lang: TypeAlias = Annotated[
    str,
    typer.Option(
        "--lang",
        envvar=VARIABLE,
        metavar="LANG",
        help="Language of what is said: en, lt or both.",
        autocompletion=choices,
    ),
]

_CHOSEN: Final[ContextVar[tuple[str, ...]]] = ContextVar("chosen", default=(USUAL,))


def in_language(command: Callable[..., None], usual: str = USUAL) -> Callable[..., None]:
    """``command`` with the option ``--lang``, ``usual`` where it is not given; it runs in that language."""

    @wraps(command)
    def told(*args: Any, **given: Any) -> None:
        choose(given.pop(OPTION))
        command(*args, **given)

    signature = inspect.signature(command)
    option = inspect.Parameter(OPTION, inspect.Parameter.KEYWORD_ONLY, default=usual, annotation=Lang)
    told.__signature__ = signature.replace(parameters=[*signature.parameters.values(), option])  # type: ignore[attr-defined]
    told.__annotations__ = {**command.__annotations__, OPTION: Lang}
    return told


def choose(choice: str) -> None:
    """Say everything from now on in ``en``, ``lt`` or ``both``. Raises UnreadableInput."""
    _CHOSEN.set(languages(choice))


def begin(arguments: Sequence[str]) -> None:
    """Say what goes wrong before there is a command in the language of its ``arguments``, or of the environment."""
    asked = [given for option, given in pairwise((*arguments, "")) if option == f"--{OPTION}"]
    asked += [one.partition("=")[2] for one in arguments if one.startswith(f"--{OPTION}=")]
    try:
        choose(next(iter(asked), None) or os.environ.get(VARIABLE) or USUAL)
    except UnreadableInput:
        choose(USUAL)


def wanted() -> tuple[str, ...]:
    """The languages in which the command speaks."""
    return _CHOSEN.get()


def tell(what: Said | str) -> str:
    """A sentence in every language that is wanted; a text is no sentence, and stays as it is."""
    return what if isinstance(what, str) else " / ".join(say(what, one) for one in wanted())


def word(what: Said | str) -> str:
    """A word or two, such as the head of a column: once, in the first of the languages that are wanted."""
    return what if isinstance(what, str) else label(what, wanted())


def wrong(what: Said, option: str | None = None) -> typer.BadParameter:
    """Wrong usage, in the language of the command; ``option`` is what it is about."""
    return typer.BadParameter(tell(what), param_hint=option)
