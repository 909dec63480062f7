"""N and seed of every suite, at the end of a run."""

FOUND = []


def pytest_terminal_summary(terminalreporter):
    for result in FOUND:
        terminalreporter.write_line(str(result))
