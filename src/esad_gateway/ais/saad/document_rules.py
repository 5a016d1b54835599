"""Rules on the document of an entry: what it is, where it comes from, who may receive goods with it, and when."""

from collections.abc import Iterable
from typing import Final

from esad_gateway.ais.saad.law import Admission, Admitted, admitted
from esad_gateway.ais.saad.mechanism import NOT_SUPPORTED, Amiss, SaadContext, of_entry
from esad_gateway.ais.saad.record import SaadEntry, Source
from esad_gateway.emcs.identifiers import ARC, NATIONAL_ADMINISTRATIONS, ExciseNumber, Malformed
from esad_gateway.emcs.registry import OperatorType
from esad_gateway.emcs.rules.numbers import number_problem
from esad_gateway.emcs.rules.registrations import spoken
from esad_gateway.faults import Said, said

LONGEST_DOCUMENT: Final = 350
"""Characters of a document's number, as many as that of another accompanying document has in EMCS (IE717)."""
LONGEST_NAME: Final = 182
"""Characters of a trader's name in EMCS."""
MOST_LINES: Final = 999
"""Lines of a document, as many as an e-SAD may have."""

_GREECE_IN_LAW: Final = "GR"
_BRITAIN: Final = "GB"


def list_is_kept(entry: SaadEntry, context: SaadContext) -> Amiss | None:
    """The state of the consignee keeps a SAAD list."""
    return None if context.law.admissions else Amiss("source", entry.source)


def document_is_numbered(entry: SaadEntry, _context: SaadContext) -> Amiss | None:
    """The document has a number."""
    return None if _is_text(entry.document, LONGEST_DOCUMENT) else Amiss("document", entry.document or None)


def document_is_no_e_sad(entry: SaadEntry, _context: SaadContext) -> Amiss | None:
    """The document has no ARC, since what has one is in EMCS (MVV-4)."""
    try:
        ARC(entry.document.strip().upper())
    except Malformed:
        return None
    return Amiss("document", entry.document)


def state_is_another(entry: SaadEntry, context: SaadContext) -> Amiss | None:
    """The document was issued in another member state."""
    if entry.state in NATIONAL_ADMINISTRATIONS and entry.state != context.law.state:
        return None
    meant = {_GREECE_IN_LAW: "EL", _BRITAIN: "XI"}.get(entry.state.strip().upper())
    return Amiss("state", entry.state or None, said("saad.state_meant", code=meant) if meant else None)


def consignor_is_named(entry: SaadEntry, _context: SaadContext) -> Amiss | None:
    """The consignor has a number or a name."""
    return None if _is_text(entry.consignor, LONGEST_NAME) else Amiss("consignor", entry.consignor or None)


def consignor_is_of_the_state(entry: SaadEntry, _context: SaadContext) -> Amiss | None:
    """A consignor that is named by an excise number belongs to the state of the document.

    What has the form of such a number and no digit in it is taken for a name.
    """
    named = entry.consignor
    if named[:2] == entry.state or named.isalpha() or number_problem(named):
        return None
    return Amiss("consignor", named, said("saad.consignor_of", state=named[:2]))


def consignee_is_ours(entry: SaadEntry, context: SaadContext) -> Amiss | None:
    """The consignee has a SEED number of the state that keeps the list."""
    problem = number_problem(entry.consignee)
    if problem is None and ExciseNumber(entry.consignee).state.code == context.law.state:
        return None
    return Amiss("consignee", entry.consignee or None, problem)


def comes_from_a_state_without_e_sad(entry: SaadEntry, context: SaadContext) -> Amiss | None:
    """A document on paper comes from a state that has, or had, no e-SAD (FBK-1, FBK-4).

    What is no other member state at all is refused for that.
    """
    if state_is_another(entry, context) or not context.law.admissions:
        return None
    return None if _found(entry, context).by_state else Amiss("state", entry.state)


def left_in_time(entry: SaadEntry, context: SaadContext) -> Amiss | None:
    """The goods left on a day on which such a document could accompany them."""
    found = _found(entry, context)
    if not found.by_state or found.by_dispatch:
        return None
    return Amiss("dispatched", entry.dispatched, _left_hint(entry, found.by_state))


def came_in_time(entry: SaadEntry, context: SaadContext) -> Amiss | None:
    """The goods were received on a day on which such goods could be entered here."""
    found = _found(entry, context)
    if not found.by_dispatch or found.by_receipt:
        return None
    row = found.by_dispatch[0].received
    if row.last is not None and entry.received > row.last:
        return Amiss("received", entry.received, said("saad.received_until", last=row.last.isoformat()))
    return Amiss("received", entry.received, said("saad.received_from", first=str(row.first)))


def left_before_it_came(entry: SaadEntry, _context: SaadContext) -> Amiss | None:
    """The goods left before they were received."""
    if entry.dispatched <= entry.received:
        return None
    hint = said("saad.days", dispatched=entry.dispatched.isoformat(), received=entry.received.isoformat())
    return Amiss("received", entry.received, hint)


def came_before_it_is_entered(entry: SaadEntry, context: SaadContext) -> Amiss | None:
    """The goods were received today or before, by the calendar of the state."""
    return Amiss("received", entry.received) if entry.received > context.today else None


def paper_is_received_by_the_certified(entry: SaadEntry, context: SaadContext) -> Amiss | None:
    """Who receives goods with a document on paper has a status that allows it (CCE-5)."""
    return None if entry.source is Source.WINE else _capacity(entry, context)


def wine_is_received_for_good(entry: SaadEntry, context: SaadContext) -> Amiss | None:
    """Who receives wine with an MVV has a status without an end (MVV-1, CCE-8)."""
    if entry.source is not Source.WINE:
        return None
    amiss = _capacity(entry, context)
    if amiss and entry.capacity in _TEMPORARY:
        return Amiss(amiss.item, amiss.value)  # the rule's own hint: to register for good
    return amiss


def wine_is_carried_to_the_warehouse(entry: SaadEntry, context: SaadContext) -> Amiss | None:
    """A warehousekeeper receives wine with an MVV in the warehouse itself (MVV-1)."""
    rows = _found(entry, context).nearest
    carried = entry.in_warehouse or not any(entry.capacity in row.into_warehouse for row in rows)
    return None if carried else Amiss("in_warehouse")


def goods_are_listed(entry: SaadEntry, _context: SaadContext) -> Amiss | None:
    """The document has lines."""
    return None if 0 < len(entry.lines) <= MOST_LINES else Amiss("lines", len(entry.lines) or None)


_TEMPORARY: Final = frozenset({OperatorType.TEMPORARY_CERTIFIED_CONSIGNEE, OperatorType.TEMPORARY_REGISTERED_CONSIGNEE})

DOCUMENT_RULES: Final = (
    of_entry("SAAD-1", "source", "SYS-8", list_is_kept, NOT_SUPPORTED),
    of_entry("SAAD-2", "document", "SYS-8", document_is_numbered),
    of_entry("SAAD-3", "document", "MVV-4", document_is_no_e_sad, NOT_SUPPORTED),
    of_entry("SAAD-4", "state", "BC11", state_is_another),
    of_entry("SAAD-5", "state", "FBK-1, FBK-4", comes_from_a_state_without_e_sad),
    of_entry("SAAD-6", "consignor", "MVV-4", consignor_is_named),
    of_entry("SAAD-7", "consignor", "R070", consignor_is_of_the_state),
    of_entry("SAAD-8", "dispatched", "FBK-1, FBK-4", left_in_time),
    of_entry("SAAD-9", "received", "MVV-1, DIR 54", came_in_time),
    of_entry("SAAD-10", "received", "SYS-8", left_before_it_came),
    of_entry("SAAD-11", "received", "BR023", came_before_it_is_entered),
    of_entry("SAAD-12", "consignee", "R070", consignee_is_ours),
    of_entry("SAAD-13", "capacity", "FBK-1, CCE-5", paper_is_received_by_the_certified),
    of_entry("SAAD-14", "capacity", "MVV-1, CCE-8", wine_is_received_for_good),
    of_entry("SAAD-15", "in_warehouse", "MVV-1", wine_is_carried_to_the_warehouse),
    of_entry("SAAD-16", "lines", "FBK-2", goods_are_listed),
)
"""In the order of the entry."""


def _is_text(text: str, longest: int) -> bool:
    """Whether there is something in ``text`` to read, and nothing that cannot be printed."""
    return 0 < len(text) <= longest and not text.isspace() and text.replace("\u00a0", " ").isprintable()


def _found(entry: SaadEntry, context: SaadContext) -> Admitted:
    return admitted(context.law, entry.source, entry.state, entry.dispatched, entry.received)


def _capacity(entry: SaadEntry, context: SaadContext) -> Amiss | None:
    """That the capacity is none of those in which such goods are received; of a document that nothing admits, nothing.

    What is wrong with such a document is said already.
    """
    allowed = {capacity for row in _found(entry, context).nearest for capacity in row.capacities}
    if not allowed or entry.capacity in allowed:
        return None
    expected = tuple(spoken(one) for one in sorted(allowed))
    return Amiss("capacity", entry.capacity, said("saad.capacity", given=spoken(entry.capacity), expected=expected))


def _left_hint(entry: SaadEntry, rows: Iterable[Admission]) -> Said:
    """From when on, or until when, such goods could leave the state."""
    days = [row.dispatched for row in rows]
    later = [one.first for one in days if one.first is not None and entry.dispatched < one.first]
    if later:
        return said("saad.left_from", state=entry.state, first=min(later).isoformat())
    last = max(one.last for one in days if one.last is not None)
    return said("saad.left_until", state=entry.state, last=last.isoformat())
