"""What somebody has to do until when: one line of the deadline board."""

from datetime import date
from enum import StrEnum

from esad_gateway.ais.terms import TermEnd
from esad_gateway.frozen import frozen


class DueKind(StrEnum):
    """What is due."""

    REPORT = "report_of_receipt"
    """The report of receipt of an e-SAD (e-RoR); ``about`` is the ARC."""
    DESTINATION = "change_of_destination"
    """A destination for goods that were refused; ``about`` is the ARC."""
    ENTRY = "saad_entry"
    """An entry of the SAAD list; ``about`` is the number of the document."""
    DECLARATION = "declaration"
    """The declaration of a month; ``about`` is the month, as 2026-10."""
    SECURITY = "security"
    """A security that ends or has ended; ``about`` is its reference."""
    NUMBER = "temporary_number"
    """A temporary number that lapses; ``about`` is the number."""
    CASE = "case"
    """A step of a case of registration; ``about`` is the number of the case."""


@frozen(kw_only=True)
class DueItem:
    """Something that is still to be done for ``seed`` about something, because of what was ``since`` a day.

    ``seed`` is a SEED number, or the code of an entity that has none yet. ``end`` says until when, and by which rule.
    What has been done is no item.
    """

    kind: DueKind
    seed: str
    about: str
    since: date
    end: TermEnd
