"""``esad doctor``: what is made wrong for real is found, and the command that is printed mends it."""

import json
import os
import shlex
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from esad_gateway.errors import NotDecided
from esad_gateway.operations.findings import CHECKS, Level
from esad_gateway.operations.national import of_national_law
from esad_gateway.provision import create
from esad_gateway.settings import FILE, read_settings
from esad_gateway.signing.pki import KeyKind
from esad_gateway.texts import languages, say
from helpers.command_line import Ended, Esad, ran
from helpers.gateway import CONSIGNOR, HandClock, copy_of_box, new_draft
from helpers.own_provider import own_provider
from helpers.served import Served

NOW = datetime.now(UTC)
SOON = 3640
"""Days: of what was made so long ago, ten are left."""


@pytest.fixture
def esad(capsys: pytest.CaptureFixture[str]) -> Esad:
    """Run ``esad`` with arguments."""
    return partial(ran, capsys)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory."""
    return create(tmp_path_factory.mktemp("made") / "lt", "LT", "Europe/Vilnius", NOW, KeyKind.P256).root


@pytest.fixture
def data(made: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(made, tmp_path / "lt"))


def looked(esad: Esad, data: Path, *more: str) -> list[dict[str, Any]]:
    """What is found; the exit code says whether something is wrong."""
    ended = esad("doctor", "--data", data, "--json", *more)
    [told] = ended.objects
    findings: list[dict[str, Any]] = told["findings"]
    ill = any(one["level"] == "wrong" for one in findings)

    assert (ended.code, told["ok"]) == (int(ill), not ill)
    assert {one["check"] for one in findings} <= set(CHECKS)
    assert all(one["whats"].keys() == set(languages()) for one in findings)
    return findings


def of(findings: list[dict[str, Any]], check: str, level: str = "wrong") -> list[dict[str, Any]]:
    """The findings of a check."""
    return [one for one in findings if (one["check"], one["level"]) == (check, level)]


def mended(esad: Esad, command: str) -> None:
    """Do what was printed."""
    words = shlex.split(command)
    if words[0] == "esad":
        ended = esad(*words[1:])
        assert ended.code == 0, ended.err
    else:
        subprocess.run(command, shell=True, check=True)  # noqa: S602 - as a person would


def run(data: Path, *statements: str) -> None:
    """Change the store behind everybody's back."""
    with closing(sqlite3.connect(data / "store.db")) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def test_new_gateway_is_well(esad: Esad, data: Path) -> None:
    """Every check says something, and nothing is wrong; nothing was changed."""
    before = {path: path.stat().st_mtime_ns for path in data.rglob("*") if path.is_file() and "-" not in path.name}
    findings = looked(esad, data)
    table = esad("doctor", "--data", data, "--offline", "--lang", "lt")

    assert {one["check"] for one in findings} == set(CHECKS)
    assert [one for one in findings if one["level"] == "wrong"] == []
    assert (table.code, "patikra\tlygis\trasta\tpataiso" in table.out) == (0, True)
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_what_others_can_read_is_found(esad: Esad, data: Path) -> None:
    """The folder and a key; the command closes both."""
    data.chmod(0o755)
    (data / "keys" / "administration.key").chmod(0o644)
    [found] = of(looked(esad, data, "--offline"), "permissions")
    mended(esad, found["command"])

    assert "administration.key (mode 644)" in found["what"]
    assert of(looked(esad, data, "--offline"), "permissions") == []


def test_key_that_is_lost_is_found(esad: Esad, data: Path) -> None:
    """Another one is made and signs from then on."""
    (data / "keys" / "administration.pem").rename(data / "elsewhere.pem")
    [found] = of(looked(esad, data, "--offline"), "key")
    mended(esad, found["command"])

    assert found["command"] == f"esad key renew --overlap 0 --data {data}"
    assert of(looked(esad, data, "--offline"), "key", "fine") != []


def test_trust_that_cannot_be_read_is_mended_by_no_other_key(esad: Esad, data: Path) -> None:
    """What is to be looked at is named; a new key would leave it as it is."""
    (data / "trust" / "broken.pem").write_bytes(b"no certificate")

    [found] = of(looked(esad, data, "--offline"), "key")

    assert "broken.pem" in found["what"]
    assert not found["command"]


def test_certificate_that_ends_soon_is_found_before_that(esad: Esad, tmp_path: Path) -> None:
    """With ten days left it is no mistake yet, and is told with the command; what was renewed is told no more."""
    data = create(tmp_path / "lt", "LT", "UTC", NOW - timedelta(days=SOON), KeyKind.P256).root
    findings = of(looked(esad, data, "--offline"), "certificates", "soon")
    own = [one for one in findings if one["what"].startswith("NDEA.LT")]
    authority = [one for one in findings if one["command"] and "trust add" in one["command"]]
    mended(esad, f"{own[0]['command']} --overlap 0")
    after = of(looked(esad, data, "--offline"), "certificates", "soon")

    assert own[0]["command"] == f"esad key renew --data {data}"
    assert "NDEA.LT" in own[0]["what"]
    assert authority[0]["command"] == f"esad trust add FILE.pem --data {data}"
    assert [one for one in after if one["what"].startswith("NDEA.LT")] == []


def test_store_that_is_not_there_is_found(esad: Esad, data: Path) -> None:
    """In the sentence of every other command; none makes an empty one in its place."""
    (data / "store.db").unlink()
    [found] = of(looked(esad, data), "store")

    assert "is missing; bring back the one that belongs here" in found["what"]
    assert found["command"] is None
    assert not (data / "store.db").exists()


def test_setting_that_cannot_be_is_found(esad: Esad, data: Path) -> None:
    """All of what is wrong with the file in one sentence."""
    with (data / FILE).open("a", encoding="utf-8") as file:
        file.write('watchers = ["everybody"]\n')
    [found] = of(looked(esad, data), "settings")

    assert "'everybody' is no address and no network" in found["what"]


def test_tariffs_that_cannot_be_are_found(esad: Esad, data: Path) -> None:
    """Before anybody asks for duty, with place and reason."""
    (data / "tariffs.toml").write_text('[[rate]]\ntariff = "beer"\nfirst = 2027-01-01\nsource = ""', encoding="utf-8")
    [found] = of(looked(esad, data, "--offline"), "law")

    assert all(place in found["what"] for place in ("tariffs.toml", "rate[1].source", "rate[1].specific"))


TOLD = """
[[rate]]
tariff = "beer"
first = 2027-01-01
specific = "300"
source = "a law of a test"
"""


def test_tariffs_that_end_are_told_a_month_before(data: Path) -> None:
    """Until the next ones are told in tariffs.toml; a day on which they have ended is told as such."""

    def told(day: date) -> list[str]:
        found = of_national_law(data, read_settings(data), day)
        return [say(one.what) for one in found if one.level is Level.SOON and "Beer" in say(one.what)]

    month_before = told(date(2026, 12, 1))
    assert (told(date(2026, 11, 30)), len(month_before)) == ([], 1)
    assert "no rate from the day after 2026-12-31 on for: " in month_before[0]
    assert told(date(2027, 1, 1))[0].startswith("no rate after 2026-12-31 for: ")

    (data / "tariffs.toml").write_text(TOLD, encoding="utf-8")
    assert told(date(2027, 1, 1)) == []


def test_figures_that_are_decided_here_are_named(esad: Esad, data: Path) -> None:
    """So that nobody looks for them in the law."""
    with (data / FILE).open("a", encoding="utf-8") as file:
        file.write('[national_terms]\n"ACC-3_lag" = 0\n')
    [found] = of(looked(esad, data, "--offline"), "law", "fine")

    assert found["what"].endswith("decided in the settings: ACC-3_lag")


def test_state_without_national_law_has_none_to_look_at(tmp_path: Path) -> None:
    """Nothing is said of it."""
    data = create(tmp_path / "pl", "PL", "UTC", NOW, KeyKind.P256).root

    assert list(of_national_law(data, read_settings(data), NOW.date())) == []


def test_provider_at_which_nobody_can_sign_in_is_found(esad: Esad, data: Path) -> None:
    """One answers and has keys, one has none, one cannot be reached, and one has a secret that is not there."""
    with own_provider(lambda: 0) as well, own_provider(lambda: 0) as keyless:
        keyless.keys = []
        named = {"well": well.issuer, "keyless": keyless.issuer, "down": "http://127.0.0.1:9", "secret": well.issuer}
        with (data / FILE).open("a", encoding="utf-8") as file:
            for name, issuer in named.items():
                file.write(f'[sign_in.{name}]\nissuer = "{issuer}"\nclient_id = "esad"\nmeans = "vmi"\n')
            file.write('client_secret_file = "keys/none.secret"\n')
        findings = looked(esad, data)

    [fine] = of(findings, "providers", "fine")
    assert fine["what"] == f"well answers at {well.issuer}, and has keys"
    assert [one["what"].partition(":")[0] for one in of(findings, "providers")] == ["keyless", "down", "secret"]
    assert of(looked(esad, data, "--offline"), "providers") == []


def test_disk_without_room_is_found(esad: Esad, data: Path) -> None:
    """By the same bound as /ready."""
    with (data / FILE).open("a", encoding="utf-8") as file:
        file.write("disk_megabytes_free = 90_000_000\n")

    assert "90000000 are needed at least" in of(looked(esad, data, "--offline"), "disk")[0]["what"]


def test_clock_that_has_gone_back_is_found(esad: Esad, data: Path) -> None:
    """What the store has noted is later than it is here."""
    run(
        data,
        "INSERT INTO message (mailbox, seq, direction, type, identifier, outcome, document, recorded_at)"
        " VALUES ('LT00000000101', 1, 'in', 'IE815', 'x', 'accepted', x'00', '2099-01-01T00:00:00.000000+00:00')",
    )
    [found] = of(looked(esad, data, "--offline"), "time")

    assert "the store has noted 2099-01-01T00:00:00Z already" in found["what"]
    assert found["command"] == "timedatectl set-ntp true"


def test_dead_letter_is_found(esad: Esad, data: Path) -> None:
    """It is tried again by the command, and then waits for an address."""
    run(
        data,
        "INSERT INTO outbox (destination, identifier, document, attempts, refusals, next_attempt_at, dead)"
        " VALUES ('NDEA.PL', 'x', x'00', 9, 9, '2026-01-01T00:00:00.000000+00:00', 1)",
    )
    [found] = of(looked(esad, data, "--offline"), "waits")
    mended(esad, found["command"])

    assert found["what"] == "1 documents for NDEA.PL are given up"
    [left] = of(looked(esad, data, "--offline"), "waits")
    assert left["what"] == "1 documents wait for NDEA.PL, and where it listens is not known"


def test_documents_for_an_administration_of_no_address_are_found(esad: Esad, data: Path) -> None:
    """Nothing would ever be delivered there; once its address is known, they merely wait."""
    run(
        data,
        "INSERT INTO outbox (destination, identifier, document, attempts, refusals, next_attempt_at, dead)"
        " VALUES ('NDEA.XX', 'x', x'00', 1, 0, '2026-01-01T00:00:00.000000+00:00', 0)",
    )
    [found] = of(looked(esad, data, "--offline"), "waits")
    [nobody] = of(looked(esad, data), "peers", "soon")

    assert found["what"] == "1 documents wait for NDEA.XX, and where it listens is not known"
    assert found["command"] == nobody["command"] == f"esad peer connect {data} URL"


def test_administration_that_does_not_answer_is_found(esad: Esad, data: Path, made: Path) -> None:
    """With the reason that its address gives; others are asked all the same."""
    added = esad(
        *("peer", "add", "--data", data, "--state", "PL", "--url", "http://127.0.0.1:9/ndea", "--untried"),
        *("--certificate", made / "keys" / "administration.pem"),
    )
    assert added.code == 2, "a certificate of our own is refused"
    other = create(data.parent / "pl", "PL", "UTC", NOW, KeyKind.P256)
    assert esad("trust", "add", other.authority_certificate, "--data", data).code == 0
    assert (
        esad(
            *("peer", "add", "--data", data, "--state", "PL", "--url", "http://127.0.0.1:9/ndea", "--untried"),
            *("--certificate", other.certificate),
        ).code
        == 0
    )
    [found] = of(looked(esad, data), "peers")

    assert found["what"].startswith("NDEA.PL: ")
    assert of(looked(esad, data, "--offline"), "peers") == []


@contextmanager
def serving(data: Path) -> Iterator[str]:
    """The gateway of a data directory, and where it listens."""
    command = (sys.executable, "-m", "esad_gateway", "serve", "--data", str(data), "--port", "0")
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            yield str(json.loads(process.stderr.readline())["url"])
        finally:
            process.terminate()


def test_administration_that_signs_with_another_key_is_found(esad: Esad, data: Path) -> None:
    """It has replaced its key and told nobody; the command believes that one, whose fingerprint is in it."""
    other = create(data.parent / "pl", "PL", "UTC", NOW, KeyKind.P256).root
    with serving(other) as url:
        assert esad("trust", "add", other / "pki" / "ca.pem", "--data", data).code == 0
        words = ("--url", f"{url}/ndea", "--certificate", other / "keys" / "administration.pem")
        assert esad("peer", "add", "--data", data, "--state", "PL", *words).code == 0
        well = of(looked(esad, data), "peers", "fine")
        assert esad("key", "renew", "--data", other, "--overlap", "0").code == 0
        [found] = of(looked(esad, data), "peers")
        # Where it says that it listens is the port of its settings; here it is another one.
        mended(esad, found["command"])
        after = looked(esad, data)

    assert "signs with what is known of it" in well[0]["what"]
    assert "says that it signs with" in found["what"]
    assert of(after, "peers") == []


WITHOUT = """
import sys
sys.modules["xlsxwriter"] = None  # as Python marks what cannot be imported
from esad_gateway.cli import main
main(sys.argv[1:])
"""


def test_library_that_is_missing_is_found(data: Path) -> None:
    """Before anything that needs it fails."""
    command = [sys.executable, "-c", WITHOUT, "doctor", "--data", str(data), "--json"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    [told] = Ended(ended.returncode, ended.stdout, ended.stderr).objects

    assert (ended.returncode, told["findings"][0]["check"]) == (1, "versions")
    assert "xlsxwriter" in told["findings"][0]["what"]


def test_library_that_is_too_old_is_found(data: Path, tmp_path: Path) -> None:
    """By what the installed package says that it needs; the command brings that one up."""
    told = tmp_path / "esad_gateway-99.dist-info"
    told.mkdir()
    (told / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: esad-gateway\nVersion: 99\n"
        "Requires-Dist: lxml>=999.1\nRequires-Dist: httptools>=0.0.1\n"
    )
    command = [sys.executable, "-m", "esad_gateway", "doctor", "--data", str(data), "--json", "--offline"]
    asked = {**os.environ, "PYTHONPATH": str(tmp_path)}
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, env=asked)
    [answer] = Ended(ended.returncode, ended.stdout, ended.stderr).objects
    [found] = of(answer["findings"], "versions")

    assert ended.returncode == 1
    assert ("lxml" in found["what"], "999.1" in found["what"]) == (True, True)
    assert found["command"] == "pip install --upgrade 'lxml>=999.1'"


def test_message_that_is_undecided_is_found(esad: Esad, tmp_path: Path) -> None:
    """A register that could not be read has kept it; the command decides it, and then nothing waits."""
    box = copy_of_box(tmp_path)
    with box.open("LT", HandClock(NOW)) as lt:
        lt.run_sql("UPDATE operator SET products = 'garbled' || products")
        [answer] = lt.commit(box.signed(CONSIGNOR, new_draft(at=NOW)))
        lt.run_sql("UPDATE operator SET products = substr(products, length('garbled') + 1)")
    assert isinstance(answer, NotDecided)
    data = box.members["LT"].data.root
    [found] = of(looked(esad, data, "--offline"), "waits")
    mended(esad, found["command"])

    assert found["what"] == "a defect keeps 1 messages from being decided"
    assert of(looked(esad, data, "--offline"), "waits") == []


def test_no_data_directory_is_wrong_usage(esad: Esad, tmp_path: Path) -> None:
    """There is nothing to look at."""
    ended = esad("doctor", "--data", tmp_path)

    assert (ended.code, ended.out) == (2, "")
    assert "esad init makes one" in ended.err


def test_gateway_that_runs_is_looked_at_as_well(esad: Esad, gateway: Served) -> None:
    """Beside its requests; what the clock of a test shows is no time of the machine."""
    findings = looked(esad, gateway.box.members["LT"].data.root, "--offline")

    assert of(findings, "store", "fine") != []
    assert gateway.get("/ready").status == 200
