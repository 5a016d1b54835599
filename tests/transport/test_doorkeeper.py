"""Who may be connected: room in all and per address, and who makes it."""

from dataclasses import dataclass, field

from esad_gateway.transport.doorkeeper import Doorkeeper
from esad_gateway.transport.limits import HttpLimits

FRONT = "192.0.2.1"


@dataclass(eq=False)
class Caller:
    """A connection of an address, in some state."""

    address: str
    idle: bool = False
    receiving: bool = False
    dismissed: list[str] = field(default_factory=list)

    def dismiss(self) -> None:
        """Note that it was told to go."""
        self.dismissed.append("go")


def keeper(connections: int = 4, per_address: int = 2) -> Doorkeeper:
    """A doorkeeper with little room."""
    limits = HttpLimits(connections=connections, connections_per_address=per_address, fronts=frozenset({FRONT}))
    return Doorkeeper(limits)


def test_connections_within_the_limits_are_taken() -> None:
    """As many as there is room for, and again when some have left."""
    door = keeper()
    callers = [Caller(f"198.51.100.{number}") for number in range(4)]

    assert [door.admit(caller) for caller in callers] == [None] * 4
    door.leave(callers[1])
    assert door.admit(Caller("198.51.100.9")) is None


def test_connection_beyond_an_address_is_refused_when_all_are_served() -> None:
    """429: it is this address that has too many; another one is taken."""
    door = keeper()
    for _ in range(2):
        door.admit(Caller("198.51.100.1"))

    assert door.admit(Caller("198.51.100.1")) == 429
    assert door.admit(Caller("198.51.100.2")) is None


def test_connection_beyond_all_is_refused_when_all_are_served() -> None:
    """503: it is nobody's fault."""
    door = keeper()
    for number in range(4):
        door.admit(Caller(f"198.51.100.{number}"))

    assert door.admit(Caller("198.51.100.9")) == 503


def test_front_may_have_every_connection() -> None:
    """Behind one address of a reverse proxy are many clients."""
    door = keeper()

    assert [door.admit(Caller(FRONT)) for _ in range(5)] == [None] * 4 + [503]


def test_who_is_awaited_longest_makes_room() -> None:
    """First one that has not sent its head, then one that has not sent its body; never one that is served."""
    door = keeper(connections=3, per_address=3)
    served, uploads, half = Caller("a"), Caller("a", receiving=True), Caller("a", idle=True)
    for caller in (served, uploads, half):
        door.admit(caller)

    assert [door.admit(Caller("a")) for _ in range(3)] == [None, None, 429]
    assert [caller.dismissed for caller in (served, uploads, half)] == [[], ["go"], ["go"]]


def test_who_became_idle_first_goes_first() -> None:
    """Waiting begins when the last answer was given, not with the connection."""
    door = keeper(connections=2)
    first, second = Caller("a", idle=True), Caller("b", idle=True)
    for caller in (first, second):
        door.admit(caller)
    door.idles(first)

    door.admit(Caller("c"))

    assert (first.dismissed, second.dismissed) == ([], ["go"])


def test_caller_that_was_never_let_in_may_leave() -> None:
    """A refused connection ends as well; nobody else's place is given up for it."""
    door = keeper(connections=1)
    door.admit(Caller("a"))
    refused = Caller("a")
    door.admit(refused)

    door.leave(refused)
    door.idles(refused)

    assert door.admit(Caller("b")) == 503
