"""Registration cases: what an act does to the case, the register and everybody else, all of it or nothing."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from esad_gateway.ais.registration.acts import ActKind
from esad_gateway.ais.registration.case import CaseState
from esad_gateway.emcs.codes import DestinationTypeCode
from esad_gateway.emcs.messages import IE713, IE815
from esad_gateway.emcs.registry import Operator, OperatorType
from esad_gateway.errors import NotConfigured, NotFound, StoreDamaged
from esad_gateway.ports.national.cases import CaseQuery
from esad_gateway.ports.reading import Outcome
from esad_gateway.settings import FILE, read_settings
from esad_gateway.simulator.drafts import Parties, draft
from esad_gateway.store.database import Driver, reading
from esad_gateway.store.national.acts import acts_of
from helpers.cases import (
    APPLICANT,
    CONSIGNEE_FOR_GOOD,
    CONSIGNEE_ONCE,
    CONSIGNOR_ONCE,
    ENTITY,
    OFFICER,
    PROOF,
    PROOF_DIGEST,
    STRANGER,
    Clerk,
    desk_of,
    request,
)
from helpers.gateway import FOREIGN_CONSIGNEE, FOREIGN_CONSIGNOR, NOW, OPERATORS, Box, HandClock, Station

TODAY = NOW.date()
BY_SEED = {operator.seed: operator for operator in OPERATORS}


@pytest.fixture
def clerk(lt: Station) -> Clerk:
    """Who acts in the cases of Lithuania."""
    return Clerk(desk_of(lt))


def operator_of(station: Station, seed: str | None) -> Operator:
    """What the register says of a number."""
    found = station.runtime.registry.operator(seed or "")
    assert found is not None
    return found[0]


def know(station: Station, seed: str) -> None:
    """Enter a number into the register by another way."""
    station.runtime.registry.add_operators([(replace(OPERATORS[0], seed=seed), {}, None)])


def wine_to(consignee: Operator, consignor: str = FOREIGN_CONSIGNOR, at: datetime = NOW) -> IE815:
    """A draft for wine, and for nothing else."""
    message = draft(Parties(BY_SEED.get(consignor, OPERATORS[0]), consignee), at, at.date())
    once = consignee.operator_type is OperatorType.TEMPORARY_CERTIFIED_CONSIGNEE
    kind = DestinationTypeCode.TEMPORARY_CERTIFIED_CONSIGNEE if once else DestinationTypeCode.CERTIFIED_CONSIGNEE
    return replace(
        message,
        header_ead_esad=replace(message.header_ead_esad, destination_type_code=kind),
        body_ead_esad=message.body_ead_esad[:1],
    )


def test_request_begins_a_case_with_a_term(clerk: Clerk) -> None:
    """It has a number, what may follow, and fifteen working days to be decided in (RC-4)."""
    kept = clerk.submit()

    assert kept.row.number == "2026-000001"
    assert (kept.row.state, kept.row.entity) == (CaseState.SUBMITTED, ENTITY)
    assert kept.row.due == date(2026, 3, 24)
    assert kept.terms[0].left == 15
    assert ActKind.REGISTER in kept.follows
    assert kept.case.acts[0].by == APPLICANT


def test_same_request_again_is_the_same_case(clerk: Clerk) -> None:
    """A lost answer is asked for again; another request is another case."""
    first = clerk.submit()

    again = clerk.desk.submit(APPLICANT, request())
    other = clerk.desk.submit(APPLICANT, request(per_quarter=20))

    assert again.again
    assert again.case is not None
    assert again.case.row.number == first.row.number
    assert other.case is not None
    assert other.case.row.number == "2026-000002"


def test_consignee_gets_a_number_once_its_duty_is_secured(lt: Station, clerk: Clerk) -> None:
    """Amount, deposit and its proof, then the number (CCE-3, CCE-4): before that the act is a conflict."""
    clerk.submit(CONSIGNEE_FOR_GOOD)
    early = clerk.try_(ActKind.REGISTER, {"office": "LT001000"})
    assert early.conflict
    assert early.faults[0].rule == "CCE-4"

    assert clerk.secure().row.state is CaseState.SECURED
    kept = clerk.register()

    assert kept.row.state is CaseState.REGISTERED
    assert operator_of(lt, kept.row.seed).operator_type is OperatorType.CERTIFIED_CONSIGNEE
    assert lt.checked().problems == ()


def test_message_is_judged_by_the_decision_at_once(box: Box, lt: Station, clerk: Clerk, pl: Station) -> None:
    """The same gateway refuses before and accepts after it; Poland does as soon as it was told."""
    consignee = replace(OPERATORS[1], seed="LT00000000001")
    refused = pl.take(box.signed(FOREIGN_CONSIGNOR, wine_to(consignee)))
    assert [fault.rule for fault in refused.faults] == ["R045"]

    kept = clerk.registered(CONSIGNEE_FOR_GOOD)
    lt.deliver_to(pl)

    assert kept.row.seed == consignee.seed
    answer = pl.take(box.signed(FOREIGN_CONSIGNOR, wine_to(consignee)))
    assert answer.outcome is Outcome.ACCEPTED, answer.faults
    pl.deliver_to(lt)
    assert lt.types(consignee.seed) == [("out", "IE801")]


def test_act_tells_every_administration_and_shows_what_came_of_it(lt: Station, clerk: Clerk, pl: Station) -> None:
    """An IE713 to each; what waits, what was taken, and what was refused for which reason stand with the act."""
    kept = clerk.registered()
    told = kept.told[len(kept.case.acts)]
    assert [(one.peer, one.standing) for one in told] == [("NDEA.DE", "waiting"), ("NDEA.PL", "waiting")]
    message = lt.last("NDEA.PL")
    assert isinstance(message, IE713)
    assert message.header.message_identifier == told[1].identifier
    assert message.trader_authorisation[0].action.action_identification == "2026-000001-2"

    know(pl, kept.row.seed or "")
    lt.deliver_to(pl)
    pl.deliver_to(lt)

    shown = clerk.desk.show(OFFICER, clerk.number).told[2][1]
    assert shown.standing == "delivered"
    assert shown.refused_for[0].startswith("8")


def test_end_of_a_registration_reaches_the_register(lt: Station, clerk: Clerk) -> None:
    """It holds until the day before, and others are told so."""
    kept = clerk.registered()
    tomorrow = TODAY + timedelta(days=1)
    clerk.act(ActKind.REQUEST_END, {"why": "no trade any more"}, APPLICANT)

    ended = clerk.act(
        ActKind.DEREGISTER, {"from_day": tomorrow.isoformat(), "grounds": ["own_request"], "why": "asked for"}
    )

    assert ended.row.state is CaseState.DEREGISTERED
    assert operator_of(lt, kept.row.seed).valid_to == TODAY
    assert [row["destination"] for row in lt.rows("outbox")].count("NDEA.PL") == 2


def test_registration_without_a_dispatch_may_be_ended(lt: Station, clerk: Clerk, clock: HandClock) -> None:
    """Six months after it, or after the last dispatch (RC-14); it is shown with its ground, and nothing is done."""
    seed = clerk.registered("registered_consignor", licences=[LICENCE], security="deposit").row.seed or ""
    clock.at = NOW + timedelta(days=183)
    assert clerk.desk.candidates(OFFICER) == []

    clock.at = NOW + timedelta(days=185)

    (found,) = clerk.desk.candidates(OFFICER)
    assert (found.row.seed, found.ground, found.until) == (seed, "inactive", date(2026, 9, 2))
    assert clerk.desk.candidates(APPLICANT) == [found]
    assert clerk.desk.candidates(STRANGER) == []
    assert operator_of(lt, seed).valid_to is None


def test_request_to_be_ended_is_a_candidate(clerk: Clerk) -> None:
    """The trader asks (RC-13 d), and an official decides."""
    clerk.registered()
    clerk.act(ActKind.REQUEST_END, {"why": "no trade any more"}, APPLICANT)

    assert [one.ground for one in clerk.desk.candidates(OFFICER)] == ["own_request"]


def test_revoked_licence_is_a_candidate(clerk: Clerk) -> None:
    """An official notes that it was revoked (RC-13 c); the number stays until an official ends it."""
    clerk.registered("registered_consignor", licences=[LICENCE], security="deposit")
    revoked = {"number": "L-1", "from_day": TODAY.isoformat()}

    noted = clerk.act(ActKind.NOTE_REVOCATION, revoked)

    assert noted.row.state is CaseState.REGISTERED
    assert [(one.ground, one.since) for one in clerk.desk.candidates(APPLICANT)] == [("licence_revoked", TODAY)]


def test_fourth_temporary_number_in_a_quarter_is_refused(clerk: Clerk) -> None:
    """CCR-1: the three that were given count; the permanent status is left, or the next quarter."""
    for _ in range(3):
        clerk.registered(CONSIGNOR_ONCE)

    fourth = clerk.desk.submit(APPLICANT, request(CONSIGNOR_ONCE))
    later = clerk.desk.submit(APPLICANT, request(CONSIGNOR_ONCE, planned_on="2026-04-01"))

    assert [(one.rule, one.path, one.value) for one in fourth.faults] == [("CCR-1", "request.status", CONSIGNOR_ONCE)]
    assert fourth.case is None
    assert later.faults == ()


def test_surety_that_ended_is_a_candidate(clerk: Clerk, clock: HandClock) -> None:
    """RC-13 (b): ten working days after the last day of what secured the number."""
    clerk.submit("registered_consignor", licences=[LICENCE], security="surety")
    clerk.desk.keep(APPLICANT, "surety.pdf", "application/pdf", PROOF)
    clerk.act(ActKind.SET_AMOUNT, {"amount": "2286.00"})
    surety = {"kind": "surety", "amount": "2286.00", "guarantor": "Insurer One", "until": "2026-03-13"}
    sent = {"channel": "ais", "signature": "qualified", "document": {"name": "surety.pdf", "digest": PROOF_DIGEST}}
    clerk.act(ActKind.GIVE_SECURITY, surety | sent, APPLICANT)
    clerk.act(ActKind.ACCEPT_SECURITY, {"number": "S-1"})
    clerk.register()

    clock.at = NOW + timedelta(days=25)
    before = clerk.desk.candidates(OFFICER)
    clock.at = NOW + timedelta(days=26)

    assert before == []
    assert [(one.ground, one.since) for one in clerk.desk.candidates(OFFICER)] == [("no_cover", date(2026, 3, 13))]


def test_every_act_is_kept_with_who_did_it(lt: Station, clerk: Clerk) -> None:
    """Who, when, in which capacity: beside everything else that was done."""
    clerk.registered()

    with reading(lt.runtime.store.reader) as connection:
        kept = acts_of(Driver(connection), about=clerk.number)

    assert [(one.what, one.by, one.at) for one in kept] == [
        ("case.submit", APPLICANT, NOW),
        ("case.register", OFFICER, NOW),
    ]


LICENCE = {"number": "L-1", "categories": "W", "valid_from": "2026-01-01"}


def test_change_counts_from_its_day(lt: Station, clerk: Clerk) -> None:
    """Goods are added on the certificate (RC-12): what holds until then stays as it was."""
    kept = clerk.registered()
    goods = [
        {"product": "W200", "tariff_group": "210", "monthly": "900"},
        {"product": "B000", "tariff_group": "110", "monthly": "100"},
    ]
    places = [{"street": "Gatvė 1", "city": "Vilnius"}]
    clerk.act(ActKind.REQUEST_CHANGE, {"goods": goods, "places": places, "channel": "mano_vmi"}, APPLICANT)

    clerk.act(ActKind.CHANGE, {"from_day": "2026-03-05", "goods": goods, "places": places})

    found = lt.runtime.registry.operator(kept.row.seed or "", TODAY)
    assert found is not None
    assert found[0].products == {"W200"}
    assert operator_of(lt, kept.row.seed).products == {"W200", "B000"}


def test_number_that_the_register_has_is_passed_over(lt: Station, clerk: Clerk) -> None:
    """A counter gives numbers, and none twice; an official may give one as well, but not one that is taken."""
    know(lt, "LT00000000001")

    first, second = (clerk.registered(by=OFFICER, code=code).row.seed for code in ("302000003", "302000004"))
    clerk.submit()
    taken = clerk.try_(ActKind.REGISTER, {"office": "LT001000", "seed": first})

    assert (first, second) == ("LT00000000002", "LT00000000003")
    assert [fault.path for fault in taken.faults] == ["seed"]


def test_two_officials_at_once_give_one_number(lt: Station, clerk: Clerk) -> None:
    """The second is told what stands by then: registered, and by whom; nothing was done twice."""
    clerk.submit()
    others = [Clerk(desk_of(lt), clerk.number) for _ in range(4)]
    decisions = [(ActKind.REGISTER, {"office": "LT001000"}), (ActKind.REFUSE, _refusal())] * 2

    with ThreadPoolExecutor(len(others)) as pool:
        answers = list(pool.map(lambda one: one[0].try_(*one[1]), zip(others, decisions, strict=True)))

    taken = [one for one in answers if not one.faults and not one.again]
    assert len(taken) == 1
    assert all(one.conflict for one in answers if one.faults)
    assert len([row for row in lt.rows("case_act") if row["act"] in {"register", "refuse"}]) == 1
    assert len(lt.rows("entity_number")) == len([one for one in taken if one.case and one.case.row.seed])


def _refusal() -> dict[str, object]:
    return {"grounds": ["incomplete"], "why": "the goods are not described", "channel": "mano_vmi"}


def test_same_act_again_changes_nothing(lt: Station, clerk: Clerk) -> None:
    """The number stays, and nobody is told again."""
    kept = clerk.registered()
    before = lt.rows("outbox")

    again = clerk.try_(ActKind.REGISTER, {"office": "LT001000"})

    assert again.again
    assert again.case is not None
    assert again.case.row == kept.row
    assert lt.rows("outbox") == before


def test_strangers_see_no_case(clerk: Clerk) -> None:
    """Neither in lists nor by number, nor its papers; and nobody asks for somebody else."""
    clerk.submit(CONSIGNEE_FOR_GOOD)
    clerk.secure()

    assert clerk.desk.cases(STRANGER, CaseQuery()) == []
    assert clerk.desk.notices(STRANGER) == []
    with pytest.raises(NotFound):
        clerk.desk.show(STRANGER, clerk.number)
    with pytest.raises(NotFound):
        clerk.try_(ActKind.WITHDRAW, {"why": "mine"}, STRANGER)
    with pytest.raises(NotFound):
        clerk.desk.paper(STRANGER, clerk.number, PROOF_DIGEST)
    assert [fault.rule for fault in clerk.desk.submit(STRANGER, request()).faults] == ["CCE-3"]
    assert [row.number for row in clerk.desk.cases(APPLICANT, CaseQuery())] == [clerk.number]


def test_paper_is_kept_as_it_was_handed_in(lt: Station, clerk: Clerk) -> None:
    """By its digest, once; an act cannot name one that nobody handed in; one that is no more what it was is told."""
    clerk.submit(CONSIGNEE_FOR_GOOD)
    unknown = {"channel": "email", "documents": [{"name": "licence.pdf", "digest": "0" * 64}]}
    assert [fault.path for fault in clerk.try_(ActKind.ADD, unknown, APPLICANT).faults] == ["documents[1].digest"]

    first = clerk.desk.keep(APPLICANT, "payment.pdf", "application/pdf", PROOF)
    again = clerk.desk.keep(APPLICANT, "other.pdf", "application/pdf", PROOF)

    assert first == again
    assert clerk.desk.paper(APPLICANT, clerk.number, PROOF_DIGEST) == (first, PROOF)
    lt.run_sql("UPDATE paper_content SET body = x'00'")
    with pytest.raises(StoreDamaged):
        clerk.desk.paper(APPLICANT, clerk.number, PROOF_DIGEST)


def test_entity_is_told_of_decisions(clerk: Clerk) -> None:
    """Of a refusal by its channel; the list is the entity's own, and officials see all of it."""
    clerk.submit()
    clerk.act(ActKind.REFUSE, _refusal())

    (notice,) = [one for one in clerk.desk.notices(APPLICANT) if one.act is ActKind.REFUSE]

    assert (notice.case, notice.channel) == (clerk.number, "mano_vmi")
    assert notice in clerk.desk.notices(OFFICER)


def test_wrong_values_are_all_told(clerk: Clerk) -> None:
    """Fields that there are not, values of another kind, and what the law asks for: each with its place."""
    wrong = clerk.desk.submit(APPLICANT, {"request": {"status": "trader"}, "canal": "email"})
    empty = clerk.desk.submit(APPLICANT, request(goods=[], places=[]))

    assert {"canal", "channel", "request.status"} <= {fault.path for fault in wrong.faults}
    assert [fault.path for fault in empty.faults] == ["request.goods", "request.places"]


class TestTemporaryNumber:
    """CCE-6 and CCR-1: one movement, one counterparty, thirty days."""

    @pytest.fixture
    def seed(self, clerk: Clerk) -> str:
        """A number for one dispatch to Poland."""
        return clerk.registered(CONSIGNOR_ONCE).row.seed or ""

    def test_register_has_its_limits(self, lt: Station, seed: str) -> None:
        """Counterparty, quantity and thirty days."""
        found = operator_of(lt, seed)
        assert found.temporary is not None
        assert found.temporary.counterparty == FOREIGN_CONSIGNEE
        assert found.temporary.quantities == {"W200": Decimal(9000)}
        assert (found.valid_from, found.valid_to) == (TODAY, TODAY + timedelta(days=30))

    def test_others_are_told_of_the_limits(self, box: Box, lt: Station, pl: Station, seed: str) -> None:
        """Poland knows the authorisation with its counterparty."""
        lt.deliver_to(pl)
        found = operator_of(pl, seed).temporary
        assert found is not None
        assert found.counterparty == FOREIGN_CONSIGNEE
        assert lt.problems_of_documents(box) == []


def test_receipt_once_is_for_one_e_sad_of_one_consignor(
    box: Box, lt: Station, pl: Station, clerk: Clerk, clock: HandClock
) -> None:
    """CCE-6: another consignor, a second e-SAD, and a day after the thirty are refused where they begin."""
    other = replace(BY_SEED[FOREIGN_CONSIGNOR], seed="PL00000000299")
    for station in (lt, pl):
        station.runtime.registry.add_operators([(other, {}, None)])
    seed = clerk.registered(CONSIGNEE_ONCE).row.seed or ""
    of_another = clerk.registered(CONSIGNEE_ONCE, counterparty={"seed": other.seed}).row.seed or ""
    while lt.due() and lt.deliver_to(pl):
        pass
    receiving = operator_of(pl, seed)

    stranger = pl.take(box.signed(FOREIGN_CONSIGNOR, wine_to(operator_of(pl, of_another))))
    first, second = (pl.take(box.signed(FOREIGN_CONSIGNOR, wine_to(receiving))) for _ in range(2))
    clock.at = NOW + timedelta(days=31)
    last = pl.take(box.signed(FOREIGN_CONSIGNOR, wine_to(receiving, at=clock.at)))

    assert [fault.rule for fault in first.faults] == []
    assert [fault.rule for fault in stranger.faults] == ["BR046"]
    assert [fault.rule for fault in second.faults] == ["BR052"]
    assert [fault.rule for fault in last.faults] == ["R045"]


def test_numbers_look_as_the_administration_says(lt: Station) -> None:
    """How the state makes its numbers was not found: settings tell the pattern, and none that cannot be."""
    box = lt.member.data.root / FILE
    kept = box.read_text("utf-8")
    box.write_text(f'{kept}\n[national_choices]\nCCE-5 = "LT9##########"\n', encoding="utf-8")
    desk = desk_of(lt, read_settings(lt.member.data.root))

    assert desk.numbers.number(7) == "LT90000000007"
    for wrong in ("LT", "PL###########", "LT##0########", "LT############"):
        box.write_text(f'{kept}\n[national_choices]\nCCE-5 = "{wrong}"\n', encoding="utf-8")
        with pytest.raises(NotConfigured, match=f"No excise number can look like {wrong}:"):
            desk_of(lt, read_settings(lt.member.data.root))
