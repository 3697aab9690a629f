"""What ./run and ./test are made of, each by itself: installing, building, the private PostgreSQL."""

import pathlib
import shutil
import subprocess
import time

import pytest

from tests.setup.conftest import NOBODY, ROOT
from tests.setup.test_places import needs_root


@pytest.fixture
def stand_ins(outdoors):
    """stand_ins(name="shell script", …) → a folder of programs found before the real ones; each notes its calls."""
    folder = outdoors / "stand-ins"
    folder.mkdir()

    def make(**programs):
        for name, script in programs.items():
            file = folder / name.replace("_", "-")
            file.write_text(f'#!/bin/bash\necho "$(basename "$0") $*" >>"{folder}/calls"\n{script}\n')
            file.chmod(0o755)
        (folder / "calls").write_text("")
        return folder

    yield make
    shutil.rmtree(folder)


def calls(folder):
    return (folder / "calls").read_text().splitlines()


# ---- setup.sh

NEEDED = "ticketshow-no-such-package"


def need_another_package(clone):
    with open(clone.folder / "tools/packages.txt", "a") as packages:
        packages.write(f"run {NEEDED} for this test\ntest {NEEDED}-too not for this one\n")


def test_setup_is_silent_and_quick_when_nothing_is_missing(clone):
    began = time.monotonic()
    done = clone.run("run", program="tools/setup.sh")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert time.monotonic() - began < 2


@needs_root
def test_setup_without_rights_names_what_is_missing(make_clone, stand_ins):
    clone = make_clone("without-rights", NOBODY)
    need_another_package(clone)
    if shutil.which("sudo"):
        pytest.skip("there is a sudo, which would be asked")
    sentence = clone.refused("run", program="tools/setup.sh")
    assert sentence == f"ticketshow: only root can install what is missing: {NEEDED}; do it, or run this once as root"


@needs_root
def test_setup_installs_what_is_missing_and_only_that(make_clone, stand_ins):
    clone = make_clone("missing")
    need_another_package(clone)
    programs = stand_ins(apt_get="echo Unpacking the parcel")
    done = clone.run("run", program="tools/setup.sh", path=programs)
    assert done.returncode == 0, done.stderr
    assert f"installing 1 Debian packages: {NEEDED}\n" in done.stderr
    update, install = calls(programs)
    assert update == "apt-get update -q"
    assert install.startswith("apt-get install ") and install.split()[-1] == NEEDED
    assert "--no-install-recommends" in install


@needs_root
def test_setup_tells_why_packages_were_not_installed(make_clone, stand_ins):
    clone = make_clone("unreachable")
    need_another_package(clone)
    policy = pathlib.Path("/usr/sbin/policy-rc.d")
    before = policy.exists() and policy.read_text()
    done = clone.run("run", program="tools/setup.sh", path=stand_ins(apt_get="echo E: the mirror is away; exit 100"))
    assert done.returncode == 1
    assert "E: the mirror is away\n" in done.stderr
    assert done.stderr.splitlines()[-1] == ("ticketshow: the packages could not be installed; "
                                            "the whole output is in var/log/apt.log")
    assert (policy.exists() and policy.read_text()) == before


@pytest.mark.parametrize("place", ["tools/node", "web"])
def test_setup_installs_node_packages_once(make_clone, stand_ins, place):
    clone = make_clone("node-" + place.split("/")[0])
    node_modules = clone.folder / place / "node_modules"
    node_modules.unlink()
    done = clone.run("run", program="tools/setup.sh", path=stand_ins(npm="echo the registry is away; exit 1"))
    assert done.returncode == 1
    assert "the registry is away\n" in done.stderr
    assert done.stderr.splitlines()[-1] == (f"ticketshow: npm could not install {place}; "
                                            "the whole output is in var/log/npm.log")
    programs = stand_ins(npm="mkdir -p node_modules")
    for _ in range(2):
        assert clone.run("run", program="tools/setup.sh", path=programs).returncode == 0
    assert len(calls(programs)) == 1
    with open(clone.folder / place / "package-lock.json", "a") as lock:
        lock.write("\n")
    assert clone.run("run", program="tools/setup.sh", path=programs).returncode == 0
    assert len(calls(programs)) == 2


# ---- build

CONFIGURES = "touch build/release/build.ninja"


def test_a_build_that_fails_ends_with_a_sentence(make_clone, stand_ins):
    clone = make_clone("broken")
    done = clone.run("build", path=stand_ins(cmake="echo no compiler; exit 1"))
    assert done.returncode == 1
    assert "no compiler\n" in done.stderr
    assert done.stderr.splitlines()[-1] == ("ticketshow: CMake could not configure the preset release; "
                                            "the whole output is in var/log/cmake-release.log")
    programs = stand_ins(cmake=f'if [ "$1" = --build ]; then echo error: no; exit 1; fi; {CONFIGURES}',
                         ninja="echo '[1/9]'")
    done = clone.run("build", path=programs)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == "ticketshow: the preset release does not build"


# As the project's own: the files are looked up at each build.
LITTLE_PROJECT = '''cmake_minimum_required(VERSION 3.25)
project(little NONE)
file(GLOB parts CONFIGURE_DEPENDS parts/*.txt)
add_custom_command(OUTPUT whole COMMAND ${CMAKE_COMMAND} -E cat ${parts} >whole DEPENDS ${parts})
add_custom_target(ticketshow ALL DEPENDS whole)
'''
LITTLE_PRESETS = '''{"version": 4, "configurePresets": [{"name": "release", "generator": "Ninja",
"binaryDir": "${sourceDir}/build/release"}], "buildPresets": [{"name": "release", "configurePreset": "release"}]}'''


def test_a_build_speaks_when_there_is_something_to_build(make_clone):
    clone = make_clone("little")
    (clone.folder / "CMakeLists.txt").write_text(LITTLE_PROJECT)
    (clone.folder / "CMakePresets.json").write_text(LITTLE_PRESETS)
    parts = clone.folder / "parts"
    parts.mkdir()

    def build():
        done = clone.run("build", "ticketshow")
        assert (done.returncode, done.stdout) == (0, ""), done.stderr
        return done.stderr

    def settle():
        time.sleep(0.02)  # file times are what a build goes by

    (parts / "a.txt").write_text("a")
    assert "building (release)" in build()
    assert build() == ""
    assert build() == ""
    settle()
    (parts / "a.txt").write_text("b")
    assert "building (release)" in build()
    settle()
    (parts / "another.txt").write_text("c")
    assert "building (release)" in build()
    assert (clone.folder / "build/release/whole").read_text() == "bc"
    assert build() == ""


def test_a_moved_clone_is_configured_anew(make_clone, stand_ins):
    clone = make_clone("moved")
    programs = stand_ins(cmake=f"mkdir -p build/release; {CONFIGURES}", ninja="echo ninja: no work to do.")
    folder = clone.folder / "build/release"
    for home, kept in ((clone.folder, True), ("/elsewhere", False)):
        (folder / "CMakeCache.txt").write_text(f"CMAKE_HOME_DIRECTORY:INTERNAL={home}\n")
        (folder / "object.o").write_text("")
        done = clone.run("build", path=programs)
        assert (done.returncode, done.stderr) == (0, "")
        assert (folder / "object.o").exists() == kept
    assert "cmake --preset release" in calls(programs)


# ---- the compiler


def test_gcc_is_refused_with_the_reason_and_the_way_out(outdoors):
    done = subprocess.run(["cmake", "-S", ROOT, "-B", outdoors / "with-gcc", "-DCMAKE_CXX_COMPILER=g++"],
                          capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    said = " ".join(done.stderr.split())
    assert "Ticket Show is built with clang 19 or later; this is GNU 1" in said
    assert "miscompiles coroutines" in said and "cmake --preset release" in said


@pytest.mark.parametrize("compiler, version, taken", [("Clang", "18.1.8", False), ("AppleClang", "20.0.0", False),
                                                      ("Clang", "19.1.4", True)])
def test_other_compilers_are_judged_by_name_and_version(compiler, version, taken):
    done = subprocess.run(["cmake", f"-DCMAKE_CXX_COMPILER_ID={compiler}", f"-DCMAKE_CXX_COMPILER_VERSION={version}",
                           "-P", ROOT / "cmake/toolchain.cmake"], capture_output=True, text=True, timeout=60, check=False)
    assert ("is built with clang 19 or later" not in done.stderr) == taken, done.stderr


# ---- postgres.sh


def test_a_private_postgresql_from_start_to_removal(clone):
    place = clone.folder / "var/other"

    def postgres(command, *more):
        return clone.run(command, str(place), *more, program="tools/postgres.sh")

    def setting(name):
        url = postgres("url", "ticketshow").stdout.strip()
        return subprocess.run(["psql", f"{url}&user=ticketshow_owner", "-XAtc", f"SHOW {name}"], capture_output=True,
                              text=True, timeout=10, check=True).stdout.strip()

    assert postgres("status").returncode != 0
    assert postgres("stop").returncode == 0
    assert postgres("start", "fsync=off", "max_connections=50").returncode == 0
    assert postgres("status").returncode == 0
    first = clone.postgres()
    again = postgres("start", "max_connections=60")
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    assert clone.postgres() == first
    assert (setting("fsync"), setting("max_connections"), setting("listen_addresses")) == ("off", "50", "")
    socket = pathlib.Path(postgres("url").stdout.strip().split("host=")[1])
    assert socket.stat().st_mode & 0o777 == 0o700
    assert postgres("stop").returncode == 0
    assert postgres("status").returncode != 0
    assert clone.running() == {}
    assert postgres("start").returncode == 0
    assert (setting("fsync"), setting("synchronous_commit")) == ("on", "on")
    assert postgres("remove").returncode == 0
    assert clone.running() == {}
    assert not place.exists()


@needs_root
def test_a_socket_directory_of_somebody_else_is_not_trusted(make_clone):
    clone = make_clone("/".join(["twenty-bytes-of-path"] * 5))
    url = clone.run("url", "var/postgres", program="tools/postgres.sh").stdout
    socket = pathlib.Path(url.strip().split("host=")[1])
    assert socket.parent == pathlib.Path("/tmp")
    socket.mkdir(mode=0o777)
    try:
        shutil.chown(socket, NOBODY)
        assert clone.refused("start", "var/postgres", program="tools/postgres.sh") == (
            f"ticketshow: {socket} belongs to somebody else; remove it")
    finally:
        socket.rmdir()


@pytest.mark.parametrize("words", [(), ("start",), ("dance", "var/other")])
def test_postgresql_is_asked_for_in_the_right_words(clone, words):
    assert "usage: tools/postgres.sh start|stop" in clone.refused(*words, program="tools/postgres.sh")
