"""The tables that migrations make for persons, entities, roles, and what was done in national procedures."""

import sqlalchemy as sa
from alembic import op

from esad_gateway.store.migrations.making import digest, string


def people() -> None:
    """Persons, entities with their numbers, roles, tokens of persons, and acts."""
    for make in (_entities, _grants, _tokens, _acts):
        make()


def _entities() -> None:
    op.create_table(
        "entity",
        string("code", 20, comment="of the taxpayer"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_table(
        "person",
        string("id", 64, comment="a personal code, or a user name that the administration gave"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "entity_number",
        string("seed", 13),
        string("entity", 20),
        sa.ForeignKeyConstraint(["entity"], ["entity.code"]),
        sa.PrimaryKeyConstraint("seed"),
    )
    op.create_index("entity_number_by_entity", "entity_number", ["entity"])


def _grants() -> None:
    op.create_table(
        "role_grant",
        sa.Column("number", sa.Integer(), nullable=False),
        string("person", 64),
        string("entity", 20),
        string("role", 32),
        string("seed", 13, comment="empty for a role of the whole entity"),
        string("saved_at", 32),
        string("effective_at", 32),
        string("ended_at", 32, nullable=True),
        sa.ForeignKeyConstraint(["person"], ["person.id"]),
        sa.ForeignKeyConstraint(["entity"], ["entity.code"]),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index("role_grant_by_person", "role_grant", ["person", "entity"])
    op.create_index("role_grant_by_entity", "role_grant", ["entity"])


def _tokens() -> None:
    op.create_table(
        "person_token",
        digest("sha256"),
        string("person", 64),
        string("entity", 20, comment="for which the person acts"),
        string("issued_at", 32),
        string("until", 32, comment="not included"),
        string("revoked_at", 32, nullable=True),
        sa.ForeignKeyConstraint(["person"], ["person.id"]),
        sa.ForeignKeyConstraint(["entity"], ["entity.code"]),
        sa.PrimaryKeyConstraint("sha256"),
    )
    op.create_index("person_token_by_person", "person_token", ["person"])


def _acts() -> None:
    op.create_table(
        "national_act",
        sa.Column("number", sa.Integer(), nullable=False),
        string("at", 32),
        string("kind", 8, comment="of whoever did it"),
        string("name", 64, comment="of whoever did it"),
        string("seed", 20, comment="with role: the capacity; empty where it was in none"),
        string("role", 32),
        string("entity", 20, comment="for which a person acted"),
        string("what", 40),
        string("about", 255),
        sa.Column("detail", sa.Text(), nullable=False, comment="JSON"),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index("national_act_by_entity", "national_act", ["entity", "number"])
    op.create_index("national_act_about", "national_act", ["about"])
