"""Documents as they are kept: byte for byte as they were, small also when nobody has seen their like, for ever."""

import shutil
import sqlite3
from base64 import b64encode
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from itertools import islice
from pathlib import Path
from random import Random

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from esad_gateway.benchmarks.material import Material
from esad_gateway.benchmarks.ours import Ours
from esad_gateway.bootstrap import Parts, build
from esad_gateway.errors import StoreDamaged, StoreUnavailable
from esad_gateway.ports.writing import Document
from esad_gateway.signing.pki import KeyKind
from esad_gateway.store.documents import document_rows
from esad_gateway.store.packing import (
    DICTIONARIES,
    FOLDER,
    HOW,
    NEWEST,
    Dictionaries,
    Packer,
    cut,
    pack,
    pack_quickly,
    unpack,
    whole,
)
from helpers.build_dictionary import Drawing, dictionary, documents, words
from helpers.gateway import CONSIGNOR, Box, Station, new_draft

ROUND_TRIP = 4096
"""Bytes of database that a draft and its e-SAD may take, with everything around them: rows, indexes, room in pages."""

UNSEEN = words(
    firms="MB Kregždė; Jaskółka S.A.; Schwalbe KG; Hirondelle SA; Rondine SpA; Čiurlys ir Ko",
    streets="Gedimino pr.; ul. Długa; Hauptstraße; avenue Foch; via Roma; Žirmūnų g.",
    towns="Panevėžys; Łódź; Ulm; Lyon; Bari; Zaragoza; Oulu",
    goods="Mead of the old kind; Fruit wine, sweet; Rum aged three years; Pipe tobacco; Perry",
)
PIECES = st.sampled_from([b"X509Certificate>", b"<", b"</ds:X509Certificate>", b"<ds:X509Certificate>", b"MII", b">"])


@given(st.lists(PIECES | st.binary(max_size=20), max_size=12).map(b"".join))
def test_any_bytes_come_back(body: bytes) -> None:
    """Whatever stands in a document, marks of certificates in any place as well."""
    rest, certificates = cut(body)

    assert whole(rest, certificates) == body
    assert unpack(pack(rest), certificates) == body
    assert len(rest) + len(certificates) == len(body)


def test_marks_in_free_text_leave_a_document_packed() -> None:
    """One far from the certificates, or nothing else for megabytes: all is packed; eight long ones are cut out."""
    text = b"<Text>X509Certificate></Text>" + b"<Goods>Mead</Goods>" * 50_000
    long = b"</ds:X509Certificate>\n<ds:X509Certificate>".join([b"M" * 6_000] * 8)

    for body in (_signed(text, b"MII"), b"<X509Certificate>" * 400_000):
        rest, certificates = cut(body)
        assert (rest, certificates) == (body, b"")
        assert len(pack(rest)) < len(body) / 100
        assert unpack(pack(rest)) == body
    assert cut(_signed(b"<Text/>", long))[1] == long


def test_what_is_packed_quickly_is_read_as_everything_is() -> None:
    """A draft that waits in a batch is removed again soon: it is somewhat larger, and packed in less time."""
    body = b"<IE815>" + b"<ExciseProductCode>W200</ExciseProductCode>" * 20 + b"</IE815>"

    assert unpack(pack_quickly(body)) == body
    assert zstandard.get_frame_parameters(pack_quickly(body)).dict_id == NEWEST
    assert len(pack_quickly(body)) < len(body) / 3


def test_bytes_after_a_packed_document_are_damage() -> None:
    """Nobody packed them: a byte, or another document."""
    packed = pack(b"hello")

    for more in (b"x", packed):
        with pytest.raises(StoreDamaged, match="cannot be unpacked"):
            unpack(packed + more)


def test_certificates_of_a_signer_are_kept_once() -> None:
    """Two documents with a chain of three: one row for all three, and none of it in the documents."""
    drawing = Drawing(1, UNSEEN)
    chain = b"</ds:X509Certificate><ds:X509Certificate>".join(_certificate(number) for number in range(3))
    bodies = [_with(document, chain) for document in islice(documents(drawing), 2)]

    rows, carried = document_rows({sha256(body).digest(): Document(body, "f" * 64) for body in bodies}, {})

    assert [one["text"] for one in carried] == [chain]
    assert [unpack(row["body"], chain) for row in rows] == bodies
    assert all(len(row["body"]) < 1500 for row in rows)


def test_same_certificates_under_another_signer_are_another_row() -> None:
    """Who has signed is a part of what is kept once."""
    first, second = islice(documents(Drawing(1)), 0, 3, 2)

    _, carried = document_rows({b"1": Document(first, "a" * 64), b"2": Document(second, "b" * 64)}, {})

    assert [(one["fingerprint"], one["text"]) for one in carried] == [
        ("a" * 64, cut(first)[1]),
        ("b" * 64, cut(second)[1]),
    ]
    assert carried[0]["text"] == carried[1]["text"]


def test_documents_that_nobody_has_seen_are_packed_small() -> None:
    """Other names, places and goods, all types of messages: less than half of what zstd alone makes of them."""
    rests = [cut(document)[0] for document in documents(Drawing(2, UNSEEN), {}, 2)]
    alone = zstandard.ZstdCompressor(level=1)

    packed, unaided = (sum(map(len, map(how, rests))) for how in (pack, alone.compress))

    assert packed < unaided / 2
    assert packed / len(rests) < 900


def test_dictionary_knows_no_words_of_those_who_are_measured() -> None:
    """The figures of the benchmark are of data that the dictionary was not made from."""
    content = _content(NEWEST)

    for name in ("Pavyzdys", "Przykład", "Magazynowa", "White wine in bottles", "AAA 001"):
        assert name.encode() not in content


def test_dictionaries_are_those_that_were_made() -> None:
    """Every one that ever was, and no other: what was packed with it is read for ever."""
    there = {int(file.stem): sha256(file.read_bytes()).hexdigest() for file in FOLDER.glob("*.zdict")}

    assert there == DICTIONARIES


def test_dictionary_can_be_made_again() -> None:
    """The command that made the newest one makes one that serves as well, from the fixtures as they are today.

    From the same fixtures it makes the same bytes.
    """
    rests = [cut(document)[0] for document in documents(Drawing(3, UNSEEN), {}, 1)]
    made, shipped = (zstandard.ZstdCompressionDict(one) for one in (dictionary(), _content(NEWEST)))

    again, before = (sum(len(_packed(one, rest)) for rest in rests) for one in (made, shipped))

    assert made.dict_id() == shipped.dict_id() == NEWEST
    assert again == pytest.approx(before, rel=0.03)


def test_packed_bytes_say_with_which_dictionary() -> None:
    """Its number stands in them, and what was packed with none is read as well."""
    assert zstandard.get_frame_parameters(pack(b"e-SAD")).dict_id == NEWEST
    assert unpack(zstandard.compress(b"e-SAD")) == b"e-SAD"


def test_unknown_dictionary_is_damage() -> None:
    """The number is told; what it means is the reader's to judge."""
    with pytest.raises(StoreDamaged, match=r"dictionary 9, and this esad-gateway has none after 1"):
        unpack(of_dictionary(9))


def test_certificates_without_a_place_are_damage() -> None:
    """They belong to another document."""
    with pytest.raises(StoreDamaged, match="no place in it"):
        unpack(pack(b"<e-SAD/>"), b"MII")


@pytest.mark.parametrize(
    ("content", "told"), [(b"another", "is damaged: install esad-gateway anew"), (None, "cannot be read: No such file")]
)
def test_damaged_dictionary_is_told_with_its_file(tmp_path: Path, content: bytes | None, told: str) -> None:
    """It is the installation that is broken, not the store; nothing is packed or unpacked with it."""
    packed = pack(b"e-SAD")
    if content:
        (tmp_path / f"{NEWEST}.zdict").write_bytes(content)
    packer = Packer(Dictionaries(tmp_path))

    uses: tuple[Callable[[], bytes], ...] = (lambda: packer.pack(b"e-SAD"), lambda: packer.unpack(packed))
    for use in uses:
        with pytest.raises(StoreUnavailable, match=told) as refused:
            use()
        assert str(tmp_path / f"{NEWEST}.zdict") in str(refused.value)
    shutil.copy(FOLDER / f"{NEWEST}.zdict", tmp_path)
    assert packer.unpack(packer.pack(b"e-SAD")) == b"e-SAD"


def test_round_trip_takes_four_kilobytes_of_database(tmp_path: Path) -> None:
    """A draft, its e-SAD in two mailboxes, the movement, what waits for delivery, and every index, with RSA keys."""
    material, many = Material.make(tmp_path, KeyKind.RSA), 384
    runtime = build(Parts(material.data.root))
    with closing(runtime.store):
        ours, drafts = Ours(runtime), [draft.signed for draft in islice(material.drafts(), many)]
        before = _bytes(material.data.database)
        for begin in range(0, many, 64):
            ours.round_trip(drafts[begin : begin + 64])
        taken = _bytes(material.data.database) - before

    assert taken / many <= ROUND_TRIP


def test_documents_come_back_from_the_store(lt: Station, box: Box) -> None:
    """What was taken and what was made of it, byte for byte."""
    sent = box.signed(CONSIGNOR, new_draft())
    lt.take(sent)

    bodies = [lt.document(CONSIGNOR, listed.seq) for listed in lt.mailbox(CONSIGNOR)]

    assert bodies[0] == sent
    assert {sha256(body).digest() for body in bodies} == {row["document"] for row in lt.rows("message")}


def _signed(text: bytes, certificates: bytes) -> bytes:
    return text + b"<ds:X509Certificate>" + certificates + b"</ds:X509Certificate>"


def of_dictionary(number: int) -> bytes:
    """Packed bytes that name another dictionary: its number follows the magic number and one byte."""
    packed = pack(b"e-SAD")
    assert packed[5] == NEWEST
    return packed[:5] + bytes([number]) + packed[6:]


def _content(number: int) -> bytes:
    return (FOLDER / f"{number}.zdict").read_bytes()


def _packed(with_dictionary: zstandard.ZstdCompressionDict, body: bytes) -> bytes:
    return zstandard.ZstdCompressor(dict_data=with_dictionary, compression_params=HOW).compress(body)


def _certificate(number: int) -> bytes:
    return b64encode(Random(number).randbytes(900))  # noqa: S311 - nobody trusts it


def _with(document: bytes, certificates: bytes) -> bytes:
    rest, _ = cut(document)
    return whole(rest, certificates)


def _bytes(database: Path) -> int:
    with closing(sqlite3.connect(database)) as connection:
        pages, size = (connection.execute(f"PRAGMA {asked}").fetchone()[0] for asked in ("page_count", "page_size"))
        return int(pages * size)
