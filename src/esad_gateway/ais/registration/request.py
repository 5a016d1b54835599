"""What somebody asks for who wants to be registered, and what a decision grants of it.

Which of it a status needs is a table of the law (:mod:`.law`); nothing is checked here.
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum

from esad_gateway.emcs.registry import OperatorType
from esad_gateway.frozen import frozen


class Channel(StrEnum):
    """How something reaches the administration, or leaves it."""

    EMAIL = "email"
    MANO_VMI = "mano_vmi"
    AIS = "ais"
    IN_PERSON = "in_person"
    POST = "post"


class SecurityKind(StrEnum):
    """What secures the duty: money, or somebody's word in writing."""

    DEPOSIT = "deposit"
    SURETY = "surety"
    GUARANTEE = "guarantee"


class DocumentSignature(StrEnum):
    """How a document is signed."""

    QUALIFIED = "qualified"
    """With a qualified electronic signature."""
    INK = "ink"
    """By hand, on paper."""


@frozen(kw_only=True)
class CaseDocument:
    """A document that was handed in: what it is called, and the SHA-256 of its content in small hexadecimal digits."""

    name: str
    digest: str


@frozen(kw_only=True)
class Applicant:
    """Who asks: ``code`` is the taxpayer code of the entity, or the personal code of a natural person."""

    code: str
    name: str
    street: str = ""
    number: str = ""
    postcode: str = ""
    city: str = ""
    language: str = "lt"
    email: str = ""
    phone: str = ""
    vat: str = ""
    representative: str = ""


@frozen(kw_only=True)
class RequestedGoods:
    """Goods of one excise ``product`` code (``W200``) in one national tariff group.

    ``monthly`` is the forecast average quantity of a month, ``quantity`` that of the one consignment of a temporary
    status, both in the unit of the product (BC36).
    """

    product: str
    tariff_group: str
    monthly: Decimal | None = None
    quantity: Decimal | None = None


@frozen(kw_only=True)
class GoodsPlace:
    """Where goods are received or sent off."""

    street: str
    city: str
    postcode: str = ""
    name: str = ""


@frozen(kw_only=True)
class TradeLicence:
    """A licence or permit for an activity with goods of some ``categories`` (letters of excise products: ``BWI``).

    It holds from ``valid_from`` to ``valid_to``, both included; ``None`` is no end.
    """

    number: str
    categories: str
    valid_from: date
    valid_to: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@frozen(kw_only=True)
class CounterTrader:
    """The one trader of another state that a temporary status is about: its excise number, and where it is."""

    seed: str
    name: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""
    language: str = "en"


@frozen(kw_only=True)
class RegistrationRequest:
    """A request to be registered in a ``status``.

    ``per_quarter`` is how many receipts or dispatches under e-SAD the applicant intends in a quarter. ``planned_on`` is
    the day on which the one movement of a temporary status is meant to begin or to arrive. ``wine_documents``: goods
    shall come with wine accompanying documents (MVV). ``security`` is how the applicant means to secure the duty.
    """

    status: OperatorType
    applicant: Applicant
    goods: tuple[RequestedGoods, ...] = ()
    places: tuple[GoodsPlace, ...] = ()
    licences: tuple[TradeLicence, ...] = ()
    counterparty: CounterTrader | None = None
    per_quarter: int | None = None
    planned_on: date | None = None
    wine_documents: bool = False
    security: SecurityKind | None = None
    documents: tuple[CaseDocument, ...] = ()
