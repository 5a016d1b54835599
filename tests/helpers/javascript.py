"""Signers and verifiers of JavaScript (xml-crypto, xmldsigjs, xadesjs); one start of node does all jobs."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

from helpers.pki import certificate_path, key_path

PROGRAM = "node"
FOLDER = Path(__file__).parents[1] / "signing" / "javascript"
INSTALLED = FOLDER / "node_modules"
"""Where ``npm ci`` puts the locked packages."""


def sign_job(library: str, payload: Path, name: str, target: Path) -> str:
    """Sign ``payload`` as ``name`` into ``target`` by a library."""
    return "\t".join([library, *map(str, (payload, key_path(name), certificate_path(name), target))])


def verify_job(document: Path) -> str:
    """Verify ``document`` by xmldsigjs, against the key in the certificate that it holds."""
    return f"verify\t{document}"


def run(jobs: Sequence[str], folder: Path) -> list[str]:
    """The outcome of each job: ``true``, ``false`` or an error; ``folder`` is for the list of jobs."""
    listing = folder / "jobs.tsv"
    listing.write_text("\n".join(jobs), encoding="utf-8")
    command = [PROGRAM, str(FOLDER / "sign.mjs"), str(listing)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
