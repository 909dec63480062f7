"""A store in a folder where none may live: the window says so and copies it to this machine."""

import shutil

from PySide6.QtWidgets import QMessageBox

from union_desk import settings
from union_desk.desktop.elsewhere_page import ElsewherePage
from union_desk.desktop.main_window import MainWindow
from union_desk.desktop.sign_in_page import SignInPage


def test_a_store_in_a_cloud_folder_is_copied_by_one_button(
    office, qtbot, settled, tmp_path, monkeypatch
):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "own"))
    session = office("county")
    session.close()
    shutil.copytree(session.store.folder, tmp_path / "OneDrive" / "data")
    window = MainWindow(tmp_path / "OneDrive" / "data")
    qtbot.addWidget(window)
    window.start()
    settled()
    page = window.centralWidget()
    assert isinstance(page, ElsewherePage)
    assert page.first_focus() is page.here
    settings.own_folder().mkdir(parents=True)
    (settings.own_folder() / "mine.txt").write_text("x")
    page.here.click()
    settled()
    page = window.centralWidget()
    assert "已有文件" in page.said.text()
    (settings.own_folder() / "mine.txt").unlink()
    page.here.click()
    settled()
    assert window.folder == settings.own_folder()
    assert (window.folder / "store.db").exists()
    assert isinstance(window.centralWidget(), SignInPage)
    (told,) = window.findChildren(QMessageBox)
    assert str(window.folder) in told.text()
    told.accept()
