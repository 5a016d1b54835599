"""In what two messages differ, value by value: a draft and what was issued, a version and the next one."""

from collections.abc import Iterable, Iterator, Sequence

from esad_gateway.frozen import frozen
from esad_gateway.simulator.served.page.reading import FiledLetter
from esad_gateway.simulator.served.page.words import LetterValue

_SAME_MATTER = ("IE815", "IE801")


@frozen
class Differing:
    """A place with what stands there in one message and in the other; ``None`` where there is no such place."""

    path: tuple[str, ...]
    before: str | None
    after: str | None


def differences(before: Iterable[LetterValue], after: Iterable[LetterValue]) -> Iterator[Differing]:
    """Every place at which two messages do not say the same, in the order of the second one, what is gone at last."""
    old = {value.path: value.text for value in before}
    for value in after:
        was = old.pop(value.path, None)
        if was != value.text:
            yield Differing(value.path, was, value.text)
    yield from (Differing(path, text, None) for path, text in old.items())


def compared_with(letter: FiledLetter, others: Sequence[FiledLetter]) -> FiledLetter | None:
    """What a message is best compared with: the version before, the draft it was issued for, or where it went to."""
    same = [one for one in others if one.entry.type == letter.entry.type and one != letter]
    older = [one for one in same if (one.entry.sequence or 0) < (letter.entry.sequence or 0)]
    if older:
        return max(older, key=lambda one: (one.entry.sequence or 0, one.home == letter.home))
    if letter.entry.type in _SAME_MATTER:
        (other,) = set(_SAME_MATTER) - {letter.entry.type}
        found = next((one for one in others if one.entry.type == other), None)
        if found is not None:
            return found
    return next((one for one in same if one.entry.direction != letter.entry.direction), next(iter(same), None))
