"""What doors need of declarations."""

from typing import Protocol

from esad_gateway.ais.actors import DoneBy
from esad_gateway.ais.declarations.filing import DeclaredMonth, FiledDeclaration, FilingAsked, FilingTaken
from esad_gateway.ais.declarations.period import TaxPeriod
from esad_gateway.ais.declarations.projecting import DeclaredFigure


class Declaring(Protocol):
    """The declarations of one administration's traders."""

    def months(self, seed: str) -> tuple[DeclaredMonth, ...]:
        """The months of which there is something to say, the newest first. Raises NotFound."""

    def month(self, seed: str, period: TaxPeriod) -> DeclaredMonth:
        """One month. Raises NotFound."""

    def figure(self, seed: str, period: TaxPeriod, key: str) -> DeclaredFigure:
        """A figure with what it comes from. Raises NotFound."""

    def file(self, seed: str, period: TaxPeriod, asked: FilingAsked, by: DoneBy) -> FilingTaken:
        """File a month. Raises NotFound, NationalRefused."""

    def filed(self, seed: str, period: TaxPeriod, number: int | None = None) -> tuple[DeclaredMonth, FiledDeclaration]:
        """What was filed: the last one, or that of a number. Raises NotFound."""
