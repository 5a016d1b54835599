"""Two processes on one store, with all that two processes have: nothing is taken twice, lost, or numbered twice."""

from dataclasses import replace
from pathlib import Path

from helpers.forked import ready
from helpers.gateway import CONSIGNOR, PATIENCE, SECOND_CONSIGNOR, HandClock, copy_of_box, new_draft
from helpers.overlapping import commit_all

PAIRS = 24


def test_two_processes_that_take_the_same_messages_agree(tmp_path: Path) -> None:
    """Each gets all documents, in groups of its own: both tell the same of each, and each number is used once."""
    box = copy_of_box(tmp_path)
    drafts = [new_draft((CONSIGNOR, SECOND_CONSIGNOR)[number % 2]) for number in range(PAIRS)]
    rivals = [replace(draft, header=new_draft().header) for draft in drafts]
    documents = [
        box.signed(draft.consignor_trader.trader_excise_number, draft)
        for pair in zip(drafts, rivals, strict=True)
        for draft in pair
    ]
    begin, answers = ready.Barrier(2), ready.Queue()
    ways = [
        [documents[place : place + 5] for place in range(0, len(documents), 5)],
        [documents[place : place + 3][::-1] for place in range(0, len(documents), 3)],
    ]
    root = box.members["LT"].data.root
    processes = [ready.Process(target=commit_all, args=(root, way, begin, answers), daemon=True) for way in ways]
    for process in processes:
        process.start()
    one, other = (answers.get(timeout=PATIENCE) for _ in processes)
    for process in processes:
        process.join(PATIENCE)

    assert one == other
    assert sorted(rules for _, _, rules in one.values()) == [[]] * PAIRS + [["BR001"]] * PAIRS
    with box.open("LT", HandClock()) as lt:
        assert len(lt.rows("movement")) == len(lt.due()) == PAIRS
        assert [entry.seq for entry in lt.mailbox("NDEA.PL")] == list(range(1, PAIRS + 1))
        assert lt.checked().problems == ()
