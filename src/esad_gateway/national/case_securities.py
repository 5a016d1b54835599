"""What secures a number from its first day on: kept in the transaction in which the number is given."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from sqlalchemy import Connection

from esad_gateway.ais.guarantees.guarantee import AmountAct, AmountActKind, Guarantee, GuaranteeKind, SecuredShare
from esad_gateway.ais.guarantees.law import GuaranteeLaw
from esad_gateway.ais.registration.acts import ActKind, AmountSet, CaseAct
from esad_gateway.ais.registration.case import (
    CaseOutcome,
    GuaranteeOutcome,
    RegisterOutcome,
    RegistrationCase,
)
from esad_gateway.ais.registration.request import SecurityKind
from esad_gateway.emcs.administration_codes import ModificationType
from esad_gateway.store.national.acts import note_act
from esad_gateway.store.national.guarantees import add_amount_act, add_guarantee

KINDS: Final[Mapping[SecurityKind, GuaranteeKind]] = MappingProxyType(
    {
        SecurityKind.DEPOSIT: GuaranteeKind.DEPOSIT,
        SecurityKind.SURETY: GuaranteeKind.SURETY,
        SecurityKind.GUARANTEE: GuaranteeKind.DOCUMENT,
    }
)
"""What the security that a request names is in the ledger."""


def keep_securities(
    connection: Connection, case: RegistrationCase, outcomes: Iterable[CaseOutcome], law: GuaranteeLaw
) -> None:
    """Keep what secures a number that the last act of ``case`` gives, and how much was to be secured.

    Raises NationalRefused with everything that is wrong with it: then the number is not given either.
    """
    for one in outcomes:
        if isinstance(one, GuaranteeOutcome):
            _keep_security(connection, case, one, law)
        if isinstance(one, RegisterOutcome) and one.operation is ModificationType.CREATE:
            _keep_amount(connection, case, one)


def _keep_security(connection: Connection, case: RegistrationCase, given: GuaranteeOutcome, law: GuaranteeLaw) -> None:
    """It counts from the first day of the number on."""
    act = case.acts[-1]
    new = Guarantee(
        seed=given.seed,
        kind=KINDS[given.kind],
        amount=given.amount,
        reference=given.reference,
        since=given.since,
        until=given.until,
    )
    added = add_guarantee(connection, new, law, act.at)
    _note(connection, act, "guarantee.added", f"{given.seed} {added.number}", given.amount)


def _keep_amount(connection: Connection, case: RegistrationCase, given: RegisterOutcome) -> None:
    """The amount that was set is the one that counts (RC-5), or none does (RC-6); a temporary number has but one."""
    act, found = case.acts[-1], case.last(ActKind.SET_AMOUNT, ActKind.EXEMPT)
    if found is None or given.operator.temporary is not None:
        return
    seed = given.operator.seed
    amount, share, basis = _amount(found)
    new = AmountAct(
        seed=seed, kind=AmountActKind.SET, at=act.at, amount=amount, basis=basis, share=share, why=case.number
    )
    added = add_amount_act(connection, new)
    _note(connection, act, f"amount.{new.kind.value}", f"{seed} {added.number}", amount)


def _amount(found: CaseAct) -> tuple[Decimal, SecuredShare, Decimal | None]:
    """How much is to be secured, of how much of the duty, and that duty where the amount is all of it."""
    if not isinstance(found.values, AmountSet):
        return Decimal(0), SecuredShare.EXEMPT, None
    amount = found.values.amount
    return (amount, SecuredShare.WHOLE, amount) if found.values.full else (amount, SecuredShare.TENTH, None)


def _note(connection: Connection, act: CaseAct, what: str, about: str, amount: Decimal) -> None:
    note_act(connection, act.by, act.at, what, about, {"amount": amount})
