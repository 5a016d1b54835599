#!/usr/bin/env bash
# Fields of an IE815, which all are texts by their meaning, read by fast-xml-parser 5.12.1 as it is without options.
# Seen: a local reference number 2611E5 becomes the number 261100000, a CN code 04041002 loses its zero, and 100.000
# its decimals; XMLBuilder writes these back. An ARC and a long number stay texts. With parseTagValue: false all do.
# What it means here: docs/reference/signature.md names the option. What such a program reads and writes again is another
# document than was signed.
# Ends with 0 as long as that is so.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund fast-xml-parser@5.12.1 >/dev/null

cat >look.js <<'JS'
const { XMLBuilder, XMLParser } = require("fast-xml-parser");

const given =
  "<r><LocalReferenceNumber>2611E5</LocalReferenceNumber><CnCode>04041002</CnCode>" +
  "<Quantity>100.000</Quantity><AdministrativeReferenceCode>26LT00000000000000PP0</AdministrativeReferenceCode></r>";
for (const options of [{}, { parseTagValue: false }]) {
  const read = new XMLParser(options).parse(given);
  console.log(JSON.stringify(read.r), new XMLBuilder().build(read) === given ? "same" : "changed");
}
JS

node look.js | tee seen
cat >expected <<'TXT'
{"LocalReferenceNumber":261100000,"CnCode":4041002,"Quantity":100,"AdministrativeReferenceCode":"26LT00000000000000PP0"} changed
{"LocalReferenceNumber":"2611E5","CnCode":"04041002","Quantity":"100.000","AdministrativeReferenceCode":"26LT00000000000000PP0"} same
TXT
diff expected seen
