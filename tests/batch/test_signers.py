"""The key of a trader is replaced, removed or not believed any more in the middle of a batch: nothing is half done."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest

from esad_gateway.batch.tables.signed_drafts import OwnDraft, write_signed_drafts
from esad_gateway.batch.trader_keys import TraderKeys
from esad_gateway.emcs.messages import IE815
from esad_gateway.ports.batches import Batch, BatchState, Mode, RowOutcome
from esad_gateway.provision import issue_certificate
from esad_gateway.signing.pki import Identity, KeyKind
from esad_gateway.signing.signer import XmlSigner
from esad_gateway.store.certificates import fingerprint_of
from esad_gateway.texts import languages, say
from esad_gateway.xml.binding import Binder
from helpers.batches import Office, dispatches, keep_key, numbered, office_of, table
from helpers.gateway import CONSIGNOR, NOW, Box, Station, new_draft

pytestmark = pytest.mark.usefixtures("kept_key")

TAKEN, REFUSED, WAITING = RowOutcome.TAKEN, RowOutcome.REFUSED, RowOutcome.WAITING
SENT = 20


@pytest.fixture
def fresh(lt: Station) -> Identity:
    """A new key of the consignor with a certificate of the CA, which nobody knows yet."""
    return issue_certificate(lt.member.data, CONSIGNOR, NOW, KeyKind.P256)


def keep(lt: Station, identity: Identity) -> None:
    """Have the gateway keep another key of the consignor."""
    keys = TraderKeys(lt.member.data.trader_keys)
    keys.forget(CONSIGNOR)
    keys.keep(CONSIGNOR, identity.key, identity.certificate)


def believe(lt: Station, identity: Identity) -> None:
    """Register a certificate of the consignor in place of the one before, which is not believed from now on."""
    lt.clock.at += timedelta(seconds=2)
    lt.runtime.registry.add_certificates(CONSIGNOR, (identity.certificate,))


def begun(office: Office, mode: Mode, true: Callable[[Batch], object]) -> Batch:
    """A batch of dispatches that was worked on until it was so far; then the worker is gone."""
    rows = dispatches(*numbered("X", SENT))
    batch = office.hand_in(table("dispatch", NOW.date(), rows), "dispatch", CONSIGNOR, mode=mode)
    steps = office.steps()
    while not true(office.desk.batch(CONSIGNOR, batch.id)):
        next(steps)
    steps.close()
    return batch


SO_FAR: dict[str, tuple[Mode, Callable[[Batch], object]]] = {
    "row by row, when some are taken": (Mode.ROWS, lambda now: now.counts.get(TAKEN)),
    "as a whole, before it is judged": (Mode.WHOLE, lambda now: now.documents == SENT),
    "as a whole, before it is taken": (Mode.WHOLE, lambda now: now.state is BatchState.WORKING),
}


def once_each(office: Office, lt: Station, batch: Batch) -> bool:
    """Whether every document was taken, and has one movement."""
    movements = lt.rows("movement")
    told = {row.arc for row in office.rows(batch, TAKEN)}
    return told == {row["arc"] for row in movements} and len(movements) == len(told) == SENT


@pytest.mark.parametrize("when", SO_FAR)
def test_key_that_is_replaced_signs_what_waits(office: Office, lt: Station, fresh: Identity, when: str) -> None:
    """Drafts that were signed with the one before, and not submitted, are signed anew: no row is refused for it."""
    batch = begun(office, *SO_FAR[when])

    believe(lt, fresh)
    keep(lt, fresh)
    office.work()
    signers = {row["fingerprint"] for row in lt.documents()}

    assert office.desk.batch(CONSIGNOR, batch.id).state is BatchState.ENDED
    assert once_each(office, lt, batch)
    assert fingerprint_of(fresh.certificate) in signers


@pytest.mark.parametrize("when", SO_FAR)
def test_key_that_is_not_believed_any_more_stops_the_batch(
    office: Office, lt: Station, fresh: Identity, when: str
) -> None:
    """What was taken stays, what waits waits: it goes on when the key is kept that is believed."""
    batch = begun(office, *SO_FAR[when])

    believe(lt, fresh)
    office.work()
    stopped, waiting = office.desk.batch(CONSIGNOR, batch.id), office.rows(batch, WAITING)
    keep(lt, fresh)
    office.desk.resume(CONSIGNOR, batch.id)
    office.work()

    assert stopped.state is BatchState.STOPPED
    assert [fault.rule for fault in stopped.faults] == ["BATCH-SIGNER"]
    for language in languages():
        assert CONSIGNOR in say(stopped.faults[0].hint, language)
    assert len(waiting) == SENT - stopped.counts.get(TAKEN, 0)
    assert set(stopped.counts) <= {TAKEN, WAITING}
    assert once_each(office, lt, batch)


def test_key_that_is_removed_signs_nothing_more(office: Office, lt: Station, box: Box) -> None:
    """What was signed before is submitted, as its trader wanted; then the batch waits for a key."""
    rows = dispatches(*numbered("X", 300))
    batch = office.hand_in(table("dispatch", NOW.date(), rows), "dispatch", CONSIGNOR)
    steps = office.steps()
    while not office.desk.batch(CONSIGNOR, batch.id).counts.get(TAKEN):
        next(steps)
    signed = len(office.rows(batch))
    TraderKeys(lt.member.data.trader_keys).forget(CONSIGNOR)
    for _ in steps:
        pass
    stopped = office.desk.batch(CONSIGNOR, batch.id)
    keep_key(box)
    office.desk.resume(CONSIGNOR, batch.id)
    office.work()

    assert signed < 300
    assert (stopped.state, stopped.faults[0].rule) == (BatchState.STOPPED, "BATCH-KEY")
    assert stopped.counts == {TAKEN: signed}
    assert office.desk.batch(CONSIGNOR, batch.id).counts == {TAKEN: 300}
    assert len(lt.rows("movement")) == 300


def own(signer: XmlSigner, drafts: list[IE815]) -> bytes:
    """A file of drafts as their trader signs them."""
    written = BytesIO()
    binder = Binder("V3.23")
    write_signed_drafts(
        written,
        (
            OwnDraft(rows=(n,), document=f"X{n}", content=bytes([n]) * 32, signed=signer.sign(binder.write(one)))
            for n, one in enumerate(drafts, 2)
        ),
    )
    return written.getvalue()


def _expired(lt: Station, _: Identity) -> None:
    lt.clock.at += timedelta(days=4000)


ENDS: dict[str, tuple[Callable[[Station, Identity], None], str]] = {
    "replaced": (believe, "no longer believed"),
    "expired": (_expired, "is valid from"),
}


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("mode", Mode)
def test_draft_whose_own_signer_has_ended_is_refused_with_the_reason(
    box: Box, lt: Station, fresh: Identity, mode: Mode, end: str
) -> None:
    """Between the upload and the submission: the row says why, in every language, and nothing was submitted."""
    office, drafts, (act, why) = office_of(lt), [new_draft() for _ in range(2)], ENDS[end]
    batch = office.hand_in(
        own(box.traders[CONSIGNOR].signer, drafts), "dispatch", CONSIGNOR, mode=mode, declared={"format": "signed"}
    )
    act(lt, fresh)
    office.work()
    refused = office.rows(batch)

    assert office.outcomes(batch) == [REFUSED, REFUSED]
    assert [fault.rule for row in refused for fault in row.faults] == ["BATCH-DRAFT"] * 2
    assert why in say(refused[0].faults[0].hint)
    assert {str(fault.place) for row in refused for fault in row.faults} == {"/EadEsadDraft/LocalReferenceNumber"}
    assert lt.rows("movement") == []
