"""Ready is who can do the work now; what is wrong is said, check by check."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from esad_gateway.texts import languages
from helpers.gateway import CONSIGNOR, copy_of_box, new_draft
from helpers.served import Answer, Served, served

ALL = {"store", "key", "clock", "disk"}


def wrong(answer: Answer) -> set[str]:
    """Which checks are not in order; each says why in every language."""
    checks = answer.json["checks"]
    found = {name for name, check in checks.items() if not check["ok"]}
    assert all(checks[name]["whys"].keys() == set(languages()) for name in found)
    return found


def asked(gateway: Served) -> Answer:
    """What is answered when all is looked at anew."""
    gateway.station.clock.at += timedelta(seconds=2)
    return gateway.get("/ready")


def test_gateway_that_can_work_is_ready(gateway: Served) -> None:
    """Every check is named."""
    answer = gateway.get("/ready")

    assert (answer.status, answer.json["ready"], answer.json["checks"].keys()) == (200, True, ALL)


def test_disk_without_room_is_told(tmp_path: Path) -> None:
    """With what is left, and what the setting asks for; nothing of where that is."""
    box = copy_of_box(tmp_path)
    box.set("LT", disk_megabytes_free=90_000_000)
    with served(box) as gateway:
        answer = gateway.get("/ready")

    assert (answer.status, answer.json["type"], wrong(answer)) == (503, "/problems/not-ready", {"disk"})
    assert "at least 90000000 are needed" in answer.json["checks"]["disk"]["why"]
    assert str(tmp_path) not in answer.body.decode()


def test_administration_without_a_key_is_not_ready(fresh: Served) -> None:
    """What it signs with has ended; when it has one again, it is ready again, without a new start."""
    ends = "UPDATE certificate SET believed_until = {} WHERE holder = 'NDEA.LT'"
    bump = "UPDATE registry_version SET version = version + 1"
    fresh.station.run_sql(ends.format("'2020-01-01T00:00:00.000000+00:00'"), bump)
    without = asked(fresh)
    fresh.station.run_sql(ends.format("NULL"), bump)

    assert (without.status, wrong(without)) == (503, {"key"})
    assert asked(fresh).status == 200


def test_clock_that_does_not_act_is_told(fresh: Served) -> None:
    """A journey should have ended a day ago, and nobody has looked: what is due waits."""
    assert fresh.submit(fresh.box.signed(CONSIGNOR, new_draft())).status == 201
    fresh.station.clock.at += timedelta(days=60)
    answer = fresh.get("/ready")

    assert answer.status == 503
    assert "clock" in wrong(answer)


def test_store_that_cannot_be_written_is_told(fresh: Served) -> None:
    """Somebody else holds it; those who ask at once are told from one look. Then it is ready again."""
    with closing(sqlite3.connect(fresh.box.members["LT"].data.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        answers = [asked(fresh), fresh.get("/ready")]
        other.execute("ROLLBACK")

    assert [(one.status, wrong(one)) for one in answers] == [(503, {"store"})] * 2
    assert asked(fresh).status == 200


@pytest.mark.parametrize("path", ["/ready", "/health"])
def test_question_reads_and_writes_nothing(gateway: Served, path: str) -> None:
    """However often it is asked, no row is another."""
    before = [gateway.station.rows(table) for table in ("message", "outbox", "security_log")]
    assert {gateway.get(path).status for _ in range(5)} == {200}

    assert [gateway.station.rows(table) for table in ("message", "outbox", "security_log")] == before
