"""Where a clone may lie and whose it may be."""

import os
import pathlib
import shutil
import signal
import socket

import pytest

from tests.setup.conftest import NOBODY, Started

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as another user")


def stop_and_see_nothing(clone, run):
    assert run.interrupt() == 130
    assert clone.running() == {}
    url = clone.run("url", "var/postgres", program="tools/postgres.sh").stdout
    sockets = pathlib.Path(url.strip().split("host=")[1])
    assert sockets.parent != pathlib.Path("/tmp") or not sockets.exists()


@needs_root
def test_an_ordinary_user_needs_no_root(make_clone):
    clone = make_clone("somebodys", NOBODY)
    with Started(clone) as run:
        run.wait_ready()
        owners = {pathlib.Path(f"/proc/{pid}").owner() for pid in clone.running()}
        assert owners == {NOBODY}
        clone.client().get("/shows")
        stop_and_see_nothing(clone, run)
    # Root may not take the data over by mistake: afterwards it would be neither's.
    clone.user = None
    sentence = clone.refused()
    assert f"belongs to {NOBODY}" in sentence
    assert clone.running() == {}


def test_a_path_longer_than_a_socket_may_have(make_clone):
    clone = make_clone("/".join(["twenty-bytes-of-path"] * 5))
    assert len(str(clone.folder)) > 107
    with Started(clone) as run:
        run.wait_ready()
        clone.client().get("/shows")
        done = clone.run("psql", "booking", "-Atc", "SELECT current_user")
        assert done.stdout == "ticketshow_booking\n", done.stderr
        stop_and_see_nothing(clone, run)


@needs_root
def test_where_postgresqls_user_cannot_go_the_data_lies_in_var_lib_until_a_reset(make_clone):
    before = set(pathlib.Path("/var/lib").glob("ticketshow-*"))
    clone = make_clone("roots/own")
    clone.folder.parent.chmod(0o700)
    try:
        with Started(clone) as run:
            run.wait_ready()
            stop_and_see_nothing(clone, run)
        made = set(pathlib.Path("/var/lib").glob("ticketshow-*")) - before
        assert len(made) == 1
        assert clone.run("reset", "--yes").returncode == 0
        assert not (clone.folder / "var/postgres").exists()
    finally:
        left = set(pathlib.Path("/var/lib").glob("ticketshow-*")) - before
        for path in left:
            shutil.rmtree(path)
    assert left == set()


def test_a_first_start_that_was_killed_is_begun_anew(make_clone):
    clone = make_clone("it's 100% mine, & mine +1")  # a path that has to be quoted everywhere
    postgres = clone.folder / "var/postgres"
    with Started(clone) as run:
        # initdb is at work
        run.wait_for(lambda: any(path.name == "PG_VERSION" for path in postgres.glob("*/*")))
        os.killpg(run.child.pid, signal.SIGKILL)
        clone.kill_all()
    with Started(clone) as run:
        run.wait_ready()
        os.killpg(run.child.pid, signal.SIGINT)
    with Started(clone) as run:
        # Ctrl-C in the middle of a start
        run.wait_for(lambda: (postgres / "data/postmaster.pid").exists())
        stop_and_see_nothing(clone, run)


@needs_root
def test_a_folder_that_cannot_be_written_is_told(make_clone):
    clone = make_clone("readable")
    clone.user = NOBODY
    assert clone.refused() == (f"ticketshow: {clone.folder}/var cannot be written by nobody; "
                               "all data and logs belong there")
    assert clone.run("help").returncode == 0
    # The same when root was here first.
    (clone.folder / "var/log").mkdir(parents=True)
    assert "var cannot be written by nobody" in clone.refused()


def test_a_file_in_the_place_of_var_is_told(make_clone):
    clone = make_clone("blocked")
    (clone.folder / "var").write_text("")
    assert f"{clone.folder}/var cannot be written" in clone.refused()


@needs_root
def test_the_holder_of_a_port_is_left_out_where_one_may_not_know_it(make_clone):
    other = make_clone("without-rights", NOBODY)
    with socket.create_server(("127.0.0.1", other.port)):
        assert f"port {other.port} is taken; choose another" in other.refused()
