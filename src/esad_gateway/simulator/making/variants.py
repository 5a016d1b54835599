"""Messages that break one rule: those that ship, and any other message with one item broken."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from itertools import islice
from random import Random
from types import MappingProxyType
from typing import Any, Final, TypeVar
from uuid import UUID

from esad_gateway.emcs.messages import Message
from esad_gateway.errors import UnreadableInput
from esad_gateway.faults import said
from esad_gateway.simulator.making.breaking import breaks
from esad_gateway.simulator.making.case import MadeCase
from esad_gateway.simulator.making.typical import check_type, folder_of, load
from esad_gateway.xml.release import current, shipped

M = TypeVar("M", bound=Message)

MANY: Final = 8
"""Among how many ways to break a rule a seed chooses."""


@cache
def broken_samples(message: str) -> Mapping[str, Message]:
    """The samples of a type that break one rule, by a name that begins with its number (``R219-gross-below-net``)."""
    files = sorted((folder_of(message) / "invalid").glob("*.xml"))
    return MappingProxyType({file.stem: load(file) for file in files})


def rules_of(message: str) -> tuple[str, ...]:
    """The rules of a type that a sample breaks, in the order of their numbers as text. Raises UnreadableInput."""
    check_type(message)
    return tuple(dict.fromkeys(map(rule_of, broken_samples(message))))


def rule_of(name: str) -> str:
    """The rule that a sample breaks, by its name."""
    return name.split("-", maxsplit=1)[0]


def named(message: str, rule: str) -> tuple[str, ...]:
    """The samples of a type that break a rule, or the one of that name. Raises UnreadableInput when there is none."""
    check_type(message)
    found = tuple(name for name in broken_samples(message) if rule in {name, rule_of(name)})
    if not found:
        raise UnreadableInput(said("making.no_rule", rule=rule, message=message, known=", ".join(rules_of(message))))
    return found


def broken(message: M, rule: str, case: MadeCase, chance: Random) -> M:
    """A valid message with one item broken so that it breaks one rule, and no other; which item, ``chance`` decides.

    It follows its schema, and has an identifier of its own. Raises UnreadableInput when no single item of it can break
    that rule alone.
    """
    found = tuple(islice(_breaking(message, rule, case), MANY))
    if not found:
        raise UnreadableInput(said("making.unbroken", rule=rule, message=type(message).__name__))
    other: Any = chance.choice(found)
    identifier = str(UUID(int=chance.getrandbits(128), version=4))
    return replace(other, header=replace(other.header, message_identifier=identifier))  # type: ignore[no-any-return]


def _breaking(message: M, rule: str, case: MadeCase) -> Iterator[M]:
    for one in breaks(message):
        rules = [fault.rule for fault in case.faults_of(one.message)]
        if rules == [rule] and shipped().accepts(current().write(one.message)):
            yield one.message  # type: ignore[misc]
