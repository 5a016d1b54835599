"""The register as it will be when changes that were only judged so far have been made."""

from esad_gateway.emcs.registry import Operator, Register
from esad_gateway.emcs.seed.changes import Change, Entry, applied


class Pending:
    """A register with changes on top that were not written: what a later change of one message has to reckon with."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._changed: dict[str, tuple[Operator, ...]] = {}

    def records(self, seed: str) -> tuple[Operator, ...]:
        """All records of a number."""
        return self._changed[seed] if seed in self._changed else self._register.records(seed)

    def consignors_linked_to(self, seed: str) -> frozenset[str]:
        """The temporary certified consignors' authorisations that name ``seed`` as their counterparty."""
        unchanged = self._register.consignors_linked_to(seed) - self._changed.keys()
        records = (record for changed in self._changed.values() for record in changed)
        changed = {one.seed for one in records if one.temporary and one.temporary.counterparty == seed}
        return unchanged | changed

    def put(self, operator: Operator) -> None:
        """Reckon with a record, in place of that of the same number and beginning."""
        others = (record for record in self.records(operator.seed) if record.valid_from != operator.valid_from)
        self._changed[operator.seed] = (*others, operator)

    def note(self, change: Change) -> None:
        """Reckon with a change from now on. An extract needs no register, so nothing is kept of one."""
        if not change.extract:
            seed = change.operator.seed
            after = applied((Entry(record, {}) for record in self.records(seed)), change)
            self._changed[seed] = tuple(entry.operator for entry in after)
