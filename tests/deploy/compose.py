"""deploy/compose.yaml as Compose's own loader reads it, with the values of deploy/.env."""

import json
import pathlib
import string
import subprocess
import tempfile

from tests.stack.go import built

DEPLOY = pathlib.Path(__file__).resolve().parents[2] / "deploy"


def variables():
    """The lines NAME=VALUE of .env, in which a value may name earlier ones as ${NAME}."""
    values = {}
    for line in (DEPLOY / ".env").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, _, value = line.partition("=")
            values[name] = string.Template(value).substitute(values)
    return values


def services():
    """The services by name. A variable that .env lacks is a KeyError, what Compose refuses an AssertionError with its words.

    The loader's command line knows no .env, so values are put in here: where a name stands alone, as Compose does it when it starts
    a container, and where it stands as ${NAME}.
    """
    given = variables()
    with tempfile.TemporaryDirectory() as place:
        file = pathlib.Path(place) / "compose.yaml"
        file.write_text(string.Template((DEPLOY / "compose.yaml").read_text(encoding="utf-8")).substitute(given), encoding="utf-8")
        done = subprocess.run([built("github.com/compose-spec/compose-go/v2/cmd", "v2.9.1"), "-no-interpolation", "-format", "json", file],
                              cwd=DEPLOY, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    read = json.loads(done.stdout)["services"]
    for each in read.values():
        for name, value in (each.get("environment") or {}).items():
            each["environment"][name] = given.get(name) if value is None else value
    return read
