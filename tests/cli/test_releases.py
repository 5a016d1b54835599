"""Commands where two releases of the messages stand side by side."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import esad_gateway
from esad_gateway import resources
from esad_gateway.xml.parse import parse
from esad_gateway.xml.release import shipped
from helpers.command_line import Esad
from helpers.gateway import CONSIGNOR, copy_of_box, new_draft
from helpers.releases import MISSING, in_release, make_release

OTHER = "3.30"
DRAFT = resources.fixtures() / "messages" / "ie815" / "valid" / "wine-and-beer.xml"
NOW = ("--now", "2026-03-02T10:00:00Z")


@pytest.fixture(scope="module")
def more(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with another release."""
    folder = tmp_path_factory.mktemp("more")
    make_release(folder, OTHER)
    return folder


@pytest.fixture
def later(tmp_path: Path) -> Path:
    """A draft in that release."""
    file = tmp_path / "later.xml"
    file.write_bytes(in_release(DRAFT.read_bytes(), OTHER))
    return file


def test_documents_are_validated_by_the_release_that_they_name(esad: Esad, more: Path, later: Path) -> None:
    """Both in one call, and each line says by which."""
    printed = esad("validate", DRAFT, later, "--schemas", more, *NOW)

    assert printed.code == 0
    assert printed.out == f"{DRAFT}: ok IE815 (release 3.23)\n{later}: ok IE815 (release {OTHER})\n"


def test_release_stands_in_the_verdict_of_a_refused_document(esad: Esad, more: Path, later: Path) -> None:
    """Its faults are those of its own release; a document of an unknown one is told which are known."""
    dated = f"</InvoiceNumber><{MISSING}>2026-03-01</{MISSING}>"
    later.write_text(later.read_text(encoding="utf-8").replace("</InvoiceNumber>", dated), encoding="utf-8")

    (known,) = esad("validate", later, "--schemas", more, "--json", *NOW).objects
    (unknown,) = esad("validate", later, "--json", *NOW).objects
    explained = esad("explain", later, *NOW)

    assert (known["ok"], known["message"], known["release"]) == (False, "IE815", OTHER)
    assert known["faults"][0]["path"].endswith(MISSING)
    assert (unknown["ok"], unknown["message"], unknown["release"]) == (False, None, None)
    assert unknown["faults"][0]["hint"].startswith("Write the message in one of the releases 3.23;")
    assert "no release that is known here (3.23)" in explained.out


def test_folder_of_more_releases_must_exist(esad: Esad, tmp_path: Path) -> None:
    """A misspelt one would be passed over in silence."""
    printed = esad("validate", DRAFT, "--schemas", tmp_path / "missing")

    assert (printed.code, printed.out) == (2, "")
    assert "expected a folder that holds folders of releases" in printed.err


def test_message_is_composed_in_a_release(esad: Esad, more: Path, tmp_path: Path) -> None:
    """In the present one, unless another one is named; one that is not known is refused with those that are."""
    draft, made = tmp_path / "draft.json", tmp_path / "made.xml"
    fields = (resources.fixtures() / "drafts" / "wine-and-beer.json").read_text(encoding="utf-8")
    draft.write_text(fields.replace("TODAY", "2026-03-03"), encoding="utf-8")
    named = ("--sender", "NDEA.LT", "--recipient", "NDEA.LT")

    esad("compose", draft, *named, "--release", OTHER, "--schemas", more, "--output", made)
    refused = esad("compose", draft, *named, "--release", OTHER)
    plain = esad("compose", draft, *named)

    assert f"IE815:V{OTHER}" in made.read_text(encoding="utf-8")
    assert shipped(more).accepts(parse(made.read_bytes()))
    assert "IE815:V3.23" in plain.out
    assert refused.code == 2
    assert f"no schemas of release {OTHER}; known are 3.23; --schemas DIR adds those of DIR" in refused.err


def test_history_of_a_movement_of_another_release_is_explained(esad: Esad, more: Path, tmp_path: Path) -> None:
    """Its documents are read as they were written, whatever the gateway writes now."""
    box = copy_of_box(tmp_path)
    lithuania = box.members["LT"].data.root
    make_release(lithuania / "schemas", OTHER)
    with box.open("LT") as lt:
        signer, draft = box.traders[CONSIGNOR].signer, new_draft()
        document = signer.sign(shipped(more).numbered(OTHER).binder.write(draft))
        arc = lt.take(document).arc

    printed = esad("explain", str(arc), "--data", lithuania)

    assert printed.code == 0
    assert re.search(rf"IE815 from {CONSIGNOR}, accepted +-> X01 accepted: draft submitted", printed.out)


def test_presence_of_another_release_changes_nothing(tmp_path: Path, more: Path) -> None:
    """With its folder in the package, documents are validated, and messages composed, as before."""
    package = tmp_path / "src" / "esad_gateway"
    package.parent.mkdir()
    package.symlink_to(Path(esad_gateway.__file__).parent)
    (tmp_path / "fixtures").symlink_to(resources.fixtures())
    (tmp_path / "schemas" / "emcs").mkdir(parents=True)
    for folder in (resources.schemas() / "emcs" / "3.23", more / OTHER):
        (tmp_path / "schemas" / "emcs" / folder.name).symlink_to(folder)
    program = (
        "import sys; from esad_gateway import resources; from esad_gateway.cli import main;"
        "assert len(list((resources.schemas() / 'emcs').iterdir())) == 2; main(sys.argv[1:])"
    )

    done = subprocess.run(
        [sys.executable, "-c", program, "validate", DRAFT, *NOW],
        env={**os.environ, "PYTHONPATH": str(tmp_path / "src")},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, f"{DRAFT}: ok IE815 (release 3.23)\n", "")


def test_release_that_a_peer_reads_is_said_and_listed(esad: Esad, tmp_path: Path) -> None:
    """At once, or from a moment on; adding the peer anew leaves it, unless another one is named."""
    box = copy_of_box(tmp_path)
    lithuania, poland = (box.members[state].data for state in ("LT", "PL"))
    make_release(lithuania.root / "schemas", OTHER)
    peer = ("--data", lithuania.root, "--state", "PL")
    where = ("--url", "http://127.0.0.1:1/ndea", "--certificate", poland.certificate, "--untried")

    planned = esad("peer", "release", OTHER, *peer, "--from", "2027-02-11T00:00:00")
    anew = esad("peer", "add", *peer, *where)
    listed = {one["of"]: one["release"] for one in esad("peer", "list", *peer[:2], "--json").objects[0]["peers"]}
    shown = esad("peer", "list", *peer[:2]).out
    named = esad("peer", "add", *peer, *where, "--release", OTHER)

    assert planned.out == f"NDEA.PL reads 3.23, {OTHER} from 2027-02-11T00:00:00+00:00\n"
    assert (anew.code, named.code) == (0, 0)
    assert listed == {"NDEA.PL": f"3.23, {OTHER} from 2027-02-11T00:00:00+00:00", "NDEA.DE": "3.23"}
    assert f"reads 3.23, {OTHER} from" in " ".join(shown.split())
    assert esad("peer", "release", "3.23", *peer, "--json").objects == [{"address": "NDEA.PL", "release": "3.23"}]


def test_release_that_nobody_could_write_is_refused(esad: Esad, tmp_path: Path) -> None:
    """With those that are known, and where more would stand; so is one for an unknown administration."""
    lithuania = copy_of_box(tmp_path).members["LT"].data.root

    unknown = esad("peer", "release", "3.99", "--data", lithuania, "--state", "PL")
    nobody = esad("peer", "release", "3.23", "--data", lithuania, "--state", "FI")

    assert (unknown.code, nobody.code) == (2, 2)
    assert f"no schemas of release 3.99; known are 3.23; more go into {lithuania / 'schemas'}" in unknown.err
    assert "NDEA.FI is no administration that is known here" in nobody.err


def test_rule_is_told_with_the_release_that_brought_it(esad: Esad) -> None:
    """BR056 came with phase 4.2."""
    assert "since release 3.23" in esad("explain", "BR056").out
    assert "since release" not in esad("explain", "BR022").out
