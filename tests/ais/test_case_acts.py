"""What each act in a case is asked: who does it and when, by which channel, and with which values."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from esad_gateway.ais.actors import ActorKind, DoneBy
from esad_gateway.ais.figures import decided
from esad_gateway.ais.registration.acts import OFFICIAL, ActKind, EndGround, RefusalGround
from esad_gateway.ais.registration.case import (
    ActTaken,
    CaseState,
    GuaranteeOutcome,
    NoticeOutcome,
    RegisterOutcome,
    RegistrationCase,
)
from esad_gateway.ais.registration.certified import outside_certificate
from esad_gateway.ais.registration.deciding import decide
from esad_gateway.ais.registration.request import (
    Channel,
    CounterTrader,
    DocumentSignature,
    GoodsPlace,
    SecurityKind,
    TradeLicence,
)
from esad_gateway.ais.registration.states import state_of
from esad_gateway.emcs.administration_codes import ModificationType
from esad_gateway.emcs.registry import Operator, OperatorType
from esad_gateway.texts import in_every_language
from helpers.registrations import (
    BEER,
    FACTS,
    LAW,
    OFFICER,
    PROOF,
    SEED,
    TRADER,
    WAREHOUSE,
    WINE,
    act,
    begun,
    passes,
    refused,
    registered,
    request,
    secured,
    submitted,
    taken,
    told,
)

IMPORTER = OperatorType.REGISTERED_CONSIGNOR
ONE_RECEIPT = OperatorType.TEMPORARY_CERTIFIED_CONSIGNEE
FOURTH = date(2026, 3, 4)


def amount_set() -> RegistrationCase:
    """A case that waits for security."""
    return begun(IMPORTER, ActKind.SET_AMOUNT)


def change_requested() -> RegistrationCase:
    """A registered consignor that wants beer on its certificate as well."""
    return taken(registered(IMPORTER), act(ActKind.REQUEST_CHANGE)).case


@pytest.mark.parametrize("kind", sorted(OFFICIAL))
def test_what_is_for_officials_is_for_nobody_else(kind: ActKind) -> None:
    """A trader's own act of that kind is refused, in whatever state the case is."""
    found = told(amount_set(), act(kind, by=TRADER))

    assert ("not_official", "RC-4", "by") in found


def test_operator_of_the_gateway_acts_for_the_administration() -> None:
    """Whoever has the data directory enters what officials decide."""
    operator = DoneBy(kind=ActorKind.OPERATOR, name="operator")

    assert passes(begun(), act(ActKind.SET_AMOUNT, by=operator))


def test_nothing_is_done_by_itself() -> None:
    """A term that ends is a candidate, and no act."""
    law = DoneBy(kind=ActorKind.LAW, name="RC-14")

    assert told(registered(IMPORTER), act(ActKind.DEREGISTER, by=law)) == [("not_law", "RC-4", "by")]


def test_days_of_acts_are_neither_to_come_nor_before_the_request() -> None:
    """Officials enter earlier days, traders enter today."""
    case = begun()

    assert told(case, act(ActKind.SET_AMOUNT, on=date(2026, 3, 3))) == [("future", "CCE-4", "on")]
    assert told(case, act(ActKind.SET_AMOUNT, on=date(2026, 3, 1))) == [("before_request", "CCE-4", "on")]
    assert told(case, act(ActKind.ADD, FOURTH, on=date(2026, 3, 3))) == [("backdated", "CCE-4", "on")]
    assert passes(case, act(ActKind.ADD, FOURTH, on=date(2026, 3, 3), by=OFFICER))


@pytest.mark.parametrize(
    ("status", "channel", "rule"),
    [
        (OperatorType.CERTIFIED_CONSIGNEE, Channel.EMAIL, None),
        (OperatorType.CERTIFIED_CONSIGNEE, Channel.POST, "CCE-3"),
        (OperatorType.CERTIFIED_CONSIGNOR, Channel.EMAIL, None),
        (OperatorType.CERTIFIED_CONSIGNOR, Channel.IN_PERSON, "CCR-2"),
        (IMPORTER, Channel.EMAIL, "RC-3"),
        (IMPORTER, Channel.MANO_VMI, None),
    ],
)
def test_request_comes_by_a_channel_of_its_status(status: OperatorType, channel: Channel, rule: str | None) -> None:
    """CCE-3, CCR-2 and RC-3: e-mail for certified traders, Mano VMI for all."""
    asked = act(ActKind.SUBMIT, request=request(status), channel=channel)

    assert passes(None, asked) if rule is None else told(None, asked) == [("channel", rule, "channel")]


@pytest.mark.parametrize(
    ("signature", "channels"),
    [
        (DocumentSignature.QUALIFIED, {Channel.MANO_VMI, Channel.AIS}),
        (DocumentSignature.INK, {Channel.IN_PERSON, Channel.POST}),
    ],
)
def test_surety_comes_by_a_channel_for_its_signature(signature: DocumentSignature, channels: set[Channel]) -> None:
    """RC-7: an ink-signed surety sent through Mano VMI is refused, and told how it has to come."""
    for channel in Channel:
        given = act(ActKind.GIVE_SECURITY, signature=signature, channel=channel)
        if channel in channels:
            assert state_of(taken(amount_set(), given).case) is CaseState.SECURITY_GIVEN
        else:
            assert told(amount_set(), given) == [("signature", "RC-7", "channel")]


def test_ink_signed_surety_sent_through_mano_vmi_is_told_how_it_comes() -> None:
    """RC-7: the refusal names the ways that there are for it."""
    given = act(ActKind.GIVE_SECURITY, signature=DocumentSignature.INK, channel=Channel.MANO_VMI)

    fault = refused(amount_set(), given).faults[0]

    assert (fault.rule, fault.path, fault.value) == ("RC-7", "channel", "mano_vmi")
    assert (
        in_every_language(fault.hint)["en"]
        == "It is signed by hand, on paper: hand it in like this: in person, by post."
    )


def test_surety_secures_when_an_official_has_accepted_it() -> None:
    """It is registered under a number, which the guarantee of the capacity has; a rejected one secures nothing."""
    given = taken(amount_set(), act(ActKind.GIVE_SECURITY)).case
    accepted = taken(given, act(ActKind.ACCEPT_SECURITY)).case

    assert state_of(taken(given, act(ActKind.REJECT_SECURITY)).case) is CaseState.AMOUNT_SET
    guarantee = next(
        one for one in taken(accepted, act(ActKind.REGISTER)).outcomes if isinstance(one, GuaranteeOutcome)
    )
    assert (guarantee.kind, guarantee.reference, guarantee.guarantor) == (SecurityKind.SURETY, "S-1", "Insurer One")
    assert guarantee.until == date(2027, 3, 1)


def test_deposit_paid_without_proof_does_not_secure() -> None:
    """RC-8: the proof is an act of its own, through Mano VMI."""
    paid = taken(amount_set(), act(ActKind.PAY)).case

    assert state_of(paid) is CaseState.PAID
    assert told(paid, act(ActKind.REGISTER)) == [("before_security", "RC-2", "kind")]
    assert told(paid, act(ActKind.PROVE, channel=Channel.EMAIL)) == [("channel", "RC-8", "channel")]
    assert state_of(taken(paid, act(ActKind.PROVE)).case) is CaseState.SECURED


def test_security_of_which_too_little_is_left_is_given_anew() -> None:
    """An amended request may want more: a new amount leads back to where nothing is secured."""
    more = taken(secured(IMPORTER), act(ActKind.SET_AMOUNT, amount=Decimal(5000))).case

    assert told(more, act(ActKind.REGISTER)) == [("before_security", "RC-2", "kind")]
    assert told(more, act(ActKind.PAY)) == [("too_little", "RC-8", "amount")]


def test_payment_that_was_entered_by_mistake_is_taken_back() -> None:
    """An official rejects it, and the applicant secures the duty anew."""
    paid = taken(amount_set(), act(ActKind.PAY)).case

    assert state_of(taken(paid, act(ActKind.REJECT_SECURITY)).case) is CaseState.AMOUNT_SET


def test_exempt_trader_needs_no_security_where_the_law_knows_exemptions() -> None:
    """RC-6: for registered consignors, by an official's act; nothing is secured then."""
    exempt = taken(begun(IMPORTER), act(ActKind.EXEMPT)).case

    assert not [one for one in taken(exempt, act(ActKind.REGISTER)).outcomes if isinstance(one, GuaranteeOutcome)]
    assert told(begun(), act(ActKind.EXEMPT))[0] == ("out_of_order", "CCE-4", "kind")


@pytest.mark.parametrize(
    ("case", "kind", "changes", "expected"),
    [
        (begun(), ActKind.ASK, {"items": ()}, [("missing", "CCE-4", "items")]),
        (begun(), ActKind.ASK, {"items": ("a", " ")}, [("missing", "CCE-4", "items[2]")]),
        (begun(), ActKind.ADD, {"documents": ()}, [("missing", "CCE-3", "documents")]),
        (begun(), ActKind.SET_AMOUNT, {"amount": Decimal(0)}, [("amount", "CCE-4", "amount")]),
        (begun(), ActKind.SET_AMOUNT, {"amount": Decimal(-1)}, [("amount", "CCE-4", "amount")]),
        (begun(), ActKind.SET_AMOUNT, {"amount": Decimal("Infinity")}, [("amount", "CCE-4", "amount")]),
        (begun(), ActKind.SET_AMOUNT, {"amount": Decimal("1E999999")}, [("amount", "CCE-4", "amount")]),
        (begun(), ActKind.SET_AMOUNT, {"amount": Decimal("1E-999999")}, [("cents", "CCE-4", "amount")]),
        (begun(), ActKind.SET_AMOUNT, {"amount": Decimal("1.005")}, [("cents", "CCE-4", "amount")]),
        (amount_set(), ActKind.PAY, {"amount": Decimal("2285.99")}, [("too_little", "RC-8", "amount")]),
        (amount_set(), ActKind.PAY, {"reference": ""}, [("missing", "RC-4", "reference")]),
        (
            amount_set(),
            ActKind.PROVE,
            {"document": replace(PROOF, digest="0")},
            [("digest", "RC-2", "document.digest")],
        ),
        (amount_set(), ActKind.GIVE_SECURITY, {"kind": SecurityKind.DEPOSIT}, [("no_deposit", "RC-8", "kind")]),
        (amount_set(), ActKind.GIVE_SECURITY, {"amount": Decimal(1)}, [("too_little", "RC-7", "amount")]),
        (amount_set(), ActKind.GIVE_SECURITY, {"guarantor": ""}, [("missing", "RC-4", "guarantor")]),
        (amount_set(), ActKind.GIVE_SECURITY, {"until": date(2026, 3, 1)}, [("ended", "RC-7", "until")]),
        (begun(), ActKind.REFUSE, {"grounds": ()}, [("missing", "RC-11", "grounds")]),
        (begun(), ActKind.REFUSE, {"grounds": (RefusalGround.NO_LICENCE,) * 2}, [("twice", "RC-11", "grounds[2]")]),
        (begun(), ActKind.REFUSE, {"why": ""}, [("missing", "CCE-4", "why")]),
        (begun(), ActKind.REFUSE, {"channel": Channel.EMAIL}, [("channel", "CCE-4", "channel")]),
        (begun(), ActKind.WITHDRAW, {"why": " "}, [("missing", "CCE-4", "why")]),
        (registered(IMPORTER), ActKind.REQUEST_CHANGE, {"goods": ()}, [("missing", "RC-2", "goods")]),
        (registered(IMPORTER), ActKind.REQUEST_CHANGE, {"places": ()}, [("missing", "RC-2", "places")]),
        (
            registered(IMPORTER),
            ActKind.REQUEST_CHANGE,
            {"goods": (replace(WINE, monthly=None),)},
            [("missing", "RC-2", "goods[1].monthly")],
        ),
        (change_requested(), ActKind.CHANGE, {"from_day": date(2026, 3, 1)}, [("past", "RC-4", "from_day")]),
        (change_requested(), ActKind.REFUSE_CHANGE, {"why": ""}, [("missing", "RC-4", "why")]),
        (registered(IMPORTER), ActKind.DEREGISTER, {"grounds": ()}, [("missing", "RC-13", "grounds")]),
        (registered(IMPORTER), ActKind.DEREGISTER, {"from_day": date(2026, 3, 1)}, [("past", "RC-4", "from_day")]),
        (
            registered(IMPORTER),
            ActKind.DEREGISTER,
            {"grounds": (EndGround.OWN_REQUEST,)},
            [("not_asked", "RC-13", "grounds")],
        ),
    ],
)
def test_value_that_is_none_is_refused(case: RegistrationCase, kind: ActKind, changes: Any, expected: Any) -> None:
    """Each of these breaks one rule, and the case stays as it is."""
    assert told(case, act(kind, **changes)) == expected


def test_accepted_security_has_a_number() -> None:
    """Without one nobody finds the document again."""
    given = taken(amount_set(), act(ActKind.GIVE_SECURITY)).case

    assert told(given, act(ActKind.ACCEPT_SECURITY, number="")) == [("missing", "RC-4", "number")]


@pytest.mark.parametrize(
    ("status", "changes", "expected"),
    [
        (ONE_RECEIPT, {"valid_to": date(2026, 4, 10)}, [("ends_late", "CCE-6", "valid_to")]),
        (ONE_RECEIPT, {"valid_to": date(2026, 3, 9)}, [("ends_first", "CCE-4", "valid_to")]),
        (IMPORTER, {"valid_to": date(2027, 3, 9)}, [("has_end", "RC-4", "valid_to")]),
        (IMPORTER, {"seed": "PL0000000C001"}, [("other_state", "RC-4", "seed")]),
        (IMPORTER, {"office": "LT000002"}, [("office", "RC-4", "office")]),
        (IMPORTER, {"office": "PL000001"}, [("office", "RC-4", "office")]),
        (IMPORTER, {"places": (replace(WAREHOUSE, city="Kaunas"),)}, [("not_requested", "RC-4", "places[1]")]),
        (IMPORTER, {"goods": ()}, [("missing", "RC-2", "goods")]),
        (ONE_RECEIPT, {"goods": (replace(WINE, quantity=None),)}, [("missing", "CCE-3", "goods[1].quantity")]),
        (ONE_RECEIPT, {"goods": (replace(WINE, quantity=Decimal(901)),)}, [("not_requested", "CCE-4", "goods[1]")]),
    ],
)
def test_number_that_cannot_be_given_is_refused(status: OperatorType, changes: Any, expected: Any) -> None:
    """Each of these breaks one rule of numbers and certificates."""
    assert told(secured(status), act(ActKind.REGISTER, **changes)) == expected


def test_temporary_number_may_end_before_its_term() -> None:
    """An official says so; the term is the latest day."""
    found = taken(secured(ONE_RECEIPT), act(ActKind.REGISTER, valid_to=date(2026, 3, 31)))

    entry = next(one for one in found.outcomes if isinstance(one, RegisterOutcome))
    assert entry.operator.valid_to == date(2026, 3, 31)


def test_days_of_a_temporary_number_may_count_from_the_request() -> None:
    """CCE-6: which day begins the thirty is written nowhere, so a procedure says it."""
    law = decided(LAW, {}, {"CCE-6": "request"})
    found = decide(secured(ONE_RECEIPT), act(ActKind.REGISTER), FACTS, law)

    assert isinstance(found, ActTaken)
    entry = next(one for one in found.outcomes if isinstance(one, RegisterOutcome))
    assert entry.operator.valid_to == date(2026, 4, 1)


def test_number_is_given_once() -> None:
    """One that the register has, in whatever status, is taken (CCE-5)."""
    known = Operator(
        seed=SEED,
        name="Trader Two",
        operator_type=OperatorType.AUTHORISED_WAREHOUSEKEEPER,
        office="LT000001",
        valid_from=date(2023, 1, 1),
    )

    assert told(secured(), act(ActKind.REGISTER), replace(FACTS, records=(known,))) == [("taken", "CCE-4", "seed")]


def test_counterparty_without_an_address_is_linked_by_its_number_alone() -> None:
    """The register keeps name and address where both are known."""
    case = secured(ONE_RECEIPT, counterparty=CounterTrader(seed="PL0000000C001"))

    entry = next(one for one in taken(case, act(ActKind.REGISTER)).outcomes if isinstance(one, RegisterOutcome))
    assert entry.operator.temporary is not None
    assert (entry.operator.temporary.counterparty, entry.operator.temporary.linked) == ("PL0000000C001", None)


def test_change_replaces_goods_and_places_from_its_day() -> None:
    """RC-12: the register hears of it, and the certificate has what was changed."""
    found = taken(change_requested(), act(ActKind.CHANGE))

    entry = next(one for one in found.outcomes if isinstance(one, RegisterOutcome))
    assert (entry.operation, entry.activation) == (ModificationType.UPDATE, date(2026, 3, 25))
    assert entry.operator.products == {"W200", "B000"}
    assert found.case.registered is not None
    assert found.case.registered.goods == (WINE, BEER)


def test_goods_of_another_category_need_their_licence_on_the_certificate_too() -> None:
    """RC-2, RC-12: a change that lacks the licence is refused; one that brings it is taken, and so is the next one."""
    only_wine = (TradeLicence(number="L-1", categories="W", valid_from=date(2025, 1, 1)),)
    beer = TradeLicence(number="L-2", categories="B", valid_from=date(2025, 1, 1))
    case = registered(IMPORTER, licences=only_wine)

    changed = taken(case, act(ActKind.REQUEST_CHANGE, licences=(beer,))).case
    undecided = taken(changed, act(ActKind.REFUSE_CHANGE)).case

    assert told(case, act(ActKind.REQUEST_CHANGE)) == [("licence", "RC-2", "licences")]
    assert told(case, act(ActKind.REQUEST_CHANGE, licences=(beer, replace(beer, categories="")))) == [
        ("category", "RC-2", "licences[2].categories")
    ]
    assert passes(undecided, act(ActKind.REQUEST_CHANGE, date(2026, 3, 5)))


def test_revoked_licence_holds_no_more_on_the_certificate() -> None:
    """RC-13 (c): what is revoked was handed in and would hold that day; from then on it is no licence for a change."""
    case = registered(IMPORTER)
    noted = taken(case, act(ActKind.NOTE_REVOCATION, from_day=date(2026, 3, 3))).case
    before_it_began = act(ActKind.NOTE_REVOCATION, from_day=date(2025, 1, 1))

    assert told(case, act(ActKind.NOTE_REVOCATION, number="L-2")) == [("not_held", "RC-13", "number")]
    assert told(case, before_it_began) == [("not_held", "RC-13", "number")]
    assert told(noted, act(ActKind.NOTE_REVOCATION)) == [("not_held", "RC-13", "number")]
    assert passes(noted, act(ActKind.REQUEST_CHANGE, date(2026, 3, 2)))
    assert told(noted, act(ActKind.REQUEST_CHANGE, date(2026, 3, 3))) == [
        ("licence", "RC-2", "licences"),
        ("licence", "RC-2", "licences"),
    ]
    assert taken(case, act(ActKind.NOTE_REVOCATION)).outcomes == ()


def test_change_grants_what_was_asked_for_and_may_be_refused() -> None:
    """Nothing that nobody wanted comes onto a certificate; a refusal leaves it as it was."""
    more = act(ActKind.CHANGE, places=(WAREHOUSE, replace(WAREHOUSE, city="Kaunas")))
    found = taken(change_requested(), act(ActKind.REFUSE_CHANGE))

    assert told(change_requested(), more) == [("not_requested", "RC-4", "places[2]")]
    assert state_of(found.case) is CaseState.REGISTERED
    assert [type(one) for one in found.outcomes] == [NoticeOutcome]


def test_deregistration_ends_the_number_from_its_day() -> None:
    """RC-13: an official's act; the trader is told within five working days."""
    asked = taken(registered(IMPORTER), act(ActKind.REQUEST_END)).case
    found = taken(asked, act(ActKind.DEREGISTER, date(2026, 3, 9), grounds=(EndGround.OWN_REQUEST,)))

    entry = next(one for one in found.outcomes if isinstance(one, RegisterOutcome))
    notice = next(one for one in found.outcomes if isinstance(one, NoticeOutcome))
    assert (entry.operation, entry.activation) == (ModificationType.INVALIDATE, date(2026, 3, 31))
    assert notice.until is not None
    assert notice.until.day == date(2026, 3, 17)
    assert state_of(found.case) is CaseState.DEREGISTERED


def test_refusal_names_its_ground_and_goes_through_mano_vmi() -> None:
    """CCE-4, RC-11: a reasoned refusal, of which the applicant is told."""
    found = taken(begun(), act(ActKind.REFUSE))

    assert [(one.about, one.channel) for one in found.outcomes if isinstance(one, NoticeOutcome)] == [
        (ActKind.REFUSE, Channel.MANO_VMI)
    ]
    assert state_of(found.case) is CaseState.REFUSED
    assert told(found.case, act(ActKind.REGISTER)) == [("already_decided", "CCE-4", "kind")]


def test_decision_is_told_by_its_own_channels() -> None:
    """To inform a trader is to tell of the decision, by a channel of that decision."""
    refusal = taken(begun(), act(ActKind.REFUSE)).case

    assert told(refusal, act(ActKind.INFORM, channel=Channel.EMAIL)) == [("channel", "CCE-4", "channel")]
    assert passes(refusal, act(ActKind.INFORM))
    assert passes(registered(), act(ActKind.INFORM, channel=Channel.EMAIL))
    assert told(begun(), act(ActKind.INFORM)) == [("out_of_order", "CCE-4", "kind"), ("channel", "CCE-3", "channel")]


def test_withdrawn_request_is_over() -> None:
    """Nothing follows, and that is said."""
    fault = refused(taken(begun(), act(ActKind.WITHDRAW)).case, act(ActKind.ADD)).faults[0]

    assert in_every_language(fault.hint)["en"].endswith("What may be done: nothing.")


def test_registered_consignor_sends_what_its_certificate_has_from_where_it_says() -> None:
    """RC-1: goods or a place outside the certificate are told, each with what is allowed."""
    given = registered(IMPORTER).registered
    assert given is not None
    elsewhere = GoodsPlace(street="Example street 2", city="Vilnius")

    found = outside_certificate(given, ("210", "110"), elsewhere)

    assert [(one.rule, one.path, one.value) for one in found] == [
        ("RC-1", "tariff_groups[2]", "110"),
        ("RC-1", "start", "Example street 2, Vilnius"),
    ]
    assert outside_certificate(given, ("210",), WAREHOUSE) == ()


def test_case_that_is_not_registered_has_no_certificate() -> None:
    """Goods and places count with a number."""
    assert begun().registered is None
    assert LAW.procedure(OperatorType.REGISTERED_CONSIGNEE, FOURTH) is None
    assert submitted(request()).kind is ActKind.SUBMIT
