"""What a state sends comes twice, late, in another order, or not at all."""

from typing import Final

from esad_gateway.simulator.injected.model import Act, Carried, FaultKind, Forged, InjectedFault, Original, Way


def _same(original: Original) -> bytes:
    return original.parcel.document


def _signed_anew(original: Original) -> bytes:
    return original.signed(original.payload)


_ACTS: Final[dict[str, Act]] = {
    "duplicate": Forged(_same, besides=True),
    "duplicate-signed-anew": Forged(_signed_anew, besides=True),
    "duplicate-days-later": Carried(Way.AGAIN),
    "reorder": Carried(Way.BEHIND),
    "lost": Carried(Way.LOST),
    "lost-and-sent-later": Carried(Way.LATER),
}

FAULTS: Final = tuple(InjectedFault(name=name, kind=FaultKind.ORDER, act=act) for name, act in _ACTS.items())
