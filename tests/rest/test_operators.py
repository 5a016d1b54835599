"""``GET /v1/operators/{seed}``: registered on a day, as what, for which products, until when."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from starlette.types import ASGIApp

from esad_gateway.bootstrap import Parts, Runtime, build
from esad_gateway.provision import create
from esad_gateway.server import application
from esad_gateway.signing.pki import KeyKind
from helpers.asgi import Answer, get
from helpers.gateway import HandClock
from helpers.seed import CONSIGNEE, TEMPORARY_CONSIGNOR, limited

# Late in the evening in UTC, when it is the third of March in Vilnius.
NOW = datetime(2026, 3, 2, 22, 30, tzinfo=UTC)

EARLIER = replace(CONSIGNEE, valid_to=date(2025, 12, 31))
LATER = replace(CONSIGNEE, valid_from=date(2026, 1, 1), categories=frozenset("WB"), products=frozenset({"S200"}))


@pytest.fixture(scope="module")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    """A gateway of Lithuania."""
    root: Path = tmp_path_factory.mktemp("gateway") / "lt"
    create(root, "LT", "Europe/Vilnius", NOW, KeyKind.P256)
    runtime = build(Parts(root, clock=HandClock(NOW)))
    small = limited(TEMPORARY_CONSIGNOR, small_wine_producer=True, reusable=True)
    runtime.registry.add_operators([(one, {"city": "Gdynia"}, ()) for one in (EARLIER, LATER, small)])
    yield runtime
    runtime.store.close()


@pytest.fixture(scope="module")
def app(runtime: Runtime) -> ASGIApp:
    """Its REST door."""
    return application(runtime)


@pytest.fixture(scope="module")
def ask(runtime: Runtime, app: ASGIApp) -> Callable[[str], Answer]:
    """Ask the door with a token."""
    token = runtime.registry.issue_token("LT00000000101", NOW)
    return lambda path: get(app, f"/v1/operators/{path}", {"Authorization": f"Bearer {token}"})


def test_operator_today(ask: Callable[[str], Answer]) -> None:
    """Without a day, the day is today in the member state; names and addresses are not published."""
    found = ask(CONSIGNEE.seed)
    assert found.json == {
        "seed": "PL00000000201",
        "on": "2026-03-03",
        "registered": True,
        "type": "certified_consignee",
        "office": "PL002000",
        "validFrom": "2026-01-01",
        "validTo": None,
        "products": ["S200"],
        "productCategories": ["B", "W"],
        "temporary": None,
    }
    assert found.status == 200
    assert b"Gdynia" not in found.body


@pytest.mark.parametrize(
    ("day", "registered", "begins"),
    [
        ("2025-12-31", True, "2023-02-13"),
        ("2026-01-01", True, "2026-01-01"),
        ("2023-02-12", False, "2026-01-01"),
    ],
    ids=["last day of the first", "first day of the second", "before both"],
)
def test_operator_on_a_day(ask: Callable[[str], Answer], day: str, begins: str, *, registered: bool) -> None:
    """A day chooses the record that counts, and says whether it is valid."""
    found = ask(f"{CONSIGNEE.seed}?on={day}").json
    assert (found["on"], found["registered"], found["validFrom"]) == (day, registered, begins)


def test_temporary_authorisation_of_ones_own(runtime: Runtime, app: ASGIApp) -> None:
    """Its holder reads its counterparty, its quantities as text, and whether it may be used again."""
    token = runtime.registry.issue_token(TEMPORARY_CONSIGNOR.seed, NOW)
    path = f"/v1/operators/{TEMPORARY_CONSIGNOR.seed}?on=2026-04-01"
    found = get(app, path, {"Authorization": f"Bearer {token}"}).json
    assert (found["registered"], found["validTo"]) == (False, "2026-03-31")
    assert found["temporary"] == {
        "counterparty": "PL00000000201",
        "reusable": True,
        "smallWineProducer": True,
        "quantities": {"W200": "18"},
    }


@pytest.mark.parametrize("reader", ["LT00000000101", "PL00000000201", "NDEA.LT"])
def test_temporary_authorisation_of_another(runtime: Runtime, app: ASGIApp, reader: str) -> None:
    """Nobody else reads whom it names, and for how much: not even whom it names, nor an office."""
    token = runtime.registry.issue_token(reader, NOW)
    found = get(app, f"/v1/operators/{TEMPORARY_CONSIGNOR.seed}", {"Authorization": f"Bearer {token}"})

    assert (found.status, found.json["registered"]) == (200, True)
    assert (found.json["type"], found.json["temporary"]) == ("temporary_certified_consignor", None)
    assert b"PL00000000201" not in found.body


def test_openapi_tells_of_the_day(app: ASGIApp) -> None:
    """The document of the door describes the day as an optional date."""
    parameters = get(app, "/openapi.json", {}).json["paths"]["/v1/operators/{seed}"]["get"]["parameters"]
    (day,) = [one for one in parameters if one["name"] == "on"]
    assert not day["required"]
    assert {"type": "string", "format": "date"} in day["schema"]["anyOf"]


def test_unknown_operator(ask: Callable[[str], Answer]) -> None:
    """A number that has no record is a problem 404 on every day."""
    for path in ("PL00000000999", "PL00000000999?on=2026-01-01"):
        answer = ask(path)
        assert answer.status == 404
        assert answer.json["type"] == "/problems/not-found"


def test_day_that_is_none(ask: Callable[[str], Answer]) -> None:
    """What is no day is a problem 422 that names the parameter."""
    answer = ask(f"{CONSIGNEE.seed}?on=tomorrow")
    assert answer.status == 422
    assert [item["parameter"] for item in answer.json["parameters"]] == ["query.on"]
