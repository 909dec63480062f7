"""YAML as plainly as a package needs it: text with lines, whatever the text looks like."""

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from union_desk import resources
from union_desk.taskpack import load
from union_desk.taskpack.document import Entries, Items, Scalar, parse
from union_desk.taskpack.problems import Problems

SOURCE = resources.taskpacks() / "lszgh-2012-55"
FILES = {path.name: path.read_bytes() for path in sorted(SOURCE.iterdir())}


def plain(node):
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Items):
        return [plain(item) for item in node.nodes]
    return {key.text: plain(value) for key, value in node.pairs}


def read(text):
    problems = Problems()
    return parse("x.yaml", text.encode(), problems), problems.sorted()


@pytest.mark.parametrize("name", FILES)
def test_every_file_written_again_by_another_tool_reads_the_same(name):
    problems = Problems()
    first = plain(parse(name, FILES[name], problems))
    again = yaml.safe_dump(first, allow_unicode=True, sort_keys=False, width=80)
    assert plain(parse(name, again.encode(), problems)) == first
    assert not problems.found


@pytest.mark.parametrize("name", FILES)
def test_every_file_reads_with_any_yaml_reader_codes_as_text(name):
    found = yaml.safe_load(FILES[name].decode())
    assert isinstance(found, dict)
    if name == "codes.yaml":
        assert all(isinstance(code, str) for item in found.values() for code in item["代码"])


@pytest.mark.parametrize(
    "text", ["01", "no", "on", "1:30", "0x1f", "1e3", "~", "null", "2012-08-01", "是"]
)
def test_a_value_is_the_text_that_stands_there(text):
    node, problems = read(f"k: {text}")
    assert plain(node) == {"k": text}
    assert problems == ()


def test_each_value_knows_its_line():
    node, _ = read("a: 1\n\n# 说明\nb:\n  - x\n  - {c: 2,\n     d: 3}\n")
    assert isinstance(node, Entries)
    (_, first), (_, items) = node.pairs
    assert (first.line, items.nodes[0].line, items.nodes[1].pairs[1][1].line) == (1, 5, 7)


def test_nesting_without_end_is_refused():
    node, problems = read("[" * 500 + "]" * 500)
    assert node is None
    assert [problem.code for problem in problems] == ["P205"]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_no_slip_of_the_hand_makes_the_loader_fall_over(data, tmp_path):
    """A line lost, doubled or cut, a character changed: problems or a package, nothing else."""
    name = data.draw(st.sampled_from(sorted(FILES)))
    lines = FILES[name].decode().splitlines()
    number = data.draw(st.integers(0, len(lines) - 1))
    line = lines[number]
    place = data.draw(st.integers(0, len(line)))
    typed = data.draw(
        st.sampled_from(
            [
                ":",
                "：",
                "[",
                "{",
                '"',
                "'",
                "#",
                "-",
                " ",
                "\t",
                "&",
                "*",
                "!",
                "x",
                "1",
                ",",
                "，",
                "空",
                "\0",
            ]
        )
    )
    lines[number : number + 1] = data.draw(
        st.sampled_from(
            [
                [],
                [line, line],
                [line[:place]],
                [line[place:]],
                [line[:place] + typed + line[place:]],
                [line[:place] + typed + line[place + 1 :]],
                ["  " + line],
                [line.strip()],
            ]
        )
    )
    for other, content in FILES.items():
        (tmp_path / other).write_bytes("\n".join(lines).encode() if other == name else content)
    loaded = load.read(tmp_path)
    assert (loaded.pack is None) == bool(loaded.problems)
    for problem in loaded.problems:
        assert problem.line >= 1
        assert problem.file in FILES
