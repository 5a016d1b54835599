"""Builds ``fixtures/signatures`` with its index: ``PYTHONPATH=src:tests python tests/helpers/build_signatures.py``.

Needs xmlsec1, a JDK, and node with the packages of ``tests/signing/javascript`` (``npm ci`` there), whose signatures
are among the valid fixtures. ECDSA signatures differ from run to run.
"""

import tempfile
from collections.abc import Iterable
from pathlib import Path

from lxml import etree
from signxml.algorithms import CanonicalizationMethod
from signxml.signer import XMLSigner
from signxml.xades.xades import XAdESSigner

from esad_gateway.signing.signer import XmlSigner
from helpers import cases_attacks, cases_structure, javascript, jdk, templates, xmlsec1
from helpers.pki import load
from helpers.programs import one_start
from helpers.signature_edits import Case
from helpers.signatures import SIGNATURES, XADES, signed_by, tree

KINDS = {"rsa": "trader-rsa", "p256": "trader-p256"}
JAVASCRIPT = {"xml-crypto": ["rsa"], "xmldsigjs": ["rsa", "p256"], "xadesjs": ["rsa", "p256"]}
HEAD = """\
# Signed fixtures: what verification says of each. Made by tests/helpers/build_signatures.py.
# All are judged at this time, with the trust and the registry below (files of ../pki).
at = 2026-01-15T12:00:00Z
trust = ["ca.cert.pem", "lapsed-ca.cert.pem"]
crl = ["ca.crl.pem", "lapsed-ca.crl.pem"]

# certificate -> SEED numbers or administrations it is registered for; "unregistered.cert.pem" is not here on purpose
[holders]
"""
NOT_REGISTERED = "unregistered"
REGISTERED = (
    "trader-rsa", "trader-p256", "trader-qualified", "second-trader-rsa", "expired", "not-yet-valid", "revoked",
    "untrusted", "impostor",
    "lapsed", "no-digital-signature", "sub-ca", "rsa-1024", "rsa-8192", "p384",
)  # fmt: skip


def own() -> list[Case]:
    """What this package signs, and signatures of the profile that it never writes itself."""
    cases = []
    for kind, name in KINDS.items():
        identity = load(name)
        signer = XmlSigner(identity.key, identity.certificate)
        cases.append(_valid(f"esad-{kind}", "signed by this package", signer.sign(tree(templates.PAYLOAD))))
        indented = signed_by(identity, templates.plain(identity.certificate, templates.INDENTED))
        cases.append(_valid(f"indented-{kind}", "white space around the signature", indented))
        default = signer.sign(tree(templates.DEFAULT_NAMESPACE))
        cases.append(_valid(f"default-namespace-{kind}", "a document without prefixes", default))
    return cases


def by_signxml() -> list[Case]:
    """Signed by signxml."""
    cases = []
    for kind, name in KINDS.items():
        identity = load(name)
        algorithm = "rsa-sha256" if kind == "rsa" else "ecdsa-sha256"
        form = CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0
        signer = XMLSigner(signature_algorithm=algorithm, c14n_algorithm=form)
        signed = signer.sign(tree(templates.PAYLOAD), key=identity.key, cert=[identity.certificate])
        cases.append(_valid(f"signxml-{kind}", "signed by signxml", etree.tostring(signed, encoding="UTF-8")))
    return cases


def by_signxml_with_xades() -> list[Case]:
    """XAdES signed by signxml: it digests the exclusive form where the reference says nothing, against XMLDSIG."""
    cases = []
    for kind, name in KINDS.items():
        identity = load(name)
        algorithm = "rsa-sha256" if kind == "rsa" else "ecdsa-sha256"
        form = CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0
        signer = XAdESSigner(signature_algorithm=algorithm, c14n_algorithm=form)
        signed = signer.sign(tree(templates.PAYLOAD), key=identity.key, cert=[identity.certificate])
        document = etree.tostring(signed, encoding="UTF-8")
        file = f"tolerated/signxml-xades-{kind}.xml"
        cases.append(Case(file=file, outcome="ok", why="XAdES-B signed by signxml", document=document))
    return cases


def as_national_signers() -> list[Case]:
    """What qualified and national signers write: chain, hints, bare key, KeyInfo signed, time stamps, other usage."""
    ca, qualified, cases = load("ca").certificate, load("trader-qualified"), []
    for kind, name in KINDS.items():
        identity = load(name)
        for label, transforms in (("dss", True), ("dss-without-transforms", False)):
            document = signed_by(identity, templates.full(identity.certificate, ca, transforms=transforms))
            cases.append(_valid(f"{label}-{kind}", "XAdES as DSS writes it, KeyInfo signed", document))
    key, certificate = templates.key_value(load("trader-rsa").certificate), load("trader-rsa").certificate
    template = templates.plain(certificate).replace(b"<ds:X509Data>", key + b"<ds:X509Data>")
    cases.append(_valid("key-value-rsa", "a bare key beside the certificate", signed_by(load("trader-rsa"), template)))
    document = XmlSigner(qualified.key, qualified.certificate).sign(tree(templates.PAYLOAD))
    cases.append(_valid("esad-qualified", "a certificate for non-repudiation alone", document))
    return cases


def by_javascript(folder: Path) -> list[Case]:
    """Signed by xml-crypto, xmldsigjs and xadesjs."""
    payload = folder / "payload.xml"
    payload.write_bytes(templates.PAYLOAD)
    targets = {f"{library}-{kind}": folder / f"{library}-{kind}.xml" for library in JAVASCRIPT for kind in KINDS}
    names = [(library, kind) for library, kinds in JAVASCRIPT.items() for kind in kinds]
    jobs = {
        f"{one}-{kind}": javascript.sign_job(one, payload, KINDS[kind], targets[f"{one}-{kind}"]) for one, kind in names
    }
    said = one_start(javascript.COMMAND, jobs, folder).said
    assert set(said.values()) == {"true"}, said
    return [_valid(f"{one}-{kind}", f"signed by {one}", targets[f"{one}-{kind}"].read_bytes()) for one, kind in names]


def by_xmlsec1(folder: Path) -> list[Case]:
    """Signed by xmlsec1, with and without XAdES."""
    cases = []
    for kind, name in KINDS.items():
        certificate = load(name).certificate
        plain = xmlsec1.sign(templates.plain(certificate), name, folder)
        xades = xmlsec1.sign(templates.xades(certificate), name, folder)
        cases.append(_valid(f"xmlsec1-{kind}", "signed by xmlsec1", plain))
        cases.append(_valid(f"xmlsec1-xades-{kind}", "XAdES-B signed by xmlsec1", xades))
    return cases


def by_jdk(folder: Path) -> list[Case]:
    """Signed by the JDK, with and without XAdES."""
    payload = folder / "payload.xml"
    payload.write_bytes(templates.PAYLOAD)
    jobs, targets = {}, {}
    for kind, name in KINDS.items():
        properties = write_properties(name, folder)
        for label, extra in ((f"jdk-{kind}", None), (f"jdk-xades-{kind}", properties)):
            targets[label] = folder / f"{label}.xml"
            jobs[label] = jdk.sign_job(payload, name, targets[label], extra)
    said = one_start(jdk.COMMAND, jobs, folder).said
    assert set(said.values()) == {"true"}, said
    return [_valid(label, "signed by the JDK", target.read_bytes()) for label, target in targets.items()]


def write_properties(name: str, folder: Path) -> Path:
    """A file with the XAdES QualifyingProperties for a signature of ``name``."""
    element = next(tree(templates.xades(load(name).certificate)).iter(f"{XADES}QualifyingProperties"))
    target = folder / f"properties-{name}.xml"
    target.write_bytes(etree.tostring(element))
    return target


def write(cases: Iterable[Case]) -> None:
    """Write the fixtures and their index."""
    lines = []
    for case in cases:
        target = SIGNATURES / case.file
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(case.document)
        outcome = f'"{case.outcome}"' if isinstance(case.outcome, str) else case.outcome
        lines.append(f'"{case.file}" = {outcome}  # {case.why}')
    holders = [f'"{name}.cert.pem" = ["{_holder(name)}"]' for name in REGISTERED]
    holders += ['"not-a-certificate.der" = ["LT00000000101"]', '"administration-lt.cert.pem" = ["NDEA.LT"]']
    holders += ['"administration-pl.cert.pem" = ["NDEA.PL"]']
    outcomes = ["", '# file -> "ok", or the number of the step that refuses it', "[outcomes]", *lines, ""]
    (SIGNATURES / "index.toml").write_text(HEAD + "\n".join([*holders, *outcomes]), encoding="utf-8")


def _holder(name: str) -> str:
    return load(name).certificate.subject.rfc4514_string().removeprefix("CN=")


def _valid(name: str, why: str, document: bytes) -> Case:
    return Case(file=f"valid/{name}.xml", outcome="ok", why=why, document=document)


def main() -> None:
    """Build all."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        foreign = [
            *by_signxml(),
            *by_signxml_with_xades(),
            *by_xmlsec1(folder),
            *by_jdk(folder),
            *by_javascript(folder),
        ]
        valid = [*own(), *as_national_signers(), *foreign]
        write([*valid, *cases_structure.cases(), *cases_attacks.cases()])


if __name__ == "__main__":
    main()
