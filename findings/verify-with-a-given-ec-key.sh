#!/usr/bin/env bash
# An ECDSA P-256 signature of xmldsigjs 2.8.8, verified by xmldsigjs with the public key handed over.
# Seen: SignedXml.Verify(key) with the very CryptoKey of the signer's pair is refused by Node's WebCrypto for its
# parameters ("namedCurve" is missing), while Verify() with the KeyValue of the document succeeds. With RSA both do.
# What it means here: a recipe for xmldsigjs and EC keys has to verify with the certificate in KeyInfo.
# Ends with 0 as long as that is so.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund xmldsigjs@2.8.8 @xmldom/xmldom@0.9.12 xpath@0.0.34 xml-core@1.2.6 >/dev/null

cat >look.js <<'JS'
const xmldsig = require("xmldsigjs");
const { webcrypto } = require("crypto");
const { DOMParser, XMLSerializer } = require("@xmldom/xmldom");
const { setNodeDependencies } = require("xml-core");

setNodeDependencies({ DOMParser, XMLSerializer, xpath: require("xpath") });
xmldsig.Application.setEngine("node", webcrypto);

async function outcome(algorithm) {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const signed = new xmldsig.SignedXml();
  const document = xmldsig.Parse("<a>text</a>");
  await signed.Sign(algorithm, keys.privateKey, document, {
    keyValue: keys.publicKey,
    references: [{ hash: "SHA-256", transforms: ["enveloped", "exc-c14n"] }],
  });
  document.documentElement.appendChild(signed.XmlSignature.GetXml());
  const text = xmldsig.Stringify(document);
  const said = {};
  for (const [how, key] of [["given", keys.publicKey], ["in the document", undefined]]) {
    const again = xmldsig.Parse(text);
    const verifier = new xmldsig.SignedXml(again);
    verifier.LoadXml(again.getElementsByTagName("ds:Signature")[0]);
    try { said[how] = await (key ? verifier.Verify(key) : verifier.Verify()); } catch (error) { said[how] = error.message; }
  }
  return said;
}

(async () => {
  const rsa = await outcome({ name: "RSASSA-PKCS1-v1_5", hash: "SHA-256", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) });
  const ec = await outcome({ name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" });
  console.log("RSA:", rsa);
  console.log("EC: ", ec);
  if (rsa.given !== true || rsa["in the document"] !== true) throw new Error("RSA does not verify both ways any more");
  if (ec["in the document"] !== true) throw new Error("EC does not verify with the key in the document any more");
  if (ec.given === true || !/namedCurve/.test(ec.given)) throw new Error("EC with a given key behaves in another way now");
})();
JS
node look.js
