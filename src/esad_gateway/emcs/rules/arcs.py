"""Rules on the ARC that a message names: its form, whether it is one of duty paid, and whether its movement exists.

A wrong form has R030's fault (code 93) and nothing more. A well-formed ARC of duty suspension is no ARC of ours, which
is BR020's (90), except in a change of destination, where R259 holds the destination to the kind of the ARC.
"""

from collections.abc import Iterator
from typing import Final

from esad_gateway.emcs.identifiers import ARC, Malformed
from esad_gateway.emcs.movement import Movement
from esad_gateway.emcs.rules.mechanism import Case, Context, Finding, Rule, content, on_movement, stateful
from esad_gateway.emcs.rules.places import M, places
from esad_gateway.faults import Said, said

_DUTY_PAID: Final = "P"
_FIRST_YEAR: Final = "23"


def arc(message: type[M], *paths: str) -> tuple[Rule, Rule]:
    """R030 for the ARCs at ``paths``, and BR020 as far as an ARC itself shows that it is none of duty paid."""
    return form_of_arc(message, *paths), arc_of_duty_paid(message, *paths)


def form_of_arc(message: type[M], *paths: str) -> Rule:
    """R030 for the ARCs at ``paths``: the parts of each, and its check digit."""
    found = tuple(places(message, path) for path in paths)

    def r030(one: M, _context: Context) -> Iterator[Finding]:
        """The ARC is formed as the rule says.

        R235 has the check digit verified when an ARC is made, and its public description leaves open what a reader
        does with a wrong one. In a message it is a typing error, found here before anything is looked up, and it is
        refused whichever member state issued the ARC.
        """
        for of in found:
            for place, code in of(one):
                problem = arc_problem(code)
                if problem is not None:
                    yield Finding(place, code, problem)

    return content("R030", message, paths[0], r030)


def arc_of_duty_paid(message: type[M], *paths: str) -> Rule:
    """BR020 for the ARCs at ``paths``, as far as each itself shows that it is none of duty paid."""
    found = tuple(places(message, path) for path in paths)

    def br020(one: M, _context: Context) -> Iterator[Finding]:
        """A movement of duty suspension has an e-AD, and no e-SAD. A wrong form is R030's."""
        for of in found:
            for place, code in of(one):
                kind = suspension(code)
                if kind is not None:
                    yield Finding(place, code, kind)

    return content("BR020", message, paths[0], br020)


def known_movement(message: type[M], path: str) -> Rule:
    """BR020 for the ARC at ``path``, as far as the store tells."""
    found = places(message, path)

    def br020(one: M, case: Case) -> Iterator[Finding]:
        """The movement exists. Not asked of what is no ARC of duty paid, which shows without looking it up."""
        if case.movement is None:
            yield from (Finding(place, code) for place, code in found(one) if of_duty_paid(code))

    return stateful("BR020", message, path, br020)


def latest_sequence(message: type[M], path: str) -> Rule:
    """R255 for the sequence number at ``path``."""
    found = places(message, path)

    def r255(one: M, movement: Movement) -> Iterator[Finding]:
        """The sequence number is the latest one of the movement."""
        for place, sequence in found(one):
            if sequence != movement.sequence:
                hint = said("hint.latest_sequence", sequence=movement.sequence)
                yield Finding(place, sequence, hint)

    return on_movement("R255", message, path, r255)


def arc_problem(code: str) -> Said | None:
    """What is wrong with the form of ``code`` as an ARC, as a hint; ``None`` when nothing is."""
    try:
        ARC(code)
    except Malformed as refusal:
        return said("hint.sentence", what=refusal.why)
    return None


def of_duty_paid(code: str) -> bool:
    """Whether ``code`` is a well-formed ARC of duty paid, and so one whose movement may be looked for."""
    return arc_problem(code) is None and suspension(code) is None


def suspension(code: str) -> Said | None:
    """How ``code`` shows that it is the ARC of a movement under duty suspension, as a hint.

    ``None`` for an ARC of duty paid, and for what is no ARC at all (:func:`arc_problem`).
    """
    if code[19:20] == _DUTY_PAID and code[:2] >= _FIRST_YEAR:  # told without taking the ARC apart: most are
        return None
    try:
        named = ARC(code)
    except ValueError:
        return None
    if named.before_duty_paid:
        return said("hint.suspension_by_year", year=named.year)
    return said("hint.suspension_by_kind", kind=code[19])
