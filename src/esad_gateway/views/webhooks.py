"""Webhooks and what they did not take, as JSON."""

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Any

from esad_gateway.emcs.moments import local
from esad_gateway.ports.webhooks import Answered, Called, DeadLetter, WebhookStanding
from esad_gateway.recognising import recognised
from esad_gateway.texts import ENGLISH, in_every_language


def webhook_view(standing: WebhookStanding, zone: tzinfo) -> dict[str, Any]:
    """A webhook without its secret; moments are shown as clocks in ``zone`` show them."""
    one = standing.webhook
    return {
        "id": one.id,
        "url": one.url,
        "types": list(one.types),
        "direction": one.direction,
        "createdAt": _shown(one.created_at, zone),
        "completeThrough": one.after,
        "waiting": standing.waiting,
        "deadLetters": standing.dead,
        "tries": one.tries,
        "failingSince": one.failing_since and _shown(one.failing_since, zone),
        "nextTry": one.next_try and _shown(one.next_try, zone),
        **_reasons(one.last_error),
        "previousSecretUntil": one.previous_until and _shown(one.previous_until, zone),
    }


def letters_view(letters: Sequence[DeadLetter], limit: int, zone: tzinfo) -> dict[str, Any]:
    """A page of dead letters; when they are not ``complete``, ask again with ``after`` set to the last number."""
    listed = [
        {
            "seq": one.seq,
            "givenUpAt": _shown(one.at, zone),
            "tries": one.tries,
            **_reasons(one.reason),
            "sentAgain": one.again,
        }
        for one in letters
    ]
    return {"deadLetters": listed, "complete": len(letters) < limit}


def called_view(called: Called) -> dict[str, Any]:
    """What a call came to."""
    told = in_every_language(called.reason) if called.reason else None
    taken = called.answered is Answered.TAKEN
    return {"taken": taken, "status": called.status, "reason": told and told[ENGLISH], "reasons": told}


def _reasons(english: str | None) -> dict[str, Any]:
    """Why something was not taken, which the store has in English."""
    return {"reason": english, "reasons": in_every_language(recognised(english)) if english else None}


def _shown(at: datetime, zone: tzinfo) -> str:
    return local(at, zone).isoformat(timespec="milliseconds")
