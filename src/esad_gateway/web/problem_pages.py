"""What the type of a problem leads to: a page that says what causes it, what to do, and how it looks (RFC 9457, 4)."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from html import escape
from typing import Any, Final

from esad_gateway import errors
from esad_gateway.faults import Fault, Said, said
from esad_gateway.place import WHOLE, Place, at
from esad_gateway.texts import ENGLISH, fault_json, in_every_language, languages, say
from esad_gateway.web.problems import KIND_PREFIX, Problem, problem_of

_SEED, _ARC, _IDENTIFIER = "LT00000000101", "26LT000000000000001P2", "3f1c2f0a-7f6e-4d56-9f25-0c1f6d3a9b01"
_BATCH: Final = "104cc2b0b57b4f29847a974d35564482"
_OBJECT: Final = said("hint.expected_kind", kind=Said("kind.object"))


def _fault(code: str, rule: str, where: Place, value: str | None, hint: Said | None = None) -> Fault:
    text = Said(f"{rule}.text")
    return Fault(code=code, rule=rule, place=where, value=value, text=text, hint=hint or Said(f"{rule}.hint"))


@cache
def problem_examples() -> Mapping[str, Mapping[str, Any]]:
    """An example of every kind of problem, by its name: what the gateway answers."""
    answers = (one.answer if isinstance(one, Problem) else problem_of(one) for one in raised())
    return {one.content["type"].removeprefix(KIND_PREFIX): one.content for one in answers}


def raised() -> tuple[errors.EsadError, ...]:
    """One of each kind, as it is raised."""
    return (
        *_about_bodies(),
        *_about_messages(),
        *_about_access(),
        *_about_tables(),
        errors.WebhookRefused(said("webhook.host", host="hooks.example")),
        *_about_simulated_states(),
    )


def _about_bodies() -> tuple[errors.EsadError, ...]:
    wanted = ("application/xml", "text/xml")
    return (
        errors.MalformedXml(said("xml.encoding", name="ISO-8859-13"), 1, 1),
        errors.EnvelopeRefused("Client", said("detail.soap_no_part", name="'cid:document'")),
        errors.TooLarge(2 * 1024 * 1024),
        errors.SlowBody(30),
        errors.EncodedBody("Content-Encoding", "gzip"),
        Problem(415, "media-type", said("detail.media_type", wanted_types=wanted, given_type="text/plain")),
        Problem(400, "malformed-json", said("detail.json", why=said("said.library", words="line 1, column 17"))),
        Problem(400, "malformed-form", said("detail.form_file", name="file")),
        Problem(404, "http", Said("detail.no_address")),
        Problem(431, "connection", Said("detail.connection_head")),
        Problem(500, "internal", said("detail.defect", name="RuntimeError")),
        Problem(503, "not-ready", said("ready.not", checks="disk"), ready=False, checks=_checks()),
    )


def _checks() -> dict[str, Any]:
    why = said("ready.disk", free=12, least=200)
    return {"store": {"ok": True}, "disk": {"ok": False, "why": say(why), "whys": in_every_language(why)}}


def _role_missing() -> Fault:
    number, role = said("people.number", seed=_SEED), Said("people.role.certified_consignor")
    text = said("people.missing", person="38001010001", roles=role, number=number)
    hint = said("people.ask_manager", entity="100000001")
    return Fault(code="ROL-1", rule="ROL-1", place=Place.read("role"), value=_SEED, text=text, hint=hint)


def _not_found() -> Fault:
    text = said("people.ERR-1.text", portal='"Mano VMI"')
    hint = said("people.try_until", until="2026-03-02T10:15:00Z")
    return Fault(code="ERR-1", rule="ACC-3", place=Place.read("person"), value="38001010001", text=text, hint=hint)


def _about_messages() -> tuple[errors.EsadError, ...]:
    wanted, fingerprint = Said("wanted.registered"), "SHA-256 9f86d081…0f00a08"
    return (
        errors.SignatureRefused(12, said("refused.unregistered", names=(fingerprint,)), wanted),
        errors.SecurityRefused(8, said("security.unsigned", name="Body"), Said("security.8")),
        errors.SignerNotAllowed(_SEED, frozenset()),
        errors.RoleMissing((_role_missing(),)),
        errors.NotAdmitted((_not_found(),), datetime(2026, 3, 2, 10, 15, tzinfo=UTC)),
        errors.IssuedHere("NDEA.LT", "IE801"),
        errors.IdentifierReused(_IDENTIFIER, _SEED, 1, _ARC),
        errors.OverQuota(_SEED, Said("detail.refused"), "refused_a_day", 10_000, timedelta(hours=3)),
        errors.ComposeRefused((_fault("PLAIN", "PLAIN-TYPE", at("header"), "1", _OBJECT),)),
        errors.Busy(Said("detail.uploads")),
        errors.NotDecided("9f0c1a", _IDENTIFIER),
    )


def _about_access() -> tuple[errors.EsadError, ...]:
    shown, wrong = ("application/xml", "application/json"), said("detail.parameters", words="query.limit: …")
    waits = said("count.requests", count=16)
    parameters = [{"parameter": "query.limit", "message": "Input should be greater than or equal to 1", "value": "0"}]
    return (
        errors.NoToken(),
        errors.TooMany(said("detail.waits", requests=waits, setting="waits_at_once"), "waits_at_once", 16, 5),
        Problem(412, "changed-since", said("detail.changed_since", found='"5d41402a"', expected='"7d793037"')),
        errors.NotFound(said("detail.no_movement", arc=_ARC, seed=_SEED)),
        Problem(406, "not-acceptable", said("detail.shown_as", types=shown)),
        Problem(406, "no-json-view", Said("detail.no_fields")),
        Problem(422, "invalid-parameter", wrong, parameters=parameters),
        *_about_signing_in(),
    )


def _about_signing_in() -> tuple[errors.EsadError, ...]:
    slow, reference = said("sign_in.provider.slow", url="https://provider.example/token"), "9f0c1a2b"
    return (
        Problem(403, "sign-in-refused", Said("sign_in.visitor.state"), reference=reference),
        Problem(502, "provider-failed", Said("sign_in.token.signature"), reference=reference),
        Problem(504, "provider-slow", slow, reference=reference),
    )


def _about_tables() -> tuple[errors.EsadError, ...]:
    removed = said("detail.file_removed", batch=_BATCH, at="2026-06-01")
    entry = _fault("SAAD-1", "SAAD-1", at("state"), "LT")
    text, hint = Said("guarantee.fault.amount.text"), Said("guarantee.fault.amount.hint")
    amount = Fault(code="RC-8", rule="RC-8", place=Place.read("amount"), value="-1", text=text, hint=hint)
    return (
        errors.KeyReused("2026-03-02/1", _BATCH),
        errors.FileRemoved(removed),
        errors.Unreadable((_fault("SHEET-EMPTY", "SHEET-EMPTY", WHOLE, None),)),
        Problem(422, "entry-refused", Said("detail.entry_refused"), faults=[fault_json(entry)]),
        errors.NationalRefused((amount,)),
    )


def _about_simulated_states() -> tuple[errors.EsadError, ...]:
    now, passed = "2026-03-02T10:00:00+00:00", "2026-03-01T10:00:00+00:00"
    states = said("simulate.only", state="FR", states="LV, PL")
    return (
        Problem(400, "clock-order", said("sim.clock_backwards", now=now, moment=passed)),
        Problem(400, "trader-wish", states),
        Problem(400, "sim-fault", states),
        Problem(400, "sim-script", said("sim.script_key", expected=Said("sim.script_text"))),
    )


def problem_view(kind: str) -> dict[str, Any]:
    """What a program is told of a kind of problem."""
    return {
        "kind": kind,
        "type": f"{KIND_PREFIX}{kind}",
        "titles": in_every_language(Said(f"problem.{kind}")),
        "causes": in_every_language(Said(f"cause.{kind}")),
        "remedies": in_every_language(Said(f"remedy.{kind}")),
        "example": dict(problem_examples()[kind]),
    }


def problems_view() -> dict[str, Any]:
    """All kinds of problems by their names: type and titles of each."""
    kinds = sorted(problem_examples())
    return {"problems": [{name: problem_view(kind)[name] for name in ("kind", "type", "titles")} for kind in kinds]}


def problem_page(kind: str) -> str:
    """The page of a kind of problem, in every language one below the other."""
    shown = json.dumps(problem_examples()[kind], ensure_ascii=False, indent=2)
    told = "".join(_told(kind, language) for language in languages())
    return _page(say(Said(f"problem.{kind}")), f"{told}<pre>{escape(shown)}</pre>\n")


def problems_page() -> str:
    """The page that leads to those of all kinds."""
    kinds = sorted(problem_examples())
    listed = "\n".join(
        f'<dt><a href="problems/{kind}">{kind}</a></dt><dd>{_each(Said(f"problem.{kind}"))}</dd>' for kind in kinds
    )
    return _page(say(Said("door./problems")), f"<h1>{_each(Said('door./problems'))}</h1>\n<dl>\n{listed}\n</dl>\n")


def _told(kind: str, language: str) -> str:
    parts = "".join(
        f"<h2>{_said(f'page.problem_{part}', language)}</h2>\n<p>{_said(f'{part}.{kind}', language)}</p>\n"
        for part in ("cause", "remedy")
    )
    return f'<section lang="{language}">\n<h1>{_said(f"problem.{kind}", language)}</h1>\n{parts}</section>\n'


def _said(key: str, language: str) -> str:
    return escape(say(Said(key), language))


def _each(what: Said) -> str:
    return " · ".join(f'<span lang="{name}">{escape(told)}</span>' for name, told in in_every_language(what).items())


def _page(title: str, body: str) -> str:
    head = f'<meta charset="utf-8"><title>{escape(title)}</title>'
    return f'<!doctype html>\n<html lang="{ENGLISH}">\n<head>{head}</head>\n<body>\n{body}</body>\n</html>\n'
