"""Holds the #include lines of src/ against the order of the folders (docs/architecture.md).

Run by ctest, or: python3 -m unittest -v test_includes
"""

import pathlib
import re
import tempfile
import unittest

SOURCE = pathlib.Path(__file__).resolve().parents[2] / "src"

# folder: the folders it may include besides itself. A folder that is not listed here may not exist.
MAY_INCLUDE = {
    "base": set(),
    "text": {"base"},
    "rt": {"base"},
    "jose": {"base"},
    "tickets": {"jose", "base"},
    "http": {"rt", "base"},
    "pg": {"rt", "base"},
    "contract": {"http", "rt", "base"},
    "events": {"contract", "ports", "pg", "rt", "base"},
    "api": {"contract", "rt", "base"},
    "documents": {"api", "contract", "rt", "base"},
    "ports": {"rt", "base"},
    "adapters": {"ports", "pg", "http", "text", "rt", "base"},
    # services/<name>; another service's folder is never among them: they share api/ alone.
    "services": {"api", "contract", "documents", "events", "ports", "pg", "tickets", "jose", "text", "rt", "base"},
    # The public entrance is made of HTTP: addresses of clients, streams, the web app's files.
    "services/gateway": {"api", "contract", "ports", "pg", "jose", "http", "rt", "base"},
    "app": {"services", "adapters", "documents", "events", "ports", "api", "contract", "pg", "http", "jose", "rt", "base"},
    "main.cpp": {"app"},
    # Only libraries' headers.
    "precompiled.cpp": set(),
    "precompiled.hpp": set(),
}

# A library's header: the one folder that may see it.
ONLY_IN = {
    "boost/beast": "http",
    "boost/asio/ssl": "http",
    "unicode": "text",
    "libpq-fe.h": "pg",
    "librdkafka": "adapters",
    "curl": "adapters",
    "kainjow": "services/notification",
    "cairo": "documents",
    "pango": "documents",
    "glib": "documents",
    "qrencode.h": "documents",
}

# What the tests beside the code may include besides what that code may.
TESTS_MAY_INCLUDE = {"tests/support", "gtest", "gmock"}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
CODE = {".hpp", ".cpp"}


def folder_of(path):
    """"services/auth" for services/auth/store.cpp, "rt" for rt/task.hpp, "main.cpp" for itself."""
    parts = pathlib.PurePosixPath(path).parts
    return "/".join(parts[:2]) if parts[0] == "services" and len(parts) > 2 else parts[0]


def allowed(source, target, source_is_test):
    """Whether a file of the folder `source` may include one of the folder `target`."""
    if target == source:
        return True
    if target.startswith("tests/"):
        return source_is_test and target in TESTS_MAY_INCLUDE
    kind = source.split("/")[0]
    if kind == "services" and target.startswith("services/"):
        return False
    may_include = MAY_INCLUDE.get(source, MAY_INCLUDE.get(kind, set()))
    return target.split("/")[0] in may_include


def violations(root):
    """One sentence for each include below `root` that breaks the order."""
    found = []
    for path in sorted(root.rglob("*")):
        if path.suffix not in CODE or not path.is_file():
            continue
        name = path.relative_to(root).as_posix()
        source = folder_of(name)
        if source.split("/")[0] not in MAY_INCLUDE:
            found.append(f"{name}: the folder {source} is not in the table of tests/structure/test_includes.py")
            continue
        is_test = "/tests/" in name
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            quote, target = match.groups()
            where = f"{name}:{number}"
            for header, only in ONLY_IN.items():
                if (target == header or target.startswith(header + "/") or target.startswith(header + ".")) \
                        and source != only:
                    found.append(f"{where}: only {only} sees <{header}>")
            if quote == "<":
                continue
            if target.startswith("tests/"):
                target_folder = "/".join(target.split("/")[:2])
            else:
                target_folder = folder_of(target)
                if not (root / target).is_file():
                    found.append(f'{where}: "{target}" is not a file below src/; libraries are included with <>')
                    continue
            if not allowed(source, target_folder, is_test):
                found.append(f"{where}: {source} may not include {target_folder}")
    return found


class Includes(unittest.TestCase):
    def test_the_tree_keeps_the_order(self):
        self.assertTrue(SOURCE.is_dir())
        self.assertEqual([], violations(SOURCE))

    def test_the_order_has_no_circle(self):
        done = set()

        def visit(folder, path):
            self.assertNotIn(folder, path, "a circle in MAY_INCLUDE")
            if folder in done:
                return
            for each in MAY_INCLUDE[folder]:
                visit(each, path | {folder})
            done.add(folder)

        for folder in MAY_INCLUDE:
            visit(folder, frozenset())


class Detection(unittest.TestCase):
    """The check finds what it is there to find."""

    def setUp(self):
        self._directory = tempfile.TemporaryDirectory()
        self.addCleanup(self._directory.cleanup)
        self.root = pathlib.Path(self._directory.name)
        for name in ("base/money.hpp", "rt/task.hpp", "http/server.hpp", "pg/pool.hpp", "api/auth.hpp",
                     "services/auth/store.hpp", "services/booking/store.hpp", "app/process.hpp"):
            self.plant(name)

    def plant(self, name, *includes):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(f"#include {each}\n" for each in includes), encoding="utf-8")

    def assert_refused(self, name, include, sentence):
        self.plant(name, include)
        found = violations(self.root)
        self.assertEqual(1, len(found), found)
        self.assertIn(sentence, found[0])
        (self.root / name).unlink()

    def test_what_is_in_order_passes(self):
        self.plant("services/auth/service.cpp", '"services/auth/store.hpp"', '"api/auth.hpp"', '"pg/pool.hpp"', "<vector>")
        self.plant("services/auth/tests/store_test.cpp", '"tests/support/database.hpp"', "<gtest/gtest.h>")
        self.plant("main.cpp", '"app/process.hpp"')
        self.plant("http/server.cpp", "<boost/beast/http.hpp>", '"rt/task.hpp"')
        self.plant("pg/pool.cpp", "<libpq-fe.h>")
        self.assertEqual([], violations(self.root))

    def test_a_step_back_is_refused(self):
        self.assert_refused("base/x.hpp", '"rt/task.hpp"', "base may not include rt")
        self.assert_refused("rt/x.cpp", '"pg/pool.hpp"', "rt may not include pg")
        self.assert_refused("pg/x.cpp", '"http/server.hpp"', "pg may not include http")
        self.assert_refused("api/x.hpp", '"services/auth/store.hpp"', "api may not include services/auth")
        self.assert_refused("main.cpp", '"pg/pool.hpp"', "main.cpp may not include pg")

    def test_services_do_not_see_each_other(self):
        self.assert_refused("services/auth/x.cpp", '"services/booking/store.hpp"', "may not include services/booking")
        self.assert_refused("services/auth/tests/x.cpp", '"services/booking/store.hpp"',
                            "may not include services/booking")
        self.assert_refused("services/auth/x.cpp", '"http/server.hpp"', "services/auth may not include http")

    def test_libraries_stay_where_they_belong(self):
        self.assert_refused("app/x.cpp", "<boost/beast/core.hpp>", "only http sees")
        self.assert_refused("app/x.cpp", "<boost/beast.hpp>", "only http sees")
        self.assert_refused("services/auth/x.cpp", "<libpq-fe.h>", "only pg sees")
        self.assert_refused("app/x.cpp", "<librdkafka/rdkafka.h>", "only adapters sees")

    def test_only_tests_see_the_tests_support(self):
        self.assert_refused("pg/x.cpp", '"tests/support/database.hpp"', "may not include tests/support")

    def test_ways_around_the_table_are_refused(self):
        self.assert_refused("pg/x.cpp", '"pool.hpp"', "is not a file below src/")
        self.assert_refused("misc/x.cpp", "<vector>", "is not in the table")
        self.assert_refused("base/x.hpp", '"../rt/task.hpp"', "is not a file below src/")


if __name__ == "__main__":
    unittest.main()
