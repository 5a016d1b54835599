"""The releases of the EMCS messages, side by side: a document is read by the release that its namespace names."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from pathlib import Path
from types import MappingProxyType
from typing import Final

from lxml import etree

from esad_gateway import resources
from esad_gateway.emcs.releases import rank
from esad_gateway.errors import NotConfigured
from esad_gateway.faults import Fault, Faults, said
from esad_gateway.xml.binding import NAMESPACE, Binder, binder_for, release_in
from esad_gateway.xml.outline import outline
from esad_gateway.xml.place import line_of, place_of
from esad_gateway.xml.schema import SchemaSet

__all__ = ["CURRENT", "Release", "Releases", "current", "shipped"]

CURRENT: Final = "3.23"
"""The release that is written where nobody says another one: a folder that is added changes nothing by itself."""

FOLDER: Final = "schemas"
"""Of a data directory: where more releases stand, each in a folder of its number."""

_NUMBER: Final = re.compile(r"\d+(\.\d+)*")


@dataclass(frozen=True)
class Release:
    """One release: its number (``3.23``), its schemas and its binding; made by need, so one that nobody uses is free.

    Threads may share it. ``folder`` is where its schemas are.
    """

    number: str
    folder: Path

    @cached_property
    def schemas(self) -> SchemaSet:
        """Its schemas, read when they are asked for first. Raises NotConfigured for broken ones, or of another."""
        schemas = SchemaSet.load(self.folder)
        if schemas.release != f"V{self.number}":
            found = {"folder": str(self.folder), "found": schemas.release, "number": self.number}
            raise NotConfigured(said("release.other", **found))
        return schemas

    @cached_property
    def binder(self) -> Binder:
        """What writes its messages, without what they have no place for."""
        return Binder(f"V{self.number}", partial(outline, self.folder))


class Releases:
    """Every release that is known here, by number; threads may share them.

    ``look`` finds them; it is asked again when somebody is to be written to in one that was not there before.
    """

    def __init__(self, look: Callable[[], Iterable[Release]]) -> None:
        self._look = look
        self._by_number = _by_number(look())

    @classmethod
    def of(cls, *roots: Path) -> "Releases":
        """The releases whose folders (``3.23``) stand in some folders, of which only the first must exist.

        The schemas of a folder are compiled once a process, by the first who asks for them. What stands in several is
        taken from the first. Raises NotConfigured when there is none.
        """
        releases = cls(partial(_found, roots))
        if not releases.numbers:
            raise NotConfigured(said("release.no_folder", folder=str(roots[0]), usual=CURRENT))
        return releases

    @property
    def numbers(self) -> tuple[str, ...]:
        """The numbers of all, the oldest first."""
        return tuple(self._by_number)

    def numbered(self, number: str) -> Release:
        """The release with a number, also when its folder is new. Raises NotConfigured, naming those that there are."""
        if number not in self._by_number:
            self._by_number = _by_number(self._look())
        if number not in self._by_number:
            raise NotConfigured(said("release.unknown", number=number, known=", ".join(self.numbers)))
        return self._by_number[number]

    def named_by(self, root: etree._Element) -> Release | None:
        """The release that the namespace of a document names; None for one that is not known here."""
        return self._by_number.get(release_in(root)[1:])

    def message_name(self, root: etree._Element) -> str | None:
        """The message that ``root`` is (``IE815``); None when its release is unknown, or has no such one."""
        release = self.named_by(root)
        return release.schemas.message_name(root) if release else None

    def accepts(self, root: etree._Element) -> bool:
        """Whether the schemas of its release accept ``root``: as :meth:`SchemaSet.accepts`."""
        release = self.named_by(root)
        return release is not None and release.schemas.accepts(root)

    def faults(self, root: etree._Element) -> Faults:
        """Everything that the schemas of its release find wrong: as :meth:`SchemaSet.faults`; or that none is known."""
        release = self.named_by(root)
        return release.schemas.faults(root) if release else (self._unknown(root),)

    def _unknown(self, root: etree._Element) -> Fault:
        name, known = etree.QName(root), ", ".join(self.numbers)
        like = NAMESPACE.format(message="IE815", release=f"V{self.numbers[-1]}")
        return Fault(
            code="15",
            rule="XSD",
            place=place_of(root),
            value=name.namespace,
            text=said("xsd.no_release", name=name.localname[:80], known=known),
            hint=said("hint.releases", known=known, namespace=like),
            line=line_of(root),
        )


def current() -> Binder:
    """What reads and writes messages of the current release."""
    return binder_for(f"V{CURRENT}")


def shipped(*more: Path) -> Releases:
    """The releases that ship with the package, and those in other folders. Raises NotConfigured."""
    return Releases.of(resources.schemas() / "emcs", *more)


def _by_number(releases: Iterable[Release]) -> Mapping[str, Release]:
    known = sorted(releases, key=lambda one: rank(one.number))
    return MappingProxyType({one.number: one for one in known})


def _found(roots: Sequence[Path]) -> Iterable[Release]:
    found: dict[str, Release] = {}
    for root in roots:
        for folder in sorted(root.iterdir()) if root.is_dir() else ():
            if folder.is_dir() and _NUMBER.fullmatch(folder.name):
                found.setdefault(folder.name, _release(folder.resolve()))
    return found.values()


@lru_cache(maxsize=32)
def _release(folder: Path) -> Release:
    return Release(folder.name, folder)
