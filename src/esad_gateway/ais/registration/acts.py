"""What may be done in a case: each kind of act with the values that it has, plain enough to be kept as JSON."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Final, TypeAlias

from esad_gateway.ais.actors import ActorKind, DoneBy
from esad_gateway.ais.registration.request import (
    CaseDocument,
    Channel,
    DocumentSignature,
    GoodsPlace,
    RegistrationRequest,
    RequestedGoods,
    SecurityKind,
    TradeLicence,
)
from esad_gateway.frozen import frozen

OFFICER: Final = "excise_officer"
"""The role in which an official acts."""


class ActKind(StrEnum):
    """What is done."""

    SUBMIT = "submit"
    ASK = "ask"
    """More data or documents are asked for."""
    ADD = "add"
    """They are handed in, or the request is amended."""
    SET_AMOUNT = "set_amount"
    EXEMPT = "exempt"
    """No security is asked for (RC-6)."""
    PAY = "pay"
    """The deposit has come to the account."""
    PROVE = "prove"
    """The proof of its payment is handed in (RC-8)."""
    GIVE_SECURITY = "give_security"
    """A surety or guarantee document is handed in (RC-7)."""
    ACCEPT_SECURITY = "accept_security"
    REJECT_SECURITY = "reject_security"
    REGISTER = "register"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    REQUEST_CHANGE = "request_change"
    CHANGE = "change"
    REFUSE_CHANGE = "refuse_change"
    NOTE_REVOCATION = "note_revocation"
    """A licence was revoked by whoever had issued it (RC-13)."""
    REQUEST_END = "request_end"
    """The trader asks to be registered no more (RC-13)."""
    DEREGISTER = "deregister"
    INFORM = "inform"
    """The trader has been told of the decision."""


class RefusalGround(StrEnum):
    """Why a registration may be refused (RC-11)."""

    INCOMPLETE = "incomplete"
    NO_LICENCE = "no_licence"
    NO_SECURITY = "no_security"
    INSOLVENT = "insolvent"
    UNMET_OBLIGATIONS = "unmet_obligations"


class EndGround(StrEnum):
    """Why a registration may be ended (RC-13)."""

    INACTIVE = "inactive"
    NO_COVER = "no_cover"
    LICENCE_REVOKED = "licence_revoked"
    OWN_REQUEST = "own_request"


@frozen(kw_only=True)
class Submitted:
    """``SUBMIT``: the request, and by which channel it came."""

    request: RegistrationRequest
    channel: Channel


@frozen(kw_only=True)
class AdditionsAsked:
    """``ASK``: what is asked for, a text each, and the channel by which the applicant hears of it."""

    items: tuple[str, ...]
    channel: Channel


@frozen(kw_only=True)
class Added:
    """``ADD``: documents, and the request as it stands from now on where it was amended."""

    channel: Channel
    documents: tuple[CaseDocument, ...] = ()
    request: RegistrationRequest | None = None


@frozen(kw_only=True)
class AmountSet:
    """``SET_AMOUNT``: how much is to be secured, in EUR. ``full``: it is 100 % of the duty, as without a reduction."""

    amount: Decimal
    full: bool = True


@frozen(kw_only=True)
class Explained:
    """``EXEMPT``, ``REJECT_SECURITY``, ``WITHDRAW`` and ``REQUEST_END``: why, in words."""

    why: str


@frozen(kw_only=True)
class DepositPaid:
    """``PAY``: how much has come to the deposit account, in EUR, and the reference of the payment."""

    amount: Decimal
    reference: str


@frozen(kw_only=True)
class ProofGiven:
    """``PROVE``: the document that proves the payment."""

    channel: Channel
    document: CaseDocument


@frozen(kw_only=True)
class SecurityGiven:
    """``GIVE_SECURITY``: a surety or guarantee for an ``amount`` in EUR, until a day (included; ``None``: no end)."""

    kind: SecurityKind
    amount: Decimal
    guarantor: str
    channel: Channel
    signature: DocumentSignature
    document: CaseDocument
    until: date | None = None


@frozen(kw_only=True)
class SecurityAccepted:
    """``ACCEPT_SECURITY``: the document is registered under a number."""

    number: str


@frozen(kw_only=True)
class NumberGiven:
    """``REGISTER``: the number (``seed``), from when on, the office in charge, and what the certificate says.

    ``valid_to`` is ``None`` for no end, or for the end that a temporary status has by itself. ``certificate`` is its
    number. ``goods`` and ``places`` are hard limits.
    """

    seed: str
    valid_from: date
    office: str
    certificate: str
    goods: tuple[RequestedGoods, ...]
    places: tuple[GoodsPlace, ...] = ()
    valid_to: date | None = None


@frozen(kw_only=True)
class RequestRefused:
    """``REFUSE``: on which grounds, why in words, and by which channel the applicant hears of it."""

    grounds: tuple[RefusalGround, ...]
    why: str
    channel: Channel


@frozen(kw_only=True)
class ChangeRequested:
    """``REQUEST_CHANGE``: goods and places as they shall be on the certificate, all of them (RC-12).

    ``licences`` are those that the request and earlier changes did not have yet.
    """

    goods: tuple[RequestedGoods, ...]
    places: tuple[GoodsPlace, ...]
    channel: Channel
    licences: tuple[TradeLicence, ...] = ()


@frozen(kw_only=True)
class CertificateChanged:
    """``CHANGE``: goods and places as they stand on the certificate from a day on, all of them."""

    from_day: date
    goods: tuple[RequestedGoods, ...]
    places: tuple[GoodsPlace, ...] = ()


@frozen(kw_only=True)
class ChangeRefused:
    """``REFUSE_CHANGE``: why in words, and by which channel the trader hears of it."""

    why: str
    channel: Channel


@frozen(kw_only=True)
class LicenceRevoked:
    """``NOTE_REVOCATION``: which licence, and the first day on which it holds no more."""

    number: str
    from_day: date


@frozen(kw_only=True)
class Deregistered:
    """``DEREGISTER``: on which grounds; ``from_day`` is the first day on which the number holds no more."""

    from_day: date
    grounds: tuple[EndGround, ...]
    why: str


@frozen(kw_only=True)
class Informed:
    """``INFORM``: by which channel the trader was told."""

    channel: Channel


ActValues: TypeAlias = (
    Submitted
    | AdditionsAsked
    | Added
    | AmountSet
    | Explained
    | DepositPaid
    | ProofGiven
    | SecurityGiven
    | SecurityAccepted
    | NumberGiven
    | RequestRefused
    | ChangeRequested
    | CertificateChanged
    | ChangeRefused
    | LicenceRevoked
    | Deregistered
    | Informed
)

VALUES: Final[Mapping[ActKind, type[ActValues]]] = MappingProxyType(
    {
        ActKind.SUBMIT: Submitted,
        ActKind.ASK: AdditionsAsked,
        ActKind.ADD: Added,
        ActKind.SET_AMOUNT: AmountSet,
        ActKind.EXEMPT: Explained,
        ActKind.PAY: DepositPaid,
        ActKind.PROVE: ProofGiven,
        ActKind.GIVE_SECURITY: SecurityGiven,
        ActKind.ACCEPT_SECURITY: SecurityAccepted,
        ActKind.REJECT_SECURITY: Explained,
        ActKind.REGISTER: NumberGiven,
        ActKind.REFUSE: RequestRefused,
        ActKind.WITHDRAW: Explained,
        ActKind.REQUEST_CHANGE: ChangeRequested,
        ActKind.CHANGE: CertificateChanged,
        ActKind.REFUSE_CHANGE: ChangeRefused,
        ActKind.NOTE_REVOCATION: LicenceRevoked,
        ActKind.REQUEST_END: Explained,
        ActKind.DEREGISTER: Deregistered,
        ActKind.INFORM: Informed,
    }
)
"""The values that each kind of act has."""

OFFICIAL: Final = frozenset(
    {
        *(ActKind.ASK, ActKind.SET_AMOUNT, ActKind.EXEMPT, ActKind.PAY),
        *(ActKind.ACCEPT_SECURITY, ActKind.REJECT_SECURITY, ActKind.REGISTER, ActKind.REFUSE),
        *(ActKind.CHANGE, ActKind.REFUSE_CHANGE, ActKind.NOTE_REVOCATION),
        *(ActKind.DEREGISTER, ActKind.INFORM),
    }
)
"""What officials alone do. The other acts are the applicant's; officials write down those that come on paper."""


DECISIONS: Final = (ActKind.REGISTER, ActKind.REFUSE, ActKind.WITHDRAW, ActKind.DEREGISTER)
"""The acts that decide a case; all but the withdrawal are told to the trader by an act of their own."""


@frozen(kw_only=True)
class CaseAct:
    """One act: ``at`` is the moment (aware) at which it was entered, ``by`` who entered it.

    ``on`` is the calendar day on which it happened, where that is an earlier one: a letter that is entered later.
    """

    kind: ActKind
    at: datetime
    by: DoneBy
    values: ActValues
    on: date | None = None


def is_official(by: DoneBy) -> bool:
    """Whether somebody acts for the administration: in the role of an official, or as the operator of the gateway."""
    return by.kind is ActorKind.OPERATOR or by.role == OFFICER
