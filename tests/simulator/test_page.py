"""The simulator's page as it comes over HTTP: what it says, how large it is, and whom it does not obey."""

import json
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from esad_gateway.letters import writable
from esad_gateway.ports.reading import Listed
from esad_gateway.simulator.making.maker import Maker, Wanted
from esad_gateway.simulator.served.page.difference import Differing, differences
from esad_gateway.simulator.served.page.elements import document, element
from esad_gateway.simulator.served.page.frame import PageRequest
from esad_gateway.simulator.served.page.letter import LONGEST, shortened
from esad_gateway.simulator.served.page.reading import FiledLetter
from esad_gateway.simulator.served.page.sequence import arrows, in_order
from esad_gateway.simulator.served.page.words import LetterValue, called, values
from esad_gateway.simulator.served.server import EmcsServer
from esad_gateway.simulator.world.emcs import BEGINS, Emcs
from esad_gateway.xml.release import current
from helpers.gateway import PATIENCE

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "Accept-Language": "en"}


@pytest.fixture
def server() -> Iterator[EmcsServer]:
    """Member states that are served, and have no traders yet."""
    with Emcs(seed=7) as emcs, EmcsServer(emcs) as found:
        yield found


class Answer:
    """What came: status, fields of the head, and the body as a text."""

    def __init__(self, server: EmcsServer, path: str, form: dict[str, str] | None = None, **more: str) -> None:
        fields = {**BROWSER, **{name.replace("_", "-"): value for name, value in more.items()}}
        body = None if form is None else urlencode(form)
        with closing(HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)) as connection:
            connection.request("GET" if form is None else "POST", path, body, fields)
            answer = connection.getresponse()
            self.status, self.text = answer.status, answer.read().decode()
            self.head = {name.lower(): value for name, value in answer.getheaders()}

    @property
    def page(self) -> html.HtmlElement:
        """The body as a tree."""
        return html.fromstring(self.text.encode())


def test_browsers_are_shown_what_programs_read(server: EmcsServer) -> None:
    """Who asks for nothing special gets JSON as ever; who likes HTML gets the page, without any script."""
    assert json.loads(Answer(server, "/sim", Accept="*/*").text)["seed"] == 7
    assert json.loads(Answer(server, "/sim", Accept="application/json").text)["seed"] == 7
    by_java = "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"  # of a HttpURLConnection that was told nothing
    assert json.loads(Answer(server, "/sim", Accept=by_java).text)["seed"] == 7
    shown = Answer(server, "/sim")
    assert (shown.status, shown.head["content-type"]) == (200, "text/html; charset=utf-8")
    policy = shown.head["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self';")
    assert "script" not in policy + shown.text
    assert Answer(server, "/sim/page.css").head["content-type"].startswith("text/css")
    assert Answer(server, "/lt/health").status == 200


def test_page_is_in_the_language_of_its_reader(server: EmcsServer) -> None:
    """By the browser's wish, or by the choice on the page, which is kept."""
    assert Answer(server, "/sim").page.get("lang") == "en"
    assert Answer(server, "/sim", Accept_Language="de, lt;q=0.8").page.get("lang") == "lt"
    chosen = Answer(server, "/sim?language=lt")
    assert "Gabenimai" in chosen.text
    kept = Answer(server, "/sim", Cookie=chosen.head["set-cookie"].partition(";")[0])
    assert kept.page.get("lang") == "lt"
    assert Answer(server, "/sim?language=xx").page.get("lang") == "en"


def test_buttons_move_the_clock(server: EmcsServer) -> None:
    """Each form is an order to the clock; the answer leads back to the page, which a reload does not order again."""
    server.emcs.state("LT")
    orders: tuple[tuple[dict[str, str], timedelta], ...] = (
        ({"advance": "12 hours"}, timedelta(hours=12)),
        ({"number": "1.5", "unit": "days"}, timedelta(days=2)),
        ({"to": "2026-03-09T10:00:00"}, timedelta(days=7)),
        ({"to": "2026-03-10T10:00"}, timedelta(days=8)),
    )
    for form, later in orders:
        moved = Answer(server, "/sim/clock/order", {"back": "/sim/movements/x", **form})
        assert (moved.status, moved.head["location"]) == (303, "/sim/movements/x")
        assert server.emcs.clock.now == BEGINS + later
    assert Answer(server, "/sim/clock/order", {"rate": "60"}).status == 303
    assert server.emcs.world.clock.rate == 60
    assert "60 times as fast" in Answer(server, "/sim").text
    assert Answer(server, "/sim/clock/order", {"rate": "60", "freeze": "yes"}).status == 303
    assert server.emcs.world.clock.rate == 0


def test_button_of_a_movement_leads_behind_its_journey(server: EmcsServer) -> None:
    """The moment is told in words, as programs tell it; the reminder is there then."""
    movement = server.emcs.consignor("LT").dispatch(server.emcs.consignee("PL"), journey_days=5)
    page = Answer(server, f"/sim/movements/{movement.arc}").page
    (button,) = page.xpath("//button[@name='moment']")
    fields = {one.get("name"): one.get("value") for one in button.getparent().iter("input", "button")}
    assert Answer(server, "/sim/clock/order", fields).head["location"] == f"/sim/movements/{movement.arc}"
    assert server.emcs.clock.now >= BEGINS + timedelta(days=6)
    assert "IE802" in Answer(server, f"/sim/movements/{movement.arc}").text


@pytest.mark.parametrize(
    "form",
    [
        {"to": "2026-03-01T10:00:00"},
        {"to": ""},
        {"number": "-1", "unit": "days"},
        {"number": "soon", "unit": "days"},
        {"number": "1", "unit": "moons"},
        {"advance": "nan days"},
        {"rate": "1e999"},
        {},
        {str(number): "" for number in range(99)},
        {"number": "9" * 5000, "unit": "days"},
    ],
)
def test_order_that_cannot_be_is_a_page(server: EmcsServer, form: dict[str, str]) -> None:
    """It says what was expected, as the clock says it; nothing is moved."""
    refused = Answer(server, "/sim/clock/order", form)
    assert refused.status in {400, 413}
    assert len(refused.page.xpath("//p[@role='alert']")) == 1
    assert server.emcs.clock.now == BEGINS


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example", "/sim\r\nX: y", "/pl/ndea"])
def test_way_back_leads_nowhere_else(server: EmcsServer, back: str) -> None:
    """Whatever a form says, it is a page of the simulator that comes next."""
    assert Answer(server, "/sim/clock/order", {"advance": "0 days", "back": back}).head["location"] == "/sim"


@pytest.mark.parametrize(
    "fields",
    [
        {"Origin": "http://elsewhere.example"},
        {"Origin": "null"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Host": "elsewhere.example", "Origin": "http://elsewhere.example"},
    ],
)
def test_order_of_another_page_is_refused(server: EmcsServer, fields: dict[str, str]) -> None:
    """As a form and as JSON, by whatever name it comes; programs, which say nothing of the kind, are obeyed."""
    for path in ("/sim/clock/order", "/sim/clock", "/sim/traders"):
        refused = Answer(server, path, {"advance": "1 days"}, **fields)
        assert refused.status == 403
    assert server.emcs.clock.now == BEGINS
    assert server.emcs.traders == {}
    own = {"Origin": f"http://127.0.0.1:{server.port}", "Sec_Fetch_Site": "same-origin"}
    assert Answer(server, "/sim/clock/order", {"advance": "1 days"}, **own).status == 303


@pytest.mark.parametrize(
    ("host", "status"),
    [
        *((host, 200) for host in ("127.0.0.1:8470", "localhost", "[::1]:8470", "sim:8470", "host.docker.internal")),
        *((host, 403) for host in ("elsewhere.example", "127.0.0.1.elsewhere.example", "localhost.")),
    ],
)
def test_name_of_somebody_else_is_not_answered(server: EmcsServer, host: str, status: int) -> None:
    """A name that others own may be led to this machine by them, with their pages behind it."""
    assert Answer(server, "/sim", Host=host).status == status


def test_movement_is_found_by_its_names(server: EmcsServer) -> None:
    """By ARC or LRN in the address, by a trader or a state in the search; JSON is there as well."""
    emcs = server.emcs
    vilnius = emcs.consignor("LT")
    movement, other = vilnius.dispatch(emcs.consignee("PL")), vilnius.dispatch(emcs.consignee("DE"))
    known = movement.known
    assert known is not None
    led = Answer(server, f"/sim/movements/{known.lrn}")
    assert (led.status, led.head["location"]) == (303, f"/sim/movements/{movement.arc}")
    assert json.loads(Answer(server, f"/sim/movements/{movement.arc}", Accept="*/*").text)["arc"] == movement.arc
    for name, found in ((movement.consignee.seed, [movement]), ("DE", [other]), (movement.arc, [movement]), ("x", [])):
        text = Answer(server, f"/sim?find={quote(name)}").text
        shown = set(re.findall(r"/sim/movements/(\w{21})", text))
        assert shown == {one.arc for one in found}


def test_refused_draft_is_found_by_its_lrn(server: EmcsServer) -> None:
    """It never became a movement; what was answered stands beside it."""
    emcs = server.emcs
    vilnius, warsaw = emcs.consignor("LT"), emcs.consignee("PL")
    draft = vilnius.draft(warsaw)
    line = replace(draft.body_ead_esad[0], excise_product_code="T400")
    assert vilnius.submit(replace(draft, body_ead_esad=(line,))).outcome == "refused"
    shown = Answer(server, f"/sim/movements/{draft.ead_esad_draft.local_reference_number}")
    assert shown.status == 200
    assert re.findall(r">(IE\d+)(?: \(refused\))?<", shown.text)[:2] == ["IE815", "IE704"]
    assert "IE704" in Answer(server, "/sim").text


def test_day_without_work_is_marked(server: EmcsServer) -> None:
    """By the calendar of each state: a Saturday everywhere, and the day of Lithuania's independence there alone."""
    emcs = server.emcs
    movement = emcs.consignor("LT").dispatch(emcs.consignee("PL"))
    path = f"/sim/movements/{movement.arc}"
    assert "no working day" not in Answer(server, path).text
    emcs.clock.advance(days=5)
    movement.consignee.alert(movement)
    assert "no working day in LT, PL<" in Answer(server, path).text
    emcs.clock.advance(days=4)
    movement.consignee.accept(movement)
    assert "no working day in LT<" in Answer(server, path).text


@pytest.mark.parametrize(
    "path",
    [
        *(f"/sim/messages/{name}" for name in ("LT/x/1", "ZZ/x/1", "LT/x/1/raw", f"LT/x/{10**30}")),
        *(f"/sim/injected/{name}" for name in ("nothing", "%E2%80%AE")),
        *(f"/sim/movements/{name}" for name in ("x", "a/b", "%00%3Cb%3E")),
    ],
)
def test_what_there_is_not_is_said(server: EmcsServer, path: str) -> None:
    """A page or a problem says so; nothing is broken by a strange name."""
    server.emcs.state("LT")
    assert Answer(server, path).status == 404
    assert Answer(server, path, Accept="application/json").status == 404


def test_states_tell_how_they_are(server: EmcsServer) -> None:
    """Open or not, with counts; a fault is named and leads to what it is."""
    emcs = server.emcs
    emcs.faults.inject("server-fault", "PL")
    assert "waiting for their moment: server-fault (PL)" in Answer(server, "/sim").text
    emcs.consignor("LT").dispatch(emcs.consignee("PL", will="accept"))
    emcs.clock.advance(days=1)
    page = Answer(server, "/sim").page
    assert "waiting for their moment" not in page.text_content()
    assert "--emcs-seed 7" in page.text_content()
    rows = {row[0].text: [cell.text_content() for cell in row] for row in page.iter("tr") if len(row) == 6}
    assert rows["LT"][1:4] == ["open", rows["LT"][2], "1"]
    assert rows["AT"][1:] == ["not opened yet", "", "", "", ""]
    assert Answer(server, page.xpath("//a[text()='open']/@href")[0]).status == 200
    (struck,) = page.xpath("//a[text()='server-fault']/@href")
    assert "What a good counterpart does" in Answer(server, struck).text


def test_page_of_many_movements_is_small(server: EmcsServer) -> None:
    """Lists are cut into pages, so a page does not grow with what has happened."""
    emcs = server.emcs
    vilnius, warsaw = emcs.consignor("LT"), emcs.consignee("PL")
    for _ in range(60):
        vilnius.dispatch(warsaw)
    first, last = Answer(server, "/sim"), Answer(server, "/sim?movements=3")
    assert [len(set(re.findall(r"/sim/movements/(\w{21})", one.text))) for one in (first, last)] == [25, 10]
    assert len(first.text) < 40_000
    assert Answer(server, "/sim?movements=999").text.count("/sim/movements/") == 10
    for strange in ("-1", "0", "x", "9" * 30, "%00"):
        assert Answer(server, f"/sim?movements={strange}").status == 200


def test_large_message_is_cut_into_pages(server: EmcsServer) -> None:
    """A message of 999 lines is read page by page, and its bytes are there whole."""
    emcs = server.emcs
    vilnius, warsaw = emcs.consignor("LT"), emcs.consignee("PL")
    draft = vilnius.draft(warsaw)
    line = draft.body_ead_esad[0]
    lines = tuple(replace(line, body_record_unique_reference=number) for number in range(1, 1000))
    receipt = vilnius.submit(replace(draft, body_ead_esad=lines))
    assert receipt.outcome == "accepted"
    path = f"/sim/messages/LT/{vilnius.seed}/{receipt.seq}"
    shown = Answer(server, path)
    assert len(shown.text) < 300_000
    assert "the first part is shown here" in shown.text
    assert "Body record reference" in Answer(server, f"{path}?values=3").text
    raw = Answer(server, f"{path}/raw")
    assert raw.head["content-type"].startswith("text/plain")
    assert raw.text.count("<BodyRecordUniqueReference>") == 999 or raw.text.count("BodyRecordUniqueReference>") == 1998


def test_long_value_is_shortened() -> None:
    """A file that is attached as a value does not become a page of its size; anything else stands whole."""
    asked = PageRequest("en", "/sim", {})
    assert shortened(asked, "x" * LONGEST) == "x" * LONGEST
    assert shortened(asked, "x" * 1_000_000) == f"{'x' * LONGEST}… (1000000 characters)"


def test_version_is_compared_with_the_one_before(server: EmcsServer) -> None:
    """What the administration added to a draft, what a change has changed, and that both sides have the same bytes."""
    emcs = server.emcs
    vilnius, warsaw = emcs.consignor("LT"), emcs.consignee("PL", will="refuse")
    movement = vilnius.dispatch(warsaw)
    issued = Answer(server, f"/sim/messages/LT/{vilnius.seed}/2")
    assert "IE801 version 1" in issued.text
    assert "compared" in issued.text
    assert f"<ins>{movement.arc}</ins>" in issued.text
    there = Answer(server, f"/sim/messages/PL/{warsaw.seed}/1?with=LT/{vilnius.seed}/2")
    assert "The same bytes." in there.text
    for place in ("PL-ONE-PLACE", "PL-OTHER-PLACE"):
        vilnius.send_to_other_place(movement, place)
    *_, last = emcs.state("LT").entries(vilnius.seed)
    changed = Answer(server, f"/sim/messages/LT/{vilnius.seed}/{last.seq}")
    assert "IE813 version 3" in changed.text
    assert "compared with IE813 version 2" in changed.text
    told = re.findall(r"<(ins|del)>(PL-\w+-PLACE)<", changed.text)
    assert told == [("del", "PL-ONE-PLACE"), ("ins", "PL-OTHER-PLACE")]


def letter(home: str, mailbox: str, seq: int, way: str, kind: str, *, minute: int = 0) -> FiledLetter:
    """A message in a mailbox; those of a type are one message."""
    at = BEGINS.astimezone(UTC) + timedelta(minutes=minute)
    entry = Listed(
        mailbox=mailbox,
        seq=seq,
        direction=way,
        type=kind,
        identifier=kind,
        correlation=None,
        arc=None,
        sequence=1,
        outcome="accepted",
        document=b"",
        recorded_at=at.isoformat(timespec="microseconds"),
        acknowledged_at=None,
    )
    return FiledLetter(home, entry)


ISSUED = (
    letter("PL", "PL1", 1, "out", "IE801"),
    letter("PL", "NDEA.LT", 1, "in", "IE801"),
    letter("LT", "LT1", 1, "in", "IE815"),
    letter("LT", "NDEA.PL", 1, "out", "IE801"),
    letter("LT", "LT1", 2, "out", "IE801"),
)


@given(st.permutations(ISSUED))
def test_no_message_is_anywhere_before_it_was_sent(filed: list[FiledLetter]) -> None:
    """All at one moment, in whatever order it is read: draft, e-SAD at dispatch, between, at destination."""
    went = [(one.sender, one.receiver) for one in arrows(in_order(filed), {"LT", "PL"})]
    assert went == [("LT1", "LT"), ("LT", "LT1"), ("LT", "PL"), ("PL", "PL1")]


def test_message_that_has_not_come_is_lost() -> None:
    """It was sent, and is nowhere; to an administration that is not looked into it is drawn as it was given."""
    sent = letter("LT", "NDEA.PL", 1, "out", "IE801")
    assert [one.arrived for one in arrows([sent], {"LT", "PL"})] == [None]
    assert [one.arrived for one in arrows([sent], {"LT"})] == [sent]
    late = letter("PL", "NDEA.LT", 1, "in", "IE801", minute=5)
    (arrow,) = arrows(in_order([late, sent]), {"LT", "PL"})
    assert (arrow.arrived, arrow.at) == (late, datetime.fromisoformat(sent.entry.recorded_at))


GIVEN = ("IE704", "IE801", "IE802", "IE803", "IE807", "IE813", "IE815", "IE818", "IE819", "IE837", "IE871", "IE880")
ANSWERS = ("IE881", "IE904", "IE905", "IE906", "IE917")


@pytest.mark.parametrize("message", [*GIVEN, *ANSWERS])
def test_elements_have_words_in_lithuanian(message: str) -> None:
    """Of every element of what traders and offices are given: where there are none, the name of XML would stand."""
    asked = PageRequest("lt", "/sim", {})
    root = current().write(Maker().make(Wanted(message=message)).message)
    steps = {step.partition("[")[0] for one in values(root) for step in one.path[-2:]}

    assert {step for step in steps if called(asked, (step,)) == spaced(step)} == set()


def spaced(step: str) -> str:
    """What an element is called that has no words."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", step.lstrip("@")).capitalize()


def test_difference_names_what_is_new_changed_and_gone() -> None:
    """In the order of the newer message, what is gone at last."""
    before = [LetterValue(("A",), "1"), LetterValue(("B",), "2"), LetterValue(("C",), "3")]
    after = [LetterValue(("A",), "1"), LetterValue(("C",), "4"), LetterValue(("D",), "5")]
    assert list(differences(before, after)) == [
        Differing(("C",), "3", "4"),
        Differing(("D",), None, "5"),
        Differing(("B",), "2", None),
    ]


@given(st.text())
def test_every_text_is_a_text(text: str) -> None:
    """Whatever is put into an element comes out as that text, and as nothing else."""
    made = document(element("p", text, title=text)).partition(b"\n")[2]
    read = html.fragment_fromstring(made.decode())
    assert (len(read), read.text or "", read.get("title")) == (0, writable(text), writable(text))
