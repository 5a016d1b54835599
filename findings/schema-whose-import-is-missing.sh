#!/usr/bin/env bash
# An XML Schema in several files, as EMCS has it (a message, its types, its code lists), of which one file is gone.
# Seen: lxml 6.1.3 (libxml2) compiles a schema whose xs:import cannot be found, and says nothing. It then refuses valid
# documents and blames them: an element of the missing namespace has "No matching global element declaration".
# xmlschema 4.3.2 warns when it loads the same schema.
# What it means here: a schema file that is named and missing is told when a release is loaded (esad_gateway.xml.schema).
# Ends with 0 as long as both behave so.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check lxml==6.1.3 xmlschema==4.3.2

cat >look.py <<'PY'
import warnings
from pathlib import Path

import xmlschema
from lxml import etree

SCHEMA = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:message">
  <xs:import namespace="urn:types" schemaLocation="types.xsd"/>
  <xs:element name="message"><xs:complexType><xs:sequence>
    <xs:any namespace="urn:types"/>
  </xs:sequence></xs:complexType></xs:element>
</xs:schema>"""
TYPES = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:types">
  <xs:element name="quantity" type="xs:decimal"/>
</xs:schema>"""
DOCUMENT = '<m:message xmlns:m="urn:message" xmlns:t="urn:types"><t:quantity>5</t:quantity></m:message>'

Path("message.xsd").write_text(SCHEMA)
Path("types.xsd").write_text(TYPES)
assert etree.XMLSchema(etree.parse("message.xsd")).validate(etree.fromstring(DOCUMENT))

Path("types.xsd").unlink()
schema = etree.XMLSchema(etree.parse("message.xsd"))
valid = schema.validate(etree.fromstring(DOCUMENT))
print("lxml compiles it:", len(schema.error_log), "faults in the log, all about the document:", schema.error_log.last_error)
assert not valid, "lxml takes the document now"

with warnings.catch_warnings(record=True) as told:
    warnings.simplefilter("always")
    xmlschema.XMLSchema("message.xsd")
print("xmlschema warns:", [one.category.__name__ for one in told])
assert [one.category for one in told] == [xmlschema.XMLSchemaImportWarning], "xmlschema does not warn any more"
PY
env/bin/python look.py
