"""Messages that could not be decided by a defect of ours: they are kept, and told once."""

from collections.abc import Sequence

import structlog

from esad_gateway.emcs.movement import Origin
from esad_gateway.errors import NotDecided, OwnError, StoreDamaged, StoreUnavailable
from esad_gateway.gateway.intake import Accepted
from esad_gateway.ports.reading import Receipt
from esad_gateway.ports.writing import Document, Ended, Records, Transaction, Undecided, Waiting
from esad_gateway.xml.payload import same_content

LENGTH_OF_REFERENCE = 12
"""Characters: the beginning of the digest of what is kept, so that an operator can read it out."""

LONGEST_REASON = 500
"""Characters that are kept of what a defect says; the log has all of it."""

log = structlog.get_logger(__name__)


def kept_before(item: Accepted, undecided: Sequence[Undecided]) -> NotDecided | None:
    """The first answer to a message that is undecided, also when it comes signed anew; ``None`` for any other one."""
    for one in undecided:
        same = (one.signer, one.identifier) == item.signed_as
        if same and (one.sha256 == item.sha256 or same_content(one.document.body, item.raw)):
            return NotDecided(one.reference, one.identifier, repeated=True)
    return None


def committed_before(transaction: Transaction, item: Accepted) -> Receipt | None:
    """The receipt of a message that was committed before, also when it was signed anew; ``None`` for any other one.

    Another process may have decided it since it ran into the defect, or it was committed before there was one.
    """
    incoming = item.incoming
    names = {item.identity, *((holder, incoming.identifier) for holder in incoming.holders)}
    try:
        for one in transaction.earlier(names).values():
            first = None if one.sha256 == item.sha256 else transaction.document(one.sha256)
            if one.sha256 == item.sha256 or (first is not None and same_content(first, item.raw)):
                return one.receipt
    except Exception as error:
        if passes(error):
            raise
        # What is read here may be what the defect is about.
        log.exception("an earlier receipt cannot be read", sha256=item.sha256.hex())
    return None


def passes(error: Exception) -> bool:
    """Return whether a failure passes, so that sending again may help. A damaged row in the store does not pass."""
    return isinstance(error, OwnError) and not isinstance(error, StoreDamaged)


def of_all(error: Exception) -> bool:
    """Return whether a failure is that of the store, and passes: nothing of the group may be written then.

    SQLite may have ended the transaction by itself, so that what is written after it would stand there alone.
    """
    return isinstance(error, StoreUnavailable) and passes(error)


def passing(error: Exception) -> bool:
    """Return whether a failure passes, also for want of memory: then nothing is kept, and it is tried again."""
    return passes(error) or isinstance(error, MemoryError)


def told_of(defect: Exception) -> str:
    """A defect in one line."""
    return f"{type(defect).__name__}: {defect}"


def keep(records: Records, item: Accepted, defect: str) -> NotDecided:
    """Keep a message that runs into a defect of ours: whoever mends it finds the message and decides it."""
    incoming, reference = item.incoming, item.sha256.hex()[:LENGTH_OF_REFERENCE]
    log.error(
        "a message runs into a defect and is kept; esad undecided retry decides it when that is mended",
        reference=reference,
        type=incoming.type,
        sender=incoming.sender,
        defect=defect,
    )
    repeated = reference in records.undecided
    records.undecided[reference] = Undecided(
        reference=reference,
        at=records.at,
        door=Origin.ADMINISTRATION if incoming.origin is Origin.ADMINISTRATION else Origin.TRADER,
        signer=item.signed_as[0],
        sender=incoming.sender,
        identifier=incoming.identifier,
        type=incoming.type,
        arc=incoming.arc,
        sha256=item.sha256,
        document=Document(item.raw, item.fingerprint),
        reason=defect[:LONGEST_REASON],
    )
    return NotDecided(reference, incoming.identifier, repeated=repeated)


def what_waits(waiting: Waiting) -> Ended:
    """What a parked message is called when its time ends, or when a defect stops it."""
    parked = waiting.parked
    return Ended(parked.until, parked.arc, parked.mailbox, parked.seq)


def stop(records: Records, what: Ended, defect: Exception) -> str:
    """Keep a clock or a parked message that runs into a defect of ours, and return why it does.

    No tick of this build tries it again. A message that came with this very group has no place yet, and so is not kept:
    it is tried at the next news of its movement, and when its time ends.
    """
    log.error(
        "a clock or a parked message runs into a defect and is kept; esad undecided retry tries it when that is mended",
        reference=what.reference,
        what=str(what),
        exc_info=defect,
    )
    reason = told_of(defect)[:LONGEST_REASON]
    if what.seq or not what.mailbox:
        records.stopped[what] = reason
    return reason
