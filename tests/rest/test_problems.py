"""What the types of problems lead to: every one that a gateway can answer has its page, in both languages."""

import ast
import json
from pathlib import Path

import pytest
from lxml import etree, html

import esad_gateway
from esad_gateway.rest.problems import kinds
from esad_gateway.soap.answers import envelope
from esad_gateway.soap.envelope import SOAP_1_1, SOAP_1_2, SoapVersion
from esad_gateway.soap.faults import fault_of
from esad_gateway.texts import languages
from esad_gateway.web.problem_pages import problem_examples, raised
from esad_gateway.web.problems import KIND_PREFIX, KINDS
from helpers.gateway import CONSIGNOR, copy_of_box, new_draft
from helpers.served import JSON, XML, Served, served

PACKAGE = Path(esad_gateway.__file__).parent
TO_DO = (
    "a kind of problem needs: problem., cause. and remedy. in texts/en.json and lt.json, an example in"
    " web/problem_pages.py, and: cd tests && python helpers/draw_problems.py"
)
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def kinds_in_the_code() -> set[str]:
    """Those of the table of exceptions, and those that stand in calls."""
    found = {kind for _, kind in KINDS.values()}
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_bytes())):
            if isinstance(node, ast.Call) and ast.unparse(node.func).lower() == "problem" and len(node.args) > 1:
                second = node.args[1]
                found |= {second.value} if isinstance(second, ast.Constant) and isinstance(second.value, str) else set()
    return found


def test_every_kind_in_the_code_is_described() -> None:
    """None is left out, and none is described that there is not; each is told with an example."""
    assert kinds_in_the_code() <= set(kinds()), TO_DO
    assert set(problem_examples()) == set(kinds()), TO_DO


@pytest.fixture(scope="module")
def listed(gateway: Served) -> list[dict[str, str]]:
    """What the gateway lists."""
    found: list[dict[str, str]] = gateway.get("/problems").json["problems"]
    return found


def test_every_type_leads_to_its_page(gateway: Served, listed: list[dict[str, str]]) -> None:
    """For programs and for people: cause, what to do and an example, in every language; nobody needs a token."""
    assert {one["kind"] for one in listed} == set(kinds())
    for one in listed:
        told = gateway.get(one["type"])
        page = gateway.ask("GET", one["type"], headers=BROWSER)
        shown = html.fromstring(page.body.decode())
        sections = {section.get("lang"): section.text_content() for section in shown.xpath("//section")}

        assert (told.status, told.headers["content-type"]) == (200, JSON)
        assert page.headers["content-type"].startswith("text/html")
        assert told.json["example"]["type"] == one["type"]
        assert set(sections) == set(languages())
        for language, text in sections.items():
            assert {told.json[what][language] for what in ("titles", "causes", "remedies")} <= set(text.splitlines())
        assert json.loads(shown.findtext(".//pre") or "") == told.json["example"]


def test_list_leads_to_every_page(gateway: Served, listed: list[dict[str, str]]) -> None:
    """For people as well: the links of the page are those of the list."""
    page = html.fromstring(gateway.ask("GET", "/problems", headers=BROWSER).body.decode(), base_url="http://x/problems")
    page.make_links_absolute()

    assert [link for _, _, link, _ in page.iterlinks()] == [f"http://x{one['type']}" for one in listed]


def test_unknown_kind_is_not_there(gateway: Served) -> None:
    """404, as a problem itself."""
    answer = gateway.get("/problems/no-such-kind")

    assert (answer.status, answer.json["type"]) == (404, "/problems/http")


def test_pages_hold_nothing_active(gateway: Served) -> None:
    """No script, no style, nothing from elsewhere, and JSON and HTML are told apart by caches."""
    page = gateway.ask("GET", "/problems/too-large", headers=BROWSER)

    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    assert page.headers["vary"] == "Accept"
    assert b"<script" not in page.body


@pytest.mark.parametrize("version", [SOAP_1_1, SOAP_1_2], ids=["1.1", "1.2"])
def test_faults_of_soap_name_the_same_types(version: SoapVersion) -> None:
    """Whatever is raised: the detail of the fault has the type that REST answers."""
    for error, example in zip(raised(), problem_examples().values(), strict=True):
        told = etree.fromstring(envelope(version, fault_of(version, error).body)).xpath(
            "//*[local-name()='type']/text()"
        )
        assert told == [example["type"]]


def test_examples_are_what_a_gateway_answers(gateway: Served) -> None:
    """Those that are easily had: the same type, status, title and members as the example."""
    draft = gateway.box.signed(CONSIGNOR, new_draft())
    bearer = {"Authorization": f"Bearer {gateway.box.traders[CONSIGNOR].token}"}
    asked = {
        "malformed-xml": ("POST", "/v1/messages", b"<a", {"Content-Type": XML}),
        "content-encoding": ("POST", "/v1/messages", draft, {"Content-Type": XML, "Content-Encoding": "gzip"}),
        "media-type": ("POST", "/v1/messages", draft, {"Content-Type": "text/plain"}),
        "signature-refused": ("POST", "/v1/messages", b"<a/>", {"Content-Type": XML}),
        "malformed-json": ("POST", "/v1/messages/compose", b"{", {"Content-Type": JSON}),
        "compose-refused": ("POST", "/v1/messages/compose", b'{"message": 1}', {"Content-Type": JSON}),
        "no-token": ("GET", f"/v1/traders/{CONSIGNOR}/messages", None, {}),
        "http": ("GET", "/v1/nothing", None, {}),
        "not-found": ("GET", f"/v1/traders/{CONSIGNOR}/movements/x", None, bearer),
        "invalid-parameter": ("GET", f"/v1/traders/{CONSIGNOR}/messages?limit=0", None, bearer),
    }
    for kind, (method, path, body, headers) in asked.items():
        answer, example = gateway.ask(method, path, body, headers), problem_examples()[kind]
        assert answer.json["type"] == f"{KIND_PREFIX}{kind}"
        assert {name: answer.json[name] for name in ("status", "title", "titles")} == {
            name: example[name] for name in ("status", "title", "titles")
        }
        assert answer.json.keys() >= example.keys() - {"besides"}


def test_types_do_not_depend_on_the_address(tmp_path: Path) -> None:
    """Behind a front with an address of its own a gateway answers the same types, and has their pages."""
    box = copy_of_box(tmp_path)
    box.set("LT", public_url='"https://gateway.example"')
    with served(box) as other:
        answer = other.get("/v1/nothing")
        assert answer.json["type"] == "/problems/http"
        assert other.get(answer.json["type"]).status == 200
