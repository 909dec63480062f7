"""What cryptography refuses: a wrong key, damage, a forged signature."""

from __future__ import annotations


class WrongKey(ValueError):  # noqa: N818 - says what it is
    """The password or key does not open what was sealed."""


class Damaged(ValueError):  # noqa: N818 - says what it is
    """What should be opened is not in its format, or asks for more than is allowed."""


class Forged(ValueError):  # noqa: N818 - says what it is
    """A signature is not by this key, not over these bytes, or not spelled in the one way."""
