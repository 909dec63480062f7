"""Read every row that can still be read out of a damaged file, and say where none could.

By ranges of rowids without any index: forward, then backward, then halved between the two, on a
fresh connection after each error: an error of a page leaves the connection useless.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlcipher3 import dbapi2

from union_desk.errors import DamageError
from union_desk.store.connecting import configure

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

Row = tuple[object, ...]
_BLOCK = 1_000
_TAIL = 512
"""Rowids tried behind the last readable row where nothing says how many there were."""
_FARTHEST = 1 << 40
_MOST_ERRORS = 20_000


class DamagedFile:
    """A damaged file of a store, read only; never the original."""

    def __init__(self, path: Path, key_pragma: str | None) -> None:
        self._path, self._key = path, key_pragma
        self._raw: dbapi2.Connection | None = None
        self.errors = 0

    def close(self) -> None:
        """Close the connection."""
        if self._raw is not None:
            self._raw.close()
            self._raw = None

    def ask(self, statement: str, *arguments: object) -> list[Row]:
        """Return what a statement yields.

        :raises DamageError: S420, the pages it needs are gone.
        """
        found: list[Row] = []
        if not self._take(statement, arguments, found.extend):
            raise DamageError("S420", "数据文件的开头已损坏，抢救不了。", "请用最近的备份恢复。")
        return found

    def tables(self) -> dict[str, list[str]]:
        """Return the tables with their columns; word indexes aside."""
        names = [
            str(row[0])
            for row in self.ask("SELECT name FROM sqlite_master WHERE type = 'table'")
            if "__" not in str(row[0]) and not str(row[0]).startswith("sqlite")
        ]
        return {
            name: [str(row[1]) for row in self.ask(f'PRAGMA table_info("{name}")')]
            for name in names
        }

    def read(
        self, table: str, columns: Sequence[str], sink: Callable[[Sequence[Row]], None]
    ) -> list[tuple[int, int]]:
        """Hand every readable row of `table`, rowid first, to `sink`; return the gaps between."""
        listed = ", ".join(f'"{name}"' for name in columns)
        body = f'SELECT rowid, {listed} FROM "{table}" NOT INDEXED WHERE rowid BETWEEN ? AND ?'  # noqa: S608
        gaps: list[tuple[int, int]] = []
        last = 0
        done, last = self._run(f"{body} ORDER BY rowid", 1, _FARTHEST, sink, 0)
        if done:
            return gaps
        ranges = [(last + 1, max(self._end(table, last), last + 1))]
        while ranges:
            low, high = ranges.pop()
            done, last = self._run(f"{body} ORDER BY rowid", low, high, sink, low - 1)
            if done:
                continue
            done, first = self._run(f"{body} ORDER BY rowid DESC", last + 1, high, sink, high + 1)
            if done or first - last <= 1:
                continue
            low, high = last + 1, first - 1
            if low == high or self.errors > _MOST_ERRORS:
                gaps.append((low, high))
                continue
            middle = (low + high) // 2
            ranges += [(middle + 1, high), (low, middle)]
        return gaps

    def _run(
        self,
        statement: str,
        low: int,
        high: int,
        sink: Callable[[Sequence[Row]], None],
        reached: int,
    ) -> tuple[bool, int]:
        """Read a range; return whether it was read to its end, and the last rowid reached."""

        def take(rows: Sequence[Row]) -> None:
            nonlocal reached
            sink(rows)
            reached = int(str(rows[-1][0]))

        done = self._take(statement, (low, high), take)
        return done, reached

    def _end(self, table: str, last: int) -> int:
        """Return the highest rowid there may be: as an index knows it, else by probing."""
        highest = last
        indexes: list[Row] = []
        self._take(f'PRAGMA index_list("{table}")', (), indexes.extend)
        for row in indexes:
            found: list[Row] = []
            statement = f'SELECT rowid FROM "{table}" INDEXED BY "{row[1]}" '  # noqa: S608
            if not row[4] and self._take(statement, (), found.extend):
                return max(highest, *(int(str(item[0])) for item in found), 0)
            highest = max([highest, *(int(str(item[0])) for item in found)])
        step, probe = 1, f'SELECT rowid FROM "{table}" NOT INDEXED WHERE rowid >= ? LIMIT 1'  # noqa: S608
        while step < _FARTHEST:
            if self._take(probe, (last + step,), lambda _rows: None):
                backward: list[Row] = []
                self._take(
                    f'SELECT rowid FROM "{table}" NOT INDEXED ORDER BY rowid DESC LIMIT 1',  # noqa: S608
                    (),
                    backward.extend,
                )
                return max(highest, int(str(backward[0][0])) if backward else last + step)
            step *= 2
        return max(highest, last + _TAIL)

    def _take(
        self, statement: str, arguments: Sequence[object], sink: Callable[[Sequence[Row]], None]
    ) -> bool:
        """Run a statement; return whether it came to its end; rows read before an error count."""
        rows: list[Row] = []
        try:
            if self._raw is None:
                self._raw = dbapi2.connect(self._path)
                configure(self._raw, self._key, read_only=True)
            for row in self._raw.execute(statement, arguments):
                rows.append(tuple(row))
                if len(rows) == _BLOCK:
                    sink(rows)
                    rows = []
        except dbapi2.Error:
            self.errors += 1
            self.close()
            done = False
        else:
            done = True
        if rows:
            sink(rows)
        return done
