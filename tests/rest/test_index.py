"""What somebody sees who opens a gateway in a browser: an index, and the description, all of it from the gateway."""

import re
from html.parser import HTMLParser

import pytest

from helpers.served import JSON, Served

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


class Asked(HTMLParser):
    """Every address that a page links to or loads."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.inline = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the addresses of a tag, and a script without one."""
        found = [value for name, value in attrs if name in {"href", "src"} and value]
        self.addresses += found
        self.inline += tag == "script" and not found


def asked_by(page: bytes) -> Asked:
    """What a page asks for."""
    asked = Asked()
    asked.feed(page.decode())
    return asked


def test_index_is_json_for_programs(gateway: Served) -> None:
    """Who answers, and where to ask for what; every door is there."""
    answer = gateway.get("/")

    assert (answer.status, answer.headers["content-type"]) == (200, JSON)
    assert answer.json["administration"] == "NDEA.LT"
    assert {"/docs", "/openapi.json", "/health", "/v1/administration", "/ndea?wsdl"} <= answer.json["doors"].keys()
    for door in answer.json["doors"]:
        assert gateway.get(door).status == (405 if door == "/v1/messages" else 200), door


def test_index_is_a_page_for_browsers(gateway: Served) -> None:
    """The same doors as links, and nothing that would be loaded."""
    answer = gateway.get("/", Accept=BROWSER)
    asked = asked_by(answer.body)

    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["vary"] == "Accept"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert asked.addresses == list(gateway.get("/").json["doors"])
    assert asked.inline == 0


@pytest.mark.parametrize("accept", ["*/*", "application/json", "text/plain", "text/html;q=0.1, application/json"])
def test_index_is_json_unless_html_is_liked_better(gateway: Served, accept: str) -> None:
    """Programs, curl among them, say nothing of HTML."""
    assert gateway.get("/", Accept=accept).headers["content-type"] == JSON


def test_description_comes_from_the_gateway_alone(gateway: Served) -> None:
    """Every link and script of /docs is served here, is what its name says, and the browser may load nothing else."""
    page = gateway.get("/docs", Accept=BROWSER)
    asked = asked_by(page.body)
    policy = page.headers["content-security-policy"]

    assert (page.status, asked.inline) == (200, 0)
    assert len(asked.addresses) == 4
    for address in asked.addresses:
        assert not re.match(r"[a-z]+:|//|/", address), address
        answer = gateway.get(f"/{address}")
        kind = {"js": "text/javascript", "css": "text/css", "png": "image/png"}[address.rpartition(".")[2]]
        assert (answer.status, answer.headers["content-type"].partition(";")[0]) == (200, kind)
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.body
    assert "script-src 'self';" in policy
    assert "connect-src 'self';" in policy
    assert not re.search(r"https?:|\*", policy)


def test_description_starts_with_the_document_of_the_gateway(gateway: Served) -> None:
    """The script that starts it names our document, and no address of a validator elsewhere."""
    start = gateway.get("/docs/start.js").body.decode()
    bundle = gateway.get("/docs/swagger-ui-bundle.js").body.decode()

    assert 'url: "openapi.json"' in start
    assert "validatorUrl: null" in start
    assert "SwaggerUIBundle" in bundle
    assert gateway.get("/redoc").status == 404
