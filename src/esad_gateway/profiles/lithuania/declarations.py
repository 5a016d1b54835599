"""The forms of excise declarations in Lithuania, and when they are due (chapters 1.9, 2.6 of the requirements)."""

from datetime import date
from typing import Final

from esad_gateway.ais.declarations.forms import DeclarationForm, DeclarationLaw, Settling
from esad_gateway.ais.declarations.receipt import Route
from esad_gateway.ais.provenance import Mark, Provenance
from esad_gateway.ais.terms import Term, Unit
from esad_gateway.emcs.registry import OperatorType

_START: Final = date(2023, 2, 1)
_OLD_ENDS: Final = date(2025, 8, 31)
_NEW_BEGINS: Final = date(2025, 9, 1)

_NOTICE: Final = "notice of the State Tax Inspectorate on the e-SAD, February 2023"
_ORDER: Final = "order VA-73 of the State Tax Inspectorate, 20 August 2025"

_ANNEXES: Final = Provenance(f"{_NOTICE}; annexes by their names in order VA-106", Mark.INFERRED)
_BOXES: Final = Provenance(f"{_ORDER}; its boxes and annexes were not found, and are those of FR0630", Mark.NOT_FOUND)

_REGISTERED: Final = "Registruotas asmuo"
_TEMPORARY: Final = "Laikinai registruotas asmuo"
_KEEPER: Final = "Sandėlio savininkas"

_BY_ESAD: Final = frozenset({Route.ESAD, Route.SAAD})
_ALL: Final = frozenset(Route)
_WINE: Final = frozenset({Route.MVV})


def _both(
    status: OperatorType,
    old: str,
    payer: str,
    routes: frozenset[Route],
    *,
    annexes: tuple[str, ...] = ("D", "R"),
    suspended: tuple[str, str] = ("", ""),
    numbered: bool = True,
    settling: Settling = Settling.PAID,
) -> tuple[DeclarationForm, DeclarationForm]:
    """The old form of a status, and AKC430 after it."""
    spans = ((old, _START, _OLD_ENDS, "11", _ANNEXES), ("AKC430", _NEW_BEGINS, None, "1", _BOXES))
    one, other = (
        DeclarationForm(
            name=name,
            status=status,
            first=first,
            last=last,
            version=version,
            payer_type=payer,
            numbered=numbered,
            settling=settling,
            routes=routes,
            annexes=annexes,
            suspended=suspended[0],
            suspended_row=suspended[1],
            provenance=source,
        )
        for name, first, last, version, source in spans
    )
    return one, other


DECLARATIONS: Final = DeclarationLaw(
    forms=(
        # DEC-3, MVV-3.
        *_both(OperatorType.CERTIFIED_CONSIGNEE, "FR0630", _REGISTERED, _ALL),
        # DEC-4, DEC-5: box 8 stays empty. A temporary status has no wine with an MVV (MVV-1).
        *_both(
            OperatorType.TEMPORARY_CERTIFIED_CONSIGNEE,
            "FR0630A",
            _TEMPORARY,
            _BY_ESAD,
            annexes=("D",),
            numbered=False,
            settling=Settling.SET_OFF,
        ),
        # MVV-3: wine of a small producer is all that the gateway knows of these two.
        *_both(OperatorType.REGISTERED_CONSIGNEE, "FR0630", _REGISTERED, _WINE),
        *_both(OperatorType.AUTHORISED_WAREHOUSEKEEPER, "FR0630", _KEEPER, _WINE, annexes=(), suspended=("S", "30")),
    ),
    due=Term(
        rule="DEC-2",
        number=15,
        unit=Unit.DAY_OF_NEXT_MONTH,
        provenance=Provenance(
            f"{_NOTICE}; that it rolls to the next working day follows from the Civil Code", Mark.INFERRED
        ),
        rolls=True,
    ),
    zero=Provenance("no source says whether a month without receipts is declared", Mark.NOT_FOUND),
    surety=Provenance("no source says how duty is settled that a surety secures", Mark.NOT_FOUND),
)
"""All of it."""
