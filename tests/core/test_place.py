"""Places in documents are values: composed once, written out at the edge, and read back to the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esad_gateway.emcs.messages import IE815
from esad_gateway.emcs.rules.places import order, place_in
from esad_gateway.place import WHOLE, Place, PlaceStep, at
from helpers.samples import draft

NAMES = st.text(st.sampled_from("ABCxyz.-_@9"), min_size=1)
STEPS = st.builds(PlaceStep, NAMES, st.none() | st.integers(1, 9_999_999))


@given(st.lists(STEPS).map(tuple))
def test_place_is_read_back_from_its_text(steps: tuple[PlaceStep, ...]) -> None:
    """What is stored and shown as text means the same steps when it is read."""
    assert Place.read(str(Place(steps))) == Place(steps)


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (WHOLE, "/"),
        (at("IE815/Header/MessageSender"), "/IE815/Header/MessageSender"),
        (at("BodyEadEsad", 2, "Package", 1, "ShippingMarks"), "/BodyEadEsad[2]/Package[1]/ShippingMarks"),
        (at("BodyEadEsad").numbered(3) / "CnCode" / "@language", "/BodyEadEsad[3]/CnCode/@language"),
        (Place(in_data=True) / "body_ead_esad" / "quantity", "body_ead_esad.quantity"),
        (at("IE815") / at("Body/X") / PlaceStep("Y", 1), "/IE815/Body/X/Y[1]"),
    ],
)
def test_place_as_text(place: Place, text: str) -> None:
    """XML has XPaths of local names, and data has dots."""
    assert str(place) == text


@pytest.mark.parametrize("text", ["/a/b[0]", "/a/b[x]", "/a[01]", "/[1]", "/a/b[12345678]"])
def test_text_without_a_position_is_a_name(text: str) -> None:
    """Nothing of a text is lost, whatever it is."""
    assert str(Place.read(text)) == text
    assert all(step.position is None for step in Place.read(text).steps)


def test_place_in_a_message() -> None:
    """Rules speak of what is below the body, or of the header; places lead from the root."""
    assert str(place_in(draft(), at("ConsignorTrader"))) == "/IE815/Body/SubmittedDraftOfEADESAD/ConsignorTrader"
    assert str(place_in(draft(), at("Header/MessageSender"))) == "/IE815/Header/MessageSender"


def test_order_of_places_is_that_of_the_document() -> None:
    """The root, its header, and then the body by its elements and their positions."""
    ways = [
        WHOLE / "IE815",
        at("IE815/Header/MessageSender"),
        at("IE815/Header/MessageRecipient"),
        *(
            place_in(draft(), below)
            for below in (
                at("ConsigneeTrader/Traderid"),
                at("HeaderEadEsad"),
                at("HeaderEadEsad/JourneyTime"),
                at("BodyEadEsad", 2, "CnCode"),
                at("BodyEadEsad", 10, "ExciseProductCode"),
                at("BodyEadEsad", 10, "CnCode"),
            )
        ),
    ]
    backwards = list(reversed(ways))
    assert sorted(backwards, key=lambda place: order(IE815, place)) == ways


def test_order_of_a_place_that_does_not_exist() -> None:
    """A rule that names another message's element is a mistake of its author."""
    with pytest.raises(LookupError, match="IE815 has no Consignee"):
        order(IE815, place_in(draft(), at("Consignee")))
