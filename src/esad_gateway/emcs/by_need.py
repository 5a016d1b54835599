"""Names of a package that are imported when they are first asked for: who needs one module does not load them all."""

from collections.abc import Callable, Mapping
from typing import Any


def by_need(namespace: dict[str, Any], homes: Mapping[str, str]) -> Callable[[str], Any]:
    """A ``__getattr__`` for the package whose ``globals()`` are ``namespace``.

    ``homes`` are its modules, each with the names that the package takes from it, separated by spaces. A name is looked
    up once. No name may be that of a module of the package: importing the module would give the name another meaning.
    The function raises AttributeError for a name that no module has, as a package without it does.
    """
    package = namespace["__name__"]
    home_of = {name: home for home, names in homes.items() for name in names.split()}

    def found(name: str) -> Any:
        home = home_of.get(name)
        if home is None:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        # What the standard library offers for this could also read files and run code; the core does without.
        namespace[name] = getattr(__import__(f"{package}.{home}", fromlist=(name,)), name)
        return namespace[name]

    return found
