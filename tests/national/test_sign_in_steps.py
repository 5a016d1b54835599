"""What signing in keeps between two requests: each once, until its end, and no more than so many."""

from datetime import timedelta

import pytest

from esad_gateway.errors import Busy
from esad_gateway.ports.national.sign_in import Loopback, SignInAttempt
from esad_gateway.signin.attempts import attempt_of, attempt_text
from esad_gateway.store.national.sign_in import SignInSteps
from helpers.gateway import NOW, Station

LATER = NOW + timedelta(minutes=10)


def test_secret_is_taken_once_by_whichever_process(lt: Station) -> None:
    """Of several on one store one gets it; and the secret itself is not in the store."""
    SignInSteps(lt.runtime.store).keep("secret-1", "content", LATER, NOW)

    found = [SignInSteps(lt.runtime.store).take("secret-1", NOW) for _ in range(2)]

    assert found == ["content", None]
    assert "secret-1" not in str(lt.rows("sign_in_step"))


def test_secret_is_nothing_after_its_end(lt: Station) -> None:
    """At that very moment it is over; and what is over leaves with the next one that is kept."""
    steps = SignInSteps(lt.runtime.store)
    for name in ("one", "two"):
        steps.keep(name, "content", LATER, NOW)

    assert steps.take("one", LATER) is None
    steps.keep("three", "content", LATER + timedelta(minutes=10), LATER)
    assert len(lt.rows("sign_in_step")) == 1


def test_no_more_are_kept_than_may_be(lt: Station) -> None:
    """Anybody may begin, so there is an end to it; when some are over there is room again."""
    steps = SignInSteps(lt.runtime.store, most=2)
    for name in ("one", "two"):
        steps.keep(name, "content", LATER, NOW)

    with pytest.raises(Busy, match="too many people"):
        steps.keep("three", "content", LATER, NOW)
    steps.keep("three", "content", LATER + timedelta(minutes=1), LATER)


@pytest.mark.parametrize("loopback", [None, Loopback(port=4000, state="s", challenge="c" * 43)])
def test_attempt_comes_back_as_it_was_kept(loopback: Loopback | None) -> None:
    """With whoever waits for it, and without."""
    one = SignInAttempt(provider="one", nonce="n", verifier="v", browser="b", until=NOW, loopback=loopback)

    assert attempt_of(attempt_text(one)) == one
