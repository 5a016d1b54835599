"""``esad person`` and ``esad role``: persons, their roles, tokens, and what was done, as an operator sees them."""

from pathlib import Path

import pytest

from helpers.command_line import Esad
from helpers.gateway import CONSIGNEE, CONSIGNOR, copy_of_box
from helpers.people import ENTITY, PERSON


@pytest.fixture
def data(tmp_path: Path, esad: Esad) -> Path:
    """The data directory of Lithuania, with an entity and a person."""
    root = copy_of_box(tmp_path).members["LT"].data.root
    numbers = ("--seed", CONSIGNOR, "--seed", CONSIGNEE)
    assert esad("person", "entity", ENTITY, "--data", root, "--name", "Trader One", *numbers).code == 0
    assert esad("person", "add", PERSON, "--data", root, "--name", "Person One").code == 0
    return root


def test_role_is_granted_once_listed_and_ended_once(esad: Esad, data: Path) -> None:
    """The same grant is answered again; what ended is listed with --all."""
    granted = ("role", "grant", "--data", data, "--person", PERSON, "--entity", ENTITY, "--role", "role_manager")
    first, again = (esad(*granted, "--json").objects[0] for _ in range(2))

    assert (first["number"], first["isNew"], first["role"]) == (1, True, "role_manager")
    assert (again["number"], again["isNew"]) == (1, False)
    assert "AIS role manager" in esad("role", "list", "--data", data).out
    assert "AIS subjekto rolių tvarkytojas" in esad("role", "list", "--data", data, "--lang", "lt").out
    assert esad("role", "end", 1, "--data", data, "--json").objects[0]["isNew"]
    assert not esad("role", "end", 1, "--data", data, "--json").objects[0]["isNew"]
    assert esad("role", "end", 9, "--data", data, "--json").objects == [{"ended": 0}]
    assert esad("role", "end", 9, "--data", data).code == 1
    assert esad("role", "list", "--data", data).out == "no roles\n"
    assert esad("role", "list", "--data", data, "--all", "--json").objects[0]["roles"][0]["state"] == "ended"


def test_everything_that_is_wrong_with_a_grant_is_told(esad: Esad, data: Path) -> None:
    """On the terminal a line each, in JSON the faults; nothing is granted."""
    wrong = ("role", "grant", "--data", data, "--person", "9", "--entity", "8", "--role", "king")

    shown = esad(*wrong)
    as_json = esad(*wrong, "--json")

    assert (shown.code, as_json.code) == (1, 1)
    assert [one["rule"] for one in as_json.objects[0]["faults"]] == ["ACC-1", "ACC-1", "ROL-1"]
    assert "there is no person 9" in shown.err
    assert "asmens 9 nėra" in esad(*wrong, "--lang", "lt").err
    assert esad("role", "list", "--data", data, "--json").objects == [{"roles": []}]


def test_person_is_told_what_it_may_and_what_is_missing(esad: Esad, data: Path) -> None:
    """Nothing before AIS has learned of it; the role that is missing is told for each number."""
    more = ("--data", data, "--entity", ENTITY)
    role = ("--role", "certified_consignor", "--seed", CONSIGNOR)
    assert esad("role", "grant", "--person", PERSON, *more, *role).code == 0

    shown = esad("person", "show", PERSON, *more)
    may = esad("person", "may", PERSON, *more, "--seed", CONSIGNOR)

    assert f"{CONSIGNEE}: the role certified consignee is missing" in shown.out
    assert may.code == 1
    assert "try the same again from" in may.out
    assert esad("person", "show", PERSON, *more, "--json").objects[0]["missing"][0]["seed"] == CONSIGNOR
    assert esad("person", "may", PERSON, *more, "--seed", CONSIGNOR, "--json").objects[0]["may"] == []


def test_names_and_codes_that_cannot_be_are_refused(esad: Esad, data: Path) -> None:
    """Person and entity; a number that is not registered is told."""
    assert esad("person", "add", "a b", "--data", data, "--name", "").code == 1
    assert esad("person", "entity", "ž", "--data", data, "--name", "x", "--json").objects[0]["faults"]
    noted = esad("person", "entity", "100000002", "--data", data, "--name", "Two", "--seed", "LT00000000999")
    assert "LT00000000999 is not in the register" in noted.err


def test_tokens_of_persons_are_issued_and_revoked(esad: Esad, data: Path) -> None:
    """For a person and an entity that there are; the acts tell of it, the lists of both."""
    token = ("person", "token", PERSON, "--data", data, "--entity")

    assert esad(*token, ENTITY).out.startswith("person.")
    assert esad(*token, ENTITY, "--json").objects[0]["until"]
    assert esad(*token, "9").code == 1
    assert esad("person", "revoke", PERSON, "--data", data, "--json").objects == [{"person": PERSON, "revoked": 2}]
    found = esad("person", "acts", "--data", data, "--json").objects[0]["acts"]
    assert [one["what"] for one in found][-3:] == ["token.issued", "token.issued", "token.revoked"]
    assert "token.revoked" in esad("person", "acts", "--data", data).out
    assert PERSON in esad("person", "list", "--data", data).out
    listed = esad("person", "list", "--data", data, "--json").objects[0]
    assert listed["entities"] == [{"entity": ENTITY, "name": "Trader One", "numbers": [CONSIGNOR, CONSIGNEE]}]
