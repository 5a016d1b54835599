"""What is dear is done in its turn, and not in the thread that answers everybody."""

import json
from collections.abc import Iterator

import pytest

from esad_gateway.server import application
from helpers.asgi import get, post
from helpers.attacked import JSON, XML, in_a_line
from helpers.counting import calls
from helpers.gateway import Station, copy_of_box

SAID = "esad_gateway.texts.say"
WRONG = {
    "compose": ("/v1/messages/compose", JSON, json.dumps({"message": "IE815", "body_ead_esad": [{}] * 200}).encode()),
    "validate": ("/v1/messages/validate", XML, in_a_line(b"<NetMass/>" * 200)),
}


@pytest.fixture(scope="module")
def lt(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Station]:
    """A gateway that is asked in this process."""
    with copy_of_box(tmp_path_factory.mktemp("box")).open("LT") as station:
        yield station


@pytest.mark.parametrize(("path", "kind", "body"), WRONG.values(), ids=WRONG)
def test_many_faults_are_worded_in_their_turn(lt: Station, path: str, kind: str, body: bytes) -> None:
    """Hundreds of sentences in every language, none of them made by the event loop."""
    app = application(lt.runtime)

    with calls() as counted:
        answer = post(app, path, {"Content-Type": kind}, body)

    assert len(answer.json["faults"]) > 100
    assert set(answer.json["faults"][0]["hints"]) == {"en", "lt"}
    assert counted[SAID] == 0


def test_few_faults_are_worded_at_once(lt: Station) -> None:
    """An ordinary mistake waits for nobody, and the count above counts."""
    with calls() as counted:
        answer = post(application(lt.runtime), "/v1/messages/compose", {"Content-Type": JSON}, b"{}")

    assert answer.status == 422
    assert counted[SAID] > 0


def test_framework_is_loaded_once_whoever_asks(lt: Station) -> None:
    """Who watches is answered without it, and who asks for what needs it waits until it is there."""
    loaded = list[int]()
    app = application(lt.runtime, loaded=lambda: loaded.append(1))

    answers = [
        get(app, path, {}).status for path in ("/openapi.json", "/v1/operators/LT00000000101", "/health", "/", "/v2")
    ]

    assert answers == [200, 401, 200, 200, 404]
    assert loaded == [1]
