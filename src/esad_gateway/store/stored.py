"""JSON in the store: every text says in which version of its form it was written, and is read for ever.

A text is ``{"v": version, "is": content}``. Nothing that is stored is rewritten: when a form changes, a function that
makes the new content out of the old joins the end of its row in :data:`CONVERTERS`, which makes the next version.
"""

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from esad_gateway.errors import StoreUnavailable
from esad_gateway.faults import said

Converters: TypeAlias = Mapping[str, tuple[Callable[[Any], Any], ...]]

RECEIPT: Final = "receipt"
HELD: Final = "held entries"
LINES: Final = "lines of a movement"
REPORT: Final = "report of a movement"
VERSIONS: Final = "versions of a movement"
PRODUCTS: Final = "products of an operator"
TEMPORARY: Final = "temporary authorisation"
ADDRESS: Final = "address of an operator"
NOTE: Final = "note of national law"
FAULTS: Final = "faults"
SAID: Final = "what was said"
DECLARED: Final = "what is said of a batch"
COUNTS: Final = "outcomes of a batch"
ROWS: Final = "rows of a document"
SAAD: Final = "entry of the SAAD list"
CASE_ACT: Final = "act of a case"
TOLD: Final = "who was told of a change of the register"
DECLARATION: Final = "declaration"

CONVERTERS: Final[Converters] = MappingProxyType(
    dict.fromkeys(
        (
            *(RECEIPT, HELD, LINES, REPORT, VERSIONS, PRODUCTS, TEMPORARY, ADDRESS, NOTE),
            *(FAULTS, SAID, DECLARED, COUNTS, ROWS, SAAD, CASE_ACT, TOLD, DECLARATION),
        ),
        (),
    )
)
"""For each form the functions from version 1 to 2, from 2 to 3 and so on; none has changed yet."""

_VERSION: Final = "v"
_CONTENT: Final = "is"
_encode: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=str).encode
"""JSON text; ``json.dumps`` with these options makes a new encoder at every call."""


def written(form: str, content: Any, converters: Converters = CONVERTERS) -> str:
    """``content`` as a text of the newest version of ``form``; what JSON has no form for is written as its text."""
    return _encode({_VERSION: len(converters[form]) + 1, _CONTENT: content})


def read(form: str, text: str, converters: Converters = CONVERTERS) -> Any:
    """The content of a text of ``form`` in its newest version, whichever version it was written in.

    Raises StoreUnavailable for a version that is not known yet, and ``ValueError`` (or ``TypeError``, ``KeyError``) for
    what is no such text.
    """
    stored = json.loads(text)
    version, newest = stored[_VERSION], len(converters[form]) + 1
    if len(stored) > len((_VERSION, _CONTENT)) or type(version) is not int or version < 1:
        raise ValueError(f"no {form} of any version")
    if version > newest:
        raise StoreUnavailable(said("store.later_text", form=form, version=version, newest=newest))
    content = stored[_CONTENT]
    for convert in converters[form][version - 1 :]:
        content = convert(content)
    return content
