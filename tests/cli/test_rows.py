"""Drafts in JSON and CSV: rows and cells become the plain data of messages."""

import pytest

from esad_gateway.batch.rows import from_csv, from_json
from esad_gateway.errors import UnreadableInput


def test_object_is_one_draft() -> None:
    """A JSON object is a draft that stands for its file."""
    (draft,) = from_json("draft.json", b'{"message": "IE815"}')

    assert (draft.source, draft.data) == ("draft.json", {"message": "IE815"})


def test_list_is_several_drafts() -> None:
    """The items of a list are drafts with a place of their own."""
    assert [draft.source for draft in from_json("drafts.json", b"[{}, {}]")] == ["drafts.json[1]", "drafts.json[2]"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
def test_row_is_one_draft(delimiter: str) -> None:
    """Dotted paths make groups, numbers make lists, and empty cells and rows are absent."""
    table = [
        ["message", "header.message_recipient", "package[1].kind", "package[2].kind", "package[2].seal.value"],
        ["IE815", "NDEA.PL", "BX", "CT", " S-1 "],
        ["", "", "", "", ""],
        ["IE815", "", "BX", "", ""],
    ]
    content = "\ufeff" + "\r\n".join(delimiter.join(row) for row in table)

    drafts = from_csv("drafts.csv", content.encode())

    assert [(draft.source, draft.data) for draft in drafts] == [
        (
            "drafts.csv:2",
            {
                "message": "IE815",
                "header": {"message_recipient": "NDEA.PL"},
                "package": [{"kind": "BX"}, {"kind": "CT", "seal": {"value": "S-1"}}],
            },
        ),
        ("drafts.csv:4", {"message": "IE815", "package": [{"kind": "BX"}]}),
    ]


def test_left_out_position_is_a_gap() -> None:
    """A second line without a first is kept visible, for the reader to refuse."""
    (draft,) = from_csv("drafts.csv", b"line[1].a,line[2].a\n,x\n")

    assert draft.data == {"line": [None, {"a": "x"}]}


@pytest.mark.parametrize(
    ("content", "part"),
    [
        pytest.param(b"", "expected a first row", id="empty"),
        pytest.param(b"a\xff", "not CSV in UTF-8", id="not UTF-8"),
        pytest.param(b'a\n"x', "not CSV in UTF-8", id="quote without end"),
        pytest.param(b"a,a\n1,2\n", "column 'a' contradicts column 'a'", id="column twice"),
        pytest.param(b"a,a.b\n1,2\n", "column 'a.b' contradicts column 'a'", id="field and group"),
        pytest.param(b"a.b,a\n1,2\n", "column 'a' contradicts column 'a.b'", id="group and field"),
        pytest.param(b"a.b,a[1].b\n1,2\n", "column 'a[1].b' contradicts column 'a.b'", id="group and list"),
        pytest.param(b"a[0]\n1\n", "column 'a[0]': expected a path", id="position 0"),
        pytest.param(b"a[1000]\n1\n", "column 'a[1000]': expected a path", id="position too high"),
        pytest.param(b"a,,b\n1,2,3\n", "column '': expected a path", id="column without name"),
        pytest.param(b"a,b\n1,2,3\n", "drafts.csv:2: more cells than columns", id="row too long"),
    ],
)
def test_what_is_no_table_is_refused(content: bytes, part: str) -> None:
    """Tables that cannot be read, or whose columns contradict each other, are refused as a whole."""
    with pytest.raises(UnreadableInput) as refused:
        from_csv("drafts.csv", content)

    assert part in str(refused.value)


@pytest.mark.parametrize("content", [b"", b"{", b"[" * 100_000, b"\xff"], ids=["empty", "cut", "deep", "not UTF-8"])
def test_what_is_no_json_is_refused(content: bytes) -> None:
    """A file that is no JSON is refused by name."""
    with pytest.raises(UnreadableInput, match=r"^draft\.json: not JSON"):
        from_json("draft.json", content)
