"""What is wrong with the values of an act, kind by kind."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from esad_gateway.ais.registration.acts import (
    ActKind,
    Added,
    AdditionsAsked,
    AmountSet,
    CertificateChanged,
    ChangeRefused,
    ChangeRequested,
    DepositPaid,
    Deregistered,
    EndGround,
    Explained,
    LicenceRevoked,
    ProofGiven,
    RequestRefused,
    SecurityAccepted,
    SecurityGiven,
    Submitted,
)
from esad_gateway.ais.registration.flaws import CaseFlaw, fault, place
from esad_gateway.ais.registration.goods_checks import (
    amount_faults,
    certificate_faults,
    granted_faults,
    is_amount,
    missing,
    shown,
    unmeasured,
)
from esad_gateway.ais.registration.law import RequestNeed
from esad_gateway.ais.registration.looked import Looked
from esad_gateway.ais.registration.number_checks import not_past, number_faults
from esad_gateway.ais.registration.request import CaseDocument, SecurityKind
from esad_gateway.ais.registration.request_checks import licence_faults, licences_faults, request_faults
from esad_gateway.faults import Fault, Said, listed
from esad_gateway.place import Place

_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


def value_faults(looked: Looked) -> Iterator[Fault]:
    """All that is wrong with the values of an act. Not checked: that they are those of its kind."""
    yield from _CHECKS[looked.act.kind](looked.act.values, looked)


def _submit(values: Submitted, looked: Looked) -> Iterator[Fault]:
    yield from request_faults(values.request, looked)
    yield from _documents(values.request.documents, place("request", "documents"), looked)


def _ask(values: AdditionsAsked, looked: Looked) -> Iterator[Fault]:
    if not values.items:
        yield missing(looked.procedure.decision_rule, place("items"))
    for number, one in enumerate(values.items, 1):
        yield from _text(one, place("items", number), looked)


def _add(values: Added, looked: Looked) -> Iterator[Fault]:
    if not values.documents and values.request is None:
        yield missing(looked.procedure.rule, place("documents"))
    yield from _documents(values.documents, place("documents"), looked)
    if values.request is None:
        return
    before = looked.case.request
    if (values.request.status, values.request.applicant.code) != (before.status, before.applicant.code):
        told = {"status": before.status.value, "code": before.applicant.code}
        given = f"{values.request.status} {values.request.applicant.code}"
        yield fault(CaseFlaw.OTHER_REQUEST, looked.procedure.rule, place("request"), given, **told)
    else:
        yield from request_faults(values.request, looked)


def _set_amount(values: AmountSet, looked: Looked) -> Iterator[Fault]:
    yield from amount_faults(values.amount, looked.procedure.security_rule, place("amount"))


def _explained(values: Explained, looked: Looked) -> Iterator[Fault]:
    yield from _text(values.why, place("why"), looked)


def _pay(values: DepositPaid, looked: Looked) -> Iterator[Fault]:
    yield from _enough(values.amount, "RC-8", looked)
    yield from _text(values.reference, place("reference"), looked)


def _prove(values: ProofGiven, looked: Looked) -> Iterator[Fault]:
    yield from _document(values.document, place("document"), looked)


def _give_security(values: SecurityGiven, looked: Looked) -> Iterator[Fault]:
    if values.kind is SecurityKind.DEPOSIT:
        yield fault(CaseFlaw.NO_DEPOSIT, "RC-8", place("kind"), values.kind)
    yield from _enough(values.amount, "RC-7", looked)
    yield from _text(values.guarantor, place("guarantor"), looked)
    if values.until is not None and values.until < looked.day:
        yield fault(CaseFlaw.ENDED, "RC-7", place("until"), values.until, day=f"{looked.day}")
    yield from _document(values.document, place("document"), looked)


def _accept(values: SecurityAccepted, looked: Looked) -> Iterator[Fault]:
    yield from _text(values.number, place("number"), looked)


def _refuse(values: RequestRefused, looked: Looked) -> Iterator[Fault]:
    yield from _grounds(values.grounds, "RC-11")
    yield from _text(values.why, place("why"), looked)


def _request_change(values: ChangeRequested, looked: Looked) -> Iterator[Fault]:
    yield from certificate_faults(values.goods, values.places, looked)
    yield from unmeasured(values.goods, RequestNeed.MONTHLY, looked)
    yield from licences_faults(values.licences, looked.procedure.rule, place("licences"))
    licences = (*looked.case.licences, *values.licences)
    yield from licence_faults(values.goods, licences, looked, looked.day, place("licences"))


def _change(values: CertificateChanged, looked: Looked) -> Iterator[Fault]:
    asked = looked.case.last(ActKind.REQUEST_CHANGE)
    if asked and isinstance(asked.values, ChangeRequested):
        yield from granted_faults(values.goods, values.places, asked.values, looked)
    yield from certificate_faults(values.goods, values.places, looked)
    yield from not_past(values.from_day, place("from_day"), looked)


def _refuse_change(values: ChangeRefused, looked: Looked) -> Iterator[Fault]:
    yield from _text(values.why, place("why"), looked)


def _note_revocation(values: LicenceRevoked, looked: Looked) -> Iterator[Fault]:
    """A licence that was handed in, has begun before that day, and would hold on it."""
    held = [one for one in looked.case.licences if one.valid_from < values.from_day and one.holds_on(values.from_day)]
    if values.number not in {one.number for one in held}:
        known = listed(one.number for one in held) if held else Said("case.nothing")
        day = f"{values.from_day}"
        yield fault(CaseFlaw.NOT_HELD, "RC-13", place("number"), values.number, day=day, held=known)


def _deregister(values: Deregistered, looked: Looked) -> Iterator[Fault]:
    yield from _grounds(values.grounds, "RC-13")
    yield from _text(values.why, place("why"), looked)
    yield from not_past(values.from_day, place("from_day"), looked)
    if EndGround.OWN_REQUEST in values.grounds and looked.case.last(ActKind.REQUEST_END) is None:
        yield fault(CaseFlaw.NOT_ASKED, "RC-13", place("grounds"), EndGround.OWN_REQUEST)


def _inform(_values: Any, _looked: Looked) -> Iterator[Fault]:
    return iter(())


def _enough(amount: Decimal, rule: str, looked: Looked) -> Iterator[Fault]:
    """An amount is one, and no less than what has to be secured."""
    yield from amount_faults(amount, rule, place("amount"))
    asked = looked.case.last(ActKind.SET_AMOUNT)
    wanted = asked.values.amount if asked and isinstance(asked.values, AmountSet) else None
    if wanted is not None and is_amount(amount) and amount < wanted:
        told = {"asked": f"{wanted:f}", "rest": shown(wanted - amount)}
        yield fault(CaseFlaw.TOO_LITTLE, rule, place("amount"), shown(amount), **told)


def _grounds(grounds: Sequence[StrEnum], rule: str) -> Iterator[Fault]:
    if not grounds:
        yield missing(rule, place("grounds"))
    for number, one in enumerate(grounds, 1):
        if one in grounds[: number - 1]:
            yield fault(CaseFlaw.TWICE, rule, place("grounds", number), one)


def _documents(documents: Sequence[CaseDocument], where: Place, looked: Looked) -> Iterator[Fault]:
    for number, one in enumerate(documents, 1):
        yield from _document(one, where.numbered(number), looked)


def _document(one: CaseDocument, where: Place, looked: Looked) -> Iterator[Fault]:
    yield from _text(one.name, where / "name", looked)
    if not _DIGEST.fullmatch(one.digest):
        yield fault(CaseFlaw.DIGEST, looked.procedure.rule, where / "digest", one.digest)


def _text(text: str, where: Place, looked: Looked) -> Iterator[Fault]:
    if not text.strip():
        yield missing(looked.procedure.decision_rule, where)


_CHECKS: Final[Mapping[ActKind, Callable[[Any, Looked], Iterator[Fault]]]] = MappingProxyType(
    {
        ActKind.SUBMIT: _submit,
        ActKind.ASK: _ask,
        ActKind.ADD: _add,
        ActKind.SET_AMOUNT: _set_amount,
        ActKind.EXEMPT: _explained,
        ActKind.PAY: _pay,
        ActKind.PROVE: _prove,
        ActKind.GIVE_SECURITY: _give_security,
        ActKind.ACCEPT_SECURITY: _accept,
        ActKind.REJECT_SECURITY: _explained,
        ActKind.REGISTER: number_faults,
        ActKind.REFUSE: _refuse,
        ActKind.WITHDRAW: _explained,
        ActKind.REQUEST_CHANGE: _request_change,
        ActKind.CHANGE: _change,
        ActKind.REFUSE_CHANGE: _refuse_change,
        ActKind.NOTE_REVOCATION: _note_revocation,
        ActKind.REQUEST_END: _explained,
        ActKind.DEREGISTER: _deregister,
        ActKind.INFORM: _inform,
    }
)
"""What each kind of act is asked."""
