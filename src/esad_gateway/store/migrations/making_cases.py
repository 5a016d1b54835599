"""The tables that migrations make for registration cases."""

import sqlalchemy as sa
from alembic import op

from esad_gateway.store.migrations.making import string


def cases() -> None:
    """Cases with their acts, papers, notices, and the numbers that were given."""
    for make in (_cases, _acts, _papers, _notices):
        make()


def _cases() -> None:
    op.create_table(
        "registration_case",
        string("number", 20),
        string("entity", 20, comment="the code of the applicant"),
        string("status", 40, comment="that is asked for"),
        string("state", 24),
        string("seed", 13, nullable=True, comment="the number that was given"),
        string("due", 10, nullable=True, comment="the last day of the next term"),
        sa.Column("acts", sa.Integer(), nullable=False),
        string("changed_at", 32),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index("registration_case_by_entity", "registration_case", ["entity", "number"])
    op.create_index("registration_case_by_state", "registration_case", ["state", "due"])
    op.create_index("registration_case_by_seed", "registration_case", ["seed"])


def _acts() -> None:
    op.create_table(
        "case_act",
        string("case_number", 20),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        string("at", 32),
        string("on_day", 10, nullable=True, comment="when it happened, where that was earlier"),
        string("act", 24),
        string("kind", 8, comment="of whoever did it"),
        string("name", 64, comment="of whoever did it"),
        string("seed", 20, comment="with role: the capacity; empty where it was in none"),
        string("role", 32),
        string("entity", 20, comment="for which a person acted"),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("told", sa.Text(), nullable=False, comment="the IE713 that told others: address and identifier"),
        sa.ForeignKeyConstraint(["case_number"], ["registration_case.number"]),
        sa.PrimaryKeyConstraint("case_number", "seq"),
        sqlite_with_rowid=False,
    )


def _papers() -> None:
    op.create_table(
        "case_paper",
        string("entity", 20, comment="whose paper it is"),
        string("digest", 64, comment="SHA-256 of the content"),
        sa.Column("name", sa.Text(), nullable=False),
        string("media", 100),
        sa.Column("size", sa.Integer(), nullable=False),
        string("at", 32),
        string("by", 64),
        sa.PrimaryKeyConstraint("entity", "digest"),
    )
    op.create_table(
        "paper_content",
        string("digest", 64),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest"),
    )


def _notices() -> None:
    op.create_table(
        "case_notice",
        sa.Column("number", sa.Integer(), nullable=False),
        string("case_number", 20),
        sa.Column("seq", sa.Integer(), nullable=False, comment="of the act that it is about"),
        string("entity", 20),
        string("at", 32),
        string("act", 24),
        string("channel", 12),
        string("until", 10, nullable=True, comment="the last day on which it is in time"),
        string("rule", 8, nullable=True, comment="that says so"),
        sa.ForeignKeyConstraint(["case_number"], ["registration_case.number"]),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index("case_notice_by_entity", "case_notice", ["entity", "number"])
    op.create_table(
        "number_line",
        string("name", 40, comment="a pattern of numbers"),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
