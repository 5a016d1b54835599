"""Explanations of what the standard lists: messages, code lists with their codes, excise products."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from esad_gateway.emcs import codes
from esad_gateway.emcs.messages import NAMES, message_named
from esad_gateway.emcs.messages.kinds import KINDS
from esad_gateway.emcs.rules import RULES, code_lists
from esad_gateway.emcs.rules.packages import EDITION, PACKAGES
from esad_gateway.explain.answer import Explanation, Line, head

_WITHOUT_WORDS: Final = ""


def _numbered(*meanings: str) -> Mapping[str, str]:
    """Codes from 0 on; an empty meaning is a number that is left out."""
    return MappingProxyType({str(number): meaning for number, meaning in enumerate(meanings) if meaning})


def _members(of: type[StrEnum]) -> Mapping[str, str]:
    return MappingProxyType({one.value: one.name.replace("_", " ").lower() for one in of})


def _bare(of: AbstractSet[str]) -> Mapping[str, str]:
    return MappingProxyType(dict.fromkeys(sorted(of, key=lambda one: (len(one), one)), _WITHOUT_WORDS))


def _product(code: str) -> str:
    product = code_lists.EXCISE_PRODUCTS[code]
    told = {"alcoholic strength": product.strength, "degree Plato": product.plato, "density": product.density}
    asked = ", ".join(name for name, needed in told.items() if needed)
    unit = code_lists.UNITS_OF_MEASURE[product.unit]
    return f"quantity in {unit} (unit {product.unit})" + (f"; needs {asked}" if asked else "")


LISTS: Final[Mapping[str, tuple[str, Mapping[str, str]]]] = MappingProxyType(
    {
        "BC01": ("types of evidence", _numbered("other", "", "police report", "another report", "customs report")),
        "BC12": ("languages of the Union", _bare(code_lists.LANGUAGES)),
        "BC15": (
            "types of events",
            _numbered(
                "other", "accident", "goods destroyed", "stolen", "", "", "stolen with the vehicle", "transhipment"
            ),
        ),
        "BC17": (
            f"kinds of packages ({EDITION})",
            MappingProxyType(
                {one: "counted" if counted else "in bulk, not counted" for one, counted in PACKAGES.items()}
            ),
        ),
        "BC22": (
            "reasons of an alert or a rejection",
            _numbered("other", "not concerned", "products do not match", "quantities do not match"),
        ),
        "BC26": (
            "reasons of an interruption",
            _numbered("other", "fraud suspected", "goods destroyed", "goods lost or stolen", "requested at a control"),
        ),
        "BC34": (
            "who submits an event report",
            _numbered("other", "consignor", "consignee", "transporter", "excise officer", "other official"),
        ),
        "BC35": ("transport units", code_lists.TRANSPORT_UNITS),
        "BC36": (
            "excise products",
            MappingProxyType({one: _product(one) for one in sorted(code_lists.EXCISE_PRODUCTS)}),
        ),
        "BC40": ("wine growing zones", _numbered("", "A", "B", "C I", "C II", "C III (a)", "C III (b)")),
        "BC46": ("what is unsatisfactory", code_lists.UNSATISFACTORY_REASONS),
        "BC51": (
            "explanations of a delay",
            _numbered(
                "other",
                "cancelled transaction",
                "pending transaction",
                "investigation",
                "weather",
                "strike",
                "accident",
            ),
        ),
        "BC52": ("units of measure", code_lists.UNITS_OF_MEASURE),
        "BC67": ("modes of transport", code_lists.TRANSPORT_MODES),
        "BC108": (
            "why a manual closure is refused",
            _numbered("other", "the evidence does not justify it", "the reason does not justify it"),
        ),
        "TC16": ("conclusions of a receipt", _members(codes.GlobalConclusionOfReceipt)),
        "TC29": ("guarantors", _members(codes.GuarantorTypeCode)),
        "TC30": ("origins of the goods", _members(codes.OriginTypeCode)),
        "TC32": ("destinations", _members(codes.DestinationTypeCode)),
        "TC38": ("categories of wine products", _members(codes.CategoryOfWineProduct)),
        "TC48": ("reminders", _members(codes.ReminderMessageType)),
        "TC50": ("states of a movement", _members(codes.StatusType)),
        "TC61": ("who explains", _members(codes.SubmitterType)),
        "TC70": ("who arranges the transport", _members(codes.TransportArrangement)),
        "TC71": ("types of submission", _members(codes.SubmissionType)),
        "TC73": ("which delay is explained", _members(codes.MessageRoleCode)),
    }
)
"""Code lists by their official numbers: what each is about, and its codes with their meaning, where they have one."""


def code_list(number: str) -> Explanation | None:
    """A code list with its codes; ``None`` where no list has that number."""
    if number not in LISTS:
        return None
    about, listed = LISTS[number]
    described = {"kind": "list", "list": number, "about": about, "codes": dict(listed)}
    return Explanation(as_json=described, lines=[(head(f"List {number}: {about}"),), *_code_lines(listed)])


def with_its_list(answer: Explanation, number: str) -> Explanation:
    """The explanation of a rule that is named after a list, with the codes of that list behind it."""
    listed = code_list(number)
    if listed is None:
        return answer
    return Explanation(
        as_json={**answer.as_json, "codes": listed.as_json["codes"]},
        lines=[*answer.lines, *listed.lines],
        ok=answer.ok,
    )


def code_of(number: str, code: str) -> Explanation | None:
    """A code of a list; a negative end for one that is not in it, ``None`` where no list has that number."""
    if number not in LISTS:
        return None
    about, listed = LISTS[number]
    meaning = listed.get(code)
    described: dict[str, Any] = {"kind": "code of a list", "list": number, "about": about, "code": code}
    if meaning is None:
        lines: list[Line] = [f"{code} is no code of {number}, {about}", f"  codes: {', '.join(listed)}"]
        return Explanation(as_json={**described, "meaning": None}, lines=lines, ok=False)
    lines = [(head(f"Code {code} of {number}, {about}"),), *([f"  {meaning}"] if meaning else [])]
    return Explanation(as_json={**described, "meaning": meaning}, lines=lines)


def _code_lines(listed: Mapping[str, str]) -> Sequence[str]:
    if not any(listed.values()):
        return [f"  {', '.join(listed)}"]
    widest = max(map(len, listed))
    return [f"  {code:{widest}}  {meaning}".rstrip() for code, meaning in listed.items()]


def product(code: str) -> Explanation | None:
    """An excise product: the unit of its quantity and what has to be said about it; ``None`` for no product."""
    found = code_lists.EXCISE_PRODUCTS.get(code)
    if found is None:
        return None
    described = {
        "kind": "product",
        "product": code,
        "unit": found.unit,
        "unit_name": code_lists.UNITS_OF_MEASURE[found.unit],
        "needs": {"strength": found.strength, "plato": found.plato, "density": found.density},
    }
    return Explanation(as_json=described, lines=[(head(f"Product {code} (BC36)"),), f"  {_product(code)}"])


def message(name: str) -> Explanation | None:
    """A message: what it is, who submits it, the rules that are asked of it; ``None`` for none of that name."""
    found = message_named(name) if name in NAMES else None
    if found is None:
        return None
    what = (found.__doc__ or "").splitlines()[0].partition(": ")
    title, origins = what[2] or what[0], [origin.value for origin in KINDS[name].sides]
    numbers = list(dict.fromkeys(rule.number for rule in RULES if rule.message is found))
    described = {"kind": "message", "message": name, "title": title, "from": origins, "rules": numbers}
    lines: list[Line] = [(head(f"{what[0] or name}: {title}"),)]
    lines += [f"  submitted by: {', '.join(origins) or 'nobody here; it is read and kept'}"]
    lines += [f"  rules: {', '.join(numbers)}"] if numbers else []
    return Explanation(as_json=described, lines=[*lines, f"  its fields: esad compose --template {name}"])
