"""What cannot be answered is a fault, in the version of its request, with the problem of REST; nothing is followed."""

import json
import socket
from contextlib import closing
from decimal import Decimal

import pytest
from lxml import etree

from esad_gateway.soap.envelope import NS, SOAP_1_1, SOAP_1_2
from esad_gateway.soap.operations import OPERATIONS, action
from esad_gateway.transport.envelope import SOAP, SOAP_12
from helpers.gateway import CONSIGNOR, SECOND_CONSIGNOR, new_draft
from helpers.samples import evolve
from helpers.served import Answer, Served
from helpers.soap import PATH, ByHand, Fault

WSA = "http://www.w3.org/2005/08/addressing"
WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"


@pytest.fixture(scope="module")
def token(gateway: Served) -> str:
    """The consignor's token; its mailbox has a draft and its e-SAD."""
    assert gateway.submit(gateway.box.signed(CONSIGNOR, new_draft())).status == 201
    return gateway.box.traders[CONSIGNOR].token


def reading(client: ByHand, header: str = "") -> bytes:
    """A request that would be answered."""
    return client.request("ListMessages", {"trader": CONSIGNOR}, header)


def same_problem(fault: Fault, in_rest: Answer) -> None:
    """The detail of a fault is the problem that REST answers."""
    problem = in_rest.json
    assert fault.said("type") == [problem["type"]]
    assert fault.said("status") == [str(in_rest.status)] == [str(problem["status"])]
    assert fault.said("title") == [problem["titles"]["en"], problem["titles"]["lt"]]
    assert fault.said("detail") == [problem["details"]["en"], problem["details"]["lt"]]
    assert fault.reason == problem["detail"]


def test_refused_signature_is_the_problem_of_rest(by_hand: ByHand) -> None:
    """Step, reason and what was expected."""
    document = by_hand.gateway.box.signed(CONSIGNOR, new_draft()).replace(
        b"<ds:SignatureValue>", b"<ds:SignatureValue>A"
    )
    in_rest = by_hand.gateway.submit(document)

    fault = by_hand.fault_of(by_hand.post(by_hand.request("SubmitMessage", {"document": document})))

    assert fault.code == by_hand.version.codes["Client"]
    same_problem(fault, in_rest)
    assert fault.said("step") == [str(in_rest.json["step"])]
    assert fault.said("expected") == [in_rest.json["expected"]]


@pytest.mark.parametrize("document", [b"no XML", b"", b"<a>"], ids=["text", "empty", "half"])
def test_document_that_is_no_xml_is_the_problem_of_rest(by_hand: ByHand, document: bytes) -> None:
    """With its line and column."""
    fault = by_hand.fault_of(by_hand.post(by_hand.request("SubmitMessage", {"document": document})))

    same_problem(fault, by_hand.gateway.submit(document))


def test_reading_needs_a_token(by_hand: ByHand) -> None:
    """Without one, and with one that was never issued."""
    for token in (None, "nonsense"):
        fault = by_hand.fault_of(by_hand.post(reading(by_hand), token))
        same_problem(fault, by_hand.gateway.get(f"/v1/traders/{CONSIGNOR}/messages", token))
        assert fault.code == by_hand.version.codes["Client"]


def test_another_traders_data_are_as_if_not_there(by_hand: ByHand, token: str) -> None:
    """Every operation that reads answers about a stranger's as about what nobody has, but for the name in it."""
    nobody = "LT00000000999"
    arc = by_hand.gateway.get(f"/v1/traders/{CONSIGNOR}/movements", token).json["movements"][0]["arc"]
    more: dict[str, dict[str, object]] = {
        "FetchMessage": {"seq": 1},
        "AcknowledgeMessage": {"seq": 1},
        "AcknowledgeMessages": {"through": 1},
        "GetMovement": {"arc": arc},
        "SubmitBatch": {"kind": "saad", "file": b"x"},
        "GetBatch": {"batch": "0"},
    }
    stranger = by_hand.gateway.box.traders[SECOND_CONSIGNOR].token
    asked = [name for name, one in OPERATIONS.items() if "trader" in one.asked.model_fields]
    assert more.keys() < set(asked)
    assert len(asked) == 8
    for name in asked:
        answers = [
            by_hand.post(by_hand.request(name, {"trader": seed, **more.get(name, {})}), stranger)
            for seed in (CONSIGNOR, nobody)
        ]
        theirs, missing = (
            one.body.replace(seed.encode(), b"X") for one, seed in zip(answers, (CONSIGNOR, nobody), strict=True)
        )
        assert theirs == missing
        assert by_hand.fault_of(answers[0]).said("status") == ["404"]


def test_wrong_members_are_told_all_at_once(by_hand: ByHand, token: str) -> None:
    """What is wrong, what was expected, and what was given."""
    body = (
        f'<ListMovements xmlns="{NS}"><trader>{CONSIGNOR}</trader><role>driver</role><since>2026-02-30</since>'
        "<dueBefore>2026-03-02T00:00:00</dueBefore><due_before>x</due_before><limit>9</limit><limit>9</limit>"
        '<after><t>72</t></after><state xmlns=""/></ListMovements>'
    )
    fault = by_hand.fault_of(by_hand.post(by_hand.around(body), token))

    assert fault.said("status") == ["422"]
    assert fault.problem is not None
    named = [one.findtext(f"{{{NS}}}parameter") for one in fault.problem.iterfind(f"{{{NS}}}parameter")]
    assert sorted(map(str, named)) == ["after", "dueBefore", "due_before", "limit", "role", "since", "state"]
    for word in ("driver", "given twice", "holds elements", "is in the namespace ''"):
        assert word in fault.reason or word in str(fault.said("parameter")) or word in _values(fault)


def _values(fault: Fault) -> str:
    assert fault.problem is not None
    return " ".join(fault.problem.itertext())


def test_missing_member_is_named(by_hand: ByHand, token: str) -> None:
    """One that is nil is missing as well."""
    nil = '<seq xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true"/>'
    for members in (f"<trader>{CONSIGNOR}</trader>", f"<trader>{CONSIGNOR}</trader>{nil}"):
        body = f'<FetchMessage xmlns="{NS}">{members}</FetchMessage>'
        fault = by_hand.fault_of(by_hand.post(by_hand.around(body), token))
        assert "seq: Field required" in fault.reason


def test_nil_member_is_as_if_left_out(by_hand: ByHand, token: str) -> None:
    """Clients write null so."""
    nil = '<type xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="1"/>'
    body = f'<ListMessages xmlns="{NS}"><trader>{CONSIGNOR}</trader>{nil}</ListMessages>'

    assert by_hand.post(by_hand.around(body), token).status == 200


def test_no_base64_is_told(by_hand: ByHand) -> None:
    """And noted: nobody can read it."""
    before = len(by_hand.gateway.station.rows("security_log"))
    body = f'<SubmitMessage xmlns="{NS}"><document>%%%</document></SubmitMessage>'

    fault = by_hand.fault_of(by_hand.post(by_hand.around(body)))

    assert fault.said("type") == ["/problems/malformed-xml"]
    assert "encode its bytes" in fault.reason
    assert len(by_hand.gateway.station.rows("security_log")) == before + 1


@pytest.mark.parametrize(
    "document",
    ["<document><g:0>60</g:0></document>", "<document><0>60</0></document>", '<document 0="60" 1="97"/>'],
    ids=["prefixed", "elements", "attributes"],
)
def test_bytes_one_by_one_are_known_as_such(by_hand: ByHand, document: str) -> None:
    """Clients in JavaScript write a Buffer so, which is no XML: the fault tells what to give them instead."""
    body = f'<SubmitMessage xmlns="{NS}" xmlns:g="{NS}">{document}</SubmitMessage>'

    fault = by_hand.fault_of(by_hand.post(by_hand.around(body)))

    assert "buffer.toString('base64')" in fault.reason
    assert fault.said("line") == ["1"]


def test_empty_moment_is_told(by_hand: ByHand, token: str) -> None:
    """Clients write a date object that they do not know so."""
    for name in ("dueBefore", "since"):
        body = f'<ListMovements xmlns="{NS}"><trader>{CONSIGNOR}</trader><{name}> </{name}></ListMovements>'
        fault = by_hand.fault_of(by_hand.post(by_hand.around(body), token))
        assert f"{name}: is empty; leave the element out" in fault.reason


def block(name: str = "Route", space: str = "urn:example:route", content: str = "", **said: str) -> str:
    """A header block; its attributes are those of the envelope."""
    attributes = "".join(f' s:{key}="{value}"' for key, value in said.items())
    return f'<t:{name} xmlns:t="{space}"{attributes}>{content}</t:{name}>'


def test_header_block_that_must_be_understood_is_named(by_hand: ByHand, token: str) -> None:
    """For nobody in particular, for the next node, and as a boolean; in SOAP 1.2 a header names it again."""
    role = by_hand.version.role
    for header in (
        block(mustUnderstand="1"),
        block(mustUnderstand=" true "),
        block(mustUnderstand="yes"),
        *(block(mustUnderstand="1", **{role: ours}) for ours in by_hand.version.ours),
        block() + block(mustUnderstand="1"),
    ):
        fault = by_hand.fault_of(by_hand.post(reading(by_hand, header), token))
        assert fault.code == "MustUnderstand"
        assert "{urn:example:route}Route" in fault.reason
        assert fault.problem is None
        assert fault.not_understood == ("urn:example:route b:Route" if by_hand.version is SOAP_1_2 else "")


@pytest.mark.parametrize(
    ("block", "named"),
    [
        ("<Route {0}/>", "Route"),
        ("<xml:Route {0}/>", "xml:Route"),
        ('<r:Route xmlns:r="urn:a?b&amp;c" {0}/>', "b:Route"),
    ],
)
def test_header_that_nobody_knows_is_named_in_whatever_namespace(gateway: Served, block: str, named: str) -> None:
    """In none, in that of XML itself, in one that has to be escaped: the answer can be read."""
    client = ByHand(gateway, SOAP_1_2)
    header = block.format('s:mustUnderstand="1"')

    answer = client.post(client.request("ListMessages", {"trader": CONSIGNOR}, header))

    assert client.fault_of(answer).code == "MustUnderstand"
    (found,) = etree.fromstring(answer.body)[0]
    assert found.get("qname") == named
    assert found.nsmap.get("b") == ("urn:a?b&c" if named == "b:Route" else None)


def test_other_header_block_changes_nothing(by_hand: ByHand, token: str) -> None:
    """What is optional, or for somebody else."""
    other = {by_hand.version.role: "urn:example:broker"}
    for header in (
        block(),
        block(mustUnderstand="0"),
        block(mustUnderstand="false"),
        block(mustUnderstand="1", **other),
    ):
        assert by_hand.post(reading(by_hand, header), token).status == 200


def test_security_that_must_be_understood_is_no_secret(by_hand: ByHand, token: str) -> None:
    """Two of them for us are refused, and one that says nothing, or is for another node alone: each by its step."""
    one, other = block("Security", WSSE), block("Security", WSSE, **{by_hand.version.role: "urn:example:broker"})

    fault = by_hand.fault_of(by_hand.post(reading(by_hand, one + one), token))

    assert fault.code == by_hand.version.codes["Client"]
    assert "more than one Security header" in fault.reason
    for header, step in ((one + one, "1"), (other, "1"), (one, "2"), (one + other, "2")):
        assert by_hand.fault_of(by_hand.post(reading(by_hand, header), token)).said("step") == [step]


@pytest.mark.parametrize("name", ["ReplyTo", "FaultTo"])
def test_answer_to_elsewhere_is_refused_and_nobody_is_called(by_hand: ByHand, token: str, name: str) -> None:
    """The address is named; nothing connects to it."""
    with closing(socket.create_server(("127.0.0.1", 0))) as elsewhere:
        elsewhere.settimeout(0)
        address = f"http://127.0.0.1:{elsewhere.getsockname()[1]}/"
        header = block(name, WSA, f"<t:Address>{address}</t:Address>")

        fault = by_hand.fault_of(by_hand.post(reading(by_hand, header), token))

        assert fault.code == by_hand.version.codes["Client"]
        assert address in fault.reason
        with pytest.raises(BlockingIOError):
            elsewhere.accept()


def test_anonymous_reply_is_what_happens_anyway(by_hand: ByHand, token: str) -> None:
    """Clients with WS-Addressing say it; it asks for nothing else."""
    header = block("ReplyTo", WSA, f"<t:Address>{WSA}/anonymous</t:Address>") + block("MessageID", WSA, "urn:uuid:1")

    assert by_hand.post(reading(by_hand, header), token).status == 200


def test_action_may_be_said_in_every_way_or_not_at_all(by_hand: ByHand, token: str) -> None:
    """SOAPAction in either version (zeep sends it with 1.2), in the media type, empty, without quotes, not at all."""
    named = action("ListMessages")
    for headers in (
        {"SOAPAction": f'"{named}"'},
        {"SOAPAction": named},
        {"SOAPAction": '""'},
        {"Content_Type": f'{by_hand.version.content_type}; action="{named}"'},
        {"Content_Type": by_hand.version.content_type.partition(";")[0]},
    ):
        assert by_hand.post(reading(by_hand), token, **headers).status == 200


def test_another_action_is_refused(by_hand: ByHand, token: str) -> None:
    """In SOAPAction, and in the media type of SOAP 1.2."""
    named = action("SubmitMessage")
    for headers in ({"SOAPAction": f'"{named}"'}, {"Content_Type": f'application/soap+xml; action="{named}"'}):
        fault = by_hand.fault_of(by_hand.post(reading(by_hand), token, **headers))
        assert fault.code == by_hand.version.codes["Client"]
        assert named in fault.reason
        assert action("ListMessages") in fault.reason


def test_envelope_tells_the_version_and_not_the_media_type(by_hand: ByHand, token: str) -> None:
    """Clients post 1.2 to the port of 1.1, and the other way round; the answer is in the version of the envelope."""
    other = SOAP_1_1 if by_hand.version is SOAP_1_2 else SOAP_1_2

    answer = by_hand.post(reading(by_hand), token, Content_Type=other.content_type)

    assert answer.status == 200
    assert by_hand.body_of(answer).tag == f"{{{NS}}}ListMessagesResponse"


@pytest.mark.parametrize("space", ["urn:example:soap", ""])
def test_third_version_is_a_mismatch(by_hand: ByHand, space: str) -> None:
    """The fault says what was sent and what is spoken here, in the version of the media type."""
    body = f'<Envelope xmlns="{space}"><Body/></Envelope>'.encode()

    fault = by_hand.fault_of(by_hand.post(body))

    assert fault.code == "VersionMismatch"
    assert SOAP in fault.reason
    assert SOAP_12 in fault.reason


def test_unknown_operation_is_told_which_there_are(by_hand: ByHand) -> None:
    """Also one that has the right name in another namespace."""
    for body in (f'<Submit xmlns="{NS}"/>', '<SubmitMessage xmlns="urn:example"/>'):
        fault = by_hand.fault_of(by_hand.post(by_hand.around(body)))
        assert fault.code == by_hand.version.codes["Client"]
        assert all(name in fault.reason for name in OPERATIONS)


def test_what_is_no_envelope_is_told(by_hand: ByHand) -> None:
    """No XML, another document, several requests, a body before its header, something beside them."""
    inside = reading(by_hand).decode()
    for body in (
        "",
        "no XML",
        "<a/>",
        by_hand.around("").decode(),
        by_hand.around(f'<a xmlns="{NS}"/><b xmlns="{NS}"/>').decode(),
        inside.replace("</s:Body>", "</s:Body><s:Header/>"),
        inside.replace("</s:Body>", "</s:Body><a/>"),
        inside.replace("</s:Envelope>", "<s:Body/></s:Envelope>"),
    ):
        fault = by_hand.fault_of(by_hand.post(body.encode()))
        assert fault.code == by_hand.version.codes["Client"]
        assert fault.said("status") == ["400"]


def test_fields_of_http_are_obeyed(by_hand: ByHand) -> None:
    """A type that is none of SOAP, and a body that is encoded: the same problems as in REST, as faults."""
    json_type = by_hand.gateway.ask("POST", PATH, json.dumps({}).encode(), {"Content-Type": "application/json"})
    fault = ByHand(by_hand.gateway, SOAP_1_1).fault_of(json_type)
    encoded = by_hand.fault_of(by_hand.post(reading(by_hand), Content_Encoding="gzip"))

    assert fault.said("status") == ["415"]
    assert encoded.said("type") == ["/problems/content-encoding"]
    assert encoded.said("encoding") == ["gzip"]


def test_too_large_envelope_is_refused_unread(by_hand: ByHand) -> None:
    """Its announced length is enough; one that comes in pieces is counted as it comes."""
    whole, piece = b" " * (9 * 1024 * 1024 + 1), b" " * 65_536
    in_pieces = by_hand.gateway.ask("POST", PATH, [piece] * 145, {"Content-Type": by_hand.version.content_type})

    for answer in (by_hand.post(whole), in_pieces):
        assert by_hand.fault_of(answer).said("type") == ["/problems/too-large"]


def test_reused_identifier_names_its_place(at_fresh: ByHand) -> None:
    """The members of REST's problem, in the detail."""
    gateway, draft = at_fresh.gateway, new_draft()
    assert gateway.submit(gateway.box.signed(CONSIGNOR, draft)).status == 201
    other = gateway.box.signed(CONSIGNOR, evolve(draft, {"body_ead_esad.0.gross_mass": Decimal(1)}))
    in_rest = gateway.submit(other)

    fault = at_fresh.fault_of(at_fresh.post(at_fresh.request("SubmitMessage", {"document": other})))

    assert in_rest.status == 409
    same_problem(fault, in_rest)
    assert fault.said("mailbox") == [CONSIGNOR]
    assert fault.said("seq") == ["1"]
