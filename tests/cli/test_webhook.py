"""``esad webhook``: made, listed, tried, given another secret and removed; dead letters listed and sent again."""

from collections.abc import Iterator

import pytest

from helpers.command_line import Esad
from helpers.gateway import CONSIGNOR, copy_of_box
from helpers.receiver import Receiver, receiver
from helpers.served import Served, served
from helpers.webhooks import ALLOWED, Hooks, until


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A gateway that may call this machine, and gives up after one try."""
    box = copy_of_box(tmp_path_factory.mktemp("box"))
    box.set("LT", **{**ALLOWED, "webhook_attempts": 1})
    with served(box) as running:
        yield running


@pytest.fixture
def hook() -> Iterator[Receiver]:
    """A receiver, for one test."""
    with receiver() as one:
        yield one


@pytest.fixture
def options(gateway: Served) -> Iterator[tuple[str, ...]]:
    """How the consignor's commands reach the gateway; it has no webhook before or after."""
    token = gateway.box.traders[CONSIGNOR].token
    yield ("--url", gateway.url, "--seed", CONSIGNOR, "--token", token)
    hooks = Hooks(gateway)
    for one in hooks.ask("GET").json["webhooks"]:
        hooks.ask("DELETE", f"/{one['id']}")


def test_webhook_from_its_first_day_to_its_last(
    esad: Esad, gateway: Served, hook: Receiver, options: tuple[str, ...]
) -> None:
    """Each command says what it did, and the secret stands alone on standard output."""
    made = esad("webhook", "create", hook.url, "--type", "IE801", *options)
    (listed,) = esad("webhook", "list", "--json", *options).objects[0]["webhooks"]
    webhook = listed["id"]
    pinged = esad("webhook", "ping", webhook, *options)
    rotated = esad("webhook", "rotate", webhook, "--overlap", "60", "--json", *options)
    Hooks(gateway).submit()
    ping, told = hook.next(), hook.next()
    table = esad("webhook", "list", *options)
    removed = esad("webhook", "delete", webhook, *options)
    gone = esad("webhook", "ping", webhook, *options)

    assert (made.code, made.out.count("\n"), webhook in made.err) == (0, 1, True)
    assert (pinged.code, pinged.out.strip()) == (0, "taken: HTTP 204")
    assert ping.signed_by(made.out.strip())
    assert told.signed_by(rotated.objects[0]["secret"])
    assert told.told["message"] == "IE801"
    assert (table.code, hook.url in table.out) == (0, True)
    assert (removed.code, removed.out.strip()) == (0, f"webhook {webhook} is removed")
    assert (gone.code, webhook in gone.err) == (1, True)


def test_dead_letters_are_listed_and_sent_again(
    esad: Esad, gateway: Served, hook: Receiver, options: tuple[str, ...]
) -> None:
    """Exit code 1 while there is one; a number that is none is told."""
    hooks = Hooks(gateway)
    hook.planned.extend([500, 500])
    webhook = hooks.make(hook.url, direction="out")["id"]
    first, second = hooks.submit(), hooks.submit()
    until(hooks, webhook, deadLetters=2)

    dead = esad("webhook", "dead", webhook, *options)
    listed = esad("webhook", "list", *options)
    page = esad("webhook", "dead", webhook, "--limit", 1, *options)
    both = esad("webhook", "resend", webhook, *options)
    again = esad("webhook", "resend", webhook, first, 999, *options)
    until(hooks, webhook, deadLetters=1)
    every = esad("webhook", "resend", webhook, "--all", "--json", *options)
    until(hooks, webhook, deadLetters=0)
    none = esad("webhook", "resend", webhook, "--all", *options)
    empty = esad("webhook", "dead", webhook, "--json", *options)

    assert (dead.code, listed.code, dead.out.count("HTTP 500")) == (1, 1, 2)
    assert (page.code, str(first) in page.err) == (1, True)
    assert both.code == 2
    assert (again.code, again.out.splitlines()) == (
        1,
        [f"message {first} is told once more", "message 999 is no dead letter of this webhook"],
    )
    assert (every.code, every.objects) == (0, [{"sentAgain": [second], "noDeadLetters": []}])
    assert (none.code, none.out.strip()) == (0, "there are no dead letters")
    assert (empty.code, empty.objects) == (0, [{"deadLetters": [], "complete": True}])


def test_webhook_that_does_not_answer_is_told_in_every_language(
    esad: Esad, hook: Receiver, options: tuple[str, ...]
) -> None:
    """Why a ping was not taken, and why an address is refused: exit code 1."""
    hook.planned.extend([500] * 2)
    webhook = esad("webhook", "create", hook.url, "--json", *options).objects[0]["id"]

    english = esad("webhook", "ping", webhook, *options)
    lithuanian = esad("webhook", "ping", webhook, "--lang", "lt", *options)
    refused = esad("webhook", "create", "https://hooks.example/", *options)

    assert (english.code, english.out.strip()) == (1, "not taken: HTTP 500")
    assert (lithuanian.code, lithuanian.out.strip()) == (1, "nepriimta: HTTP būsena 500")
    assert (refused.code, "webhook_schemes" in refused.err) == (1, True)
