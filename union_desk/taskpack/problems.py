"""What can be wrong with a task package: one code per kind of trouble, each with its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Trouble(StrEnum):
    """Codes of the problems of a task package."""

    UNREADABLE = "P201"
    """No such folder or file, or not a ZIP archive."""
    LIMIT = "P202"
    """Too large, too many files, or an entry that has no place in a package."""
    ENCODING = "P203"
    SYNTAX = "P204"
    REFUSED = "P205"
    """Anchors, aliases, merge keys, tags, several documents: YAML that a package never needs."""
    DUPLICATE_KEY = "P206"
    MISSING_FILE = "P207"
    UNKNOWN_FILE = "P208"
    UNKNOWN_KEY = "P209"
    MISSING_KEY = "P210"
    WRONG_TYPE = "P211"
    UNKNOWN_WORD = "P212"
    UNKNOWN_TYPE = "P213"
    """Unknown field type."""
    BAD_ID = "P214"
    RESERVED_ID = "P215"
    """An id that means something in the check language, in the row head or in SQL."""
    DUPLICATE_ID = "P216"
    UNKNOWN_FIELD = "P217"
    UNKNOWN_FORM = "P218"
    UNKNOWN_LIST = "P219"
    """Unknown code list."""
    UNKNOWN_CODE = "P220"
    UNKNOWN_ATTRIBUTE = "P221"
    EXPRESSION = "P222"
    EXPRESSION_KIND = "P223"
    """An expression that yields something else than its place wants."""
    CYCLE = "P224"
    SECTION = "P225"
    UNKNOWN_UNIT = "P226"
    """A unit, parent or kind of unit that the package does not name."""
    CHECK_DIGIT = "P227"
    TARGET = "P228"
    RANGE = "P229"
    FORMAT = "P230"
    """The format number is not one this program reads."""
    NOT_APPLICABLE = "P231"
    """A key that means nothing for this type of field or kind of form."""
    DERIVED = "P232"
    """A value that its own field would refuse, such as a default."""


_BREAKS_DOCUMENTS = frozenset({
    Trouble.ENCODING, Trouble.SYNTAX, Trouble.REFUSED, Trouble.MISSING_FILE,
})  # fmt: skip
_BREAKS_FIELDS = frozenset({
    Trouble.UNKNOWN_TYPE, Trouble.BAD_ID, Trouble.RESERVED_ID, Trouble.UNKNOWN_FORM,
    Trouble.UNKNOWN_LIST, Trouble.CYCLE,
})  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong: file and line (from 1), a code, one Chinese sentence."""

    file: str
    line: int
    code: str
    message: str

    def __str__(self) -> str:
        return f"{self.file} 第 {self.line} 行：{self.message}（{self.code}）"


@dataclass(slots=True)
class Problems:
    """Collects problems while a package is read.

    A broken document hides what others refer to, and a broken field what expressions say of
    it: then references or expressions are not judged, so that no problem is a mere echo.
    """

    found: list[Problem] = field(default_factory=list)
    documents_broken: bool = False
    fields_broken: bool = False

    def add(self, code: Trouble, file: str, line: int, message: str) -> None:
        """Note a problem."""
        self.found.append(Problem(file, line, code.value, message))
        self.documents_broken = self.documents_broken or code in _BREAKS_DOCUMENTS
        self.fields_broken = self.fields_broken or code in _BREAKS_FIELDS

    def sorted(self) -> tuple[Problem, ...]:
        """Return the problems by file and line, each once."""
        return tuple(sorted(set(self.found)))
