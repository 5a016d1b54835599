"""Frozen values whose methods are made when they are first needed.

``dataclasses.dataclass`` compiles up to six methods for a class when its module is imported, each from a text of its
own. That was a third of a cold ``esad validate``, for hundreds of classes of which it makes a few. Here four of the
methods are shared or cost nothing to make, and ``__init__`` is compiled when the first value is made.
"""

from collections.abc import Callable
from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, field, fields, is_dataclass
from operator import attrgetter
from reprlib import recursive_repr
from typing import Any, TypeVar, dataclass_transform, overload

T = TypeVar("T")

_OURS = "_frozen_"
"""How the names begin that the text of an ``__init__`` has beside those of fields."""


@overload
def frozen(cls: type[T], /) -> type[T]: ...
@overload
def frozen(*, kw_only: bool) -> Callable[[type[T]], type[T]]: ...
@dataclass_transform(frozen_default=True, field_specifiers=(field, Field))
def frozen(cls: type[Any] | None = None, /, *, kw_only: bool = False) -> Any:
    """Make a class a frozen dataclass with slots, as ``dataclass(frozen=True, slots=True, kw_only=kw_only)`` does.

    Methods that the class has itself stay. What differs: its values are equal only by fields that take part in both
    equality and hash, and ``inspect`` sees the arguments of ``__init__`` after the first value. Not done here: an
    ``InitVar``, and the options of ``dataclass`` that are no arguments of this one. Raises TypeError where a field
    without a default follows one that has one, and for a name that begins with ``_frozen_``, since the text of
    ``__init__`` has such names.
    """
    if cls is None:
        return lambda given: _frozen(given, kw_only=kw_only)
    return _frozen(cls, kw_only=kw_only)


def _frozen(cls: type[Any], *, kw_only: bool) -> type[Any]:
    # A class with an __eq__ of its own has a __hash__ of None by Python itself.
    own = {name for name, member in cls.__dict__.items() if member is not None}
    # To be frozen means two methods more that are compiled, and is only asked for where a base is a dataclass.
    extends = any(map(is_dataclass, cls.__bases__))
    made = dataclass(init=False, repr=False, eq=False, frozen=extends, slots=True, kw_only=kw_only)(cls)
    made.__dataclass_params__.frozen = True  # so that a frozen dataclass may extend it
    _check(fields(made))
    methods = {**_SHARED, "__init__": _first_init(made), **_comparison(made)}
    for name, method in methods.items():
        if name not in own:
            setattr(made, name, method)
    return made


def _check(every: tuple[Field[Any], ...]) -> None:
    """Refuse at once what ``__init__`` could not be compiled with, or would mistake."""
    ordered = [one for one in every if one.init and not one.kw_only]
    begin = next((place for place, one in enumerate(ordered) if _has_a_default(one)), len(ordered))
    for one in ordered[begin:]:
        if not _has_a_default(one):
            raise TypeError(f"non-default argument {one.name!r} follows default argument {ordered[begin].name!r}")
    for one in every:
        if one.name.startswith(_OURS):
            raise TypeError(f"field {one.name!r}: names that begin with {_OURS!r} are taken")


def _has_a_default(one: Field[Any]) -> bool:
    return one.default is not MISSING or one.default_factory is not MISSING


def _first_init(made: type[Any]) -> Callable[..., None]:
    """An ``__init__`` that compiles the real one, puts it into its place and goes on with it."""

    def __init__(self: Any, *arguments: Any, **named: Any) -> None:  # noqa: N807 - it stands for one
        real = _compiled_init(made)
        made.__init__ = real
        real(self, *arguments, **named)

    __init__.__qualname__ = f"{made.__qualname__}.__init__"
    return __init__


def _compiled_init(made: type[Any]) -> Callable[..., None]:
    every = fields(made)
    ordered = [one for one in every if one.init and not one.kw_only]
    named = [one for one in every if one.init and one.kw_only]
    parameters = [f"{_OURS}self", *map(_parameter, ordered), *(["*"] if named else []), *map(_parameter, named)]
    body = [f"{_OURS}set_{one.name}({_OURS}self, {_value(one)})" for one in every]
    if hasattr(made, "__post_init__"):
        body.append(f"{_OURS}self.__post_init__()")
    text = f"def __init__({', '.join(parameters)}):\n " + "\n ".join(body or ["pass"])
    known = {f"{_OURS}set_{one.name}": getattr(made, one.name).__set__ for one in every}
    known |= {f"{_OURS}default_{one.name}": one.default for one in every if one.default is not MISSING}
    known |= {f"{_OURS}make_{one.name}": one.default_factory for one in every if one.default_factory is not MISSING}
    exec(text, known := {f"{_OURS}missing": MISSING, **known})  # noqa: S102 - of names of fields, which Python has read as names
    init: Callable[..., None] = known["__init__"]
    init.__qualname__, init.__module__ = f"{made.__qualname__}.__init__", made.__module__
    return init


def _parameter(one: Field[Any]) -> str:
    if one.default is not MISSING:
        return f"{one.name}={_OURS}default_{one.name}"
    return one.name if one.default_factory is MISSING else f"{one.name}={_OURS}missing"


def _value(one: Field[Any]) -> str:
    made = f"{_OURS}make_{one.name}()"
    if not one.init:
        return f"{_OURS}default_{one.name}" if one.default_factory is MISSING else made
    return one.name if one.default_factory is MISSING else f"{made} if {one.name} is {_OURS}missing else {one.name}"


def _comparison(made: type[Any]) -> dict[str, Any]:
    names = [one.name for one in fields(made) if one.compare]
    content: Callable[[Any], Any] = attrgetter(*names) if names else lambda _: ()

    def __eq__(self: Any, other: object) -> Any:  # noqa: N807 - it becomes one
        return content(self) == content(other) if other.__class__ is self.__class__ else NotImplemented

    def __hash__(self: Any) -> int:  # noqa: N807 - it becomes one
        return hash(content(self))

    return {"__eq__": __eq__, "__hash__": __hash__}


@recursive_repr()
def _repr(self: Any) -> str:
    shown = (f"{one.name}={getattr(self, one.name)!r}" for one in fields(self) if one.repr)
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _refuse(self: Any, name: str, *_: object) -> None:
    raise FrozenInstanceError(f"cannot change field {name!r} of a {type(self).__qualname__}")


def _state(self: Any) -> list[Any]:
    return [getattr(self, one.name) for one in fields(self)]


def _restore(self: Any, state: list[Any]) -> None:
    for one, value in zip(fields(self), state, strict=True):
        object.__setattr__(self, one.name, value)


_SHARED: dict[str, Callable[..., Any]] = {
    "__repr__": _repr,
    "__setattr__": _refuse,
    "__delattr__": _refuse,
    "__getstate__": _state,
    "__setstate__": _restore,
}
"""What is the same for all of them. The last two are for pickle and copy, which would set fields."""
