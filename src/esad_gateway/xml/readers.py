"""Who reads which release of the messages: what is written for somebody is written in that."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime

from esad_gateway.emcs.releases import Schedule
from esad_gateway.errors import NotConfigured
from esad_gateway.faults import said
from esad_gateway.frozen import frozen
from esad_gateway.xml.binding import Binder
from esad_gateway.xml.release import Releases


@frozen(kw_only=True)
class Readers:
    """Everybody for whom our administration writes: traders, and administrations.

    ``peers`` tells, at this moment, what is known of single administrations; ``others`` is what the rest of them read,
    and our own offices.
    """

    releases: Releases
    traders: Schedule
    others: Schedule
    peers: Callable[[], Mapping[str, Schedule]]

    def at(self, moment: datetime) -> "Writing":
        """What writes for each of them at a moment (aware).

        Raises NotConfigured when there are no schemas of a release that is read then.
        """
        return Writing(
            traders=self._binder(self.traders, moment),
            others=self._binder(self.others, moment),
            peers={address: self._binder(schedule, moment) for address, schedule in self.peers().items()},
        )

    def check(self) -> None:
        """That there are schemas of every release that anybody reads, now or later. Raises NotConfigured."""
        unknown = {*_missing(self.releases, (self.traders, self.others, *self.peers().values()))}
        if unknown:
            known = ", ".join(self.releases.numbers)
            raise NotConfigured(said("release.unknown", number=", ".join(sorted(unknown)), known=known))

    def _binder(self, schedule: Schedule, moment: datetime) -> Binder:
        return self.releases.numbered(schedule.at(moment)).binder


@frozen(kw_only=True)
class Writing:
    """What writes for whom at one moment."""

    traders: Binder
    others: Binder
    peers: Mapping[str, Binder]

    def binder_for(self, reader: str) -> Binder:
        """What writes for a trader (SEED number), or for an administration (``NDEA.PL``)."""
        return self.peers.get(reader, self.others) if reader.startswith("NDEA.") else self.traders


def _missing(releases: Releases, schedules: Iterable[Schedule]) -> Iterator[str]:
    return (number for one in schedules for number in one.numbers if number not in releases.numbers)
