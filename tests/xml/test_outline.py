"""What a release has a place for is read from its schemas; the rest of a message is left out when it is written."""

from dataclasses import is_dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest

from esad_gateway.emcs.messages import MESSAGES, Message
from esad_gateway.emcs.messages.fields import Text
from esad_gateway.errors import NotConfigured
from esad_gateway.xml.binding import binder_for
from esad_gateway.xml.items import xml_name
from esad_gateway.xml.outline import outline
from esad_gateway.xml.parse import parse
from esad_gateway.xml.release import CURRENT, Releases, shipped
from helpers.releases import MISSING, make_release
from helpers.samples import draft, evolve

OTHER = "3.30"
SHIPPED = shipped().numbered(CURRENT)
WITH_A_DATE = evolve(draft(), {"ead_esad_draft.invoice_date": date(2026, 3, 1)})


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a release that has one element less."""
    folder = tmp_path_factory.mktemp("schemas")
    make_release(folder, OTHER)
    return folder


def _fields(group: Any) -> dict[str, Any]:
    """The elements of a dataclass, and those inside them."""
    hints = {name: hint for name, hint in get_type_hints(group).items() if name not in ("header", "language")}
    kinds = {name: next((one for one in get_args(hint) if is_dataclass(one)), hint) for name, hint in hints.items()}
    return {
        xml_name(name): _fields(kind) if is_dataclass(kind) and kind is not Text else {}
        for name, kind in kinds.items()
        if name.islower()
    }


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.__name__)
def test_release_that_ships_has_a_place_for_everything(message: type[Message]) -> None:
    """The outline of a message has every field of its dataclass, on every level, and no other."""
    assert outline(SHIPPED.folder, message.__name__) == _fields(message)


def test_what_a_release_has_no_place_for_is_left_out_and_told(other: Path) -> None:
    """The document is accepted by the schemas of its release, and says all the rest."""
    release = Releases.of(other).numbered(OTHER)

    form = release.binder.form(WITH_A_DATE)

    assert release.schemas.accepts(parse(form))
    assert not release.schemas.accepts(binder_for(f"V{OTHER}").write(WITH_A_DATE))
    assert release.binder.left_out(WITH_A_DATE) == (f"EadEsadDraft/{MISSING}",)
    assert form == release.binder.form(draft())


def test_nothing_is_left_out_where_nothing_stands(other: Path) -> None:
    """A message that does not have the element is told to be whole."""
    assert Releases.of(other).numbered(OTHER).binder.left_out(draft()) == ()


def test_what_is_left_out_of_repeated_groups_is_found(tmp_path: Path) -> None:
    """Wherever one of the lines has it."""
    folder = make_release(tmp_path, OTHER)
    groups = folder / "groups.xsd"
    element = '<xs:element name="BrandNameOfProducts" type="emcs:BrandNameOfProductsTextType" minOccurs="0"/>'
    groups.write_text(groups.read_text(encoding="utf-8").replace(element, ""), encoding="utf-8")
    lines = draft().body_ead_esad
    branded = replace(lines[0], brand_name_of_products=Text("Example", "en"))

    binder = Releases.of(tmp_path).numbered(OTHER).binder

    assert binder.left_out(evolve(draft(), {"body_ead_esad": (*lines, branded)})) == (
        "BodyEadEsad/BrandNameOfProducts",
    )


def test_outline_follows_types_bases_references_and_includes(tmp_path: Path) -> None:
    """The schemas of a release may be written in any of these ways."""
    names = 'xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:a="urn:a" xmlns:b="urn:b"'
    head = f'<xs:schema {names} targetNamespace="urn:a">'
    (tmp_path / "ie999.xsd").write_text(
        f"""{head}<xs:include schemaLocation="more.xsd"/>
        <xs:element name="IE999"><xs:complexType><xs:sequence><xs:element name="Header"/><xs:element name="Body">
          <xs:complexType><xs:sequence><xs:element name="Inside" type="a:Wide"/></xs:sequence></xs:complexType>
        </xs:element></xs:sequence></xs:complexType></xs:element></xs:schema>"""
    )
    (tmp_path / "more.xsd").write_text(
        f"""{head}<xs:element name="Shared" type="a:Narrow"/>
        <xs:complexType name="Narrow"><xs:choice>
          <xs:element name="One" type="b:Narrow"/><xs:element name="Two"/>
        </xs:choice></xs:complexType>
        <xs:complexType name="Wide"><xs:complexContent><xs:extension base="a:Narrow"><xs:sequence>
          <xs:sequence><xs:element ref="a:Shared"/></xs:sequence>
        </xs:sequence></xs:extension></xs:complexContent></xs:complexType></xs:schema>"""
    )

    assert outline(tmp_path, "IE999") == {"One": {}, "Two": {}, "Shared": {"One": {}, "Two": {}}}
    with pytest.raises(NotConfigured, match=r"ie998\.xsd is no usable schema"):
        outline(tmp_path, "IE998")
