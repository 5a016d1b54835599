#!/usr/bin/env bash
# A PDF/A-3b of fpdf2 2.8.9 whose date of creation was set, made twice.
# Seen: without PDF/A the two files are equal byte by byte. With enforce_compliance="PDF/A-3B" they differ: the XMP
# metadata has the given day as CreateDate, but the present moment as ModifyDate and MetadataDate, and so the file has
# another ID as well.
# What it means here: our papers write the XMP metadata themselves (set_xmp_metadata), and a test compares the bytes of
# two files of one document.
# Ends with 0 as long as that is so.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check fpdf2==2.8.9

cat >look.py <<'PY'
import re
import time
from datetime import UTC, datetime

from fpdf import FPDF

GIVEN = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


def made(**how: str) -> bytes:
    pdf = FPDF(**how)
    pdf.set_creation_date(GIVEN)
    pdf.set_title("Report of receipt")
    pdf.set_lang("en")
    pdf.add_page()
    pdf.rect(20, 20, 40, 40)
    return bytes(pdf.output())


def twice(**how: str) -> list[bytes]:
    first = made(**how)
    time.sleep(1.1)  # the dates have whole seconds
    return [first, made(**how)]


def dates(one: bytes) -> dict[str, str]:
    return {name.decode(): day.decode() for name, day in re.findall(rb'xmp:(\w+Date)="([^"]+)"', one)}


plain, archive = twice(), twice(enforce_compliance="PDF/A-3B")
first, second = map(dates, archive)
print("plain, equal:", plain[0] == plain[1])
print("PDF/A-3b, equal:", archive[0] == archive[1])
print(first, second, sep="\n")
assert plain[0] == plain[1]
assert archive[0] != archive[1]
assert first["CreateDate"] == second["CreateDate"] == "2026-03-02T10:00:00+00:00"
for name in ("ModifyDate", "MetadataDate"):
    assert first[name] != second[name]
    assert not first[name].startswith("2026-03-02")
PY
env/bin/python look.py
