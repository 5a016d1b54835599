"""The national domain of Lithuania: data alone, each part in a module of its own, with sources and marks."""

from typing import Final

from esad_gateway.ais.domain import NationalDomain
from esad_gateway.profiles.lithuania.board import BOARD
from esad_gateway.profiles.lithuania.declarations import DECLARATIONS
from esad_gateway.profiles.lithuania.guarantees import GUARANTEES
from esad_gateway.profiles.lithuania.people import PEOPLE
from esad_gateway.profiles.lithuania.refunds import REFUNDS
from esad_gateway.profiles.lithuania.registration import REGISTRATION
from esad_gateway.profiles.lithuania.tariffs import DUTY

DOMAIN: Final = NationalDomain(
    state="LT",
    board=BOARD,
    registration=REGISTRATION,
    duty=DUTY,
    refunds=REFUNDS,
    people=PEOPLE,
    guarantees=GUARANTEES,
    declarations=DECLARATIONS,
)
"""All of it."""
