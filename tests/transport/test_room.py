"""Room for the bytes of all bodies: whoever holds most makes it, so a small body goes on."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from esad_gateway.transport.room import Body, Room

MOST = 1_000
ADDRESSES = 4

arrivals = st.lists(
    st.tuples(
        st.integers(0, ADDRESSES - 1).map(str),
        st.integers(0, 3),
        st.integers(0, MOST // 2),
        st.booleans(),
    ),
    max_size=60,
)
"""Address, which of its bodies, bytes, and whether that was the end of it."""


class Arriving:
    """Bodies that arrive piece by piece, and what is known of each without asking the room."""

    def __init__(self) -> None:
        self.room = Room(MOST)
        self.bodies: dict[tuple[str, int], Body] = {}
        self.held: Counter[Body] = Counter()

    def arrives(self, address: str, number: int, size: int, *, last: bool) -> list[Body]:
        """The next piece of a body; one that was ended or is complete begins anew."""
        body = self.bodies.get((address, number))
        if body is None or body.gives_way or not body.more:
            body = self.bodies[address, number] = Body(address)
        body.more = not last
        self.held[body] += size
        return self.room.take(body, size)

    def of_address(self, address: str) -> int:
        """What an address holds in all."""
        return sum(size for body, size in self.held.items() if body.address == address)

    def waits(self, address: str) -> bool:
        """Whether an upload of an address could be ended."""
        return any(body.address == address and body.more for body in self.held)


@given(arrivals)
def test_upload_is_not_ended_while_another_address_holds_more(pieces: list[tuple[str, int, int, bool]]) -> None:
    """Nor while another of its address does; what is complete counts, and cannot be ended."""
    arriving = Arriving()
    for address, number, size, last in pieces:
        for ended in arriving.arrives(address, number, size, last=last):
            more = arriving.of_address(ended.address)
            others = {body.address for body in arriving.held} - {ended.address}
            larger = [other for other in others if arriving.waits(other) and arriving.of_address(other) > more]
            assert not larger
            assert all(arriving.held[ended] >= size for body, size in arriving.held.items() if _beside(body, ended))
            del arriving.held[ended]
        assert arriving.held.total() <= MOST or not any(body.more for body in arriving.held)


@given(arrivals)
def test_address_within_its_share_loses_nothing_to_uploads_without_end(
    pieces: list[tuple[str, int, int, bool]],
) -> None:
    """Where nothing is complete, who holds at most a share of the room in all is never the one that gives way."""
    arriving = Arriving()
    for address, number, size, _ in pieces:
        for ended in arriving.arrives(address, number, size, last=False):
            assert arriving.of_address(ended.address) > MOST / ADDRESSES
            del arriving.held[ended]


def test_what_is_worked_on_is_not_taken_away() -> None:
    """Then the new one has to come again; when the work is done, there is room."""
    room = Room(MOST)
    worked_on = Body("a", more=False)
    new = Body("b")

    assert room.take(worked_on, MOST) == []
    assert room.take(new, 1) == [new]
    room.leave(worked_on)
    assert room.take(Body("b"), 1) == []


def test_of_equals_the_first_gives_way() -> None:
    """Who has been at it for longest."""
    room = Room(MOST)
    first, second, third = Body("a"), Body("b"), Body("c")
    for body in (first, second):
        room.take(body, MOST // 2)

    assert room.take(third, 1) == [first]


def _beside(body: Body, ended: Body) -> bool:
    return body.address == ended.address and body.more
