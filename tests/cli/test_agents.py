"""``esad agent`` and the agents of a registry file: entered, listed, taken back, exported, asked offline, refused."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from esad_gateway.signing.signer import load_signer
from esad_gateway.xml.binding import Binder
from helpers.command_line import Esad
from helpers.gateway import (
    CONSIGNOR,
    FOREIGN_CONSIGNEE,
    NOW,
    SECOND_CONSIGNOR,
    Box,
    HandClock,
    copy_of_box,
    new_draft,
)

BROKER = "AG.LT302123456"


@pytest.fixture
def box(tmp_path: Path) -> Box:
    """Member states, of which Lithuania has a broker's key in ``pki``."""
    return copy_of_box(tmp_path)


@pytest.fixture
def data(box: Box, esad: Esad) -> Path:
    """The data directory of Lithuania, with the key of a broker."""
    root = box.members["LT"].data.root
    assert esad("pki", "agent", BROKER, "--dir", root / "pki", "--p256").code == 0
    return root


def add(esad: Esad, data: Path, *more: object, seed: str = CONSIGNOR, agent: str = BROKER) -> Any:
    """Let a broker act."""
    certificate = data / "pki" / f"{BROKER}.pem"
    return esad(
        *("agent", "add", "--data", data, "--seed", seed, "--agent", agent, "--certificate", certificate), *more
    )


def test_delegation_is_added_listed_and_taken_back_once(esad: Esad, data: Path) -> None:
    """The certificate is registered with the first; a second one needs none, and --all lists what is revoked too."""
    first = add(esad, data, "--signs", "IE815", "--reads", "*", "--from", "2026-01-01", "--json").objects[0]
    second = add(esad, data, "--signs", "*", seed=SECOND_CONSIGNOR)

    assert (first["number"], first["signs"], first["reads"], first["until"]) == (1, ["IE815"], ["*"], None)
    assert second.out == f"delegation 2: {BROKER} acts for {SECOND_CONSIGNOR}\n"
    assert [one["number"] for one in listed(esad, data, "--seed", SECOND_CONSIGNOR)] == [2]
    assert [one["number"] for one in listed(esad, data, "--seed", BROKER)] == [1, 2]
    assert "is revoked" in esad("agent", "revoke", 1, "--data", data).out
    assert esad("agent", "revoke", 1, "--data", data).code == 1
    assert esad("agent", "revoke", 9, "--data", data, "--json").objects == [{"revoked": 0}]
    assert [one["number"] for one in listed(esad, data)] == [2]
    (revoked, _) = listed(esad, data, "--all")
    assert revoked["revokedAt"]
    assert "2026-01-01T00:00:00Z" in esad("agent", "list", "--data", data, "--all").out
    assert esad("registry", "renew", BROKER, "--data", data, "--certificate", data / "pki/x.pem").code == 2


def listed(esad: Esad, data: Path, *more: object) -> list[dict[str, Any]]:
    """The delegations that are listed."""
    found: list[dict[str, Any]] = esad("agent", "list", "--data", data, "--json", *more).objects[0]["agents"]
    return found


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "en",
            (
                "'never' is no moment",
                "XX00000000999 is not in the register",
                "'AG.lt' is no agent",
                "the delegation of XX00000000999 to AG.lt would end",
                "AG.lt cannot sign IE801",
            ),
        ),
        ("lt", ("registre nėra", "nėra atstovas", "baigtųsi", "negali")),
    ],
)
def test_everything_that_is_wrong_is_told_at_once(esad: Esad, data: Path, language: str, told: tuple[str, ...]) -> None:
    """Wrong usage, and nothing is entered, no certificate either."""
    wrong = ("--signs", "IE801", "--from", "never", "--until", "2026-01-01", "--lang", language)

    ended = add(esad, data, *wrong, seed="XX00000000999", agent="AG.lt")

    assert ended.code == 2
    assert [text for text in told if text not in ended.err] == []
    assert listed(esad, data, "--all") == []


def test_delegations_of_strangers_and_to_strangers_are_refused(esad: Esad, data: Path) -> None:
    """A trader of another state, an agent without a certificate, one that says the same again."""
    assert "is registered in another state" in add(esad, data, "--signs", "IE818", seed=FOREIGN_CONSIGNEE).err
    ended = esad("agent", "add", "--data", data, "--seed", CONSIGNOR, "--agent", "AG.LT1", "--signs", "IE815")
    assert "AG.LT1 has no certificate here" in ended.err
    assert add(esad, data, "--signs", "IE815").code == 0
    assert "lets AG.LT302123456 do the same already: delegation 1" in add(esad, data, "--signs", "*").err
    assert "cannot be its own agent" in add(esad, data, "--signs", "IE815", agent=CONSIGNOR).err


def registry(data: Path, **agent: object) -> Path:
    """A registry file with an agent beside the operators that it is about."""
    file = data / "pki" / "registry.json"
    given = {"seed": CONSIGNOR, "signs": ["IE815"], "from": "2026-03-01T00:00:00Z", "until": "2026-04-01T00:00:00Z"}
    entry = {"agent": BROKER, "certificates": [f"{BROKER}.pem"], "delegations": [given], **agent}
    operator = {
        "seed": CONSIGNOR,
        "name": "A trader",
        "type": "certified_consignor",
        "office": "LT001000",
        "valid_from": "2023-02-13",
    }
    file.write_text(json.dumps({"operators": [operator], "agents": [entry]}), encoding="utf-8")
    return file


def test_agents_stand_in_registry_files(esad: Esad, data: Path, tmp_path: Path) -> None:
    """What was imported is exported, and importing that again changes nothing."""
    assert esad("registry", "import", registry(data), "--data", data).code == 0
    assert esad("registry", "export", tmp_path / "out.json", "--data", data).code == 0
    before = listed(esad, data, "--all")
    again = esad("registry", "import", tmp_path / "out.json", "--data", data, "--json").objects[0]

    (agent,) = json.loads((tmp_path / "out.json").read_text("utf-8"))["agents"]
    assert (agent["agent"], len(agent["certificates"]), len(agent["delegations"])) == (BROKER, 1, 1)
    assert (again["added"], again["removed"]) == ([], [])
    assert listed(esad, data, "--all") == before
    assert [one["agent"] for one in before] == [BROKER]


def test_registry_file_with_wrong_agents_changes_nothing(esad: Esad, data: Path) -> None:
    """Wrong forms with their places, and what the register cannot take."""
    forms = registry(data, agent="BROKER", delegations=[{"seed": "x", "signs": ["15"], "from": "soon"}])
    told = esad("registry", "import", forms, "--data", data)
    assert told.code == 2
    places = ("agents[1].agent", "agents[1].delegations[1].seed", ".signs[1]", "agents[1].delegations[1].from")
    assert [place for place in places if place not in told.err] == []

    nobody = registry(data, delegations=[{"seed": "LT00000000999", "signs": ["IE815"], "from": "2026-03-01"}])
    told = esad("registry", "import", nobody, "--data", data)
    assert told.code == 2
    assert "LT00000000999 is not in the register" in told.err
    assert listed(esad, data, "--all") == []


def test_signature_of_an_agent_is_verified_offline(esad: Esad, data: Path, tmp_path: Path) -> None:
    """For whom it was signed at that moment is told; at another moment, why it was not."""
    signer = load_signer(data / "pki" / f"{BROKER}.key", data / "pki" / f"{BROKER}.pem")
    document = tmp_path / "signed.xml"
    document.write_bytes(signer.sign(Binder("V3.23").write(new_draft(at=NOW))))
    trust = ("--trust", data / "pki" / "ca.pem", "--json", "--registry")

    late = esad("verify", document, *trust, registry(data)).objects[0]
    given = {"seed": CONSIGNOR, "signs": ["IE815"], "from": "2026-01-01"}
    fine = esad("verify", document, *trust, registry(data, delegations=[given])).objects[0]

    assert (late["ok"], "ended at 2026-04-01" in late["reason"]) == (False, True)
    assert (fine["ok"], fine["signer"]) == (True, CONSIGNOR)


def test_history_tells_who_has_signed_for_whom(esad: Esad, box: Box, data: Path) -> None:
    """In both languages, and as JSON; what the trader signed itself says nothing of it."""
    add(esad, data, "--signs", "IE815", "--from", "2026-01-01")
    signer = load_signer(data / "pki" / f"{BROKER}.key", data / "pki" / f"{BROKER}.pem")
    clock = HandClock(datetime.now(UTC))
    with box.open("LT", clock) as station:
        arc = station.take(signer.sign(Binder("V3.23").write(new_draft(at=clock.at)))).arc

    told = esad("explain", arc, "--data", data).out
    (side,) = esad("explain", arc, "--data", data, "--json").objects[0]["history"]["sides"]
    lithuanian = esad("explain", arc, "--data", data, "--lang", "lt").out

    assert f"signed by {BROKER} for {CONSIGNOR} under delegation 1" in told
    assert f"{CONSIGNOR} vardu pasirašė {BROKER} pagal įgaliojimą Nr. 1" in lithuanian
    signed = {one["type"]: (one["signedBy"], one["delegation"]) for one in side["messages"]}
    assert signed == {"IE815": (BROKER, 1), "IE801": (None, None)}
