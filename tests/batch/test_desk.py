"""Batches handed in: on disk before anybody is told so, by whom they were signed, and nobody else's business."""

import csv
import hashlib
import io
import os
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from lxml import etree

from esad_gateway.batch.tables.mending import FileCorrections
from esad_gateway.errors import (
    KeyReused,
    MalformedXml,
    NotFound,
    SignatureRefused,
    SignerNotAllowed,
    StoreUnavailable,
    TooLarge,
)
from esad_gateway.ports.batches import LARGEST_FILE, BatchQuery, BatchState, RowOutcome, Upload
from esad_gateway.signing.detached import sign_file
from helpers.batches import Office, keeping, receipts, table
from helpers.gateway import CONSIGNEE, CONSIGNOR, NOW, Box, Station

ROWS = "urn:esad-gateway:rows:1"
CONTENT = table("saad", NOW.date(), receipts("A"))
DAY = timedelta(days=1)


@pytest.fixture
def lt(box: Box) -> Iterator[Station]:
    """The gateway of Lithuania; what is lost here its check would find."""
    with box.open("LT") as station:
        yield station


def left(office: Office) -> list[str]:
    """What there is on disk of batches."""
    folder = office.runtime.data.batches
    return sorted(one.name for one in folder.iterdir()) if folder.exists() else []


def signature(box: Box, seed: str, content: bytes = CONTENT) -> bytes:
    """A detached signature of a trader."""
    identity = box.traders[seed].identity
    return sign_file(content, "saad.csv", identity.key, identity.certificate)


def test_file_is_on_disk_for_its_owner_only_before_it_is_told_so(office: Office) -> None:
    """Under the number of the batch, whatever its sender calls it, byte for byte."""
    batch = office.hand_in(CONTENT)
    path = office.desk.file(CONSIGNEE, batch.id)

    assert path.read_bytes() == CONTENT
    assert batch.sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert (batch.size, batch.estimate, batch.name) == (len(CONTENT), 1, "saad.csv")
    assert [one.stat().st_mode & 0o777 for one in (path, path.parent, path.parent.parent)] == [0o600, 0o700, 0o700]


def test_name_that_climbs_out_of_the_folder_is_only_a_name(office: Office, box: Box) -> None:
    """It is kept to be shown, and names no file."""
    before = sorted(box.members["LT"].data.root.parent.iterdir())
    with office.desk.receiving() as file:
        file.write(CONTENT)
        batch, _ = office.desk.take(file, Upload(trader=CONSIGNEE, kind="saad", name="../../x.csv"))

    assert batch.name == "../../x.csv"
    assert sorted(box.members["LT"].data.root.parent.iterdir()) == before
    assert left(office) == [batch.id]


def test_upload_that_breaks_off_leaves_nothing(office: Office) -> None:
    """A client that goes away in the middle of its file."""
    with office.desk.receiving() as file:
        file.write(CONTENT[:100])
        arriving = left(office)

    assert len(arriving) == 1
    assert left(office) == []
    assert office.desk.batches(CONSIGNEE, BatchQuery()) == []


def test_upload_of_a_process_that_was_killed_is_removed_later(office: Office) -> None:
    """What has not come to its end within a day is gone; a batch stays, and so does a whole file that is none."""
    kept = office.hand_in(CONTENT)
    folder = office.runtime.data.batches
    for name, file, age in (("old", "arriving", 2 * DAY), ("new", "arriving", DAY / 12), ("lost", "file", 2 * DAY)):
        (folder / name).mkdir()
        (folder / name / file).write_bytes(CONTENT)
        _age(folder / name, age)
    _age(folder / kept.id, 9 * DAY)

    keeping(office.runtime).remove()

    assert left(office) == sorted([kept.id, "new", "lost"])


def test_file_that_is_too_large_is_refused_and_leaves_nothing(office: Office) -> None:
    """Before its end has come."""
    with office.desk.receiving() as file:
        file.size = LARGEST_FILE - 1  # as if so many bytes had come: writing them would take seconds
        file.write(b"1")
        with pytest.raises(TooLarge):
            file.write(b"2")

    assert left(office) == []


def test_full_disk_takes_nothing(office: Office, lt: Station) -> None:
    """The batch cannot be committed: its sender is told to send it again, and its file is gone."""
    with lt.runtime.store.writer.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    told = {f"column {number}": "x" * 100 for number in range(200)}
    with pytest.raises(StoreUnavailable, match="full"):
        office.hand_in(CONTENT, declared=told)

    assert left(office) == []


def test_folder_that_cannot_be_written_takes_nothing(office: Office) -> None:
    """As a disk that is gone: nothing was taken, and the same may be sent again."""
    office.runtime.data.batches.write_text("a file in its place", encoding="utf-8")

    with pytest.raises(StoreUnavailable, match="cannot be kept"):
        office.hand_in(CONTENT)


def test_same_key_gives_the_same_batch(office: Office) -> None:
    """Somebody whose connection broke asks again; the file that came twice is kept once."""
    first = office.hand_in(CONTENT, key="k")
    again = office.hand_in(CONTENT, key="k")

    assert again == first
    assert left(office) == [first.id]


def test_file_that_is_lost_is_brought_back_by_its_sender(office: Office) -> None:
    """The same file with the same key stands in for it, and the batch goes on; one that has ended needs none."""
    batch = office.hand_in(CONTENT, key="k")
    office.desk.file(CONSIGNEE, batch.id).unlink()
    office.work()
    stopped = office.desk.batch(CONSIGNEE, batch.id)
    office.hand_in(CONTENT, key="k")
    office.desk.resume(CONSIGNEE, batch.id)
    office.work()
    office.desk.file(CONSIGNEE, batch.id).unlink()
    office.hand_in(CONTENT, key="k")

    assert (stopped.state, left(office)) == (BatchState.STOPPED, [batch.id])
    assert office.outcomes(batch) == [RowOutcome.TAKEN]
    with pytest.raises(NotFound, match="is lost here"):
        office.desk.file(CONSIGNEE, batch.id)


def test_key_of_another_file_is_refused_and_leaves_nothing(office: Office) -> None:
    """Nothing is taken under a key that says that it was taken already."""
    first = office.hand_in(CONTENT, key="k")

    with pytest.raises(KeyReused):
        office.hand_in(CONTENT + b"\n", key="k")
    assert left(office) == [first.id]


def test_batch_of_another_trader_does_not_exist(office: Office) -> None:
    """It is answered like one that is missing, whatever is asked of it."""
    batch = office.hand_in(CONTENT)
    told = []
    for asked in (office.desk.batch, office.desk.file, office.desk.withdraw, office.desk.resume):
        for trader, number in ((CONSIGNOR, batch.id), (CONSIGNEE, "0" * 32)):
            with pytest.raises(NotFound) as raised:
                asked(trader, number)
            told.append(str(raised.value).replace(number, "N"))

    assert set(told) == {"no batch N"}
    assert office.desk.batches(CONSIGNOR, BatchQuery()) == []


def test_signature_beside_the_file_proves_who_signed_it(office: Office, box: Box) -> None:
    """The signer is kept, and shown with the batch."""
    batch = office.hand_in(CONTENT, signature=signature(box, CONSIGNEE))

    assert batch.signer == box.traders[CONSIGNEE].signer.fingerprint
    assert office.desk.batch(CONSIGNEE, batch.id).signer == batch.signer
    assert office.desk.batch(CONSIGNEE, batch.id).signed_beside


def test_signature_of_somebody_else_is_refused(office: Office, box: Box) -> None:
    """Nothing is taken, although the signature holds."""
    with pytest.raises(SignerNotAllowed):
        office.hand_in(CONTENT, signature=signature(box, CONSIGNOR))

    assert left(office) == []


def test_signature_of_another_file_is_refused(office: Office, box: Box) -> None:
    """A row that was changed after it was signed."""
    with pytest.raises(SignatureRefused, match="the file is not the one that was signed"):
        office.hand_in(CONTENT.replace(b"1000", b"1001"), signature=signature(box, CONSIGNEE))

    assert left(office) == []


@pytest.mark.parametrize("form", [b"", b"no XML", b"<a" + b" " * 300_000 + b"/>"])
def test_signature_that_is_none_is_refused_cheaply(office: Office, form: bytes) -> None:
    """Its size and form are looked at before anything is computed."""
    with pytest.raises((MalformedXml, TooLarge)):
        office.hand_in(CONTENT, signature=form)

    assert left(office) == []


def signed_xml(box: Box, seed: str) -> bytes:
    """A file of rows in XML that carries a signature."""
    root = etree.fromstring(b"<rows><row><document>A</document></row></rows>")
    return box.traders[seed].signer.sign(root)


def test_xml_may_carry_its_signature(office: Office, box: Box) -> None:
    """Under ESAD-SIG-1, as messages do."""
    batch = office.hand_in(signed_xml(box, CONSIGNEE), declared={"format": "xml"})

    assert batch.signer == box.traders[CONSIGNEE].signer.fingerprint
    assert not batch.signed_beside


def test_xml_that_carries_its_signature_is_read_as_rows(office: Office, box: Box) -> None:
    """What the signature adds is none of the rows, and the corrections of such a file are rows as well."""
    given = [*receipts("A"), *receipts("B", quantity="x")]
    found = csv.DictReader(table("saad", NOW.date(), given).decode().splitlines(), delimiter=";")
    root = etree.Element(f"{{{ROWS}}}rows", nsmap={None: ROWS})
    for row in found:
        document = etree.SubElement(root, f"{{{ROWS}}}document")
        for name, text in row.items():
            etree.SubElement(document, f"{{{ROWS}}}value", name=name).text = text
    batch = office.done(box.traders[CONSIGNEE].signer.sign(root), declared={"format": "xml"})

    assert batch.signer == box.traders[CONSIGNEE].signer.fingerprint
    assert office.outcomes(batch) == [RowOutcome.TAKEN, RowOutcome.REFUSED]
    assert FileCorrections(office.desk).write(batch, io.BytesIO()) == "xml"


def test_xml_with_a_signature_that_does_not_hold_is_refused(office: Office, box: Box) -> None:
    """It is never taken for a file without one: by somebody else, changed, or with a broken signature."""
    good = signed_xml(box, CONSIGNEE)
    wrong: list[tuple[bytes, type[Exception]]] = [
        (signed_xml(box, CONSIGNOR), SignerNotAllowed),
        (good.replace(b">A<", b">B<"), SignatureRefused),
        (good.replace(b"SignatureValue", b"SignatureValu"), SignatureRefused),
        (good[:-3], MalformedXml),
    ]
    for content, refusal in wrong:
        with pytest.raises(refusal):
            office.hand_in(content, declared={"format": "xml"})

    assert left(office) == []


def test_file_without_a_signature_has_no_signer(office: Office) -> None:
    """XML as well as anything else; the token alone says whose it is then."""
    assert office.hand_in(b"<rows/>", declared={"format": "xml"}).signer is None
    assert office.hand_in(CONTENT).signer is None


def _age(path: Path, age: timedelta) -> None:
    at = time.time() - age.total_seconds()
    os.utime(path, (at, at))
