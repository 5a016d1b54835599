"""Requests to be registered: what they lack, what is none, and when a status cannot be given to who asks."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from esad_gateway.ais.capacities import Capacity
from esad_gateway.ais.provenance import Mark
from esad_gateway.ais.registration.acts import ActKind
from esad_gateway.ais.registration.request import (
    Applicant,
    CaseDocument,
    CounterTrader,
    RegistrationRequest,
    TradeLicence,
)
from esad_gateway.emcs.registry import Operator, OperatorType
from esad_gateway.texts import in_every_language
from helpers.registrations import (
    FACTS,
    LAW,
    OFFICER,
    SECURED,
    STATUSES,
    SUBMITTED,
    WAREHOUSE,
    WINE,
    act,
    begun,
    passes,
    refused,
    request,
    secured,
    submitted,
    taken,
    told,
)

CONSIGNEE = OperatorType.CERTIFIED_CONSIGNEE
ONE_RECEIPT = OperatorType.TEMPORARY_CERTIFIED_CONSIGNEE
ONE_DISPATCH = OperatorType.TEMPORARY_CERTIFIED_CONSIGNOR
IMPORTER = OperatorType.REGISTERED_CONSIGNOR


def places_missing(status: OperatorType) -> set[tuple[str, str]]:
    """What an empty request for a status is told that it lacks: requirement and place."""
    empty = RegistrationRequest(status=status, applicant=Applicant(code="", name=""))
    return {(rule, place) for flaw, rule, place in told(None, submitted(empty)) if flaw == "missing"}


def test_request_of_a_certified_consignee_is_told_all_that_it_lacks() -> None:
    """CCE-3: everything at once, so that nobody asks twice."""
    assert places_missing(CONSIGNEE) == {
        *(("CCE-3", f"request.applicant.{name}") for name in ("code", "name", "street", "postcode", "city", "email")),
        *(("CCE-3", f"request.{name}") for name in ("goods", "places", "security")),
        ("CCE-2", "request.per_quarter"),
    }


def test_temporary_status_is_for_one_counterparty_on_a_planned_day() -> None:
    """CCE-1, CCE-6: a request for one movement names it."""
    lacking = places_missing(ONE_RECEIPT)

    assert {("CCE-6", "request.counterparty"), ("CCE-3", "request.planned_on")} <= lacking


def test_consignors_are_not_asked_for_security() -> None:
    """CCR-2 lists no such step."""
    assert not any(
        place == "request.security" for status in set(STATUSES) - SECURED for _, place in places_missing(status)
    )


@pytest.mark.parametrize(
    ("status", "goods", "place"),
    [
        (CONSIGNEE, replace(WINE, monthly=None), "request.goods[1].monthly"),
        (ONE_RECEIPT, replace(WINE, quantity=None), "request.goods[1].quantity"),
    ],
)
def test_goods_have_the_quantity_that_their_status_is_about(status: OperatorType, goods: Any, place: str) -> None:
    """The average of a month, or the one consignment."""
    assert told(None, submitted(request(status, goods=(goods,)))) == [("missing", "CCE-3", place)]


def test_request_lacking_licence_is_refused() -> None:
    """RC-2: for each category of goods a licence that holds on the day of the request."""
    beer_only = (TradeLicence(number="L-1", categories="B", valid_from=date(2025, 1, 1)),)
    ended = (replace(beer_only[0], categories="W", valid_to=date(2026, 3, 1)),)
    for licences, value in (((), None), (beer_only, None), (ended, "L-1")):
        found = refused(None, submitted(request(IMPORTER, licences=licences)))
        assert [(one.rule, one.path, one.value) for one in found.faults] == [("RC-2", "request.licences", value)]


def test_licence_that_ends_before_the_number_begins_is_not_enough() -> None:
    """RC-2, RC-11: the licence is looked at again on the first day of the number."""
    licences = (TradeLicence(number="L-1", categories="W", valid_from=date(2025, 1, 1), valid_to=date(2026, 3, 9)),)
    case = secured(IMPORTER, licences=licences)

    assert told(case, act(ActKind.REGISTER)) == [("licence", "RC-2", "valid_from")]


def test_fourth_temporary_in_a_quarter_is_sent_to_the_permanent_status() -> None:
    """CCE-2: three in a calendar quarter, and the next one is told the way out."""
    days = (date(2026, 1, 5), date(2026, 2, 5), date(2026, 3, 5))
    fourth = submitted(request(ONE_RECEIPT))

    fault = refused(None, fourth, replace(FACTS, temporary_days=days)).faults[0]

    assert (fault.rule, fault.path) == ("CCE-2", "request.status")
    assert in_every_language(fault.hint)["en"].endswith("Ask to be registered as certified consignee.")
    assert passes(None, fourth, replace(FACTS, temporary_days=days[:2]))
    assert passes(None, fourth, replace(FACTS, temporary_days=(date(2025, 12, 31), *days[:2], date(2026, 4, 1))))


def test_quarter_of_the_calendar_is_inferred_and_says_so() -> None:
    """CCE-2, CCR-1: three is written, of which quarter is not; a status without an end counts none."""
    found = [(one.rule, one.temporary.provenance.mark, one.quarter) for one in LAW.procedures if one.temporary]

    assert [(rule, mark, quarter.mark) for rule, mark, quarter in found if quarter] == [
        ("CCE-3", Mark.SOURCE, Mark.INFERRED),
        ("CCR-2", Mark.SOURCE, Mark.INFERRED),
    ]
    assert not [one for one in LAW.procedures if one.quarter and not one.temporary]


def test_third_number_that_was_given_meanwhile_is_counted_again() -> None:
    """CCE-2 under the write lock: what has been granted since the request counts as well."""
    days = (date(2026, 1, 5), date(2026, 2, 5), date(2026, 3, 5))

    found = told(secured(ONE_RECEIPT), act(ActKind.REGISTER), replace(FACTS, temporary_days=days))

    assert found == [("too_many", "CCE-2", "valid_from")]


@pytest.mark.parametrize(("status", "rule"), [(ONE_RECEIPT, "CCE-2"), (ONE_DISPATCH, "CCR-1")])
def test_more_intended_movements_than_three_need_the_permanent_status(status: OperatorType, rule: str) -> None:
    """CCE-2, CCR-1: the test is intent."""
    assert told(None, submitted(request(status, per_quarter=4))) == [("per_quarter", rule, "request.per_quarter")]
    assert passes(None, submitted(request(status, per_quarter=3)))


def test_wine_documents_need_the_permanent_status() -> None:
    """CCE-8: a temporary one is not enough."""
    found = told(None, submitted(request(ONE_RECEIPT, wine_documents=True)))

    assert found == [("wine_documents", "CCE-8", "request.wine_documents")]
    assert passes(None, submitted(request(CONSIGNEE, wine_documents=True)))


def other(seed: str, kind: OperatorType) -> Operator:
    """A trader of another state."""
    return Operator(seed=seed, name="Trader Two", operator_type=kind, office="PL000001", valid_from=date(2023, 2, 13))


def test_number_of_a_warehouse_does_not_serve_as_counterparty() -> None:
    """CCE-5: under e-SAD the other side has to be certified, and whoever asks is told for which number."""
    facts = replace(FACTS, counterparty=(other("PL0000000C001", OperatorType.AUTHORISED_WAREHOUSEKEEPER),))

    found = refused(None, submitted(request(ONE_RECEIPT)), facts).faults

    assert [(one.rule, one.path) for one in found] == [("CCE-5", "request.counterparty.seed")]
    assert "Ask for the number of: certified consignor" in in_every_language(found[0].hint)["en"]


def test_certified_counterparty_is_taken() -> None:
    """CCR-4: the number of a certified consignee."""
    facts = replace(FACTS, counterparty=(other("PL0000000C001", OperatorType.CERTIFIED_CONSIGNEE),))

    assert passes(None, submitted(request(ONE_DISPATCH)), facts)


@pytest.mark.parametrize(
    ("seed", "flaws"),
    [
        ("PL0000000C00", ["number"]),
        ("pl0000000c001", ["number"]),
        ("PL0000000c001", ["number"]),
        ("GR0000000C001", ["number"]),
        ("LT0000000C001", ["own_state"]),
    ],
)
def test_number_of_the_counterparty_is_one_of_another_state(seed: str, flaws: list[str]) -> None:
    """Twelve characters, small letters, a state that writes itself otherwise, and the own state."""
    asked = request(ONE_RECEIPT, counterparty=CounterTrader(seed=seed))

    found = told(None, submitted(asked))

    assert [flaw for flaw, _, _ in found] == flaws
    assert {place for _, _, place in found} == {"request.counterparty.seed"}


def test_same_permanent_status_twice_is_refused() -> None:
    """Periods do not overlap; what has ended, what is temporary and what is another status do not matter."""
    own = Capacity(entity="100000001", status=CONSIGNEE, seed="LT0000000C009", valid_from=date(2024, 1, 1))
    ended = replace(own, valid_to=date(2026, 3, 1))
    another = replace(own, status=OperatorType.CERTIFIED_CONSIGNOR)
    asked = submitted(request())

    assert told(None, asked, replace(FACTS, capacities=(own,))) == [("overlap", "CCE-3", "request.status")]
    assert passes(None, asked, replace(FACTS, capacities=(ended, another)))
    assert passes(None, submitted(request(ONE_RECEIPT)), replace(FACTS, capacities=(replace(own, status=ONE_RECEIPT),)))


def test_number_begins_when_the_one_before_it_has_ended() -> None:
    """Whoever is registered until a day may ask for the time after it, and gets no number before."""
    own = Capacity(entity="100000001", status=CONSIGNEE, seed="LT0000000C009", valid_from=date(2024, 1, 1))
    facts = replace(FACTS, capacities=(replace(own, valid_to=date(2026, 3, 10)),))

    assert passes(None, submitted(request()), facts)
    assert told(secured(), act(ActKind.REGISTER), facts) == [("overlap", "CCE-3", "valid_from")]
    assert passes(secured(), act(ActKind.REGISTER, valid_from=date(2026, 3, 11)), facts)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"goods": (replace(WINE, product="Q100"),)}, [("product", "request.goods[1].product")]),
        ({"goods": (replace(WINE, tariff_group="999"),)}, [("tariff_group", "request.goods[1].tariff_group")]),
        ({"goods": (replace(WINE, tariff_group="110"),)}, [("other_group", "request.goods[1].tariff_group")]),
        ({"goods": (WINE, WINE)}, [("goods_twice", "request.goods[2]")]),
        ({"goods": (replace(WINE, monthly=Decimal(0)),)}, [("quantity", "request.goods[1].monthly")]),
        ({"goods": (replace(WINE, monthly=Decimal("1E999999")),)}, [("quantity", "request.goods[1].monthly")]),
        ({"goods": (replace(WINE, quantity=Decimal("NaN")),)}, [("quantity", "request.goods[1].quantity")]),
        ({"places": (WAREHOUSE, replace(WAREHOUSE, city="VILNIUS "))}, [("place_twice", "request.places[2]")]),
        ({"places": (replace(WAREHOUSE, street=" "),)}, [("missing", "request.places[1].street")]),
        ({"per_quarter": 0}, [("quantity", "request.per_quarter")]),
        ({"planned_on": date(2026, 3, 1)}, [("past", "request.planned_on")]),
        (
            {
                "licences": (
                    TradeLicence(number="L", categories="Q", valid_from=date(2026, 1, 1), valid_to=date(2025, 1, 1)),
                )
            },
            [("licence_period", "request.licences[1].valid_to"), ("category", "request.licences[1].categories")],
        ),
        ({"documents": (CaseDocument(name="", digest="0" * 64),)}, [("missing", "request.documents[1].name")]),
        ({"documents": (CaseDocument(name="a.pdf", digest="A" * 64),)}, [("digest", "request.documents[1].digest")]),
    ],
)
def test_what_is_none_is_told_with_its_place(changes: Any, expected: list[tuple[str, str]]) -> None:
    """Each of these breaks one rule."""
    assert [(flaw, place) for flaw, _, place in told(None, submitted(request(**changes)))] == expected


def test_tariff_groups_that_are_not_known_are_not_asked() -> None:
    """Where the gateway has no classifier nobody is refused by it."""
    asked = submitted(request(goods=(replace(WINE, tariff_group="999"),)))

    assert passes(None, asked, replace(FACTS, tariff_groups=None))


def test_status_that_is_not_given_here_is_refused() -> None:
    """A registered consignee has other ways, and before the first day nobody has one."""
    asked = submitted(replace(request(), status=OperatorType.REGISTERED_CONSIGNEE))
    early = submitted(request(), date(2023, 2, 12))

    for one in (asked, early):
        assert told(None, one) == [("no_procedure", "CCE-3", "request.status")]


def test_amended_request_is_judged_like_the_first_one() -> None:
    """What is added may correct the request, for the same applicant and status."""
    case = begun(CONSIGNEE, ActKind.ASK)
    better = request(goods=(replace(WINE, monthly=Decimal(500)),))

    assert taken(case, act(ActKind.ADD, request=better)).case.request == better
    assert told(case, act(ActKind.ADD, request=request(goods=()))) == [("missing", "CCE-3", "request.goods")]
    assert told(case, act(ActKind.ADD, request=request(ONE_RECEIPT))) == [("other_request", "CCE-3", "request")]


def test_first_act_is_a_request() -> None:
    """Without a case there is nothing that another act could be about."""
    assert told(None, act(ActKind.PAY))[0][0] == "no_procedure"
    assert told(None, replace(submitted(request()), kind=ActKind.ADD)) == [("other_values", "CCE-3", "values")]


def test_request_by_letter_is_entered_with_the_day_on_which_it_came() -> None:
    """The officials write down what came by another way; the term runs from that day."""
    late = replace(submitted(request(), date(2026, 3, 4)), by=OFFICER, on=SUBMITTED)

    assert taken(None, late).case.acts[0].on == SUBMITTED
