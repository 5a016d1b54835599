"""Faults on the command line: all of them in words, and one that is injected into states that are served."""

import json
import signal
import subprocess
from contextlib import closing
from datetime import UTC, date, datetime
from http.client import HTTPConnection
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509 import load_pem_x509_certificate

from esad_gateway.emcs.registry import Operator, OperatorType
from esad_gateway.signing.signer import XmlSigner
from esad_gateway.simulator.drafts import Parties, draft
from esad_gateway.simulator.injected.catalogue import INJECTED
from esad_gateway.simulator.world.world import signed
from helpers.command_line import Esad
from helpers.gateway import PATIENCE
from helpers.ready import ready

BEGINS = datetime(2026, 3, 2, 10, tzinfo=UTC)

COMMAND = ("simulate", "--states", "PL,DE", "--port", "0", "--seed", "5", "--begins", BEGINS.isoformat())


def test_every_fault_is_listed_with_what_a_good_counterpart_does(esad: Esad) -> None:
    """A paragraph each, in either language; no state is simulated for that."""
    english, lithuanian = esad("simulate", "--list-faults"), esad("simulate", "--list-faults", "--lang", "lt")

    assert (english.code, lithuanian.code) == (0, 0)
    for name, fault in INJECTED.items():
        assert f"{name} ({fault.kind})" in english.out
        assert f"{name} ({fault.kind})" in lithuanian.out
    assert english.out.count("A good counterpart: ") == len(INJECTED)
    assert lithuanian.out.count("Tinkama kita pusė: ") == len(INJECTED)


def test_programs_read_every_fault(esad: Esad) -> None:
    """One JSON object, in every language."""
    (listed,) = esad("simulate", "--list-faults", "--json").objects

    assert [one["name"] for one in listed["faults"]] == list(INJECTED)
    assert all({"en", "lt"} == set(one["about"]) == set(one["good_counterpart"]) for one in listed["faults"])


@pytest.mark.parametrize(("words", "told"), [("lots PL", "lost"), ("lost", "message=IE818"), ("lost GR", "EL")])
def test_fault_that_is_none_is_refused(esad: Esad, words: str, told: str) -> None:
    """Before anything is served; exit code 2, and what was meant perhaps."""
    ended = esad("simulate", "--states", "PL", "--port", "0", "--fault", words)

    assert ended.code == 2
    assert told in ended.err


def posted(port: int, path: str, body: bytes, kind: str) -> tuple[int, bytes]:
    """What is answered to a body."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as connection:
        connection.request("POST", path, body, {"Content-Type": kind})
        answer = connection.getresponse()
        return answer.status, answer.read()


def trader(port: int, role: str, state: str) -> dict[str, Any]:
    """A trader that the simulator makes."""
    asked = json.dumps({"role": role, "state": state}).encode()
    made: dict[str, Any] = json.loads(posted(port, "/sim/traders", asked, "application/json")[1])
    return made


def operator(seed: str, kind: OperatorType) -> Operator:
    """What a draft says of a trader."""
    return Operator(seed=seed, name=seed, operator_type=kind, office=f"{seed[:2]}001000", valid_from=date(2023, 2, 13))


def from_poland(port: int) -> bytes:
    """A draft of goods from Poland to Germany that a trader of the simulator has signed."""
    consignor, consignee = trader(port, "consignor", "PL"), trader(port, "consignee", "DE")
    key = load_pem_private_key(consignor["key"].encode(), None)
    signer = XmlSigner(key, load_pem_x509_certificate(consignor["certificate"].encode()))
    parties = Parties(
        operator(consignor["seed"], OperatorType.CERTIFIED_CONSIGNOR),
        operator(consignee["seed"], OperatorType.CERTIFIED_CONSIGNEE),
    )
    return signed(signer, draft(parties, BEGINS, BEGINS.date()))


def inject_later(port: int) -> None:
    """A fault that nothing will meet."""
    later = json.dumps({"name": "unavailable", "state": "DE", "traders": True}).encode()
    assert posted(port, "/sim/faults", later, "application/json")[0] == 201


def test_fault_is_injected_into_states_that_are_served() -> None:
    """A program meets it over HTTP; at the end it is told what was injected, and the command that has it again."""
    words = ("server-fault PL traders=yes", "lost DE message=IE818", "duplicate DE message=IE818")
    asked = ["--json", *(word for one in words for word in ("--fault", one))]
    process = subprocess.Popen([ready(), *COMMAND, *asked], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        listens = json.loads(process.stdout.readline())
        port = int(listens["url"].rpartition(":")[2])
        inject_later(port)
        document = from_poland(port)
        statuses = [posted(port, "/pl/v1/messages", document, "application/xml")[0] for _ in range(2)]
        process.send_signal(signal.SIGTERM)
        told, _ = process.communicate(timeout=PATIENCE)
    finally:
        process.kill()
        process.wait()

    assert statuses == [500, 201]
    assert "PL  server-fault: IE815 from traders to PL, try 1: HTTP 500" in told
    assert {f"{name} of DE has not struck anything" for name in ("lost", "duplicate")} <= set(told.splitlines())
    (again,) = [line for line in told.splitlines() if "--seed 5" in line]
    assert again.count("--seed") == 1
    assert "'server-fault PL traders=yes'" in again
    assert "--fault 'unavailable DE traders=yes'" in again
    assert process.returncode == 1
