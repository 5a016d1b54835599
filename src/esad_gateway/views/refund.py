"""Views of refund files: what a consignor claims back, and by which forms."""

from typing import Any

from esad_gateway.ais.duty.law import DutyLaw
from esad_gateway.ais.refunds.claim import RefundClaim, RefundLine
from esad_gateway.ais.refunds.law import RefundForm, RefundLaw
from esad_gateway.views.duty import assessment_view, plain


def claim_view(claim: RefundClaim, duty: DutyLaw, law: RefundLaw) -> dict[str, Any]:
    """A claim; amounts and quantities are texts. ``duty`` has the lines of which something was received."""
    return {
        "arc": claim.arc,
        "consignor": claim.consignor,
        "consignee": claim.consignee,
        "dispatched": claim.dispatched.isoformat(),
        "arrived": claim.arrived.isoformat(),
        "paidOn": claim.paid.on and claim.paid.on.isoformat(),
        "proof": claim.paid.proof.strip(),
        "lines": [_line_view(one) for one in claim.lines],
        "duty": assessment_view(claim.assessment, duty),
        "amount": f"{claim.assessment.amount:.2f}",
        "forms": [_form_view(one) for one in claim.forms],
        "channels": list(law.channels),
        "source": law.provenance.source,
        "mark": law.provenance.mark,
    }


def _line_view(line: RefundLine) -> dict[str, Any]:
    return {
        "reference": line.reference,
        "product": line.product,
        "dispatched": plain(line.dispatched),
        "refused": plain(line.refused),
        "shortage": plain(line.shortage),
        "excess": plain(line.excess),
        "received": plain(line.received),
    }


def _form_view(form: RefundForm) -> dict[str, Any]:
    return {
        "code": form.code,
        "purpose": form.purpose,
        "source": form.provenance.source,
        "mark": form.provenance.mark,
    }
