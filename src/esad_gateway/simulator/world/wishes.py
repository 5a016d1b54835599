"""What traders are asked for by: what no register or no message has room for is refused before anybody is made."""

from collections.abc import Iterable
from typing import Any, Final

from esad_gateway.emcs.messages.groups import BodyEadEsad
from esad_gateway.emcs.rules.code_lists import EXCISE_PRODUCTS
from esad_gateway.errors import UnreadableInput
from esad_gateway.faults import Said, said
from esad_gateway.simulator.scripts.contradictions import check
from esad_gateway.simulator.scripts.deeds import DEEDS
from esad_gateway.simulator.scripts.forms import LONGEST_TEXT, among, text_fault
from esad_gateway.simulator.scripts.model import Actor, Do, Script, ScriptStep, Then

LONGEST_NAME: Final = 182
"""Letters of the name of a trader, as messages have room for."""

TOLD: Final = 20
"""How many wishes that there are not are told at once."""

BY_ITSELF: Final = tuple(str(do) for do, deed in DEEDS.items() if Actor.CONSIGNEE in deed.by and not deed.must)
"""What a consignee can do about every e-SAD, with nothing else to be said of it but a reason."""


def named(name: str) -> str:
    """A name for a trader, or none. Raises UnreadableInput for one that no message can say."""
    if name != "" and (expected := text_fault(name, LONGEST_NAME)):
        raise unfit("name", expected, name)
    return name


def for_products(products: Iterable[str]) -> frozenset[str]:
    """Excise product codes, none for all. Raises UnreadableInput for what is no list of them: a text is none."""
    told: Any = products  # who calls need not keep to types
    found: list[Any] = list(told) if isinstance(told, Iterable) and not isinstance(told, str) else [None]
    if not all(isinstance(one, str) for one in found):
        raise unfit("products", Said("sim.products"), products)
    for one in found:
        if expected := among(one, EXCISE_PRODUCTS):
            raise unfit("products", expected, one)
    return frozenset(found)


def willing(will: str, reason: str) -> Script | None:
    """What a consignee does about every e-SAD, as a script. Raises UnreadableInput for what it cannot do by itself."""
    if not will:
        if reason:
            raise unfit("will", said("sim.script_one_of", known=", ".join(BY_ITSELF)), will)
        return None
    if expected := among(str(will), BY_ITSELF):
        raise unfit("will", expected, will)
    if reason != "" and (expected := text_fault(reason, LONGEST_TEXT)):
        raise unfit("reason", expected, reason)
    return check(Script((ScriptStep(then=Then(do=Do(will), reason=reason), optional=True),)))


def unfit(place: str, expected: Said, given: Any) -> UnreadableInput:
    """That a wish cannot be: what was expected in its place."""
    return UnreadableInput(said("sim.script_at", place=place, expected=expected, given=f"{given!r:.80}"))


def unknown(wishes: Iterable[str], known: Iterable[str]) -> list[Said]:
    """Wishes that there are not, each with the one that was meant perhaps, or with all."""
    all_of_them = tuple(known)
    told = [
        (name[:LONGEST_NAME], among(name[:LONGEST_NAME], all_of_them)) for name in wishes if name not in all_of_them
    ]
    return [said("file.named", file=name, why=expected) for name, expected in told[:TOLD] if expected]


def lines_of(lines: object) -> tuple[BodyEadEsad, ...]:
    """The lines of an e-SAD. Raises UnreadableInput for anything else, such as one line that is in no list."""
    found = tuple(lines) if isinstance(lines, Iterable) else (lines,)
    if not isinstance(lines, Iterable) or not all(isinstance(one, BodyEadEsad) for one in found):
        raise unfit("lines", Said("sim.lines"), lines)
    return found
