import sys
from pathlib import Path

import pytest

from union_desk import settings
from union_desk.settings import SettingsError
from union_desk.taskpack.field_types import FIELD_TYPES


def test_settings_are_kept_and_read_back(tmp_path):
    chosen = settings.defaults() | {"font_size": "largest", "appearance": "dark", "person": "李敏"}
    settings.save(tmp_path, chosen)
    assert settings.load(tmp_path) == chosen


def test_an_empty_folder_gives_the_defaults(tmp_path):
    assert settings.load(tmp_path) == {
        "appearance": "system",
        "font_size": "standard",
        "idle_lock": "15",
    }


def test_what_nobody_may_choose_is_left_at_its_default(tmp_path):
    (tmp_path / "settings.json").write_text(
        '{"font_size": "huge", "colour": "red", "appearance": 3, "person": "李敏"}', "utf-8"
    )
    assert settings.load(tmp_path) == settings.defaults() | {"person": "李敏"}


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b"[" * 100_000, b"x" * 70_000])
def test_a_damaged_settings_file_is_told_with_its_place_and_changes_nothing(tmp_path, content):
    path = tmp_path / "settings.json"
    path.write_bytes(content)
    with pytest.raises(SettingsError) as refused:
        settings.load(tmp_path)
    assert refused.value.code == "F181"
    assert str(path) in refused.value.sentence
    assert path.read_bytes() == content


def test_a_list_in_place_of_settings_gives_the_defaults(tmp_path):
    (tmp_path / "settings.json").write_text("[]", "utf-8")
    assert settings.load(tmp_path) == settings.defaults()


@pytest.mark.parametrize("item", settings.fields(), ids=lambda item: item.id)
def test_every_setting_is_a_whole_field(item):
    assert item.type in FIELD_TYPES
    assert item.label
    assert item.help
    assert settings.allowed(item.id, item.default)
    assert any(item.id in section.fields for section in settings.sections())


def test_the_data_folder_is_the_given_one_then_the_variable_then_the_users_own(
    monkeypatch, tmp_path
):
    monkeypatch.setenv("UNION_DESK_DATA", str(tmp_path / "named"))
    assert settings.data_folder(tmp_path / "given") == tmp_path / "given"
    assert settings.data_folder() == tmp_path / "named"
    monkeypatch.delenv("UNION_DESK_DATA")
    assert settings.data_folder().name == "UnionDesk"


def test_a_packaged_program_keeps_its_data_beside_itself(monkeypatch, tmp_path):
    monkeypatch.delenv("UNION_DESK_DATA", raising=False)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "UnionDesk.exe"))
    assert settings.data_folder() == tmp_path / "data"


def test_a_tilde_in_the_given_folder_is_the_home(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert settings.data_folder(Path("~/x")) == tmp_path / "x"
