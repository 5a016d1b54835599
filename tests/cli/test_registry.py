"""``esad registry``: SEED extracts and updates in, the register out, one number looked up."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from esad_gateway.data_directory import DataDirectory
from esad_gateway.emcs.messages import IE713, IE714
from esad_gateway.emcs.registry import Operator
from esad_gateway.provision import create, issue_certificate
from esad_gateway.register.json_file import read_registry
from esad_gateway.signing.pki import KeyKind
from esad_gateway.xml.extract import PART
from helpers.certificates import pem
from helpers.command_line import Esad
from helpers.fixtures import load, schema_accepts
from helpers.seed import CONSIGNEE, EXTRACT, TEMPORARY_CONSIGNOR, document, extract, limited, update

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data directory of Lithuania."""
    create(tmp_path / "lt", "LT", "Europe/Vilnius", NOW, KeyKind.P256)
    return tmp_path / "lt"


@pytest.fixture
def shown(esad: Esad, data: Path) -> Callable[[str, str], tuple[int, dict[str, object]]]:
    """Look up a number on a day: the exit code, and the answer."""

    def show(seed: str, day: str) -> tuple[int, dict[str, object]]:
        ended = esad("registry", "show", seed, "--on", day, "--data", data, "--json")
        return ended.code, ended.objects[0]

    return show


def written(path: Path, message: IE713) -> Path:
    """The file with an IE713."""
    path.write_bytes(document(message))
    return path


def test_number_is_looked_up_today_by_the_clocks_of_the_traders(esad: Esad, tmp_path: Path) -> None:
    """Without a day it is today's that is asked about: two zones 25 hours apart never have the same."""
    days = []
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        data = create(tmp_path / zone[-4:], "LT", zone, NOW, KeyKind.P256).root
        days.append(
            date.fromisoformat(esad("registry", "show", CONSIGNEE.seed, "--data", data, "--json").objects[0]["on"])
        )

    assert days[0] > days[1]


def test_extract_is_loaded(esad: Esad, data: Path, shown: Callable[[str, str], tuple[int, dict[str, object]]]) -> None:
    """The fixture is in the register afterwards, with the history of each number, and may be loaded again."""
    for _ in range(2):
        ended = esad("registry", "import", EXTRACT, "--data", data)
        assert (ended.code, ended.out) == (0, "5 operators imported\n")

    before, after = shown("PL00000000201", "2025-12-31"), shown("PL00000000201", "2026-01-01")
    assert before[1]["productCategories"] == []
    assert after[1]["productCategories"] == ["W"]
    assert (before[0], after[0], shown("PL00000000201", "2023-01-01")[0]) == (0, 0, 1)


def test_number_that_is_not_registered(esad: Esad, data: Path) -> None:
    """An unknown number is a negative answer, for people and for scripts."""
    ended = esad("registry", "show", "PL00000000999", "--data", data)
    assert (ended.code, ended.out) == (1, "PL00000000999 is not in the register\n")

    ended = esad("registry", "show", "PL00000000999", "--on", "2026-01-01", "--data", data, "--json")
    assert ended.objects == [{"seed": "PL00000000999", "on": "2026-01-01", "registered": False, "certificates": []}]


def test_number_is_shown_in_words(esad: Esad, data: Path) -> None:
    """Registered or not on that day, as what, until when, for which products, with whom."""
    esad("registry", "import", EXTRACT, "--data", data)

    ended = esad("registry", "show", "LT00000000111", "--on", "2026-04-01", "--data", data)

    assert ended.code == 1
    assert ended.out.splitlines() == [
        "LT00000000111 Jonas Pavyzdys: not registered on 2026-04-01",
        "  temporary certified consignee, office LT001000",
        "  valid from 2026-03-01 to 2026-03-31",
        "  products: W200",
        "  temporary: with PL00000000203, for one movement, quantities: W200 18",
    ]
    assert esad("registry", "show", "LT00000000111", "--on", "soon", "--data", data).code == 2


def test_wrong_document_changes_nothing(esad: Esad, data: Path, tmp_path: Path) -> None:
    """Every fault of the schema and every refusal is told at once, with its place, and nothing is loaded."""
    traders = [replace(CONSIGNEE, seed=f"PL{number:011}") for number in range(PART + 2)]
    traders[PART + 1] = replace(traders[PART + 1], office="DE002000")
    file = written(tmp_path / "wrong.xml", extract([*traders, TEMPORARY_CONSIGNOR]))
    file.write_text(file.read_text().replace("<ie:DateOfExpiry>2026-03-31<", "<ie:DateOfExpiry>soon<"))

    ended = esad("registry", "import", file, "--data", data, "--json")

    assert ended.code == 1
    (answer,) = ended.objects
    assert answer["operators"] == 0
    assert [(fault["rule"], fault["path"].rpartition("Operators/")[2]) for fault in answer["faults"]] == [
        ("XSD", "TemporaryAuthorisation[1]/DateOfExpiry"),
    ]

    file.write_text(file.read_text().replace("<ie:DateOfExpiry>soon<", "<ie:DateOfExpiry>2026-03-31<"))
    ended = esad("registry", "import", file, "--data", data)
    assert ended.code == 1
    assert f"27 TC63 /IE713/Body/IncrementalUpdateOfEconomicOperators/TraderAuthorisation[{PART + 2}]/" in ended.out
    assert esad("registry", "show", "PL00000000000", "--data", data).code == 1


def test_refused_update_is_answered_with_an_ie714(esad: Esad, data: Path, tmp_path: Path) -> None:
    """The refusals of an update can be written as the message that SEED expects."""
    esad("registry", "import", written(tmp_path / "known.xml", extract([CONSIGNEE])), "--data", data)
    same_state = limited(TEMPORARY_CONSIGNOR, counterparty="LT00000000199")
    wrong = written(tmp_path / "update.xml", update([CONSIGNEE, same_state]))

    ended = esad("registry", "import", wrong, "--data", data, "--refusal", tmp_path / "ie714.xml")

    assert ended.code == 1
    assert schema_accepts(tmp_path / "ie714.xml")
    answer = load(tmp_path / "ie714.xml")
    assert isinstance(answer, IE714)
    codes = [str(error.refusal_of_update_of_economic_operators_reason_code) for error in answer.functional_error]
    assert codes == ["8", "46", "112"]
    assert (answer.header.message_recipient, answer.header.correlation_identifier) == ("SEED.EC", "seed-1")


def test_update_and_deletion(
    esad: Esad, data: Path, tmp_path: Path, shown: Callable[[str, str], tuple[int, dict[str, object]]]
) -> None:
    """Updates count from their activation, a deletion takes the number away."""
    esad("registry", "import", written(tmp_path / "known.xml", extract([CONSIGNEE])), "--data", data)
    wider = replace(CONSIGNEE, categories=frozenset("E"))

    assert esad("registry", "import", written(tmp_path / "u.xml", update([wider], "U")), "--data", data).code == 0
    assert shown(CONSIGNEE.seed, "2026-03-01")[1]["productCategories"] == []
    assert shown(CONSIGNEE.seed, "2026-03-02")[1]["productCategories"] == ["E"]

    assert esad("registry", "import", written(tmp_path / "d.xml", update([wider], "D")), "--data", data).code == 0
    assert shown(CONSIGNEE.seed, "2026-03-02")[0] == 1


def test_json_export_can_be_imported(esad: Esad, data: Path, tmp_path: Path) -> None:
    """The register written as JSON, certificates beside it and offices in it, is the same when it is read again."""
    certificate = issue_certificate(DataDirectory(data), "LT00000000101", NOW, KeyKind.P256).certificate
    (tmp_path / "alice.pem").write_bytes(pem(certificate))
    own = {"seed": "LT00000000101", "name": "UAB", "type": "certified_consignor", "office": "LT001000"}
    given = {
        "operators": [own | {"valid_from": "2023-02-13", "categories": ["W"], "certificates": ["alice.pem"]}],
        "offices": [{"reference": "PL001000"}, {"reference": "LT001000", "name": "Vilniaus įstaiga"}],
    }
    (tmp_path / "own.json").write_text(json.dumps(given))
    for file in (EXTRACT, tmp_path / "own.json"):
        assert esad("registry", "import", file, "--data", data).code == 0

    target = tmp_path / "out" / "register.json"
    target.parent.mkdir()
    assert esad("registry", "export", target, "--data", data).out == f"5 operators written to {target}\n"

    entries, offices, *_ = read_registry(target)
    assert [(office.reference, office.name) for office in offices] == [
        ("LT001000", "Vilniaus įstaiga"),
        ("PL001000", None),
    ]
    assert [entry.operator.seed for entry in entries].count("PL00000000201") == 2
    assert {entry.certificates for entry in entries if entry.operator.seed == "LT00000000101"} == {(certificate,)}
    imported = esad("registry", "import", target, "--data", data)
    assert (imported.code, imported.out) == (
        0,
        "5 operators and 2 offices imported; certificates: 0 added, 0 removed\n",
    )
    again = tmp_path / "out" / "again.json"
    esad("registry", "export", again, "--data", data)
    assert again.read_text() == target.read_text()


def record(seed: str, kind: str, counterparty: str | None = None, **more: object) -> dict[str, object]:
    """An operator of a registry file."""
    temporary = {"counterparty": counterparty, "quantities": {"W200": "900"}}
    common = {"seed": seed, "name": "UAB", "type": kind, "office": f"{seed[:2]}001000", "valid_from": "2026-01-01"}
    return {**common, "temporary": temporary if counterparty else None, **more}


def test_registry_file_is_judged_before_anything_is_changed(esad: Esad, data: Path, tmp_path: Path) -> None:
    """Every broken rule is told with the place in the file; no operator, certificate or office of it is imported."""
    known = record("LT00000000301", "temporary_certified_consignor", "PL00000000202")
    (tmp_path / "known.json").write_text(
        json.dumps({"operators": [record("PL00000000202", "temporary_certified_consignee"), known]})
    )
    wrong = [
        record("LT00000000101", "certified_consignor"),
        record("LT00000000302", "temporary_certified_consignor", "PL00000000202"),
        record("LT00000000303", "temporary_certified_consignor", "LT00000000304"),
        record("LT00000000304", "temporary_certified_consignor"),
        record("LT00000000501", "authorised_warehousekeeper", products=["S600"]),
    ]
    file = tmp_path / "wrong.json"
    file.write_text(json.dumps({"operators": wrong, "offices": [{"reference": "LT001000"}]}))
    assert esad("registry", "import", tmp_path / "known.json", "--data", data).code == 0

    told = esad("registry", "import", file, "--data", data)
    listed = esad("registry", "import", file, "--data", data, "--json")

    assert (told.code, listed.code) == (1, 1)
    (answer,) = listed.objects
    assert answer["operators"] == 0
    assert [(fault["code"], fault["rule"], fault["path"], fault["value"]) for fault in answer["faults"]] == [
        ("12", "BR051", "/operators[2]/temporary/counterparty", "PL00000000202"),
        ("12", "R233", "/operators[3]/temporary/counterparty", "LT00000000304"),
        ("12", "C209", "/operators[4]/temporary/counterparty", None),
        ("12", "R264", "/operators[5]/products", "S600"),
    ]
    lines = told.out.splitlines()
    assert len(lines) == 4
    assert lines[0].startswith(f'{file}: 12 BR051 /operators[2]/temporary/counterparty "PL00000000202": A temporary')
    assert lines[0].endswith("The consignee needs an authorisation of its own for every consignor.")
    assert esad("registry", "show", "LT00000000101", "--data", data).code == 1
    exported = tmp_path / "register.json"
    assert esad("registry", "export", exported, "--data", data).code == 0
    assert read_registry(exported).offices == ()


@pytest.mark.parametrize(
    ("first_ends", "second_begins", "code"),
    [("2026-01-31", "2026-02-01", 0), ("2026-02-01", "2026-02-01", 1), (None, "2026-02-01", 1)],
    ids=["one after the other", "on one day", "without an end"],
)
def test_operators_of_a_file_reckon_with_each_other(
    esad: Esad, data: Path, tmp_path: Path, first_ends: str | None, second_begins: str, code: int
) -> None:
    """Two consignors of one file may name the same temporary consignee one after the other only (BR051)."""
    operators = [
        record("LT00000000301", "temporary_certified_consignor", "PL00000000202", valid_to=first_ends),
        record("LT00000000302", "temporary_certified_consignor", "PL00000000202", valid_from=second_begins),
        record("PL00000000202", "temporary_certified_consignee"),
    ]
    (tmp_path / "two.json").write_text(json.dumps({"operators": operators}))

    ended = esad("registry", "import", tmp_path / "two.json", "--data", data)

    assert ended.code == code
    assert ended.out.count("BR051") == 2 * code


def test_ie713_export_is_the_extract(esad: Esad, data: Path, tmp_path: Path) -> None:
    """What was loaded from an extract is written as one again; only its header is ours."""
    esad("registry", "import", EXTRACT, "--data", data)
    target = tmp_path / "out.xml"

    ended = esad("registry", "export", target, "--data", data, "--format", "ie713", "--json")

    assert ended.objects == [{"operators": 5, "left_out": 0}]
    assert schema_accepts(target)
    before, after = load(EXTRACT), load(target)
    assert after.header.message_sender == "NDEA.LT"
    assert replace(after, header=before.header) == before


def test_ie713_export_leaves_out_what_does_not_fit(esad: Esad, data: Path, tmp_path: Path) -> None:
    """A temporary authorisation without quantities has no place in an IE713; that is said, and the rest is valid."""
    record = {"seed": "LT00000000111", "name": "Jonas", "type": "temporary_certified_consignee", "office": "LT001000"}
    (tmp_path / "own.json").write_text(json.dumps({"operators": [record | {"valid_from": "2026-01-01"}]}))
    esad("registry", "import", tmp_path / "own.json", "--data", data)

    ended = esad("registry", "export", tmp_path / "out.xml", "--data", data, "--format", "ie713")

    assert "left out: 1" in ended.err
    assert ended.out.startswith("0 operators written")
    assert schema_accepts(tmp_path / "out.xml")


def test_files_that_cannot_be_used_are_said(esad: Esad, data: Path, tmp_path: Path) -> None:
    """A missing file and a folder that is not there are wrong usage, told in one line."""
    for arguments in (
        ("import", tmp_path / "none.xml"),
        ("export", tmp_path / "none" / "out.json"),
        ("export", tmp_path / "none" / "out.xml", "--format", "ie713"),
    ):
        ended = esad("registry", *arguments, "--data", data)
        assert ended.code == 2, arguments
        assert ended.err.startswith(f"esad: {tmp_path}")


def test_large_extract_is_loaded_in_parts(esad: Esad, data: Path, tmp_path: Path) -> None:
    """More operators than one part holds are all loaded, and written again."""
    traders: list[Operator] = [
        replace(CONSIGNEE, seed=f"PL{number:011}", valid_from=date(2024, 1, 1)) for number in range(2 * PART + 1)
    ]
    file = written(tmp_path / "large.xml", extract(traders))
    assert esad("registry", "import", file, "--data", data).out == f"{len(traders)} operators imported\n"

    esad("registry", "export", tmp_path / "out.xml", "--data", data, "--format", "ie713")
    first, second = load(file), load(tmp_path / "out.xml")
    assert isinstance(first, IE713)
    assert isinstance(second, IE713)
    assert first.trader_authorisation == second.trader_authorisation


def test_wrong_file_is_told_a_line_a_place(esad: Esad, data: Path, tmp_path: Path) -> None:
    """Every place has a line of its own, whatever stands in the values: no foreign text begins one."""
    file = tmp_path / "operators.json"
    wrong = {"seed": "X\nesad: all is well", "name": "UAB", "type": "king", "office": "LT001000", "colour": "red"}
    file.write_text(json.dumps({"operators": [wrong]}), encoding="utf-8")

    refused = esad("registry", "import", file, "--data", data)

    lines = refused.err.splitlines()
    places = ["operators[1].colour", "operators[1].valid_from", "operators[1].seed", "operators[1].type"]
    assert refused.code == 2
    assert [line.split(": ")[:3] for line in lines] == [["esad", str(file), place] for place in places]
    assert "\\n" not in refused.err.replace("X\\nesad", "").replace("X\\\\nesad", "")
