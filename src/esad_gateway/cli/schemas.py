"""The schemas that ship with the package, for commands that need no settings."""

from pathlib import Path

from esad_gateway import resources
from esad_gateway.xml.schema import SchemaSet


def newest() -> SchemaSet:
    """The newest release of the EMCS schemas. Raises NotConfigured when they are missing."""
    return SchemaSet.load(_newest_folder())


def newest_release() -> str:
    """The newest release as namespaces name it, such as ``V1.2``, without compiling its schemas."""
    return f"V{_newest_folder().name}"


def _newest_folder() -> Path:
    folders = (folder for folder in (resources.schemas() / "emcs").iterdir() if folder.is_dir())
    return max(folders, key=lambda folder: tuple(int(part) for part in folder.name.split(".")))
