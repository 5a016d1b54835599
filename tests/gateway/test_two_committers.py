"""Two gateways on one store: each decides and signs without the write lock, and nothing is written that is not so."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from esad_gateway.emcs.movement import Origin
from esad_gateway.emcs.registry import OperatorType, TemporaryAuthorisation
from esad_gateway.errors import IdentifierReused, OverQuota, SignatureRefused
from esad_gateway.gateway.quotas import Quotas
from esad_gateway.ports.reading import Outcome, Receipt
from helpers.counting import statements
from helpers.gateway import (
    CONSIGNEE,
    CONSIGNOR,
    FOREIGN_CONSIGNEE,
    FOREIGN_CONSIGNOR,
    SECOND_CONSIGNOR,
    Box,
    HandClock,
    Station,
    new_draft,
    new_report,
)
from helpers.overlapping import commit, while_signing
from helpers.protocol import change
from helpers.samples import evolve
from helpers.scenario import Scenario


@pytest.fixture
def other(box: Box, lt: Station, clock: HandClock) -> Iterator[Station]:
    """A second gateway on the store of Lithuania."""
    with box.open("LT", clock) as station:
        assert station.member is lt.member
        yield station


def overlapped(lt: Station, other: Station, first: bytes, second: bytes) -> Any:
    """The answers to two messages: while the first is signed, the other gateway takes the second."""
    later: list[Any] = []
    committer = while_signing(lt.runtime.committer, lambda: later.extend(other.commit(second)))
    (answer,) = commit(committer, lt, lt.intake(first))
    assert len(later) == 1, "the other gateway did not act in between"
    assert lt.checked().problems == ()
    return answer, later[0]


def rules(answer: Any) -> list[str]:
    """The rules that a receipt refuses by."""
    assert isinstance(answer, Receipt)
    return [fault.rule for fault in answer.faults]


def test_what_others_write_meanwhile_costs_nothing_when_it_is_about_nothing_that_was_asked(
    box: Box, lt: Station, other: Station
) -> None:
    """Both are taken as decided, signed once, and stand one after the other in the mailboxes that they share."""
    signed: Counter[str] = Counter()
    committer = lt.runtime.committer

    def signer() -> Any:
        signed["documents"] += 1
        return committer.signer()

    meanwhile = box.signed(SECOND_CONSIGNOR, new_draft(SECOND_CONSIGNOR))
    overlapping = while_signing(replace(committer, signer=signer), lambda: other.take(meanwhile))
    [answer] = commit(overlapping, lt, lt.intake(box.signed(CONSIGNOR, new_draft())))

    assert rules(answer) == []
    assert signed["documents"] == 1
    assert [listed.seq for listed in lt.mailbox("NDEA.PL")] == [1, 2]
    assert lt.mailbox("NDEA.PL")[1].arc == answer.arc
    assert lt.checked().problems == ()


def test_places_are_counted_when_the_group_is_written(box: Box, lt: Station, other: Station) -> None:
    """Two drafts of one consignor: the receipt has the place that the message got, after that of the other gateway."""
    drafts = [box.signed(CONSIGNOR, new_draft()) for _ in range(2)]

    first, second = overlapped(lt, other, *drafts)

    assert (second.seq, [reply.seq for reply in second.replies]) == (1, [2])
    assert (first.seq, [reply.seq for reply in first.replies]) == (3, [4])
    assert [listed.seq for listed in lt.mailbox(CONSIGNOR)] == [1, 2, 3, 4]
    assert replace(first, repeated=True) == lt.take(drafts[0])


def test_same_bytes_are_taken_once(box: Box, lt: Station, other: Station) -> None:
    """Who comes second gets the receipt of the first, and what was decided for it is forgotten."""
    document = box.signed(CONSIGNOR, new_draft())

    first, second = overlapped(lt, other, document, document)

    assert first == replace(second, repeated=True)
    assert lt.types(CONSIGNOR) == [("in", "IE815"), ("out", "IE801")]


def test_same_message_signed_anew_is_taken_once(box: Box, lt: Station, other: Station) -> None:
    """The content tells."""
    draft = new_draft()

    first, second = overlapped(lt, other, box.signed(CONSIGNOR, draft), box.signed(CONSIGNOR, draft))

    assert first == replace(second, repeated=True)


def test_identifier_is_used_for_one_content(box: Box, lt: Station, other: Station) -> None:
    """Who comes second with other content is told where the identifier was used."""
    draft = new_draft()
    same = replace(new_draft(), header=draft.header)

    first, second = overlapped(lt, other, box.signed(CONSIGNOR, draft), box.signed(CONSIGNOR, same))

    assert isinstance(first, IdentifierReused)
    assert second.outcome is Outcome.ACCEPTED
    assert len(lt.rows("movement")) == 1


def test_local_reference_number_is_used_once(box: Box, lt: Station, other: Station) -> None:
    """The second draft under it is refused (BR001), though the number was free when it was decided."""
    draft = new_draft()
    same = replace(new_draft(), ead_esad_draft=draft.ead_esad_draft)

    first, second = overlapped(lt, other, box.signed(CONSIGNOR, draft), box.signed(CONSIGNOR, same))

    assert (rules(first), rules(second)) == (["BR001"], [])
    assert len(lt.rows("movement")) == 1


def test_quantities_of_a_temporary_authorisation_are_used_once(box: Box, lt: Station, other: Station) -> None:
    """Two drafts that want the last of them: the second is refused (BR052)."""
    found = lt.runtime.registry.operator(FOREIGN_CONSIGNEE)
    assert found is not None
    operator, address = found
    kind = OperatorType.TEMPORARY_CERTIFIED_CONSIGNEE
    enough_for_one = {line.excise_product_code: line.quantity for line in new_draft().body_ead_esad}
    limits = TemporaryAuthorisation(counterparty=CONSIGNOR, reusable=True, quantities=enough_for_one)
    lt.runtime.registry.add_operators([(replace(operator, operator_type=kind, temporary=limits), address, ())])
    drafts = [evolve(new_draft(), {"header_ead_esad.destination_type_code": "10"}) for _ in range(2)]

    first, second = overlapped(lt, other, *(box.signed(CONSIGNOR, draft) for draft in drafts))

    assert ({*rules(first)}, rules(second)) == ({"BR052"}, [])


def test_movement_is_closed_once(box: Box, lt: Station, other: Station, pl: Station) -> None:
    """Two reports on one ARC: the second is out of sequence."""
    assert rules(pl.take(box.signed(FOREIGN_CONSIGNOR, new_draft(FOREIGN_CONSIGNOR, CONSIGNEE)))) == []
    pl.deliver_to(lt)
    reports = [box.signed(CONSIGNEE, new_report(lt.last(CONSIGNEE))) for _ in range(2)]

    first, second = overlapped(lt, other, *reports)

    assert (rules(first), rules(second)) == (["GW-004"], [])
    assert [row["state"] for row in lt.rows("movement")] == ["X03"]


def test_change_of_the_register_counts_from_its_commit(box: Box, lt: Station, other: Station) -> None:
    """A consignee that is taken out of the register while its e-SAD is signed gets none."""
    found = other.runtime.registry.operator(FOREIGN_CONSIGNEE)
    assert found is not None
    operator, address = found
    ended = replace(operator, valid_to=operator.valid_from + timedelta(days=1))
    committer = while_signing(
        lt.runtime.committer, lambda: other.runtime.registry.add_operators([(ended, address, ())])
    )

    [answer] = commit(committer, lt, lt.intake(box.signed(CONSIGNOR, new_draft())))

    assert rules(answer) == ["R045"]
    assert lt.rows("movement") == []
    assert lt.checked().problems == ()


def test_revocation_counts_for_what_is_verified_after_it(box: Box, lt: Station, other: Station) -> None:
    """What was verified before is taken, as if the gateway had written it a moment earlier; the next one is refused."""
    documents = [box.signed(CONSIGNOR, new_draft()) for _ in range(2)]
    committer = while_signing(
        lt.runtime.committer,
        lambda: other.clock.move(seconds=5),
        lambda: other.runtime.registry.add_certificates(CONSIGNOR, ()),
    )

    [answer] = commit(committer, lt, lt.intake(documents[0]))

    assert rules(answer) == []
    with pytest.raises(SignatureRefused):
        lt.take(documents[1])
    assert lt.checked().problems == ()


def test_message_does_not_wait_for_what_has_come_meanwhile(box: Box, lt: Station, pl: Station) -> None:
    """A change that found no e-SAD is decided again when another gateway has taken the e-SAD before it was parked."""
    assert lt.take(box.signed(CONSIGNOR, new_draft())).faults == ()
    Scenario(box, lt, pl, lt.last(CONSIGNOR)).consignor(change())
    (_, e_sad), (_, changed) = lt.due()
    with box.open("PL", pl.clock) as other:
        wrong = box.signed(FOREIGN_CONSIGNEE, new_report(lt.last(CONSIGNOR, "IE801")))
        committer = while_signing(pl.runtime.committer, lambda: other.take(e_sad, Origin.ADMINISTRATION))
        # A message that is answered beside it, so that something is signed before the group is written.
        items = [pl.intake(changed, Origin.ADMINISTRATION), pl.intake(wrong)]
        parked, _ = commit(committer, pl, *items)

    assert parked.outcome is Outcome.ACCEPTED
    assert pl.rows("parked") == []
    assert pl.checked().problems == ()


def test_clock_does_not_fire_for_what_has_ended_meanwhile(box: Box, lt: Station, pl: Station) -> None:
    """A reminder is signed, and then there is no reason for it any more."""
    way = Scenario.begin(box, lt, pl)
    assert way.report().faults == ()
    [(_, report)] = pl.due()
    lt.clock.move(days=30)
    with box.open("LT", lt.clock) as other:
        committer = while_signing(lt.runtime.committer, lambda: other.take(report, Origin.ADMINISTRATION))
        assert committer.tick(lt.clock.at) == 0

    assert [entry.type for entry in lt.mailbox("NDEA.PL") if entry.direction == "out"] == ["IE801"]
    assert lt.checked().problems == ()


def test_quota_counts_what_others_have_kept(box: Box, lt: Station, other: Station) -> None:
    """Two refused messages for one place that is left: the second is not kept."""
    wrong = [evolve(new_draft(), {"transport_mode.transport_mode_code": "6"}) for _ in range(2)]
    strict = replace(lt.runtime.committer, quotas=Quotas(refused=1))
    committer = while_signing(strict, lambda: other.take(box.signed(CONSIGNOR, wrong[1])))

    [answer] = commit(committer, lt, lt.intake(box.signed(CONSIGNOR, wrong[0])))

    assert isinstance(answer, OverQuota)
    assert [listed.seq for listed in lt.mailbox(CONSIGNOR)] == [1, 2]


def test_one_process_asks_nothing_twice(box: Box, lt: Station) -> None:
    """Where nobody else has committed, all that the lock costs is to find that out."""
    lt.take(box.signed(CONSIGNOR, new_draft()))
    with statements(lt.runtime.store.writer) as traced:
        lt.commit(*(box.signed(CONSIGNOR, new_draft()) for _ in range(3)))

    begin = traced.index("BEGIN IMMEDIATE")
    after = [one for one in traced[begin + 1 :] if not one.startswith("INSERT")]
    assert traced[0] == after[0] == "PRAGMA data_version"
    assert [one.split("FROM ")[1].split()[0] for one in after if one.startswith("SELECT")] == ["mailbox"]
