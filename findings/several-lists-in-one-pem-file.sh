#!/usr/bin/env bash
# A file with two revocation lists in PEM, one behind the other, as CAs with an old and a new key publish them.
# Seen: cryptography 50.0.2 load_pem_x509_crl reads the first and says nothing of the second, while
# load_pem_x509_certificates reads every certificate of a file.
# What it means here: esad trust add --crl splits a file itself and takes every list in it.
# Ends with 0 as long as that is so.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check cryptography==50.0.2

cat >look.py <<'PY'
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

now = datetime.now(UTC)


def crl(name):
    issuer = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    builder = x509.CertificateRevocationListBuilder(issuer, now, now + timedelta(days=1))
    return builder.sign(ec.generate_private_key(ec.SECP256R1()), hashes.SHA256())


both = b"".join(crl(name).public_bytes(serialization.Encoding.PEM) for name in ("old key", "new key"))
read = x509.load_pem_x509_crl(both)
names = [name for name in dir(x509) if name.startswith("load_pem") and "crl" in name]
print("read:", read.issuer.rfc4514_string(), "functions:", names)
assert read.issuer.rfc4514_string() == "CN=old key"
assert names == ["load_pem_x509_crl"], "there is a function for several lists now"
PY
env/bin/python look.py
