"""The deadline board of a trader, at the doors of a gateway that listens: JSON, calendars, addresses to follow."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
import vobject

from esad_gateway.ais.board.item import DueKind
from esad_gateway.ais.registration.case import CaseState
from esad_gateway.emcs.registry import Operator, OperatorType, TemporaryAuthorisation
from esad_gateway.ports.national.cases import CaseRow
from esad_gateway.profiles.lithuania.guarantees import GUARANTEES
from esad_gateway.store.database import writing
from esad_gateway.store.national.cases import CaseRecords, case_transaction
from esad_gateway.store.national.due import FEEDS
from esad_gateway.store.national.guarantees import add_guarantee
from esad_gateway.views.due import ACTING
from helpers.gateway import CONSIGNEE, CONSIGNOR, FOREIGN_CONSIGNOR, NOW, HandClock, copy_of_box, new_draft
from helpers.guarantees import deposit
from helpers.registrations import begun
from helpers.served import Answer, Served, serving

DUE = f"/v1/traders/{CONSIGNEE}/due"
TEMPORARY = "LT00000000115"


@pytest.fixture(scope="module")
def clock() -> HandClock:
    """The clock of both states."""
    return HandClock()


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory, clock: HandClock) -> Iterator[Served]:
    """A gateway whose consignee awaits goods from Poland; others have a security that ends, a temporary number."""
    box = copy_of_box(tmp_path_factory.mktemp("box"))
    with box.open("PL", clock) as pl, box.open("LT", clock) as lt:
        pl.take(box.signed(FOREIGN_CONSIGNOR, new_draft(FOREIGN_CONSIGNOR, CONSIGNEE)))
        pl.deliver_to(lt)
    with box.open("LT", clock, http=True) as station, serving(box, station) as running:
        station.runtime.registry.add_operators([(temporary(), {}, None)])
        with writing(station.runtime.store.writer) as connection:
            add_guarantee(connection, deposit(), GUARANTEES, NOW)
        yield running


def temporary() -> Operator:
    """A temporary certified consignee whose number ends in three weeks."""
    return Operator(
        seed=TEMPORARY,
        name="Trader One",
        operator_type=OperatorType.TEMPORARY_CERTIFIED_CONSIGNEE,
        office="LT001000",
        valid_from=NOW.date(),
        valid_to=date(2026, 3, 23),
        products=frozenset({"W200"}),
        temporary=TemporaryAuthorisation(counterparty=FOREIGN_CONSIGNOR),
    )


def token(gateway: Served, seed: str = CONSIGNEE) -> str:
    """A token of a trader."""
    return gateway.station.runtime.registry.issue_token(seed, NOW)


def post(gateway: Served, path: str, seed: str = CONSIGNEE) -> Answer:
    """Ask for a change as a trader."""
    return gateway.ask("POST", path, b"", {"Authorization": f"Bearer {token(gateway, seed)}"})


def test_report_of_receipt_is_due_when_the_journey_is_over(gateway: Served) -> None:
    """Nobody knows of the arrival yet: the end of the journey counts, and says that it is inferred."""
    (found,) = gateway.get(DUE, token(gateway)).json["items"]

    (movement,) = gateway.get(f"/v1/traders/{CONSIGNEE}/movements", token(gateway)).json["movements"]
    assert found["kind"] == "report_of_receipt"
    assert found["about"] == movement["arc"]
    assert found["due"] == movement["due"]["until"][:10]
    assert (found["requirement"], found["mark"], found["overdue"]) == ("RCV-2", "I", False)
    assert found["text"]["lt"] == f"Pranešimas apie prekių gavimą pagal {movement['arc']}"


def test_temporary_number_is_due_until_its_last_day(gateway: Served) -> None:
    """It has not been used, and lapses."""
    (found,) = gateway.get(f"/v1/traders/{TEMPORARY}/due", token(gateway, TEMPORARY)).json["items"]

    assert (found["kind"], found["due"], found["requirement"]) == ("temporary_number", "2026-03-23", "CCE-6")


def test_board_of_another_trader_does_not_exist(gateway: Served) -> None:
    """Nor for somebody without a token."""
    for path in (DUE, f"{DUE}.ics", f"{DUE}/feeds"):
        assert gateway.get(path, token(gateway, CONSIGNOR)).status == 404
        assert gateway.get(path).status == 401
    assert post(gateway, f"{DUE}/feeds", CONSIGNOR).status == 404


@pytest.mark.parametrize(
    ("query", "status", "shown"),
    [
        ("within=1000", 200, 1),
        ("within=0", 200, 0),
        ("after=1", 200, 0),
        ("limit=1", 200, 1),
        ("within=-1", 422, 0),
        ("within=soon", 422, 0),
        ("limit=0", 422, 0),
        ("days=3", 422, 0),
    ],
)
def test_board_is_asked_by_pages_and_days(gateway: Served, query: str, status: int, shown: int) -> None:
    """Only what is near, only so much; anything else is refused by name."""
    answer = gateway.get(f"{DUE}?{query}", token(gateway))

    assert answer.status == status
    assert len(answer.json.get("items", ())) == shown


def test_calendar_is_read_by_another_program(gateway: Served) -> None:
    """An all-day event a deadline, with an identity that stays; the same bytes every time."""
    by_accept = gateway.get(DUE, token(gateway), Accept="text/calendar")
    by_name = gateway.get(f"{DUE}.ics?language=en", token(gateway))

    assert by_accept.headers["content-type"].startswith("text/calendar")
    assert gateway.get(DUE, token(gateway), Accept="text/calendar").body == by_accept.body
    read = vobject.readOne(by_name.body.decode())
    (event,) = read.vevent_list
    (item,) = gateway.get(DUE, token(gateway)).json["items"]
    assert event.dtstart.value == date.fromisoformat(item["due"])
    assert event.summary.value == item["text"]["en"]
    assert event.uid.value == f"report_of_receipt.RCV-2.{item['about']}.{CONSIGNEE}@esad-gateway"
    assert event.dtstamp.value.date() == date.fromisoformat(item["since"])
    assert "esad submit" in event.description.value


def test_calendar_programs_follow_an_address_until_it_is_ended(gateway: Served) -> None:
    """It needs no token and is told once; the store has its digest only; ended, it is as one that never was."""
    made = post(gateway, f"{DUE}/feeds").json
    path = made["url"].removeprefix(gateway.station.runtime.settings.url)

    assert b"BEGIN:VEVENT" in gateway.get(path).body
    assert "url" not in gateway.get(f"{DUE}/feeds", token(gateway)).json["feeds"][-1]
    secret = path.rpartition("/")[2].removesuffix(".ics")
    assert secret not in str(gateway.station.rows("due_feed"))

    ended = [post(gateway, f"{DUE}/feeds/{made['number']}/revocation") for _ in range(2)]

    assert [one.status for one in ended] == [200, 200]
    assert ended[0].json["endedAt"] == ended[1].json["endedAt"] is not None
    never = gateway.get("/v1/due/nothing.ics")
    gone = gateway.get(path)
    assert (gone.status, gone.json["detail"]) == (never.status, never.json["detail"]) == (404, never.json["detail"])
    assert [row["what"] for row in gateway.station.rows("national_act")][-2:] == ["due_feed.made", "due_feed.ended"]


def test_address_of_another_trader_is_not_ended(gateway: Served) -> None:
    """Numbers count for everybody, and say nothing."""
    made = post(gateway, f"{DUE}/feeds").json

    answer = post(gateway, f"/v1/traders/{CONSIGNOR}/due/feeds/{made['number']}/revocation", CONSIGNOR)

    assert answer.status == 404
    assert gateway.get(made["url"].removeprefix(gateway.station.runtime.settings.url)).status == 200


def test_oldest_address_makes_room(gateway: Served) -> None:
    """Nobody fills the store with addresses."""
    seed = TEMPORARY
    numbers = [post(gateway, f"/v1/traders/{seed}/due/feeds", seed).json["number"] for _ in range(FEEDS + 1)]

    feeds = gateway.get(f"/v1/traders/{seed}/due/feeds", token(gateway, seed)).json["feeds"]

    assert [one["number"] for one in feeds if one["endedAt"] is None] == numbers[1:]


def test_another_security_is_due_ten_working_days_after_the_last_day(gateway: Served, clock: HandClock) -> None:
    """RC-14, by the law of guarantees: told within the notice before the end, and after it, and not long before."""
    path = "/v1/traders/LT00000000201/due"
    assert DueKind.SECURITY in ACTING
    gateway.station.runtime.registry.add_operators([(lasting("LT00000000201"), {}, None)])
    found = []
    for days in (0, 290, 310):
        clock.at = NOW + timedelta(days=days)
        found.append(gateway.get(path, token(gateway, "LT00000000201")).json["items"])
    clock.at = NOW

    told = [[(one["about"], one["since"], one["due"], one["requirement"]) for one in items] for items in found]
    assert told == [[], *[[("P-1", "2026-12-31", "2027-01-15", "RC-14")]] * 2]


def test_case_of_the_entity_stands_on_the_board_of_its_number(gateway: Served) -> None:
    """The decision that is owed, with its term; what is over is no longer there."""
    seed = "LT00000000104"
    case = begun(OperatorType.CERTIFIED_CONSIGNOR)
    row = CaseRow(
        number="2026-000001",
        entity=case.request.applicant.code,
        status=case.status,
        state=CaseState.SUBMITTED,
        seed=None,
        due=date(2026, 3, 24),
        acts=1,
        changed_at=NOW,
    )
    named = replace(case, number=row.number)
    records = CaseRecords(row=row, act=named.acts[-1], name="Trader One", numbers={seed})
    with case_transaction(gateway.station.runtime.store) as transaction:
        transaction.add(records)

    (found,) = gateway.get(f"/v1/traders/{seed}/due", token(gateway, seed)).json["items"]

    assert (found["kind"], found["about"], found["requirement"]) == ("case", "2026-000001", "CCR-2")
    assert (found["since"], found["due"]) == ("2026-03-02", "2026-03-24")


def lasting(seed: str) -> Operator:
    """A certified consignee without an end."""
    return Operator(
        seed=seed,
        name="Trader Two",
        operator_type=OperatorType.CERTIFIED_CONSIGNEE,
        office="LT001000",
        valid_from=date(2023, 2, 13),
        products=frozenset({"W200"}),
    )
