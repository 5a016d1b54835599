"""JSON views of declarations: months, what was filed, and what figures come from. Amounts are texts."""

from collections.abc import Iterable
from datetime import tzinfo
from typing import Any

from esad_gateway.ais.declarations.filing import DeclaredMonth, FiledDeclaration
from esad_gateway.ais.declarations.forms import DeclarationForm
from esad_gateway.ais.declarations.projecting import DeclaredFigure
from esad_gateway.emcs.moments import local
from esad_gateway.texts import fault_json


def month_view(month: DeclaredMonth, zone: tzinfo) -> dict[str, Any]:
    """A month of a number; moments as clocks in ``zone`` show them."""
    draft, until = month.draft, month.until
    return {
        "seed": draft.seed,
        "name": month.name,
        "entity": month.entity,
        "status": draft.status.value,
        "period": str(draft.period),
        "state": month.state.value,
        "due": {
            "day": until.day.isoformat(),
            "moment": local(until.moment, zone).isoformat(timespec="seconds"),
            "rule": until.term.rule,
            "source": until.term.provenance.source,
            "mark": until.term.provenance.mark.value,
        },
        "form": None if draft.form is None else _form_view(draft.form, draft.seed),
        "duty": f"{draft.duty:f}",
        "documents": len(draft.covered),
        "figures": figures_view(draft.figures),
        "faults": [fault_json(fault) for fault in draft.faults],
        "filed": [filed_view(one, zone) for one in month.filed],
    }


def filed_view(filed: FiledDeclaration, zone: tzinfo) -> dict[str, Any]:
    """A declaration as it was filed."""
    return {
        "seed": filed.seed,
        "period": str(filed.period),
        "number": filed.number,
        "form": filed.form,
        "version": filed.version,
        "payerType": filed.payer_type,
        "boxNumber": filed.box_number,
        "duty": f"{filed.duty:f}",
        "settling": filed.settling.value,
        "setOff": f"{filed.set_off:f}",
        "toPay": f"{filed.to_pay:f}",
        "filedAt": local(filed.filed_at, zone).isoformat(timespec="seconds"),
        "late": filed.late,
        "by": {"kind": filed.by.kind.value, "name": filed.by.name, "role": filed.by.role},
        "figures": figures_view(filed.figures),
        "documents": [{"document": one.document, "version": one.sequence} for one in filed.covered],
    }


def figures_view(figures: Iterable[DeclaredFigure]) -> list[dict[str, Any]]:
    """Figures of a form."""
    return [
        {
            "figure": one.key,
            "annex": one.annex,
            "row": one.row,
            "tariffGroup": one.group,
            "measure": one.measure,
            "quantity": f"{one.quantity:f}",
            "duty": f"{one.duty:f}",
        }
        for one in figures
    ]


def sources_view(figure: DeclaredFigure) -> list[dict[str, Any]]:
    """The lines of documents that a figure comes from."""
    return [
        {
            "route": one.route.value,
            "document": one.document,
            "line": one.line,
            "received": one.day.isoformat(),
            "quantity": f"{one.quantity:f}",
            "duty": f"{one.duty:f}",
        }
        for one in figure.sources
    ]


def _form_view(form: DeclarationForm, seed: str) -> dict[str, Any]:
    return {
        "name": form.name,
        "version": form.version,
        "payerType": form.payer_type,
        "boxNumber": seed if form.numbered else "",
        "annexes": [*form.annexes, *filter(None, [form.suspended])],
        "settling": form.settling.value,
        "source": form.provenance.source,
        "mark": form.provenance.mark.value,
    }
