"""The database: SQLAlchemy Core over SQLite. Tables, the write transaction, the read model, the registry."""
