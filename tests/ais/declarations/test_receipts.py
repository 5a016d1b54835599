"""Receipts: what national law notes of an e-SAD for one of our consignees, and of the report about it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from esad_gateway.ais.declarations.law import RECEIPTS
from esad_gateway.ais.declarations.noted import (
    GOODS,
    RECEIPT,
    goods_in,
    goods_key,
    goods_note,
    receipt_in,
    receipt_note,
    receipts_key,
)
from esad_gateway.ais.declarations.receipt import GoodsReceipt, ReceivedLine, Route
from esad_gateway.emcs.codes import GlobalConclusionOfReceipt as Conclusion
from esad_gateway.emcs.codes import IndicatorOfShortageOrExcess as Indicator
from esad_gateway.emcs.law import LawInParts
from esad_gateway.emcs.messages import IE801, IE815, IE818
from esad_gateway.emcs.procedure import Answer
from helpers.playbook import ARC, NOW
from helpers.protocol import CONSIGNEE, alert, change, receipt, returned, way_back
from helpers.samples import draft
from helpers.state import State

AMOUNTS = st.decimals(0, 10**9, places=3)
LINES = st.lists(
    st.builds(
        ReceivedLine,
        number=st.integers(1, 999),
        product=st.sampled_from(["B000", "W200", "S300"]),
        quantity=AMOUNTS,
        cn_code=st.none() | st.just("22030001"),
        strength=st.none() | AMOUNTS,
        plato=st.none() | AMOUNTS,
        net_mass=st.none() | AMOUNTS,
    ),
    max_size=4,
).map(tuple)


def sent() -> IE815:
    """A draft of goods that leave today."""
    return draft({"ead_esad_draft.date_of_dispatch": NOW.date()})


def on_its_way() -> tuple[State, State, IE801]:
    """A consignor's state, that of the consignee, which notes receipts, and the e-SAD that has come there."""
    lt, pl = State("LT"), State("PL")
    pl.known.profile = replace(pl.known.profile, law=LawInParts((RECEIPTS,)))
    esad = next(issue.message for issue in lt.trader(sent()).issues if isinstance(issue.message, IE801))
    return lt, pl, esad


def arrived(report: IE818) -> tuple[Answer, IE801]:
    """What the consignee's state answers to a report, and the e-SAD that it is about."""
    _, pl, esad = on_its_way()
    pl.peer(esad)
    return pl.trader(report), esad


def told(conclusion: Conclusion, esad: IE801, **values: object) -> IE818:
    """A report that says something of the first line."""
    plain = dict.fromkeys(("indicator_of_shortage_or_excess", "observed_shortage_or_excess", "refused_quantity"))
    body = replace(
        receipt().body_report_of_receipt_export[0],
        excise_product_code=esad.body_ead_esad[0].excise_product_code,
        **{**plain, **values},  # type: ignore[arg-type]
    )
    return replace(receipt(conclusion), body_report_of_receipt_export=(body,))


def received(answer: Answer) -> GoodsReceipt:
    """The receipt that follows from a report."""
    assert answer.faults == ()
    (note,) = answer.effects
    return receipt_in(note.subject, note.arc, note.values)


@given(LINES)
def test_what_is_noted_is_read_back(lines: tuple[ReceivedLine, ...]) -> None:
    """Goods and receipts come back from their notes as they were."""
    kept = GoodsReceipt(seed=CONSIGNEE, route=Route.ESAD, day=date(2026, 3, 2), document=ARC, lines=lines, sequence=2)
    note = receipt_note(kept)

    assert receipt_in(note.subject, note.arc, note.values) == kept
    assert goods_in(goods_note(ARC, lines)) == lines


def test_esad_leaves_its_goods_once() -> None:
    """One note with its lines; the same e-SAD sent again leaves none, and neither does the draft at its consignor's."""
    lt, pl, esad = on_its_way()
    first, again = pl.peer(esad), pl.peer(replace(esad, header=replace(esad.header, message_identifier="OTHER")))
    lt.known.profile = replace(lt.known.profile, law=LawInParts((RECEIPTS,)))

    (note,) = first.effects
    assert note.key == goods_key(ARC)
    assert [(one.number, one.cn_code, one.quantity) for one in goods_in(note)] == [
        (one.body_record_unique_reference, one.cn_code, one.quantity) for one in esad.body_ead_esad
    ]
    assert again.effects == ()
    assert lt.peer(replace(receipt(), header=esad.header)).effects == ()


def test_satisfactory_report_is_a_receipt_of_everything() -> None:
    """On the day on which the goods arrived, under the month of that day and the consignee."""
    report = receipt(Conclusion.ACCEPTED_AND_SATISFACTORY)
    answer, esad = arrived(report)
    kept, day = received(answer), report.report_of_receipt_export.date_of_arrival_of_excise_products

    assert (kept.seed, kept.document, kept.day, kept.sequence) == (CONSIGNEE, ARC, day, 1)
    assert answer.effects[0].key == receipts_key(CONSIGNEE, day)
    assert [line.quantity for line in kept.lines] == [line.quantity for line in esad.body_ead_esad]


def test_shortage_and_excess_change_what_was_received() -> None:
    """By exactly what the report says; the other lines came as they were sent."""
    _, _, esad = on_its_way()
    sent, conclusion = esad.body_ead_esad[0].quantity, Conclusion.ACCEPTED_ALTHOUGH_UNSATISFACTORY
    amount = Decimal("1.5")
    for indicator, sign in ((Indicator.SHORTAGE, -1), (Indicator.EXCESS, 1)):
        values = {"indicator_of_shortage_or_excess": indicator, "observed_shortage_or_excess": amount}
        answer, _ = arrived(told(conclusion, esad, **values))
        assert received(answer).lines[0].quantity == sent + sign * amount


def test_refused_goods_are_not_received() -> None:
    """Nothing follows from a refusal, and from a partial one what was not refused."""
    _, pl, esad = on_its_way()
    pl.peer(esad)
    first = esad.body_ead_esad[0]
    partly = pl.trader(told(Conclusion.PARTIALLY_REFUSED, esad, refused_quantity=first.quantity))

    whole = arrived(told(Conclusion.REFUSED, esad))[0]
    assert (whole.faults, whole.effects) == ((), ())
    assert first.body_record_unique_reference not in [line.number for line in received(partly).lines]


def test_what_was_refused_is_received_where_it_goes_next() -> None:
    """At another place of the same consignee: a receipt of its own, of the rest alone."""
    _, pl, esad = on_its_way()
    pl.peer(esad)
    refused = Decimal("1.5")
    pl.trader(told(Conclusion.PARTIALLY_REFUSED, esad, refused_quantity=refused))
    assert pl.peer(change(sequence=2)).faults == ()
    kept = received(pl.trader(receipt(Conclusion.ACCEPTED_AND_SATISFACTORY, sequence=2)))

    assert (kept.sequence, [line.quantity for line in kept.lines]) == (2, [refused])


def test_other_messages_are_no_receipts() -> None:
    """An alert says that something is amiss, not that anything came."""
    _, pl, esad = on_its_way()
    pl.peer(esad)
    answer = pl.trader(alert(rejected=False))

    assert (answer.faults, answer.effects) == ((), ())


def test_return_is_no_receipt_of_a_consignee() -> None:
    """The consignor reports what came back; it is on the other side."""
    lt = State("LT")
    lt.known.profile = replace(lt.known.profile, law=LawInParts((RECEIPTS,)))
    lt.trader(sent())
    lt.trader(way_back())

    assert lt.trader(returned()).effects == ()


def test_report_about_goods_that_were_not_noted_says_what_the_movement_knows() -> None:
    """An e-SAD that came before the law did: products and quantities, and no CN code."""
    _, pl, esad = on_its_way()
    pl.known.profile = replace(pl.known.profile, law=None)
    pl.peer(esad)
    pl.known.profile = replace(pl.known.profile, law=LawInParts((RECEIPTS,)))
    kept = received(pl.trader(receipt(Conclusion.ACCEPTED_AND_SATISFACTORY)))

    assert [(line.product, line.cn_code) for line in kept.lines] == [
        (line.excise_product_code, None) for line in esad.body_ead_esad
    ]


def test_laws_beside_each_other_are_one() -> None:
    """Each part asks, finds and notes; the notes of all are there for each."""
    both = LawInParts((RECEIPTS, RECEIPTS))
    _, pl, esad = on_its_way()
    pl.known.profile = replace(pl.known.profile, law=both)

    assert both.asks(receipt()) == {goods_key(ARC)}
    kinds = [note.kind for note in pl.peer(esad).effects]
    assert kinds == [GOODS, GOODS]
    assert [note.kind for note in pl.trader(receipt()).effects] == [RECEIPT, RECEIPT]
