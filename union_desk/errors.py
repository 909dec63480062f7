"""Refused actions: a code to read out on the phone, a Chinese sentence, the next step.

Findings about data are values (:mod:`union_desk.checks`); only an action that cannot be
done raises, and always one of these. Anything else that escapes is a bug.
"""

from __future__ import annotations


class UserError(Exception):
    """An action refused for a reason that its user can understand and act on.

    :param code: short code, unique in the program, such as ``"S301"``.
    :param sentence: what is wrong and where, one Chinese sentence.
    :param step: what to do next, one Chinese sentence.
    """

    def __init__(self, code: str, sentence: str, step: str = "") -> None:
        super().__init__(f"{sentence}{step}（{code}）")
        self.code = code
        self.sentence = sentence
        self.step = step


class UsageError(UserError):
    """Wrong use of the command line (U9xx); exit code 2."""


class FileError(UserError):
    """A file or folder that cannot be read or written (F1xx)."""


class PackageError(UserError):
    """A task package that cannot be used (P2xx)."""


class StoreError(UserError):
    """The store cannot be opened, read or written (S3xx)."""


class DamageError(StoreError):
    """What holds the data is damaged or gone: a backup or a salvage helps, nothing else does."""


class PlaceError(StoreError):
    """The data lie where no live store may: a copy on a disk of this machine helps."""


class InputError(UserError):
    """Typed or loaded data that an action cannot take (I4xx)."""


class BundleError(UserError):
    """A packet or bundle that cannot be made or taken in (B5xx)."""


class ReportError(UserError):
    """A report that cannot be printed (R6xx)."""


class Cancelled(Exception):  # noqa: N818 - an outcome, not an error
    """Raised by a ``progress`` callback to stop long work; nothing is half done."""
