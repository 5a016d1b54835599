"""Clients that nobody here wrote submit a document and fetch its IE801, all at once, from one gateway.

What each of them gets wrong by itself is a row of a table in a page, and a test here.
"""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
import zeep
from zeep.exceptions import Fault

from esad_gateway.signing.pki import KeyKind
from helpers.gateway import CONSIGNOR, NOW, HandClock, new_draft
from helpers.served import Served, served
from helpers.soap_clients import Built, Rows, box_of, heard, side_by_side

CLIENTS = ("zeep", "npm soap", "PHP SoapClient", "gSOAP", "SOAP::Lite", "JAX-WS", "curl")
BY_ITSELF = Rows("What each gets wrong by itself")
EXCHANGES = [(name, version) for name in CLIENTS for version in ("1.1", "1.2")]
"""Each client in each version of SOAP."""


@dataclass(frozen=True)
class Live:
    """A gateway, and what clients said of their exchanges with it and of what they do by themselves."""

    gateway: Served
    folder: Path
    said: dict[str, dict[str, str]] = field(default_factory=dict)

    def fetched(self, name: str, version: str) -> bytes:
        """The IE801 that a client has fetched."""
        return self.out(name, version).read_bytes()

    def out(self, name: str, version: str) -> Path:
        """Where a client writes what it fetches."""
        return self.folder / f"{name}-{version}.xml"

    def e_sads(self) -> list[bytes]:
        """What the gateway has in the mailbox."""
        station = self.gateway.station
        return [station.document(CONSIGNOR, one.seq) for one in station.mailbox(CONSIGNOR) if one.type == "IE801"]

    def draft(self, name: str) -> Path:
        """A document that was submitted by nobody yet."""
        path = self.folder / f"draft-{name}.xml"
        path.write_bytes(self.gateway.box.signed(CONSIGNOR, new_draft()))
        return path

    def command(self, built: Built, name: str, version: str) -> tuple[str, ...]:
        """How a client is started for an exchange of its own."""
        draft, out = self.draft(f"{name}-{version}"), self.out(name, version)
        return (*built.client(name), *self.access(), str(draft), str(out), version)

    def access(self) -> tuple[str, str, str]:
        """What a client has to know of a gateway and of its trader."""
        return self.gateway.url, self.gateway.box.traders[CONSIGNOR].token, CONSIGNOR


@pytest.fixture(scope="module")
def live(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """All exchanges, side by side."""
    folder = tmp_path_factory.mktemp("exchanges")
    # Not a whole second: what clients make of a fraction shows.
    clock = HandClock(NOW + timedelta(microseconds=250_000))
    with served(box_of(KeyKind.RSA, folder / "box"), clock=clock) as gateway:
        live = Live(gateway, folder)
        commands = exchanges(built, live) | defaults(built, live)
        live.said.update(side_by_side({name: partial(heard, one, folder) for name, one in commands.items()}))
        yield live


def exchanges(built: Built, live: Live) -> dict[str, tuple[str, ...]]:
    """How each client is started for an exchange of its own."""
    return {f"{name} {version}": live.command(built, name, version) for name, version in EXCHANGES}


def defaults(built: Built, live: Live) -> dict[str, tuple[str, ...]]:
    """How clients are started that show what they do by themselves."""
    names = ("npm soap", "PHP SoapClient", "SOAP::Lite")
    commands = {name: (*built.defaults(name), *live.access(), str(live.draft(name))) for name in names}
    commands["gSOAP"] = (*built.client("gSOAP"), *live.access(), "-", "-", "defaults")
    commands["JAX-WS"] = (*live.command(built, "JAX-WS", "MTOM")[:-1], "1.2", "mtom")
    return commands


@pytest.mark.parametrize(("name", "version"), EXCHANGES)
def test_client_submits_and_fetches_its_e_sad(live: Live, name: str, version: str) -> None:
    """A draft is accepted, known again, and answered with an e-SAD that arrives byte for byte and is acknowledged."""
    said = live.said[f"{name} {version}"]
    fetched = live.fetched(name, version)

    assert (said["outcome"], said["again"]) == ("accepted new", "accepted repeated")
    assert fetched in live.e_sads()
    assert said["acknowledged"].startswith("2026-03-02")


@pytest.mark.parametrize(("name", "version"), EXCHANGES)
def test_client_reads_a_fault(live: Live, name: str, version: str) -> None:
    """Its code, its reason in English, and the problem in its detail."""
    said = live.said[f"{name} {version}"]
    code, _, reason = said["fault"].partition(" ")

    assert reason == f"no message 999999999 in mailbox {CONSIGNOR}"
    assert code.rpartition(":")[2] == ("untold" if name == "JAX-WS" else "Client" if version == "1.1" else "Sender")
    assert said["status"] == "404"


NOT_THERE = f"no message 999999999 in mailbox {CONSIGNOR}"


@BY_ITSELF.row("zeep", "a `str` is sent as it is, without base64")
def test_zeep_wants_bytes(live: Live) -> None:
    """The fault says what is expected."""
    with zeep.Client(f"{live.gateway.url}/soap/gateway?wsdl") as client, pytest.raises(Fault, match="encode its bytes"):
        client.service.SubmitMessage("<IE815/>")


@BY_ITSELF.row("npm soap", "a `Buffer` is written as elements named 0, 1, 2, and an object as elements")
def test_npm_soap_needs_base64(live: Live) -> None:
    """The fault names what has happened and what to write."""
    assert "Buffer" in live.said["npm soap"]["buffer"]
    assert "base64" in live.said["npm soap"]["buffer"]


@BY_ITSELF.row("npm soap", "a `Date` is written as an empty element")
def test_npm_soap_needs_dates_as_text(live: Live) -> None:
    """The fault names the element and says that it is empty."""
    assert live.said["npm soap"]["date"].startswith("dueBefore: is empty")


@BY_ITSELF.row("npm soap", "the reason of a fault of SOAP 1.2 prints as `[object Object]`")
def test_npm_soap_has_the_reason_below_an_object(live: Live) -> None:
    """Its language is an attribute, and so the text is a member of an object."""
    assert live.said["npm soap"]["reason"] == f"[object Object], and {NOT_THERE}"


@BY_ITSELF.row("npm soap", "numbers and moments in answers are text")
def test_npm_soap_leaves_derived_types_as_text(live: Live) -> None:
    """Types that are derived in the schema are not read."""
    assert live.said["npm soap"]["moment"] == live.said["npm soap"]["number"] == "string"


def test_order_and_null_of_npm_soap_are_taken(live: Live) -> None:
    """Members come in the order of the caller's keys, and null as xsi:nil: neither changes anything."""
    assert live.said["npm soap"]["order"] == live.said["npm soap"]["null"] == "nothing"


@BY_ITSELF.row("PHP SoapClient", "a list of one element is that element")
def test_php_makes_no_list_of_one(live: Live) -> None:
    """With the setting it is an array."""
    said = live.said["PHP SoapClient"]
    assert (said["one reply"], said["one reply with the setting"]) == ("stdClass", "array")


@BY_ITSELF.row("PHP SoapClient", "`'false'` is true")
def test_php_sends_the_text_false_as_true(live: Live) -> None:
    """As PHP converts texts."""
    assert live.said["PHP SoapClient"]["unread"] == "true"


@BY_ITSELF.row("PHP SoapClient", "a number beyond 64 bits is sent as 9223372036854775807")
def test_php_cuts_large_numbers(live: Live) -> None:
    """The gateway says what it was asked for."""
    assert live.said["PHP SoapClient"]["number"] == f"no message {2**63 - 1} in mailbox {CONSIGNOR}"


@BY_ITSELF.row("PHP SoapClient", "`base64_encode` encodes a second time")
def test_php_encodes_by_itself(live: Live) -> None:
    """What is encoded twice is told as such."""
    assert live.said["PHP SoapClient"]["encoded"].startswith("the document is in base64; send the document itself")


@BY_ITSELF.row("PHP SoapClient", "`login` and `password` are sent as Basic")
def test_php_has_no_option_for_a_token(live: Live) -> None:
    """The fault names the header."""
    assert "Authorization: Bearer" in live.said["PHP SoapClient"]["login and password"]


@BY_ITSELF.row("gSOAP", "both ports become one class, which speaks SOAP 1.2")
def test_gsoap_speaks_the_newer_version(live: Live) -> None:
    """Until it is told."""
    assert live.said["gSOAP"]["version"] == "1.2"


@BY_ITSELF.row("gSOAP", "`soap->bearer` is forgotten after each call")
def test_gsoap_forgets_the_token(live: Live) -> None:
    """The second call has none."""
    assert "Authorization: Bearer" in live.said["gSOAP"]["second call"]


@BY_ITSELF.row("gSOAP", "moments lose what is below a second")
def test_gsoap_cuts_moments(live: Live) -> None:
    """The gateway has said a quarter of a second more."""
    assert live.gateway.station.mailbox(CONSIGNOR)[0].recorded_at.endswith("10:00:00.250000+00:00")
    assert live.said["gSOAP"]["moment"] == "2026-03-02T10:00:00Z"


@BY_ITSELF.row("SOAP::Lite", "the action is the namespace, `#` and the operation")
def test_soap_lite_joins_the_action_otherwise(live: Live) -> None:
    """The fault names the action that is expected."""
    assert "expected 'urn:esad-gateway:gateway:1/FetchMessage'" in live.said["SOAP::Lite"]["action"]


@BY_ITSELF.row("SOAP::Lite", "a fault is no error: the result is `undef`")
def test_soap_lite_is_silent_about_faults(live: Live) -> None:
    """Whoever does not ask does not know."""
    assert live.said["SOAP::Lite"]["silent"] == "nothing"


@BY_ITSELF.row("SOAP::Lite", "`soapversion` of a client that exists changes the media type alone")
def test_soap_lite_takes_the_version_too_late(live: Live) -> None:
    """Its Envelope is then in no namespace at all, and that is what the fault says."""
    assert live.said["SOAP::Lite"]["late version"].startswith("e:VersionMismatch the envelope's namespace is ''")


@BY_ITSELF.row("SOAP::Lite", "`faultcode` and `faultstring` are empty with SOAP 1.2")
def test_soap_lite_knows_faults_of_the_older_version(live: Live) -> None:
    """What there is stands below ``fault``."""
    assert live.said["SOAP::Lite"]["faultstring in 1.2"] == "nothing"


@BY_ITSELF.row("SOAP::Lite", "a document of ASCII is sent as text, others as base64")
def test_soap_lite_guesses_what_is_binary(live: Live) -> None:
    """The fault says what is expected."""
    assert live.said["SOAP::Lite"]["ASCII"].startswith("the document is not base64; ")


@BY_ITSELF.row("SOAP::Lite", "`false` is a text, and so true; a list of one is that one")
def test_soap_lite_knows_no_types(live: Live) -> None:
    """It does not read the schema."""
    said = live.said["SOAP::Lite"]
    assert (said["repeated"], said["one reply"]) == ("false", "HASH")


@BY_ITSELF.row("JAX-WS", "members of answers are parameters of the methods (`Holder`)")
def test_wsimport_takes_answers_apart(built: Built) -> None:
    """With the binding they are values."""
    assert "Holder<" in (built.folder / "wrapped" / "gw" / "Gateway.java").read_text()
    assert "Holder<" not in (built.folder / "bare" / "gw" / "Gateway.java").read_text()


@BY_ITSELF.row("JAX-WS", "the generated service reads its WSDL from where it was generated")
def test_wsimport_keeps_the_address(built: Built) -> None:
    """A path or an address of the machine that has generated it."""
    assert "gateway.wsdl" in (built.folder / "wrapped" / "gw" / "Gateway_Service.java").read_text()


@BY_ITSELF.row("JAX-WS", "documents are base64 in the envelope: MTOM is off")
def test_jax_ws_speaks_mtom_when_it_is_told(live: Live) -> None:
    """Then documents are parts both ways, and the same bytes arrive."""
    assert live.said["JAX-WS"]["outcome"] == "accepted new"
    assert live.fetched("JAX-WS", "MTOM") in live.e_sads()


@BY_ITSELF.row("curl", "`--data` says that it is a form, and takes line ends out")
def test_curl_says_that_it_sends_a_form(live: Live) -> None:
    """The fault names the media types."""
    command = ("curl", "--silent", "--data", "<a/>", f"{live.gateway.url}/soap/gateway")
    done = subprocess.run(command, capture_output=True, text=True, check=True)

    assert "expected text/xml or application/soap+xml" in done.stdout
    assert "got application/x-www-form-urlencoded" in done.stdout


def test_page_has_a_row_for_each_of_these_tests_and_no_other() -> None:
    """A row without a test is a rumour, and a test without a row helps nobody."""
    assert BY_ITSELF.of_page() == list(BY_ITSELF.tests)
