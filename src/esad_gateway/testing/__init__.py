"""What tests of other programs use: EMCS in this process, its traders, goods, scripts and faults; without pytest too.

Names are imported when they are asked for, so that ``import esad_gateway.testing`` costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from esad_gateway.simulator.goods import beer, cigarettes, diesel, spirits, wine
    from esad_gateway.simulator.injected.model import Injection
    from esad_gateway.simulator.injected.reading import injection_of
    from esad_gateway.simulator.making.maker import Made, Maker, Size, Wanted
    from esad_gateway.simulator.recording.here import recorded_script, replay
    from esad_gateway.simulator.recording.replaying import RecordingDiffers
    from esad_gateway.simulator.scripts.matching import Played
    from esad_gateway.simulator.scripts.model import Actor, Do, Script, ScriptStep, Then, Traffic, When
    from esad_gateway.simulator.scripts.toml_file import read_script, script_of, script_text
    from esad_gateway.simulator.scripts.unmet import ScriptUnmet
    from esad_gateway.simulator.scripts.waits import InWorkingDays
    from esad_gateway.simulator.served.server import EmcsServer
    from esad_gateway.simulator.world.clock import WorldClock
    from esad_gateway.simulator.world.emcs import BEGINS, Emcs
    from esad_gateway.simulator.world.faults import EmcsFaults
    from esad_gateway.simulator.world.movements import SimulatedMovement, TimelineEntry
    from esad_gateway.simulator.world.offices import SimulatedOffice
    from esad_gateway.simulator.world.states import SimulatedState
    from esad_gateway.simulator.world.traders import (
        Consignee,
        Consignor,
        SimulatedTrader,
        SubmissionRefused,
        TraderFiles,
    )
    from esad_gateway.testing.telling import told

__all__ = [
    "BEGINS",
    "Actor",
    "Consignee",
    "Consignor",
    "Do",
    "Emcs",
    "EmcsFaults",
    "EmcsServer",
    "InWorkingDays",
    "Injection",
    "Made",
    "Maker",
    "Played",
    "RecordingDiffers",
    "Script",
    "ScriptStep",
    "ScriptUnmet",
    "SimulatedMovement",
    "SimulatedOffice",
    "SimulatedState",
    "SimulatedTrader",
    "Size",
    "SubmissionRefused",
    "Then",
    "TimelineEntry",
    "TraderFiles",
    "Traffic",
    "Wanted",
    "When",
    "WorldClock",
    "beer",
    "cigarettes",
    "diesel",
    "injection_of",
    "read_script",
    "recorded_script",
    "replay",
    "script_of",
    "script_text",
    "spirits",
    "told",
    "wine",
]

_SIMULATOR: Final = "esad_gateway.simulator"
_NAMES: Final = {
    f"{_SIMULATOR}.goods": ("beer", "cigarettes", "diesel", "spirits", "wine"),
    f"{_SIMULATOR}.injected.model": ("Injection",),
    f"{_SIMULATOR}.injected.reading": ("injection_of",),
    f"{_SIMULATOR}.making.maker": ("Made", "Maker", "Size", "Wanted"),
    f"{_SIMULATOR}.recording.here": ("recorded_script", "replay"),
    f"{_SIMULATOR}.recording.replaying": ("RecordingDiffers",),
    f"{_SIMULATOR}.scripts.matching": ("Played",),
    f"{_SIMULATOR}.scripts.model": ("Actor", "Do", "Script", "ScriptStep", "Then", "Traffic", "When"),
    f"{_SIMULATOR}.scripts.toml_file": ("read_script", "script_of", "script_text"),
    f"{_SIMULATOR}.scripts.unmet": ("ScriptUnmet",),
    f"{_SIMULATOR}.scripts.waits": ("InWorkingDays",),
    f"{_SIMULATOR}.served.server": ("EmcsServer",),
    f"{_SIMULATOR}.world.clock": ("WorldClock",),
    f"{_SIMULATOR}.world.emcs": ("BEGINS", "Emcs"),
    f"{_SIMULATOR}.world.faults": ("EmcsFaults",),
    f"{_SIMULATOR}.world.movements": ("SimulatedMovement", "TimelineEntry"),
    f"{_SIMULATOR}.world.offices": ("SimulatedOffice",),
    f"{_SIMULATOR}.world.states": ("SimulatedState",),
    f"{_SIMULATOR}.world.traders": ("Consignee", "Consignor", "SimulatedTrader", "SubmissionRefused", "TraderFiles"),
    "esad_gateway.testing.telling": ("told",),
}
_WHERE: Final = {name: module for module, names in _NAMES.items() for name in names}


def __getattr__(name: str) -> Any:
    """A public name, from where it is."""
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_WHERE[name]), name)


def __dir__() -> list[str]:
    """The public names."""
    return __all__
