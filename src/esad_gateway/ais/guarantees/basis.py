"""How much has to be secured: the duty on the goods of an average month, and the share of it (RC-5, RC-6)."""

from collections.abc import Sequence
from datetime import date
from decimal import Context, Decimal
from typing import Final

from esad_gateway.ais.duty.assessing import Assessment, assess, cents
from esad_gateway.ais.duty.goods import ExciseGoods
from esad_gateway.ais.duty.law import DutyLaw
from esad_gateway.ais.guarantees.guarantee import SecuredShare
from esad_gateway.ais.guarantees.law import GuaranteeLaw
from esad_gateway.frozen import frozen

EXACT: Final = Context(prec=120)
"""Digits enough for the product of the longest basis with what it is compared by: nothing is rounded before that."""


@frozen(kw_only=True)
class SecuredBasis:
    """What an amount to be secured is made of: the assessment with every step, the share, and how much that is.

    ``percent`` of the exact duty are ``required`` (EUR, unrounded); ``amount`` is the same in cents.
    """

    assessment: Assessment
    share: SecuredShare
    percent: Decimal

    @property
    def basis(self) -> Decimal:
        """The duty on the goods in EUR, unrounded: what later averages are compared with."""
        return self.assessment.exact

    @property
    def required(self) -> Decimal:
        """What has to be secured in EUR, unrounded."""
        return share_of(self.basis, self.percent)

    @property
    def amount(self) -> Decimal:
        """What has to be secured, in cents."""
        return cents(self.required)


def basis_of(
    goods: Sequence[ExciseGoods], day: date, share: SecuredShare, duty: DutyLaw, law: GuaranteeLaw
) -> SecuredBasis:
    """What has to be secured for goods of an average month, at the tariffs of a day.

    For a temporary certified consignee the goods are those of its one consignment (2.4). Faults of goods that cannot be
    assessed stand in the assessment. Not checked: whether the trader may have that share, which an official decides.
    """
    assessment = assess(goods, day, duty)
    return SecuredBasis(assessment=assessment, share=share, percent=law.shares[share].number)


def share_of(basis: Decimal, percent: Decimal) -> Decimal:
    """So many hundredths of a basis, unrounded."""
    return EXACT.multiply(basis, percent.scaleb(-2))
