"""The sentences of faults and of what else is said by key: one file a language, and a further language is one more.

A file maps keys to sentences, by groups (``R054`` / ``text``). A name in braces is where a value goes, with a
conversion if need be (``{code!r}``); ``{net:,}`` is written with a decimal comma. What is counted (``count``) has the
forms of its language between bars (:func:`esad_gateway.texts.plurals.plural`). Sentences are read when the first one
is asked for, as modules are: they are part of the package, so the core may ask for one as well.

What only national procedures say stands in chapters, a folder a language (``lt/people.json``), and is read when the
first of it is asked for: no other command pays for it.
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pkgutil import get_data
from typing import Any, Final

from esad_gateway.faults import Fault, Listed, Said, Value
from esad_gateway.texts.plurals import plural

__all__ = ["fault_json", "in_every_language", "languages", "say"]

ENGLISH: Final = "en"
_SUFFIX: Final = ".json"
_OR: Final = "word.or"
_COUNTED: Final = "count."

CHAPTERS: Final = (
    *("people", "sign_in", "case", "guarantee", "duty", "declaration", "refund", "board", "requirement"),
    "national_demo",
)
"""Files of sentences that are read only when one of them is asked for; each key begins with the name of its chapter."""


def say(what: Said, language: str = ENGLISH) -> str:
    """``what`` as a sentence in ``language``, which is one of :func:`languages`.

    Raises ``KeyError`` when there is no such sentence, or when a value is missing that it needs.
    """
    sentence = _sentence(what.key, language)
    if what.key.startswith(_COUNTED):
        sentence = plural(sentence, dict(what.values)["count"], language)
    return sentence.format_map({name: _Text(_worded(one, language)) for name, one in what.values})


def in_every_language(what: Said) -> dict[str, str]:
    """``what`` in every language, by its two letters."""
    return {language: say(what, language) for language in languages()}


def fault_json(fault: Fault) -> dict[str, Any]:
    """The fault as a JSON object, in the form that every front door answers with; ``hint`` is the English one."""
    hints = in_every_language(fault.hint)
    return {
        "code": fault.code,
        "rule": fault.rule,
        "path": fault.path,
        "line": fault.line,
        "value": fault.value,
        "text": in_every_language(fault.text),
        "hint": hints[ENGLISH],
        "hints": hints,
        **({"arc": fault.arc} if fault.arc else {}),
    }


@cache
def languages() -> tuple[str, ...]:
    """The languages that there are, each by its two letters (ISO 639-1)."""
    from importlib.resources import files  # noqa: PLC0415 - a cold start that says English only does without

    names = (entry.name for entry in files(__name__).iterdir())
    return tuple(sorted(name.removesuffix(_SUFFIX) for name in names if name.endswith(_SUFFIX)))


@cache
def sentences(language: str) -> Mapping[str, str]:
    """Every sentence of a language by its key; groups and names are joined with a dot (``R054.text``)."""
    return {**usual(language), **_in_chapters(language)}


@cache
def usual(language: str) -> Mapping[str, str]:
    """The sentences of a language that stand in no chapter, by key."""
    return _read(f"{language}{_SUFFIX}")


@cache
def _in_chapters(language: str) -> Mapping[str, str]:
    return {
        f"{chapter}.{key}": sentence
        for chapter in CHAPTERS
        for key, sentence in _read(f"{language}/{chapter}{_SUFFIX}").items()
    }


def _read(path: str) -> dict[str, str]:
    return dict(_flat(json.loads(get_data(__name__, path) or b""), ""))


def _sentence(key: str, language: str) -> str:
    found = usual(language).get(key)
    return _in_chapters(language)[key] if found is None else found


class _Text(str):
    """A value in a sentence: with ``:,`` its decimal point is a comma."""

    __slots__ = ()

    def __format__(self, form: str) -> str:
        return self.replace(".", ",") if form == "," else format(str(self), form)


def _flat(group: Mapping[str, Any], before: str) -> Iterator[tuple[str, str]]:
    for name, one in group.items():
        if isinstance(one, str):
            yield before + name, one
        else:
            yield from _flat(one, f"{before}{name}.")


def _worded(value: Value, language: str) -> str:
    match value:
        case Said():
            return say(value, language)
        case Listed():
            return value.between.join(_worded(one, language) for one in value.things)
        case tuple():
            return usual(language)[_OR].join(_worded(one, language) for one in value)
        case _:
            return str(value)
