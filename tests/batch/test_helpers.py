"""Helpers read, judge and sign beside the worker: what they find is what it would have found by itself."""

import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from esad_gateway.batch.tables.opening import OpenedBatch
from esad_gateway.batch.tables.reading import ALL, Document, Share
from esad_gateway.batch.trader_keys import TraderKeys
from esad_gateway.batch.work.helpers import WORTH, Helped, HelperLost, Helpers, helping
from esad_gateway.batch.work.worker import opener_of
from esad_gateway.errors import Unreadable
from esad_gateway.ports.batches import BATCH_FILE, Batch
from esad_gateway.sheets.flaws import flaw
from esad_gateway.store.packing import unpack
from esad_gateway.xml.parse import parse
from helpers.batches import Office, dispatches, numbered, office_of, table
from helpers.gateway import CONSIGNOR, NOW, Box
from helpers.workers import WorkerProcess, wait_until

pytestmark = pytest.mark.usefixtures("kept_key")

COUNT = 70
"""Documents: some chunks for each of several helpers, and a part of one."""


def handed_in(office: Office, numbers: Sequence[str] = (), **values: str) -> Batch:
    """Dispatches of which the second one is wrong, and one in the middle has stood before."""
    first, second, *rest = numbers or numbered("A", COUNT)
    rows = [*dispatches(first), *dispatches(second, quantity="-1"), *dispatches(*rest), *dispatches(first)]
    content = table("dispatch", NOW.date(), rows)
    assert len(content) > WORTH
    return office.hand_in(content, "dispatch", CONSIGNOR, **values)


def path_of(office: Office, batch: Batch) -> Path:
    """Where its file lies."""
    return office.runtime.data.batches / batch.id / BATCH_FILE


def helpers_of(office: Office, count: int) -> AbstractContextManager[Helpers]:
    """So many helpers on a gateway."""
    opener = opener_of(office.runtime)
    keys = TraderKeys(office.runtime.data.trader_keys)
    return helping(lambda batch: opener(batch, path_of(office, batch), checked=True), keys.signer, count)


def helped(office: Office, helpers: Helpers, batch: Batch, share: Share = ALL) -> list[Document]:
    """What helpers make of a batch."""
    keys = TraderKeys(office.runtime.data.trader_keys)
    with Helped(opener_of(office.runtime), helpers, keys.signer)(batch, path_of(office, batch)) as opened:
        return list(opened.documents(share))


def alone(office: Office, batch: Batch, share: Share = ALL) -> list[Document]:
    """What one process makes of it."""
    with opener_of(office.runtime)(batch, path_of(office, batch)) as opened:
        return list(opened.documents(share))


def told(documents: Sequence[Document]) -> list[object]:
    """What documents say; what was signed has identifiers of its own."""
    return [(one.source, one.key, one.faults, one.content, one.entry is None) for one in documents]


@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize("share", [ALL, Share(begin=37)])
def test_helpers_find_what_one_process_finds(office: Office, count: int, share: Share) -> None:
    """In the order of the file, from any place on; a document that stood in another one's share before is refused."""
    batch = handed_in(office)
    with helpers_of(office, count) as helpers:
        twice = [helped(office, helpers, batch, share) for _ in range(2)]
        assert helpers.free

    expected = told(alone(office, batch, share))
    assert [told(one) for one in twice] == [expected, expected]
    assert len(expected) == COUNT + 1 - share.begin
    assert [fault.rule for fault in twice[0][-1].faults] == ["ROW-AGAIN"]


def test_what_helpers_give_is_signed_and_packed(office: Office) -> None:
    """The worker stores it as it is; it verifies and is taken like any other draft."""
    batch = handed_in(office)
    with helpers_of(office, 2) as helpers:
        first = helped(office, helpers, batch)[0]

    assert parse(unpack(first.entry))[-1].tag == "{http://www.w3.org/2000/09/xmldsig#}Signature"


def test_file_that_cannot_be_read_on_is_told_after_what_came_before(office: Office) -> None:
    """Whoever of the helpers finds it first: all that stands before is there, in its order."""
    batch, ends = handed_in(office), 40
    opener, keys = opener_of(office.runtime), TraderKeys(office.runtime.data.trader_keys)

    def documents(opened: OpenedBatch, share: Share) -> Iterator[Document]:
        for place, one in enumerate(opened.documents(ALL)):
            if place == ends:
                raise Unreadable((flaw("SHEET-EMPTY").fault(),))
            if place in share:
                yield one

    @contextmanager
    def broken(batch: Batch) -> Iterator[OpenedBatch]:
        with opener(batch, path_of(office, batch), checked=True) as opened:
            yield replace(opened, documents=partial(documents, opened))

    with helping(broken, keys.signer, 2) as helpers:
        told_before = helpers.documents(batch, ALL)
        found = [next(told_before) for _ in range(ends)]
        with pytest.raises(Unreadable) as refused:
            next(told_before)
        assert helpers.free

    assert told(found) == told(alone(office, batch)[:ends])
    assert refused.value.faults == (flaw("SHEET-EMPTY").fault(),)


def test_helper_that_is_killed_is_missed(office: Office) -> None:
    """No document is left out in silence: the batch is begun anew by another worker."""
    batch = handed_in(office)
    with helpers_of(office, 2) as helpers:
        os.kill(helpers.pids[1], signal.SIGKILL)
        with pytest.raises(HelperLost, match=f"batch {batch.id} has ended before its work"):
            helped(office, helpers, batch)
        assert not helpers.free
        assert told(helped(office, helpers, batch)) == told(alone(office, batch))


def test_whoever_reads_no_further_leaves_no_helper_behind(office: Office) -> None:
    """A batch that is withdrawn meanwhile: they end, and the worker goes on alone."""
    batch = handed_in(office)
    with helpers_of(office, 2) as helpers:
        pids = helpers.pids
        documents = helpers.documents(batch, ALL)
        next(documents)
        documents.close()
        assert not helpers.free
        assert not any(_is_there(pid) for pid in pids)


def test_helpers_end_with_their_worker(box: Box) -> None:
    """However it ends: whoever is killed cannot tell them."""
    root = box.members["LT"].data.root
    with box.open("LT") as station:
        office = office_of(station)
        handed_in(office, list(numbered("L", 5_000)))
        worker = WorkerProcess(root)
        wait_until(lambda: len(_children(worker.pid)) > 0, "the worker has helpers")
        helpers = _children(worker.pid)
        worker.kill()
        wait_until(lambda: not any(_is_there(pid) for pid in helpers), "they end")


def _children(pid: int) -> list[int]:
    return [int(stat.parent.name) for stat in Path("/proc").glob("[0-9]*/stat") if _fields(stat)[1:2] == [str(pid)]]


def _fields(stat: Path) -> list[str]:
    """What the system says of a process behind its name: its state, its parent; nothing of one that has ended."""
    try:
        return stat.read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def _is_there(pid: int) -> bool:
    return _fields(Path(f"/proc/{pid}/stat"))[:1] not in ([], ["Z"])
