"""xmlsec1, the command line tool of Debian, as an independent signer and verifier."""

import subprocess
from pathlib import Path

from helpers.pki import certificate_path, key_path

PROGRAM = "xmlsec1"
PROPERTIES = (
    "--id-attr:Id",
    "http://uri.etsi.org/01903/v1.3.2#:SignedProperties",
    "--id-attr:Id",
    "http://www.w3.org/2000/09/xmldsig#:KeyInfo",
)


def sign(template: bytes, name: str, folder: Path) -> bytes:
    """The template signed with key and certificate of ``name``; ``folder`` has the files that it refers to, if any."""
    source, target = folder / "template.xml", folder / "signed.xml"
    source.write_bytes(template)
    keys = f"{key_path(name)},{certificate_path(name)}"
    command = [PROGRAM, "--sign", *PROPERTIES, "--privkey-pem", keys, "--output", str(target), str(source)]
    subprocess.run(command, check=True, capture_output=True, cwd=folder)
    return target.read_bytes()


def verifies(document: bytes, name: str, folder: Path) -> bool:
    """Whether xmlsec1 finds the document, and files of ``folder``, signed by the key in the certificate of ``name``."""
    source = folder / "document.xml"
    source.write_bytes(document)
    return accepts(source, certificate_path(name))


def accepts(document: Path, certificate: Path) -> bool:
    """Whether xmlsec1 finds the document, and files beside it, signed by the key in a certificate."""
    # Its own judgement of the certificate is left out: trust is ours to test, the signature is theirs.
    key = ["--pubkey-cert-pem", str(certificate), "--enabled-key-data", "key-name"]
    command = [PROGRAM, "--verify", *PROPERTIES, *key, str(document)]
    return subprocess.run(command, check=False, capture_output=True, cwd=document.parent).returncode == 0
