"""Documents of a mailbox on paper (``Accept: application/pdf``): box numbers, every language, barcodes."""

from dataclasses import dataclass
from datetime import UTC, tzinfo
from importlib.util import find_spec
from typing import Final

from fastapi import Response

from esad_gateway import profiles
from esad_gateway.emcs.profile import NationalProfile
from esad_gateway.papers import home_of, on_printout, paper_of
from esad_gateway.rest.forms import PDF, VARY
from esad_gateway.rest.making import FileTurns
from esad_gateway.texts import ENGLISH, languages
from esad_gateway.xml.binding import read
from esad_gateway.xml.parse import parse
from esad_gateway.xml.payload import without_signature
from esad_gateway.xml.release import Releases

_DRAWN_BY: Final = ("fpdf", "zxingcpp")


@dataclass(frozen=True, slots=True)
class Printing:
    """Puts documents on paper, few at a time."""

    profile: NationalProfile
    releases: Releases
    making: FileTurns

    def offered(self) -> bool:
        """Whether what draws (the extra ``paper``) is installed here."""
        return all(find_spec(name) for name in _DRAWN_BY)

    def printed(self, seed: str, document: bytes, name: str) -> Response | None:
        """The printout of a message; ``None`` for one of which there is none: an e-SAD has one, and what is validated.

        Raises Busy where too many files are being made.
        """
        from esad_gateway.papers.pdf import as_pdf  # noqa: PLC0415 - few ask for it

        payload = without_signature(parse(document))
        message = read(payload) if self.releases.accepts(payload) else None
        if not on_printout(message):
            return None
        spoken = sorted(languages(), key=lambda one: one == ENGLISH)  # the law's own language comes first
        with self.making.turn(seed):
            file = as_pdf(paper_of(message, self._zone(home_of(message))), spoken)
        headers = {**VARY, "Content-Disposition": f'inline; filename="{name}.pdf"'}
        return Response(file, media_type=PDF, headers=headers)

    def _zone(self, state: str) -> tzinfo | None:
        """The zone of local times beside those of the document; none where traders' documents have local times."""
        if self.profile.trader_zone != UTC or state not in profiles.STATES:
            return None
        return profiles.profile_of(state).time_zone
