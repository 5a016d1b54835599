from pathlib import Path

import pytest

from esad_gateway.signing.signer import XmlSigner
from helpers import javascript, templates
from helpers.pki import load
from helpers.programs import Session, one_start, require, require_packages
from helpers.signatures import form, tree, verified

SIGNERS = ("trader-rsa", "trader-p256")
SIGNED = (
    ("xml-crypto", "trader-rsa"),
    ("xmldsigjs", "trader-rsa"),
    ("xmldsigjs", "trader-p256"),
    ("xadesjs", "trader-rsa"),
    ("xadesjs", "trader-p256"),
)


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    """Everything that the tests below ask of JavaScript, done in one start."""
    require(javascript.PROGRAM)
    require_packages(javascript.INSTALLED)
    folder = tmp_path_factory.mktemp("javascript")
    jobs = {**signing_jobs(folder), **verifying_jobs(folder)}
    return one_start(javascript.COMMAND, jobs, folder)


def signing_jobs(folder: Path) -> dict[str, str]:
    """Each library signs the payload with each kind of key that it can."""
    payload = folder / "payload.xml"
    payload.write_bytes(templates.PAYLOAD)
    return {
        f"{library}-{name}": javascript.sign_job(library, payload, name, folder / f"{library}-{name}.xml")
        for library, name in SIGNED
    }


def verifying_jobs(folder: Path) -> dict[str, str]:
    """What we sign is verified by xmldsigjs, as it is and with a value changed."""
    jobs = {}
    for name in SIGNERS:
        identity = load(name)
        document = XmlSigner(identity.key, identity.certificate).sign(tree(templates.PAYLOAD))
        for state, data in (("good", document), ("changed", document.replace(b"fixture-0001", b"fixture-0002"))):
            path = folder / f"{state}-{name}.xml"
            path.write_bytes(data)
            jobs[f"{state}-{name}"] = javascript.verify_job(path)
    return jobs


@pytest.mark.parametrize(("library", "name"), SIGNED)
def test_we_verify_what_javascript_signs(session: Session, library: str, name: str) -> None:
    """A document signed by a library of JavaScript is verified here, with the same content."""
    assert session.said[f"{library}-{name}"] == "true"
    signed = verified((session.folder / f"{library}-{name}.xml").read_bytes())
    assert form(signed.payload) == form(tree(templates.PAYLOAD))
    assert signed.xades == (library == "xadesjs")


@pytest.mark.parametrize("name", SIGNERS)
def test_xmldsigjs_verifies_what_we_sign(session: Session, name: str) -> None:
    """A document signed here is verified by xmldsigjs, and no longer once a value is changed."""
    said = [session.said[f"{state}-{name}"] for state in ("good", "changed")]
    assert said[0] == "true"
    assert said[1] != "true"
