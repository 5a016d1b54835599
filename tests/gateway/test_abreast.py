"""Documents that go through the rooms abreast."""

from collections.abc import Iterator

import pytest

from esad_gateway.errors import MalformedXml, SignatureRefused
from esad_gateway.faults import said
from esad_gateway.gateway.abreast import Walk, abreast, alone
from esad_gateway.gateway.access import A_TRADER
from esad_gateway.gateway.intake import Accepted, Submission
from helpers.gateway import CONSIGNOR, Box, Station, new_draft
from helpers.samples import evolve


def walking(name: str, rooms: int, seen: list[str]) -> Walk[str]:
    """A walk through so many rooms, which notes where it is."""
    for room in range(1, rooms + 1):
        seen.append(f"{name}{room}")
        yield
    return name


def refused(name: str, seen: list[str]) -> Walk[str]:
    """A walk that ends in its second room."""
    seen.append(f"{name}1")
    yield
    raise MalformedXml(said("xml.parser", words=name), 1, 1)


def test_all_pass_a_room_before_any_enters_the_next() -> None:
    """Short walks end early, and every result stands in the place of its walk."""
    seen: list[str] = []

    assert abreast([walking("a", 3, seen), walking("b", 1, seen), walking("c", 2, seen)]) == ["a", "b", "c"]
    assert seen == ["a1", "b1", "c1", "a2", "c2", "a3"]


def test_walk_that_fails_hurts_no_other() -> None:
    """Its exception stands in its place."""
    seen: list[str] = []
    first, second, third = abreast([walking("a", 2, seen), refused("b", seen), walking("c", 2, seen)])

    assert (first, third) == ("a", "c")
    assert isinstance(second, MalformedXml)


def test_walk_begins_when_the_one_before_is_through_its_first_room() -> None:
    """So whoever hands out the walks can see what the first rooms have cost, and end."""
    seen: list[str] = []

    def until_seen(count: int) -> Iterator[Walk[str]]:
        while len(seen) < count:
            yield walking(f"w{len(seen)}-", 2, seen)

    assert abreast(until_seen(2)) == ["w0-", "w1-"]
    assert seen == ["w0-1", "w1-1", "w0-2", "w1-2"]


def test_interrupt_stops_everything() -> None:
    """What is no failure of a document is not noted as one."""

    def interrupted() -> Walk[str]:
        yield
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        abreast([interrupted()])


def test_walk_alone_gives_what_it_comes_to() -> None:
    """A result is returned, and an exception raised."""
    assert alone(walking("a", 3, [])) == "a"
    with pytest.raises(MalformedXml):
        alone(refused("b", []))


def test_documents_abreast_become_what_each_becomes_alone(box: Box, lt: Station) -> None:
    """One with faults, one that is no XML, one of a stranger and two in order: the company changes nothing."""
    in_order = [box.signed(CONSIGNOR, new_draft()) for _ in range(2)]
    faulty = box.signed(CONSIGNOR, evolve(new_draft(), {"body_ead_esad.0.cn_code": "00000000"}))
    documents = [in_order[0], b"<no", faulty, in_order[1].replace(b"UAB", b"UAC"), in_order[1]]
    intake = lt.runtime.gateway.intake
    submissions = [Submission(raw=raw, principal=A_TRADER, channel="test") for raw in documents]

    def walk(submission: Submission) -> Walk[Accepted]:
        return intake.walk(submission, lt.clock.at)

    together = abreast(map(walk, submissions))
    by_themselves = [_outcome(walk(one)) for one in submissions]

    assert [type(one) for one in together] == [Accepted, MalformedXml, Accepted, SignatureRefused, Accepted]
    assert [_told(one) for one in together] == [_told(one) for one in by_themselves]


def _outcome(walk: Walk[Accepted]) -> Accepted | Exception:
    try:
        return alone(walk)
    except (MalformedXml, SignatureRefused) as error:
        return error


def _told(outcome: Accepted | Exception) -> object:
    return outcome if isinstance(outcome, Accepted) else str(outcome)
