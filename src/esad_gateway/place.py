"""Where something stands in a document, as a value: composed step by step, and written out where people read it.

Everybody who needs it as steps (what sorts faults, what looks for lines) has them; no text is taken apart again.
"""

import re
from functools import lru_cache
from typing import Final, NamedTuple

from esad_gateway.frozen import frozen

__all__ = ["WHOLE", "Place", "at"]

_STEP: Final = re.compile(r"(?P<name>.+)\[(?P<position>[1-9][0-9]{0,6})\]", re.DOTALL)


class PlaceStep(NamedTuple):
    """An element by its local name, or an attribute (``@language``).

    ``position`` counts from 1 among its namesakes; ``None`` where there can be one only.
    """

    name: str
    position: int | None = None

    def __str__(self) -> str:
        """The step as XPath has it (``BodyEadEsad[2]``)."""
        return self.name if self.position is None else f"{self.name}[{self.position}]"


@frozen
class Place:
    """The steps to something: from the root of a document, or from wherever the reader of a part of one stands.

    Its text is an XPath of local names (``/IE815/Body/…/BodyEadEsad[2]/GrossMass``). ``in_data``: the document is JSON
    or CSV, whose places are written with dots (``body_ead_esad[2].gross_mass``). The place without a step is the whole
    document.
    """

    steps: tuple[PlaceStep, ...] = ()
    in_data: bool = False

    @classmethod
    def read(cls, text: str) -> "Place":
        """The place of an XPath, as :meth:`__str__` writes it; what has another form is taken for names."""
        return cls(tuple(_step(one) for one in text.strip("/").split("/") if one))

    def __truediv__(self, below: "str | PlaceStep | Place") -> "Place":
        """The place of what is ``below``: an element that cannot repeat by its name, a step, or a way of several."""
        match below:
            case Place():
                return Place(self.steps + below.steps, self.in_data)
            case PlaceStep():
                return Place((*self.steps, below), self.in_data)
            case name:
                return Place((*self.steps, PlaceStep(name)), self.in_data)

    def __str__(self) -> str:
        """The place as people and other programs read it."""
        return ".".join(map(str, self.steps)) if self.in_data else "/" + "/".join(map(str, self.steps))

    def numbered(self, position: int) -> "Place":
        """The place of the one at ``position`` among several of its name."""
        *above, last = self.steps
        return Place((*above, PlaceStep(last.name, position)), self.in_data)


WHOLE: Final = Place()
"""The whole document."""


def at(*way: str | int) -> Place:
    """The place at the end of a way: names with slashes between them, and after a name that repeats its position.

    ``at("BodyEadEsad", 2, "WineProduct/WineProductCategory")`` is the category of wine of the second line.
    """
    steps: list[PlaceStep] = []
    for one in way:
        if isinstance(one, int):
            steps[-1] = PlaceStep(steps[-1].name, one)
        else:
            steps += _steps(one)
    return Place(tuple(steps))


@lru_cache(maxsize=1024)  # rules are asked for their few places again and again
def _steps(names: str) -> tuple[PlaceStep, ...]:
    return tuple(PlaceStep(name) for name in names.split("/"))


def _step(text: str) -> PlaceStep:
    found = _STEP.fullmatch(text)
    return PlaceStep(found["name"], int(found["position"])) if found else PlaceStep(text)
