"""National laws by name: a member state's own, in a module of its own that is installed beside this package."""

import pkgutil
from collections.abc import Collection, Iterable
from functools import cache
from typing import TYPE_CHECKING, Any

from esad_gateway.emcs.effects import LegalEffect, NoteKey
from esad_gateway.emcs.identifiers import Malformed
from esad_gateway.emcs.law import LawInParts, LegalCase, NationalLaw
from esad_gateway.faults import Fault, said
from esad_gateway.frozen import frozen

if TYPE_CHECKING:
    from esad_gateway.emcs.messages import Message
    from esad_gateway.emcs.movement import Movement

_PARTS = ("asks", "faults", "effects")


def law_named(name: str) -> NationalLaw:
    """The value that a text such as ``often:LAW`` names: a module, and what implements the law in it.

    The module is imported. Not checked: what its decisions are. Raises ValueError when there is no such module or
    value, when the module fails, and when the value lacks what :class:`esad_gateway.emcs.law.NationalLaw` asks.
    """
    module, colon, value = name.partition(":")
    if not (module and colon and value):
        raise Malformed(said("law.no_name", name=name))
    try:
        law: Any = pkgutil.resolve_name(name)
    except Exception as error:
        words = f"{type(error).__name__}: {error}"
        raise Malformed(said("law.unimported", name=name, words=words)) from error
    if missing := [part for part in _PARTS if not callable(getattr(law, part, None))]:
        raise Malformed(said("law.lacks", name=name, missing=", ".join(missing)))
    return law  # type: ignore[no-any-return]


_loaded = cache(law_named)


@frozen
class LawByName:
    """The law that a ``name`` names, loaded when it judges its first message: who only validates never needs it."""

    name: str

    def asks(self, message: "Message") -> Collection[NoteKey]:
        """What it has to look up."""
        return _loaded(self.name).asks(message)

    def faults(self, message: "Message", case: LegalCase) -> Iterable[Fault]:
        """What it finds wrong."""
        return _loaded(self.name).faults(message, case)

    def effects(self, message: "Message", after: "Movement", case: LegalCase) -> Iterable[LegalEffect]:
        """What follows from what was accepted."""
        return _loaded(self.name).effects(message, after, case)


def beside(known: NationalLaw | None, name: str) -> NationalLaw | None:
    """The law that a ``name`` names, if there is one, after what is ``known`` of the state anyway.

    Raises what :func:`law_named` does.
    """
    if not name:
        return known
    return law_named(name) if known is None else LawInParts((known, law_named(name)))
