"""What belongs to others is as what there is not: through every operation of OpenAPI and of the WSDL, in every word."""

import json
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

import pytest

from esad_gateway.soap.envelope import SOAP_1_1, SOAP_1_2, SoapVersion
from esad_gateway.soap.operations import OPERATIONS
from helpers.agents import let
from helpers.batch_door import TraderAtDoor
from helpers.gateway import CONSIGNOR, SECOND_CONSIGNOR, new_draft
from helpers.served import JSON, Answer, Served
from helpers.soap import ByHand
from helpers.webhooks import Hooks

NUMBERS: Final = frozenset({"seq", "number", "period", "figure", "filing"})
"""Names of what is counted, which is the same in both."""
NOBODY: Final = "LT00000000999"
NO_ARC: Final = "26LT0000000000000ZZ92"
NO_NAME: Final = "0" * 32
OF_THE_MOMENT: Final = frozenset({"date", "ratelimit", "content-length"})
INSIDE: Final = (b"Traceback", b"site-packages", b"sqlite", b"sqlalchemy", b"SELECT ", b'File "', b"/dev/shm", b".py")
"""What would tell of our inside."""


@dataclass(frozen=True)
class Data:
    """What the second consignor has, by the names of the descriptions; and what nobody has."""

    theirs: Mapping[str, Any]
    nobodys: Mapping[str, Any]


@pytest.fixture(scope="module")
def data(gateway: Served) -> Data:
    """A message, a movement, a batch, a record and a webhook of the second consignor."""
    receipt = gateway.submit(gateway.box.signed(SECOND_CONSIGNOR, new_draft(SECOND_CONSIGNOR))).json
    door = TraderAtDoor(gateway, SECOND_CONSIGNOR)
    batch = door.hand_in(b"state\n", kind="saad").json["id"]
    given = let(gateway.station, SECOND_CONSIGNOR, reads=["*"])
    declared = {"period": "2026-02", "figure": "D.110", "filing": "last"}
    common = {"seq": receipt["seq"], "number": given.number, **declared}
    webhook = Hooks(gateway, SECOND_CONSIGNOR).make("https://hooks.example/esad")["id"]
    theirs = {"seed": SECOND_CONSIGNOR, **common, "arc": receipt["arc"], "batch": batch}
    nobodys = {"seed": NOBODY, **common, "arc": NO_ARC, "batch": NO_NAME}
    return Data({**theirs, "record": NO_NAME, "webhook": webhook}, {**nobodys, "record": "1" * 32, "webhook": "2" * 32})


@pytest.fixture(scope="module")
def token(gateway: Served) -> str:
    """The consignor's token."""
    return gateway.box.traders[CONSIGNOR].token


def described(gateway: Served) -> Iterator[tuple[str, str]]:
    """Every operation of OpenAPI about a trader."""
    for path, item in gateway.get("/openapi.json").json["paths"].items():
        yield from ((method.upper(), path) for method in item if "{seed}" in path and "operators" not in path)


def told(answer: Answer, names: Mapping[str, Any]) -> tuple[Any, ...]:
    """Everything in an answer but what was asked for, and when."""
    assert not [word for word in INSIDE if word in answer.body], answer.body
    body = answer.body
    for name, value in names.items():
        body = body.replace(str(value).encode(), f"<{name}>".encode()) if name not in NUMBERS else body
    fields = {
        name: value for name, value in answer.headers.items() if name not in {"date", "ratelimit", "content-length"}
    }
    return answer.status, fields, body


def both(names: Data, ask: Callable[[Mapping[str, Any]], Answer]) -> tuple[Any, Any]:
    """What is told of theirs, and of nobody's."""
    found = [told(ask(one), one) for one in (names.theirs, names.nobodys)]
    return found[0], found[1]


@dataclass(frozen=True)
class InRest:
    """An operation of OpenAPI, asked with a token; in one's own name, or in that of whoever has the thing."""

    gateway: Served
    token: str
    method: str
    path: str
    kind: str
    body: bytes
    own: bool = False

    def __call__(self, names: Mapping[str, Any]) -> Answer:
        """Ask."""
        where = self.path.format_map({**names, **({"seed": CONSIGNOR} if self.own else {})})
        sent = None if self.method == "GET" else self.body
        return self.gateway.ask(
            self.method, where, sent, {"Authorization": f"Bearer {self.token}", "Content-Type": self.kind}
        )


def test_mailbox_of_another_is_as_none(gateway: Served, token: str, data: Data) -> None:
    """Every operation of OpenAPI says the same of both, whatever is sent."""
    operations = list(described(gateway))
    assert len(operations) > 15
    for method, path in operations:
        for kind, body in ((JSON, b"{}"), (JSON, b"{"), ("text/csv", b"a;b\n")):
            theirs, nobodys = both(data, InRest(gateway, token, method, path, kind, body))

            assert theirs == nobodys, (method, path)
            assert theirs[0] in {404, 422}, (method, path, theirs)


def test_thing_of_another_is_as_none(gateway: Served, token: str, data: Data) -> None:
    """Asked for in one's own name."""
    things = {"{arc}", "{batch}", "{record}", "{webhook}"}
    operations = [(method, path) for method, path in described(gateway) if things & {*path.split("/")}]
    assert len(operations) > 13
    for method, path in operations:
        theirs, nobodys = both(data, InRest(gateway, token, method, path, JSON, b"{}", own=True))

        assert theirs == nobodys, (method, path)
        assert theirs[0] in {404, 422}, (method, path, theirs)


@dataclass(frozen=True)
class InSoap:
    """The same for an operation of the WSDL."""

    client: ByHand
    token: str
    name: str
    own: bool

    def __call__(self, names: Mapping[str, Any]) -> Answer:
        """Ask."""
        given = {one: names[MEMBERS[one]] for one in _asked_for(self.name) if one in MEMBERS}
        given |= {"trader": CONSIGNOR} if self.own else {}
        return self.client.post(self.client.request(self.name, {**given, **MORE.get(self.name, {})}), self.token)


MORE: Mapping[str, Mapping[str, Any]] = {
    "SubmitBatch": {"kind": "saad", "file": b"state\n"},
    "AcknowledgeMessages": {"through": 1},
}
MEMBERS = {"trader": "seed", "seq": "seq", "arc": "arc", "batch": "batch"}


def _asked_for(name: str) -> set[str]:
    """The members that a request has to have."""
    return {one for one, field in OPERATIONS[name].asked.model_fields.items() if field.is_required()}


@pytest.mark.parametrize("version", [SOAP_1_1, SOAP_1_2], ids=["1.1", "1.2"])
def test_soap_tells_no_difference_either(gateway: Served, token: str, data: Data, version: SoapVersion) -> None:
    """Every operation of the table that is about a trader, in another's name and in one's own."""
    client = ByHand(gateway, version)
    of_traders = [name for name in OPERATIONS if "trader" in _asked_for(name)]
    things = [name for name in of_traders if {"arc", "batch"} & _asked_for(name)]
    assert (len(of_traders), len(things)) >= (7, 2)
    for name, own in [*((one, False) for one in of_traders), *((one, True) for one in things)]:
        theirs, nobodys = both(data, InSoap(client, token, name, own))

        assert theirs == nobodys, name
        assert b"/problems/not-found" in theirs[2], (name, theirs)


def test_one_identifier_through_both_doors_has_one_effect(gateway: Served) -> None:
    """Whoever comes first is accepted, and all get that receipt: at one time, in REST and in both versions of SOAP."""
    document = gateway.box.signed(CONSIGNOR, new_draft())
    before = gateway.get(f"/v1/traders/{CONSIGNOR}/messages?after=100000", gateway.box.traders[CONSIGNOR].token).json
    clients = [ByHand(gateway, version) for version in (SOAP_1_1, SOAP_1_2)]

    def by_soap(client: ByHand) -> str:
        return client.call("SubmitMessage", document=document).findtext("{*}arc") or ""

    with ThreadPoolExecutor(12) as pool:
        in_rest = [pool.submit(gateway.submit, document) for _ in range(6)]
        in_soap = [pool.submit(by_soap, client) for client in clients for _ in range(3)]
        answers = [one.result() for one in in_rest]
        arcs = {one.result() for one in in_soap} | {one.json["arc"] for one in answers}

    after = gateway.get(f"/v1/traders/{CONSIGNOR}/messages?after=100000", gateway.box.traders[CONSIGNOR].token).json
    assert len(arcs) == 1
    assert after["completeThrough"] == before["completeThrough"] + 2
    assert {one.status for one in answers} <= {200, 201}
    assert sum(one.status == 201 for one in answers) <= 1


def test_encoded_body_is_refused_at_every_door(gateway: Served, token: str) -> None:
    """By name, and it is told how to do better; nothing is unpacked."""
    headers = {"Authorization": f"Bearer {token}", "Content-Encoding": "gzip", "Content-Type": JSON}
    operations = [(method, path) for method, path in described(gateway) if method == "POST"]
    names = {"seed": CONSIGNOR, "seq": 1, "arc": NO_ARC, "batch": NO_NAME, "record": NO_NAME, "period": "2026-02"}
    bodiless = ("withdrawal", "resumption", "rotation", "ping", "resending", "revocation", "feeds")
    with_bodies = [path for _, path in operations if not path.endswith(bodiless)]
    assert len(with_bodies) >= 4
    for path in with_bodies:
        answer = gateway.ask("POST", path.format_map(names) + "?kind=saad", b"\x1f\x8b", headers)
        assert (answer.status, answer.json["type"]) == (415, "/problems/content-encoding"), path
        assert answer.headers["accept-encoding"] == "identity"
    in_soap = ByHand(gateway, SOAP_1_2).post(b"\x1f\x8b", Content_Encoding="gzip")
    assert b"/problems/content-encoding" in in_soap.body


def test_header_that_is_hostile_is_answered_in_order(gateway: Served, token: str) -> None:
    """Fields that a door reads, with what nobody means: an answer each time, and nothing of our inside in it."""
    path = f"/v1/traders/{CONSIGNOR}/messages"
    values = (
        "'; DROP TABLE message; --",
        "%00%0d%0a",
        "\xff\xfe",
        "{{7*7}}",
        "../../etc/passwd",
        '"' * 500,
        "," * 5000,
    )
    for name in ("Accept", "If-None-Match", "Authorization", "Content-Type", "X-Forwarded-For", "Idempotency-Key"):
        for value in values:
            answer = gateway.get(path, None, **{"Authorization": f"Bearer {token}", name: value})
            assert answer.status in {200, 401}, (name, value, answer.body)
            assert not [word for word in INSIDE if word in answer.body]
            if answer.status == 200:
                assert "messages" in json.loads(answer.body)
