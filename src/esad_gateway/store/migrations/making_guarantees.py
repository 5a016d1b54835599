"""The tables of guarantees, as the first release has them."""

import sqlalchemy as sa
from alembic import op

from esad_gateway.store.migrations.making import string


def guarantees() -> None:
    """What secures duty, every entry by hand, and what was asked and decided about the amount."""
    _guarantee()
    _entry()
    _amount()


def _guarantee() -> None:
    op.create_table(
        "guarantee",
        sa.Column("number", sa.Integer(), nullable=False),
        string("seed", 13, comment="whose duty it secures"),
        string("kind", 10),
        string("amount", 20),
        string("currency", 3),
        _text("reference", comment="what its paper or payment is called"),
        _text("guarantors", comment="who secures a movement by agreement; nothing: nobody else"),
        string("since", 10),
        string("until", 10, nullable=True, comment="included"),
        string("added_at", 32),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index("guarantee_of_trader", "guarantee", ["seed"])


def _entry() -> None:
    op.create_table(
        "guarantee_entry",
        sa.Column("number", sa.Integer(), nullable=False),
        string("seed", 13),
        sa.Column("guarantee", sa.Integer(), nullable=True, comment="none for a release"),
        string("kind", 10),
        string("amount", 20, nullable=True, comment="none: all that is reserved"),
        _text("subject", comment="a movement, or the document that it answers to"),
        string("at", 32, comment="from when on it counts"),
        _text("why"),
        string("noted_at", 32),
        sa.ForeignKeyConstraint(["guarantee"], ["guarantee.number"]),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index("guarantee_entry_of_trader", "guarantee_entry", ["seed"])


def _amount() -> None:
    op.create_table(
        "guarantee_amount",
        sa.Column("number", sa.Integer(), nullable=False),
        string("seed", 13),
        string("kind", 16, comment="set, or what was asked for"),
        string("at", 32),
        _text("basis", nullable=True, comment="in full digits: it is compared, never shown"),
        string("amount", 20, nullable=True, comment="to be secured"),
        string("share", 8, comment="of the basis"),
        _text("forecast", comment="goods of an average month, as JSON"),
        _text("why"),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index("guarantee_amount_of_trader", "guarantee_amount", ["seed"])


def _text(name: str, *, nullable: bool = False, comment: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable, comment=comment)
