"""The messages an administration makes out of a trader's: the e-SAD out of a draft, the validated copy of a report."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime

from esad_gateway.emcs.messages import IE801, IE815, IE818
from esad_gateway.emcs.messages import ie801 as e_sad
from esad_gateway.emcs.messages import ie818 as report_of_receipt
from esad_gateway.emcs.messages.groups import Header
from esad_gateway.emcs.profile import NationalProfile


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What a decision uses but cannot make itself, because it is pure.

    ``now`` is an aware datetime, ``arc`` the code reserved for this message (used only by an accepted draft),
    ``identifiers`` an endless supply of fresh message identifiers.
    """

    now: datetime
    profile: NationalProfile
    arc: str
    identifiers: Iterator[str]

    @property
    def moment(self) -> datetime:
        """``now`` as it stands in a message: UTC to the second, without the zone."""
        return self.now.astimezone(UTC).replace(microsecond=0, tzinfo=None)

    def header(self, recipient: str, correlation: str | None = None) -> Header:
        """A header from us to ``recipient`` (``NDEA.PL``) with a fresh identifier.

        ``correlation`` is the identifier of the message that is answered; TR9121 says which answers carry it.
        """
        moment = self.moment
        return Header(
            message_sender=self.profile.address,
            message_recipient=recipient,
            date_of_preparation=moment.date(),
            time_of_preparation=moment.time(),
            message_identifier=next(self.identifiers),
            correlation_identifier=correlation,
        )


def validated_document(draft: IE815, stamp: Stamp) -> IE801:
    """The e-SAD of an accepted draft: ARC, sequence number 1, validation time as update time (R059, BR057).

    The deferred flag and the submission type stay behind: neither is part of the validated document (C149).
    """
    consignee = (draft.consignee_trader.traderid if draft.consignee_trader else None) or ""
    header, entry = draft.header_ead_esad, draft.ead_esad_draft
    same = {name: getattr(draft, name) for name in _SHARED_WITH_DRAFT}
    return IE801(
        header=stamp.header(f"NDEA.{consignee[:2]}"),
        excise_movement=e_sad.ExciseMovement(
            administrative_reference_code=stamp.arc, date_and_time_of_validation_of_ead_esad=stamp.moment
        ),
        ead_esad=e_sad.EadEsad(**{item.name: getattr(entry, item.name) for item in fields(entry)}),
        header_ead_esad=e_sad.HeaderEadEsad(
            sequence_number=1,
            date_and_time_of_update_validation=stamp.moment,
            **{item.name: getattr(header, item.name) for item in fields(header)},
        ),
        **same,
    )


_SHARED_WITH_DRAFT = tuple(
    sorted(
        {item.name for item in fields(IE801)} & {item.name for item in fields(IE815)} - {"header", "header_ead_esad"},
    )
)


def validated_report(report: IE818, stamp: Stamp) -> IE818:
    """The validated copy of a report of receipt, for the state of dispatch, with its validation time (C149)."""
    dispatch = report.excise_movement.administrative_reference_code[2:4]
    return replace(
        report,
        header=stamp.header(f"NDEA.{dispatch}"),
        attributes=report_of_receipt.Attributes(date_and_time_of_validation_of_report_of_receipt_export=stamp.moment),
    )
