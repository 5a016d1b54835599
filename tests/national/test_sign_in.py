"""The whole round of signing in at a gateway: away to a provider, back, and in; by a browser that keeps cookies."""

import json
import webbrowser
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from http.cookiejar import CookieJar
from threading import Thread
from time import sleep
from typing import Any

import pytest
import typer
from selenium.webdriver.common.by import By

from esad_gateway.cli.common.signing_in import sign_in
from esad_gateway.client.loopback import LoopbackListener
from esad_gateway.errors import PeerError
from esad_gateway.faults import said
from esad_gateway.signin.proofs import challenge_of, new_secret
from esad_gateway.signin.refused import SignInRefused
from esad_gateway.texts import languages, say
from helpers.browser import DRIVER, PROGRAM, browser
from helpers.gateway import CONSIGNOR, HandClock, copy_of_box
from helpers.own_provider import CLIENT, OwnProvider, own_provider
from helpers.people import ENTITY, PERSON
from helpers.programs import require
from helpers.served import JSON, Answer, Served, served
from helpers.staff import Staff, staff_of
from helpers.visitor import Page, Visitor

HOST = "gateway.example"
HOME = f"http://{HOST}"
"""Where the gateway says that it is: a test carries on from there by hand, and a browser is led there."""

SIGN_IN, ONE = "/v1/national/sign-in", "/v1/national/sign-in/one"
RESIDENT = {"personal_code": PERSON, "resident": True, "entity": ENTITY}


@dataclass(frozen=True)
class Round:
    """A gateway, a provider at which its people sign in, and persons with roles."""

    gateway: Served
    provider: OwnProvider
    staff: Staff

    def back(self, visitor: Visitor, query: str = "") -> str:
        """Go to the provider, sign in, and be sent back: what the gateway is asked for then."""
        found = visitor.go(f"{self.gateway.url}{ONE}{query}")
        assert found.status == 302, found.body
        return found.headers["location"].removeprefix(HOME)

    def signed_in(self, visitor: Visitor | None = None) -> Page:
        """The whole round."""
        visitor = visitor or Visitor(HOME)
        return visitor.go(self.gateway.url + self.back(visitor))

    def kept(self) -> tuple[int, int]:
        """How many attempts and tokens of persons the store has."""
        station = self.gateway.station
        return len(station.rows("sign_in_step")), len(station.rows("person_token"))

    def post(self, path: str, body: Any = None, token: str = "") -> Answer:
        """Ask for a change."""
        headers = {"Content-Type": JSON, **({"Authorization": f"Bearer {token}"} if token else {})}
        return self.gateway.ask("POST", path, json.dumps(body or {}).encode(), headers)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Round]:
    """One gateway for all of them; who signs in has a role already, but for the person of a test."""
    box = copy_of_box(tmp_path_factory.mktemp("box"))
    clock = HandClock()
    with own_provider(lambda: int(clock.at.timestamp())) as provider:
        one = f'{{ issuer = "{provider.issuer}", client_id = "{CLIENT}", means = "mano_vmi", answer_seconds = 1 }}'
        two = f'{{ issuer = "{provider.issuer}", client_id = "{CLIENT}", means = "vmi" }}'
        box.set("LT", public_url=f'"{HOME}"', sign_in=f"{{ one = {one}, two = {two} }}")
        with served(box, clock=clock) as gateway:
            staff = staff_of(gateway)
            staff.granted("certified_consignor", CONSIGNOR)
            staff.arrived()
            yield Round(gateway, provider, staff)
            assert gateway.station.checked().problems == ()


@pytest.fixture
def lt(whole: Round) -> Round:
    """The same, with a provider that does nothing otherwise, and nobody on the way."""
    provider = whole.provider
    provider.person, provider.claims, provider.header, provider.told_later = dict(RESIDENT), {}, {}, {}
    provider.otherwise.clear()
    return whole


def kind_of(page: Page) -> tuple[int, str]:
    """The status and the kind of a problem, which is told in every language."""
    told = page.json
    assert set(told["details"]) == set(languages())
    return page.status, told["type"].removeprefix("/problems/")


def test_providers_are_listed(lt: Round) -> None:
    """ACC-4 to ACC-6: each with its means; nobody needs a token to see where to sign in."""
    found = lt.gateway.get(SIGN_IN).json["providers"]

    assert [(one["name"], one["means"], one["address"]) for one in found] == [
        ("one", "mano_vmi", ONE),
        ("two", "vmi", f"{SIGN_IN}/two"),
    ]


def test_whole_round_gives_a_token_that_opens_what_the_roles_open(lt: Round) -> None:
    """ACC-1, ACC-5: signed in is who has a role; signing out ends it, and nothing of the attempt is left."""
    before = lt.kept()
    page = lt.signed_in()

    assert page.status == 200, page.body
    assert page.headers["cache-control"] == "no-store"
    assert (page.json["person"], page.json["entity"]) == (PERSON, ENTITY)
    token = page.json["token"]
    assert lt.gateway.get(f"/v1/traders/{CONSIGNOR}/messages", token).status == 200
    assert lt.post("/v1/national/sign-out", token=token).json == {"signed_out": True}
    assert lt.gateway.get(f"/v1/traders/{CONSIGNOR}/messages", token).status == 401
    assert lt.post("/v1/national/sign-out", token=token).status == 401
    assert lt.kept()[0] == before[0]


def test_cookie_is_for_this_alone(lt: Round) -> None:
    """Scripts do not see it, other sites do not send it, and it goes to no other address."""
    sent = lt.gateway.get(ONE).headers["set-cookie"]

    assert all(word in sent for word in ("HttpOnly", f"Path={ONE}", "SameSite=lax", "Max-Age=600"))


def test_person_whom_ais_does_not_know_is_told_err_1(lt: Round) -> None:
    """ACC-1, ERR-1: signing in went well, and the law says no: in its exact words, with nothing kept."""
    lt.provider.person = {**RESIDENT, "personal_code": "38001019999"}

    before = lt.kept()
    page = lt.signed_in()

    assert page.status == 403
    assert page.json["faults"][0]["code"] == "ERR-1"
    assert lt.kept() == before


def test_non_resident_signs_in_by_the_means_of_vmi(lt: Round) -> None:
    """ACC-6: under the user name that VMI has issued; who has none there is the provider's to mend."""
    lt.staff.granted("certified_consignor", CONSIGNOR, person="visitor-1")
    lt.staff.arrived()
    lt.provider.person = {"preferred_username": "visitor-1", "entity": ENTITY}
    visitor = Visitor(HOME)
    back = visitor.go(f"{lt.gateway.url}{SIGN_IN}/two").headers["location"].removeprefix(HOME)

    assert visitor.go(lt.gateway.url + back).json["person"] == "visitor-1"


def test_attempt_counts_once(lt: Round) -> None:
    """Whoever shows the address again, with the same cookies, is not signed in again."""
    visitor = Visitor(HOME)
    back = lt.back(visitor)
    kept = CookieJar()
    for cookie in visitor.cookies:
        kept.set_cookie(cookie)

    first = visitor.go(lt.gateway.url + back)
    again = Visitor(HOME, kept).go(lt.gateway.url + back)

    assert first.status == 200
    assert kind_of(again) == (403, "sign-in-refused")
    assert lt.post("/v1/national/sign-out", token=first.json["token"]).status == 200


def test_of_two_at_once_one_is_signed_in(lt: Round) -> None:
    """The attempt is taken in one step."""
    visitor = Visitor(HOME)
    back = lt.back(visitor)
    with ThreadPoolExecutor(4) as at_once:
        found = [*at_once.map(lambda _: visitor.go(lt.gateway.url + back).status, range(4))]

    assert sorted(found) == [200, 403, 403, 403]


def test_attempt_belongs_to_the_browser_that_began_it(lt: Round) -> None:
    """Who sends somebody else back with an own attempt gets nobody signed in, and the attempt is used up."""
    mine, victim = Visitor(HOME), Visitor(HOME)
    back = lt.back(mine)

    assert kind_of(victim.go(lt.gateway.url + back)) == (403, "sign-in-refused")
    assert kind_of(mine.go(lt.gateway.url + back)) == (403, "sign-in-refused")


def test_attempt_ends_after_ten_minutes(lt: Round) -> None:
    """Not a moment later; and a clock that steps back does not bring it back."""
    clock = lt.gateway.station.clock
    visitor = Visitor(HOME)
    back, began = lt.back(visitor), clock.at
    try:
        clock.at = began + timedelta(minutes=10)
        assert kind_of(visitor.go(lt.gateway.url + back)) == (403, "sign-in-refused")
        clock.at = began
        assert kind_of(visitor.go(lt.gateway.url + back)) == (403, "sign-in-refused")
    finally:
        clock.at = began


def test_attempt_counts_at_its_own_provider(lt: Round) -> None:
    """One that was begun at another provider is none here; and who answers has to be that one (RFC 9207)."""
    visitor = Visitor(HOME)
    other = lt.back(visitor).replace("/one/", "/two/")
    assert kind_of(visitor.go(lt.gateway.url + other)) == (403, "sign-in-refused")

    mixed_up = lt.back(visitor).partition("&iss=")[0] + "&iss=http://127.0.0.1:1"
    assert kind_of(visitor.go(lt.gateway.url + mixed_up)) == (403, "sign-in-refused")


@pytest.mark.parametrize(
    ("error", "answered"),
    [
        ("access_denied", (403, "sign-in-refused")),
        ("server_error", (502, "provider-failed")),
        ("<script>", (403, "sign-in-refused")),
    ],
)
def test_word_of_the_provider_that_nobody_signed_in_is_told(lt: Round, error: str, answered: tuple[int, str]) -> None:
    """Whoever is to blame for it, with a reference under which the log has it."""
    visitor = Visitor(HOME)
    state = lt.back(visitor).partition("state=")[2].partition("&")[0]

    page = visitor.go(f"{lt.gateway.url}{ONE}/return?state={state}&error={error}")

    assert kind_of(page) == answered
    assert len(page.json["reference"]) == 8
    assert page.headers["content-type"].startswith("application/problem+json")


def test_provider_at_fault_is_told_by_502_and_504(lt: Round) -> None:
    """A token of another issuer, one that has ended, and a provider that is slow: nobody is signed in."""
    before = lt.kept()
    lt.provider.claims = {"iss": "http://127.0.0.1:1"}
    assert kind_of(lt.signed_in()) == (502, "provider-failed")
    lt.provider.claims = {"exp": 1}
    assert kind_of(lt.signed_in()) == (502, "provider-failed")
    lt.provider.claims = {}
    lt.provider.otherwise["/token"] = lambda _: sleep(1.2)
    assert kind_of(lt.signed_in()) == (504, "provider-slow")
    assert lt.kept() == before


def test_unknown_provider_is_not_there(lt: Round) -> None:
    """At both addresses; those that there are are named."""
    for path in ("/v1/national/sign-in/three", "/v1/national/sign-in/three/return?state=x"):
        page = Visitor().go(lt.gateway.url + path)
        assert kind_of(page) == (404, "not-found")
        assert "one, two" in page.json["detail"]


@pytest.mark.parametrize(
    "query",
    ["?port=80", "?port=4000", f"?challenge={'c' * 43}", "?port=4000&challenge=c", "?colour=red", "?state=a/b"],
)
def test_what_a_program_asks_for_is_looked_at(lt: Round, query: str) -> None:
    """A port that only programs of users have, and the challenge with it."""
    assert kind_of(Visitor().go(lt.gateway.url + ONE + query)) == (422, "invalid-parameter")


def test_program_fetches_its_session_once(lt: Round) -> None:
    """RFC 8252: the browser brings a code to the program, which is worth nothing without its secret."""
    verifier, listener = new_secret(), LoopbackListener()
    query = f"?port={listener.port}&state={listener.state}&challenge={challenge_of(verifier)}"
    visitor = Visitor(HOME)
    with ThreadPoolExecutor(1) as waiting:
        told = waiting.submit(listener.wait, 30)
        strangers = Visitor().go(f"http://127.0.0.1:{listener.port}/?state=another&code=x")
        page = visitor.go(lt.gateway.url + lt.back(visitor, query))
        code = (told.result() or {})["code"]

    assert strangers.status == 404
    assert say(said("sign_in.page.done"), "lt") in page.body.decode()
    session = lt.post("/v1/national/session", {"code": code, "verifier": verifier})
    assert (session.status, session.json["person"]) == (200, PERSON)
    again = lt.post("/v1/national/session", {"code": code, "verifier": verifier})
    assert (again.status, again.json["type"]) == (403, "/problems/sign-in-refused")


def test_code_of_a_program_is_worth_nothing_without_its_secret(lt: Round) -> None:
    """Whoever reads the code on its way has one try, and then it is gone; an attempt is no code either."""
    listener, visitor = LoopbackListener(), Visitor(HOME)
    query = f"?port={listener.port}&state=s&challenge={challenge_of(new_secret())}"
    back = lt.back(visitor, query)
    state = back.partition("state=")[2].partition("&")[0]
    with ThreadPoolExecutor(1) as waiting:
        waiting.submit(listener.wait, 0.1).result()

    for code in (state, "x"):
        answer = lt.post("/v1/national/session", {"code": code, "verifier": new_secret()})
        assert (answer.status, answer.json["type"]) == (403, "/problems/sign-in-refused")
    assert lt.post("/v1/national/session", {"code": "x", "verifier": "short"}).status == 422


def test_code_of_a_program_is_no_attempt(lt: Round) -> None:
    """Shown as the state of one it finds nothing, and is still there for the program."""
    verifier, listener = new_secret(), LoopbackListener()
    query = f"?port={listener.port}&state={listener.state}&challenge={challenge_of(verifier)}"
    visitor = Visitor(HOME)
    with ThreadPoolExecutor(1) as waiting:
        told = waiting.submit(listener.wait, 30)
        visitor.go(lt.gateway.url + lt.back(visitor, query))
        code = (told.result() or {})["code"]

    shown = lt.gateway.get(f"{ONE}/return?state={code}&code=x")

    assert (shown.status, shown.json["type"]) == (403, "/problems/sign-in-refused")
    assert lt.post("/v1/national/session", {"code": code, "verifier": verifier}).status == 200


class Browser(webbrowser.BaseBrowser):
    """Opens an address as the browser of this machine does: beside whoever asks for it."""

    def __init__(self, lt: Round) -> None:
        super().__init__("visitor")
        self.lt = lt

    def open(self, url: str, new: int = 0, autoraise: bool = True) -> bool:  # noqa: FBT001, FBT002 - as it is there
        """Go the whole round."""
        del new, autoraise
        Thread(target=self._round, args=(url.removeprefix(self.lt.gateway.url + ONE),)).start()
        return True

    def _round(self, query: str) -> None:
        visitor = Visitor(HOME)
        visitor.go(self.lt.gateway.url + self.lt.back(visitor, query))


def test_command_signs_in(lt: Round, capsys: pytest.CaptureFixture[str]) -> None:
    """``esad person sign-in`` prints the token and nothing else, and what it says of itself besides."""
    webbrowser.register("visitor", None, Browser(lt), preferred=True)

    sign_in(provider="one", url=lt.gateway.url, wait=30)

    printed = capsys.readouterr()
    assert lt.post("/v1/national/sign-out", token=printed.out.strip()).status == 200
    assert f"sign in at {lt.gateway.url}{ONE}?port=" in printed.err
    assert f"signed in as {PERSON}" in printed.err


def test_command_tells_why_nobody_was_signed_in(lt: Round, capsys: pytest.CaptureFixture[str]) -> None:
    """What the provider did wrong, with its reference; and what the law says, with every fault."""
    webbrowser.register("visitor", None, Browser(lt), preferred=True)
    lt.provider.claims = {"exp": 1}
    with pytest.raises(SignInRefused, match=r"no answer that can be used; reference [0-9a-f]{8}"):
        sign_in(provider="one", url=lt.gateway.url, wait=30)

    lt.provider.claims, lt.provider.person = {}, {**RESIDENT, "personal_code": "38001019999"}
    with pytest.raises(typer.Exit):
        sign_in(provider="one", url=lt.gateway.url, wait=30, as_json=True)
    assert json.loads(capsys.readouterr().out)["faults"][0]["code"] == "ERR-1"
    with pytest.raises(typer.Exit):
        sign_in(provider="one", url=lt.gateway.url, wait=30)
    assert "the AIS role manager of the entity 100000001 grants roles" in capsys.readouterr().err


def test_browser_of_people_goes_the_whole_round(lt: Round) -> None:
    """Chromium sends the cookie when it comes back from another site, and shows the session."""
    require(PROGRAM)
    require(DRIVER)
    with browser(f"{HOST}:80 127.0.0.1:{lt.gateway.port}") as chrome:
        chrome.get(HOME + ONE)
        shown = json.loads(chrome.find_element(By.TAG_NAME, "pre").text)
        left = [one["name"] for one in chrome.get_cookies()]

    assert (shown["person"], left) == (PERSON, [])
    assert lt.post("/v1/national/sign-out", token=shown["token"]).status == 200


def test_command_does_not_wait_for_ever(lt: Round) -> None:
    """Where no browser comes back it says so."""
    with pytest.raises(PeerError, match="nobody has come back from signing in within 0"):
        sign_in(provider="one", url=lt.gateway.url, wait=0, browser=False)
