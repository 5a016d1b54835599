"""The columns of the tables that people upload, as tables: what each is called, what it takes, and where it goes.

A column is known by its ``name`` (in JSON lines and by programs) and by its heading in every language. Headings are
called what AIS's screens and the annexes of Delegated Regulation (EU) 2022/1636 call the data.
"""

from collections.abc import Callable, Mapping
from enum import Enum
from types import MappingProxyType
from typing import Any, Final

from esad_gateway.ais.saad.record import Source, Status
from esad_gateway.batch.tables import readers
from esad_gateway.batch.tables.column import Column, column
from esad_gateway.batch.tables.dispatch_columns import DISPATCH
from esad_gateway.batch.tables.goods import CN, COUNT, DAY, DEGREES, PACKAGE, PRODUCT, QUANTITY, SEED, STRENGTH
from esad_gateway.batch.tables.readers import Reader, codes
from esad_gateway.emcs.registry import OperatorType
from esad_gateway.faults import Said, said
from esad_gateway.frozen import frozen


class BatchKind(Enum):
    """What the rows of a file are."""

    SAAD = "saad"
    """Entries of the SAAD list, whatever document the goods came with."""
    MVV = "mvv"
    """Entries of the SAAD list for wine that came with a wine accompanying document."""
    DISPATCH = "dispatch"
    """Dispatches under a fallback document, which become deferred e-SADs."""


@frozen(kw_only=True)
class Layout:
    """The columns of one kind of table.

    ``key`` are the names of those that make rows one document, ``same`` is how two of their texts are compared.
    ``beside`` are columns that the gateway adds where it writes such a table, which nobody fills in.
    """

    kind: BatchKind
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    same: Callable[[str], str]
    beside: tuple[Column, ...] = ()

    def named(self, name: str) -> Column | None:
        """The column of a name."""
        return next((one for one in self.columns if one.name == name), None)


_ADMINISTRATION: Final = r"[A-Z]{2}"


def _saad(name: str, reader: Reader, example: tuple[str, str] = ("", ""), **more: Any) -> Column:
    return column(name, reader, example, way=(name,), **more)


def _goods(name: str, reader: Reader, example: tuple[str, str], **more: Any) -> Column:
    return _saad(name, reader, example, of_line=True, **more)


_CAPACITIES: Final = (
    OperatorType.CERTIFIED_CONSIGNEE,
    OperatorType.TEMPORARY_CERTIFIED_CONSIGNEE,
    OperatorType.REGISTERED_CONSIGNEE,
    OperatorType.TEMPORARY_REGISTERED_CONSIGNEE,
    OperatorType.AUTHORISED_WAREHOUSEKEEPER,
)

_NOTES: Final = column("notes", readers.name("text", 32_000))
"""The one column that nothing is made of: there is always something that somebody wants to remember."""

_SOURCE: Final = _saad(
    "source", readers.choice(codes(Source, group="source"), Source), ("fallback", "fallback"), required=True
)


def _saad_columns(document: tuple[str, str], state: str, consignor: str, *, wine: bool) -> tuple[Column, ...]:
    """The columns of an entry of the SAAD list, with the examples of its kind."""
    product, cn = (("W200", "W200"), ("22042138", "22042178")) if wine else (("B000", "S200"), ("22030001", "22083030"))
    return (
        _saad("document", readers.name("document", 350, strict=True), document, required=True),
        _saad("state", readers.code("state", _ADMINISTRATION), (state, state), required=True),
        _saad("consignor", readers.name("text", 182), (consignor, consignor), required=True),
        _saad("dispatched", DAY, ("{dispatched}", "{dispatched}"), required=True),
        _saad("received", DAY, ("{received}", "{received}"), required=True),
        _saad("consignee", SEED, ("LT00000000102", "LT00000000102"), required=True),
        _saad(
            "capacity",
            readers.choice(codes(_CAPACITIES, group="operator"), OperatorType),
            ("certified_consignee", "certified_consignee"),
            required=True,
        ),
        _saad("in_warehouse", readers.flag(), ("0", "0")),
        _goods("product", PRODUCT, product, required=True),
        _goods("cn_code", CN, cn, required=True),
        _goods("quantity", QUANTITY, ("1000", "700.5"), required=True),
        _goods("strength", STRENGTH, ("12.5", "13") if wine else ("5.2", "40")),
        _goods("plato", DEGREES, ("", "") if wine else ("12", "")),
        _goods("packages", COUNT, ("200", "100")),
        _goods("package_kind", PACKAGE, ("BX", "BX")),
        _goods("shortage", QUANTITY, ("", "1.5")),
        _goods("excess", QUANTITY, ("", "")),
        _NOTES,
    )


_SAAD_KEY: Final = ("state", "consignor", "document")

STATUS: Final = "status"
"""The column that says in an exported list what a record is; a row of a withdrawn one is not entered again."""

VERSION: Final = "version"
"""The column that says in an exported list of which version a row was made; a newer one is not replaced by it."""

READ_BESIDE: Final = frozenset({STATUS, VERSION})
"""The columns that the gateway adds of which something is read."""

_WITHDRAWN: Final = said("cell.withdrawn", withdrawn=Said("saad_status.withdrawn"))
_WHETHER_WITHDRAWN: Final = readers.whether(Status.WITHDRAWN, Said("saad_status.withdrawn"), _WITHDRAWN)

_BESIDE: Final = tuple(
    Column(
        name=name,
        heading=Said(f"exported.{name}"),
        about=Said("about.exported"),
        reader=COUNT if name == VERSION else _WHETHER_WITHDRAWN,
        way=(VERSION,) if name == VERSION else (),
    )
    for name in ("record", VERSION, STATUS, "late", "due", "entered_at")
)
"""What the gateway says of a record in an exported list. Of all these status and version alone are read."""

LAYOUTS: Final[Mapping[BatchKind, Layout]] = MappingProxyType(
    {
        BatchKind.SAAD: Layout(
            kind=BatchKind.SAAD,
            columns=(_SOURCE, *_saad_columns(("{saad}", "{saad}"), "EL", "EL00000000301", wine=False)),
            key=_SAAD_KEY,
            same=readers.bare,
            beside=_BESIDE,
        ),
        BatchKind.MVV: Layout(
            kind=BatchKind.MVV,
            columns=_saad_columns(("{mvv}", "{mvv}"), "FR", "Domaine Exemple", wine=True),
            key=_SAAD_KEY,
            same=readers.bare,
            beside=_BESIDE,
        ),
        BatchKind.DISPATCH: Layout(
            kind=BatchKind.DISPATCH,
            columns=(*DISPATCH, _NOTES),
            key=("consignor", "local_reference_number"),
            same=str.strip,
        ),
    }
)
