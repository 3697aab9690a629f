"""Reads of the seat map and the show list, beside nginx with one worker serving the same bytes as a file."""

import subprocess

import requests

from bench.stage import compared, median
from tests.harness import free_port

NGINX = """\
worker_processes 1;
worker_rlimit_nofile 32768;
pid {directory}/nginx.pid;
error_log {directory}/nginx.log;
events {{ worker_connections 16384; }}
http {{
  access_log off;
  sendfile on;
  tcp_nodelay on;
  keepalive_requests 1000000;
  open_file_cache max=100;
  default_type application/json;
  server {{ listen 127.0.0.1:{port}; root {directory}/nginx; }}
}}
"""


class Nginx:
    """One worker in the foreground of a child process, stopped by its handle."""

    def __init__(self, directory):
        self.port = free_port()
        self.root = directory / "nginx"
        self.root.mkdir(exist_ok=True)
        configuration = directory / "nginx.conf"
        configuration.write_text(NGINX.format(directory=directory, port=self.port))
        directory.chmod(0o755)  # its worker may run as another user
        self.child = subprocess.Popen(["nginx", "-c", str(configuration), "-g", "daemon off;"])

    def stop(self):
        self.child.terminate()
        self.child.wait(timeout=10)

    def url(self, name):
        return f"http://127.0.0.1:{self.port}/{name}"


SHOWS = 24


def measure(stage, nginx, options, what, path):
    url = f"{stage.platform.url}/api/v1{path}"
    name = what.replace(" ", "-") + ".json"
    (nginx.root / name).write_bytes(requests.get(url, timeout=10).content)
    size = (nginx.root / name).stat().st_size
    peer, mine = [], []
    for _ in range(options.rounds):
        for address, rates in ((nginx.url(name), peer), (url, mine)):
            figures = stage.wrk(None, [], options.seconds, url=address)
            assert figures["failed"] == 0, f"{address}: {figures['failed']} failures"
            rates.append(figures["rate"])
    return compared(f"{what}, {size / 1000:.1f} kB, one thread", median(mine), median(peer), "/s", 0.8, bytes=size)


def run(stage, options):
    for _ in range(SHOWS):
        _, schedules = stage.make_schedules(1, 120)
    nginx = Nginx(stage.directory)
    try:
        return [measure(stage, nginx, options, "seat map", f"/bookings/schedule/{schedules[0][0]}/seats"),
                measure(stage, nginx, options, "show list", "/shows?limit=100")]
    finally:
        nginx.stop()
