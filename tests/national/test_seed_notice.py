"""IE713 of our own: when our register changes, every other administration that we know is told, once and in order."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from esad_gateway.emcs.messages import IE713, IE714
from esad_gateway.emcs.registry import Operator, OperatorType
from esad_gateway.emcs.seed import Change
from esad_gateway.errors import StoreUnavailable
from esad_gateway.faults import Said
from esad_gateway.identities import message_identifiers
from esad_gateway.national.seed_notices import SeedNotices
from esad_gateway.ports.outbox import DeliveryOutcome
from esad_gateway.ports.writing import REGISTER_LINE
from esad_gateway.simulator.drafts import Parties, draft
from helpers.gateway import CONSIGNEE, FOREIGN_CONSIGNOR, NOW, OPERATORS, Box, HandClock, Station
from helpers.seed import change

TODAY = NOW.date()
BY_SEED = {operator.seed: operator for operator in OPERATORS}
NEW = replace(BY_SEED[CONSIGNEE], seed="LT00000000199", valid_from=TODAY)


def notices(lt: Station) -> SeedNotices:
    """What tells others of changes of the Lithuanian register."""
    runtime = lt.runtime
    return SeedNotices(runtime.verifier.signer, runtime.readers, runtime.profile, message_identifiers("LT"))


def fail() -> None:
    """What a store does that cannot go on."""
    raise StoreUnavailable(Said("store.unwritten"))


def tell(lt: Station, *changes: Change, then: Callable[[], None] = lambda: None) -> None:
    """Change the register of Lithuania, and file what tells others so, in one transaction; ``then`` ends it."""
    telling, now = notices(lt), lt.clock.at
    told = telling.signed(changes, lt.runtime.verifier.peers(), now)
    with lt.runtime.store.transaction() as transaction:
        assert transaction.lock()
        transaction.write(telling.records(transaction, changes, told, now))
        then()


def created(operator: Operator = NEW, operation: str = "C") -> Change:
    """A change that is active today."""
    return change(operator, operation, TODAY)


def test_every_administration_that_we_know_is_told_once(box: Box, lt: Station, pl: Station) -> None:
    """One message to each, signed and valid; delivered again it is known as a duplicate, and changes nothing."""
    tell(lt, created())

    assert [name for name, _ in lt.due()] == ["NDEA.DE", "NDEA.PL"]
    assert {row["arc"] for row in lt.rows("outbox")} == {REGISTER_LINE}
    message = lt.last("NDEA.PL")
    assert isinstance(message, IE713)
    assert (message.header.message_sender, message.header.message_recipient) == ("NDEA.LT", "NDEA.PL")
    assert lt.problems_of_documents(box) == []
    assert lt.checked().problems == ()
    lt.deliver_to(pl)
    lt.run_sql("UPDATE outbox SET delivered_at = NULL WHERE destination = 'NDEA.PL'")
    assert lt.deliver_to(pl) == [DeliveryOutcome.DUPLICATE]
    assert pl.types("NDEA.LT") == [("in", "IE713")]


def test_peers_know_the_new_operator_and_send_to_it(box: Box, lt: Station, pl: Station) -> None:
    """A consignor in Poland is refused before, and accepted as soon as Poland was told."""
    sending = draft(Parties(BY_SEED[FOREIGN_CONSIGNOR], NEW), NOW, TODAY)
    assert [fault.rule for fault in pl.take(box.signed(FOREIGN_CONSIGNOR, sending)).faults] == ["R045"]
    tell(lt, created())

    lt.deliver_to(pl)

    again = draft(Parties(BY_SEED[FOREIGN_CONSIGNOR], NEW), NOW, TODAY)
    assert pl.take(box.signed(FOREIGN_CONSIGNOR, again)).faults == ()
    found = pl.runtime.registry.operator(NEW.seed)
    assert found is not None
    assert (found[0].operator_type, found[0].products) == (OperatorType.CERTIFIED_CONSIGNEE, NEW.products)


def test_changes_of_a_number_reach_a_peer_in_order(lt: Station, pl: Station) -> None:
    """It is created and ended before anything was delivered: the end does not overtake the beginning."""
    tell(lt, created())
    tell(lt, replace(created(operation="I"), activation=TODAY + timedelta(days=1)))

    while lt.due() and lt.deliver_to(pl):
        pass

    found = pl.runtime.registry.operator(NEW.seed)
    assert found is not None
    assert found[0].valid_to == TODAY


def test_gateway_that_ends_after_the_commit_tells_afterwards(box: Box, pl: Station, clock: HandClock) -> None:
    """What was committed waits in the store, and the next process sends these very bytes."""
    with box.open("LT", clock) as lt:
        tell(lt, created())
        (waiting,) = (body for name, body in lt.due() if name == "NDEA.PL")

    with box.open("LT", clock) as lt:
        assert lt.deliver_to(pl) == [DeliveryOutcome.ACCEPTED]
        assert pl.document("NDEA.LT", 1) == waiting


def test_nothing_is_told_of_what_was_not_written(lt: Station) -> None:
    """A transaction that fails leaves neither the change nor the messages."""
    with pytest.raises(StoreUnavailable):
        tell(lt, created(), then=fail)

    assert (lt.rows("outbox"), lt.types("NDEA.PL")) == ([], [])
    assert lt.runtime.registry.operator(NEW.seed) is None


def test_refusal_of_a_peer_comes_back_to_us(lt: Station, pl: Station) -> None:
    """Poland has the number already: its IE714 is filed beside what it refuses, and is not answered."""
    tell(lt, created(BY_SEED[CONSIGNEE]))
    lt.deliver_to(pl)

    pl.deliver_to(lt)

    refusal = lt.last("NDEA.PL")
    assert isinstance(refusal, IE714)
    assert refusal.header.correlation_identifier == lt.mailbox("NDEA.PL")[0].identifier
    assert [name for name, _ in lt.due()] == ["NDEA.DE"]


def test_nobody_is_told_when_nothing_changes(lt: Station) -> None:
    """No change, no message."""
    assert notices(lt).signed([], ["NDEA.PL"], NOW) == ()
