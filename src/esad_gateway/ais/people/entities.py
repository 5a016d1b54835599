"""Entities, which have numbers, and persons, who act for them."""

from typing import Final

from esad_gateway.ais.people.wrong import wrong
from esad_gateway.faults import Faults, said
from esad_gateway.frozen import frozen

_LONGEST_CODE: Final = 20
_LONGEST_ID: Final = 64
_LONGEST_NAME: Final = 182
"""Characters, as many as the name of a trader may have in the messages."""


@frozen
class Entity:
    """A taxpayer by its code, with its name; the administration itself is one as well."""

    code: str
    name: str

    @property
    def faults(self) -> Faults:
        """All that is wrong with it. Not checked: whether there is such a taxpayer."""
        return _faults("entity", self.code, _LONGEST_CODE, self.name)


@frozen
class Person:
    """A natural person, by a personal code or, for a non-resident, by the user name that VMI has issued (ACC-6)."""

    id: str
    name: str

    @property
    def faults(self) -> Faults:
        """All that is wrong with it. Not checked: whether there is such a person."""
        return _faults("person", self.id, _LONGEST_ID, self.name)


def _faults(field: str, key: str, longest: int, name: str) -> Faults:
    found = []
    if not (0 < len(key) <= longest and key.isascii() and key.isprintable() and not key.count(" ")):
        text = said("people.no_identifier", value=key, most=longest)
        found.append(wrong("ACC-1", field, key, text, said("people.write_identifier")))
    if not (len(name.strip()) > 0 and len(name) <= _LONGEST_NAME and name.isprintable()):
        found.append(
            wrong("ACC-1", "name", name, said("people.no_name", most=_LONGEST_NAME), said("people.write_name"))
        )
    return tuple(found)
