"""A usual pipeline, written for comparison: xmlschema, signxml with its defaults, the ORM, one commit a message.

``UsualWithLxml`` is the same for those who let lxml validate: the faster choice, with the schemas' faults in libxml2's
own words.

It does what most would write from the manuals of these libraries, without tricks and without sloth: schemas are
compiled once, keys and certificates are objects, the verifier and the signer are made once, the database is in WAL
mode. It really verifies, validates, checks and stores, and refuses what is wrong with the libraries' exceptions.
"""

import hashlib
import uuid
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import xmlschema
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from lxml import etree
from signxml.algorithms import CanonicalizationMethod, SignatureMethod
from signxml.signer import XMLSigner
from signxml.verifier import XMLVerifier
from sqlalchemy import ForeignKey, UniqueConstraint, create_engine, event, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

from esad_gateway.emcs.registry import Operator
from esad_gateway.errors import SenderError
from esad_gateway.identities import new_arc
from esad_gateway.signing.pki import Identity, PrivateKey

_PREFIX = "urn:publicid:-:EC:DGTAXUD:EMCS:PHASE4:"


class Base(DeclarativeBase):
    """The mapped tables."""


class TraderRow(Base):
    """An operator of the registry."""

    __tablename__ = "trader"

    seed: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]


class MessageRow(Base):
    """A message that came in or went out, with its bytes."""

    __tablename__ = "message"
    __table_args__ = (UniqueConstraint("sender", "identifier"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sender: Mapped[str]
    identifier: Mapped[str]
    type: Mapped[str]
    arc: Mapped[str | None]
    sha256: Mapped[bytes]
    body: Mapped[bytes]
    received_at: Mapped[datetime]


class MovementRow(Base):
    """A movement at dispatch."""

    __tablename__ = "movement"
    __table_args__ = (UniqueConstraint("consignor", "lrn"),)

    arc: Mapped[str] = mapped_column(primary_key=True)
    lrn: Mapped[str]
    consignor: Mapped[str] = mapped_column(ForeignKey("trader.seed"))
    consignee: Mapped[str] = mapped_column(ForeignKey("trader.seed"))
    state: Mapped[str]


class OutgoingRow(Base):
    """A message that waits for its delivery."""

    __tablename__ = "outgoing"

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"))
    destination: Mapped[str]


class Usual:
    """A gateway of its own, with a database at ``path`` and the schema of the IE815 in ``schema``.

    ``trader`` is the certificate that drafts must be signed with; ``administration`` signs what goes out.
    """

    def __init__(
        self,
        path: Path,
        schema: Path,
        trader: x509.Certificate,
        administration: Identity,
        operators: Iterable[Operator],
    ) -> None:
        self._validate = self._validation(schema)
        self._trader = trader
        self._administration = administration
        self._verifier = XMLVerifier()
        self._signer = XMLSigner(
            signature_algorithm=_algorithm(administration.key),
            c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
        )
        self._engine = create_engine(f"sqlite:///{path}")
        event.listen(self._engine, "connect", configure)
        Base.metadata.create_all(self._engine)
        self._session = sessionmaker(self._engine)
        with self._session() as session:
            session.add_all(TraderRow(seed=one.seed, kind=one.operator_type.value) for one in operators)
            session.commit()

    def validate(self, drafts: Sequence[bytes]) -> None:
        """Raises XMLSchemaValidationError for a draft that the schema refuses."""
        for draft in drafts:
            self._validate(etree.fromstring(draft))

    def store(self, documents: Sequence[bytes]) -> None:
        """Verify, validate and store signed drafts, each in a transaction of its own.

        Raises InvalidSignature, XMLSchemaValidationError or IntegrityError (the same identifier twice).
        """
        for document in documents:
            draft = self._checked(document)
            with self._session() as session:
                session.add(_message(draft, document, None))
                session.commit()

    def round_trip(self, documents: Sequence[bytes]) -> None:
        """The same, and check the traders, give an ARC, compose and sign the e-SAD, and queue it for delivery."""
        for document in documents:
            draft = self._checked(document)
            with self._session() as session:
                self._accept(session, draft, document)
                session.commit()

    def stored(self) -> int:
        """How many messages there are."""
        with self._session() as session:
            return session.scalar(select(func.count()).select_from(MessageRow)) or 0

    def close(self) -> None:
        """Give back the connections."""
        self._engine.dispose()

    def _checked(self, document: bytes) -> etree._Element:
        verified: Any = self._verifier.verify(document, x509_cert=self._trader)
        draft: etree._Element = verified.signed_xml
        self._validate(draft)
        return draft

    def _validation(self, schema: Path) -> Callable[[Any], None]:
        # Any: xmlschema reads trees of lxml, its types do not say so.
        validate: Callable[[Any], None] = xmlschema.XMLSchema(str(schema)).validate
        return validate

    def _accept(self, session: Session, draft: etree._Element, document: bytes) -> None:
        consignor, consignee = _text(draft, "TraderExciseNumber"), _text(draft, "Traderid")
        _check(session, consignor, "certified_consignor")
        _check(session, consignee, "certified_consignee")
        now = datetime.now(UTC)
        arc, lrn = new_arc(consignor[:2], now), _text(draft, "LocalReferenceNumber")
        signed = self._signer.sign(
            compose(draft, arc, now), key=self._administration.key, cert=[self._administration.certificate]
        )
        e_sad = _message(signed, etree.tostring(signed), arc)
        session.add_all([_message(draft, document, arc), e_sad])
        session.add(MovementRow(arc=arc, lrn=lrn, consignor=consignor, consignee=consignee, state="X01"))
        session.flush()
        session.add(OutgoingRow(message_id=e_sad.id, destination=f"NDEA.{consignee[:2]}"))


class UsualWithLxml(Usual):
    """The same with the schemas of lxml. Raises DocumentInvalid where xmlschema raises its own."""

    def _validation(self, schema: Path) -> Callable[[Any], None]:
        return etree.XMLSchema(etree.parse(schema)).assertValid


def compose(draft: etree._Element, arc: str, now: datetime) -> etree._Element:
    """The IE801 of a draft: its groups in another namespace, and those that are new."""
    release = str(draft.tag).partition("}")[0].rpartition(":")[2]
    own, header = f"{{{_PREFIX}IE801:{release}}}", f"{{{_PREFIX}TMS:{release}}}"
    root = etree.Element(f"{own}IE801", nsmap={"ie": own[1:-1], "tms": header[1:-1]})
    _compose_header(etree.SubElement(root, f"{own}Header"), header, _text(draft, "Traderid")[:2], now)
    container = etree.SubElement(etree.SubElement(root, f"{own}Body"), f"{own}EADESADContainer")
    given = draft[1][0]
    _copy(given, container, own, ("ConsigneeTrader",))
    moment = now.replace(microsecond=0, tzinfo=None).isoformat()
    movement = etree.SubElement(container, f"{own}ExciseMovement")
    etree.SubElement(movement, f"{own}AdministrativeReferenceCode").text = arc
    etree.SubElement(movement, f"{own}DateAndTimeOfValidationOfEadEsad").text = moment
    _copy(given, container, own, _BEFORE_E_SAD)
    _copy_into(etree.SubElement(container, f"{own}EadEsad"), given.find("{*}EadEsadDraft"), own)
    details = etree.SubElement(container, f"{own}HeaderEadEsad")
    etree.SubElement(details, f"{own}SequenceNumber").text = "1"
    etree.SubElement(details, f"{own}DateAndTimeOfUpdateValidation").text = moment
    _copy_into(details, given.find("{*}HeaderEadEsad"), own)
    _copy(given, container, own, ("TransportMode", "MovementGuarantee", "BodyEadEsad", "TransportDetails"))
    return root


_BEFORE_E_SAD = (
    "ConsignorTrader",
    "PlaceOfDispatchTrader",
    "DispatchImportOffice",
    "ComplementConsigneeTrader",
    "DeliveryPlaceTrader",
    "DeliveryPlaceCustomsOffice",
    "CompetentAuthorityDispatchOffice",
    "TransportArrangerTrader",
    "FirstTransporterTrader",
    "DocumentCertificate",
)


def _compose_header(element: etree._Element, namespace: str, recipient: str, now: datetime) -> None:
    items = {
        "MessageSender": "NDEA.LT",
        "MessageRecipient": f"NDEA.{recipient}",
        "DateOfPreparation": now.date().isoformat(),
        "TimeOfPreparation": now.time().isoformat("seconds"),
        "MessageIdentifier": str(uuid.uuid4()),
    }
    for name, text in items.items():
        etree.SubElement(element, f"{namespace}{name}").text = text


def _copy(source: etree._Element, target: etree._Element, namespace: str, names: Iterable[str]) -> None:
    for name in names:
        for element in source.findall(f"{{*}}{name}"):
            _copy_into(etree.SubElement(target, f"{namespace}{name}", dict(element.attrib)), element, namespace)


def _copy_into(target: etree._Element, source: etree._Element | None, namespace: str) -> None:
    for element in () if source is None else source:
        copy = etree.SubElement(target, f"{namespace}{etree.QName(element).localname}", dict(element.attrib))
        copy.text = element.text
        _copy_into(copy, element, namespace)


def _check(session: Session, seed: str, kind: str) -> None:
    trader = session.get(TraderRow, seed)
    if trader is None or trader.kind != kind:
        raise SenderError(f"{seed} is no {kind}")


def _message(root: etree._Element, body: bytes, arc: str | None) -> MessageRow:
    return MessageRow(
        sender=_text(root, "TraderExciseNumber"),
        identifier=_text(root, "MessageIdentifier"),
        type=etree.QName(root).localname,
        arc=arc,
        sha256=hashlib.sha256(body).digest(),
        body=body,
        received_at=datetime.now(UTC),
    )


def _text(root: etree._Element, name: str) -> str:
    return root.findtext(f".//{{*}}{name}") or ""


def _algorithm(key: PrivateKey) -> SignatureMethod:
    return SignatureMethod.RSA_SHA256 if isinstance(key, RSAPrivateKey) else SignatureMethod.ECDSA_SHA256


def configure(connection: Any, _: object) -> None:
    """Have a connection's commits on disk, in WAL mode."""
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
