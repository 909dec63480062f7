"""Which task package a new store begins with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from union_desk import resources

if TYPE_CHECKING:
    from union_desk.taskpack.definition import TaskPack


def newest() -> TaskPack:
    """Return the package of the latest year that comes with the program.

    :raises PackageError: a package cannot be used.
    """
    from union_desk.taskpack import load

    packs = [load.load(path) for path in sorted(resources.taskpacks().iterdir())]
    return max(packs, key=lambda pack: (pack.year, pack.version))
