"""What the scripts say: help, refusals, each one sentence."""

import os
import re
import socket

import pytest

from tests.setup.conftest import ROOT


def test_help_lists_every_command_with_its_first_line(clone):
    done = clone.run("help")
    assert done.returncode == 0 and done.stderr == ""
    listed = dict(re.findall(r"^  (\S+) {2,}(.+)$", done.stdout, re.M))
    for file in (ROOT / "tools/cmd").iterdir():
        name, text = file.read_text().splitlines()[1].removeprefix("# ").split(": ", 1)
        assert name in (file.stem, "(none)")
        assert listed[name] == text
    assert "./test" in listed


@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_help_is_found_by_habit(clone, flag):
    assert clone.run(flag).stdout == clone.run("help").stdout


@pytest.mark.parametrize("word", ["strat", "../common", "cmd/start", ""])
def test_an_unknown_command_is_refused_with_the_list(clone, word):
    done = clone.run(word)
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.startswith(f'ticketshow: there is no command "{word}".\n')
    assert clone.run("help").stdout in done.stderr


def test_a_taken_port_is_named_with_its_holder(clone):
    with socket.create_server(("127.0.0.1", clone.port)):
        sentence = clone.refused("start")
    assert f"port {clone.port} is taken" in sentence
    assert f"(process {os.getpid()})" in sentence
    suggested = int(re.search(r"TICKETSHOW_HTTP_PORT=(\d+) ", sentence)[1])
    assert clone.port < suggested <= 65535
    assert clone.running() == {}


@pytest.mark.parametrize("port", ["abc", "0", "65536", "80 80", "-1"])
def test_what_is_no_port_is_refused_before_anything_is_started(clone, port):
    sentence = clone.refused(TICKETSHOW_HTTP_PORT=port)
    assert sentence == f'ticketshow: TICKETSHOW_HTTP_PORT must be a port, a number from 1 to 65535, not "{port}"'


@pytest.mark.parametrize("variable", ["TICKETSHOW_MAILBOX_PORT", "TICKETSHOW_SANDBOX_PORT"])
def test_a_taken_port_of_the_mailbox_or_the_sandbox_is_named_too(clone, variable):
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        sentence = clone.refused("start", **{variable: str(port)})
    assert f"port {port} is taken" in sentence and f"{variable}={port + 1}" in sentence
    assert clone.running() == {}
