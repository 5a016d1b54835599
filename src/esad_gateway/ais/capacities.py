"""Capacities: what an entity is towards the administration, one for each of its numbers (chapter 5, point 1).

An entity may be a warehousekeeper, a certified consignee and a certified consignor at once. Each of these has a number,
a time in which it holds, and papers, roles and declarations of its own; nothing hangs on the entity itself.
"""

from datetime import date

from esad_gateway.emcs.registry import OperatorType
from esad_gateway.frozen import frozen


@frozen(kw_only=True)
class Capacity:
    """What ``entity`` (a taxpayer code) is under the number ``seed``.

    It is that from ``valid_from`` to ``valid_to``, both included; ``valid_to`` is ``None`` where it has no end.
    """

    entity: str
    status: OperatorType
    seed: str
    valid_from: date
    valid_to: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether the entity has it on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)
