"""The form of traders' numbers (R070), by the role that a number stands in: what a document alone shows.

Whether a number is registered is asked elsewhere, of numbers that are well formed: the register cannot know others.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Final

from esad_gateway.emcs.identifiers import ExciseNumber, Malformed
from esad_gateway.emcs.rules.mechanism import Context, Finding, Rule, content
from esad_gateway.emcs.rules.places import M, nodes, places
from esad_gateway.faults import Said, said

_GREECE_IN_LAW: Final = "GR"
_GREECE: Final = "EL"


@lru_cache(maxsize=4096)  # the same traders write again and again
def number_problem(number: str) -> Said | None:
    """What is wrong with the form of an excise number or temporary authorisation reference, as a hint, or ``None``.

    Not checked: that such a number is registered.
    """
    try:
        ExciseNumber(number)
    except Malformed as refusal:
        return _greek(number) or said("hint.sentence", what=refusal.why)
    return None


def formed(
    number: str, message: type[M], paths: str | tuple[str, ...], applies: Callable[[M], bool] | None = None
) -> Rule:
    """The numbers at ``paths`` have the form of R070, where the message says that a number of that form stands there.

    ``number`` is the rule that speaks of the item: R045 for consignees, R072 for who explains a delay, R070 itself for
    an item that is an excise number by name. ``applies`` says of a message whether another kind of identification may
    stand there instead, as a VAT number does for export; without it none may.
    """
    items = (paths,) if isinstance(paths, str) else paths
    read = tuple((nodes(message, path), places(message, path)) for path in items)

    def check(one: M, _context: Context) -> Iterator[Finding]:
        """The number begins with a national administration, and 11 letters or digits follow."""
        if applies is not None and not applies(one):
            return
        for present, found in read:
            if any(number_problem(given) for given in present(one)):
                yield from (
                    Finding(place, given, hint) for place, given in found(one) if (hint := number_problem(given))
                )

    check.__name__ = number.lower()
    return content(number, message, items[0], check)


def _greek(number: str) -> Said | None:
    if number[:2] != _GREECE_IN_LAW:
        return None
    return said("hint.greece", right=_GREECE, wrong=_GREECE_IN_LAW, number=f"{_GREECE}{number[2:]}")
