"""A registration case: its acts, the state that they leave it in, and what a further act brings about."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from esad_gateway.ais.capacities import Capacity
from esad_gateway.ais.registration.acts import (
    ActKind,
    Added,
    CaseAct,
    CertificateChanged,
    ChangeRequested,
    LicenceRevoked,
    NumberGiven,
    Submitted,
)
from esad_gateway.ais.registration.request import Channel, GoodsPlace, RegistrationRequest, SecurityKind, TradeLicence
from esad_gateway.ais.terms import TermEnd
from esad_gateway.emcs.administration_codes import ModificationType
from esad_gateway.emcs.registry import Operator, OperatorType
from esad_gateway.emcs.working_days import Calendar
from esad_gateway.faults import Faults
from esad_gateway.frozen import frozen


class CaseState(StrEnum):
    """Where a case stands."""

    SUBMITTED = "submitted"
    ADDITIONS_ASKED = "additions_asked"
    AMOUNT_SET = "amount_set"
    PAID = "paid"
    """The deposit has come, its proof has not."""
    PROVEN = "proven"
    """The proof of a payment has been handed in, and the money has not been seen yet."""
    SECURITY_GIVEN = "security_given"
    """A document has been handed in that nobody has accepted yet."""
    SECURED = "secured"
    SECURED_ADDITIONS_ASKED = "secured_additions_asked"
    REGISTERED = "registered"
    CHANGE_REQUESTED = "change_requested"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    DEREGISTERED = "deregistered"


@frozen(kw_only=True)
class RegistrationCase:
    """A case by its ``number`` (empty before it has one), with all its acts in the order in which they were entered.

    Its first act is the request. Not checked: that its acts follow each other (:func:`.deciding.decide` adds none that
    does not).
    """

    acts: tuple[CaseAct, ...]
    number: str = ""

    def last(self, *kinds: ActKind) -> CaseAct | None:
        """The latest act of some kinds."""
        return next((act for act in reversed(self.acts) if act.kind in kinds), None)

    @property
    def request(self) -> RegistrationRequest:
        """The request as it stands: as it was submitted, or as it was amended last."""
        found = [act.values.request for act in self.acts if isinstance(act.values, Submitted | Added)]
        return [one for one in found if one is not None][-1]

    @property
    def licences(self) -> tuple[TradeLicence, ...]:
        """The licences that were handed in, with the request as it stands and with requests for changes.

        One that was revoked ends before the day from which it was.
        """
        changes = (act.values for act in self.acts if isinstance(act.values, ChangeRequested))
        revoked = {one.number: one.from_day - timedelta(days=1) for one in self.revocations}
        every = (*self.request.licences, *(one for change in changes for one in change.licences))
        return tuple(replace(one, valid_to=revoked.get(one.number, one.valid_to)) for one in every)

    @property
    def revocations(self) -> tuple[LicenceRevoked, ...]:
        """The licences that were revoked, in the order in which that was noted."""
        return tuple(act.values for act in self.acts if isinstance(act.values, LicenceRevoked))

    @property
    def status(self) -> OperatorType:
        """The status that it is about."""
        return self.request.status

    @property
    def registered(self) -> NumberGiven | None:
        """What was registered, with goods and places as they were changed last; ``None`` before that."""
        act = self.last(ActKind.REGISTER)
        if act is None or not isinstance(act.values, NumberGiven):
            return None
        change = self.last(ActKind.CHANGE)
        if change is None or not isinstance(change.values, CertificateChanged):
            return act.values
        return replace(act.values, goods=change.values.goods, places=change.values.places)


@frozen(kw_only=True)
class CaseFacts:
    """What the store and the register know that a decision asks.

    ``calendar`` is that of the state. ``tariff_groups``: excise product codes by tariff group, as they are on the day
    of the act; ``None`` where they are not known. ``offices``: the list of offices, ``None`` where it is not kept.
    ``records`` are those of the number that the act would give, ``counterparty`` those of the counterparty's, over
    time. ``capacities`` are all of the applicant's. ``temporary_days``: on which days the applicant's other temporary
    requests of the same status are planned, those that are open and those that were granted.
    """

    calendar: Calendar
    tariff_groups: Mapping[str, frozenset[str]] | None = None
    offices: frozenset[str] | None = None
    records: tuple[Operator, ...] = ()
    counterparty: tuple[Operator, ...] = ()
    capacities: tuple[Capacity, ...] = ()
    temporary_days: tuple[date, ...] = ()


@frozen(kw_only=True)
class RegisterOutcome:
    """What the register shall say of one number: do ``operation`` with the record from the day ``activation`` on.

    It is what an IE713 asks for, and is applied as one (:func:`esad_gateway.emcs.seed.changes.applied`). ``address``
    has street, postcode, city, language, country and perhaps number. ``places`` and ``certificate`` are ours alone:
    no message has them.
    """

    operation: ModificationType
    activation: date
    operator: Operator
    address: Mapping[str, str]
    entity: str
    certificate: str
    places: tuple[GoodsPlace, ...] = ()


@frozen(kw_only=True)
class NoticeOutcome:
    """That the entity ``to`` is told of an act, by which channel and until when at the latest (``None``: no term)."""

    to: str
    about: ActKind
    channel: Channel
    until: TermEnd | None = None


@frozen(kw_only=True)
class GuaranteeOutcome:
    """That the duty of a capacity is secured: an ``amount`` in EUR of a kind.

    It counts from the day ``since``, the first of its number, to the day ``until`` (``None``: no end). ``reference`` is
    that of the payment, or the number of the document.
    """

    seed: str
    kind: SecurityKind
    amount: Decimal
    reference: str
    guarantor: str
    since: date
    until: date | None = None


CaseOutcome: TypeAlias = RegisterOutcome | NoticeOutcome | GuaranteeOutcome


@frozen(kw_only=True)
class ActTaken:
    """The case with the act in it, and what comes of it. ``again``: it stood so already, and nothing comes of it."""

    case: RegistrationCase
    outcomes: tuple[CaseOutcome, ...] = ()
    again: bool = False


@frozen(kw_only=True)
class ActRefused:
    """Nothing is done, for these faults. ``conflict``: the act does not follow in the state in which the case is."""

    faults: Faults
    conflict: bool = False


CaseDecision: TypeAlias = ActTaken | ActRefused
