"""How ``esad case`` reaches the cases: over REST with a token, or in the data directory as the administration."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from json import dumps
from pathlib import Path
from typing import Any, Final, Protocol

from esad_gateway.ais.actors import ActorKind, DoneBy
from esad_gateway.ais.registration.acts import ActKind
from esad_gateway.cli.common.administration import account, opened
from esad_gateway.cli.common.gateway_access import answered, ask
from esad_gateway.cli.common.language import wrong
from esad_gateway.client.request import Request
from esad_gateway.data_directory import DataDirectory
from esad_gateway.errors import NationalRefused, UnreadableInput
from esad_gateway.faults import Said
from esad_gateway.gateway.pace import SystemClock
from esad_gateway.live_trust import LiveVerifier
from esad_gateway.national.cases import RegistrationDesk
from esad_gateway.national.opening import registration_desk
from esad_gateway.ports.national.cases import CaseAnswer, CaseQuery
from esad_gateway.settings import read_settings
from esad_gateway.store.named import NamedCertificates
from esad_gateway.store.registry import Registry
from esad_gateway.store.store import SqlStore
from esad_gateway.texts import ENGLISH, fault_json, in_every_language
from esad_gateway.views.cases import candidate_view, case_row_view, case_view, notice_view, paper_view
from esad_gateway.xml.plain_json import read_json

CASES: Final = "/v1/national/cases"
_JSON: Final = {"Content-Type": "application/json"}
_REFUSED: Final = 422
_FINE: Final = 200
_TITLE: Final = Said("problem.national-refused")

Told = tuple[int, dict[str, Any]]
"""What came back: the status as REST has it, and the JSON."""


class CaseAccess(Protocol):
    """Where cases are; every answer is as REST gives it."""

    def submit(self, body: bytes, on: date | None) -> Told: ...  # noqa: D102
    def act(self, number: str, kind: ActKind, body: bytes, on: date | None) -> Told: ...  # noqa: D102
    def show(self, number: str) -> Told: ...  # noqa: D102
    def cases(self, wanted: CaseQuery) -> Told: ...  # noqa: D102
    def candidates(self) -> Told: ...  # noqa: D102
    def notices(self, after: int, limit: int) -> Told: ...  # noqa: D102
    def hand_in(self, name: str, media: str, body: bytes, entity: str) -> Told: ...  # noqa: D102


@contextmanager
def case_access(data: Path | None, url: str, token: str) -> Iterator[CaseAccess]:
    """The cases of a data directory, or those that a token shows; exactly one of them has to be given."""
    if (data is None) == (not token):
        raise wrong(Said("case.desk.which"))
    if data is None:
        yield _Remote(url, token)
        return
    with opened(data) as store:
        yield _Local(_desk(store, data), DoneBy(kind=ActorKind.OPERATOR, name=account()))


def _desk(store: SqlStore, data: Path) -> RegistrationDesk:
    settings, registry, folder = read_settings(data), Registry(store), DataDirectory(data)
    profile = settings.profile()
    verifier = LiveVerifier(folder, registry, NamedCertificates(store, registry), profile.address, SystemClock())
    readers = settings.readers(folder.releases(), verifier.releases)
    desk = registration_desk(store, verifier.signer, readers, settings, lambda: datetime.now(UTC), data)
    if desk is None:
        raise UnreadableInput(Said("case.desk.no_law"))
    return desk


@dataclass(frozen=True, slots=True)
class _Remote:
    """Over REST."""

    url: str
    token: str

    def submit(self, body: bytes, on: date | None) -> Told:
        return self._ask("POST", CASES, body, on=on)

    def act(self, number: str, kind: ActKind, body: bytes, on: date | None) -> Told:
        return self._ask("POST", f"{CASES}/{number}/acts/{kind}", body, on=on)

    def show(self, number: str) -> Told:
        return self._ask("GET", f"{CASES}/{number}")

    def cases(self, wanted: CaseQuery) -> Told:
        return self._ask("GET", CASES, state=wanted.state, status=wanted.status, after=wanted.after, limit=wanted.limit)

    def candidates(self) -> Told:
        return self._ask("GET", f"{CASES}/candidates")

    def notices(self, after: int, limit: int) -> Told:
        return self._ask("GET", f"{CASES}/notices", after=after, limit=limit)

    def hand_in(self, name: str, media: str, body: bytes, entity: str) -> Told:
        query = {"name": name, "entity": entity}
        request = Request(
            method="POST", path=f"{CASES}/documents", query=_told(query), body=body, headers={"Content-Type": media}
        )
        return answered(self.url, self.token, request)

    def _ask(self, method: str, path: str, body: bytes | None = None, **query: object) -> Told:
        headers = _JSON if body is not None else {}
        request = Request(method=method, path=path, query=_told(query), body=body, headers=headers)
        return ask(self.url, self.token, lambda client: client.answer(request))


def _told(query: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in query.items() if value not in (None, "")}


@dataclass(frozen=True, slots=True)
class _Local:
    """As the administration, whose store it is."""

    desk: RegistrationDesk
    by: DoneBy

    def submit(self, body: bytes, on: date | None) -> Told:
        return _answer(self.desk.submit(self.by, _data(body), on))

    def act(self, number: str, kind: ActKind, body: bytes, on: date | None) -> Told:
        return _answer(self.desk.act(self.by, number, kind, _data(body), on))

    def show(self, number: str) -> Told:
        return _FINE, case_view(self.desk.show(self.by, number), UTC)

    def cases(self, wanted: CaseQuery) -> Told:
        return _FINE, {"cases": [case_row_view(one, UTC) for one in self.desk.cases(self.by, wanted)]}

    def candidates(self) -> Told:
        return _FINE, {"candidates": [candidate_view(one, UTC) for one in self.desk.candidates(self.by)]}

    def notices(self, after: int, limit: int) -> Told:
        return _FINE, {"notices": [notice_view(one, UTC) for one in self.desk.notices(self.by, after, limit)]}

    def hand_in(self, name: str, media: str, body: bytes, entity: str) -> Told:
        return _FINE, paper_view(self.desk.keep(self.by, name, media, body, entity), UTC)


def _data(body: bytes) -> Any:
    try:
        return read_json(body)
    except ValueError as error:
        raise UnreadableInput(Said("case.desk.no_json")) from error


def _answer(answer: CaseAnswer) -> Told:
    if answer.faults or answer.case is None:
        titles, details = map(in_every_language, (_TITLE, NationalRefused(answer.faults).what))
        named = {"title": titles[ENGLISH], "titles": titles, "detail": details[ENGLISH], "details": details}
        return _REFUSED, {**named, "faults": [fault_json(one) for one in answer.faults]}
    return _FINE, {"again": answer.again, "case": case_view(answer.case, UTC)}


def as_body(values: Mapping[str, Any]) -> bytes:
    """Values as the body of a request."""
    return dumps(values, ensure_ascii=False).encode()


Door = Callable[[CaseAccess], Told]
"""What is asked of the cases."""
