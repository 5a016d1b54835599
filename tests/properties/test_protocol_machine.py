"""The two sides of a movement, over wires that delay, repeat, reorder and lose: what always holds, and how it ends.

Two administrations decide as the gateway does, with the real rules, tables and documents; only signatures, stores and
groups of messages are left out (:mod:`helpers.wire`). The traders and the officers write what is right, what is wrong
in one known way, and what comes at the wrong time; goods have up to three lines with drawn quantities.

Always: states go along the tables, versions only grow, except that dispatch goes back to what destination has, and a
final movement never changes. Of each line, what was received, missing and refused is what was dispatched, and the rules
limit the next report to what is left. Each message has one outcome, after it had waited at most once; each submission
one answer in its trader's mailbox, none while the report is held. Whatever an administration sends or puts into a
mailbox is valid, keeps the rules on its content, and is refused only for its version or its time: never for its
content, its sender or its recipient.

In the end, with everything delivered and every clock fired, both sides have the same state, version and quantities left
(:func:`helpers.agreement.disagreement` says what may differ: only how it ended). That holds when messages overtake each
other, and, after both offices have asked for the status, when messages were lost for good.

Not covered: more than one movement, documents that are malformed, and the content of what officers write.
"""

from datetime import timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule, run_state_machine_as_test

from esad_gateway.emcs.codes import StatusType
from helpers.exchange import Exchange
from helpers.protocol import closure_request, event, interruption
from helpers.samples import evolve
from helpers.traders import (
    ACCEPTED,
    ALERTS,
    CHANGES,
    EXPLANATIONS,
    PARTIALLY_REFUSED,
    REFUSED,
    UNSATISFACTORY,
    Report,
    about,
    mostly_right,
    reports,
)
from helpers.wire import Refusal

PROFILE = settings(
    max_examples=350,
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)

STATES = st.sampled_from(["LT", "PL"])
VERSIONS = st.sampled_from([0, 0, 0, 0, 0, 0, -1, 1])
"""Which version a report names, counted from the latest: mostly that one."""


class Protocol(Exchange):
    """A movement with both its traders, both offices, and wires that keep the order."""

    @rule()
    def submit_again(self) -> None:
        """The consignor uses its LRN twice."""
        self._trader("LT", self.draft, "BR001")

    @rule(name=mostly_right(CHANGES))
    def change_destination(self, name: str) -> None:
        """The consignor names another place, or calls the goods back."""
        self._trader("LT", *CHANGES[name])

    @rule(drawn=reports(ACCEPTED, ACCEPTED, UNSATISFACTORY, REFUSED), version=VERSIONS)
    def report_return(self, drawn: Report, version: int) -> None:
        """The consignor reports that the goods are back."""
        movement = self.desks["LT"].movement
        if movement and movement.returning:
            self._report("LT", movement, drawn, version)

    @rule(drawn=reports(ACCEPTED, UNSATISFACTORY, REFUSED, *[PARTIALLY_REFUSED] * 4), version=VERSIONS)
    def report_receipt(self, drawn: Report, version: int) -> None:
        """The consignee reports."""
        if movement := self.desks["PL"].movement:
            self._report("PL", movement, drawn, version)

    @rule(drawn=reports(ACCEPTED, REFUSED, PARTIALLY_REFUSED, PARTIALLY_REFUSED), name=mostly_right(CHANGES))
    def report_and_change_at_once(self, drawn: Report, name: str) -> None:
        """The consignee reports while the consignor names another destination: the two cross."""
        if movement := self.desks["PL"].movement:
            self._report("PL", movement, drawn, 0)
            self._trader("LT", *CHANGES[name])

    @rule(name=mostly_right(ALERTS), version=VERSIONS)
    def send_alert(self, name: str, version: int) -> None:
        """The consignee alerts or rejects, in time or before it has anything."""
        message, refused_by = ALERTS[name]
        known = self.desks["PL"].movement is not None
        self._trader("PL", about(message, self._sequence("PL", version)), refused_by if known else "BR020")

    @rule(state=STATES, data=st.data())
    def explain(self, state: str, data: st.DataObject) -> None:
        """A trader explains a delay or a shortage."""
        message, refused_by = EXPLANATIONS[state][data.draw(mostly_right(EXPLANATIONS[state]))]
        self._trader(state, message, refused_by if self.desks[state].movement else "BR020")

    @rule(state=STATES)
    def office_reports_event(self, state: str) -> None:
        """An office reports an event."""
        self._office(state, event())

    @rule(state=STATES, says=st.none() | st.sampled_from(StatusType))
    def office_asks(self, state: str, says: StatusType | None) -> None:
        """An office asks where the other side stands, and says where its own does, or whatever it believes."""
        self._ask(state, says)

    @rule()
    def office_asks_for_closure(self) -> None:
        """The office of destination asks for a manual closure, and that of dispatch declines."""
        self._office("PL", evolve(closure_request(), {"attributes.sequence_number": self._sequence("PL", 0)}))
        self._answer(accepted=False)

    @precondition(lambda self: self._written() > self.patience)
    @rule(state=st.sampled_from(["LT", "PL", ""]))
    def office_ends(self, state: str) -> None:
        """An office interrupts the movement, or that of dispatch closes it."""
        if state:
            self._office(state, interruption())
        else:
            self._answer(accepted=True)

    @rule(state=STATES, messages=st.integers(1, 4))
    def deliver(self, state: str, messages: int) -> None:
        """The oldest messages arrive."""
        for _ in range(messages):
            self._deliver(state, 0)

    @rule(state=STATES)
    def deliver_twice(self, state: str) -> None:
        """The oldest message arrives, but its receipt is lost: it will come again."""
        self._deliver(state, 0, again=True)

    @rule(hours=st.sampled_from([1, 6, 25, 24 * 12, 24 * 35]))
    def wait(self, hours: int) -> None:
        """Time passes."""
        self._tick(timedelta(hours=hours))


class Reordering(Protocol):
    """The same, over wires on which messages overtake each other; none is lost, however often its delivery fails."""

    @rule(state=STATES, place=st.integers(1, 3))
    def overtake(self, state: str, place: int) -> None:
        """A later message arrives first."""
        self._deliver(state, place)

    @rule(state=STATES, place=st.integers(1, 3))
    def overtake_twice(self, state: str, place: int) -> None:
        """A later message arrives first, but its receipt is lost: it will come again."""
        self._deliver(state, place, again=True)

    @rule(state=STATES)
    def fail(self, state: str) -> None:
        """A delivery fails, and is tried again after all others."""
        wire = self.desks[state].wire
        wire.extend(wire[:1])
        del wire[:1]

    def may_be_refused(self, refusal: Refusal) -> None:
        """Whatever a wire can cause."""


class Losing(Reordering):
    """The same, over wires on which messages are lost for good; in the end both offices ask where the other stands."""

    @rule(state=STATES, place=st.integers(0, 1))
    def lose(self, state: str, place: int) -> None:
        """A message is lost for ever, although it was delivered: its receiver forgot it."""
        del self.desks[state].wire[place : place + 1]

    def run_out(self) -> None:
        """Deliver everything, and then what the officers' questions show to be lost."""
        super().run_out()
        for state in self.desks:
            self._ask(state)
            super().run_out()


def test_two_sides_over_wires_that_keep_the_order() -> None:
    """Whatever crosses on the wire, however late and often it comes: both sides end in the same place."""
    run_state_machine_as_test(Protocol, settings=PROFILE)


def test_two_sides_over_wires_that_reorder() -> None:
    """Whatever is overtaken, and however late it comes: both sides end in the same place."""
    run_state_machine_as_test(Reordering, settings=PROFILE)


def test_two_sides_over_wires_that_lose() -> None:
    """Whatever is lost: when both offices have asked, both sides are in the same place."""
    run_state_machine_as_test(Losing, settings=PROFILE)
