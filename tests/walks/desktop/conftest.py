"""Walks through the window as a clerk goes: by clicks and keys alone."""

from tests.desktop.conftest import *  # noqa: F403 - the fixtures of the window
