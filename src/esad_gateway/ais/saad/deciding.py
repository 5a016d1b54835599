"""What an entry does to what stands: it is entered, corrects it, changes nothing, or is refused with every fault."""

from datetime import datetime
from typing import TypeAlias

from esad_gateway.ais.saad.mechanism import Amiss, SaadContext, SaadFacts, in_order
from esad_gateway.ais.saad.record import SaadEntry, SaadRecord, Status
from esad_gateway.ais.saad.rules import NOT_STANDING, OF_ANOTHER_DOCUMENT, case_faults, content_faults
from esad_gateway.faults import Faults, said
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
    entry: SaadEntry, standing: SaadRecord | None, facts: SaadFacts, now: datetime, content: Faults | None = None
) -> Decision:
    """What becomes of ``entry`` at ``now`` (aware), where ``standing`` is the last version that its trader has of it.

    What stands word for word is not judged again, so a file may be sent as often as one likes. An entry that is too
    late is taken and marked. A correction has no term of its own: it is late as the entry was that it goes back to, by
    the day of receipt that it gives. What was withdrawn may be entered again, also by a correction of its
    record, and is late by the day on which that is.

    ``content`` are the faults of its content on the day of ``now``, where they are known already: they are not looked
    for again. Not checked: whether they are these, and whether ``standing`` is the last version, and the trader's.
    """
    stands = standing if standing is not None and standing.status is not Status.WITHDRAWN else None
    if stands is not None and stands.entry == entry:
        return Unchanged(stands)
    if content is None:
        content = content_faults(entry, SaadContext(facts.law, facts.law.today(now)))
    if faults := _faults(entry, standing, facts, content):
        return Refused(faults)
    record = _version(entry, standing, facts, now)
    return Entered(record) if stands is None else Corrected(record)


def withdraw(standing: SaadRecord | None, facts: SaadFacts, now: datetime) -> Withdrawn | Unchanged | Refused:
    """What becomes of the record ``standing`` when its trader takes it back at ``now`` (aware).

    What is withdrawn already stays so. What never was there cannot be withdrawn, and what others have entered is not
    there for anybody else.
    """
    if standing is None or standing.entry.consignee != facts.trader:
        return Refused((NOT_STANDING.fault(Amiss("document")),))
    if standing.status is Status.WITHDRAWN:
        return Unchanged(standing)
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


def _faults(entry: SaadEntry, standing: SaadRecord | None, facts: SaadFacts, content: Faults) -> Faults:
    case = case_faults(entry, facts)
    if standing is None or standing.entry.key == entry.key:
        return in_order((*content, *case))
    hint = said("saad.another_document", document=standing.entry.document)
    other = OF_ANOTHER_DOCUMENT.fault(Amiss("document", entry.document, hint))
    return in_order((*content, *case, other))


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
