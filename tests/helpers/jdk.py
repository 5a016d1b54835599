"""The JDK's XML signature as an independent signer and verifier; one start of Java does all jobs."""

from pathlib import Path

from helpers.pki import certificate_path, key_path

PROGRAM = "java"
_SOURCE = Path(__file__).parents[1] / "signing" / "java" / "XmlDsig.java"

# Compiling costs two seconds and everything else less: the fast first compiler stage is enough.
COMMAND = (PROGRAM, "-XX:TieredStopAtLevel=1", "-Dfile.encoding=UTF-8", str(_SOURCE))


def sign_job(payload: Path, name: str, target: Path, properties: Path | None = None) -> str:
    """Sign ``payload`` as ``name`` into ``target``; with ``properties``, the XAdES QualifyingProperties to sign too."""
    files = (payload, key_path(name), certificate_path(name), target)
    return "\t".join(["sign", *map(str, files), str(properties or "-")])


def verify_job(document: Path, name: str) -> str:
    """Verify ``document`` against the key in the certificate of ``name``."""
    return "\t".join(["verify", str(document), str(certificate_path(name))])
