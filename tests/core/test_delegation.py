"""What agents may do: from when until when, which kinds of messages, for whom, and why not otherwise."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esad_gateway.emcs.delegation import EVERY, Agency, Delegation, faults_of, readable, signable, traders_of
from esad_gateway.emcs.identifiers import AgentReference, Malformed
from esad_gateway.emcs.messages import Message
from esad_gateway.emcs.messages.kinds import trader_of
from esad_gateway.emcs.movement import Origin
from esad_gateway.emcs.procedure import Incoming
from esad_gateway.errors import SignerNotAllowed
from esad_gateway.texts import languages, say
from helpers.protocol import CONSIGNEE, CONSIGNOR, alert, change, delay, receipt, reminder, shortage
from helpers.samples import draft, evolve
from helpers.state import State

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
DAY = timedelta(days=1)
TRADER, OTHER, THIRD = "LT00000000101", "LT00000000102", "LT00000000103"
AGENT = "AG.LT302123456"


def row(number: int = 1, trader: str = TRADER, *signs: str, agent: str = AGENT, **more: object) -> Delegation:
    """A delegation since yesterday, of drafts where nothing else is said."""
    what = {"since": NOW - DAY, "signs": frozenset(signs or ("IE815",)), **more}
    return Delegation(trader=trader, agent=agent, number=number, **what)  # type: ignore[arg-type]


def told(*delegations: Delegation, before: tuple[Delegation, ...] = ()) -> list[str]:
    """What is wrong with delegations."""
    return [say(one) for one in faults_of(delegations, before)]


def test_counts_from_its_beginning_until_before_its_end() -> None:
    """The end is not included, and taking back is an end as well, whichever comes first."""
    one = row(until=NOW + DAY, revoked_at=NOW)

    assert [one.counts(at) for at in (NOW - 2 * DAY, NOW - DAY, NOW - DAY / 2, NOW)] == [False, True, True, False]
    assert one.end == NOW
    assert row().end is None
    assert one.content == row(9, until=NOW).content
    assert row(until=NOW + DAY).counts(NOW + DAY) is False


@pytest.mark.parametrize(
    ("one", "cause"),
    [
        (row(revoked_at=NOW), "was revoked at 2026-03-02T10:00:00Z"),
        (row(since=NOW + DAY), "begins at 2026-03-03T10:00:00Z"),
        (row(until=NOW), "ended at 2026-03-02T10:00:00Z"),
        (row(1, TRADER, "IE818"), "does not let it sign IE815"),
        (row(1, OTHER), f"no delegation lets {AGENT} sign for {TRADER}"),
    ],
)
def test_why_not_names_the_true_cause(one: Delegation, cause: str) -> None:
    """Each in both languages; what is in order is no cause."""
    agency = Agency((one,), NOW)

    assert agency.signs("IE815", TRADER) == ()
    assert cause in say(agency.why_not("IE815", TRADER))
    assert len({say(agency.why_not("IE815", TRADER), language) for language in languages()}) == len(languages())


def test_cause_is_that_of_the_row_which_comes_nearest() -> None:
    """One that ended for this kind says more than one in force for another kind."""
    rows = (row(1, TRADER, "IE818"), row(2, TRADER, "IE815", until=NOW - DAY / 2))

    assert "ended at" in say(Agency(rows, NOW).why_not("IE815", TRADER))


def test_every_kind_is_every_kind_that_traders_sign() -> None:
    """Whoever may sign everything for a trader may sign no e-SAD, as the trader may not."""
    assert {"IE813", "IE815", "IE818"} < signable() < readable()
    assert row(1, TRADER, EVERY).signs_kind("IE815")
    assert not row(1, TRADER, EVERY).signs_kind("IE801")


def test_reads_what_all_its_delegations_say_together() -> None:
    """Kinds add up, everything is everything, and what only signs, or does not count now, reads nothing."""
    rows = [
        row(1, TRADER, reads=frozenset({"IE801"})),
        row(2, TRADER, reads=frozenset({"IE704"})),
        row(3, OTHER, reads=frozenset({EVERY})),
        row(4, THIRD),
        row(5, THIRD, reads=frozenset({"IE801"}), until=NOW),
    ]

    assert traders_of(rows, NOW) == {TRADER: {"IE801", "IE704"}, OTHER: None}


def test_everything_that_is_wrong_is_told_at_once() -> None:
    """To itself, ending before it begins, about kinds that nobody signs or that there are not."""
    wrong = row(1, AGENT, "IE801", "IE9", reads=frozenset({"IE8"}), until=NOW - 2 * DAY)

    found = told(wrong, row(2, TRADER, signs=frozenset()))

    assert [fault.split(":")[0] for fault in found] == [
        f"{AGENT} cannot be its own agent",
        f"the delegation of {AGENT} to {AGENT} would end at 2026-02-28T10",
        f"{AGENT} cannot sign IE801 for {AGENT}",
        f"{AGENT} cannot sign IE9 for {AGENT}",
        f"{AGENT} cannot read IE8 of {AGENT}",
        f"the delegation of {TRADER} to {AGENT} is about nothing",
    ]


@pytest.mark.parametrize(
    ("before", "new", "meet"),
    [
        (row(), row(), True),
        (row(1, TRADER, EVERY), row(), True),
        (row(), row(1, TRADER, EVERY), True),
        (row(until=NOW), row(since=NOW), False),
        (row(until=NOW), row(since=NOW - DAY / 2), True),
        (row(revoked_at=NOW), row(since=NOW), False),
        (row(since=NOW), row(until=NOW), False),
        (row(), row(1, TRADER, "IE818"), False),
        (row(), row(1, OTHER), False),
        (row(), row(agent="AG.LT2"), False),
        (row(reads=frozenset({"IE801"})), row(1, TRADER, "IE818", reads=frozenset({EVERY})), True),
    ],
)
def test_two_that_say_the_same_of_one_moment_are_refused(before: Delegation, new: Delegation, *, meet: bool) -> None:
    """By number and period of the one that is there; of two new ones the second is."""
    assert bool(told(new, before=(before,))) is meet
    assert bool(told(before, new)) is meet


def test_overlap_says_with_what() -> None:
    """With its end or without."""
    assert "delegation 7 since 2026-03-01T10:00:00Z" in told(row(), before=(row(7),))[0]
    assert "until 2026-03-03T10:00:00Z" in told(row(), before=(row(7, until=NOW + DAY),))[0]


@pytest.mark.parametrize("text", ["AG.LT302123456", "AG.DE1", "AG.PL" + "9" * 15])
def test_agent_is_named_by_its_eori_number(text: str) -> None:
    """The longest is as long as a mailbox's name may be."""
    assert str(AgentReference(text)) == text
    assert len(text) <= 20


@pytest.mark.parametrize("text", ["AG.", "AG.LT", "LT302123456", "AG.lt1", "AG.LT" + "9" * 16, "AG.LT 1"])
def test_what_is_no_agent_is_refused(text: str) -> None:
    """The text says what was expected."""
    with pytest.raises(Malformed, match=r"AG\. and an EORI number"):
        AgentReference(text)


LITHUANIA = "NDEA.LT"
MESSAGES = (draft(), receipt(), change(), alert(rejected=True), delay(), shortage(), reminder())
NAMED = sorted({CONSIGNOR, CONSIGNEE, OTHER})
KINDS = ["IE801", "IE813", "IE815", "IE818", "IE819", "IE837", "IE871", EVERY]
ROWS = st.builds(
    Delegation,
    trader=st.sampled_from(NAMED),
    agent=st.sampled_from([AGENT, OTHER]),
    signs=st.frozensets(st.sampled_from(KINDS)),
    since=st.sampled_from([NOW - DAY, NOW, NOW + DAY]),
    until=st.sampled_from([None, NOW, NOW + DAY]),
    revoked_at=st.sampled_from([None, NOW]),
    number=st.integers(1, 9),
)
"""Delegations of any kind, in force or not."""


def taken_in(message: Message, holders: frozenset[str], agency: Agency | None = None) -> Incoming | None:
    """A message of a certificate with these holders at the traders' door; ``None`` where it is refused."""
    try:
        return Incoming.read(message, (), door=Origin.TRADER, holders=holders, own=LITHUANIA, agency=agency)
    except SignerNotAllowed:
        return None


@pytest.mark.parametrize("message", MESSAGES, ids=lambda one: type(one).__name__)
def test_message_is_that_of_whom_it_names_and_else_of_any_holder(message: Message) -> None:
    """What names no trader (IE813) may be of each for whom its certificate is registered."""
    found = taken_in(message, frozenset(NAMED))

    assert found is not None
    assert found.writers == (frozenset({found.sender}) if trader_of(message) else found.holders)


def unread(kind: str, texts: Mapping[str, str], holders: frozenset[str], agency: Agency | None = None) -> Incoming:
    """A document that its schema refuses."""
    return Incoming.unread(kind, (), texts, "0" * 64, door=Origin.TRADER, holders=holders, own=LITHUANIA, agency=agency)


@given(message=st.sampled_from(MESSAGES), rows=st.lists(ROWS, max_size=4), own=st.sampled_from([AGENT, OTHER]))
def test_delegation_never_allows_what_the_trader_could_not_do(
    message: Message, rows: list[Delegation], own: str
) -> None:
    """What an agent has signed for a trader is, but for the delegation, what that trader would have signed itself."""
    given_to = tuple(one for one in rows if one.agent == own)
    found = taken_in(message, frozenset({own}), Agency(given_to, NOW))

    if found is None or (by := found.delegation) is None:
        alone = taken_in(message, frozenset({own}))
        # What names no trader may be of somebody else yet, by the movement that it is about.
        itself = replace(found, under=(), holders=alone.holders) if found and alone else found
        assert itself == alone or not (found and found.sender)
        return
    assert (by.trader, by.counts(NOW), by.signs_kind(found.type)) == (found.sender, True, True)
    itself = taken_in(message, frozenset({found.sender}))
    assert itself is not None
    assert replace(found, under=(), holders=itself.holders) == itself


def test_own_right_comes_before_a_delegation() -> None:
    """Whoever holds the certificate of the trader signs for it, whatever somebody has delegated besides."""
    agency = Agency((row(1, OTHER, EVERY),), NOW)

    found = taken_in(draft(), frozenset({AGENT, CONSIGNOR}), agency)

    assert found is not None
    assert (found.sender, found.delegation, found.under) == (CONSIGNOR, None, ())


def test_document_that_no_schema_accepts_is_that_of_the_trader_whom_it_names() -> None:
    """For whom the agent may sign such a document; where it names nobody, the only one is meant."""
    agency = Agency((row(1, CONSIGNOR), row(2, OTHER, "IE818")), NOW)
    broker = frozenset({AGENT})

    named = unread("IE815", {"TraderExciseNumber": CONSIGNOR}, broker, agency)
    silent = unread("IE818", {}, broker, agency)

    assert (named.sender, silent.sender) == (CONSIGNOR, OTHER)
    assert unread("IE815", {"TraderExciseNumber": OTHER}, frozenset({OTHER}), agency).sender == OTHER
    assert unread("IE815", {}, frozenset({OTHER, AGENT}), agency).sender == OTHER
    assert unread("IE815", {"Traderid": OTHER}, frozenset({OTHER})).delegation is None
    with pytest.raises(SignerNotAllowed, match="does not let it sign IE815"):
        unread("IE815", {"TraderExciseNumber": OTHER}, broker, agency)
    with pytest.raises(SignerNotAllowed, match="does not let it sign IE813"):
        unread("IE813", {}, broker, agency)


def test_message_that_names_nobody_is_told_by_its_movement() -> None:
    """Of several for whom the agent may sign a change, who takes part; in a movement of others, nobody."""
    answer = State("LT").trader(draft())
    assert answer.movement is not None
    movements = {(answer.movement.arc, answer.movement.side): answer.movement}
    changed = evolve(change(), {"update_ead_esad.administrative_reference_code": answer.movement.arc})
    agency = Agency((row(1, CONSIGNOR, "IE813"), row(2, OTHER, "IE813")), NOW)
    strangers = Agency((row(1, THIRD, "IE813"), row(2, OTHER, "IE813")), NOW)

    found, lost = (taken_in(changed, frozenset({AGENT}), one) for one in (agency, strangers))

    assert found is not None and lost is not None  # noqa: PT018
    assert (found.sender, lost.sender) == ("", "")
    assert found.attributed(movements).sender == CONSIGNOR
    assert found.attributed(movements).doubt({}, NOW) is None
    for one in (lost.attributed(movements), lost.attributed({}), found.attributed({})):
        doubt = one.doubt({}, NOW)
        assert doubt is not None
        assert "names no trader" in str(doubt)


def test_doubt_is_by_the_row_as_it_stands_now() -> None:
    """Taken back meanwhile, by whatever clock; what the trader signed itself is never doubted."""
    before = row(3, CONSIGNOR)
    found = taken_in(draft(), frozenset({AGENT}), Agency((before,), NOW))
    itself = taken_in(draft(), frozenset({CONSIGNOR}))
    assert found is not None and itself is not None  # noqa: PT018

    assert found.doubt({3: before}, NOW) is None
    assert itself.doubt({}, NOW) is None
    for at in (NOW - DAY / 2, NOW, NOW + DAY):
        doubt = found.doubt({3: replace(before, revoked_at=at)}, NOW)
        assert doubt is not None
        assert "was revoked at" in str(doubt)
    assert taken_in(draft(), frozenset({OTHER, AGENT}), Agency((row(1, OTHER, "IE813"),), NOW)) is None
    mine = taken_in(change(), frozenset({OTHER, AGENT}), Agency((row(1, CONSIGNOR, "IE813"),), NOW))
    assert mine is not None
    assert (mine.sender, mine.doubt({}, NOW)) == (OTHER, None)
