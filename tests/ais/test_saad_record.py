"""A document is one record, however its number and its consignor are written."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from esad_gateway.ais.saad.record import SaadEntry, SaadLine, Source, tidy
from esad_gateway.emcs.registry import OperatorType

ENTRY = SaadEntry(
    source=Source.WINE,
    document="VA-2026/0042",
    state="FR",
    consignor="Domaine de la Côte",
    dispatched=date(2026, 3, 2),
    received=date(2026, 3, 5),
    consignee="LT00000000202",
    capacity=OperatorType.CERTIFIED_CONSIGNEE,
    lines=(SaadLine(product="W200", cn_code="22042111", quantity=Decimal(900), strength=Decimal("12.5")),),
)


@pytest.mark.parametrize(
    "written",
    [
        replace(ENTRY, document=" va-2026/0042"),
        replace(ENTRY, consignor="DOMAINE  DE LA\u00a0CÔTE "),
        replace(ENTRY, consignor="Domaine de la Co\u0302te"),
        replace(ENTRY, received=date(2026, 3, 6), lines=()),
    ],
)
def test_key_is_that_of_the_document(written: SaadEntry) -> None:
    """Case, blanks, ways to write a letter, and all that is no part of the key, make no other document."""
    assert written.key == ENTRY.key


@pytest.mark.parametrize(
    "other",
    [replace(ENTRY, document="VA-2026/0043"), replace(ENTRY, consignor="Domaine"), replace(ENTRY, state="IT")],
)
def test_key_tells_documents_apart(other: SaadEntry) -> None:
    """Another number, consignor or state is another document."""
    assert other.key != ENTRY.key


def test_texts_have_plain_blanks() -> None:
    """An entry by hand is the same as one that is read from a table: no blanks around, none that only look like one."""
    written = replace(ENTRY, document=" VA-2026/0042\u00a0", consignor="\u00a0Domaine de\u00a0la Côte ")

    assert tidy(written) == ENTRY
