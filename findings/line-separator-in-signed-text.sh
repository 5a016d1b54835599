#!/usr/bin/env bash
# U+2028 and U+0085 in the text of an XML 1.0 document. They are line ends in XML 1.1 only (section 2.11 of both).
# Seen: @xmldom/xmldom 0.8.11 and 0.9.12 hand both on as line feeds; xml-crypto 6.3.2 and xmldsigjs read with it.
# So a verifier on it digests another text than the signer: xml-crypto calls a right signature of signxml 5.2.0 wrong.
# Written as character references (&#8232; &#133;) the same text verifies, as the references are no line ends.
# What it means here: a free text (a trade name from a word processor, say) with one of them is valid by the schema,
# signed, delivered and verified by us, and refused by clients that read with xmldom; sent to them as ASCII it is not.
# Ends with 0 as long as that is so.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check lxml==6.1.3 signxml==5.2.0 cryptography==50.0.2
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund xml-crypto@6.3.2 xmldom-8@npm:@xmldom/xmldom@0.8.11 \
    xmldom-9@npm:@xmldom/xmldom@0.9.12 >/dev/null

cat >sign.py <<'PY'
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from lxml import etree
from signxml import XMLSigner, methods

key = rsa.generate_private_key(65537, 2048)
name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")])
now = datetime.now(UTC)
certificate = (
    x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1))
    .sign(key, hashes.SHA256())
    .public_bytes(serialization.Encoding.PEM)
)
Path("certificate.pem").write_bytes(certificate)
signer = XMLSigner(method=methods.enveloped, c14n_algorithm="http://www.w3.org/2001/10/xml-exc-c14n#")
root = etree.Element("a")
root.text = "Wine\u2028red\u0085"
signed = signer.sign(root, key=key, cert=certificate.decode())
Path("characters.xml").write_bytes(etree.tostring(signed, encoding="UTF-8"))
Path("references.xml").write_bytes(etree.tostring(signed, encoding="US-ASCII"))
PY
env/bin/python sign.py

cat >look.js <<'JS'
const fs = require("fs");
const { SignedXml } = require("xml-crypto");
for (const name of ["xmldom-8", "xmldom-9"]) {
  const { DOMParser } = require(name);
  const text = new DOMParser().parseFromString("<a>x\u2028y\u0085</a>", "text/xml").documentElement.textContent;
  console.log(name, JSON.stringify(text));
  if (text !== "x\ny\n") throw new Error(`${name} keeps the characters now`);
}
const { DOMParser } = require("xmldom-8");
const verified = {};
for (const file of ["characters", "references"]) {
  const xml = fs.readFileSync(`${file}.xml`, "utf8");
  const signature = new DOMParser().parseFromString(xml, "text/xml").getElementsByTagName("ds:Signature")[0];
  const verifier = new SignedXml({ publicCert: fs.readFileSync("certificate.pem", "utf8") });
  verifier.loadSignature(signature);
  try { verified[file] = verifier.checkSignature(xml); } catch (error) { verified[file] = error.message; }
}
console.log("xml-crypto:", verified);
if (verified.references !== true) throw new Error("with references the document does not verify any more");
if (verified.characters === true) throw new Error("xml-crypto keeps the characters now");
JS
node look.js
