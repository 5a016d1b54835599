"""Everything that a suite could meet: what stands on the page as never met is missing from here."""

from typing import Final

from esad_gateway.emcs.messages import NAMES
from esad_gateway.emcs.rules.catalogue import CATALOGUE, OF_REGISTRATIONS
from esad_gateway.emcs.scenarios import Scenario
from esad_gateway.simulator.injected.catalogue import INJECTED

NOT_EXCHANGED: Final = frozenset({"IE701", "IE702", "IE770", "IE810", "IE861"})
"""What no gateway sends or takes: there are schemas and values, or not even a procedure for duty paid."""

SCENARIOS: Final = tuple(str(scenario) for scenario in Scenario)
MESSAGES: Final = tuple(name for name in NAMES if name not in NOT_EXCHANGED)
RULES: Final = tuple(rule for rule in CATALOGUE if rule not in OF_REGISTRATIONS)
FAULTS: Final = tuple(INJECTED)
