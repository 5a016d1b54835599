"""Strategies for hypothesis: messages that are valid, or that break one rule, of any type, goods, states and day.

They make what :class:`~esad_gateway.simulator.making.maker.Maker` makes, and shrink towards the usual message from
Lithuania to Poland. hypothesis has to be installed (``pip install hypothesis``).
"""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Final

from hypothesis import assume
from hypothesis import strategies as st

from esad_gateway.emcs.messages import NAMES
from esad_gateway.emcs.rules.code_lists import EXCISE_PRODUCTS, TRANSPORT_MODES
from esad_gateway.errors import UnreadableInput
from esad_gateway.faults import said
from esad_gateway.simulator.making.maker import DAY, Made, Maker, Size, Wanted
from esad_gateway.simulator.making.places import OTHER, OWN, TOWNS
from esad_gateway.simulator.making.variants import broken_samples, rule_of

__all__ = ["broken_messages", "drafts", "messages"]

DAYS: Final = st.just(DAY) | st.dates(date(2025, 1, 1), date(2032, 12, 31))
"""The days of messages, where nobody says otherwise."""

STATES: Final = tuple(dict.fromkeys((OWN, OTHER, *TOWNS)))
PRODUCTS: Final = (None, *EXCISE_PRODUCTS)
TRANSPORTS: Final = (None, *TRANSPORT_MODES)
SIZES: Final = (Size.TYPICAL, Size.SMALLEST)
"""The sizes that take milliseconds: a largest message takes seconds when it is made for the first time."""

_SEEDS: Final = st.integers(0, 2**32 - 1)


def messages(
    types: Sequence[str] = NAMES,
    *,
    sizes: Sequence[Size] = SIZES,
    products: Sequence[str | None] = PRODUCTS,
    transports: Sequence[str | None] = TRANSPORTS,
    states: Sequence[str] = STATES,
    days: st.SearchStrategy[date] = DAYS,
) -> st.SearchStrategy[Made]:
    """Valid messages, each with what it is judged against. Every argument says what is drawn from, simplest first.

    ``None`` among ``products`` and ``transports`` is what a sample has by itself. What cannot be together is not drawn:
    wine, say, that travels without a guarantee. Raises UnreadableInput for what there is not.
    """
    _check(types, products, transports, states)

    @st.composite
    def made(draw: st.DrawFn) -> Made:
        own, other = draw(_pairs(states))
        wanted = Wanted(
            message=draw(st.sampled_from(types)),
            size=draw(st.sampled_from(sizes)),
            product=draw(st.sampled_from(products)),
            transport=draw(st.sampled_from(transports)),
            own=own,
            other=other,
            day=draw(days),
        )
        return _if_there_is(wanted, draw(_SEEDS))

    return made()


def drafts(
    *,
    sizes: Sequence[Size] = SIZES,
    products: Sequence[str | None] = PRODUCTS,
    states: Sequence[str] = STATES,
    days: st.SearchStrategy[date] = DAYS,
) -> st.SearchStrategy[Made]:
    """Valid drafts of e-SADs (IE815), as :func:`messages` makes them."""
    return messages(("IE815",), sizes=sizes, products=products, states=states, days=days)


def broken_messages(
    types: Sequence[str] = NAMES,
    rules: Sequence[str] | None = None,
    *,
    states: Sequence[str] = STATES,
    days: st.SearchStrategy[date] = DAYS,
) -> st.SearchStrategy[Made]:
    """Messages that follow their schema and break one rule: any rule, or one of ``rules``. Their faults are with them.

    Raises UnreadableInput for what there is not, and when no message of these types breaks any of the rules.
    """
    _check(types, (), (), states)
    samples = [
        (one, sample) for one in types for sample in broken_samples(one) if not rules or rule_of(sample) in rules
    ]
    if not samples:
        raise UnreadableInput(said("making.no_rule", rule=", ".join(rules or ()), message=", ".join(types), known="-"))

    @st.composite
    def made(draw: st.DrawFn) -> Made:
        (message, sample), (own, other) = draw(st.sampled_from(samples)), draw(_pairs(states))
        wanted = Wanted(message=message, own=own, other=other, day=draw(days))
        broken = Maker(draw(_SEEDS)).broken_sample(wanted, sample)
        assume(rule_of(sample) in {fault.rule for fault in broken.faults})
        return broken

    return made()


def _check(
    types: Sequence[str], products: Sequence[str | None], transports: Sequence[str | None], states: Sequence[str]
) -> None:
    """What is no such thing is told when a strategy is made: nothing would be drawn, and nobody told why."""
    wanted = [Wanted(message=one) for one in types]
    wanted += [Wanted(product=product) for product in products]
    wanted += [Wanted(transport=transport) for transport in transports]
    wanted += [Wanted(own=own, other=other) for own, other in pairwise((*dict.fromkeys(states), *states[:1]))]
    for one in wanted:
        one.check()


def _if_there_is(wanted: Wanted, seed: int) -> Made:
    try:
        return Maker(seed).make(wanted)
    except UnreadableInput:
        assume(False)  # noqa: FBT003 - how hypothesis is told to draw again
        raise


def _pairs(states: Sequence[str]) -> st.SearchStrategy[tuple[str, str]]:
    """Two different states."""
    return st.sampled_from(states).flatmap(
        lambda own: st.tuples(st.just(own), st.sampled_from([other for other in states if other != own]))
    )
