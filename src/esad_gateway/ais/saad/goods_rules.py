"""Rules on the lines of an entry: products, quantities, strengths, packages. What is known of goods is that of EMCS."""

from decimal import Decimal
from typing import Final

from esad_gateway.ais.saad.law import admitted
from esad_gateway.ais.saad.mechanism import NOT_SUPPORTED, Amiss, SaadContext, of_lines
from esad_gateway.ais.saad.record import SaadEntry, SaadLine
from esad_gateway.emcs.rules.cn_codes import FIRST_DAYS
from esad_gateway.emcs.rules.code_lists import EXCISE_PRODUCTS, UNLISTED_PRODUCT, taxes_by_plato
from esad_gateway.emcs.rules.ie815_goods import LEAST_STRENGTH, MOST_STRENGTH
from esad_gateway.emcs.rules.packages import PACKAGES, package_hint
from esad_gateway.faults import Said, said

MOST_PLATO: Final = Decimal(100)

_DECIMALS: Final = 3
_TOO_MUCH: Final = Decimal(10) ** 12
"""A quantity of EMCS has 15 digits, 3 of them after the point."""
_TOO_MANY: Final = 10**15
"""A number of packages has 15 digits."""
_PERCENT_DECIMALS: Final = 2
_CN_DIGITS: Final = 8
_NOTHING: Final = Decimal(0)


def product_is_listed(line: SaadLine, _entry: SaadEntry, _context: SaadContext) -> Amiss | None:
    """The excise product is in the list (BC36)."""
    return None if line.product in EXCISE_PRODUCTS else Amiss("product", line.product or None)


def product_may_come_so(line: SaadLine, entry: SaadEntry, context: SaadContext) -> Amiss | None:
    """With an MVV only wine comes."""
    rows = admitted(context.law, entry.source, entry.state, entry.dispatched, entry.received).nearest
    if not rows or line.product not in EXCISE_PRODUCTS:
        return None
    fits = any(row.products is None or line.product in row.products for row in rows)
    return None if fits else Amiss("product", line.product)


def cn_code_belongs(line: SaadLine, entry: SaadEntry, _context: SaadContext) -> Amiss | None:
    """The CN code has eight digits, and is one of the product's on the day of dispatch (R211, R232).

    A product that is not in the list is SAAD-17's, and one has no list of its own.
    """
    code, product = line.cn_code, line.product
    if not (len(code) == _CN_DIGITS and code.isascii() and code.isdigit() and code.strip("0")):
        return Amiss("cn_code", code or None, Said("saad.cn_digits"))
    first = FIRST_DAYS.get((code, product))
    belongs = first is not None and first <= entry.dispatched
    if belongs or product not in EXCISE_PRODUCTS or product == UNLISTED_PRODUCT:
        return None
    day = entry.dispatched.isoformat()
    return Amiss("cn_code", code, said("hint.cn_code", code=code, product=product, day=day))


def quantity_is_one(line: SaadLine, _entry: SaadEntry, _context: SaadContext) -> Amiss | None:
    """The quantity is above zero, with no more digits than one of EMCS (R232)."""
    return None if is_amount(line.quantity) else Amiss("quantity", line.quantity)


def strength_is_given(line: SaadLine, _entry: SaadEntry, _context: SaadContext) -> Amiss | None:
    """The alcoholic strength is given for the products that have one, and for no others (C047)."""
    product = EXCISE_PRODUCTS.get(line.product)
    if product is None or product.strength is (line.strength is not None):
        return None
    return Amiss("strength") if line.strength is None else _needless("strength", line.strength, line)


def strength_is_one(line: SaadLine, _entry: SaadEntry, _context: SaadContext) -> Amiss | None:
    """An alcoholic strength lies between 0.5 and 100 (R237)."""
    given = line.strength
    if given is None or (_has_decimals(given, _PERCENT_DECIMALS) and LEAST_STRENGTH <= given <= MOST_STRENGTH):
        return None
    return Amiss("strength", given)


def plato_is_given(line: SaadLine, entry: SaadEntry, context: SaadContext) -> Amiss | None:
    """Beer has a degree Plato where one of the two states taxes it by that, and nothing else has one (C048)."""
    product = EXCISE_PRODUCTS.get(line.product)
    if product is None or (product.plato and line.plato is not None):
        return None
    if not product.plato:
        return None if line.plato is None else _needless("plato", line.plato, line)
    states = (entry.state, context.law.state)
    return Amiss("plato") if any(taxes_by_plato(state, entry.dispatched) for state in states) else None


def plato_is_one(line: SaadLine, _entry: SaadEntry, _context: SaadContext) -> Amiss | None:
    """A degree Plato is above zero and not above 100."""
    given = line.plato
    if given is None or (_has_decimals(given, _PERCENT_DECIMALS) and _NOTHING < given <= MOST_PLATO):
        return None
    return Amiss("plato", given)


def package_is_listed(line: SaadLine, _entry: SaadEntry, _context: SaadContext) -> Amiss | None:
    """The kind of packages is in the list (BC17), and no number stands without a kind."""
    kind = line.package_kind
    if kind is None:
        return None if line.packages is None else Amiss("package_kind", None, Said("saad.kind_missing"))
    return None if kind in PACKAGES else Amiss("package_kind", kind or None, package_hint(kind))


def packages_are_counted(line: SaadLine, _entry: SaadEntry, _context: SaadContext) -> Amiss | None:
    """Packages that can be counted are, and goods in bulk are not (C073)."""
    number, counted = line.packages, PACKAGES.get(line.package_kind or "", True)
    if number is None:
        return Amiss("packages") if line.package_kind in PACKAGES and counted else None
    if not counted:
        return Amiss("packages", number, said("saad.in_bulk", kind=str(line.package_kind)), NOT_SUPPORTED)
    return None if 0 < number < _TOO_MANY else Amiss("packages", number)


def shortage_is_one(line: SaadLine, _entry: SaadEntry, _context: SaadContext) -> Amiss | None:
    """A shortage is above zero (R232), and not more than was sent (BR025)."""
    given = line.shortage
    if given is None:
        return None
    if not is_amount(given):
        return Amiss("shortage", given, Said("saad.amount"))
    if is_amount(line.quantity) and given > line.quantity:
        return Amiss("shortage", given, said("saad.at_most", limit=f"{line.quantity:f}"))
    return None


def excess_is_one(line: SaadLine, _entry: SaadEntry, _context: SaadContext) -> Amiss | None:
    """An excess is above zero (R232), and stands in no line that has a shortage (C067)."""
    if line.excess is None:
        return None
    if line.shortage is not None:
        return Amiss("excess", line.excess)
    return None if is_amount(line.excess) else Amiss("excess", line.excess, Said("saad.amount"))


GOODS_RULES: Final = (
    of_lines("SAAD-17", "product", "BC36", product_is_listed),
    of_lines("SAAD-18", "product", "MVV-1, R212", product_may_come_so),
    of_lines("SAAD-19", "cn_code", "R211, R232", cn_code_belongs),
    of_lines("SAAD-20", "quantity", "R232", quantity_is_one),
    of_lines("SAAD-21", "strength", "C047", strength_is_given),
    of_lines("SAAD-22", "strength", "R237", strength_is_one),
    of_lines("SAAD-23", "plato", "C048", plato_is_given),
    of_lines("SAAD-24", "plato", "R232", plato_is_one),
    of_lines("SAAD-25", "packages", "C073", packages_are_counted),
    of_lines("SAAD-26", "package_kind", "BC17", package_is_listed),
    of_lines("SAAD-27", "shortage", "BR025, R232", shortage_is_one),
    of_lines("SAAD-28", "excess", "C067, R232", excess_is_one),
)
"""In the order of a line."""


def _needless(item: str, given: Decimal, line: SaadLine) -> Amiss:
    return Amiss(item, given, said("saad.needless", product=line.product), NOT_SUPPORTED)


def is_amount(given: Decimal) -> bool:
    """Whether ``given`` may be a quantity: above zero, with at most 12 digits before the point and 3 after it."""
    return _has_decimals(given, _DECIMALS) and _NOTHING < given < _TOO_MUCH


def _has_decimals(given: Decimal, most: int) -> bool:
    """Whether a number has at most ``most`` digits after the point; zeros at its end are none."""
    _, digits, exponent = given.as_tuple()
    if not isinstance(exponent, int):  # not a number, or endless
        return False
    too_far = -most - exponent
    return too_far <= 0 or not any(digits[-too_far:])
