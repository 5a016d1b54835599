"""What an entry does to what stands: it is entered, corrects it, changes nothing, or is refused with every fault."""

from collections.abc import Iterator
from datetime import datetime
from typing import TypeAlias

from esad_gateway.ais.saad.mechanism import VERSION, Amiss, SaadContext, SaadFacts, in_order
from esad_gateway.ais.saad.record import SaadEntry, SaadRecord, Status
from esad_gateway.ais.saad.rules import (
    NOT_STANDING,
    OF_ANOTHER_DOCUMENT,
    OF_ANOTHER_VERSION,
    case_faults,
    content_faults,
)
from esad_gateway.faults import Fault, Faults, Said, said
from esad_gateway.frozen import frozen


@frozen
class Entered:
    """A new record, or the first version after a withdrawal."""

    record: SaadRecord


@frozen
class Corrected:
    """A new version of a record that stands; the earlier ones stay."""

    record: SaadRecord


@frozen
class Unchanged:
    """The record stands so already; there is no new version."""

    record: SaadRecord


@frozen
class Withdrawn:
    """A new version that says that the record stands no more; the earlier ones stay."""

    record: SaadRecord


@frozen
class Refused:
    """Nothing is done, for these faults."""

    faults: Faults


Decision: TypeAlias = Entered | Corrected | Unchanged | Refused


def decide(
    entry: SaadEntry,
    standing: SaadRecord | None,
    facts: SaadFacts,
    now: datetime,
    *,
    content: Faults | None = None,
    made_from: int | None = None,
) -> Decision:
    """What becomes of ``entry`` at ``now`` (aware), where ``standing`` is the last version that its trader has of it.

    What stands word for word is not judged again, so a file may be sent as often as one likes. An entry that is too
    late is taken and marked. A correction has no term of its own: it is late as the entry was that it goes back to, by
    the day of receipt that it gives. What was withdrawn may be entered again, also by a correction of its
    record, and is late by the day on which that is.

    ``content`` are the faults of its content on the day of ``now``, where they are known already: they are not looked
    for again. ``made_from`` is the version that the entry was made from, where its sender says so: it changes nothing
    that has become another one since (SAAD-36). Not checked: whether they are these, and whether ``standing`` is the
    last version, and the trader's.
    """
    stands = standing if standing is not None and standing.status is not Status.WITHDRAWN else None
    if stands is not None and stands.entry == entry:
        return Unchanged(stands)
    if content is None:
        content = content_faults(entry, SaadContext(facts.law, facts.law.today(now)))
    found = (*content, *case_faults(entry, facts), *_against(entry, standing, facts, made_from))
    if found:
        return Refused(in_order(found))
    record = _version(entry, standing, facts, now)
    return Entered(record) if stands is None else Corrected(record)


def withdraw(
    standing: SaadRecord | None, facts: SaadFacts, now: datetime, made_from: int | None = None
) -> Withdrawn | Unchanged | Refused:
    """What becomes of the record ``standing`` when its trader takes it back at ``now`` (aware).

    What is withdrawn already stays so. What never was there cannot be withdrawn, and what others have entered is not
    there for anybody else. ``made_from`` is the version that was seen, where that is said: another one stays (SAAD-36).
    """
    if standing is None or standing.entry.consignee != facts.trader:
        return Refused((NOT_STANDING.fault(Amiss("document")),))
    if standing.status is Status.WITHDRAWN:
        return Unchanged(standing)
    if made_from not in {None, standing.version}:
        return Refused((OF_ANOTHER_VERSION.fault(Amiss(VERSION, made_from, _stands(standing, facts))),))
    return Withdrawn(
        SaadRecord(
            entry=standing.entry,
            version=standing.version + 1,
            status=Status.WITHDRAWN,
            late=standing.late,
            due=standing.due,
            entered_at=now,
            since=standing.since,
        )
    )


def _against(entry: SaadEntry, standing: SaadRecord | None, facts: SaadFacts, made_from: int | None) -> Iterator[Fault]:
    """What is wrong with an entry that does not say what stands."""
    if standing is None:
        return
    if standing.entry.key != entry.key:
        hint = said("saad.another_document", document=standing.entry.document)
        yield OF_ANOTHER_DOCUMENT.fault(Amiss("document", entry.document, hint))
    if made_from not in {None, standing.version}:
        yield OF_ANOTHER_VERSION.fault(Amiss(VERSION, made_from, _stands(standing, facts)))


def _stands(standing: SaadRecord, facts: SaadFacts) -> Said:
    """Which version stands, since when, by the clocks of the state, and what it is."""
    since = f"{standing.entered_at.astimezone(facts.law.calendar.zone):%Y-%m-%d %H:%M:%S}"
    status = Said(f"saad_status.{standing.status}")
    return said("saad.another_version", version=str(standing.version), since=since, status=status)


def _version(entry: SaadEntry, standing: SaadRecord | None, facts: SaadFacts, now: datetime) -> SaadRecord:
    corrects = standing is not None and standing.status is not Status.WITHDRAWN
    since = standing.since if standing is not None and corrects else now
    due = facts.law.due(entry.received)
    late = facts.law.today(since) > due
    first = Status.LATE if late else Status.ENTERED
    return SaadRecord(
        entry=entry,
        version=standing.version + 1 if standing is not None else 1,
        status=Status.CORRECTED if corrects else first,
        late=late,
        due=due,
        entered_at=now,
        since=since,
    )
