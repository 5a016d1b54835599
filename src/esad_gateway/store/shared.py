"""What many stores of one process share: statements that are compiled, and how often something was committed."""

from typing import Any, Final

from sqlalchemy import Connection, Engine, event


class CompiledStatements(dict[Any, Any]):
    """Compiled statements of every database of this process, which all speak the same dialect.

    SQLAlchemy keeps them for each engine by itself: whoever opens many stores would compile the same ones again.
    """

    def get(self, key: Any, default: Any = None) -> Any:
        """The statement of a key, whose first part is the dialect of its engine."""
        return super().get(key[1:], default)

    def __setitem__(self, key: Any, statement: Any) -> None:
        if len(self) >= _STATEMENTS:
            self.clear()
        super().__setitem__(key[1:], statement)


_STATEMENTS: Final = 2000
"""Ours are some hundred; a filter of a list may have a text of its own."""

COMPILED: Final = CompiledStatements()


class Commits:
    """How many transactions of an engine were committed since this is there: nothing has changed while it stays."""

    def __init__(self, engine: Engine) -> None:
        self.count = 0
        event.listen(engine, "commit", self._note)

    def _note(self, _: Connection) -> None:
        self.count += 1
