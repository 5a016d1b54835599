"""Whether a signed answer holds, by xmlsec1, which shares no code with the gateway."""

import subprocess
import tempfile
from pathlib import Path

from lxml import etree

from helpers.programs import require
from helpers.served import Served
from helpers.wsse import WSU, one

PROGRAM = "xmlsec1"


def holds(answer: bytes, gateway: Served) -> bool:
    """Whether Body and Timestamp of an answer are signed with the certificate of the gateway, by its own structure."""
    root = etree.fromstring(answer)
    signed = {reference.get("URI") for reference in root.iterfind(".//{*}SignedInfo/{*}Reference")}
    parts = (root[-1], one(root, "s:Header/wsse:Security/wsu:Timestamp"))
    assert signed == {f"#{part.get(f'{{{WSU}}}Id')}" for part in parts}
    assert b"PrefixList" not in answer
    ids = [f"{etree.QName(part).namespace}:{etree.QName(part).localname}" for part in parts]
    return _verifies(answer, gateway.station.member.data.certificate, ids)


def _verifies(answer: bytes, certificate: Path, names: list[str]) -> bool:
    require(PROGRAM)
    ids = [word for name in names for word in ("--id-attr:Id", name)]
    with tempfile.NamedTemporaryFile(suffix=".xml") as file:
        file.write(answer)
        file.flush()
        command = [
            PROGRAM,
            "--verify",
            "--pubkey-cert-pem",
            str(certificate),
            "--enabled-key-data",
            "key-name",
            *ids,
            file.name,
        ]
        return subprocess.run(command, check=False, capture_output=True).returncode == 0
