"""``esad case``: the same over REST, as an applicant, and in the data directory, as an official."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from helpers.cases import CONSIGNEE_FOR_GOOD, ENTITY, OFFICE, PROOF, PROOF_DIGEST, owned, request
from helpers.command_line import Esad
from helpers.gateway import CONSIGNOR, SECOND_CONSIGNOR, copy_of_box
from helpers.served import Served, served


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A gateway that knows to whom a number belongs."""
    with served(copy_of_box(tmp_path_factory.mktemp("box"))) as running:
        owned(running.station, CONSIGNOR)
        yield running


@pytest.fixture
def official(gateway: Served) -> tuple[object, ...]:
    """The options of an official."""
    return "--data", gateway.station.member.data.root


@pytest.fixture
def applicant(gateway: Served) -> tuple[object, ...]:
    """The options of an applicant."""
    return "--url", gateway.url, "--token", gateway.box.traders[CONSIGNOR].token


def asked(folder: Path, status: str = CONSIGNEE_FOR_GOOD, **more: Any) -> Path:
    """A file with a request."""
    file = folder / "request.json"
    file.write_text(json.dumps(request(status, **more)), encoding="utf-8")
    return file


def test_applicant_asks_and_an_official_registers(
    esad: Esad, tmp_path: Path, official: tuple[object, ...], applicant: tuple[object, ...]
) -> None:
    """From the request to the number, with deposit and proof; both see where it stands, and what was told to whom."""
    begun = esad("case", "submit", asked(tmp_path), *applicant, "--json").objects[0]["case"]
    number = begun["number"]
    assert begun["workingDaysLeft"] == 15
    assert esad("case", "act", number, "set_amount", "--set", "amount=20574.00", *official).code == 0
    paid = ("--set", "amount=20574.00", "--set", "reference=P-1")
    assert esad("case", "act", number, "pay", *paid, *official).code == 0
    proof = tmp_path / "payment.pdf"
    proof.write_bytes(PROOF)
    assert esad("case", "paper", proof, *applicant).out == f"{PROOF_DIGEST}\n"
    values = tmp_path / "proof.json"
    values.write_text(
        json.dumps({"channel": "mano_vmi", "document": {"name": proof.name, "digest": PROOF_DIGEST}}), encoding="utf-8"
    )
    assert esad("case", "act", number, "prove", values, *applicant).code == 0

    registered = esad("case", "act", number, "register", "--set", f"office={OFFICE}", *official, "--lang", "lt")
    shown = esad("case", "show", number, *applicant, "--lang", "en")
    listed = esad("case", "list", "--status", CONSIGNEE_FOR_GOOD, *official).out

    assert registered.code == 0, registered
    assert "LT00000000001" in registered.out
    assert "įregistruota" in registered.out
    assert "NDEA.PL waiting" in shown.out
    assert "What may follow: inform" in shown.out
    assert f"{number}\t{ENTITY}\tcertified consignee\tregistered\tLT00000000001" in listed
    again = esad("case", "act", number, "register", "--set", f"office={OFFICE}", *official)
    assert (again.code, "nothing has changed" in again.err) == (0, True)


def test_refusal_is_told_with_every_fault(
    esad: Esad, tmp_path: Path, official: tuple[object, ...], applicant: tuple[object, ...]
) -> None:
    """In both ways the same, with exit code 1; what cannot be read is wrong usage."""
    wrong = asked(tmp_path, "registered_consignor")
    for way in (official, applicant):
        told = esad("case", "submit", wrong, *way, "--lang", "en")
        assert told.code == 1
        assert "RC-2" in told.out
    assert esad("case", "submit", wrong, *applicant, "--json").code == 1
    (tmp_path / "request.json").write_text("{", encoding="utf-8")
    assert esad("case", "submit", wrong, *official).code == 2
    assert esad("case", "list").code == 2
    assert esad("case", "list", *official, *applicant).code == 2
    assert esad("case", "act", "2026-000001", "pay", "--set", "amount", *official).code == 2
    assert esad("case", "paper", tmp_path / "paper.exe", *official).code == 2
    assert esad("case", "show", "2026-999999", *official).code == 1
    assert esad("case", "show", "2026-999999", *applicant).code == 1


def test_certificate_is_a_hard_limit(esad: Esad, tmp_path: Path, official: tuple[object, ...]) -> None:
    """RC-1: goods and places that are not on it are all told; RC-12: it is that of the last change."""
    begun = esad("case", "submit", asked(tmp_path, "certified_consignor", code="302000012"), *official, "--json")
    number = begun.objects[0]["case"]["number"]
    beer = ("case", "allows", number, "--tariff-group", "110", "--street", "Gatvė 1", "--city", "Vilnius", *official)
    elsewhere = ("--tariff-group", "210", "--tariff-group", "110", "--street", "Gatvė 2", "--city", "Vilnius")
    assert esad(*beer).code == 1
    register = ("--set", f"office={OFFICE}", "--set", "certificate=C-7")
    registered = esad("case", "act", number, "register", *register, *official, "--json").objects[0]["case"]

    refused = esad("case", "allows", number, *elsewhere, *official, "--json")

    assert refused.code == 1
    assert [(one["rule"], one["path"], one["value"]) for one in refused.objects[0]["faults"]] == [
        ("RC-1", "tariff_groups[2]", "110"),
        ("RC-1", "start", "Gatvė 2, Vilnius"),
    ]
    assert 'RC-1 tariff_groups[1] "110": Prekės' in esad(*beer, "--lang", "lt").out

    given = registered["acts"][-1]["values"]
    goods = [*given["goods"], {"product": "B000", "tariff_group": "110", "monthly": "10"}]
    for kind, more in (("request_change", {"channel": "email"}), ("change", {"from_day": given["valid_from"]})):
        change = tmp_path / "change.json"
        change.write_text(json.dumps({"goods": goods, "places": given["places"], **more}), encoding="utf-8")
        assert esad("case", "act", number, kind, change, *official).code == 0, kind

    allowed = esad(*beer, "--lang", "lt")

    assert (allowed.code, allowed.out) == (0, "Pažymėjimas C-7 tai leidžia.\n")


def test_stranger_sees_nothing(esad: Esad, gateway: Served, tmp_path: Path, official: tuple[object, ...]) -> None:
    """Neither cases nor notices; an official sees both."""
    number = esad("case", "submit", asked(tmp_path, code="302000005"), *official, "--json").objects[0]["case"]["number"]
    refusal = tmp_path / "refusal.json"
    refusal.write_text('{"grounds": ["incomplete"], "why": "no goods", "channel": "mano_vmi"}', encoding="utf-8")
    assert esad("case", "act", number, "refuse", refusal, *official).code == 0
    stranger = ("--url", gateway.url, "--token", gateway.box.traders[SECOND_CONSIGNOR].token)

    assert esad("case", "list", *stranger, "--json").objects == [{"cases": []}]
    assert esad("case", "notices", *stranger, "--json").objects == [{"notices": []}]
    assert esad("case", "show", number, *stranger).code == 1
    assert f"\t{number}\trefuse\t302000005\tMy VMI" in esad("case", "notices", *official, "--lang", "en").out
