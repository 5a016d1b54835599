"""Paths of faults lead back to the document."""

import pytest

from esad_gateway.place import Place
from esad_gateway.xml.parse import parse
from esad_gateway.xml.place import locate


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("/a", 1),
        ("/a/b[2]", 3),
        ("/a/b", 2),
        ("/a/b[3]", 1),
        ("/a/c/d", 5),
        ("/a/c/@language", 4),
        ("/a/c/@other", 4),
        ("/a/c/d/e/f", 5),
        ("/a/x[2]/y", 1),
        ("/b", None),
        ("/a[2]/b", None),
        ("", None),
        ("/a/b[x]", 1),
    ],
)
def test_place_is_found_or_its_nearest_ancestor(path: str, line: int | None) -> None:
    """A path gives the line of its element or of the nearest one above."""
    root = parse(b'<a xmlns="urn:a">\n<b>one</b>\n<b>two</b>\n<c language="lt">\n<d/></c></a>')
    assert locate(root, Place.read(path)) == line
