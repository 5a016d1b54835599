"""The words of the standard and of this gateway, as the glossary has them, and what can be explained besides."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from itertools import chain
from types import MappingProxyType
from typing import Final

from esad_gateway.ais.saad.rules import SAAD_RULES
from esad_gateway.emcs.codes import FunctionalErrorCodes, StatusType
from esad_gateway.emcs.messages import NAMES
from esad_gateway.emcs.rules import CATALOGUE
from esad_gateway.emcs.rules.code_lists import EXCISE_PRODUCTS
from esad_gateway.explain.answer import Explanation, Line, chosen, head, label
from esad_gateway.explain.lists import LISTS
from esad_gateway.explain.saad import SAAD_TERMS
from esad_gateway.explain.tables import table_codes
from esad_gateway.faults import Said, said
from esad_gateway.texts import in_every_language

TERMS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "EMCS": (),
        "e-SAD": ("esad",),
        "e-RoR": ("eror", "report of receipt"),
        "ARC": ("administrative reference code",),
        "LRN": ("local reference number",),
        "SEED": ("SEED number",),
        "NDEA": (),
        "duty paid": ("duty-paid",),
        "certified consignor": (),
        "certified consignee": (),
        "negative acknowledgement": (),
        "parked": (),
        "held": (),
        "filed": (),
        "outbox": (),
        "dead letter": (),
        "dropped": (),
        "undecided": (),
        "whole": (),
        "peer": (),
    }
)
"""Each term with what else it is asked for as; what it means is a sentence by its name."""

_ASKED: Final[Mapping[str, str]] = MappingProxyType(
    {form.casefold(): name for name, others in TERMS.items() for form in (name, *others)}
)
_MOST_NEAR: Final = 5
_LIKENESS: Final = 0.6


def term(asked: str, wanted: Sequence[str]) -> Explanation | None:
    """What a term means, however its capitals are written; ``None`` for what is none."""
    name = _ASKED.get(asked.casefold())
    if name is None:
        return None
    meaning = Said(f"term.{name}")
    lines: list[Line] = [(head(name),), *(f"  {text}" for text in chosen(meaning, wanted))]
    return Explanation(as_json={"kind": "term", "term": name, "meaning": in_every_language(meaning)}, lines=lines)


def nearest_terms(asked: str) -> list[str]:
    """The terms that may have been meant by several words."""
    return get_close_matches(asked.casefold(), _ASKED, n=_MOST_NEAR, cutoff=_LIKENESS)


def nearest(asked: str) -> list[str]:
    """The names that may have been meant, the likeliest first."""
    known = {name.casefold(): name for name in names()}
    return [known[one] for one in get_close_matches(asked.casefold(), known, n=_MOST_NEAR, cutoff=_LIKENESS)]


def names() -> Sequence[str]:
    """Everything that can be explained by a name: rules, codes, states, messages, lists, products, tables, terms."""
    terms = chain.from_iterable((name, *others) for name, others in TERMS.items())
    return [
        *CATALOGUE,
        *SAAD_RULES,
        *SAAD_TERMS,
        *FunctionalErrorCodes,
        *StatusType,
        *NAMES,
        *LISTS,
        *EXCISE_PRODUCTS,
        *table_codes(),
        *terms,
    ]


def unknown(asked: str, wanted: Sequence[str]) -> Explanation:
    """The answer to a name that is none: what may have been meant, and all kinds that can be explained."""
    near, kinds = nearest(asked), Said("told.kinds")
    described = {"kind": "unknown", "asked": asked, "nearest": near, "kinds": in_every_language(kinds)}
    told = [said("told.unknown", asked=asked), *([said("told.nearest", names=", ".join(near))] if near else []), kinds]
    first, *others = (label(one, wanted) for one in told)
    return Explanation(as_json=described, lines=[first, *(f"  {one}" for one in others)], ok=False)
