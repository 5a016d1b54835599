"""Moments given on the command line."""

from datetime import UTC, datetime

from esad_gateway.errors import UnreadableInput


def moment(text: str | None) -> datetime:
    """A moment given as ISO 8601, in UTC unless it names a zone; ``None`` is now. Raises UnreadableInput."""
    if text is None:
        return datetime.now(UTC)
    try:
        given = datetime.fromisoformat(text)
    except ValueError as error:
        raise UnreadableInput(f"{text!r} is no moment; expected ISO 8601 such as 2025-03-01T12:00:00") from error
    return given if given.tzinfo else given.replace(tzinfo=UTC)
