"""National laws by name: a member state's own, in a module of its own that is installed beside this package."""

import pkgutil
from typing import Any

from esad_gateway.emcs.identifiers import Malformed
from esad_gateway.emcs.law import NationalLaw
from esad_gateway.faults import said

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
