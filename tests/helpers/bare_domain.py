"""A national domain of persons and nothing else, as settings name it: what is not decided in it, nobody reckons."""

from typing import Final

from esad_gateway.ais.domain import NationalDomain
from esad_gateway.profiles.lithuania.people import PEOPLE

DOMAIN: Final = NationalDomain(state="LT", people=PEOPLE)
