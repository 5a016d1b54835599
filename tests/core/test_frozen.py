"""Values of ours against those of ``dataclasses``: what holds for one holds for the other."""

import copy
import pickle
import sys
from dataclasses import FrozenInstanceError, asdict, dataclass, field, fields, replace
from subprocess import run
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esad_gateway.frozen import frozen


@frozen
class Goods:
    """What is made by position, with everything that a field can say."""

    KIND: ClassVar[str] = "goods"
    name: str
    quantity: int = 1
    marks: tuple[str, ...] = field(default_factory=tuple)
    note: str = field(default="", compare=False, repr=False)
    length: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        object.__setattr__(self, "length", len(self.name))


@frozen(kw_only=True)
class Wine(Goods):
    """What extends it by name."""

    colour: str = "red"
    region: str


@dataclass(frozen=True, slots=True)
class OtherGoods:
    """The same by the standard library."""

    KIND: ClassVar[str] = "goods"
    name: str
    quantity: int = 1
    marks: tuple[str, ...] = field(default_factory=tuple)
    note: str = field(default="", compare=False, repr=False)
    length: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        object.__setattr__(self, "length", len(self.name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Beer(Wine):
    """What extends that by the standard library."""

    hops: str = ""


@frozen
class Code:
    """What says itself when it is equal."""

    text: str

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Code) and self.text.lower() == other.text.lower()

    def __hash__(self) -> int:
        return hash(self.text.lower())

    def __repr__(self) -> str:
        return self.text


@frozen
class Nothing:
    """What has no field."""


_arguments = st.fixed_dictionaries(
    {"name": st.text(max_size=2)},
    optional={
        "quantity": st.integers(0, 1),
        "marks": st.tuples(st.text(max_size=1)),
        "note": st.text(max_size=1),
    },
)


@given(_arguments, _arguments)
def test_frozen_value_compares_and_shows_itself_as_a_dataclass_does(one: dict[str, Any], other: dict[str, Any]) -> None:
    """Equality, hash, text and fields of any two values are those of the same dataclass."""
    first, second = Goods(**one), Goods(**other)
    known = OtherGoods(**one)

    assert (first == second) == (known == OtherGoods(**other))
    assert first != second or hash(first) == hash(second)
    assert repr(first) == repr(known).replace("OtherGoods", "Goods")
    assert asdict(first) == asdict(known)
    assert [one.name for one in fields(first)] == [one.name for one in fields(known)]
    assert Goods.__match_args__ == OtherGoods.__match_args__
    assert (first == object()) is False


def test_frozen_value_does_not_change() -> None:
    """No field is set or deleted, none is added, and a copy with a change is another value."""
    wine = Wine("Merlot", region="Istria")

    for name in ("name", "colour", "unknown"):
        with pytest.raises(FrozenInstanceError, match=f"'{name}' of a Wine"):
            setattr(wine, name, "x")
        with pytest.raises(FrozenInstanceError, match=f"'{name}' of a Wine"):
            delattr(wine, name)
    assert replace(wine, name="Teran") == Wine("Teran", 1, region="Istria")
    assert not hasattr(wine, "__dict__")
    assert (wine.length, wine.KIND) == (6, "goods")


@pytest.mark.parametrize("value", [Wine("Teran", 3, ("a",), "n", colour="white", region="Istria"), Nothing()])
def test_frozen_value_survives_copies(value: object) -> None:
    """Pickled and copied it is equal, also where processes hand it over."""
    assert pickle.loads(pickle.dumps(value)) == copy.deepcopy(value) == copy.copy(value) == value  # noqa: S301 - ours


@pytest.mark.parametrize(
    ("arguments", "named", "complaint"),
    [
        ((), {}, "missing 1 required positional argument: 'name'"),
        (("Teran",), {}, "missing 1 required keyword-only argument: 'region'"),
        (("Teran",), {"region": "Istria", "length": 3}, "unexpected keyword argument 'length'"),
        (("Teran", 1, (), "", "Istria"), {}, "takes from 2 to 5 positional arguments"),
    ],
)
def test_frozen_value_refuses_wrong_arguments(
    arguments: tuple[Any, ...], named: dict[str, Any], complaint: str
) -> None:
    """The complaint is Python's own, with the name of the class, before and after the first value."""
    for _ in range(2):
        with pytest.raises(TypeError, match=f"Wine.__init__\\(\\).*{complaint}|{complaint}"):
            Wine(*arguments, **named)


def test_frozen_dataclass_extends_a_frozen_value() -> None:
    """One of the standard library takes its fields over, and the other way round nothing that changes is extended."""
    beer = Beer(name="Ale", region="Kent", hops="Fuggle")

    assert (beer.length, beer.quantity, beer.colour) == (3, 1, "red")
    assert beer == replace(beer) != replace(beer, hops="")
    with pytest.raises(TypeError, match="cannot inherit"):
        dataclass(type("Loose", (Wine,), {}))


def test_frozen_class_keeps_its_own_methods() -> None:
    """What a class says of equality, hash and text stands."""
    assert {Code("A"), Code("a")} == {Code("a")}
    assert repr(Code("x")) == "x"


@frozen
class Oddly:
    """Fields with the names that stand in an ``__init__``."""

    self: int
    MISSING: int
    set_self: int = 1
    make_self: tuple[int, ...] = field(default_factory=tuple)
    default_set_self: int = 2


def test_frozen_value_has_fields_of_any_name() -> None:
    """No name of a field means anything else where values are made, by position and by name."""
    assert repr(Oddly(5, 6)) == "Oddly(self=5, MISSING=6, set_self=1, make_self=(), default_set_self=2)"
    assert Oddly(self=5, MISSING=6, set_self=7) == replace(Oddly(5, 6), set_self=7)
    with pytest.raises(TypeError, match="names that begin with '_frozen_' are taken"):
        frozen(type("Taken", (), {"__annotations__": {"_frozen_set_x": int}}))


@pytest.mark.parametrize("first", [1, field(default=1), field(default_factory=int)])
def test_frozen_class_refuses_a_field_without_a_default_behind_one(first: object) -> None:
    """When the class is made, as the standard library does, and not when its first value is."""
    members = {"__annotations__": {"first": int, "second": int}, "first": first}

    with pytest.raises(TypeError, match="non-default argument 'second' follows default argument"):
        frozen(type("Order", (), members))


def test_frozen_value_within_itself_is_shown() -> None:
    """Its text ends where it begins again."""
    inside: Any = []
    value = Goods("x", marks=inside)
    inside.append(value)

    assert repr(value) == "Goods(name='x', quantity=1, marks=[...], length=1)"


def test_groups_of_messages_compile_nothing_before_they_are_used() -> None:
    """Importing the groups that messages share compiles no method, and using one compiles that of its class only."""
    program = """
import builtins, sys
compiled, real = [], builtins.exec
def exec(source, *scopes):
    compiled.append(source) if isinstance(source, str) else None
    return real(source, *scopes)
import esad_gateway.emcs.messages.fields, esad_gateway.emcs.codes
builtins.exec = exec
from esad_gateway.emcs.messages.groups import Office
before = len(compiled)
Office(reference_number="LT1"), Office(reference_number="LT2")
print(before, len(compiled))
"""
    ended = run([sys.executable, "-c", program], check=True, capture_output=True, text=True)

    assert ended.stdout.split() == ["0", "1"]
