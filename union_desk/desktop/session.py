"""Who sits in front of which store, and in which period they work."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tempfile import TemporaryDirectory

    from union_desk.store.opening import Store
    from union_desk.taskpack.definition import Form, TaskPack
    from union_desk.taskpack.period import Period


@dataclass(slots=True)
class Session:
    """An open store and the choices of the one who works in it.

    :param store: the open store.
    :param as_of: the day that figures are counted to, ISO; None: today, kept inside the
        year of the package.
    """

    store: Store
    as_of_given: str | None = None
    chosen: dict[str, Period] = field(default_factory=dict)
    closed: frozenset[str] = frozenset()
    """Ids of the periods that take no more confirmations."""
    whom: str = ""
    """Code of the unit that is filled in for; the own one where ""."""
    recovery_late: bool = False
    """There is no recovery sheet after a week."""
    backup_overdue: bool = False
    """For 14 days no backup has gone to a second place."""
    kept: TemporaryDirectory[str] | None = None
    """The folder of a throw-away store, removed when the session ends."""

    def __post_init__(self) -> None:
        """Ask from now on before anything is saved that voids printed papers."""
        from union_desk.papers import watching

        watching.watch(self.store, ask=True)

    @property
    def pack(self) -> TaskPack:
        """The package that is worked on."""
        return self.store.pack

    @property
    def level(self) -> str:
        """Level of the own unit."""
        return self.store.level

    @property
    def unit(self) -> str:
        """Code of the own unit."""
        return self.store.unit

    @property
    def about(self) -> str:
        """Code of the unit that new records are about."""
        return self.whom or self.unit

    def fills_in_for(self) -> dict[str, str]:
        """Return code and name of the units that this installation writes for, the own one first.

        Those right below an office, and those whose entry names this unit as the one that files.
        """
        from union_desk.store import units

        with self.store.read() as connection:
            known = units.of_store(connection, self.store)
        others = {*known.children.get(self.unit, ()), *known.filed_by(self.unit)}
        open_ = sorted(one.code for one in others if one.active_to is None)
        return {code: known.name(code) for code in dict.fromkeys((self.unit, *open_))}

    def fill_in_for(self, code: str) -> None:
        """Work for a unit from now on."""
        self.whom = "" if code == self.unit else code

    @property
    def person(self) -> str:
        """Name of the one who works."""
        return self.store.person

    @property
    def today(self) -> str:
        """The day of the calendar; of sample data the day they were made for."""
        return self.as_of_given or date.today().isoformat()  # noqa: DTZ011 - an office's own day

    @property
    def as_of(self) -> str:
        """The day that figures are counted to: today, kept inside the package's year."""
        return min(max(self.today, self.pack.year_from), self.pack.year_to)

    def period(self, kind: str) -> Period:
        """Return the working period of a filing kind.

        The chosen one; else the earliest that is open and can still be filed in time, so
        that the first days of September still work in August; else the last one.
        """
        from union_desk.taskpack.period import due, in_year

        if kind in self.chosen:
            return self.chosen[kind]
        pack, day = self.pack, self.as_of
        periods = in_year(pack, kind)
        open_ = [item for item in periods if item.id not in self.closed]
        return next((item for item in open_ if due(pack, item) >= day), periods[-1])

    def look_for_closed(self) -> None:
        """Read anew which periods are closed: one was closed here, or above."""
        from union_desk.store import periods

        with self.store.read() as connection:
            self.closed = periods.closed(connection)

    def choose(self, wanted: Period) -> None:
        """Work in `wanted` from now on."""
        self.chosen[wanted.kind] = wanted

    def work_in(self, ident: str) -> None:
        """Work in the year of another package that the store has.

        :raises InputError: I498, it has no such package.
        """
        from union_desk.store import years

        self.store = years.view(self.store, ident)
        self.chosen.clear()

    def close(self) -> None:
        """Close the store; a throw-away one is removed."""
        for paper in (self.store.folder / "tmp").glob("*.pdf"):
            # A viewer may still hold it (Windows); the next opening clears the folder.
            with suppress(PermissionError):
                paper.unlink(missing_ok=True)
        self.store.close()
        if self.kept is not None:
            self.kept.cleanup()

    def writes(self, form: Form) -> bool:
        """Return whether this level enters rows of `form` itself."""
        return self.level in form.writers
