"""clang-tidy over the files in the arguments, paths relative to the tree, whose release build is up to date.

A file that was clean is read again only when something changed of which its verdict is made: the program, .clang-tidy, the
command that compiles it, or a file that it includes (as ninja knows them). The verdicts lie in the user's cache folder, a
file each, and those that nobody asked for in 60 days go; clones share them. Ends with 1 when anything was found.
"""
import concurrent.futures
import functools
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "release"
PROGRAM = "clang-tidy-19"
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "ticketshow" / "tidy"
KEEP_S = 60 * 86_400


def without_tree(text):
    """Clones lie at different places."""
    return text.replace(os.fsencode(ROOT), b".")


@functools.cache
def sum_of(path):
    return hashlib.sha256(without_tree(path.read_bytes())).digest()


def dependencies():
    """Of each object the files that its compiler read: ninja's log, lines of a name with a colon and of indented paths."""
    told = subprocess.run(["ninja", "-C", str(BUILD), "-t", "deps"], capture_output=True, text=True, check=True).stdout
    found, files = {}, None
    for line in told.splitlines():
        if line.startswith("    "):
            files.append((BUILD / line.strip()).resolve())
        elif line:
            files = found.setdefault(line.split(":")[0], []) if line.endswith("(VALID)") else []
    return found


def key(command, files, common):
    digest = hashlib.sha256(common)
    digest.update(without_tree(command.encode()))
    for path in files:
        digest.update(without_tree(os.fsencode(path)) + b"\0" + sum_of(path))
    return digest.hexdigest()


def look_at(name):
    """What clang-tidy says of a file, and whether it is content."""
    done = subprocess.run([PROGRAM, "-p", str(BUILD), "--quiet", name], cwd=ROOT, capture_output=True, text=True, check=False)
    noise = re.compile(r"warnings (generated|treated)|Suppressed|Use -header-filter")
    told = done.stdout + "".join(line for line in done.stderr.splitlines(True) if not noise.search(line))
    return told, done.returncode == 0


def main(names):
    CACHE.mkdir(parents=True, exist_ok=True)
    for verdict in CACHE.iterdir():
        if verdict.stat().st_mtime < time.time() - KEEP_S:
            verdict.unlink(missing_ok=True)
    version = subprocess.run([PROGRAM, "--version"], capture_output=True, check=True).stdout
    common = version + (ROOT / ".clang-tidy").read_bytes()
    commands = {each["file"]: each["command"] for each in json.loads((BUILD / "compile_commands.json").read_text())}
    read_by = dependencies()

    def judge(name):
        command = commands.get(str(ROOT / name))
        files = read_by.get(re.search(r"-o (\S+)", command).group(1)) if command else None
        verdict = CACHE / key(command, files, common) if files else None
        if verdict and verdict.exists():
            verdict.touch()
            return "", True, True
        told, content = look_at(name)
        if verdict and content:
            verdict.touch()
        return told, content, False

    failed = known = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for number, (told, content, was_known) in enumerate(pool.map(judge, names), 1):
            failed += not content
            known += was_known
            if told:
                print(told, end="", flush=True)
            elif number % 20 == 0:
                print(f"{number} of {len(names)} files", file=sys.stderr, flush=True)
    print(f"{len(names)} files, {known} of them unchanged since they were clean; {failed} with findings")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
