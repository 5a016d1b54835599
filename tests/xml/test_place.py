"""Paths of faults lead back to the document."""

import pytest

from esad_gateway.place import Place
from esad_gateway.xml.parse import parse
from esad_gateway.xml.place import locate, text_at


@pytest.mark.parametrize(
    ("path", "line", "text"),
    [
        ("/a", 1, None),
        ("/a/b[2]", 3, "two"),
        ("/a/b", 2, "one"),
        ("/a/b[3]", 1, None),
        ("/a/c/d", 5, ""),
        ("/a/c/@language", 4, "lt"),
        ("/a/c/@other", 4, None),
        ("/a/c/d/e/f", 5, None),
        ("/a/x[2]/y", 1, None),
        ("/b", None, None),
        ("/a[2]/b", None, None),
        ("", None, None),
        ("/a/b[x]", 1, None),
    ],
)
def test_place_is_found_or_its_nearest_ancestor(path: str, line: int | None, text: str | None) -> None:
    """A path gives the line of its element or of the nearest one above, and the text only of the element itself."""
    root = parse(b'<a xmlns="urn:a">\n<b>one</b>\n<b>two</b>\n<c language="lt">\n<d/></c></a>')
    assert locate(root, Place.read(path)) == line
    assert text_at(root, Place.read(path)) == text
