"""The register as SEED sends it: IE713 to registry values and back, what a change does, and why one is refused.

Kept are trader authorisations and temporary authorisations, with one name and address each. Not kept, because nothing
here asks for them: tax warehouses, operator roles, VAT numbers, further languages.
"""

from typing import TYPE_CHECKING

from esad_gateway.emcs.by_need import by_need

if TYPE_CHECKING:
    from esad_gateway.emcs.seed.changes import Change, RegisterEntry, applied
    from esad_gateway.emcs.seed.deciding import Update, decide_update, refusals_of
    from esad_gateway.emcs.seed.pending import Pending
    from esad_gateway.emcs.seed.reading import changes_of
    from esad_gateway.emcs.seed.refusals import REASONS, Refusal, refusal_message
    from esad_gateway.emcs.seed.rules import own_refusals, register_refusals
    from esad_gateway.emcs.seed.writing import UNKNOWN, extract_of, fits_extract, update_of

__all__ = [
    "REASONS",
    "UNKNOWN",
    "Change",
    "Pending",
    "Refusal",
    "RegisterEntry",
    "Update",
    "applied",
    "changes_of",
    "decide_update",
    "extract_of",
    "fits_extract",
    "own_refusals",
    "refusal_message",
    "refusals_of",
    "register_refusals",
    "update_of",
]

__getattr__ = by_need(
    globals(),
    {
        "changes": "Change RegisterEntry applied",
        "deciding": "Update decide_update refusals_of",
        "pending": "Pending",
        "reading": "changes_of",
        "refusals": "REASONS Refusal refusal_message",
        "rules": "own_refusals register_refusals",
        "writing": "UNKNOWN extract_of fits_extract update_of",
    },
)
