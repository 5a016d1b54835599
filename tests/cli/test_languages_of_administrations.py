"""``--lang lt`` for who runs a gateway: boxes, introductions, settings, stores, registers and revocation lists."""

import json
import re
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from esad_gateway.faults import Said
from esad_gateway.signing import pki
from esad_gateway.signing.pem import write_revocation_list
from esad_gateway.texts import say
from helpers.command_line import Ended, Esad
from helpers.gateway import CONSIGNOR, Box, HandClock, copy_of_box, new_draft
from helpers.served import served

ENGLISH = re.compile(
    r"\b(the|of|or|and|with|is|are|was|not|no|nothing|number|from|since|until|waits?|document|messages?|movements?|it|its|"
    r"expected|missing|unknown|cannot|read|there|has|which|that|by|for|store|file|known|said|says|given|only|"
    r"damaged|gone|other|another|key|certificate|operators|knows|gateway|administration|folder|line|column)\b"
)
"""Words that the English of these commands has, and no Lithuanian sentence."""

NAMES = re.compile(
    r"praneša: [^);]*|'[^']*'|\"[^\"]*\"|/[^ ,;:]+|esad-gateway|esad [a-z -]+|--[a-z]+|CN=[^\t;]+|UTF-8|https?:[^ ;]+|"
    r"(?:operators|offices)[\w.\[\]]*|[a-z_]+\.[a-z_.]+|[a-z]+_[a-z_]+"
)
"""What is named as it is: paths, commands, columns, settings, and what somebody else wrote."""


def lithuanian(printed: Ended) -> str:
    """What was printed, which has no English in it but names."""
    told = printed.out + printed.err
    assert told
    assert ENGLISH.findall(NAMES.sub("", told)) == [], told
    return told


@pytest.fixture
def box(tmp_path: Path) -> Box:
    """Member states with a message in the store of Lithuania."""
    box = copy_of_box(tmp_path / "box")
    with box.open("LT", HandClock()) as station:
        station.take(box.signed(CONSIGNOR, new_draft()))
    return box


def run(database: Path, *statements: str) -> None:
    """Change a store behind the back of its gateway."""
    with closing(sqlite3.connect(database)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


STORES: Mapping[str, tuple[Callable[[Path], object], str]] = {
    "missing": (lambda path: path.unlink(), "saugyklos {path} nėra; grąžinkite tą"),
    "empty": (lambda path: path.write_bytes(b""), "saugykla {path} tuščia; grąžinkite"),
    "no database": (lambda path: path.write_bytes(b"x" * 200), "saugykla {path} sugadinta: ji neprasideda kaip SQLite"),
    "other program": (lambda path: run(path, "PRAGMA application_id = 7"), "o kitos programos duomenų bazė"),
    "other owner": (lambda path: run(path, "UPDATE owner SET administration = 'NDEA.PL'"), "yra NDEA.PL saugykla"),
    "other form": (
        lambda path: run(path, "UPDATE alembic_version SET version_num = '9999'"),
        "sukūrė vėlesnė esad-gateway",
    ),
    "no form": (lambda path: run(path, "DROP TABLE alembic_version"), "neturi formos"),
    "other tables": (lambda path: run(path, "ALTER TABLE peer ADD COLUMN x TEXT"), "lentelėje peer yra stulpelis x"),
}


@pytest.mark.parametrize("what", STORES)
def test_store_that_is_refused_says_so_in_the_language(esad: Esad, box: Box, tmp_path: Path, what: str) -> None:
    """Why it is no store of ours, and what to do."""
    change, told = STORES[what]
    data = box.members["LT"].data
    with closing(sqlite3.connect(data.database)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    change(data.database)

    printed = esad("store", "backup", tmp_path / "copy.db", "--data", data.root, "--lang", "lt")

    assert printed.code == 2
    assert told.format(path=data.database) in lithuanian(printed)


def test_backup_and_restore_refuse_in_the_language(esad: Esad, box: Box, tmp_path: Path) -> None:
    """What is in the way, and what is no backup."""
    data, copy = box.members["LT"].data, tmp_path / "copy.db"
    asked = ("--data", data.root, "--lang", "lt")
    assert "saugykla, 3 pranešimai" in lithuanian(esad("store", "backup", copy, *asked))

    assert "jau yra ir paliekamas toks, koks buvo" in lithuanian(esad("store", "backup", copy, *asked))
    assert "saugykla jau yra" in lithuanian(esad("store", "restore", copy, *asked))
    data.database.unlink()
    assert "tikėtasi failo, kurį padarė" in lithuanian(esad("store", "restore", tmp_path / "none", *asked))


TAMPERED = {
    "UPDATE movement SET state = 'X02'": "(išsiuntimas): jis ne toks, kokį jį paliko paskutinis pranešimas apie jį",
    "DELETE FROM inbox_identity": "jo kvito nėra",
    "DELETE FROM movement": "pranešimų apie jį yra, o gabenimo nėra",
    "DELETE FROM outbox": "siuntimo eilėje yra niekas",
    "UPDATE outbox SET attempts = 3": "suskaičiuota bandymų, iš kurių nė vienas neįrašytas",
    "UPDATE message SET outcome = 'refused' WHERE direction = 'in'": "nepriimta",
    "UPDATE message SET identifier = 'x' WHERE direction = 'out'": "ne tokie, kokie buvo įrašyti",
    "UPDATE outbox SET next_attempt_at = 'soon'": "next_attempt_at nėra laikas",
    "UPDATE document SET body = x'00'": "jo baitų išpakuoti negalima",
    "UPDATE document SET size = 1": "o turėtų būti 1",
    "DROP INDEX message_arc": "nebėra",
    "CREATE VIEW v AS SELECT 1": "tai ne šių vartų",
}


@pytest.mark.parametrize("statement", TAMPERED)
def test_findings_of_a_check_are_told_in_the_language(esad: Esad, box: Box, statement: str) -> None:
    """Place and problem; as JSON in every language, beside the English of before."""
    data = box.members["LT"].data
    if statement.startswith("DROP INDEX"):
        with closing(sqlite3.connect(data.database)) as connection:
            query = "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY name"
            (name, *_rest) = connection.execute(query).fetchone()
        statement, told = f"DROP INDEX {name}", f"index {name}: nebėra"
    else:
        told = TAMPERED[statement]
    run(data.database, statement)

    printed = esad("store", "check", "--data", data.root, "--lang", "lt")
    (as_json,) = esad("store", "check", "--data", data.root, "--json").objects

    assert printed.code == 1
    assert told in lithuanian(printed)
    assert [one["en"] for one in as_json["texts"]] == as_json["problems"]
    assert [one["lt"] for one in as_json["texts"]] == printed.out.splitlines()[:-1]


def test_rebuild_tells_what_differs_in_the_language(esad: Esad, box: Box) -> None:
    """The place of a difference, and why a movement cannot be rebuilt."""
    data = box.members["LT"].data
    run(data.database, "DELETE FROM movement")
    asked = ("store", "rebuild", "--data", data.root)

    assert "gabenimas\tnėra\tX01" in lithuanian(esad(*asked, "--lang", "lt"))
    run(data.database, "UPDATE document SET body = x'00'")
    assert "jo atkurti negalima" in lithuanian(esad(*asked, "--lang", "lt"))
    (told,) = esad(*asked, "--json").objects
    assert [one["en"] for one in told["texts"]] == told["problems"]


SETTINGS = {
    "port = 'x'": "port: tikėtasi sveikojo skaičiaus be kabučių (yra 'x')",
    "megabytes_in_flight = 1": "megabytes_in_flight: tikėtasi 16 arba daugiau",
    "prot = 1": "prot: tokio nustatymo nėra; gal turėjote omenyje port?",
    "xyzzy = 1": "xyzzy: tokio nustatymo nėra; žinomi:",
    "trader_times = 'mine'": "tikėtasi 'utc' arba 'local'",
    "time_zone = 'Vilnius'": "'Vilnius' nėra laiko juosta",
    "release = 'new'": "'new' nėra pranešimų versija",
    "public_url = 'ndea'": "'ndea' nėra vartų adresas",
    "fronts = ['front']": "'front' nėra kompiuterio adresas",
    "law = 'none'": "'none' neįvardija",
    "law = 'no_such_module:LAW'": "šis Python įkelti negali",
    "rules_off = ['R054']": "'R054' išjungti negalima",
    "port = ": "tikėtasi reikšmės",
    "port 8460": "tikėtasi vardo, ženklo = ir reikšmės, pavyzdžiui, state =",
}


@pytest.mark.parametrize("line", SETTINGS)
def test_wrong_setting_is_told_in_the_language(esad: Esad, tmp_path: Path, line: str) -> None:
    """The setting, what stands there, and what was expected."""
    zone = "" if line.startswith("time_zone") else "time_zone = 'Europe/Vilnius'\n"
    (tmp_path / "settings.toml").write_text(f"state = 'LT'\n{zone}{line}\n", encoding="utf-8")

    printed = esad("token", "list", "--data", tmp_path, "--lang", "lt")

    assert printed.code == 2
    assert SETTINGS[line] in lithuanian(printed)


def test_two_administrations_are_connected_in_the_language(esad: Esad, box: Box) -> None:
    """What each knows now, and why nothing is believed of a stranger's word."""
    here, there = (box.members[state].data.root for state in ("LT", "PL"))
    esad("peer", "remove", "--data", here, "--state", "PL")

    connected = lithuanian(esad("peer", "connect", here, there, "--lang", "lt"))
    itself = lithuanian(esad("peer", "connect", here, here, "--lang", "lt"))
    with served(box, "PL") as poland:
        unconfirmed = lithuanian(esad("peer", "connect", here, poland.url, "--lang", "lt"))

    assert f"{here}: žino NDEA.PL adresu " in connected
    assert "PL ūkio subjektų: " in connected
    assert "yra ši pati administracija" in itself
    assert "nieko nepakeista: kitu būdu paklauskite" in unconfirmed


def test_numbers_that_are_none_are_told_in_the_language(esad: Esad, box: Box) -> None:
    """A SEED number, an ARC, a member state."""
    data = ("--data", box.members["LT"].data.root, "--lang", "lt")
    for words in (
        ("token", "issue", "--seed", "LT1"),
        ("held", "release", "25PL"),
        ("peer", "remove", "--state", "GR"),
        ("peer", "release", "new", "--state", "PL"),
    ):
        printed = esad(*words, *data)
        assert printed.code == 2
        lithuanian(printed)


def test_faults_of_a_register_file_are_told_in_the_language(esad: Esad, box: Box, tmp_path: Path) -> None:
    """Every place with what was expected there, a line a place."""
    operator = {
        "seed": "LT1", "name": "", "type": "baker", "office": "LT001000", "valid_from": "2023-02-13", "wine": 1,
        "products": ["wine"], "categories": ["Q"], "certificates": ["none.pem"],
        "temporary": {"quantities": {"W200": "0"}}, "address": {"street": "a"},
    }  # fmt: skip
    whole = {"seed": "LT00000000101", "name": "a", "type": "certified_consignor", "valid_from": "2023-02-13"}
    twice = {**whole, "office": "LT001000"}
    listed = [operator, twice, twice, {**whole, "office": "PL001000", "valid_to": "2022-01-01"}, 7]
    file = tmp_path / "operators.json"
    file.write_text(json.dumps({"operators": listed, "offices": {}}), encoding="utf-8")

    told = lithuanian(esad("registry", "import", file, "--data", box.members["LT"].data.root, "--lang", "lt"))

    assert len(told.splitlines()) > len(listed)
    for part in (
        "nežinomas raktas",
        "nurodyta daugiau kaip kartą",
        "ankstesnė už valid_from",
        "tikėtasi: SEED numeris",
    ):
        assert part in told
    file.write_text("[", encoding="utf-8")
    assert "tai ne JSON" in esad("registry", "import", file, "--data", box.members["LT"].data.root, "--lang", "lt").err


def test_revocation_list_that_is_not_taken_is_told_in_the_language(esad: Esad, box: Box, tmp_path: Path) -> None:
    """A list of a CA that nobody here trusts."""
    now, file = datetime.now(UTC), tmp_path / "list.pem"
    period = pki.Period(not_before=now, not_after=now + timedelta(days=30))
    stranger = pki.create_ca("Stranger", period, pki.new_key(pki.KeyKind.P256))
    write_revocation_list(file, pki.revoke(stranger, {}, period))

    data = box.members["LT"].data
    trusted = min(data.trust.glob("*.pem"))
    told = lithuanian(esad("trust", "add", trusted, "--crl", file, "--data", data.root, "--lang", "lt"))

    assert "atšauktų sertifikatų sąrašo nepasirašė patikima CA" in told


def test_folder_that_is_no_box_is_told_in_the_language(esad: Esad, tmp_path: Path) -> None:
    """Nor can one be made where other things are."""
    (tmp_path / "other").write_text("x", encoding="utf-8")

    assert say(Said("standing_box.did_not_run"), "lt") == "neveikė"
    assert "nėra bandomoji aplinka" in lithuanian(esad("box", "status", tmp_path, "--lang", "lt"))
    assert "yra kitų dalykų" in lithuanian(esad("box", "up", tmp_path, "--lang", "lt"))
