"""An operator of the register in lines, for ``esad registry show``."""

from datetime import date

from esad_gateway.cli.common import output
from esad_gateway.cli.common.language import tell
from esad_gateway.emcs.registry import Operator
from esad_gateway.faults import Said, said


def operator_lines(operator: Operator, day: date) -> list[str]:
    """Who it is, whether it is registered on a day, for what, and what limits a temporary authorisation."""
    registered = operator.valid_on(day)
    state = output.good(Said("registry.registered")) if registered else output.bad(Said("registry.not_registered"))
    kind, first = Said(f"operator.{operator.operator_type}"), str(operator.valid_from)
    valid = said("registry.valid_on", first=first)
    if operator.valid_to:
        valid = said("registry.valid", first=first, last=str(operator.valid_to))
    products = ", ".join([*sorted(operator.categories), *sorted(operator.products)]) or Said("registry.none")
    lines = [
        tell(said("registry.on_day", seed=operator.seed, name=operator.name, state=state, day=str(day))),
        f"  {tell(said('registry.as_what', type=kind, office=operator.office))}",
        f"  {tell(valid)}",
        f"  {tell(said('registry.products', products=products))}",
    ]
    if operator.temporary is not None:
        limits = operator.temporary
        left = ", ".join(f"{product} {quantity}" for product, quantity in sorted(limits.quantities.items()))
        use = Said("registry.again") if limits.reusable else Said("registry.once")
        other, left_over = limits.counterparty or Said("registry.anybody"), left or Said("registry.none")
        lines.append(f"  {tell(said('registry.temporary', counterparty=other, use=use, left=left_over))}")
    return lines
