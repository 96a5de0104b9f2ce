"""Where a SQLite file is, by its URL, and what is amiss with that place."""

from __future__ import annotations

from pathlib import Path

from libops.base.errors import InvalidValue, SchemaMismatch

__all__ = ["hint_at", "path_of", "refuse_single_byte"]


def hint_at(path: str) -> str:
    """What is amiss with the place of a file that cannot be opened, as far as that can be seen."""
    place = Path(path)
    if place.is_dir():
        return "; it is a folder: name a file in it"
    if place.parent.is_dir():
        return ""
    slashes = "" if place.is_absolute() else f"; was /{path} meant? Write sqlite:////{path}, with four slashes"
    return f"; there is no folder {str(place.parent)!r}{slashes}"


def path_of(url: str) -> str:
    """The file of `sqlite:///relative.db`, `sqlite:////absolute.db` or `sqlite://` (in memory)."""
    rest = url.removeprefix("sqlite:")
    if rest != "//" and not rest.startswith("///"):
        raise InvalidValue(f"storage URL {url!r}: write sqlite:///town.db, with three slashes before the file")
    return rest[3:] or ":memory:"


def refuse_single_byte(path: str) -> None:
    """Raise `SchemaMismatch` for a file of one byte: the engine takes it for a new one, and writes over it.

    On macOS the engine keeps a byte in empty files on some disks, and so reads a length of 1 as 0 on every system.
    """
    place = Path(path)
    if place.is_file() and place.stat().st_size == 1:
        raise SchemaMismatch(f"{path!r} is not a SQLite database or is damaged: it holds a single byte")
