"""The tables of persons, entities, their numbers and roles, and of what was done in national procedures."""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from esad_gateway.store.batch_tables import metadata

entity = Table(
    "entity",
    metadata,
    Column("code", String(20), primary_key=True, comment="of the taxpayer"),
    Column("name", Text, nullable=False),
)

person = Table(
    "person",
    metadata,
    Column("id", String(64), primary_key=True, comment="a personal code, or a user name that the administration gave"),
    Column("name", Text, nullable=False),
)

# Status and validity of a number are those of its records in operator.
entity_number = Table(
    "entity_number",
    metadata,
    Column("seed", String(13), primary_key=True),
    Column("entity", String(20), ForeignKey("entity.code"), nullable=False),
    Index("entity_number_by_entity", "entity"),
)

# Rows are added, and get an end.
role_grant = Table(
    "role_grant",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("person", String(64), ForeignKey("person.id"), nullable=False),
    Column("entity", String(20), ForeignKey("entity.code"), nullable=False),
    Column("role", String(32), nullable=False),
    Column("seed", String(13), nullable=False, comment="empty for a role of the whole entity"),
    Column("saved_at", String(32), nullable=False),
    Column("effective_at", String(32), nullable=False),
    Column("ended_at", String(32)),
    Index("role_grant_by_person", "person", "entity"),
    Index("role_grant_by_entity", "entity"),
)

person_token = Table(
    "person_token",
    metadata,
    Column("sha256", LargeBinary(32), primary_key=True),
    Column("person", String(64), ForeignKey("person.id"), nullable=False),
    Column("entity", String(20), ForeignKey("entity.code"), nullable=False, comment="for which the person acts"),
    Column("issued_at", String(32), nullable=False),
    Column("until", String(32), nullable=False, comment="not included"),
    Column("revoked_at", String(32)),
    Index("person_token_by_person", "person"),
)

# Only ever added to.
national_act = Table(
    "national_act",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("at", String(32), nullable=False),
    Column("kind", String(8), nullable=False, comment="of whoever did it"),
    Column("name", String(64), nullable=False, comment="of whoever did it"),
    Column("seed", String(20), nullable=False, comment="with role: the capacity; empty where it was in none"),
    Column("role", String(32), nullable=False),
    Column("entity", String(20), nullable=False, comment="for which a person acted"),
    Column("what", String(40), nullable=False),
    Column("about", String(255), nullable=False),
    Column("detail", Text, nullable=False, comment="JSON"),
    Index("national_act_by_entity", "entity", "number"),
    Index("national_act_about", "about"),
)
