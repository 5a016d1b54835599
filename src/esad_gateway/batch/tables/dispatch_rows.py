"""Rows of dispatches under a fallback document to drafts of deferred e-SADs.

Where the table has no place of dispatch, it is the consignor's address, and the place of delivery is the consignee's:
so are they on most documents.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache, partial
from typing import Any, Final, NamedTuple, TypeAlias

from esad_gateway.batch.tables.dispatch_part import JudgePart, draft_faults, judge_part_by, sampled
from esad_gateway.batch.tables.filling import Several, Values, single
from esad_gateway.batch.tables.reading import Making
from esad_gateway.emcs.codes import OriginTypeCode, SubmissionType
from esad_gateway.emcs.messages import IE815
from esad_gateway.emcs.messages.fields import Text
from esad_gateway.emcs.messages.groups import (
    BodyEadEsad,
    ConsigneeTrader,
    ConsignorTrader,
    DeliveryPlaceTrader,
    DocumentCertificate,
    Header,
    MovementGuarantee,
    Office,
    PlaceOfDispatchTrader,
    TransportMode,
)
from esad_gateway.emcs.messages.ie815 import Attributes, EadEsadDraft, HeaderEadEsad
from esad_gateway.faults import Faults
from esad_gateway.gateway.validator import Validator
from esad_gateway.xml.binding import Binder

Given: TypeAlias = tuple[str | None, ...]
"""Name and address of a party, part by part."""

FALLBACK_DOCUMENT: Final = "13"
"""The type of a fallback document among those that accompany goods (BC106)."""

_ATTRIBUTES: Final = Attributes(submission_message_type=SubmissionType.DUTY_PAID_B2B, deferred_submission_flag=True)
_ADDRESS: Final = {
    "name": "trader_name",
    "street": "street_name",
    "street_number": "street_number",
    "postcode": "postcode",
    "city": "city",
}
_COLUMNS: Final = {
    party: tuple(f"{party}_{part}" for part in _ADDRESS)
    for party in ("consignor", "consignee", "place_of_dispatch", "place_of_delivery")
}
"""The columns of each party's name and address."""

_kept = lru_cache(maxsize=1024, typed=True)
"""Groups that most rows of a table have in common are made once: they are values, and never changed."""

_office = _kept(Office)
_heading = _kept(HeaderEadEsad)
_transport_mode = _kept(TransportMode)
_guarantee = _kept(MovementGuarantee)

_ARRANGER: Final = single("TransportArrangerTrader")
_TRANSPORTER: Final = single("FirstTransporterTrader")
_WINE: Final = single("BodyEadEsad/WineProduct")
_DOCUMENTS: Final = Several("DocumentCertificate")
_GUARANTORS: Final = Several("MovementGuarantee/GuarantorTrader")
_UNITS: Final = Several("TransportDetails")
_PACKAGES: Final = Several("BodyEadEsad/Package")
"""Groups that are filled by what the ways of their columns say."""

_SELDOM: Final = _UNITS.further.union(*(one.names for one in (_ARRANGER, _TRANSPORTER, _DOCUMENTS, _GUARANTORS)))
"""Columns that few tables have: a document without any of them is not asked for each."""


class DraftJudges(NamedTuple):
    """What finds what is wrong with each of some drafts, and with one of which not all could be read."""

    drafts: Callable[[Sequence[IE815]], Sequence[Faults]]
    part: JudgePart


NOTHING_AMISS: Final = DraftJudges(lambda drafts: [()] * len(drafts), lambda _part, _filled: ())
"""Where drafts are not judged."""


def dispatch_making(
    header: Callable[[], Header],
    language: str,
    judges: DraftJudges = NOTHING_AMISS,
) -> Making:
    """What makes drafts of rows: IE815 with the deferred flag (article 38 of Directive (EU) 2020/262).

    ``header`` makes the header of each, ``language`` is the one in which names and descriptions are written where the
    table says no other, ``judges`` find what is wrong with them (:func:`judge_by`).
    """
    make = partial(_draft, header=header, language=language)

    def judge_part(own: Values, lines: Sequence[Values]) -> Faults:
        return judges.part(make(own, lines), make(sampled(own), list(map(sampled, lines))))

    return Making(make=make, judge=judges.drafts, judge_part=judge_part)


def judge_by(validator: Validator, binder: Binder, now: datetime) -> DraftJudges:
    """What finds everything wrong with drafts that shows without a register, as the gateway would at ``now``."""

    def judge(drafts: Sequence[IE815]) -> Sequence[Faults]:
        return [draft_faults(draft, binder.write(draft), validator, now) for draft in drafts]

    return DraftJudges(judge, judge_part_by(validator, binder, now))


def _draft(own: Values, lines: Sequence[Values], *, header: Callable[[], Header], language: str) -> IE815:
    written_in = own.get("language", language)
    consignor, consignee = _given(own, "consignor"), _given(own, "consignee")
    seldom = not _SELDOM.isdisjoint(own)
    return IE815(
        header=header(),
        attributes=_ATTRIBUTES,
        consignee_trader=_consignee(own["consignee"], consignee, written_in),
        consignor_trader=_consignor(own["consignor"], consignor, written_in),
        place_of_dispatch_trader=_place_of_dispatch(_given(own, "place_of_dispatch") or consignor, written_in),
        delivery_place_trader=_place_of_delivery(
            own.get("place_of_delivery", own["consignee"]),
            _given(own, "place_of_delivery") or consignee,
            written_in,
        ),
        competent_authority_dispatch_office=_office(reference_number=own["office"]),
        transport_arranger_trader=_ARRANGER.made(own, written_in) if seldom else None,
        first_transporter_trader=_TRANSPORTER.made(own, written_in) if seldom else None,
        document_certificate=_fallback_document(own) + (_DOCUMENTS.made(own, written_in) if seldom else ()),
        header_ead_esad=_heading(
            destination_type_code=own["destination_type"],
            journey_time=own["journey_time"],
            transport_arrangement=own["transport_arrangement"],
        ),
        transport_mode=_transport_mode(
            transport_mode_code=own["transport_mode"],
            complementary_information=_text(own, "transport_information", written_in),
        ),
        movement_guarantee=_guarantee(
            guarantor_type_code=own["guarantor_type"],
            guarantor_trader=_GUARANTORS.made(own, written_in) if seldom else (),
        ),
        body_ead_esad=tuple(_line(number, line, written_in) for number, line in enumerate(lines, start=1)),
        ead_esad_draft=_dispatch(own),
        transport_details=_UNITS.made(own, written_in) if seldom else _UNITS.first(own, written_in),
    )


def _given(own: Values, party: str) -> Given:
    """The name and the address of a party as they are given; empty where nothing of it is."""
    given = tuple(map(own.get, _COLUMNS[party]))
    return given if any(given) else ()


def _address(given: Given, language: str) -> dict[str, Any]:
    """The fields of a name and an address; empty where nothing of it is given."""
    told = {field: part for field, part in zip(_ADDRESS.values(), given, strict=False) if part is not None}
    return {**told, "language": language} if told else {}


@_kept
def _consignor(number: str, given: Given, language: str) -> ConsignorTrader:
    return ConsignorTrader(trader_excise_number=number, **_address(given, language))


@_kept
def _consignee(number: str, given: Given, language: str) -> ConsigneeTrader:
    return ConsigneeTrader(traderid=number, **_address(given, language))


@_kept
def _place_of_dispatch(given: Given, language: str) -> PlaceOfDispatchTrader:
    return PlaceOfDispatchTrader(**_address(given, language))


@_kept
def _place_of_delivery(number: str, given: Given, language: str) -> DeliveryPlaceTrader:
    return DeliveryPlaceTrader(traderid=number, **_address(given, language))


def _text(values: Values, name: str, language: str) -> Text | None:
    return Text(values[name], language) if name in values else None


def _fallback_document(own: Values) -> tuple[DocumentCertificate, ...]:
    if "fallback_document" not in own:
        return ()
    return (DocumentCertificate(document_type=FALLBACK_DOCUMENT, document_reference=own["fallback_document"]),)


def _dispatch(own: Values) -> EadEsadDraft:
    return EadEsadDraft(
        local_reference_number=own["local_reference_number"],
        invoice_number=own["invoice_number"],
        invoice_date=own.get("invoice_date"),
        origin_type_code=OriginTypeCode.DUTY_PAID,
        date_of_dispatch=own["dispatched"],
        time_of_dispatch=own.get("dispatched_at"),
    )


def _line(number: int, line: Values, language: str) -> BodyEadEsad:
    text = partial(_text, line, language=language)
    return BodyEadEsad(
        body_record_unique_reference=number,
        excise_product_code=line["product"],
        cn_code=line["cn_code"],
        quantity=line["quantity"],
        gross_mass=line["gross_mass"],
        net_mass=line["net_mass"],
        alcoholic_strength_by_volume_in_percentage=line.get("strength"),
        degree_plato=line.get("plato"),
        fiscal_mark=text("fiscal_mark"),
        fiscal_mark_used_flag=True if "fiscal_mark" in line else None,
        designation_of_origin=text("designation_of_origin"),
        size_of_producer=line.get("size_of_producer"),
        density=line.get("density"),
        commercial_description=text("description"),
        brand_name_of_products=text("brand"),
        maturation_period_or_age_of_products=text("maturation"),
        independent_small_producers_declaration=text("small_producer"),
        package=_PACKAGES.made(line, language),
        wine_product=_WINE.made(line, language),
    )
