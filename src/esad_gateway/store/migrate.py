"""Bring a database to the newest form of the tables."""

from pathlib import Path

from sqlalchemy import Connection, inspect, select, text

from esad_gateway.errors import NotConfigured
from esad_gateway.store.engine import open_engine, writing

MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(path: Path) -> None:
    """Make the tables in the database file ``path``, or bring them to the newest form; harmless when they are there.

    Raises StoreUnavailable, and NotConfigured for a database that a later release made.
    """
    engine = open_engine(path, writes=True, create=True)
    try:
        with writing(engine) as connection:
            if not is_current(connection):
                _upgrade(connection)
    finally:
        engine.dispose()


def is_current(connection: Connection) -> bool:
    """Whether the tables have the newest form; cheap, so that a start need not load Alembic."""
    if not inspect(connection).has_table("alembic_version"):
        return False
    version = connection.execute(select(text("version_num")).select_from(text("alembic_version"))).scalar()
    return bool(version == newest())


def newest() -> str:
    """The newest revision: migrations are numbered, and each file's name begins with its revision."""
    return max(file.stem.partition("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - a quarter of a gateway's start, needed at its first start only
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise NotConfigured(f"the store cannot be brought to the newest form: {error}") from error
