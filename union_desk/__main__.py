"""The one entrance: a command goes to the command line, none opens the window.

Before Qt is loaded it is made sure that Qt can start here: without a display, or without one of
its system libraries, Qt would end the whole process in the middle of a word.
"""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

from union_desk import cli
from union_desk.errors import UserError

LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libdbus-1.so.3": "libdbus-1-3",
}
"""System libraries of Qt on Linux, and the package of each on Debian and its kin."""
XCB_LIBRARIES = {
    "libxcb.so.1": "libxcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
"""More of them, for a window by X11."""
WINDOWLESS = ("offscreen", "minimal", "vnc", "linuxfb", "eglfs", "minimalegl")


def main(arguments: list[str] | None = None) -> int:
    """Run the program; return its exit code: 0 done, 1 refused or errors found, 2 wrong usage."""
    arguments = sys.argv[1:] if arguments is None else arguments
    cli.speak_utf8()
    try:
        given, arguments = bundle_given(arguments)
        order = cli.parse(arguments)
        if order.command:
            return cli.run(order)
        if sys.platform == "linux":
            check_display(dict(os.environ))
        return _open_window(order, given)
    except UserError as error:
        return cli.refuse(error)


def bundle_given(arguments: list[str]) -> tuple[str, list[str]]:
    """Return the bundle file that was double-clicked, if that is all that is said, and the rest."""
    if len(arguments) == 1 and arguments[0].lower().endswith(".udsync"):
        path = Path(arguments[0])
        if path.is_file():
            return str(path.absolute()), []
    return "", arguments


def _open_window(order: cli.Order, given: str) -> int:
    try:
        from union_desk.desktop import app
    except ImportError as error:
        raise (missing_library(error) or error) from error
    return app.run(cli.data_folder(order), demo=order.demo, given=given)


def missing_library(error: ImportError) -> UserError | None:
    """Return the sentence for a shared library that Qt did not find; None for another trouble."""
    library, _, reason = str(error).partition(": ")
    if "cannot open shared object file" not in reason:
        return None
    return UserError("U903", f"缺少图形界面要用的系统库 {library}。", _install(LIBRARIES.values()))


def check_display(environment: dict[str, str]) -> None:
    """Raise `UserError` where Qt could not open a window: no display, no library, no plugin."""
    chosen = environment.get("QT_QPA_PLATFORM", "").partition(":")[0].partition(";")[0]
    if chosen.startswith(WINDOWLESS):
        check_libraries(LIBRARIES)
        return
    if chosen not in ("", "xcb", "wayland", "wayland-egl"):
        raise UserError(
            "U904", f"环境变量 QT_QPA_PLATFORM 的值“{chosen}”用不了。", "请取消这个环境变量后再试。"
        )
    if chosen != "xcb" and _wayland(environment):
        check_libraries(LIBRARIES)
        return
    if environment.get("DISPLAY") and not chosen.startswith("wayland"):
        check_libraries(LIBRARIES | XCB_LIBRARIES)
        if _x11_answers():
            return
    raise UserError(
        "U901",
        "这里没有可用的图形界面，窗口打不开。",
        "请在桌面环境中启动；命令行的用法见 union-desk --help。",
    )


def _wayland(environment: dict[str, str]) -> bool:
    name = environment.get("WAYLAND_DISPLAY")
    return bool(name) and Path(environment.get("XDG_RUNTIME_DIR", "/run"), str(name)).is_socket()


def _x11_answers() -> bool:
    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(None, None))
    failed = bool(xcb.xcb_connection_has_error(connection))
    xcb.xcb_disconnect(connection)
    return not failed


def check_libraries(libraries: dict[str, str]) -> None:
    """Raise `UserError` for shared libraries that cannot be loaded, with the line that helps."""
    missing = []
    for library, package in libraries.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            missing.append((library, package))
    if missing:
        raise UserError(
            "U902",
            f"缺少图形界面要用的系统库：{'、'.join(library for library, _ in missing)}。",
            _install(package for _, package in missing),
        )


def _install(packages: object) -> str:
    names = " ".join(dict.fromkeys(packages))  # type: ignore[call-overload]
    return f"请运行：sudo apt-get install {names}"


if __name__ == "__main__":
    sys.exit(main())
