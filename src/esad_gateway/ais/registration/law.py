"""What a member state has decided for registrations: a procedure for each status, terms, and channels, each with days.

It is data, and nothing else in this package knows a status, a term or a channel by name.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum

from esad_gateway.ais.figures import LegalChoice, LegalFigure
from esad_gateway.ais.provenance import Provenance, in_force
from esad_gateway.ais.registration.acts import ActKind
from esad_gateway.ais.registration.request import Channel, DocumentSignature
from esad_gateway.ais.terms import Term
from esad_gateway.emcs.registry import OperatorType
from esad_gateway.frozen import frozen


class RequestNeed(StrEnum):
    """What a request may have to have."""

    CODE = "code"
    NAME = "name"
    ADDRESS = "address"
    EMAIL = "email"
    GOODS = "goods"
    MONTHLY = "monthly"
    """The forecast average quantity of a month, for each of the goods."""
    QUANTITY = "quantity"
    """The quantity of the one consignment, for each of the goods."""
    PLACES = "places"
    LICENCES = "licences"
    """A licence that holds, for each category of goods with which an activity is regulated."""
    COUNTERPARTY = "counterparty"
    PLANNED_ON = "planned_on"
    PER_QUARTER = "per_quarter"
    SECURITY = "security"


class CaseTerm(StrEnum):
    """What a term is for."""

    DECISION = "decision"
    """From the request, or from the last action that it waited for, to the decision."""
    SECURED_DECISION = "secured_decision"
    """The same where security for all of the duty is there."""
    SECURITY_DECISION = "security_decision"
    """From a surety or guarantee document to its acceptance."""
    CHANGE = "change"
    """From a request to change the certificate to the change."""
    REGISTRATION_NOTICE = "registration_notice"
    END_NOTICE = "end_notice"
    """From the end of a registration until the trader has been told."""
    INACTIVITY = "inactivity"
    """From the registration or the last dispatch to the day on which it may be ended."""
    COVER = "cover"
    """From the end of the security to the day on which the registration may be ended."""
    TEMPORARY = "temporary"
    """How long a temporary status holds."""


class StartOf(StrEnum):
    """From which day a temporary status counts its days."""

    VALIDITY = "validity"
    REQUEST = "request"


@frozen(kw_only=True)
class Needed:
    """That a request must have something, and the requirement that says so."""

    need: RequestNeed
    rule: str
    provenance: Provenance


@frozen(kw_only=True)
class Procedure:
    """How somebody is registered in a ``status``, from the day ``first`` to the day ``last``, both included.

    ``rule`` is the requirement about the request, ``decision_rule`` the one about the decision. ``secured``: security
    is asked for, and ``security_rule`` says so; ``reducible``: an official may do without it (RC-6). ``regulated`` are
    the categories of goods (letters) that need a licence, where licences are needed at all. ``temporary``: how often at
    most it is given, and intended, in a quarter, and its days count from ``starts``
    (:class:`StartOf`); ``None`` for a status without an end. That a quarter is one of the calendar, ``quarter`` says.
    """

    status: OperatorType
    first: date
    last: date | None = None
    rule: str
    decision_rule: str
    needs: tuple[Needed, ...]
    secured: bool
    security_rule: str = ""
    reducible: bool = False
    regulated: frozenset[str] = frozenset()
    temporary: LegalFigure | None = None
    quarter: Provenance | None = None
    starts: LegalChoice | None = None
    provenance: Provenance


@frozen(kw_only=True)
class DatedTerm:
    """A term for a purpose, for some statuses and from day to day."""

    purpose: CaseTerm
    statuses: frozenset[OperatorType]
    first: date
    last: date | None = None
    term: Term


@frozen(kw_only=True)
class ChannelRow:
    """That an act may come, or be told, by a channel; for documents with a signature, only those that are so signed.

    ``acts`` of applicants come by it, ``acts`` of officials are told by it.
    """

    acts: frozenset[ActKind]
    statuses: frozenset[OperatorType]
    channel: Channel
    signature: DocumentSignature | None = None
    rule: str
    first: date
    last: date | None = None
    provenance: Provenance


@frozen(kw_only=True)
class RegistrationLaw:
    """All of it, for the ``state`` with that code; ``terms`` have names by which settings may decide them otherwise.

    ``numbers`` is how the excise numbers look that are given: thirteen characters, of which ``#`` stand for a counter.
    """

    state: str
    procedures: tuple[Procedure, ...]
    terms: Mapping[str, DatedTerm]
    channels: tuple[ChannelRow, ...]
    numbers: LegalChoice

    def procedure(self, status: OperatorType, day: date) -> Procedure | None:
        """How a status is given by a request of that day; ``None`` where it is not given here."""
        return in_force((one for one in self.procedures if one.status is status), day)

    def term(self, purpose: CaseTerm, status: OperatorType, day: date) -> Term | None:
        """The term for a purpose that begins on a day; ``None`` where there is none."""
        found = in_force((one for one in self.terms.values() if one.purpose is purpose and status in one.statuses), day)
        return None if found is None else found.term

    def channels_of(self, act: ActKind, status: OperatorType, day: date) -> tuple[ChannelRow, ...]:
        """The channels of an act on a day, in the order of the table."""
        rows: Iterable[ChannelRow] = (one for one in self.channels if act in one.acts and status in one.statuses)
        return tuple(one for one in rows if in_force((one,), day))
