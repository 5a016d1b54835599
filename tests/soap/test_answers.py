"""Every operation answers what its twin in REST answers, in both versions of SOAP, and by the schema."""

import base64
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from lxml import etree

from esad_gateway.soap.envelope import NS
from esad_gateway.transport.envelope import deliver
from helpers.gateway import CONSIGNEE, CONSIGNOR, FOREIGN_CONSIGNOR, edited, new_draft, new_report
from helpers.samples import evolve
from helpers.served import Served
from helpers.soap import ByHand, texts

ONE_OF = {
    "faults": "fault",
    "replies": "reply",
    "messages": "message",
    "movements": "movement",
    "lines": "line",
    "otherSides": "otherSide",
    "notes": "note",
    "products": "product",
    "productCategories": "productCategory",
}
TOLD = {"text": "text", "hints": "hint"}
BY_NAME = {"values": "value"}


def shown(view: Mapping[str, Any]) -> list[Any]:
    """A view of REST as the schema has it: name, and text or members."""
    found: list[Any] = []
    for name, value in view.items():
        if name in TOLD:
            found += [(TOLD[name], value[language]) for language in ("en", "lt")]
        elif name in BY_NAME:
            found += [(BY_NAME[name], (key, str(one))) for key, one in value.items()]
        elif isinstance(value, list):
            found += [(ONE_OF[name], shown(one) if isinstance(one, dict) else one) for one in value]
        elif isinstance(value, dict):
            found.append((name, shown(value)))
        elif value is not None and not (name == "hint" and "hints" in view):
            found.append((name, str(value).lower() if isinstance(value, bool) else str(value)))
    return found


def read(element: etree._Element) -> list[Any]:
    """An answer in the same form."""
    return [(etree.QName(one).localname, _value(one)) for one in element]


def _value(element: etree._Element) -> Any:
    """The members or the text of an element; of one that has a name, that as well."""
    text = element.text or ""
    return read(element) if len(element) else (element.get("name"), text) if element.get("name") else text


@pytest.fixture(scope="module")
def token(gateway: Served) -> str:
    """The consignor's token; its mailbox has a draft and its e-SAD, and a broken one with its answer."""
    signer = gateway.box.traders[CONSIGNOR].signer
    assert gateway.submit(gateway.box.signed(CONSIGNOR, new_draft())).status == 201
    assert (
        gateway.submit(edited(gateway.box.signed(CONSIGNOR, new_draft()), signer, (b">D05<", b">soon<"))).status == 422
    )
    return gateway.box.traders[CONSIGNOR].token


@pytest.fixture(scope="module")
def arc(gateway: Served, token: str) -> str:
    """The movement's ARC."""
    found: str = gateway.get(f"/v1/traders/{CONSIGNOR}/movements", token).json["movements"][0]["arc"]
    return found


def test_submitted_draft_has_a_receipt(at_fresh: ByHand) -> None:
    """Once accepted, and the same receipt again by either door: one effect."""
    document = at_fresh.gateway.box.signed(CONSIGNOR, new_draft())

    first, again = (read(at_fresh.call("SubmitMessage", document=document)) for _ in range(2))
    in_rest = at_fresh.gateway.submit(document)

    assert (first[0], first[1]) == (("outcome", "accepted"), ("repeated", "false"))
    assert again == [("repeated", "true") if one[0] == "repeated" else one for one in first]
    assert in_rest.status == 200
    assert again == shown(in_rest.json)
    assert len(at_fresh.gateway.station.mailbox(CONSIGNOR)) == 2


def test_refused_message_is_answered_with_every_fault(at_fresh: ByHand) -> None:
    """It was taken and judged, so it has a receipt, with the same fault objects as in REST."""
    document = at_fresh.gateway.box.signed(CONSIGNOR, evolve(new_draft(), {"body_ead_esad.0.gross_mass": Decimal(1)}))

    receipt = at_fresh.call("SubmitMessage", document=document)
    in_rest = at_fresh.gateway.submit(document)

    assert texts(receipt, "outcome") == ["refused"]
    assert in_rest.json["faults"]
    assert read(receipt)[2:] == shown(in_rest.json)[2:]
    languages = [one.get("language") for one in receipt.iterfind(f"{{{NS}}}fault/{{{NS}}}text")]
    assert languages == ["en", "lt"] * len(in_rest.json["faults"])


def test_dry_run_tells_what_rest_tells(by_hand: ByHand) -> None:
    """Signed or not; nothing is stored."""
    gateway = by_hand.gateway
    good = gateway.box.signed(CONSIGNOR, new_draft())
    for document in (good, good.replace(b">D05<", b">soon<")):
        in_rest = gateway.ask("POST", "/v1/messages/validate", document, {"Content-Type": "application/xml"})
        assert read(by_hand.call("ValidateMessage", document=document)) == shown(in_rest.json)


@pytest.mark.parametrize(
    ("members", "query"),
    [
        ({}, ""),
        ({"after": 1, "limit": 1}, "?after=1&limit=1"),
        ({"type": " IE801 "}, "?type=IE801"),
        ({"unread": True}, "?unread=true"),
        ({"direction": "out", "since": "2026-03-02T10:00:00Z"}, "?direction=out&since=2026-03-02T10:00:00Z"),
    ],
    ids=["all", "page", "type", "unread", "direction and since"],
)
def test_mailbox_is_that_of_rest(by_hand: ByHand, token: str, members: dict[str, Any], query: str) -> None:
    """The same lines under the same filters."""
    in_rest = by_hand.gateway.get(f"/v1/traders/{CONSIGNOR}/messages{query}", token)

    page = by_hand.call("ListMessages", token, trader=CONSIGNOR, **members)

    assert in_rest.json["messages"]
    assert read(page) == shown(in_rest.json)


def test_message_comes_byte_for_byte(by_hand: ByHand, token: str) -> None:
    """In base64, on one line."""
    in_rest = by_hand.gateway.get(f"/v1/traders/{CONSIGNOR}/messages/2", token)

    (document,) = texts(by_hand.call("FetchMessage", token, trader=CONSIGNOR, seq=2), "document")

    assert base64.b64decode(document, validate=True) == in_rest.body


def test_acknowledgement_counts_once(at_fresh: ByHand) -> None:
    """The first moment stays, by whatever door."""
    gateway = at_fresh.gateway
    assert gateway.submit(gateway.box.signed(CONSIGNOR, new_draft())).status == 201
    token = gateway.box.traders[CONSIGNOR].token

    first, again = (at_fresh.call("AcknowledgeMessage", token, trader=CONSIGNOR, seq=2) for _ in range(2))
    in_rest = gateway.ask(
        "PUT", f"/v1/traders/{CONSIGNOR}/messages/2/acknowledgement", headers={"Authorization": f"Bearer {token}"}
    )

    assert texts(first, "acknowledgedAt")
    assert read(first) == read(again) == shown(in_rest.json)


def test_many_are_acknowledged_as_in_rest(at_fresh: ByHand) -> None:
    """Up to a number, or one by one by their numbers; what has changed, and what there is not."""
    gateway = at_fresh.gateway
    for _ in range(3):
        assert gateway.submit(gateway.box.signed(CONSIGNOR, new_draft())).status == 201
    token = gateway.box.traders[CONSIGNOR].token
    numbers = f"<trader>{CONSIGNOR}</trader><seq> 4 </seq><seq>99</seq><seq>4</seq>"
    asked = f'<AcknowledgeMessages xmlns="{NS}">{numbers}</AcknowledgeMessages>'

    named = at_fresh.body_of(at_fresh.post(at_fresh.around(asked), token))
    through = at_fresh.call("AcknowledgeMessages", token, trader=CONSIGNOR, through=4)
    nothing = at_fresh.call("AcknowledgeMessages", token, trader=CONSIGNOR, through=4)

    assert read(named) == [("changed", "4"), ("missing", "99"), ("complete", "true")]
    assert read(through) == [("changed", "2"), ("complete", "true")]
    assert read(nothing) == [("complete", "true")]
    unread = gateway.get(f"/v1/traders/{CONSIGNOR}/messages?unread=true", token).json
    assert [one["seq"] for one in unread["messages"]] == [6]


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ("", "AcknowledgeMessages"),
        ("<through>1</through><seq>1</seq>", "AcknowledgeMessages"),
        ("<seq>1</seq><seq>two</seq>", "seq.1"),
        ("<through>1</through><through>2</through>", "through"),
        ("<seq>1</seq>" * 1001, "seq"),
    ],
    ids=["nothing", "both", "no number", "twice", "too many"],
)
def test_what_cannot_be_acknowledged_is_told(by_hand: ByHand, token: str, given: str, wrong: str) -> None:
    """The place, as in REST; nothing is changed."""
    asked = f'<AcknowledgeMessages xmlns="{NS}"><trader>{CONSIGNOR}</trader>{given}</AcknowledgeMessages>'

    fault = by_hand.fault_of(by_hand.post(by_hand.around(asked), token))

    assert fault.said("type") == ["/problems/invalid-parameter"]
    assert fault.problem is not None
    assert [one.text for one in fault.problem.iterfind("{*}parameter/{*}parameter")] == [wrong]


@pytest.mark.parametrize(
    ("members", "query"),
    [
        ({}, ""),
        ({"dueBefore": "\n  2027-01-01T00:00:00Z  "}, "?due_before=2027-01-01T00:00:00Z"),
        ({"since": " 2026-03-02\n", "role": "consignor"}, "?since=2026-03-02&role=consignor"),
    ],
    ids=["all", "indented moment", "indented day"],
)
def test_movements_are_those_of_rest(
    by_hand: ByHand, token: str, arc: str, members: dict[str, Any], query: str
) -> None:
    """White space around a date changes nothing."""
    in_rest = by_hand.gateway.get(f"/v1/traders/{CONSIGNOR}/movements{query}", token)

    page = by_hand.call("ListMovements", token, trader=CONSIGNOR, **members)

    assert [one["arc"] for one in in_rest.json["movements"]] == [arc]
    assert read(page) == shown(in_rest.json)


def test_movement_is_that_of_rest(by_hand: ByHand, token: str, arc: str) -> None:
    """With all its lines."""
    in_rest = by_hand.gateway.get(f"/v1/traders/{CONSIGNOR}/movements/{arc}", token)

    assert read(by_hand.call("GetMovement", token, trader=CONSIGNOR, arc=arc)) == shown(in_rest.json)


def test_reported_movement_is_that_of_rest(at_fresh: ByHand) -> None:
    """With its report of receipt."""
    gateway = at_fresh.gateway
    with gateway.box.open("PL") as pl:
        pl.take(gateway.box.signed(FOREIGN_CONSIGNOR, new_draft(FOREIGN_CONSIGNOR, CONSIGNEE)))
        e_sad = pl.last(FOREIGN_CONSIGNOR)
        ((_, document),) = pl.due()
    token, arc = gateway.box.traders[CONSIGNEE].token, e_sad.excise_movement.administrative_reference_code
    assert gateway.ask("POST", "/ndea", deliver(document), {"Content-Type": "text/xml"}).status == 200
    assert texts(at_fresh.call("SubmitMessage", document=gateway.box.signed(CONSIGNEE, new_report(e_sad))), "arc") == [
        arc
    ]
    in_rest = gateway.get(f"/v1/traders/{CONSIGNEE}/movements/{arc}", token)

    assert in_rest.json["report"]
    assert read(at_fresh.call("GetMovement", token, trader=CONSIGNEE, arc=arc)) == shown(in_rest.json)


@pytest.mark.parametrize(("members", "query"), [({}, ""), ({"on": "2026-03-02"}, "?on=2026-03-02")])
def test_operator_is_that_of_rest(by_hand: ByHand, token: str, members: dict[str, str], query: str) -> None:
    """Registered as what, for which products."""
    in_rest = by_hand.gateway.get(f"/v1/operators/{CONSIGNEE}{query}", token)

    assert read(by_hand.call("CheckOperator", token, seed=CONSIGNEE, **members)) == shown(in_rest.json)
