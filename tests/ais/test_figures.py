"""Figures of national law are found wherever a part keeps them, and decided otherwise by their names."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

import pytest

from esad_gateway.ais.figures import Decided, LegalChoice, LegalFigure, choices_of, decided, figures_of, wrong
from esad_gateway.ais.provenance import Mark, Provenance
from esad_gateway.ais.terms import Term, Unit
from esad_gateway.frozen import frozen
from esad_gateway.texts import say

SOURCE = Provenance("a test", Mark.INFERRED)
DECIDED = Provenance("settings.toml, [national]", Mark.DECIDED)


def term(rule: str, number: int, unit: Unit = Unit.WORKING_DAYS) -> Term:
    """A term of a rule."""
    return Term(rule=rule, number=number, unit=unit, provenance=SOURCE)


def figure(rule: str, number: str) -> LegalFigure:
    """A figure of a rule that is no term."""
    return LegalFigure(rule=rule, number=Decimal(number), provenance=SOURCE)


@frozen(kw_only=True)
class Procedures:
    """A part that keeps figures in every way in which one may."""

    answer: Term
    by_status: Mapping[str, Term]
    ended: tuple[Term, ...]
    notice: Term
    paid: Term
    share: LegalFigure
    begins: LegalChoice
    name: str = "no figure"
    kind: type = str


DOMAIN = Procedures(
    answer=term("RC-4", 15),
    by_status=MappingProxyType({"consignee": term("CCE-4", 15), "consignor": term("CCE-4", 15)}),
    ended=(term("RC-13", 6, Unit.MONTHS), term("RC-13", 10)),
    notice=term("RC-13", 5),
    paid=term("DEC-2", 15, Unit.DAY_OF_NEXT_MONTH),
    share=figure("RC-10", "0.05"),
    begins=LegalChoice(rule="RC-13", chosen="validity", among=("validity", "request"), provenance=SOURCE),
)


def test_figures_have_the_names_of_their_requirements() -> None:
    """What is the same for several statuses is one figure; what differs is told apart by what its part calls it."""
    found = figures_of(DOMAIN)

    assert {name: one.number for name, one in found.items()} == {
        "RC-4": 15,
        "CCE-4": 15,
        "RC-13_1": 6,
        "RC-13_2": 10,
        "RC-13_notice": 5,
        "DEC-2": 15,
        "RC-10": Decimal("0.05"),
    }


def test_names_become_longer_until_they_differ() -> None:
    """Two parts may call figures of one requirement alike."""
    parts = {"old": {"notice": term("RC-13", 10)}, "new": {"notice": term("RC-13", 5)}}

    assert sorted(figures_of(parts)) == ["RC-13_new_notice", "RC-13_old_notice"]


def test_what_is_decided_names_the_settings_as_its_source() -> None:
    """Wherever the figure stands; all else stays as it was."""
    found = decided(
        DOMAIN,
        {
            "RC-4": Decided(number=Decimal(20)),
            "CCE-4": Decided(number=Decimal(3), unit=Unit.MONTHS, rolls=True),
            "RC-13_2": Decided(number=Decimal(12), rolls=False),
            "RC-10": Decided(number=Decimal("0.1")),
        },
    )

    assert found.answer == Term(rule="RC-4", number=20, unit=Unit.WORKING_DAYS, provenance=DECIDED)
    decided_term = Term(rule="CCE-4", number=3, unit=Unit.MONTHS, provenance=DECIDED, rolls=True)
    assert dict(found.by_status) == {"consignee": decided_term, "consignor": decided_term}
    assert [one.number for one in found.ended] == [6, 12]
    assert found.share == LegalFigure(rule="RC-10", number=Decimal("0.1"), provenance=DECIDED)
    assert (found.notice, found.paid, found.name, found.kind) == (DOMAIN.notice, DOMAIN.paid, "no figure", str)


def test_choices_have_names_of_their_own_and_are_made_otherwise() -> None:
    """Those of figures stay as they are; any text may be chosen where there are no words to choose among."""
    free = {"numbers": LegalChoice(rule="CCE-5", chosen="LT###########", provenance=SOURCE)}

    found, other = decided(DOMAIN, {}, {"RC-13": "request"}), decided(free, {}, {"CCE-5": "LT000########"})

    assert {name: one.chosen for name, one in choices_of(DOMAIN).items()} == {"RC-13": "validity"}
    assert (found.begins.chosen, found.begins.provenance, found.notice) == ("request", DECIDED, DOMAIN.notice)
    assert other["numbers"].chosen == "LT000########"
    assert wrong(free, {}, {"CCE-5": "LT000########"}) == wrong(DOMAIN, {}, {"RC-13": "request"}) == ()


def test_choice_that_cannot_be_made_is_told() -> None:
    """Both at once: a name that there is not, a word that is none of those."""
    found = [say(one) for one in wrong(DOMAIN, {}, {"RC-13": "dispatch", "RC-4": "request"})]

    assert found == [
        "RC-13: expected one of validity, request (got 'dispatch')",
        "'RC-4' is no choice of the national procedures; known are RC-13",
    ]


def test_nothing_decided_is_the_same_domain() -> None:
    """Nor does a name that there is not change anything."""
    assert decided(DOMAIN, {}) is DOMAIN
    assert decided(DOMAIN, {"RC-99": Decided(number=Decimal(1))}) is DOMAIN


@pytest.mark.parametrize(
    ("name", "decision", "told"),
    [
        (
            "RC-99",
            Decided(number=Decimal(1)),
            "'RC-99' is no figure of the national procedures; known are CCE-4",
        ),
        ("RC-10", Decided(number=Decimal(1), unit=Unit.MONTHS), "RC-10 is no term"),
        ("RC-10", Decided(number=Decimal(1), rolls=False), "RC-10 is no term"),
        ("RC-4", Decided(number=Decimal("1.5")), "RC-4: expected a whole number for a term (got 1.5)"),
        ("DEC-2", Decided(number=Decimal(32)), "DEC-2: expected a day of a month, 1 to 31 (got 32)"),
        ("RC-4", Decided(number=Decimal(0), unit=Unit.DAY_OF_NEXT_MONTH), "RC-4: expected a day of a month"),
    ],
)
def test_what_a_figure_cannot_be_is_told(name: str, decision: Decided, told: str) -> None:
    """Name, what was expected, and what was given."""
    (fault,) = wrong(DOMAIN, {name: decision})

    assert told in say(fault)


def test_all_that_is_wrong_is_told_at_once() -> None:
    """Two faults of one figure as well; what is right is no fault."""
    decisions = {
        "RC-99": Decided(number=Decimal(1)),
        "DEC-2": Decided(number=Decimal("40.5")),
        "RC-4": Decided(number=Decimal(20)),
        "RC-10": Decided(number=Decimal("0.07")),
    }

    assert len(wrong(DOMAIN, decisions)) == 3
