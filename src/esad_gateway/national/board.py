"""The deadline board of traders, gathered from the store; and the addresses by which calendars follow it."""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from esad_gateway.ais.actors import DoneBy
from esad_gateway.ais.board.item import DueItem, DueKind
from esad_gateway.ais.board.law import BoardLaw
from esad_gateway.ais.board.listing import ListedItem, listed
from esad_gateway.ais.declarations.forms import DeclarationLaw
from esad_gateway.ais.guarantees.law import GuaranteeLaw
from esad_gateway.ais.registration.law import RegistrationLaw
from esad_gateway.emcs.moments import day_of
from esad_gateway.emcs.working_days import Calendar
from esad_gateway.errors import NotConfigured
from esad_gateway.faults import said
from esad_gateway.ports.clock import Clock
from esad_gateway.ports.due import DueFeed
from esad_gateway.settings import Settings
from esad_gateway.store.database import Driver, looking, writing
from esad_gateway.store.national import due
from esad_gateway.store.national.acts import note_act
from esad_gateway.store.national.declarations import open_declarations
from esad_gateway.store.store import SqlStore


@dataclass(frozen=True, slots=True)
class DueBoard:
    """What is due by the law of a state; ``calendar`` is its own, whose zone says what day it is."""

    store: SqlStore
    law: BoardLaw
    guarantees: GuaranteeLaw | None
    registration: RegistrationLaw | None
    declarations: DeclarationLaw | None
    calendar: Calendar
    clock: Clock

    def board(self, seed: str, within: int | None = None) -> Sequence[ListedItem]:
        """What a trader has to do, what is overdue first; of each kind those :data:`.due.MOST` that end first."""
        with looking(self.store.reader) as driver:
            found = list(self._items(driver, seed))
        return listed(found, self.clock.now(), self.calendar, within)

    def traders(self, state: str) -> Sequence[str]:
        """Every number that ``state`` has given."""
        with looking(self.store.reader) as driver:
            return due.traders(driver, state)

    def feeds(self, seed: str) -> Sequence[DueFeed]:
        """The addresses of a trader, the oldest first."""
        with looking(self.store.reader) as driver:
            return due.feeds_of(driver, seed)

    def make_feed(self, seed: str, by: DoneBy) -> tuple[DueFeed, str]:
        """A new address of a trader, and its secret: shown once, kept as a digest only."""
        secret = secrets.token_urlsafe(32)
        with writing(self.store.writer) as connection:
            now = self.clock.now()
            made = due.add_feed(connection, seed, secret, now)
            note_act(connection, by, now, "due_feed.made", seed, {"number": made.number})
        return made, secret

    def end_feed(self, seed: str, number: int, by: DoneBy) -> DueFeed | None:
        """End an address; the first time counts."""
        with writing(self.store.writer) as connection:
            now = self.clock.now()
            if due.end_feed(connection, seed, number, now):
                note_act(connection, by, now, "due_feed.ended", seed, {"number": number})
        return next((one for one in self.feeds(seed) if one.number == number), None)

    def followed(self, secret: str) -> str | None:
        """The trader whose board an address shows."""
        with looking(self.store.reader) as driver:
            return due.follower(driver, secret)

    def _items(self, driver: Driver, seed: str) -> Iterator[DueItem]:
        now = self.clock.now()
        today = day_of(now, self.calendar.zone)
        law = self.law
        terms = {
            DueKind.REPORT: law.report_awaited,
            DueKind.DESTINATION: law.destination,
            DueKind.NUMBER: law.number,
        }
        found = (
            *due.open_movements(driver, seed, self.calendar.zone),
            *due.open_number(driver, seed, today),
        )
        for one in found:
            yield one.item(terms[one.kind], self.calendar)
        if self.guarantees is not None:
            yield from due.open_securities(driver, seed, self.guarantees, self.calendar, now)
        if self.registration is not None:
            yield from due.open_cases(driver, seed, self.registration, self.calendar)
        if self.declarations is not None:
            yield from open_declarations(driver, seed, self.declarations, self.calendar, today)


def board_of(store: SqlStore, settings: Settings, clock: Clock) -> DueBoard:
    """The board of a gateway. Raises NotConfigured where its state has decided no terms for one."""
    domain = settings.national_domain()
    if domain is None or domain.board is None:
        raise NotConfigured(said("board.none", state=settings.state))
    calendar = settings.profile().calendar_of(settings.state)
    return DueBoard(store, domain.board, domain.guarantees, domain.registration, domain.declarations, calendar, clock)
