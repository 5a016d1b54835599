"""The registry as a file: what stands in it, and that everything wrong is said at once."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.hashes import SHA256

from esad_gateway.emcs.registry import ExciseOffice, Operator, OperatorType, TemporaryAuthorisation
from esad_gateway.errors import UnreadableInput
from esad_gateway.register.json_file import RegistryEntry, holders_by_fingerprint, read_registry
from helpers.certificates import pem, some_certificate

OPERATOR: dict[str, Any] = {
    "seed": "LT00000000101",
    "name": "UAB Pavyzdys",
    "type": "certified_consignor",
    "office": "LT001000",
    "valid_from": "2023-02-13",
}
ADDRESS = {"street": "Gatvė", "number": "1", "postcode": "01100", "city": "Vilnius", "language": "lt", "country": "LT"}


def _written(folder: Path, *operators: Any) -> Path:
    path = folder / "registry.json"
    path.write_text(json.dumps({"operators": list(operators)}))
    return path


def _complaints(path: Path) -> list[str]:
    with pytest.raises(UnreadableInput) as refused:
        read_registry(path)
    return [line.removeprefix(f"{path}: ") for line in str(refused.value).splitlines()]


def test_operator_with_everything_is_read(tmp_path: Path) -> None:
    """Dates, codes, quantities, address and certificates come as values; certificates are found beside the file."""
    certificate = some_certificate("alice")
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "alice.pem").write_bytes(pem(certificate))
    address = {"street": "Gatvė", "number": "1", "postcode": "01100", "city": "Vilnius", "language": "lt"}
    path = _written(
        tmp_path,
        OPERATOR
        | {
            "type": "temporary_certified_consignor",
            "valid_to": "2026-01-01",
            "products": ["W200", "B000"],
            "address": address,
            "temporary": {"counterparty": "PL00000000202", "reusable": True, "quantities": {"W200": "900"}},
            "certificates": ["keys/alice.pem"],
        },
    )

    entries, offices, signing, delegations = read_registry(path)

    assert (offices, signing, delegations) == ((), {}, ())
    assert entries == (
        RegistryEntry(
            Operator(
                seed="LT00000000101",
                name="UAB Pavyzdys",
                operator_type=OperatorType.TEMPORARY_CERTIFIED_CONSIGNOR,
                office="LT001000",
                valid_from=date(2023, 2, 13),
                valid_to=date(2026, 1, 1),
                products=frozenset({"W200", "B000"}),
                temporary=TemporaryAuthorisation(
                    counterparty="PL00000000202", reusable=True, quantities={"W200": Decimal(900)}
                ),
            ),
            address,
            (certificate,),
        ),
    )


def test_operator_needs_little(tmp_path: Path) -> None:
    """A foreign operator has no certificates; null and absent are the same, and say nothing about certificates."""
    path = _written(tmp_path, OPERATOR | {"valid_to": None, "temporary": None})

    (entry,) = read_registry(path).operators

    assert (entry.operator.valid_to, entry.operator.temporary, entry.certificates) == (None, None, None)


def test_every_wrong_place_is_reported(tmp_path: Path) -> None:
    """Unknown and missing keys, wrong values and unreadable certificates come together, each with its place."""
    (tmp_path / "no.pem").write_text("nothing")
    path = _written(
        tmp_path,
        OPERATOR | {"seed": "LT1", "typ": "x", "type": "consignor", "valid_from": "2025-02-30", "products": ["wine"]},
        {"name": 5, "certificates": ["no.pem", "missing.pem", 7], "address": {"street": "Gatvė"}},
        OPERATOR | {"seed": "LT00000000102", "valid_to": "2020-01-01", "temporary": {"quantities": {"W200": "much"}}},
        "LT00000000103",
    )

    complaints = _complaints(path)

    for place, part in [
        ("operators[1].typ", "unknown key"),
        ("operators[1].seed", "expected a SEED number"),
        ("operators[1].type", "expected one of authorised_warehousekeeper"),
        ("operators[1].valid_from", "expected date"),
        ("operators[1].products[1]", "'wine': expected an excise product code"),
        ("operators[2].seed", "missing"),
        ("operators[2].name", "expected text"),
        ("operators[2].certificates[1]", "expected a certificate in PEM form"),
        ("operators[2].certificates[2]", "No such file"),
        ("operators[2].certificates[3]", "expected text"),
        ("operators[2].address.city", "missing"),
        ("operators[3].temporary.quantities.W200", "expected decimal number"),
        ("operators[3].valid_to", "lies before valid_from"),
        ("operators[4]", "expected an object"),
    ]:
        assert any(line.startswith(f"{place}: ") and part in line for line in complaints), (place, complaints)


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ({"name": ""}, "name: '': expected text of 1 to 182 characters"),
        ({"name": "a\u0007"}, "name: 'a\\x07': expected text of 1 to 182 characters"),
        ({"name": "x" * 183}, "name: "),
        ({"office": "PL001000"}, "office: 'PL001000': expected an office of the state of LT00000000101"),
        ({"categories": [["W"]]}, "categories[1]: ['W']: expected an excise product category: one of B, E, I, S, T, W"),
        ({"products": [200]}, "products[1]: 200: expected an excise product code such as W200"),
        ({"address": {**ADDRESS, "street": " "}}, "address.street: ' ': expected text of 1 to 65 characters"),
        ({"address": {**ADDRESS, "postcode": "1" * 11}}, "address.postcode: "),
        ({"address": {**ADDRESS, "language": "LIT"}}, "address.language: 'LIT': expected a language of 2 letters"),
        ({"address": {**ADDRESS, "country": "Lt"}}, "address.country: 'Lt': expected a country of 2 capitals"),
        *(
            ({"temporary": {"quantities": {"W200": quantity}}}, "temporary.quantities.W200: ")
            for quantity in (0, "-1", "0.0001", "1234567890123.456")
        ),
    ],
    ids=lambda value: str(value)[:40] if isinstance(value, dict) else "",
)
def test_value_that_no_message_has_room_for_is_refused(tmp_path: Path, wrong: dict[str, Any], complaint: str) -> None:
    """What is imported can be exported as IE713: names, places and quantities are as the schema has them."""
    (told,) = _complaints(_written(tmp_path, OPERATOR | wrong))
    assert told.startswith(f"operators[1].{complaint}")


def test_offices_are_read(tmp_path: Path) -> None:
    """The list of offices stands beside the operators; an office needs no name."""
    path = tmp_path / "registry.json"
    offices = [{"reference": "LT001000", "name": "Vilnius"}, {"reference": "PL001000"}]
    path.write_text(json.dumps({"operators": [], "offices": offices}))

    assert read_registry(path) == (
        (),
        (ExciseOffice(reference="LT001000", name="Vilnius"), ExciseOffice(reference="PL001000")),
        {},
        (),
    )


def test_every_wrong_place_of_the_offices_is_reported(tmp_path: Path) -> None:
    """Unknown keys, wrong references and repeated offices are refused as those of operators are."""
    path = tmp_path / "registry.json"
    offices = [{"reference": "LT1"}, {"name": "Vilnius", "city": "Vilnius"}, *[{"reference": "LT001000"}] * 2]
    path.write_text(json.dumps({"operators": [], "offices": offices}))

    assert _complaints(path) == [
        "offices[1].reference: 'LT1': expected an excise office: 2 letters of the state, 6 digits or capitals",
        "offices[2].city: unknown key; known here: reference, name, certificates",
        "offices[2].reference: missing",
        "offices: LT001000 stands more than once",
    ]


def test_seed_number_stands_once(tmp_path: Path) -> None:
    """Two records for one SEED number that begin on one day contradict each other; later ones are its history."""
    twice = _written(tmp_path, OPERATOR, OPERATOR)
    assert _complaints(twice) == ["operators: LT00000000101 from 2023-02-13 stands more than once"]

    assert len(read_registry(_written(tmp_path, OPERATOR, OPERATOR | {"valid_from": "2024-01-01"})).operators) == 2


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        pytest.param("{", "not JSON", id="not JSON"),
        pytest.param("[" * 100_000, "not JSON", id="too deep"),
        pytest.param("[]", "expected an object with operators", id="a list"),
        pytest.param("{}", "operators: missing", id="no operators"),
        pytest.param('{"operators": {}}', "operators: expected a list", id="operators are no list"),
    ],
)
def test_file_of_another_form_is_refused(tmp_path: Path, content: str, complaint: str) -> None:
    """What is no registry file at all is refused with what was expected."""
    path = tmp_path / "registry.json"
    path.write_text(content)

    assert complaint in _complaints(path)[0]


def test_missing_file_is_named(tmp_path: Path) -> None:
    """A file that cannot be read is refused by name."""
    with pytest.raises(UnreadableInput, match=r"absent\.json: No such file"):
        read_registry(tmp_path / "absent.json")


def test_one_certificate_may_act_for_several(tmp_path: Path) -> None:
    """A certificate that is registered twice is held by both SEED numbers."""
    certificate = some_certificate("agent")
    (tmp_path / "agent.pem").write_bytes(pem(certificate))
    operators = [
        OPERATOR | {"seed": seed, "certificates": ["agent.pem"]} for seed in ("LT00000000101", "LT00000000102")
    ]

    holders = holders_by_fingerprint(read_registry(_written(tmp_path, *operators)))

    assert holders == {certificate.fingerprint(SHA256()).hex(): frozenset({"LT00000000101", "LT00000000102"})}
