"""IE801s of a gateway, with either kind of key, before verifiers that nobody here wrote."""

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pytest
from lxml import etree

from esad_gateway.emcs.messages import IE815
from esad_gateway.signing.pki import KeyKind
from helpers import jdk, xmlsec1
from helpers.gateway import CONSIGNOR, new_draft
from helpers.programs import require
from helpers.soap_clients import Built, box_of, lines, side_by_side, verifiers_of_page

JAVASCRIPT = ("xml-crypto", "xmldsigjs", "xadesjs")
VERIFIERS = ("xmlsec1", "JDK", "Santuario", *JAVASCRIPT, "PHP", "goxmldsig")
NOT_WITH_P256 = {
    "xml-crypto": "signature algorithm 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256' is not supported",
    "goxmldsig": "Unknown signature method: http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
}
"""Verifiers that know RSA only, and what they say of others."""


@dataclass(frozen=True)
class Answered:
    """The certificate of an administration, an IE801 that it has signed, and the same with another recipient."""

    certificate: Path
    signed: Path
    changed: Path

    @property
    def files(self) -> tuple[str, ...]:
        """What a verifier is given."""
        return str(self.certificate), str(self.signed), str(self.changed)


def answered(kind: KeyKind, folder: Path) -> Answered:
    """What a gateway with such a key answers to a draft."""
    box = box_of(kind, folder / "box")
    with box.open("LT") as station:
        station.take(box.signed(CONSIGNOR, with_line_separators(new_draft())))
        (seq,) = [one.seq for one in station.mailbox(CONSIGNOR) if one.type == "IE801"]
        document = station.document(CONSIGNOR, seq)
        found = Answered(station.member.data.certificate, folder / "signed.xml", folder / "changed.xml")
    assert {character in etree.fromstring(document).xpath("string()") for character in "\u2028\u0085"} == {True}
    found.signed.write_bytes(document)
    found.changed.write_bytes(document.replace(b">NDEA.PL<", b">NDEA.PT<"))
    assert found.signed.read_bytes() != found.changed.read_bytes()
    return found


def with_line_separators(draft: IE815) -> IE815:
    """A draft with what word processors leave in names: valid, and line ends to whoever reads with xmldom."""
    named = replace(draft.consignor_trader, trader_name="Vynas\u2028ir alus\u0085")
    return replace(draft, consignor_trader=named)


@pytest.fixture(scope="module")
def said(built: Built, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, KeyKind], list[str]]:
    """What each verifier says of both documents, by its name and the kind of key."""
    require(xmlsec1.PROGRAM)
    found: dict[tuple[str, KeyKind], list[str]] = {}
    for kind in KeyKind:
        folder = tmp_path_factory.mktemp(kind)
        documents = answered(kind, folder)
        programs = {
            name: partial(lines, (*command, *documents.files), folder) for name, command in built.verifiers.items()
        }
        programs["xmlsec1"] = partial(_by_xmlsec1, documents)
        programs["JDK"] = partial(_by_jdk, documents, folder)
        heard = side_by_side(programs)
        of_javascript = [line.partition(" ")[::2] for line in heard.pop("JavaScript")]
        heard |= {name: [words for library, words in of_javascript if library == name] for name in JAVASCRIPT}
        found |= {(name, kind): words for name, words in heard.items()}
    return found


def _by_xmlsec1(given: Answered) -> list[str]:
    return [str(xmlsec1.accepts(path, given.certificate)).lower() for path in (given.signed, given.changed)]


def _by_jdk(given: Answered, folder: Path) -> list[str]:
    jobs = folder / "jobs.tsv"
    jobs.write_text("".join(f"verify\t{path}\t{given.certificate}\n" for path in (given.signed, given.changed)))
    return lines((*jdk.COMMAND, str(jobs)), folder)


@pytest.mark.parametrize("kind", KeyKind)
@pytest.mark.parametrize("name", VERIFIERS)
def test_verifier_knows_what_was_signed(said: dict[tuple[str, KeyKind], list[str]], name: str, kind: KeyKind) -> None:
    """An e-SAD passes, with another recipient it does not; who knows RSA only says so."""
    signed, changed = said[name, kind]

    if kind is KeyKind.P256 and name in NOT_WITH_P256:
        assert NOT_WITH_P256[name] in signed
    else:
        assert signed == "true"
    assert changed.startswith("false")


def test_page_has_each_verifier() -> None:
    """With the kinds of keys that it knows."""
    assert verifiers_of_page() == {name: "RSA" if name in NOT_WITH_P256 else "RSA, P-256" for name in VERIFIERS}
