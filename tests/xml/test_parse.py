"""Bytes to tree: what is taken, what is refused and where, and what hostile documents can do (nothing)."""

import base64
import bz2
import gzip
import io
import lzma
import threading
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote
from xml.sax.saxutils import escape

import pytest
import zstandard
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

from esad_gateway.errors import MalformedXml, TooLarge
from esad_gateway.xml.parse import DEFAULT_LIMITS, TRADERS, Limits, parse

MEBIBYTE = 1024 * 1024
SIZE = DEFAULT_LIMITS.max_bytes


@pytest.mark.parametrize(
    "data",
    [
        b"<a/>",
        b"  \r\n<a/>\n",
        b'<?xml version="1.0" encoding="UTF-8"?>\n<a/>',
        b"<?xml version='1.0' encoding='utf-8' standalone='yes'?><a/>",
        b'<?xml version = "1.0"?><a/>',
        b"\xef\xbb\xbf<a/>",
        b'\xef\xbb\xbf<?xml version="1.0" encoding="Utf-8"?><a/>',
        b"<!-- <!DOCTYPE a> <?a?> --><a><![CDATA[<!DOCTYPE a> <?a?> ?]]></a>",
        "<a>ž€\U0001d11e &lt;&#38;&#x17E;</a>".encode(),
    ],
)
def test_ordinary_document_is_taken(data: bytes) -> None:
    """XML 1.0 in UTF-8 is taken, with or without mark and declaration; markup quoted in text does no harm."""
    assert parse(data).tag == "a"


@pytest.mark.parametrize(
    ("data", "reason", "line", "column"),
    [
        (b"", "the document is empty", 1, 1),
        (b"Siunta 5", "does not begin with '<'", 1, 1),
        ("<a/>".encode("utf-16"), "UTF-16", 1, 1),
        ("<a/>".encode("utf-16-be"), "is in UTF-16 (a zero byte", 1, 1),
        ("<a/>".encode("utf-16-le"), "is in UTF-16 (a zero byte", 1, 1),
        ("<a/>".encode("utf-32-le"), "is in UTF-32 (a zero byte", 1, 1),
        (b"<a>\n\n  \x00</a>", "a zero byte", 3, 3),
        (b" \n", "the document is empty", 1, 1),
        (b" Siunta", "Start tag expected", 1, 2),
        (b'<?xml version="1.0" encoding="ISO-8859-13"?><a/>', "declares encoding 'ISO-8859-13'", 1, 31),
        (b'<?xml version="1.0" encoding="UTF-7"?><a/>', "declares encoding 'UTF-7'", 1, 31),
        (
            b'<?xml version="1.1" encoding="UTF-8"?><a/>',
            "declares version 1.1; the XML declaration must be <?xml",
            1,
            1,
        ),
        (b'<?xml encoding="UTF-8"?><a/>', "must be <?xml version=", 1, 1),
        (b"<!DOCTYPE a><a/>", "DOCTYPE", 1, 1),
        (b'<a/>\n<!-- --> <!DOCTYPE a [<!ENTITY e "x">]>', "DOCTYPE", 2, 10),
        ("<a>\nžž <?php x?></a>".encode(), "processing instructions", 2, 4),
        (b'<?xml version="1.0"?><?xml-stylesheet href="x"?><a/>', "processing instructions", 1, 22),
        (b"<a>&e;</a>", "Entity 'e' not defined", 1, 7),
        (b"<a>\n<b></c></a>", "mismatch", 2, 8),
        (b"<a>", "Premature end", 1, 4),
        (b"<a/><b/>", "Extra content", 1, 5),
        (b"<p:a/>", "prefix p", 1, 5),
        (b'<a b="1" b="2"/>', "redefined", 1, 15),
        (b"<a>\n\xff</a>", "the byte 0xFF is not UTF-8 here", 2, 1),
        ("<a>\nžemė</a>".encode("cp1257"), "the byte 0xFE is not UTF-8 here (is the document in Windows-1257", 2, 1),
        (b"<a>Vynas & alus</a>", "(an ampersand in text is written &amp;)", 1, 11),
        (b"<a>\n\x01</a>", "", 2, 1),
    ],
)
def test_refusal_says_why_and_where(data: bytes, reason: str, line: int, column: int) -> None:
    """What is no such document is refused with a reason, and the line and column where it is."""
    with pytest.raises(MalformedXml) as refused:
        parse(data)
    assert reason in refused.value.reason
    assert "\n" not in refused.value.reason
    assert (refused.value.line, refused.value.column) == (line, column)


FIRST = b'<?xml version="1.0" encoding="UTF-8"?>'
MISPLACED = "the XML declaration must be the very first thing in the document, what stands before it ({}) has to go"


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (b"\n", "1 line break"),
        (b"\r\n\r\n", "2 line breaks"),
        (b"  ", "2 spaces"),
        (b"\t\n ", "1 line break, 1 space, 1 tab"),
        (b"\xef\xbb\xbf\n", "1 line break"),
        (b"\xef\xbb\xbf\xef\xbb\xbf", "1 byte order mark"),
        (b"Content-Type: text/xml\n\n", "'Content-Type: text/xml'"),
    ],
)
def test_what_stands_before_the_declaration_is_named(before: bytes, words: str) -> None:
    """A template that leaves an empty line: the cause is said, and not a word of processing instructions."""
    with pytest.raises(MalformedXml) as refused:
        parse(before + FIRST + b"<a/>")
    assert refused.value.reason == MISPLACED.format(words)
    assert (refused.value.line, refused.value.column) == (1, 1)


@pytest.mark.parametrize(
    ("document", "words", "line"),
    [
        (b"<!-- a -->\n" + FIRST + b"<a/>", MISPLACED.format("a comment"), 2),
        (FIRST + b"<a/>\n" + FIRST + b"<a/>", "two documents in one, or one inside the other", 2),
        (b"<a>\n" + FIRST + b"<b/></a>", "two documents in one, or one inside the other", 2),
    ],
    ids=["comment", "appended", "inside"],
)
def test_declaration_further_on_is_named(document: bytes, words: str, line: int) -> None:
    """A second declaration mostly means a second document."""
    with pytest.raises(MalformedXml) as refused:
        parse(document)
    assert refused.value.reason.endswith(words)
    assert refused.value.line == line


def zipped(data: bytes) -> bytes:
    """A ZIP archive with one file."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("draft.xml", data)
    return target.getvalue()


XML = FIRST + b"<a>" + b"b" * 100 + b"</a>"
INSTEAD = {
    "compressed with gzip": gzip.compress(XML),
    "compressed with deflate (zlib)": zlib.compress(XML),
    "compressed with bzip2": bz2.compress(XML),
    "compressed with xz": lzma.compress(XML),
    "compressed with Zstandard": zstandard.compress(XML),
    "a 7z archive": b"7z\xbc\xaf\x27\x1c\x00\x04",
    "a ZIP archive": zipped(XML),
    "in UTF-16": XML.decode().encode("utf-16"),
    "in UTF-16 (a zero byte follows": b"<\x00a\x00/\x00>\x00",
    "in UTF-16 (a zero byte stands before": b"\x00<\x00a\x00/\x00>",
    "in UTF-32": XML.decode().encode("utf-32"),
    "in UTF-32 (a zero byte follows": XML.decode().encode("utf-32-le"),
    "in UTF-32 (a zero byte stands before": XML.decode().encode("utf-32-be"),
    "in UTF-7": b"+ADw-a/+AD4-",
    "in EBCDIC": XML.decode().encode("cp037"),
    "in base64": base64.b64encode(XML),
    "in base64; send": base64.encodebytes(b"<ie:IE815/>" * 9),
    "URL-encoded": quote(XML).encode(),
    "escaped": escape(XML.decode()).encode(),
    "a form with parts": b"--boundary\r\nContent-Disposition: form-data",
    "a PDF file": b"%PDF-1.7",
    "a PEM file": b"-----BEGIN PKCS7-----",
    "binary ASN.1": b"\x30\x82\x01\x00",
    "JSON": b'{"message": "IE815"}',
}


@pytest.mark.parametrize("what", INSTEAD)
def test_what_was_sent_instead_of_xml_in_utf8_is_named(what: str) -> None:
    """Compressed, packed, encoded or of another kind: the refusal says which."""
    with pytest.raises(MalformedXml) as refused:
        parse(INSTEAD[what])
    assert refused.value.reason.startswith(f"the document is {what}")
    assert (refused.value.line, refused.value.column) == (1, 1)


@pytest.mark.parametrize(
    "rest",
    [b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x82", b"\xef\xbf\xbf", b"\x80", b"\x0b"],
    ids=lambda rest: rest.hex(),
)
@pytest.mark.parametrize(
    "frame", ["<a>%</a>", '<a b="%"/>', "<a%/>", "<a><!--%--></a>", "<a><![CDATA[%]]></a>", "<a/>%"]
)
def test_bytes_that_are_no_characters_are_refused_everywhere(frame: str, rest: bytes) -> None:
    """Broken UTF-8, surrogates and forbidden characters are refused in text, attributes, names and comments."""
    with pytest.raises(MalformedXml):
        parse(frame.encode().replace(b"%", rest))


def nested(levels: int) -> bytes:
    """A document of that many levels."""
    return b"<a>" * levels + b"</a>" * levels


def with_attributes(count: int) -> bytes:
    """A document whose second element has that many attributes."""
    return b"<a>\n  <b" + b"".join(b" c%d='='" % number for number in range(count)) + b"/></a>"


def with_namespaces(count: int) -> bytes:
    """A document of that many namespace declarations, one an element."""
    return b"<a>xmlns xmlns='x'" + b"".join(b"<b xmlns:c%d='urn:c'/>" % number for number in range(count)) + b"</a>"


def many(count: int, attributes: int = 0) -> bytes:
    """A document of that many elements in its root, each with so many attributes."""
    return b"<a>" + (b"<b" + b"".join(b' c%d=""' % number for number in range(attributes)) + b"/>") * count + b"</a>"


SMALL = Limits(max_bytes=4000, max_depth=9, max_elements=5, max_attributes=4, max_namespaces=3, max_text=50)


@pytest.mark.parametrize(
    ("limits", "most", "one_more", "reason"),
    [
        (DEFAULT_LIMITS, nested(256), nested(257), "256 levels"),
        (SMALL, nested(5), nested(6), "5 elements"),
        (replace(SMALL, max_elements=99), nested(9), nested(10), "9 levels"),
        (DEFAULT_LIMITS, with_attributes(64), with_attributes(65), "64 attributes"),
        (SMALL, with_attributes(4), with_attributes(5), "4 attributes"),
        (DEFAULT_LIMITS, with_namespaces(64), with_namespaces(65), "64 namespace"),
        (SMALL, with_namespaces(3), with_namespaces(4), "3 namespace"),
        (DEFAULT_LIMITS, many(51_999), many(52_000), "52000 elements"),
        (TRADERS, many(49_999), many(50_000), "50000 elements"),
        (TRADERS, many(1000, 50), many(1001, 50), "50000 attributes in all"),
        (SMALL, b"<a>" + b"x" * 50 + b"</a>", b"<a>" + b"x" * 51 + b"</a>", "50 bytes of text"),
        (SMALL, b"<a b='" + b"x" * 50 + b"'/>", b"<a b='" + b"x" * 51 + b"'/>", "50 bytes in one attribute"),
        (SMALL, b"<a>" + b"x<!---->" * 6 + b"</a>", b"<a>" + b"x<!---->" * 7 + b"</a>", "50 bytes of text"),
    ],
)
def test_limits_are_exact(limits: Limits, most: bytes, one_more: bytes, reason: str) -> None:
    """A document at a limit is taken, one beyond it is refused."""
    parse(most, limits)
    with pytest.raises(MalformedXml, match=reason):
        parse(one_more, limits)


def test_document_of_too_many_bytes_is_refused_unread() -> None:
    """One byte more than allowed is refused, whatever the bytes are."""
    assert parse(b"<a/>" + b" " * (SMALL.max_bytes - 4), replace(SMALL, max_text=9999)).tag == "a"
    with pytest.raises(TooLarge) as refused:
        parse(b"\xff" * (SMALL.max_bytes + 1), SMALL)
    assert refused.value.limit == SMALL.max_bytes


def test_place_beyond_a_limit_is_the_element() -> None:
    """A refusal for a limit names the line and column of the element that goes beyond it."""
    with pytest.raises(MalformedXml) as refused:
        parse(with_attributes(65))
    assert (refused.value.line, refused.value.column) == (2, 3)


def test_comments_do_not_split_text() -> None:
    """A comment inside a value is gone and the value is one text, so nobody reads half of it."""
    root = parse(b"<a>LT0000<!-- x -->0000101<!--<b/>--></a><!-- end -->")
    assert root.text == "LT00000000101"
    assert list(root.iter()) == [root]


MARKUP = st.recursive(
    st.sampled_from(["x", " ", "&amp;", "<!-- c -->", "<!---->", "<![CDATA[<]]>", "ž"]),
    lambda inner: st.lists(inner, max_size=4).map(lambda parts: f"<e xmlns:p='urn:p' p:q='1'>{''.join(parts)}</e>"),
    max_leaves=20,
)


@given(st.lists(MARKUP, max_size=5))
@settings(max_examples=100)
def test_leaving_comments_out_changes_no_digest(parts: list[str]) -> None:
    """The exclusive canonical form without comments is the same for our tree and for one that has the comments."""
    data = f"<!-- before --><a xmlns='urn:a'>{''.join(parts)}</a><!-- after -->".encode()
    ours, theirs = parse(data).getroottree(), etree.fromstring(data).getroottree()
    expected = etree.tostring(theirs, method="c14n", exclusive=True, with_comments=False)
    assert etree.tostring(ours, method="c14n", exclusive=True, with_comments=False) == expected


def test_lines_beyond_65535_are_kept() -> None:
    """An item far down in a document knows its line, although libxml2 has only 16 bits for it; a group is near."""
    root = parse(b"<a>" + b"\n" * 70_000 + b"<b>\n<c>x</c>\n</b></a>")
    lines = {element.tag: element.sourceline for element in root.iter()}
    assert lines["c"] == 70_002
    assert lines["b"] in (70_001, 70_002)


def test_outside_entity_is_not_fetched(tmp_path: Path) -> None:
    """A document that names a file or an address as entity is refused before anything is read."""
    (tmp_path / "secret").write_text("secret")
    data = f'<!DOCTYPE a [<!ENTITY e SYSTEM "{(tmp_path / "secret").as_uri()}">]><a>&e;</a>'.encode()
    with pytest.raises(MalformedXml, match="DOCTYPE"):
        parse(data)


def fill(piece: bytes, before: bytes = b"<a>", after: bytes = b"</a>") -> bytes:
    """``piece`` as often as a document of the largest size has room for it."""
    return before + piece * ((SIZE - len(before) - len(after)) // len(piece)) + after


LAUGHS = b"".join(b'<!ENTITY l%d "%s">' % (level + 1, b"&l%d;" % level * 10) for level in range(9))
HOSTILE = {
    "billion laughs": b'<!DOCTYPE a [<!ENTITY l0 "lol">' + LAUGHS + b"]><a>&l9;</a>",
    "deep": fill(b"<a>", b"", b""),
    "elements": fill(b"<a/>"),
    "100,000 namespaces on one": b"<a " + b" ".join(b'xmlns:n%d="u"' % n for n in range(100_000)) + b"/>",
    "100,000 namespaces": b"<a>" + b"".join(b'<n%d:a xmlns:n%d="u"/>' % (n, n) for n in range(100_000)) + b"</a>",
    "100,000 attributes": b"<a " + b" ".join(b'a%d=""' % n for n in range(100_000)) + b"/>",
    "100,000 equal attributes": b"<a " + b'a="" ' * 100_000 + b"/>",
    "unknown entities": fill(b"&e;"),
    "undeclared prefixes": fill(b"<p:a/>"),
    "instructions": fill(b"<?a?>"),
    "open brackets": fill(b"<", b"", b""),
    "open tags": fill(b'<a "'),
    "open sections": fill(b"<![CDATA["),
    "open comments": fill(b"<!--"),
    "end tags": fill(b"</a>", b"", b""),
    "long name": fill(b"a", b"<", b"/>"),
    "quotes": fill(b'""', b"<a ", b"></a>"),
}
TAKEN = {
    "text in comments": fill(b"a<!---->"),
    "text in sections": fill(b"<![CDATA[a]]>"),
    "character references": fill(b"&#65;"),
    "character references in an attribute": fill(b"&#65;", b'<a b="', b'"/>'),
    "equals signs": fill(b"="),
    "xmlns": fill(b"xmlns='' "),
    "lines": fill(b"\n"),
    "letters": fill("ž".encode()),
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_hostile_document_is_refused(data: bytes) -> None:
    """Documents of up to 6 MiB that were made to hurt are refused; a step that is not linear would take hours here."""
    with pytest.raises(MalformedXml):
        parse(data)


@pytest.mark.parametrize("data", TAKEN.values(), ids=TAKEN)
def test_strange_but_harmless_document_is_taken(data: bytes) -> None:
    """Documents of 6 MiB that only look dangerous are taken; a step that is not linear would take hours here."""
    assert parse(data).tag == "a"


WORDS = (
    b"<a> </a> <b > /> xmlns='u' d= c='1' <!-- --> "
    b"<?x?> <![CDATA[ ]]> &lt; &e; <!DOCTYPE \xef\xbb\xbf \xff x = ' \" < \0 p:"
)
SHRED = st.sampled_from([*WORDS.split(b" "), b" ", b"\n", b'<?xml version="1.0" encoding="', b'UTF-8"?>'])
SHREDS = st.lists(SHRED, max_size=25).map(b"".join)


def refusal(data: bytes, limits: Limits = DEFAULT_LIMITS) -> MalformedXml | None:
    """Why ``data`` is refused; None when it is taken."""
    try:
        parse(data, limits)
    except MalformedXml as refused:
        return refused
    return None


@given(st.one_of(st.binary(max_size=200), SHREDS, SHREDS.map(lambda shreds: b"<a>" + shreds + b"</a>")))
@example(b"<a>\n" * 300)
@settings(max_examples=400)
def test_any_bytes_are_a_tree_or_a_refusal(data: bytes) -> None:
    """Whatever the bytes, the outcome is an element or a refusal with a place inside of the document."""
    refused = refusal(data)
    if refused is not None:
        assert refused.reason
        assert 1 <= refused.line <= data.count(b"\n") + 1
        assert 1 <= refused.column <= len(data) + 1


@given(SHREDS)
@settings(max_examples=300)
def test_quick_counts_never_understate(shreds: bytes) -> None:
    """A document is refused for a limit exactly if it is when every document is scanned (a lower depth forces that)."""
    data = b"<a>" + shreds + b"</a>"
    quick = Limits(max_elements=3, max_attributes=1, max_namespaces=1, max_text=20)
    assert str(refusal(data, quick)) == str(refusal(data, replace(quick, max_depth=255)))


def test_threads_parse_side_by_side() -> None:
    """Four threads that parse at the same time get each their own documents and refusals."""
    wrong: list[str] = []

    def work(name: str) -> None:
        for number in range(300):
            text = f"{name}{number}"
            if parse(f"<{name}>{text}</{name}>".encode()).text != text:
                wrong.append(text)
            refused = refusal(f"<{name}>\n{text}</x>".encode())
            if refused is None or name not in refused.reason or refused.line != 2:
                wrong.append(str(refused))

    threads = [threading.Thread(target=work, args=(name,)) for name in ("a", "bb", "ccc", "dddd")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
