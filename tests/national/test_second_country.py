"""Another country is a package that a setting names: its gateway goes by its own terms, statuses and tariffs."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

import esad_gateway
from esad_gateway.ais.duty.assessing import assess
from esad_gateway.ais.duty.goods import ExciseGoods
from esad_gateway.ais.figures import figures_of
from esad_gateway.ais.people.roles import AisRole
from esad_gateway.ais.people.sign_in import SignedIn
from esad_gateway.ais.people.sign_in import decide as decide_sign_in
from esad_gateway.ais.registration.acts import ActKind
from esad_gateway.ais.registration.case import ActRefused, ActTaken, CaseFacts
from esad_gateway.ais.registration.deadlines import open_terms
from esad_gateway.ais.registration.deciding import decide
from esad_gateway.ais.registration.request import Channel
from esad_gateway.emcs.registry import OperatorType
from esad_gateway.profiles.calendars import calendars
from esad_gateway.settings import FILE, read_settings
from helpers.gateway import NOW, HandClock, copy_of_box
from helpers.people import CONSIGNEE, IDENTITY, granted
from helpers.people import NOW as MOMENT
from helpers.registrations import act, request, submitted
from helpers.second_country import DOMAIN, DUTY, PEOPLE, REGISTRATION
from helpers.served import Served, served

NAMED = "helpers.second_country:DOMAIN"
GERMANY = calendars({})["DE"]
TRADER = "DE00000000301"


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A gateway of the second country, whose settings name its domain and decide one of its terms."""
    box = copy_of_box(tmp_path_factory.mktemp("box"))
    box.set("DE", national=f'"{NAMED}"')
    file = box.members["DE"].data.root / FILE
    file.write_text(f"{file.read_text('utf-8')}\n[national_terms]\nX-2 = 4\n", encoding="utf-8")
    with served(box, "DE", HandClock()) as running:
        yield running


def test_setting_names_the_domain(tmp_path: Path) -> None:
    """The very value, or one with what the administration has decided of it."""
    (tmp_path / FILE).write_text(f'state = "DE"\nnational = "{NAMED}"\n', encoding="utf-8")

    assert read_settings(tmp_path).national_domain() is DOMAIN


def test_gateway_goes_by_the_terms_of_its_domain(gateway: Served) -> None:
    """It has a board, which a state without a domain has not, and what is decided of it counts."""
    token = gateway.station.runtime.registry.issue_token(TRADER, NOW)
    domain = gateway.station.runtime.settings.national_domain()

    assert gateway.get(f"/v1/traders/{TRADER}/due", token).json["items"] == []
    assert figures_of(domain)["X-2"].number == 4
    assert figures_of(domain)["X-1"].number == 3


def test_state_without_a_domain_has_no_board(tmp_path: Path) -> None:
    """The door is not there."""
    with served(copy_of_box(tmp_path), "PL") as other:
        token = other.station.runtime.registry.issue_token("PL00000000201", NOW)

        assert other.get("/v1/traders/PL00000000201/due", token).status == 404
        assert "/v1/traders/{seed}/due" not in other.get("/openapi.json").json["paths"]


def test_domain_that_has_decided_nothing_answers_as_a_gateway_without_one(tmp_path: Path) -> None:
    """No door of national procedures is there, and all others are."""
    box = copy_of_box(tmp_path)
    box.set("DE", national='"helpers.second_country:BARE"')
    with served(box, "DE") as bare:
        document = bare.get("/openapi.json").json

    assert "/v1/messages" in document["paths"]
    assert not [path for path in document["paths"] if path.startswith(("/v1/national", "/v1/duty"))]


def test_requests_are_decided_by_its_own_procedures() -> None:
    """It asks for a code and a name, by post, and has two months; what Lithuania asks besides is no fault here."""
    facts = CaseFacts(calendar=GERMANY)
    bare = replace(request(), goods=(), places=(), licences=(), security=None)

    found = decide(None, act(ActKind.SUBMIT, request=bare, channel=Channel.POST), facts, REGISTRATION)

    assert isinstance(found, ActTaken), found
    (term,) = open_terms(found.case, REGISTRATION, GERMANY)
    assert (term.end.day, term.end.term.rule) == (date(2026, 5, 2), "X-8")


def test_status_that_it_does_not_give_is_refused() -> None:
    """Nobody is registered as a temporary consignee there, nor asks by a portal of another country."""
    facts = CaseFacts(calendar=GERMANY)
    temporary = submitted(request(OperatorType.TEMPORARY_CERTIFIED_CONSIGNEE))
    by_portal = submitted(request())

    for one in (temporary, by_portal):
        assert isinstance(decide(None, one, facts, REGISTRATION), ActRefused)


def test_whoever_signs_in_may_act_for_half_an_hour() -> None:
    """A session ends by its own figure, and a role that was granted counts at once."""
    grant = granted(AisRole.CERTIFIED_CONSIGNEE, CONSIGNEE)

    found = decide_sign_in(IDENTITY, [grant], PEOPLE, MOMENT)

    assert isinstance(found, SignedIn)
    assert found.until == MOMENT + timedelta(minutes=30)
    assert PEOPLE.longest_lag == timedelta(0)


def test_duty_is_that_of_its_own_tariff() -> None:
    """Seven euros a hectolitre of wine, whatever its strength."""
    (line,) = assess([ExciseGoods(product="W200", quantity=Decimal(900))], date(2025, 6, 1), DUTY).lines

    assert (line.group.code, line.amount) == ("77", Decimal(63))


def test_nothing_of_the_product_knows_it() -> None:
    """Its name stands in no file of the package."""
    root = Path(esad_gateway.__file__).parent

    assert [file for file in root.rglob("*.py") if "second_country" in file.read_text("utf-8")] == []
