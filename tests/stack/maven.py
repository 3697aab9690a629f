"""Java programs from Maven: their pinned versions stand in tests/stack/NAME/pom.xml."""

import fcntl
import pathlib
import shutil
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]


def class_path(name):
    """The class path of tests/stack/NAME/pom.xml. Maven brings it into var/ when it is not there or the file changed."""
    pom = ROOT / "tests" / "stack" / name / "pom.xml"
    place = ROOT / "var" / "stack" / name
    place.mkdir(parents=True, exist_ok=True)
    jars, stamp, log = place / "jars", place / "pom.xml", place / "maven.log"
    with open(place / "lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not stamp.exists() or stamp.read_bytes() != pom.read_bytes():
            shutil.rmtree(jars, ignore_errors=True)
            with open(log, "wb") as output:
                done = subprocess.run(["mvn", "-q", "-B", "-f", str(pom), "dependency:copy-dependencies",
                                       f"-DoutputDirectory={jars}"], stdout=output, stderr=output, timeout=600, check=False)
            if done.returncode != 0:
                end = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
                raise RuntimeError(f"Maven could not bring {name}; the end of {log}:\n{end}")
            shutil.copyfile(pom, stamp)
    return f"{jars}/*"
