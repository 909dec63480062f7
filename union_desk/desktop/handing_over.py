"""The work behind the last step of 报送, in a worker: write, read back, look at the seal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from union_desk import files
from union_desk.bundle import delivery, exporting, mail

if TYPE_CHECKING:
    from collections.abc import Sequence

    from union_desk.bundle.delivery import Target
    from union_desk.bundle.exporting import Exported
    from union_desk.desktop.jobs import Progress
    from union_desk.desktop.session import Session


def write(
    session: Session,
    target: Target,
    need: int,
    *,
    down: bool,
    volume: int | None,
    progress: Progress,
) -> list[Exported]:
    """Write what is due to where it was chosen; a folder of the program's own is made first."""
    if target.way in (delivery.MAIL, delivery.CHAT) and not target.folder.exists():
        files.private_folder(target.folder)
    reader = exporting.CHILDREN if down else exporting.PARENT
    return delivery.hand_over(
        session.store, target, need, reader=reader, as_of=session.as_of, volume=volume,
        progress=progress,
    )  # fmt: skip


def sealed(made: Sequence[Exported]) -> bool:
    """Return whether all these files are closed to all but their reader."""
    return bool(made) and all(mail.is_sealed(item.file) for item in made)
