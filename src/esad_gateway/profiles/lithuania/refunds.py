"""How duty is claimed back in Lithuania (REF-2): forms of VMI order 255 of 2002-08-30, and how they are handed in."""

from datetime import date
from typing import Final

from esad_gateway.ais.provenance import Mark, Provenance
from esad_gateway.ais.refunds.law import RefundForm, RefundLaw

_FIRST: Final = date(2023, 2, 13)
_ORDER: Final = "VMI order 255 of 2002-08-30"

REFUNDS: Final = RefundLaw(
    state="LT",
    forms=(
        RefundForm(
            code="FR0396", purpose="request", first=_FIRST, provenance=Provenance(f"{_ORDER} (REF-2)", Mark.VERIFIED)
        ),
        RefundForm(
            code="FR0397",
            purpose="excise",
            first=_FIRST,
            provenance=Provenance(f"{_ORDER}; whether it is used for e-SAD (REF-2)", Mark.INFERRED),
        ),
        RefundForm(
            code="FR0781",
            purpose="set_off",
            first=_FIRST,
            provenance=Provenance("vmi.lt, page on refunds: set-off against customs", Mark.VERIFIED),
        ),
    ),
    channels=("in_person", "post", "mano_vmi"),
    provenance=Provenance(f"{_ORDER} (REF-2)", Mark.VERIFIED),
)
"""The forms, and the ways to hand them in."""
