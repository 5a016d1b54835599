"""What a member state has decided about guarantees, with sources and marks."""

from esad_gateway.frozen import frozen


@frozen(kw_only=True)
class GuaranteeLaw:
    """All that guarantees go by. Amounts are in ``currency``, with so many ``decimals`` at most."""

    currency: str = "EUR"
    decimals: int = 2
