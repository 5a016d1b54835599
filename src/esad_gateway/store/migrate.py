"""Bring a database to the newest form of the tables."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, select, text

from esad_gateway.store.engine import open_engine, writing

MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(path: Path) -> None:
    """Make the tables in the database file ``path``, or bring them to the newest form; harmless when they are there."""
    engine = open_engine(path, writes=True)
    try:
        with writing(engine) as connection:
            command.upgrade(_config(connection), "head")
    finally:
        engine.dispose()


def is_current(connection: Connection) -> bool:
    """Whether the tables have the newest form; cheap, so that a start need not load the migrations."""
    if not inspect(connection).has_table("alembic_version"):
        return False
    version = connection.execute(select(text("version_num")).select_from(text("alembic_version"))).scalar()
    return bool(version == ScriptDirectory.from_config(_config(connection)).get_current_head())


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
