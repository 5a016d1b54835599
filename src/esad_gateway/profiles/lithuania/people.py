"""Persons, roles and signing in, as the login guide of the State Tax Inspectorate has them."""

from decimal import Decimal
from typing import Final

from esad_gateway.ais.figures import LegalFigure
from esad_gateway.ais.people.law import PeopleLaw
from esad_gateway.ais.provenance import Mark, Provenance

_GUIDE: Final = "State Tax Inspectorate, guide to signing in to AIS"

PEOPLE: Final = PeopleLaw(
    manager_right="AIS subjekto rolių tvarkytojas",
    lag=LegalFigure(rule="ACC-3", number=Decimal(15), provenance=Provenance(_GUIDE, Mark.SOURCE)),
    lag_seed=LegalFigure(
        rule="ACC-3",
        number=Decimal(0),
        provenance=Provenance("how long each grant takes is told nowhere: foretold between 0 and lag", Mark.INFERRED),
    ),
    session=LegalFigure(
        rule="ACC-1",
        number=Decimal(480),
        provenance=Provenance("how long a session of AIS lasts is told nowhere: one day of work", Mark.NOT_FOUND),
    ),
)
"""All of it."""
