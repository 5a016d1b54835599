"""Which release of the messages counts when: numbers in their order, and the moments at which somebody switches."""


def rank(number: str) -> tuple[int, ...]:
    """The place of a release among others: 3.9 comes before 3.13."""
    return tuple(int(part) for part in number.split("."))
