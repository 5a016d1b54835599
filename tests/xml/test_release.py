"""Releases side by side: a document is read by the release that its namespace names, and by no other."""

from pathlib import Path

import pytest

from esad_gateway import resources
from esad_gateway.errors import MalformedXml, NotConfigured
from esad_gateway.texts import in_every_language, say
from esad_gateway.xml.binding import read
from esad_gateway.xml.parse import parse
from esad_gateway.xml.release import CURRENT, Releases, shipped
from helpers.releases import MISSING, in_release, make_release, renamed

DRAFT = resources.fixtures() / "messages" / "ie815" / "valid" / "wine-and-beer.xml"
OTHER = "3.30"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the schemas of another release."""
    folder = tmp_path_factory.mktemp("schemas")
    make_release(folder, OTHER)
    return folder


def test_each_release_judges_its_own_documents(root: Path) -> None:
    """What is optional in one release has no place in the other; both are judged in one process."""
    releases, draft = shipped(root), DRAFT.read_bytes()
    dated = draft.replace(b"</InvoiceNumber>", f"</InvoiceNumber><{MISSING}>2026-03-01</{MISSING}>".encode())

    (fault,) = releases.faults(parse(renamed(dated, OTHER)))

    assert (fault.code, fault.path.rpartition("/")[2]) == ("15", MISSING)
    assert [releases.accepts(parse(one)) for one in (draft, dated, in_release(draft, OTHER))] == [True] * 3


def test_document_of_no_known_release_is_told_which_there_are(root: Path) -> None:
    """Code 15 with both languages and the form of a namespace; the newest known release is no guess at its own."""
    root_element = parse(in_release(DRAFT.read_bytes(), "9.99"))

    (fault,) = shipped(root).faults(root_element)

    assert (fault.rule, fault.code, fault.path, fault.line) == ("XSD", "15", "/IE815", root_element.sourceline)
    assert str(fault.value).endswith("IE815:V9.99")
    told = in_every_language(fault.text) | {"hint": say(fault.hint)}
    assert all(f"{CURRENT}, {OTHER}" in text for text in told.values())
    assert not shipped(root).accepts(root_element)
    assert shipped(root).message_name(root_element) is None


def test_message_of_either_release_is_the_same_value(root: Path) -> None:
    """Values know no release: the same content is the same message, read and written in any."""
    releases, draft = shipped(root), read(parse(DRAFT.read_bytes()))

    written = releases.numbered(OTHER).binder.write(draft)

    assert str(written.tag).endswith(f"IE815:V{OTHER}}}IE815")
    assert read(written) == draft


def test_document_of_the_store_is_read_without_the_schemas_of_its_release() -> None:
    """A release whose folder is gone is readable for ever; what is no message is none in any release."""
    document = in_release(DRAFT.read_bytes(), "3.05")

    assert read(parse(document)) == read(parse(DRAFT.read_bytes()))
    with pytest.raises(MalformedXml, match=r"no message of release V3\.05"):
        read(parse(document.replace(b"IE815", b"IE816")))


def test_release_is_compiled_when_it_is_asked_for_and_once_a_process(root: Path) -> None:
    """One that nobody writes or reads costs nothing, and two gateways of one process share what they use."""
    fresh = root / "more"
    make_release(fresh, "3.41")
    make_release(fresh, "3.42")
    first, second = Releases.of(fresh), Releases.of(fresh)

    schemas = first.numbered("3.41").schemas

    assert second.numbered("3.41").schemas is schemas
    assert "schemas" not in vars(first.numbered("3.42"))
    assert first.numbered("3.41").binder is second.numbered("3.41").binder


def test_releases_stand_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    """3.9 is older than 3.13; folders of other names are no releases."""
    for name in ("3.13", "3.9", "4.0", "drafts"):
        (tmp_path / name).mkdir()

    assert Releases.of(tmp_path, tmp_path / "missing").numbers == ("3.9", "3.13", "4.0")


def test_release_that_is_added_later_is_found_when_somebody_reads_it(tmp_path: Path) -> None:
    """A gateway that runs needs no restart for it, and from then on it reads it as well."""
    releases = shipped(tmp_path / "schemas")
    draft = parse(in_release(DRAFT.read_bytes(), OTHER))
    make_release(tmp_path / "schemas", OTHER)

    assert not releases.accepts(draft)
    assert releases.numbered(OTHER).number == OTHER
    assert releases.accepts(draft)


def test_folder_without_releases_is_refused(tmp_path: Path) -> None:
    """So is a number that has no folder, with those that have one."""
    with pytest.raises(NotConfigured, match=r"no folder of a release, such as 3\.23"):
        Releases.of(tmp_path)
    with pytest.raises(NotConfigured, match=r"no schemas of release 9\.9; known are 3\.23"):
        shipped().numbered("9.9")


def test_folder_with_the_schemas_of_another_release_is_refused(tmp_path: Path) -> None:
    """Its name would promise what its schemas do not keep."""
    make_release(tmp_path, OTHER).rename(tmp_path / "3.31")

    with pytest.raises(NotConfigured, match=r"has the schemas of release V3\.30, not of V3\.31"):
        _ = Releases.of(tmp_path).numbered("3.31").schemas
