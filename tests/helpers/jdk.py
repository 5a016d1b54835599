"""The JDK's XML signature as an independent signer and verifier; one start of Java does all jobs."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

from helpers.pki import certificate_path, key_path

PROGRAM = "java"
_SOURCE = Path(__file__).parents[1] / "signing" / "java" / "XmlDsig.java"


def sign_job(payload: Path, name: str, target: Path, properties: Path | None = None) -> str:
    """Sign ``payload`` as ``name`` into ``target``; with ``properties``, the XAdES QualifyingProperties to sign too."""
    files = (payload, key_path(name), certificate_path(name), target)
    return "\t".join(["sign", *map(str, files), str(properties or "-")])


def verify_job(document: Path, name: str) -> str:
    """Verify ``document`` against the key in the certificate of ``name``."""
    return "\t".join(["verify", str(document), str(certificate_path(name))])


def run(jobs: Sequence[str], folder: Path) -> list[str]:
    """The outcome of each job: ``true``, ``false`` or an error; ``folder`` is for the list of jobs."""
    listing = folder / "jobs.tsv"
    listing.write_text("\n".join(jobs), encoding="utf-8")
    # Compiling costs two seconds and everything else less: the fast first compiler stage is enough.
    command = [PROGRAM, "-XX:TieredStopAtLevel=1", "-Dfile.encoding=UTF-8", str(_SOURCE), str(listing)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8")
    return done.stdout.splitlines()
