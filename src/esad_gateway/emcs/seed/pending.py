"""The register as it will be once the changes before this one are written."""

from esad_gateway.emcs.registry import Operator, OperatorType, Register
from esad_gateway.emcs.seed.changes import Change, RegisterEntry, applied


class Pending:
    """A register and changes that are not written yet, as the next change finds them. It looks up every number once."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._known: dict[str, tuple[Operator, ...]] = {}
        self._naming: dict[str, set[str]] = {}
        """For each number, those looked up so far that name it as counterparty, or did: no need to look at all."""

    def records(self, seed: str) -> tuple[Operator, ...]:
        """All records of a number, with the changes made so far."""
        if seed not in self._known:
            self._know(seed, self._register.records(seed))
        return self._known[seed]

    def consignors_linked_to(self, seed: str) -> frozenset[str]:
        """The temporary certified consignors' authorisations that name ``seed`` as their counterparty."""
        elsewhere = {one for one in self._register.consignors_linked_to(seed) if one not in self._known}
        records = (record for one in self._naming.get(seed, ()) for record in self._known[one])
        return frozenset(elsewhere | {one.seed for one in records if _consignor_linked_to(one, seed)})

    def put(self, operator: Operator) -> None:
        """Add a record. It replaces the one with the same number and the same first day."""
        others = (record for record in self.records(operator.seed) if record.valid_from != operator.valid_from)
        self._know(operator.seed, (*others, operator))

    def note(self, change: Change) -> None:
        """Add a change."""
        seed = change.operator.seed
        after = applied((RegisterEntry(record, {}) for record in self.records(seed)), change)
        self._know(seed, tuple(entry.operator for entry in after))

    def _know(self, seed: str, records: tuple[Operator, ...]) -> None:
        self._known[seed] = records
        for record in records:
            if record.temporary is not None and record.temporary.counterparty is not None:
                self._naming.setdefault(record.temporary.counterparty, set()).add(seed)


def _consignor_linked_to(operator: Operator, seed: str) -> bool:
    consignor = operator.operator_type is OperatorType.TEMPORARY_CERTIFIED_CONSIGNOR
    return consignor and operator.temporary is not None and operator.temporary.counterparty == seed
