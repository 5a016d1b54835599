"""JSON views of guarantees: amounts are texts, so that nobody reads them as binary numbers."""

import json
from datetime import tzinfo
from decimal import Decimal
from typing import Any

from esad_gateway.ais.duty.law import DutyLaw
from esad_gateway.ais.guarantees.basis import SecuredBasis
from esad_gateway.ais.guarantees.cover import SecurityCover
from esad_gateway.ais.guarantees.guarantee import AmountAct, Guarantee, GuaranteeEntry
from esad_gateway.ais.guarantees.ledger import Balance
from esad_gateway.ais.guarantees.recalculation import AmountCandidate
from esad_gateway.emcs.moments import local
from esad_gateway.ports.national.guarantees import GuaranteeStatement, Recalculated
from esad_gateway.texts import fault_json
from esad_gateway.views.duty import assessment_view


def statement_view(one: GuaranteeStatement, zone: tzinfo) -> dict[str, Any]:
    """How a number stands at a moment: its guarantees, what they add up to, the ledger and what is required."""
    return {
        "seed": one.seed,
        "at": local(one.at, zone).isoformat(timespec="seconds"),
        "currency": "EUR",
        "balance": balance_view(one.balance),
        "cover": cover_view(one.cover),
        "guarantees": [guarantee_view(held) for held in one.guarantees],
        "ledger": [entry_view(line, zone) for line in one.lines],
        "amounts": [amount_act_view(act, zone) for act in one.acts],
    }


def balance_view(one: Balance) -> dict[str, str]:
    """What is secured, reserved, used and available."""
    return {name: eur(getattr(one, name)) for name in ("secured", "reserved", "used", "available")}


def cover_view(one: SecurityCover) -> dict[str, Any]:
    """What is required and missing, and until when something has to take the place of what has ended."""
    return {
        "required": None if one.required is None else eur(one.required),
        "missing": eur(one.missing),
        "covered": one.covered,
        "ended": one.lapse.number if one.lapse else None,
        "renewUntil": one.renewal.day.isoformat() if one.renewal else None,
        "rule": one.renewal.term.rule if one.renewal else None,
    }


def guarantee_view(one: Guarantee) -> dict[str, Any]:
    """A guarantee."""
    return {
        "number": one.number,
        "seed": one.seed,
        "kind": one.kind.value,
        "reference": one.reference,
        "amount": eur(one.amount),
        "currency": one.currency,
        "since": one.since.isoformat(),
        "until": one.until.isoformat() if one.until else None,
        "guarantors": sorted(one.guarantors),
    }


def entry_view(one: GuaranteeEntry, zone: tzinfo) -> dict[str, Any]:
    """A line of the ledger; ``number`` is that of an entry by hand or of a message's note, 0 for a guarantee's own."""
    return {
        "number": one.number,
        "kind": one.kind.value,
        "amount": None if one.amount is None else eur(one.amount),
        "at": local(one.at, zone).isoformat(timespec="seconds"),
        "guarantee": one.guarantee or None,
        "subject": one.subject,
        "why": one.why,
    }


def amount_act_view(one: AmountAct, zone: tzinfo) -> dict[str, Any]:
    """What was asked or decided about the amount to be secured."""
    return {
        "number": one.number,
        "kind": one.kind.value,
        "at": local(one.at, zone).isoformat(timespec="seconds"),
        "basis": None if one.basis is None else exact(one.basis),
        "share": one.share.value,
        "amount": None if one.amount is None else eur(one.amount),
        "forecast": json.loads(one.forecast)["goods"] if one.forecast else [],
        "why": one.why,
    }


def recalculated_view(one: Recalculated) -> dict[str, Any]:
    """What a recalculation has found of a number."""
    return {
        "seed": one.seed,
        "candidates": [candidate_view(found) for found in one.candidates],
        "faults": [fault_json(fault) for fault in one.faults],
    }


def candidate_view(one: AmountCandidate) -> dict[str, Any]:
    """An amount that is proposed, with its reason."""
    return {
        "rule": "RC-10",
        "trigger": one.trigger.value,
        "exOfficio": one.ex_officio,
        "quarter": str(one.quarter) if one.quarter else None,
        "insteadOf": one.set_before.number,
        "amountBefore": None if one.set_before.amount is None else eur(one.set_before.amount),
        "basis": exact(one.basis),
        "amount": eur(one.amount),
        "percent": None if one.percent is None else f"{one.percent:.2f}",
    }


def basis_view(one: SecuredBasis, duty: DutyLaw) -> dict[str, Any]:
    """What would have to be secured, with every step of the duty; without an amount where goods have no duty."""
    faulty = bool(one.assessment.faults)
    return {
        "share": one.share.value,
        "percent": exact(one.percent),
        "basis": None if faulty else exact(one.basis),
        "required": None if faulty else exact(one.required),
        "amount": None if faulty else eur(one.amount),
        "duty": assessment_view(one.assessment, duty),
    }


def eur(amount: Decimal) -> str:
    """An amount with cents."""
    return f"{amount:.2f}"


def exact(amount: Decimal) -> str:
    """An amount with every digit that counts."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
