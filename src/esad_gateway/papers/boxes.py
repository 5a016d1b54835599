"""The boxes of a document on paper: what stands in them, and by which number and letter they are known.

Delegated Regulation (EU) 2022/1636, Article 9, wants the data of a fallback document identified by the numbers
(column A) and letters (column B) of the tables in its Annex I. A :class:`Form` is such a table for one kind of value:
groups with their numbers, and in each the boxes with their letters and the fields that stand in them.
"""

from collections.abc import Sequence
from typing import Final

from esad_gateway.frozen import frozen

WHOLE_ROW: Final = 12
"""The width of a page, in columns."""

_WHOLE_TEXT: Final = 10
SHORT: Final = 2
"""The width of a short box, in columns."""


@frozen
class Box:
    """One box: its ``letter``, the ``field`` of its group (dotted, where it is deeper), and the key of its ``label``.

    ``letter`` is empty where the regulation has no such box. ``language`` is the letter of the box that has the
    language of a text; ``width`` is in columns. ``meaning`` is the group of sentences that say what its codes mean
    (:mod:`esad_gateway.papers.meanings`).
    """

    letter: str
    field: str
    label: str
    width: int = SHORT
    language: str = ""
    meaning: str = ""


@frozen
class BoxGroup:
    """Boxes that stand together, once for each value that there is at ``path`` (empty: the value above itself)."""

    number: str
    label: str
    path: str
    boxes: Sequence[Box]
    groups: Sequence["BoxGroup"] = ()


@frozen(kw_only=True)
class Form:
    """What a value looks like on paper.

    ``title`` is the key of its title. Where the field ``validated`` has a value, an administration has taken the
    document, and it is a printout under the title ``printout``. ``mark`` are the fields that the barcodes say, and
    ``moment`` the fields with the day and, if there is one, the time from which the file takes its dates. ``home`` is
    the field in which the member state stands whose local time counts, and the place of its two letters there.
    """

    title: str
    validated: str = ""
    printout: str = ""
    mark: Sequence[str]
    moment: Sequence[str]
    home: tuple[str, int]
    groups: Sequence[BoxGroup]


def text(letter: str, field: str, label: str, language: str) -> Box:
    """A box for a free text, and beside it the one for its language."""
    return Box(letter, field, label, _WHOLE_TEXT, language)


def office(number: str, label: str, path: str) -> BoxGroup:
    """The box of an office."""
    return BoxGroup(number, label, path, (Box("a", "reference_number", "office", 4),))


def trader(number: str, label: str, path: str, *identities: tuple[str, str]) -> BoxGroup:
    """The boxes of a trader: those that identify it (field, label), then name and address, in the order of letters."""
    own = tuple(Box(letter, field, label, 3) for letter, (field, label) in zip("ab", identities, strict=False))
    rest = WHOLE_ROW - 3 * len(own)
    address = (("trader_name", rest), ("street_name", 4), ("street_number", 2), ("postcode", 2), ("city", 2))
    letters = "abcdefgh"[len(own) :]
    named = tuple(Box(letter, name, name, width) for letter, (name, width) in zip(letters, address, strict=False))
    return BoxGroup(number, label, path, (*own, *named, Box(letters[len(named)], "language", "language")))


def with_eori(group: BoxGroup) -> BoxGroup:
    """A consignee's boxes with the one for its EORI number at the end."""
    return BoxGroup(group.number, group.label, group.path, (*group.boxes, Box("h", "eori_number", "eori_number", 4)))


def transport_details(number: str) -> BoxGroup:
    """The boxes of one transport unit: group 16 of Table 1, group 10 of Table 3."""
    return BoxGroup(
        number,
        "transport_details",
        "transport_details",
        (
            Box("a", "transport_unit_code", "transport_unit_code", meaning="transport_unit"),
            Box("b", "identity_of_transport_units", "identity_of_transport_units", 5),
            Box("c", "commercial_seal_identification", "commercial_seal_identification", 5),
            text("d", "seal_information", "seal_information", "e"),
            text("f", "complementary_information", "complementary_information", "g"),
        ),
    )
