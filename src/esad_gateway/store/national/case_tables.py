"""The tables of registration cases: what was done in them, papers, notices, and the numbers that were given."""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from esad_gateway.store.batch_tables import metadata

# What stands beside the number follows from the acts; it is here to be looked for.
registration_case = Table(
    "registration_case",
    metadata,
    Column("number", String(20), primary_key=True),
    Column("entity", String(20), nullable=False, comment="the code of the applicant"),
    Column("status", String(40), nullable=False, comment="that is asked for"),
    Column("state", String(24), nullable=False),
    Column("seed", String(13), comment="the number that was given"),
    Column("due", String(10), comment="the last day of the next term"),
    Column("acts", Integer, nullable=False),
    Column("changed_at", String(32), nullable=False),
    Index("registration_case_by_entity", "entity", "number"),
    Index("registration_case_by_state", "state", "due"),
    Index("registration_case_by_seed", "seed"),
)

# Only ever added to.
case_act = Table(
    "case_act",
    metadata,
    Column("case_number", String(20), ForeignKey("registration_case.number"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", String(32), nullable=False),
    Column("on_day", String(10), comment="when it happened, where that was earlier"),
    Column("act", String(24), nullable=False),
    Column("kind", String(8), nullable=False, comment="of whoever did it"),
    Column("name", String(64), nullable=False, comment="of whoever did it"),
    Column("seed", String(20), nullable=False, comment="with role: the capacity; empty where it was in none"),
    Column("role", String(32), nullable=False),
    Column("entity", String(20), nullable=False, comment="for which a person acted"),
    Column("content", Text, nullable=False),
    Column("told", Text, nullable=False, comment="the IE713 that told others: address and identifier"),
    sqlite_with_rowid=False,
)

case_paper = Table(
    "case_paper",
    metadata,
    Column("entity", String(20), primary_key=True, comment="whose paper it is"),
    Column("digest", String(64), primary_key=True, comment="SHA-256 of the content"),
    Column("name", Text, nullable=False),
    Column("media", String(100), nullable=False),
    Column("size", Integer, nullable=False),
    Column("at", String(32), nullable=False),
    Column("by", String(64), nullable=False),
)

# Beside the papers: the digest says what it has to be.
paper_content = Table(
    "paper_content",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("body", LargeBinary, nullable=False),
)

case_notice = Table(
    "case_notice",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("case_number", String(20), ForeignKey("registration_case.number"), nullable=False),
    Column("seq", Integer, nullable=False, comment="of the act that it is about"),
    Column("entity", String(20), nullable=False),
    Column("at", String(32), nullable=False),
    Column("act", String(24), nullable=False),
    Column("channel", String(12), nullable=False),
    Column("until", String(10), comment="the last day on which it is in time"),
    Column("rule", String(8), comment="that says so"),
    Index("case_notice_by_entity", "entity", "number"),
)

number_line = Table(
    "number_line",
    metadata,
    Column("name", String(40), primary_key=True, comment="a pattern of numbers"),
    Column("last", Integer, nullable=False),
)
