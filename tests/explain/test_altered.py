"""A changed document beside its original: what was changed, and where."""

import pytest
from lxml import etree

from esad_gateway.explain.altered import alterations
from esad_gateway.texts import say

ORIGINAL = '<a x="1"><b>one</b><b>two</b><c/></a>'
SIGNATURE = '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo/></ds:Signature>'


def told(now: str, before: str = ORIGINAL) -> list[str]:
    """What is said of a document and its original."""
    return [say(one) for one in alterations(etree.fromstring(now), etree.fromstring(before))]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        pytest.param('<a x="1"><b>one</b><b>2</b><c/></a>', "/a/b[2]: the text was 'two' and is '2'", id="text"),
        pytest.param('<a x="2"><b>one</b><b>two</b><c/></a>', "/a: the attribute x was '1' and is '2'", id="attribute"),
        pytest.param("<a><b>one</b><b>two</b><c/></a>", "/a: the attribute x was '1' and is ''", id="no attribute"),
        pytest.param('<a x="1"><b>one</b><b>two</b></a>', "/a/c is gone", id="element gone"),
        pytest.param('<a x="1"><b>one</b><b>two</b><c/><d/></a>', "/a/d was added", id="element added"),
        pytest.param('<a x="1"><b>one</b><b>two</b><d/></a>', "/a/c stood where /a/d stands now", id="other element"),
        pytest.param(
            '<a x="1">\n  <b>one</b><b>two</b><c/></a>',
            "/a: white space between elements was changed, as by pretty-printing",
            id="pretty-printed",
        ),
        pytest.param(
            '<a x="1"><b>one&#13;</b><b>two</b><c/></a>',
            "/a/b[1]: the line ends of its text were changed",
            id="line ends",
        ),
    ],
)
def test_change_is_told_with_its_place(now: str, expected: str) -> None:
    """One change, one sentence, and it names the element."""
    (sentence,) = told(now)
    assert sentence.startswith(expected)


def test_signature_is_no_difference() -> None:
    """A signed document and its original say the same, whichever of them has the signature."""
    signed = ORIGINAL.replace("</a>", f"{SIGNATURE}</a>")
    assert told(signed) == told(ORIGINAL, signed) == told(signed, signed) == []


def test_all_changes_are_told_in_document_order() -> None:
    """Each has its own sentence."""
    sentences = told('<a x="1"><b>1</b><b>2</b><c/></a>')
    assert [sentence.partition(":")[0] for sentence in sentences] == ["/a/b[1]", "/a/b[2]"]


def test_nothing_is_compared_after_another_element() -> None:
    """Whoever guesses what belongs to what tells untruths."""
    assert len(told('<a x="1"><d/><b>1</b><b>2</b><c/></a>')) == 1


def test_long_text_is_cut() -> None:
    """A sentence stays one that can be read."""
    (sentence,) = told(ORIGINAL.replace("two", "x" * 500))
    assert len(sentence) < 150
