"""What a member state has decided about persons, roles and signing in, with sources and marks."""

from datetime import timedelta
from typing import Final

from esad_gateway.ais.figures import LegalFigure
from esad_gateway.frozen import frozen

_MINUTE: Final = timedelta(minutes=1)


@frozen(kw_only=True)
class PeopleLaw:
    """By what roles arrive, and how long somebody who has signed in may act.

    ``manager_right`` is the right of a role manager as the provider of identities tells it. ``lag`` is how many minutes
    AIS takes at most to learn of a grant (ACC-3), and ``lag_seed`` says which lag each grant has (:func:`.lag_of`).
    ``session`` is how many minutes a token lasts that somebody gets by signing in.
    """

    manager_right: str
    lag: LegalFigure
    lag_seed: LegalFigure
    session: LegalFigure

    @property
    def longest_lag(self) -> timedelta:
        """How long AIS takes at most to learn of a grant."""
        return max(float(self.lag.number), 0.0) * _MINUTE

    @property
    def session_length(self) -> timedelta:
        """How long somebody who has signed in may act."""
        return max(float(self.session.number), 0.0) * _MINUTE
