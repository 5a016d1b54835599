"""What a check finds, in sentences of every language: a place, and behind it what is wrong there."""

from contextlib import suppress
from typing import Final

from esad_gateway.emcs.identifiers import Malformed
from esad_gateway.emcs.movement import Side
from esad_gateway.errors import EsadError
from esad_gateway.faults import Said, said
from esad_gateway.ports.reading import Outcome

DATABASE: Final = Said("found.database")


def placed(place: Said, problem: Said) -> Said:
    """What is wrong at a place."""
    return said("found.at", place=place, problem=problem)


def message(seq: int, mailbox: str) -> Said:
    """The place of a message: its number in a mailbox."""
    return said("found.message", seq=seq, mailbox=mailbox)


def movement(arc: object, side: object = None) -> Said:
    """A movement, or one side of it."""
    if side is None:
        return said("found.movement", arc=str(arc))
    return said("found.side", arc=str(arc), side=_known(side))


def outcome(stored: object) -> Said | str:
    """An outcome in words; what stands in the store and is none, as it stands there."""
    with suppress(ValueError):
        return Said(f"outcome.{Outcome(str(stored))}")
    return str(stored)


def why(error: Exception) -> Said:
    """What an exception says: a sentence if it is one of ours, otherwise its own words."""
    if isinstance(error, EsadError):
        return error.what
    return error.why if isinstance(error, Malformed) else said("found.words", words=str(error))


def _known(side: object) -> Said | str:
    with suppress(ValueError):
        return Said(f"found.{Side(str(side))}")
    return str(side)
