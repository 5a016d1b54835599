"""The tables, as SQLAlchemy Core sees them; ``migrations/`` makes them, and a test compares the two.

Times are ISO 8601 text in UTC with microseconds: they sort as text, and every database and person reads them.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    false,
    literal_column,
    text,
)

from esad_gateway.store import agent_tables, batch_tables, used_tables, webhook_tables
from esad_gateway.store.database import partial_index
from esad_gateway.store.national import tables as national_tables

metadata, national = batch_tables.metadata, national_tables.PARTS
used_envelope, webhook = used_tables.used_envelope, webhook_tables.webhook
delegation, signed_for = agent_tables.delegation, agent_tables.signed_for

REFUSED = text("direction = 'in' AND outcome = 'refused'")
"""What the index of refused messages holds; word for word the same where it is asked, or it would not be used."""

UNDECIDED = text("decided_at IS NULL")
"""What the index of undecided messages holds. Asked word for word as well."""

UNREAD = text("direction = 'out' AND acknowledged_at IS NULL")
"""What the index of unread messages holds: what its owner was given and has not acknowledged. Asked word for word."""

FREQUENT = ("IE801", "IE815", "IE818")
"""The types of which every movement has one: whoever lists one of them finds enough of it wherever it begins."""

RARE = text(f"type NOT IN {FREQUENT!r}")
"""What the index of messages of all other types holds: next to nothing, so it costs nothing. Asked word for word."""

AT_DISPATCH = text("side = 'dispatch'")
"""What the indexes by consignor hold: it sees the side of dispatch only. Asked word for word as well."""

AT_DESTINATION = text("side = 'destination'")
"""What the index by consignee and state holds: a consignee sees the side of destination only."""

LIMIT_DAY = "substr(limit_at, 1, 10)"
"""The day in UTC on which a journey has to be over, as the indexes by due day hold it."""

owner = Table("owner", metadata, Column("administration", String(9), primary_key=True, comment="whose store this is"))

# A signer's certificates are as large as all else in its documents, once that is packed, and the same in all of them.
carried = Table(
    "carried",
    metadata,
    Column("sha256", LargeBinary(16), primary_key=True, comment="of the other two, its first half"),
    Column("fingerprint", String(64), nullable=False, comment="of the signer's certificate"),
    Column("text", LargeBinary, nullable=False, comment="the certificates as they stand in documents"),
)

document = Table(
    "document",
    metadata,
    Column("sha256", LargeBinary(32), primary_key=True),
    Column("body", LargeBinary, nullable=False, comment="zstd of the bytes, but for certificates"),
    Column("carried", LargeBinary(16), ForeignKey("carried.sha256"), nullable=False, comment="its signer's"),
    Column("size", Integer, nullable=False),
    Column("mailbox", String(20), comment="whose message it is, for what was received"),
    Column("seq", Integer, comment="its number in that mailbox"),
)

# Clustered by its key, without the bodies: the newest messages of a mailbox are one short walk along the table itself.
message = Table(
    "message",
    metadata,
    Column("mailbox", String(20), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("direction", String(3), nullable=False),
    Column("type", String(40), nullable=False),
    Column("identifier", String(44), nullable=False),
    Column("correlation", String(44)),
    Column("arc", String(21)),
    Column("sequence", Integer),
    Column("outcome", String(10), nullable=False),
    Column("document", LargeBinary(32), ForeignKey("document.sha256"), nullable=False),
    Column("recorded_at", String(32), nullable=False),
    Column("movement", LargeBinary(32), comment="digest of the movement's row as this transaction has left it"),
    Column("acknowledged_at", String(32)),
    Index("message_by_arc", "arc"),
    partial_index("message_refused", "mailbox", "recorded_at", where=REFUSED),
    partial_index("message_unread", "mailbox", "seq", where=UNREAD),
    partial_index("message_of_rare_type", "mailbox", "type", "seq", where=RARE),
    sqlite_with_rowid=False,
)

mailbox = Table(
    "mailbox",
    metadata,
    Column("name", String(20), primary_key=True),
    Column("last_seq", Integer, nullable=False),
    Column("head", LargeBinary(32), nullable=False, comment="of the hash chain over its messages"),
)

inbox_identity = Table(
    "inbox_identity",
    metadata,
    Column("sender", String(20), primary_key=True),
    Column("identifier", String(44), primary_key=True),
    Column("sha256", LargeBinary(32), nullable=False),
    Column("receipt", Text, nullable=False),
    sqlite_with_rowid=False,
)

movement = Table(
    "movement",
    metadata,
    Column("arc", String(21), primary_key=True),
    Column("side", String(11), primary_key=True),
    Column("state", String(3), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("lrn", String(22), nullable=False),
    Column("consignor", String(13), nullable=False),
    Column("consignee", String(16), nullable=False),
    Column("delivery_place", String(16)),
    Column("destination_type", String(2), nullable=False),
    Column("destination_state", String(2), nullable=False),
    Column("dispatched_at", String(32), nullable=False),
    Column("limit_at", String(32), nullable=False),
    Column("lines", Text, nullable=False),
    Column("initial_consignee", String(16)),
    Column("transport_mode", String(2)),
    Column("guarantor", String(5)),
    Column("report", Text, comment="days of the report of this version: arrived, due, made"),
    Column("journey_stage", String(8), nullable=False, comment="of the timer that ends at limit_at"),
    Column("change_at", String(32), comment="when a destination must be given"),
    Column("change_stage", String(8)),
    Column("questioned", Boolean(name="movement_questioned"), nullable=False),
    Column("last_message", String(5), nullable=False),
    Column("versions", Text, comment="those that changes of destination replaced, oldest first"),
    Column("clock_at", String(32), comment="when a clock of the movement ends"),
    Column("changed_at", String(32), nullable=False),
    Column("acts", Integer, nullable=False, comment="how many lines its log has"),
    Column("log", LargeBinary(32), nullable=False, comment="head of the hash chain over them"),
    partial_index("movement_by_lrn", "consignor", "lrn", where=AT_DISPATCH),
    # In the order of a trader's list: an index ends with the key of its table, so that by consignee is in it as well.
    partial_index("movement_of_consignor", "consignor", "arc", where=AT_DISPATCH),
    Index("movement_by_consignee", "consignee"),
    # In the same order for those in one state, however many there are in others.
    partial_index("movement_in_state_of_consignor", "consignor", "state", "arc", where=AT_DISPATCH),
    partial_index("movement_in_state_of_consignee", "consignee", "state", "arc", where=AT_DESTINATION),
    partial_index("movement_by_initial_consignee", "initial_consignee", where=text("initial_consignee IS NOT NULL")),
    # By the day only: that is a third of the bytes of the moment.
    partial_index("movement_due_of_consignor", "consignor", text(LIMIT_DAY), where=AT_DISPATCH),
    partial_index("movement_due_of_consignee", "consignee", text(LIMIT_DAY), where=AT_DESTINATION),
    Index("movement_by_clock", "clock_at"),
    sqlite_with_rowid=False,
)

# At most one line a message, beside it: its movement and its document are found there. As there is one for nearly every
# message, its moments are microseconds since 1970 in UTC.
movement_log = Table(
    "movement_log",
    metadata,
    Column("mailbox", String(20), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, nullable=False, comment="place on this side of the movement, from 1"),
    Column("side", String(11), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("trigger", String(30), nullable=False, comment="what happened"),
    Column("effect", String(10), nullable=False, comment="what that did"),
    Column("before", String(3), nullable=False, comment="state"),
    Column("after", String(3), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("journey_at", BigInteger, nullable=False),
    Column("journey_stage", String(8), nullable=False),
    Column("change_at", BigInteger),
    Column("change_stage", String(8)),
    Column("waited", Boolean(name="movement_log_waited"), nullable=False),
    Column("rule", String(10), comment="of the first fault of what was refused"),
    Column("notes", LargeBinary(32), comment="digest of what national law has noted of it"),
    sqlite_with_rowid=False,
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("destination", String(9), nullable=False),
    Column("identifier", String(44), nullable=False),
    Column("document", LargeBinary(32), ForeignKey("document.sha256"), nullable=False),
    Column("arc", String(21), comment="the movement whose documents it may not overtake, or SEED"),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("refusals", Integer, nullable=False, server_default=text("0")),
    Column("next_attempt_at", String(32), nullable=False),
    Column("last_error", Text),
    Column("delivered_at", String(32)),
    Column("dead", Boolean(name="outbox_dead"), nullable=False, server_default=false()),
    Column("dropped_at", String(32), comment="a person decided that it is not sent"),
)
# "= false", not "IS false", and a zero that is written out: what an index holds is told from the words of a question.
_NEVER: ColumnElement[int] = literal_column("0")
_OPEN = outbox.c.delivered_at.is_(None) & outbox.c.dropped_at.is_(None)
IN_LINE = _OPEN & (outbox.c.dead == false()) & (outbox.c.refusals == _NEVER)
"""What waits in line: not delivered, not dropped, not given up, and never refused."""

NOT_TAKEN = _OPEN & (outbox.c.refusals > _NEVER)
"""What was refused and waits alone, or was given up."""

DROPPED = outbox.c.delivered_at.is_(None) & outbox.c.dropped_at.is_not(None)
"""What a person decided not to send."""

# What waits, a peer's oldest first, found without walking over what was delivered in all the years before.
partial_index("outbox_waiting", outbox.c.destination, outbox.c.id, where=IN_LINE)
# What is in trouble, hardly ever anything: others of its movement wait behind it.
partial_index("outbox_refused", outbox.c.destination, outbox.c.arc, where=NOT_TAKEN)
partial_index("outbox_dropped", outbox.c.id, where=DROPPED)

attempt = Table(
    "attempt",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("outbox_id", Integer, ForeignKey("outbox.id"), nullable=False, index=True),
    Column("at", String(32), nullable=False),
    Column("error", Text),
)

delivery_start = Table(
    "delivery_start",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", String(32), nullable=False, comment="a gateway began to deliver: the store could be written"),
)

delivery_claim = Table(
    "delivery_claim",
    metadata,
    Column("destination", String(9), primary_key=True),
    Column("holder", String(64), nullable=False, comment="the process that alone delivers to it"),
    Column("until", String(32), nullable=False),
)

held = Table(
    "held",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("arc", String(21), nullable=False, index=True),
    Column("held_at", String(32), nullable=False),
    Column("due", String(32), nullable=False),
    Column("destination", String(9), nullable=False),
    Column("identifier", String(44), nullable=False),
    Column("document", LargeBinary(32), ForeignKey("document.sha256"), nullable=False),
    Column("entries", Text, nullable=False, comment="the mailbox rows to make when it is released"),
    Column("released_at", String(32)),
    Column("released_by", Text, comment="who released it; nobody when its time had come"),
    # What was released stays, for auditors; what is still held is found without it.
    partial_index("held_waiting", "due", where=text("released_at IS NULL")),
)

parked = Table(
    "parked",
    metadata,
    Column("mailbox", String(20), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("arc", String(21), nullable=False, index=True),
    Column("document", LargeBinary(32), ForeignKey("document.sha256"), nullable=False),
    Column("until", String(32), nullable=False, index=True),
    sqlite_with_rowid=False,
)

undecided = Table(
    "undecided",
    metadata,
    Column("reference", String(16), primary_key=True),
    Column("at", String(32), nullable=False, comment="when it came"),
    Column("door", String(14), nullable=False),
    Column("signer", String(20), nullable=False, comment="the first of those for whom it is signed"),
    Column("sender", String(20), nullable=False),
    Column("identifier", String(44), nullable=False),
    Column("type", String(40), nullable=False),
    Column("arc", String(21)),
    Column("sha256", LargeBinary(32), nullable=False),
    Column("body", LargeBinary, comment="zstd of the bytes; nothing once it is decided"),
    Column("fingerprint", String(64), nullable=False),
    Column("reason", Text, nullable=False, comment="the defect"),
    Column("decided_at", String(32)),
    Column("decided_by", Text),
    Column("dropped", Text, comment="why a person gave it up"),
    partial_index("undecided_waiting", "signer", "identifier", where=UNDECIDED),
)

stopped = Table(
    "stopped",
    metadata,
    Column("arc", String(21), primary_key=True),
    Column("mailbox", String(20), primary_key=True, comment="of a parked message; a clock has none"),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", String(32), nullable=False, comment="when its time ends"),
    Column("since", String(32), nullable=False),
    Column("reason", Text, nullable=False, comment="the defect"),
    Column("build", String(12), nullable=False, comment="of the program that has the defect"),
    Column("decided_at", String(32)),
    Column("decided_by", Text),
    sqlite_with_rowid=False,
)

operator = Table(
    "operator",
    metadata,
    Column("seed", String(13), primary_key=True),
    Column("valid_from", String(10), primary_key=True),
    Column("valid_to", String(10)),
    Column("operator_type", String(40), nullable=False),
    Column("name", String(182), nullable=False),
    Column("office", String(8), nullable=False),
    Column("products", Text, nullable=False),
    Column("categories", Text, nullable=False),
    Column("temporary", Text),
    Column("counterparty", String(13), index=True, comment="whom a temporary authorisation names"),
    Column("address", Text, nullable=False),
)

office = Table("office", metadata, Column("reference", String(8), primary_key=True), Column("name", Text))

report = Table(
    "report",
    metadata,
    Column("arc", String(21), primary_key=True),
    Column("number", String(16), primary_key=True, comment="of an event report or a control report"),
    sqlite_with_rowid=False,
)

certificate = Table(
    "certificate",
    metadata,
    Column("fingerprint", String(64), primary_key=True),
    Column("holder", String(20), primary_key=True, comment="a SEED number, an office, or an administration"),
    Column("believed_from", String(32), primary_key=True),
    Column("believed_until", String(32), comment="not included; nothing: as long as nobody ends it"),
    Column("replaced_by", String(64), comment="the fingerprint of what took its place"),
    Column("pem", Text, nullable=False),
    Index("certificate_by_holder", "holder"),
)

note = Table(
    "note",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(40), nullable=False, comment="what national law calls it"),
    Column("subject", String(64), nullable=False, comment="about whom, as the law counts"),
    Column("arc", String(21), nullable=False),
    Column("side", String(11), nullable=False, comment="on which side of the movement the message acted"),
    Column("mailbox", String(20), nullable=False, comment="the message that led to it"),
    Column("seq", Integer, nullable=False),
    Column("noted_at", String(32), nullable=False),
    Column("content", Text, nullable=False),
    Index("note_by_subject", "kind", "subject"),
    Index("note_by_arc", "arc"),
)

peer = Table(
    "peer",
    metadata,
    Column("address", String(9), primary_key=True),
    Column("url", Text, nullable=False),
    Column("release", Text, comment="which release of the messages it reads; nothing: as all of which nothing is said"),
)

token = Table(
    "token",
    metadata,
    Column("sha256", LargeBinary(32), primary_key=True),
    Column("seed", String(20), nullable=False),
    Column("issued_at", String(32), nullable=False),
    Column("revoked_at", String(32)),
)

registry_version = Table(
    "registry_version",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("changes", Integer, nullable=False, comment="of register, certificates, offices, peers and tokens"),
)

security_log = Table(
    "security_log",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", String(32), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("client", String(64), nullable=False),
    Column("reason", Text, nullable=False),
    Column("sha256", LargeBinary(32), nullable=False),
    Column("size", Integer, nullable=False),
)
