"""The kinds of values that only the faults of a script have."""

import json
from typing import Any, Final

from esad_gateway.emcs.messages import NAMES as MESSAGES
from esad_gateway.faults import Said
from esad_gateway.simulator.injected.catalogue import INJECTED
from esad_gateway.simulator.injected.model import BY_ITSELF, InjectedFault
from esad_gateway.simulator.injected.reading import ALWAYS
from esad_gateway.simulator.scripts import forms
from esad_gateway.simulator.scripts.forms import UnfitValue, ValueForm, among


def _faults(value: Any) -> tuple[InjectedFault, ...]:
    names = value if isinstance(value, list) and value else [value]
    for name in names:
        if not isinstance(name, str):
            raise UnfitValue(Said("sim.script_text"))
        if wrong := among(name, INJECTED):
            raise UnfitValue(wrong)
    return tuple(INJECTED[name] for name in names)


def _names(faults: tuple[InjectedFault, ...]) -> str:
    names = [fault.name for fault in faults]
    return json.dumps(names if len(names) > 1 else names[0])


def _times(value: Any) -> int | None:
    if value == ALWAYS:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise UnfitValue(Said("sim.script_times"))
    return value


def _counted(times: int | None) -> Said | None:
    return None if times is None or times >= 1 or times == BY_ITSELF else Said("sim.script_times")


def _likely(share: float) -> Said | None:
    return None if 0 < share <= 1 else Said("sim.script_share")


NAMES: Final = ValueForm(
    read=_faults,
    schema={
        "anyOf": [{"enum": list(INJECTED)}, {"type": "array", "items": {"enum": list(INJECTED)}, "minItems": 1}],
    },
    written=_names,
)
MESSAGE: Final = forms.one_of(sorted(MESSAGES))
TIMES: Final = ValueForm(
    read=_times,
    schema={"anyOf": [{"type": "integer", "minimum": 1}, {"enum": [ALWAYS]}]},
    check=_counted,
    written=lambda times: json.dumps(ALWAYS if times is None else times),
)
SHARE: Final = ValueForm(
    read=forms.CHANCE.read,
    schema={"type": "number", "exclusiveMinimum": 0, "maximum": 1},
    check=_likely,
    written=forms.CHANCE.written,
)
RULE: Final = forms.TEXT
