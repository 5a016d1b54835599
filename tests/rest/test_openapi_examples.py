"""Every operation of the OpenAPI document is asked for, at every status that it names, and answers as its example."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from esad_gateway.ais.actors import ActorKind, DoneBy
from esad_gateway.national.board import board_of as open_board
from esad_gateway.rest.national.sign_in import AT_PROVIDER, RETURN, SESSION, SIGN_OUT
from esad_gateway.web.form import LARGEST_FIELD
from esad_gateway.xml.parse import parse
from helpers.agents import let
from helpers.batch_door import TraderAtDoor
from helpers.cases import ENTITY, OFFICER, PROOF, PROOF_DIGEST, desk_of, owned
from helpers.gateway import CONSIGNEE, CONSIGNOR, SECOND_CONSIGNOR, new_draft
from helpers.samples import evolve
from helpers.served import JSON, XML, Answer, Served
from helpers.staff import staff_of
from helpers.webhooks import Hooks

PROBLEM = "application/problem+json"
BATCHES, SAAD = "/v1/traders/{seed}/batches", "/v1/traders/{seed}/saad"
NATIONAL = "/v1/national"
ROLES = NATIONAL + "/roles"
GUARANTEES = NATIONAL + "/guarantees/{excise_number}"
WEBHOOKS = "/v1/traders/{seed}/webhooks"
WEBHOOK = WEBHOOKS + "/{webhook}"
DECLARATIONS = "/v1/traders/{seed}/declarations"
FILINGS = DECLARATIONS + "/{period}/filings"
CASES = "/v1/national/cases"
ACTS = CASES + "/{case}/acts/{act}"
ELSEWHERE = {"410", "429", "500", "503"}
"""What no request alone leads to: test_batches, test_rates, test_undecided and test_unavailable have it."""


HARD = {
    ("post", SAAD + "/{record}/withdrawal", "422"),
    ("get", "/metrics", "404"),
    ("get", "/v1/traders/{seed}/events", "200"),
    *(("get", AT_PROVIDER, status) for status in ("303", "502", "504")),
    *(("get", RETURN, status) for status in ("200", "303", "403", "502", "504")),
    ("post", SESSION, "200"),
    ("post", SIGN_OUT, "200"),
    *(("get", "/v1/national/refunds/{seed}/{arc}", status) for status in ("200", "304")),
}
"""What others have entered cannot be withdrawn, and here is no such record; who asks here may watch; a stream of events
does not end, and tests/notify reads it; signing in takes a provider, and tests/national/test_sign_in has one; no
movement has arrived here, and tests/national/test_refund_door has one that has."""


@dataclass(frozen=True)
class Ask:
    """A request."""

    method: str
    path: str
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def having(self, **headers: str) -> "Ask":
        """The same with other fields of its header."""
        return replace(self, headers={**self.headers, **{name.replace("_", "-"): one for name, one in headers.items()}})

    def without(self, name: str) -> "Ask":
        """The same without one."""
        return replace(self, headers={key: one for key, one in self.headers.items() if key != name})

    def of(self, gateway: Served) -> Answer:
        """What is answered to it."""
        return gateway.ask(self.method, self.path, self.body, self.headers)


@dataclass(frozen=True)
class Examples:
    """A gateway in which there is one of everything, and its document."""

    gateway: Served
    document: Mapping[str, Any]
    named: Mapping[str, Any]
    person: str = ""
    """The token of a person with every role."""

    def usual(self, method: str, path: str) -> Ask:
        """The request of the example: it is answered with the first status."""
        operation = self.document["paths"][path][method]
        seed = CONSIGNEE if path.startswith((BATCHES, SAAD, DECLARATIONS)) else CONSIGNOR
        content = operation.get("requestBody", {}).get("content", {})
        media, body = next(((media, _body(one)) for media, one in content.items() if _body(one)), ("", None))
        headers = {"Content-Type": media} if media else {}
        if "security" in operation:
            # What is about a movement or a case is asked here by the trader.
            of_person = path.startswith(NATIONAL) and "{arc}" not in path and not path.startswith(CASES)
            token = self.person if of_person else self.gateway.box.traders[seed].token
            headers["Authorization"] = f"Bearer {token}"
        query = "?kind=saad&name=rows.csv" if (method, path) == ("post", BATCHES) else ""
        asked = Ask(method.upper(), path.format(seed=seed, **self.named) + query, body, headers)
        return replace(asked, body=self.signed()) if path == "/v1/messages" else asked

    def signed(self, **changes: Any) -> bytes:
        """A draft, signed."""
        return self.gateway.box.signed(CONSIGNOR, evolve(new_draft(), changes) if changes else new_draft())

    def stranger(self, asked: Ask) -> Ask:
        """The same asked by another trader."""
        return asked.having(Authorization=f"Bearer {self.gateway.box.traders[SECOND_CONSIGNOR].token}")


def _body(content: Mapping[str, Any]) -> bytes | None:
    """The example of a body as bytes."""
    example = content.get("example", next((one["value"] for one in content.get("examples", {}).values()), None))
    if example is None:
        return None
    return (example if isinstance(example, str) else json.dumps(example)).encode()


def again(examples: Examples, asked: Ask) -> Ask:
    """A request that was answered before."""
    asked.of(examples.gateway)
    return asked


def known(examples: Examples, asked: Ask) -> Ask:
    """A request for what is here already."""
    return asked.having(If_None_Match=asked.of(examples.gateway).headers["etag"])


def form(asked: Ask, *parts: tuple[str, bytes]) -> Ask:
    """A form with these parts."""
    told = b"".join(
        b'--x\r\nContent-Disposition: form-data; name="%b"; filename="rows.csv"\r\n\r\n%b\r\n' % (name.encode(), value)
        for name, value in parts
    )
    return replace(asked, body=told + b"--x--\r\n").having(Content_Type="multipart/form-data; boundary=x")


def with_more(examples: Examples, asked: Ask) -> Ask:
    """The same when something more was received."""
    body = examples.document["paths"][SAAD]["post"]["requestBody"]["content"][JSON]["example"]
    more = json.dumps({**body, "document": "EXAMPLE-9"}).encode()
    assert TraderAtDoor(examples.gateway, CONSIGNEE).send("/saad", more).status == 201
    return asked


Way = Callable[[Examples, Ask], Ask]
WAYS: Mapping[str, Way] = {
    "200": lambda _, asked: asked,
    "202": lambda _, asked: asked,
    "304": known,
    "400": lambda _, asked: replace(asked, body=b"{"),
    "403": lambda examples, asked: examples.stranger(asked),
    "401": lambda _, asked: asked.without("Authorization"),
    "404": lambda examples, asked: examples.stranger(asked),
    "406": lambda _, asked: asked.having(Accept="image/png"),
    "412": lambda _, asked: asked.having(If_Match='"other"'),
    "413": lambda _, asked: asked.having(Content_Length="99999999999"),
    "415": lambda _, asked: asked.having(Content_Type="text/plain"),
    "422": lambda _, asked: replace(asked, path=f"{asked.path}?nonsense=1"),
    "431": lambda _, asked: asked.having(X_Long="x" * 100_000),
}
"""How a status comes about at most places."""

ENTRY = {"document": "EXAMPLE-2"}
PROVEN = json.dumps({"channel": "mano_vmi", "document": {"name": "payment.pdf", "digest": PROOF_DIGEST}}).encode()
OTHERWISE: Mapping[tuple[str, str, str], Way] = {
    ("get", "/v1/due/{secret}", "404"): lambda _, asked: replace(asked, path="/v1/due/none.ics"),
    ("post", "/v1/traders/{seed}/due/feeds", "201"): lambda _, asked: asked,
    ("post", "/v1/traders/{seed}/due/feeds/{number}/revocation", "422"): lambda _, asked: replace(
        asked, path=asked.path.replace("/revocation", "x/revocation")
    ),
    ("post", "/v1/messages", "201"): lambda _, asked: asked,
    ("post", "/v1/messages", "200"): again,
    ("post", "/v1/messages", "403"): lambda _, asked: replace(asked, body=b"<a/>"),
    ("post", "/v1/messages", "409"): lambda examples, asked: same_identifier(examples, again(examples, asked)),
    ("post", "/v1/messages", "422"): lambda examples, asked: replace(
        asked, body=examples.signed(**{"header_ead_esad.journey_time": "D92"})
    ),
    ("get", "/v1/national/refunds/{seed}/{arc}", "422"): lambda _, asked: asked,
    ("post", "/v1/duty", "422"): lambda _, asked: replace(asked, body=b"{}"),
    ("post", "/v1/messages/compose", "422"): lambda _, asked: replace(asked, body=b"{}"),
    ("get", "/v1/operators/{seed}", "404"): lambda _, asked: replace(asked, path="/v1/operators/LT99999999999"),
    ("get", "/v1/operators/{seed}", "422"): lambda _, asked: replace(asked, path=f"{asked.path}?on=today"),
    ("get", "/problems/{kind}", "404"): lambda _, asked: replace(asked, path="/problems/none"),
    ("get", "/v1/traders/{seed}/messages/{seq}", "422"): lambda _, asked: replace(
        asked, path=asked.path.replace("/2", "/0")
    ),
    ("put", "/v1/traders/{seed}/messages/{seq}/acknowledgement", "422"): lambda _, asked: replace(
        asked, path=asked.path.replace("/2/", "/0/")
    ),
    ("post", "/v1/traders/{seed}/messages/acknowledgements", "422"): lambda _, asked: replace(asked, body=b"[]"),
    ("post", "/v1/traders/{seed}/agents/{number}/revocation", "422"): lambda _, asked: replace(
        asked, path=asked.path.replace("/revocation", "x/revocation")
    ),
    ("post", BATCHES, "200"): lambda examples, asked: again(examples, asked.having(Idempotency_Key="example")),
    ("post", BATCHES, "400"): lambda _, asked: asked.having(Content_Type="multipart/form-data"),
    ("post", BATCHES, "403"): lambda _, asked: form(asked, ("file", b"a;b\n"), ("signature", b"<a/>")),
    ("post", BATCHES, "409"): lambda examples, asked: replace(
        again(examples, asked.having(Idempotency_Key="example")), body=b"other;file\n"
    ),
    ("post", BATCHES, "413"): lambda _, asked: form(asked, ("name", b"x" * (LARGEST_FIELD + 1))),
    ("post", BATCHES, "415"): lambda _, asked: asked.having(Content_Encoding="gzip"),
    ("post", BATCHES, "422"): lambda _, asked: replace(asked, path=asked.path.replace("kind=saad", "kind=x")),
    ("post", FILINGS, "200"): again,
    ("post", FILINGS, "201"): with_more,
    ("post", FILINGS, "422"): lambda _, asked: replace(asked, body=b'{"form": "FR0630"}'),
    ("post", SAAD, "201"): lambda _, asked: entry(asked, document="EXAMPLE-1"),
    ("post", SAAD, "200"): lambda examples, asked: again(examples, entry(asked, **ENTRY)),
    ("post", SAAD, "422"): lambda _, asked: replace(asked, body=b"{}"),
    ("post", SAAD + "/{record}/corrections", "200"): lambda _, asked: entry(asked, document="EXAMPLE"),
    ("post", SAAD + "/{record}/corrections", "422"): lambda _, asked: replace(asked, body=b"{}"),
    ("post", ROLES, "201"): lambda _, asked: entry(asked, role="certified_consignee", seed=CONSIGNEE),
    ("post", ROLES, "200"): again,
    ("post", ROLES, "422"): lambda _, asked: replace(asked, body=b'{"person": "1", "role": "none"}'),
    ("post", ROLES + "/{number}/end", "404"): lambda _, asked: replace(asked, path=f"{ROLES}/1000000/end"),
    ("post", ROLES + "/{number}/end", "422"): lambda _, asked: replace(asked, path=f"{ROLES}/0/end"),
    ("get", RETURN, "404"): lambda _, asked: replace(asked, path=f"{asked.path}?state=x"),
    ("post", SESSION, "422"): lambda _, asked: replace(asked, body=b'{"code": 1}'),
    **{
        ("post", f"{GUARANTEES}/{name}", "201"): lambda _, asked: asked
        for name in ("amounts", "entries", "papers", "wishes")
    },
    **{
        ("post", f"{GUARANTEES}/{name}", "404"): lambda _, asked: replace(
            asked, path=asked.path.replace(CONSIGNOR, "LT00000000999")
        )
        for name in ("amounts", "entries", "papers")
    },
    ("post", GUARANTEES + "/amounts", "422"): lambda _, asked: entry(asked, amount="-1"),
    ("post", GUARANTEES + "/entries", "422"): lambda _, asked: entry(asked, kind="expired"),
    ("post", GUARANTEES + "/papers", "422"): lambda _, asked: entry(asked, amount="0"),
    ("post", GUARANTEES + "/wishes", "422"): lambda _, asked: entry(asked, wish="goods"),
    ("post", NATIONAL + "/guarantees/simulation", "422"): lambda _, asked: entry(asked, goods="beer"),
    ("post", WEBHOOKS, "201"): lambda _, asked: asked,
    ("post", WEBHOOKS, "422"): lambda _, asked: replace(asked, body=b'{"url": "https://other.example/"}'),
    ("post", WEBHOOK + "/rotation", "422"): lambda _, asked: replace(asked, path=f"{asked.path}?overlap=-1"),
    ("get", WEBHOOK + "/dead-letters", "422"): lambda _, asked: replace(asked, path=f"{asked.path}?limit=0"),
    ("post", WEBHOOK + "/dead-letters/resending", "422"): lambda _, asked: replace(asked, path=f"{asked.path}?seq=0"),
    ("post", CASES, "201"): lambda _, asked: replace(asked, body=(asked.body or b"").replace(b'"900"', b'"901"')),
    ("post", CASES, "200"): again,
    ("post", CASES, "422"): lambda _, asked: replace(asked, body=b"{}"),
    ("post", CASES + "/documents", "201"): lambda _, asked: asked,
    ("post", CASES + "/documents", "415"): lambda _, asked: asked.having(Content_Type="text/csv"),
    ("post", ACTS, "409"): lambda _, asked: replace(asked, path=asked.path.replace("/add", "/prove"), body=PROVEN),
    ("post", ACTS, "422"): lambda _, asked: replace(asked, body=b"{}"),
}
"""How it comes about elsewhere."""


def entry(asked: Ask, **changes: str) -> Ask:
    """An entry of the SAAD list like the example."""
    return replace(asked, body=json.dumps({**json.loads(asked.body or b"{}"), **changes}).encode())


def same_identifier(examples: Examples, asked: Ask) -> Ask:
    """Another draft under the message identifier of the one in ``asked``."""
    found = parse(asked.body or b"").findtext(".//{*}MessageIdentifier")
    return replace(asked, body=examples.signed(**{"header.message_identifier": found}))


@pytest.fixture(scope="module")
def examples(gateway: Served) -> Examples:
    """One movement and one webhook of the consignor, one batch and one record of the consignee."""
    document = gateway.get("/openapi.json").json
    trader = TraderAtDoor(gateway, CONSIGNEE)
    body = document["paths"][SAAD]["post"]["requestBody"]["content"][JSON]["example"]
    record = trader.send("/saad", json.dumps({**body, "document": "EXAMPLE"}).encode()).json["record"]["id"]
    content = document["paths"][BATCHES]["post"]["requestBody"]["content"]["text/csv"]["example"].encode()
    batch = trader.done(content, "kind=saad&name=rows.csv")["id"]
    arc = gateway.submit(gateway.box.signed(CONSIGNOR, new_draft())).json["arc"]
    given = let(gateway.station, CONSIGNOR, reads=["*"])
    webhook = Hooks(gateway).make("https://hooks.example/esad")["id"]
    desk = open_board(gateway.station.runtime.store, gateway.station.runtime.settings, gateway.station.clock)
    _, secret = desk.make_feed(CONSIGNOR, DoneBy(kind=ActorKind.SERVICE, name=CONSIGNOR, seed=CONSIGNOR))
    named = {
        "seq": 2,
        "arc": arc,
        "batch": batch,
        "record": record,
        "webhook": webhook,
        "kind": "http",
        "number": given.number,
        "provider": "one",
        "period": "2026-02",
        "figure": "D.110",
        "filing": "last",
        **one_case(gateway, document["paths"][CASES]["post"]["requestBody"]["content"][JSON]["example"]),
        "secret": secret,
    }
    staff = staff_of(gateway)
    for role, seed in (("other_person", CONSIGNOR), ("role_manager", ""), ("excise_officer", "")):
        staff.granted(role, seed)
    staff.arrived()
    return Examples(gateway, document, {**named, "excise_number": CONSIGNOR}, staff.token())


def one_case(gateway: Served, request: dict[str, Any]) -> dict[str, str]:
    """A case of the consignor's entity, with a paper, and what may be done in it."""
    owned(gateway.station, CONSIGNOR)
    desk = desk_of(gateway.station)
    answer = desk.submit(OFFICER, request)
    paper = desk.keep(OFFICER, "payment.pdf", "application/pdf", PROOF, ENTITY)
    assert answer.case is not None
    return {"case": answer.case.row.number, "act": "add", "digest": paper.digest}


def described(document: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Every operation with every status, those that change what others read at the end."""
    operations = [(method, path) for path, item in document["paths"].items() for method in item]
    for method, path in sorted(operations, key=lambda one: ("withdrawal" in one[1] or one[0] == "delete", one[1])):
        for status in sorted(document["paths"][path][method]["responses"]):
            yield method, path, status


def way(method: str, path: str, status: str) -> Way:
    """How it comes about."""
    return OTHERWISE.get((method, path, status)) or WAYS[status]


def problems(examples: Examples, answer: Answer, method: str, path: str, status: str) -> Iterator[str]:
    """What is otherwise than the document says."""
    told = examples.document["paths"][path][method]["responses"][status]
    if str(answer.status) != status:
        yield f"status {answer.status}: {answer.body[:200]!r}"
        return
    media = answer.headers.get("content-type", "").partition(";")[0]
    if media not in told.get("content", {"": {}}):
        yield f"it is {media}"
        return
    content = told.get("content", {}).get(media, {})
    if media in {JSON, PROBLEM}:
        schema = {**content.get("schema", {}), "components": examples.document["components"]}
        yield from (one.message for one in Draft202012Validator(schema).iter_errors(answer.json))
        example = content["example"]
        if missing := sorted(example.keys() - answer.json.keys() - {"besides", "faults", "step", "reason", "expected"}):
            yield f"the example has {missing} as well"
        if media == PROBLEM and answer.json["type"] != example["type"]:
            yield f"it is {answer.json['type']}, the example {example['type']}"


def test_every_status_that_is_described_comes_about(examples: Examples) -> None:
    """By a request of its own, with the type of its example and the members that the schema wants."""
    wrong = []
    for method, path, status in described(examples.document):
        if status not in ELSEWHERE and (method, path, status) not in HARD:
            asked = way(method, path, status)(examples, examples.usual(method, path))
            answer = asked.of(examples.gateway)
            wrong += [(method, path, status, one) for one in problems(examples, answer, method, path, status)]
    assert not wrong, "\n".join(str(one)[:600] for one in wrong)


def test_what_cannot_be_asked_for_has_an_example(examples: Examples) -> None:
    """Its status is that of the example, and it is a problem."""
    for method, path, status in described(examples.document):
        if status in ELSEWHERE:
            (content,) = examples.document["paths"][path][method]["responses"][status]["content"].values()
            assert content["example"]["status"] == int(status), (method, path, status)


def test_every_body_has_an_example_but_files_and_forms(examples: Examples) -> None:
    """In the media type that clients mostly send."""
    bodies = [
        operation["requestBody"]["content"]
        for item in examples.document["paths"].values()
        for operation in item.values()
        if "requestBody" in operation
    ]
    assert len(bodies) >= 6
    assert all(any(_body(one) for one in content.values()) for content in bodies)
    assert XML in {media for content in bodies for media in content}
