"""Faults: what is wrong with a document, as data. A fault is an answer, never an exception of the program."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueEntry:
    """One rule in the catalogue of faults; ``number`` is the official one (R054, BR025, C118) and never re-used.

    ``code`` is the functional error (TC49) that a violation is answered with; ``en`` and ``lt`` say the rule in our own
    words; ``hint`` (English) says what to do about a violation.
    """

    number: str
    code: str
    en: str
    lt: str
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault of a document.

    ``path`` is an XPath of local names from the root (``/IE815/Body/…/BodyEadEsad[2]/GrossMass``); positions count
    from 1 and stand only on elements that may repeat. ``value`` is the offending text as it stands in the document,
    ``None`` when something is missing. ``line`` and ``column`` count from 1, ``None`` when there is no source line.
    ``arc`` is that of another movement which the fault is about: the one that has the local reference number already.
    """

    code: str
    rule: str
    path: str
    value: str | None
    en: str
    lt: str
    hint: str
    line: int | None = None
    column: int | None = None
    arc: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The fault as a JSON object, in the form that every front door answers with (design: contracts)."""
        return {
            "code": self.code,
            "rule": self.rule,
            "path": self.path,
            "line": self.line,
            "value": self.value,
            "text": {"en": self.en, "lt": self.lt},
            "hint": self.hint,
            **({"arc": self.arc} if self.arc else {}),
        }


Faults: TypeAlias = tuple[Fault, ...]
Catalogue: TypeAlias = Mapping[str, CatalogueEntry]
