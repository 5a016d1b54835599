"""What is due of a trader, for whoever shows it; and addresses by which calendars follow that without a token."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from esad_gateway.ais.actors import DoneBy
from esad_gateway.ais.board.listing import ListedItem
from esad_gateway.frozen import frozen


@frozen(kw_only=True)
class DueFeed:
    """An address that was given out, by its number; the secret in it is not kept. ``ended_at``: nobody is answered."""

    number: int
    seed: str
    made_at: datetime
    ended_at: datetime | None = None


class DueDesk(Protocol):
    """The deadline board of each trader. Not checked: who may see it."""

    def board(self, seed: str, within: int | None = None) -> Sequence[ListedItem]:
        """What a trader has to do, what is overdue first; within so many working days, if that is said."""

    def feeds(self, seed: str) -> Sequence[DueFeed]:
        """The addresses of a trader, the oldest first."""

    def make_feed(self, seed: str, by: DoneBy) -> tuple[DueFeed, str]:
        """A new address of a trader, and its secret: shown once, kept as a digest only. Raises OverQuota."""

    def end_feed(self, seed: str, number: int, by: DoneBy) -> DueFeed | None:
        """End an address; the first time counts. ``None`` where the trader has none of that number."""

    def followed(self, secret: str) -> str | None:
        """The trader whose board the address with that secret shows; ``None`` for none, and for one that has ended."""
