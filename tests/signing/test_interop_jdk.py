from pathlib import Path

import pytest

from esad_gateway.signing.signer import XmlSigner
from helpers import jdk, templates
from helpers.build_signatures import write_properties
from helpers.pki import load
from helpers.programs import Session, one_start, require
from helpers.signatures import SIGNATURES, form, signer_of, tree, valid, verified

SIGNERS = ("trader-rsa", "trader-p256")
FORMS = ("plain", "xades")
PAYLOADS = {
    "prefixed": templates.PAYLOAD,
    "default-namespace": templates.DEFAULT_NAMESPACE,
    "indented": templates.INDENTED,
}


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    """Everything that the tests below ask of the JDK, done in one start."""
    require(jdk.PROGRAM)
    folder = tmp_path_factory.mktemp("jdk")
    jobs = {**signing_jobs(folder), **verifying_jobs(folder), **fixture_jobs()}
    return one_start(jdk.COMMAND, jobs, folder)


def signing_jobs(folder: Path) -> dict[str, str]:
    """The JDK signs the payload, as each signer, with and without XAdES properties."""
    payload = folder / "payload.xml"
    payload.write_bytes(templates.PAYLOAD)
    return {
        f"sign-{name}-{form}": jdk.sign_job(
            payload, name, folder / f"{name}-{form}.xml", write_properties(name, folder) if form == "xades" else None
        )
        for name in SIGNERS
        for form in FORMS
    }


def verifying_jobs(folder: Path) -> dict[str, str]:
    """The JDK verifies what we sign, as it is and with a value changed."""
    jobs = {}
    for name in SIGNERS:
        identity = load(name)
        for label, payload in PAYLOADS.items():
            document = XmlSigner(identity.key, identity.certificate).sign(tree(payload))
            changed = document.replace(b"fixture-0001", b"fixture-0002")
            for state, data in (("good", document), ("changed", changed)):
                path = folder / f"{state}-{name}-{label}.xml"
                path.write_bytes(data)
                jobs[f"verify-{state}-{name}-{label}"] = jdk.verify_job(path, name)
    return jobs


def fixture_jobs() -> dict[str, str]:
    """The JDK verifies the valid fixtures."""
    return {name: jdk.verify_job(SIGNATURES / name, signer_of(name)) for name in valid()}


@pytest.mark.parametrize("form_name", FORMS)
@pytest.mark.parametrize("name", SIGNERS)
def test_we_verify_what_the_jdk_signs(session: Session, name: str, form_name: str) -> None:
    """A document signed by the JDK is verified here, with the same content."""
    assert session.said[f"sign-{name}-{form_name}"] == "true"
    signed = verified((session.folder / f"{name}-{form_name}.xml").read_bytes())
    assert form(signed.payload) == form(tree(templates.PAYLOAD))
    assert signed.xades == (form_name == "xades")


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("name", SIGNERS)
def test_jdk_verifies_what_we_sign(session: Session, name: str, payload: str) -> None:
    """A document signed here is verified by the JDK, and no longer once a value is changed."""
    said = [session.said[f"verify-{state}-{name}-{payload}"] for state in ("good", "changed")]
    assert said == ["true", "false"]


def test_jdk_verifies_every_valid_fixture(session: Session) -> None:
    """What this verifier finds good, whoever signed it, the JDK finds good."""
    assert {session.said[name] for name in valid()} == {"true"}
