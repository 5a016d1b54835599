"""The largest document that a trader may send can be answered, issued, and read by another gateway of this kind."""

from dataclasses import replace

import pytest

from esad_gateway.emcs.messages import IE815
from esad_gateway.emcs.messages.groups import Package
from esad_gateway.emcs.movement import Origin
from esad_gateway.errors import MalformedXml, TooLarge, TooLargeToIssue
from esad_gateway.ports.reading import Outcome
from esad_gateway.transport.envelope import deliver, document_of
from esad_gateway.xml.binding import Binder
from esad_gateway.xml.parse import DEFAULT_LIMITS, TRADERS
from helpers.gateway import CONSIGNOR, FOREIGN_CONSIGNEE, Box, Station, new_draft

LINES = 200


def large(packages: int, marks: str = "x") -> IE815:
    """A draft of many lines with so many packages in all, each marked with a text."""
    sample = new_draft()
    first, *_ = sample.body_ead_esad
    kind = first.package[0].kind_of_packages
    package = Package(kind_of_packages=kind, number_of_packages=1, shipping_marks=marks)
    spread = [packages // LINES + (number < packages % LINES) for number in range(LINES)]
    lines = [
        replace(first, body_record_unique_reference=number, package=(package,) * count)
        for number, count in enumerate(spread, start=1)
    ]
    return replace(sample, body_ead_esad=tuple(lines))


def elements(document: bytes) -> int:
    """How many elements a document has; none of these is written empty."""
    return document.count(b"</")


def draft_of_elements(box: Box, count: int) -> bytes:
    """A signed draft of exactly so many elements: each package has four, or three without marks."""
    missing = count - elements(box.signed(CONSIGNOR, large(LINES)))
    draft = large(LINES + missing // 4)
    last = draft.body_ead_esad[-1]
    lacking = count - elements(box.signed(CONSIGNOR, draft))
    seals = (replace(last.package[0], commercial_seal_identification="s"),) * lacking
    lines = (*draft.body_ead_esad[:-1], replace(last, package=(*seals, *last.package[lacking:])))
    return box.signed(CONSIGNOR, replace(draft, body_ead_esad=lines))


def exchanged(lt: Station, pl: Station, document: bytes) -> None:
    """Submit a draft, and deliver the e-SAD made of it as it travels, to its end."""
    receipt = lt.take(document)
    assert receipt.outcome is Outcome.ACCEPTED, receipt.faults[:3]
    ((_, e_sad),) = lt.due()
    taken = pl.take(document_of(deliver(e_sad)), Origin.ADMINISTRATION)
    assert taken.outcome is Outcome.ACCEPTED
    assert pl.types(FOREIGN_CONSIGNEE) == [("out", "IE801")]
    assert pl.last(FOREIGN_CONSIGNEE).ead_esad.local_reference_number


def test_draft_of_most_elements_is_issued_and_read(box: Box, lt: Station, pl: Station) -> None:
    """Exactly as many as the traders' door takes; one more is refused there."""
    most = draft_of_elements(box, TRADERS.max_elements)
    assert elements(most) == TRADERS.max_elements

    exchanged(lt, pl, most)

    with pytest.raises(MalformedXml, match="more than 50000 elements"):
        lt.take(draft_of_elements(box, TRADERS.max_elements + 1))


def test_draft_of_most_bytes_is_issued_and_read(box: Box, lt: Station, pl: Station) -> None:
    """Filled up to the last byte that the traders' door takes; one more is refused there."""
    draft = box.signed(CONSIGNOR, large(9_000, "m" * 300))
    assert len(draft) < TRADERS.max_bytes
    filled = draft + b"\n" * (TRADERS.max_bytes - len(draft))

    exchanged(lt, pl, filled)

    with pytest.raises(TooLarge):
        lt.take(filled + b"\n")


def test_draft_that_grows_when_it_is_written_out_is_refused_at_the_door(box: Box, lt: Station) -> None:
    """Characters that are escaped when we write: what would be too large for others is never accepted."""
    root = Binder("V3.23").write(large(9_000))
    for marks in root.iter("{*}ShippingMarks"):
        marks.text = ">" * 300
    # A document may have them as they are: its canonical form, which is signed, has references for them.
    grows = box.traders[CONSIGNOR].signer.sign(root).replace(b"&gt;", b">")
    assert len(grows) < TRADERS.max_bytes

    with pytest.raises(TooLargeToIssue, match=f"at most {DEFAULT_LIMITS.max_bytes - 65536}"):
        lt.take(grows)

    assert lt.mailbox(CONSIGNOR) == ()
