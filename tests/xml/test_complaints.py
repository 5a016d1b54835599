"""What the parser complains about is said in every language; what is rare is quoted."""

import re

import pytest

from esad_gateway.errors import MalformedXml
from esad_gateway.faults import said
from esad_gateway.texts import say
from esad_gateway.xml.complaints import COMPLAINTS, complaint
from esad_gateway.xml.parse import parse

DOCUMENTS = {
    "xml.no_root": b"<!-- nothing but a comment -->",
    "xml.mismatch": b"<draft>\n<line></lines></draft>",
    "xml.premature": b"<draft><line/>",
    "xml.extra": b"<draft/><draft/>",
    "xml.ampersand": b"<name>Vynas & alus</name>",
    "xml.entity": b"<name>&nbsp;</name>",
    "xml.less_than": b"<name a='<'/>",
    "xml.attribute_twice": b"<name a='1' a='2'/>",
    "xml.attribute_value": b"<name a/>",
    "xml.attribute_quotes": b"<name a=1/>",
    "xml.attributes": b"<name a='1'b='2'/>",
    "xml.tag_end": b"<name",
    "xml.end_tag": b"<name></name",
    "xml.element_name": b"<name>1 < 2</name>",
    "xml.prefix": b"<ie:IE815/>",
    "xml.character": b"<name>\x01</name>",
    "xml.character_reference": b"<name>&#1;</name>",
    "xml.attribute_character": b"<name a='\x01'/>",
    "xml.hyphens": b"<name><!-- a -- b --></name>",
    "xml.comment": b"<name><!-- a</name>",
    "xml.cdata": b"<name><![CDATA[a</name>",
    "xml.cdata_end": b"<name>]]></name>",
    "xml.name": b"<name a:='1'/>",
}
ENGLISH = re.compile(r"\b(the|of|or|and|with|is|not|and|value|mismatch|expected|tag|says)\b")


def refused(document: bytes) -> MalformedXml:
    """Why a document is refused."""
    with pytest.raises(MalformedXml) as caught:
        parse(document)
    return caught.value


def test_every_complaint_that_is_known_has_a_document() -> None:
    """None is recognised that the parser does not really make."""
    assert set(DOCUMENTS) == set(COMPLAINTS)


@pytest.mark.parametrize("key", COMPLAINTS)
def test_complaint_is_told_in_every_language(key: str) -> None:
    """The parser's own words are recognised, and what it names in them is in the sentence of each language."""
    error = refused(DOCUMENTS[key])

    assert error.why.key == key
    assert not ENGLISH.search(say(error.what, "lt"))
    assert all(str(value) in say(error.why, one) for _, value in error.why.values for one in ("en", "lt"))


def test_tags_that_do_not_belong_together_are_named() -> None:
    """Both tags, and the line in which the first one stands."""
    why = refused(DOCUMENTS["xml.mismatch"]).why

    assert say(why, "lt") == "žymės nesutampa: elementas line pradėtas 2 eilutėje, o baigiamas lines"
    assert say(why) == "Opening and ending tag mismatch: line line 2 and lines"


def test_rare_complaint_is_quoted() -> None:
    """What has no sentence is shown as what it is: the parser's words."""
    words = "xmlns: 'a b' is not a valid URI"

    assert complaint(words) == said("xml.parser", words=words)
    assert say(complaint(words), "lt") == f"XML skaitytuvas praneša: {words}"
    assert say(refused(b"<name xmlns='a b'/>").why) == f"the parser says: {words}"
