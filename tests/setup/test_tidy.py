"""./run tidy looks again at what changed, and at nothing else."""

import json
import os
import pathlib
import shutil
import subprocess
import sys

import pytest

TOOLS = pathlib.Path(__file__).resolve().parents[2] / "tools"
COMMAND = "clang++-19 -MD -MF out.d -c ../../src/a.cpp -o a.o"


@pytest.fixture
def tree(tmp_path):
    """A tree of one source and one header, built; answers what tools/tidy.py says of the source."""
    root = tmp_path / "tree"
    build = root / "build" / "release"
    for folder in (root / "tools", root / "src", build):
        folder.mkdir(parents=True)
    shutil.copy(TOOLS / "tidy.py", root / "tools")
    (root / ".clang-tidy").write_text("Checks: '-*,modernize-use-nullptr'\nWarningsAsErrors: '*'\nHeaderFilterRegex: '.*'\n")
    (root / "src/a.hpp").write_text("inline int* none() { return nullptr; }\n")
    (root / "src/a.cpp").write_text('#include "a.hpp"\nint* a() { return none(); }\n')
    (build / "build.ninja").write_text(
        f"rule cxx\n  command = {COMMAND}\n  depfile = out.d\n  deps = gcc\nbuild a.o: cxx ../../src/a.cpp\n")
    (build / "compile_commands.json").write_text(
        json.dumps([{"directory": str(build), "command": COMMAND, "file": str(root / "src/a.cpp")}]))

    def tidy():
        subprocess.run(["ninja", "-C", str(build)], check=True, capture_output=True)
        return subprocess.run(
            [sys.executable, "tools/tidy.py", "src/a.cpp"], cwd=root, capture_output=True, text=True, check=False,
            env={**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")})

    tidy.root = root
    return tidy


def test_what_was_clean_is_not_read_again(tree):
    assert "1 files, 0 of them unchanged" in tree().stdout
    assert "1 files, 1 of them unchanged" in tree().stdout


def test_a_changed_header_is_found_and_never_taken_for_clean(tree):
    assert tree().returncode == 0
    (tree.root / "src/a.hpp").write_text("inline int* none() { return 0; }\n")
    for _ in range(2):
        done = tree()
        assert done.returncode == 1
        assert "src/a.hpp:1" in done.stdout and "modernize-use-nullptr" in done.stdout
        assert "0 of them unchanged since they were clean; 1 with findings" in done.stdout


def test_other_checks_are_another_verdict(tree):
    assert tree().returncode == 0
    with open(tree.root / ".clang-tidy", "a") as checks:
        checks.write("# another word\n")
    assert "0 of them unchanged" in tree().stdout
