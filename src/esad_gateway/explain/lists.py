"""Explanations of what the standard lists: messages, code lists with their codes, excise products."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from esad_gateway.emcs import codes
from esad_gateway.emcs.messages import NAMES, message_named
from esad_gateway.emcs.messages.kinds import KINDS
from esad_gateway.emcs.rules import RULES, code_lists
from esad_gateway.emcs.rules.packages import EDITION, PACKAGES
from esad_gateway.explain.answer import Explanation, Line, chosen, head, label
from esad_gateway.faults import Said, listed, said
from esad_gateway.frozen import frozen
from esad_gateway.texts import in_every_language


@frozen
class CodeList:
    """A code list: what it is ``about``, and its codes with their meaning; ``None`` where they need none."""

    about: Said
    codes: Mapping[str, Said | None]

    def as_json(self) -> Mapping[str, Any]:
        """The codes, each with its meaning in every language."""
        return {code: meaning and in_every_language(meaning) for code, meaning in self.codes.items()}


def _product(code: str) -> Said:
    """What a product is, the unit of its quantity, and what has to be said about it."""
    found = code_lists.EXCISE_PRODUCTS[code]
    told = (("strength", found.strength), ("plato", found.plato), ("density", found.density))
    asked = [Said(f"list.{name}") for name, needed in told if needed]
    quantity = said("list.quantity", unit=Said(f"unit.{found.unit}"), number=found.unit)
    return said("list.needs", quantity=quantity, asked=listed(asked)) if asked else quantity


def _named(listed_codes: Iterable[str], group: str) -> Mapping[str, Said | None]:
    """Codes in their order, the short ones first; their meanings are sentences of ``group``."""
    ordered = sorted(listed_codes, key=lambda one: (len(one), one))
    return MappingProxyType({code: Said(f"{group}.{code}") for code in ordered})


_GROUPS: Final[Mapping[str, tuple[Iterable[str], str]]] = MappingProxyType(
    {
        "BC01": (code_lists.EVIDENCE_TYPES, "evidence"),
        "BC15": (code_lists.EVENT_TYPES, "event"),
        "BC22": (code_lists.ALERT_REASONS, "alert"),
        "BC26": (code_lists.INTERRUPTION_REASONS, "interruption"),
        "BC34": (code_lists.EVENT_SUBMITTERS, "reporter"),
        "BC35": (code_lists.TRANSPORT_UNITS, "transport_unit"),
        "BC40": (code_lists.WINE_ZONES, "zone"),
        "BC46": (code_lists.UNSATISFACTORY_REASONS, "unsatisfactory"),
        "BC51": (code_lists.DELAY_EXPLANATIONS, "delay"),
        "BC52": (code_lists.UNITS_OF_MEASURE, "unit"),
        "BC67": (code_lists.TRANSPORT_MODES, "transport_mode"),
        "BC108": (code_lists.CLOSURE_REJECTION_REASONS, "closure"),
        "TC16": (codes.GlobalConclusionOfReceipt, "conclusion"),
        "TC29": (codes.GuarantorTypeCode, "guarantor"),
        "TC30": (codes.OriginTypeCode, "origin"),
        "TC32": (codes.DestinationTypeCode, "destination"),
        "TC38": (codes.CategoryOfWineProduct, "wine_category"),
        "TC48": (codes.ReminderMessageType, "reminder"),
        "TC50": (codes.StatusType, "state"),
        "TC61": (codes.SubmitterType, "explainer"),
        "TC70": (codes.TransportArrangement, "arrangement"),
        "TC71": (codes.SubmissionType, "submission"),
        "TC73": (codes.MessageRoleCode, "delayed"),
    }
)
"""Lists whose codes have words of their own: the codes, and the group of their sentences."""

LISTS: Final[Mapping[str, CodeList]] = MappingProxyType(
    {
        **{number: CodeList(Said(f"list.{number}"), _named(*row)) for number, row in _GROUPS.items()},
        "BC12": CodeList(Said("list.BC12"), MappingProxyType(dict.fromkeys(sorted(code_lists.LANGUAGES)))),
        "BC17": CodeList(
            said("list.BC17", edition=EDITION),
            MappingProxyType(
                {one: Said("package.counted" if counted else "package.in_bulk") for one, counted in PACKAGES.items()}
            ),
        ),
        "BC36": CodeList(
            Said("list.BC36"),
            MappingProxyType(
                {
                    one: said("list.named", name=Said(f"product.{one}"), what=_product(one))
                    for one in sorted(code_lists.EXCISE_PRODUCTS)
                }
            ),
        ),
    }
)
"""Code lists by their official numbers."""

_WITHOUT_NAMES: Final[Mapping[str, Said]] = MappingProxyType({"BC17": Said("list.no_words")})
"""Lists whose codes have no official name in every language, and what is said of that."""


def code_list(number: str, wanted: Sequence[str]) -> Explanation | None:
    """A code list with its codes; ``None`` where no list has that number."""
    if number not in LISTS:
        return None
    found = LISTS[number]
    described = {"kind": "list", "list": number, "about": in_every_language(found.about), "codes": found.as_json()}
    first = (head(label(said("list.head", number=number, about=found.about), wanted)),)
    return Explanation(as_json=described, lines=[first, *_remark(number, wanted), *_code_lines(found, wanted)])


def with_its_list(answer: Explanation, number: str, wanted: Sequence[str]) -> Explanation:
    """The explanation of a rule that is named after a list, with the codes of that list behind it."""
    found = code_list(number, wanted)
    if found is None:
        return answer
    return Explanation(
        as_json={**answer.as_json, "codes": found.as_json["codes"]},
        lines=[*answer.lines, *found.lines],
        ok=answer.ok,
    )


def code_of(number: str, code: str, wanted: Sequence[str]) -> Explanation | None:
    """A code of a list; a negative end for one that is not in it, ``None`` where no list has that number."""
    if number not in LISTS:
        return None
    found = LISTS[number]
    about = in_every_language(found.about)
    described: dict[str, Any] = {"kind": "code of a list", "list": number, "about": about, "code": code}
    if code not in found.codes:
        none = said("list.no_code", code=code, number=number, about=found.about)
        known = said("list.codes", codes=", ".join(found.codes))
        lines: list[Line] = [label(none, wanted), f"  {label(known, wanted)}"]
        return Explanation(as_json={**described, "meaning": None}, lines=lines, ok=False)
    meaning = found.codes[code]
    lines = [(head(label(said("list.code", code=code, number=number, about=found.about), wanted)),)]
    lines += [f"  {one}" for one in chosen(meaning, wanted)] if meaning else []
    described["meaning"] = meaning and in_every_language(meaning)
    return Explanation(as_json=described, lines=[*lines, *_remark(number, wanted)])


def _remark(number: str, wanted: Sequence[str]) -> Sequence[str]:
    remark = _WITHOUT_NAMES.get(number)
    return [f"  {one}" for one in chosen(remark, wanted)] if remark else []


def _code_lines(found: CodeList, wanted: Sequence[str]) -> Sequence[str]:
    """A line a code, with its meaning in the languages that are wanted; codes without one stand beside each other."""
    if not any(found.codes.values()):
        return [f"  {', '.join(found.codes)}"]
    widest = max(map(len, found.codes))
    return [
        f"  {code:{widest}}  {' / '.join(label(meaning, [one]) for one in wanted) if meaning else ''}".rstrip()
        for code, meaning in found.codes.items()
    ]


def product(code: str, wanted: Sequence[str]) -> Explanation | None:
    """An excise product: its name, the unit of its quantity and what has to be said about it; ``None`` for none."""
    found = code_lists.EXCISE_PRODUCTS.get(code)
    if found is None:
        return None
    name, unit = Said(f"product.{code}"), Said(f"unit.{found.unit}")
    described = {
        "kind": "product",
        "product": code,
        "name": in_every_language(name),
        "unit": found.unit,
        "unit_name": in_every_language(unit),
        "needs": {"strength": found.strength, "plato": found.plato, "density": found.density},
    }
    first = [head(one) for one in chosen(said("list.product", code=code, name=name), wanted)]
    lines: list[Line] = [*((one,) for one in first), *(f"  {one}" for one in chosen(_product(code), wanted))]
    return Explanation(as_json=described, lines=lines)


def message(name: str, wanted: Sequence[str]) -> Explanation | None:
    """A message: what it is, who submits it, the rules that are asked of it; ``None`` for none of that name."""
    found = message_named(name) if name in NAMES else None
    if found is None:
        return None
    title, origins = Said(f"message.{name}"), [origin.value for origin in KINDS[name].sides]
    numbers = list(dict.fromkeys(rule.number for rule in RULES if rule.message is found))
    told = {"kind": "message", "message": name, "title": in_every_language(title), "from": origins, "rules": numbers}
    number = (found.__doc__ or name).partition(": ")[0]
    lines: list[Line] = [(head(one),) for one in chosen(said("list.message", number=number, title=title), wanted)]
    who = listed(Said(f"source_of.{one}") for one in origins) if origins else Said("list.nobody")
    lines += [f"  {label(said('list.submitted_by', who=who), wanted)}"]
    lines += [f"  {label(said('list.rules', rules=', '.join(numbers)), wanted)}"] if numbers else []
    fields = said("list.fields", command=f"esad compose --template {name}")
    return Explanation(as_json=told, lines=[*lines, f"  {label(fields, wanted)}"])
