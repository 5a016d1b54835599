"""The national domain of a member state by name, loaded when it is first asked for: most commands never do."""

import pkgutil
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from esad_gateway.ais.domain import NationalDomain
from esad_gateway.emcs.identifiers import Malformed
from esad_gateway.faults import listed, said
from esad_gateway.profiles import STATES

if TYPE_CHECKING:
    from esad_gateway.ais.figures import Decided

_CHOSEN: Final[Mapping[str, str]] = MappingProxyType({})
_NOTHING: "Final[Mapping[str, Decided]]" = MappingProxyType({})


def domain_of(
    state: str, named: str = "", decisions: "Mapping[str, Decided]" = _NOTHING, choices: Mapping[str, str] = _CHOSEN
) -> NationalDomain | None:
    """The national domain of a member state; ``None`` for one that has none.

    It is the value that ``named`` names (:func:`domain_named`), or else the one of the state's profile, with what its
    administration has decided otherwise. Raises ``KeyError`` for a code of no state, and ValueError where the value is
    none, is another state's, or has no such figures or choices, saying all that is wrong.
    """
    name = named or STATES[state].national
    if not name:
        if decisions or choices:
            raise Malformed(said("board.no_domain", state=state))
        return None
    domain = domain_named(name)
    if domain.state != state:
        raise Malformed(said("board.other_state", name=name, other=domain.state, state=state))
    return _decided(domain, decisions, choices) if decisions or choices else domain


def domain_named(name: str) -> NationalDomain:
    """The value that a text such as ``package.module:DOMAIN`` names: a module, which is imported, and a value in it.

    Raises ValueError when there is no such module or value, when the module fails, and when the value is another one.
    """
    module, _, value = name.partition(":")
    if not (module and value):
        raise Malformed(said("board.no_name", name=name))
    try:
        found: Any = pkgutil.resolve_name(name)
    except Exception as error:
        raise Malformed(said("board.not_imported", name=name, words=f"{type(error).__name__}: {error}")) from error
    if not isinstance(found, NationalDomain):
        raise Malformed(said("board.not_a_domain", name=name))
    return found


def _decided(domain: NationalDomain, decisions: "Mapping[str, Decided]", choices: Mapping[str, str]) -> NationalDomain:
    from esad_gateway.ais.figures import decided, wrong  # noqa: PLC0415 - nearly nobody decides any

    if faults := wrong(domain, decisions, choices):
        raise Malformed(said("board.figures", faults=listed(faults, "; ")))
    return decided(domain, decisions, choices)
