"""The facts that the message fixtures are judged against, from ``fixtures/messages/case.toml``."""

from pathlib import Path

from esad_gateway.simulator.making.case import MadeCase as Setting
from esad_gateway.simulator.making.case import at
from esad_gateway.simulator.making.case import shipped_case as setting

__all__ = ["FIXTURES", "Setting", "at", "setting"]

FIXTURES = Path(__file__).parents[2] / "fixtures" / "messages"
"""The folder of the message fixtures."""
