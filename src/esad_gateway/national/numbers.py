"""Excise numbers and references of temporary authorisations that are given here: by a pattern, one after the other.

How the member state makes its numbers was not found, so the pattern is a setting. A number that the register has is
passed over; that there are no gaps is not promised.
"""

import re
from collections.abc import Callable
from typing import Final

from esad_gateway.emcs.identifiers import ExciseNumber
from esad_gateway.errors import NotConfigured
from esad_gateway.faults import said
from esad_gateway.frozen import frozen

_COUNTER: Final = re.compile("#+")


@frozen
class NumberPattern:
    """Thirteen characters, of which ``#`` stand for a counter: ``LT000########``. There is one counter a pattern.

    ``state`` is the one whose numbers they are.
    """

    state: str
    text: str

    def __post_init__(self) -> None:
        """Raise NotConfigured where no excise number can look like that."""
        if len(_COUNTER.findall(self.text)) != 1 or not self.text.startswith(self.state):
            raise NotConfigured(said("case.desk.pattern", text=self.text))
        try:
            ExciseNumber(self.number(0))
        except ValueError as error:
            raise NotConfigured(said("case.desk.pattern", text=self.text)) from error

    def number(self, serial: int) -> str:
        """The number with a serial. Raises NotConfigured where the pattern has no more of them."""
        digits = f"{serial:0{self._width}}"
        if len(digits) > self._width:
            raise NotConfigured(said("case.desk.pattern_ends", text=self.text))
        return _COUNTER.sub(digits, self.text)

    def after(self, serial: int, taken: Callable[[str], bool]) -> tuple[str, int]:
        """The first number after a serial that nobody has, and its serial. Raises NotConfigured as :meth:`number`."""
        serial += 1
        while taken(self.number(serial)):
            serial += 1
        return self.number(serial), serial

    @property
    def _width(self) -> int:
        return self.text.count("#")
