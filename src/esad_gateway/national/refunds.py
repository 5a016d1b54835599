"""The refund file of a consignor: found in its mailbox, judged, and put together as an archive."""

import io
import json
import zipfile
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final, TypeVar

from lxml import etree

from esad_gateway.ais.refunds.claim import PaidDuty, RefundClaim, RefundFacts, claim
from esad_gateway.ais.refunds.law import RefundLaw
from esad_gateway.emcs.messages import IE801, IE818
from esad_gateway.emcs.movement import Side
from esad_gateway.errors import NationalRefused, NotFound
from esad_gateway.faults import said
from esad_gateway.frozen import frozen
from esad_gateway.gateway.access import Principal
from esad_gateway.gateway.reading import Reading
from esad_gateway.national.duty import DutyDesk
from esad_gateway.ports.reading import LARGEST_PAGE, Listed, MailboxQuery, MovementPage
from esad_gateway.views.json import noted_movement_view
from esad_gateway.views.refund import claim_view
from esad_gateway.xml.binding import read
from esad_gateway.xml.parse import parse
from esad_gateway.xml.payload import without_signature

E_SAD: Final = "e-sad"
E_ROR: Final = "e-ror"
_ANY_TIME: Final = (1980, 1, 1, 0, 0, 0)
"""The same claim gives the same archive."""


@frozen(kw_only=True)
class RefundBundle:
    """A claim with what proves it: the movement, and the exact bytes of the e-SAD and of the report of receipt."""

    claim: RefundClaim
    movement: MovementPage
    e_sad: bytes
    report: bytes


@frozen
class RefundDesk:
    """Puts refund files together by the law of the domain whose duty is assessed at ``duty``."""

    reading: Reading
    duty: DutyDesk

    def law(self) -> RefundLaw:
        """How duty is claimed back. Raises NotFound where the state does not say."""
        domain = self.duty.domain
        if domain.refunds is None:
            raise NotFound(said("refund.none", state=domain.state))
        return domain.refunds

    def bundle(self, who: Principal, seed: str, arc: str, paid: PaidDuty) -> RefundBundle:
        """The file that ``seed`` may hand in for a movement.

        Raises NationalRefused with everything that is in the way; NotFound for a movement that is not the trader's.
        """
        movement = self.reading.movement(who, seed, arc)
        # A consignor to whom goods return is on both sides; it claims as the one who sent them.
        side = next((one for one in movement.movements if one.side is Side.DISPATCH), movement.movements[0])
        report_row = self._last(who, seed, arc, IE818)
        e_sad = self._e_sad(who, seed, arc, report_row.sequence if report_row else None)
        report = self.reading.body(who, seed, report_row.seq) if report_row else b""
        facts = RefundFacts(
            seed=seed,
            state=side.state,
            e_sad=_message(e_sad, IE801),
            report=_message(report, IE818) if report else None,
        )
        found = claim(facts, paid, self.duty.today(), self.duty.law(), self.law())
        if not isinstance(found, RefundClaim):
            raise NationalRefused(found)
        return RefundBundle(claim=found, movement=movement, e_sad=e_sad, report=report)

    def view(self, bundle: RefundBundle) -> dict[str, Any]:
        """The claim as JSON, with the digests of its documents."""
        digests = {E_SAD: sha256(bundle.e_sad).hexdigest(), E_ROR: sha256(bundle.report).hexdigest()}
        return {**claim_view(bundle.claim, self.duty.law(), self.law()), "documents": digests}

    def archive(self, bundle: RefundBundle, papers: Mapping[str, bytes]) -> bytes:
        """The claim as a file to hand in (zip); ``papers`` are printouts, by the names of their files.

        It has an index in JSON and XML with the digest of every file, the movement, and both documents as they were
        signed.
        """
        movement = noted_movement_view(bundle.movement, self.reading.profile.time_zone)
        files = {
            f"{E_SAD}.xml": bundle.e_sad,
            f"{E_ROR}.xml": bundle.report,
            "movement.json": _json(movement),
            **papers,
        }
        view = self.view(bundle)
        listed = [{"name": name, "sha256": sha256(content).hexdigest()} for name, content in files.items()]
        index = {**view, "files": listed}
        return _zipped({"index.json": _json(index), "index.xml": _xml(index), **files})

    def _e_sad(self, who: Principal, seed: str, arc: str, sequence: int | None) -> bytes:
        """The e-SAD of the version that was reported on, or the newest one. Raises NotFound where there is none."""
        found = self._last(who, seed, arc, IE801, sequence)
        return self.reading.body(who, seed, found.seq) if found else self.reading.e_sad(who, seed, arc)

    def _last(
        self, who: Principal, seed: str, arc: str, kind: type[IE801 | IE818], sequence: int | None = None
    ) -> Listed | None:
        """The newest accepted message of a type about a movement, or about one version of it."""
        query = MailboxQuery(type=kind.__name__, arc=arc, limit=LARGEST_PAGE)
        rows = self.reading.page(who, seed, query).messages
        fitting = [one for one in rows if one.outcome == "accepted" and sequence in {None, one.sequence}]
        return fitting[-1] if fitting else None


_OF_KIND = TypeVar("_OF_KIND", IE801, IE818)


def _message(document: bytes, kind: type[_OF_KIND]) -> _OF_KIND:
    """The message in a document of ours, which has the type that its mailbox says."""
    found = read(without_signature(parse(document)))
    if not isinstance(found, kind):  # pragma: no cover
        raise TypeError(type(found).__name__)
    return found


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2).encode() + b"\n"


def _xml(view: Mapping[str, Any]) -> bytes:
    """A view as XML: members are elements of their names, and what is in a list is an ``item``."""
    root = etree.Element("refund")
    _fill(root, view)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _fill(element: etree._Element, value: Any) -> None:
    match value:
        case Mapping():
            for name, one in value.items():
                _fill(etree.SubElement(element, name), one)
        case list():
            for one in value:
                _fill(etree.SubElement(element, "item"), one)
        case None:
            return
        case _:
            element.text = str(value)


def _zipped(files: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _ANY_TIME), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()
