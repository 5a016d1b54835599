"""The SAAD list in the store: every version stays as it was entered, and what is changed behind the gateway is told."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from esad_gateway.ais.saad.record import Source, Status
from esad_gateway.audit.check import check
from esad_gateway.errors import StoreUnavailable
from esad_gateway.ports.batches import KeptRecord, SaadQuery
from esad_gateway.store.batches import Batches
from esad_gateway.store.saad import NewVersion, SaadRecords, record_id
from helpers.gateway import CONSIGNEE, CONSIGNOR, NOW, Station
from helpers.saad import entered, entry, version

FIRST, SECOND = entry("GR-1"), entry("GR-2", source=Source.WINE)
CORRECTED = version(entry("GR-1", consignor="EL00000000901", in_warehouse=True), 2, Status.CORRECTED)


def write(station: Station, *versions: NewVersion, trader: str = CONSIGNEE) -> None:
    """Commit versions."""
    with Batches(station.runtime.store).work() as work:
        assert work.lock()
        work.saad.write(trader, versions)


def records(station: Station, trader: str = CONSIGNEE, **query: Any) -> list[KeptRecord]:
    """What stands in a list now."""
    return list(SaadRecords(station.runtime.store).page(trader, SaadQuery(**query)))


@pytest.fixture
def listed(lt: Station) -> Station:
    """A gateway with two records, of which one was corrected."""
    write(lt, entered(version(FIRST), batch="b1", batch_number=7), entered(version(SECOND)))
    write(lt, entered(CORRECTED))
    return lt


def test_versions_are_read_as_they_were_entered(listed: Station) -> None:
    """With every digit of an amount, and with the document of the batch that brought them."""
    number = record_id(CONSIGNEE, FIRST.key)
    kept = SaadRecords(listed.runtime.store).versions(CONSIGNEE, number)

    assert [one.record for one in kept] == [version(FIRST), CORRECTED]
    assert [(one.batch, one.batch_number) for one in kept] == [("b1", 7), (None, None)]
    assert {one.id for one in kept} == {number}
    assert str(kept[0].record.entry.lines[0].quantity) == "120.50"


def test_list_shows_the_newest_version_of_each_record(listed: Station) -> None:
    """In the order in which they came, one after the other when it is asked so."""
    assert [one.record for one in records(listed)] == [version(SECOND), CORRECTED]
    assert [one.record for one in records(listed, limit=1)] == [version(SECOND)]
    assert [one.record for one in records(listed, after=2)] == [CORRECTED]


@pytest.mark.parametrize(
    ("query", "documents"),
    [
        ({"status": "corrected"}, ["GR-1"]),
        ({"source": "mvv"}, ["GR-2"]),
        ({"document": "GR-2"}, ["GR-2"]),
        ({"late": True}, []),
        ({"received_from": "2023-11-30", "received_to": "2023-11-30"}, ["GR-2", "GR-1"]),
        ({"received_from": "2023-12-01"}, []),
    ],
)
def test_list_shows_what_is_asked_for(listed: Station, query: dict[str, Any], documents: list[str]) -> None:
    """By what stands in the newest version."""
    assert [one.record.entry.document for one in records(listed, **query)] == documents


def test_list_of_another_trader_is_another_one(listed: Station) -> None:
    """The same document is a record of each trader that enters it, and neither sees the other's."""
    write(listed, entered(version(FIRST), CONSIGNOR), trader=CONSIGNOR)

    assert len(records(listed, CONSIGNOR)) == 1
    assert len(records(listed)) == 2
    assert SaadRecords(listed.runtime.store).versions(CONSIGNOR, record_id(CONSIGNEE, FIRST.key)) == []


def test_version_that_is_there_is_not_entered_again(listed: Station) -> None:
    """Two that decide on the same version cannot both have the next one."""
    with pytest.raises(StoreUnavailable, match="UNIQUE"):
        write(listed, entered(CORRECTED))

    assert len(records(listed)) == 2
    assert listed.checked().problems == ()


def test_withdrawn_record_keeps_what_it_was(listed: Station) -> None:
    """A withdrawal is a version like any other."""
    withdrawn = version(FIRST, 3, Status.WITHDRAWN, NOW + timedelta(days=1))
    write(listed, entered(replace(withdrawn, since=CORRECTED.since)))

    assert [one.record.status for one in records(listed, document="GR-1")] == [Status.WITHDRAWN]
    assert listed.checked().problems == ()


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        (
            "UPDATE saad_record SET entry = replace(entry, '120.50', '12.050') WHERE number = 2",
            "not those that a checkpoint vouches for",
        ),
        ("UPDATE saad_record SET entry = replace(entry, '120.50', '12.050') WHERE number = 2", "not the one that was"),
        (
            "UPDATE saad_record SET entered_at = '2026-03-01T10:00:00.000000+00:00' WHERE number = 3",
            "not those that a checkpoint vouches for",
        ),
        ("UPDATE saad_record SET late = 1 WHERE number = 1", "not those that a checkpoint vouches for"),
        ("UPDATE saad_record SET status = 'corrected' WHERE number = 2", "not those that a checkpoint vouches for"),
        ("UPDATE saad_record SET document = 'GR-9' WHERE number = 2", "the columns beside its entry tell something"),
        ("UPDATE saad_record SET batch = NULL, batch_number = NULL", "not those that a checkpoint vouches for"),
        ("DELETE FROM saad_record WHERE number = 3", "a checkpoint vouches for 3 versions; the last is 2"),
        ("DELETE FROM saad_record WHERE number = 1", "2 versions are numbered up to 3"),
        ("DELETE FROM saad_record", "numbers were given out, but there is no record"),
        ("UPDATE saad_book SET last_number = 2", "3 versions are numbered up to 3"),
        ("UPDATE saad_record SET entry = '{}', content = x'00'", "it holds what nobody wrote"),
    ],
)
def test_changed_record_is_told_by_the_check(listed: Station, statement: str, told: str) -> None:
    """Whatever of a version is changed behind the gateway's back, or taken out."""
    assert listed.checked().problems == ()
    listed.run_sql(statement)

    assert any(told in problem for problem in listed.checked().problems)


def test_change_since_the_last_checkpoint_is_told_by_the_chain(listed: Station) -> None:
    """What nobody has vouched for yet is bound all the same."""
    listed.run_sql("UPDATE saad_record SET late = 1 WHERE number = 2")

    problems = check(listed.member.data).problems

    assert f"SAAD list of {CONSIGNEE}: versions 1 to 3 are not as they were entered" in problems


def test_list_that_was_made_anew_is_told_by_the_checkpoint(listed: Station) -> None:
    """Who can write the database can write a whole list, chain and all, but not what was signed about it."""
    listed.runtime.checkpoints.write()
    listed.run_sql("DELETE FROM saad_record", "DELETE FROM saad_book")
    write(listed, entered(version(entry("GR-3"))), entered(version(SECOND)), entered(version(FIRST)))

    assert any("are not those that a checkpoint vouches for" in one for one in listed.checked().problems)
