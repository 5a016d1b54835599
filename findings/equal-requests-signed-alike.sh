#!/usr/bin/env bash
# npm soap 1.13.0 signs two equal requests within one second alike: WSSecurityCert writes Created in whole seconds and
# gives Timestamp and Body the Ids _0 and _1 each time, so that what is signed, and with RSA the SignatureValue too, is
# the same. zeep 4.3.3 and WSS4J 1.6.19 make an Id of their own for every Timestamp, which is in what is signed.
# Seen: whoever refuses a signature that was used before (a catcher of replays has to) refuses the second of two polls.
# What it means here: step 23 refuses it; clients ask once a second at most, or for something else (another limit).
# Ends with 0 as long as that is so.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"

npm init --yes >/dev/null
npm install --silent --no-audit --no-fund soap@1.13.0 >/dev/null
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out certificate.pem -days 1 -subj /CN=test 2>/dev/null

cat >sign.js <<'JS'
const { readFileSync } = require("fs");
const soap = require("soap");
const security = () => new soap.WSSecurityCert(readFileSync("key.pem"), readFileSync("certificate.pem"), "");
const request =
  '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Header></soap:Header>' +
  "<soap:Body><ask>1</ask></soap:Body></soap:Envelope>";
const value = (xml) => /<Created[^>]*>([^<]*)<.*<SignatureValue>([^<]*)</s.exec(xml.replaceAll(/<(\/?)\w+:/g, "<$1")).slice(1);
// Of three, two fall into one second.
const signed = [1, 2, 3].map(() => value(security().postProcess(request, "soap")));
console.log("Created:", signed.map(([created]) => created).join(" "));
const distinct = new Set(signed.map(([, signature]) => signature)).size;
console.log("three equal requests have", distinct, "different signature values");
if (distinct === 3) throw new Error("each request is signed in a way of its own now");
JS
node --no-deprecation sign.js
