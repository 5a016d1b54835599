"""National laws by name: a member state's own, in a module of its own that is installed beside this package."""

import pkgutil
from typing import Any

from esad_gateway.emcs.law import NationalLaw

_PARTS = ("asks", "faults", "effects")


def law_named(name: str) -> NationalLaw:
    """The value that a text such as ``often:LAW`` names: a module, and what implements the law in it.

    The module is imported. Not checked: what its decisions are. Raises ValueError when there is no such module or
    value, when the module fails, and when the value lacks what :class:`esad_gateway.emcs.law.NationalLaw` asks.
    """
    module, colon, value = name.partition(":")
    if not (module and colon and value):
        raise ValueError(f"{name!r} names no law; expected a Python module and a value in it, such as often:LAW")
    try:
        law: Any = pkgutil.resolve_name(name)
    except Exception as error:
        why = f"{type(error).__name__}: {error}"
        raise ValueError(f"the law {name!r} cannot be imported by this Python: {why}") from error
    if missing := [part for part in _PARTS if not callable(getattr(law, part, None))]:
        raise ValueError(f"the law {name!r} has no {', '.join(missing)}; esad_gateway.emcs.law says what it needs")
    return law  # type: ignore[no-any-return]
