"""Signers and verifiers of JavaScript (xml-crypto, xmldsigjs, xadesjs); one start of node does all jobs."""

import json
from pathlib import Path

from helpers.pki import certificate_path, key_path

PROGRAM = "node"
FOLDER = Path(__file__).parents[1] / "signing" / "javascript"
INSTALLED = FOLDER / "node_modules"
"""Where ``npm ci`` puts the locked packages."""

COMMAND = (PROGRAM, str(FOLDER / "sign.mjs"))


def sign_job(library: str, payload: Path, name: str, target: Path) -> str:
    """Sign ``payload`` as ``name`` into ``target`` by a library."""
    return "\t".join([library, *map(str, (payload, key_path(name), certificate_path(name), target))])


def verify_job(document: Path) -> str:
    """Verify ``document`` by xmldsigjs, against the key in the certificate that it holds."""
    return f"verify\t{document}"


def locked() -> dict[str, str]:
    """The packages that are asked for, with their versions."""
    asked: dict[str, str] = json.loads((FOLDER / "package.json").read_text(encoding="utf-8"))["dependencies"]
    return asked
