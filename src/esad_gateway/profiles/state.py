"""What is known about a member state without anybody setting it: one value a state, with its days."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from esad_gateway.ais.provenance import Mark, Provenance
from esad_gateway.ais.saad.law import Admission, EntryTerm
from esad_gateway.emcs.law import NationalLaw
from esad_gateway.emcs.rules.mechanism import Rule
from esad_gateway.frozen import frozen

START: Final = date(2023, 2, 13)
"""The first day of the e-SAD in the Union (Directive (EU) 2020/262, article 55)."""

ENTERING: Final = EntryTerm(days=1, rules=(), provenance=Provenance("as in Lithuania", Mark.INFERRED))
"""Until when something is entered in a SAAD list where the state says nothing else."""


@frozen(kw_only=True)
class Eves:
    """Eves and their like: days that no list of public holidays settles, but the law of a state does.

    ``names`` are those days as ``holidays`` calls them in English, ``category`` where it has them. ``off`` says whether
    they are days off like public holidays, as that law equates them; ``source`` names the law.
    """

    names: tuple[str, ...]
    category: str
    off: bool
    source: str


@frozen(kw_only=True)
class Formalities:
    """For how many ``days`` a state holds a report of receipt for its fiscal formalities, from a first day on (S5)."""

    first: date
    days: float
    source: str


@frozen(kw_only=True)
class JourneyMaxima:
    """The longest journeys in days that a state allows, from a first day on, by the mode of transport (BR007, BC67)."""

    first: date
    days: Mapping[str, int]
    source: str


@frozen(kw_only=True)
class State:
    """A member state.

    ``zone`` is the time zone of its administration, ``language`` the one in which its traders are written to: English
    where there are no sentences in its own. ``country`` is where it has another code than its administration,
    with the part of that country it is, if it is one. ``eves`` are days off or worked that no list of holidays settles.
    ``esad_from`` is the first day on which it takes part in the e-SAD; ``None`` where it is known that it was late, and
    not until when; ``esad_source`` says where that is written. ``rules`` are those that it asks beside the rulebook,
    and ``rules_off`` those of the rulebook's optional ones that it does not ask. ``law`` is what else it decides about
    a message, ``None`` for nothing. ``saad`` is what may be entered in its SAAD list; a state without such rows keeps
    none, and ``saad_entering`` is until when that is in time. ``formalities`` and ``journeys`` are what is known of its
    formalities and of maxima of its own, oldest first; without a row nothing is known: reports of receipt go on at
    once, and the maxima are those of the Union.
    ``language_source`` says where its language is written; where it is empty, that is not known. ``national`` names the
    value of its national domain (``module:NAME``), loaded when it is asked for; empty where it has none.
    """

    zone: str
    language: str = "en"
    language_source: str = ""
    country: tuple[str, str | None] | None = None
    eves: Eves | None = None
    esad_from: date | None = START
    esad_source: str = "Directive (EU) 2020/262, article 55"
    rules: tuple[Rule, ...] = ()
    rules_off: frozenset[str] = frozenset()
    law: NationalLaw | None = None
    saad: tuple[Admission, ...] = ()
    saad_entering: EntryTerm = ENTERING
    formalities: tuple[Formalities, ...] = ()
    journeys: tuple[JourneyMaxima, ...] = ()
    national: str = ""
