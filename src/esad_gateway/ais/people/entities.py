"""Entities, which have numbers, and persons, who act for them."""

from esad_gateway.frozen import frozen


@frozen
class Entity:
    """A taxpayer by its code, with its name; the administration itself is one as well."""

    code: str
    name: str


@frozen(kw_only=True)
class Person:
    """A natural person, by a personal code or, for a non-resident, by the user name that VMI has issued (ACC-6)."""

    id: str
    name: str
