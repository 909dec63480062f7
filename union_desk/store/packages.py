"""The task packages of a store: those that come with the program, and installed ones.

Table ``setting`` names them in order, the newest last: {id, version, digest, blob}. An installed
one lies as a sealed file in ``blobs/``; `blob` is empty for one that comes with the program.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from union_desk import resources
from union_desk.errors import StoreError
from union_desk.taskpack import load

if TYPE_CHECKING:
    from collections.abc import Mapping

    from union_desk.taskpack.definition import TaskPack


def reference(pack: TaskPack, blob: str = "") -> dict[str, str]:
    """Return what the store keeps of a package to find it again."""
    return {"id": pack.id, "version": pack.version, "digest": pack.digest, "blob": blob}


def load_all(settings: Mapping[str, str], given: TaskPack | None = None) -> tuple[TaskPack, ...]:
    """Return the packages of a store, the newest last.

    :param given: taken for the package of its id, as one that does not come with the program.
    :raises StoreError: S340, one is missing.
    """
    found = []
    for entry in json.loads(settings["packages"]):
        if given is not None and given.id == entry["id"]:
            found.append(given)
            continue
        place = resources.taskpacks() / entry["id"]
        if not place.is_dir():
            raise StoreError(
                "S340",
                f"数据所用的任务包“{entry['id']}”（{entry['version']}）不在这台电脑上。",
                "请用 taskpack install 装入这个任务包。",
            )
        found.append(load.load(place))
    return tuple(found)
