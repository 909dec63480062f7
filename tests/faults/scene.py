"""Where acts take place: a unit's folder, the state outside it, a stick; and how two are compared."""

import contextlib
import json
import os
import re
import shutil
import tempfile
import threading
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from tests import exchange
from tests.store.offices import CHEAP, PASSWORD, UNITS
from union_desk import resources
from union_desk.store import (
    backup_file,
    backups,
    opening,
    sealed_files,
    setting_rows,
    survey,
    upgrading,
)
from union_desk.store.connecting import Database, columns
from union_desk.store.transaction import Store
from union_desk.taskpack.definition import TaskPack
from union_desk.taskpack.load import load

OTHER = "另一个口令 9"
SHIPPED = resources.taskpacks() / "lszgh-2012-55"
_CHANGING = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{32,64}|\d{4}-\d\d-\d\dT[\d:.]+Z|\d{8}-\d{6}"
    r"|AGE-SECRET-KEY-\w+|age1\w+|-[0-9a-f]{4}\b|/tmp/[^\"]*/|[0-9a-f]{6,}\.\d{6}|ssh-ed25519 \S+|-----BEGIN SSH SIGNATURE[^\"]*|[A-Za-z0-9+/=]{60,}|-\d+\.udsync"
)
"""What differs from run to run: ids, hashes, times, secrets, folders, and the number of a file whose
predecessor came to bear its name though its last sync failed."""
_TURN = threading.RLock()
_OWN_TABLES = ("sqlite_", "search", "tally")


@lru_cache
def package() -> TaskPack:
    return load(SHIPPED)


@contextlib.contextmanager
def scratch() -> Iterator[Path]:
    """A folder for the scenes of a suite."""
    folder = Path(tempfile.mkdtemp(prefix="faults-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def data(place: Path) -> Path:
    return place / "data"


@contextlib.contextmanager
def outside(place: Path) -> Iterator[None]:
    """Let this process look at the counters of `place`."""
    with _TURN:
        before = os.environ.get("UNION_DESK_STATE")
        os.environ["UNION_DESK_STATE"] = str(place / "state")
        try:
            yield
        finally:
            os.environ.pop("UNION_DESK_STATE")
            if before is not None:
                os.environ["UNION_DESK_STATE"] = before


def opened(
    place: Path, *, passwords: tuple[str, ...] = (PASSWORD, OTHER), pack: TaskPack | None = None
) -> Store:
    """Open the store of `place` with the first password that does."""
    refused: Exception | None = None
    with outside(place):
        for password in passwords:
            try:
                return opening.open_store(data(place), password=password, pack=pack or package())
            except opening.StoreError as error:
                if error.code not in ("S301", "S360"):
                    raise
                refused = error
    raise refused


@contextlib.contextmanager
def as_it_lies(place: Path) -> Iterator[Store]:
    """Open the store of `place` without bringing it up to its packages."""
    bring = upgrading.bring_up_to_date
    upgrading.bring_up_to_date = lambda _: None
    try:
        with opened(place) as store:
            yield store
    finally:
        upgrading.bring_up_to_date = bring


def create(place: Path, level: str = "county") -> Store:
    """Make the folders of a scene and the store of an office in it."""
    for name in ("state", "stick"):
        (place / name).mkdir(parents=True, exist_ok=True)
    unit, name, parent = UNITS[level]
    with outside(place):
        store = opening.create(
            data(place),
            package(),
            unit=unit,
            name=name,
            level=level,
            parent=parent,
            password=PASSWORD,
            person="李敏",
            cost=CHEAP,
        )
        if parent:
            exchange.trust_parent(store)
        return store


def copy(template: Path, place: Path) -> Path:
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(template, place)
    return place


def state(store: Store | Database) -> str:
    """All that the store holds, as text in which only what was done can differ."""
    told: dict[str, list] = {}
    with store.read() as connection:
        told["columns"] = [list(item) for item in sorted(columns(connection))]
        names = connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
        )
        for name in sorted(names.scalars()):
            if name.startswith(_OWN_TABLES) or "__" in name:
                continue
            own = ("size", "bytes") if name in ("packet", "attachment") else ()
            if name == "audit":
                statement = "SELECT act, form, person, rev FROM audit WHERE act NOT IN ('login', 'backup') ORDER BY n"
            elif name == "audit_value":
                continue
            elif name == "setting":
                statement = "SELECT * FROM setting WHERE key NOT IN ('pages_checked', 'backup_last') ORDER BY key"
            else:
                statement = f'SELECT * FROM "{name}"'

            rows = [
                _CHANGING.sub(
                    "~",
                    json.dumps(
                        [value for key, value in row._mapping.items() if key not in own],
                        ensure_ascii=False,
                    ),
                )
                for row in connection.exec_driver_sql(statement)
            ]
            told[name] = rows if name == "audit" else sorted(rows)
    return json.dumps(told, ensure_ascii=False, indent=1)


def faults_of(store: Store) -> list[str]:
    """What is not as it should be: integrity, chain, digests, sealed files of rows and of backups."""
    found = list(survey.problems(store, full=True))
    with store.read() as connection:
        secret = setting_rows.read(connection, "age_secret")
    place = store.folder / backups.FOLDER
    for item in sorted(place.glob("*" + backup_file.SUFFIX)) if place.is_dir() else ():
        manifest = backup_file.read(item)
        inside = {name.rsplit("/", 1)[1] for name in backup_file.sealed_inside(manifest)}
        for _, digest in manifest.named.each():
            if f"{digest}.age" in inside or digest in manifest.missing:
                continue
            if not sealed_files.whole(
                place / sealed_files.COPIES / f"{digest}.age", secret, digest
            ):
                found.append(f"the backup {item.name} names {digest[:8]}, which is not beside it")
    return found


def difference(one: str, other: str) -> str:
    left, right = one.splitlines(), other.splitlines()
    return (
        "; ".join(f"-{line[:160]}" for line in left if line not in right)
        + " | "
        + "; ".join(f"+{line[:160]}" for line in right if line not in left)
    )
