"""`python3 -m tests.deploy.rehearsal ROOT`: what deploy/compose.yaml runs of ours, run in the root that tests.deploy.image made.

Each process has the environment, the user and the command of its container, beside real servers under the names and ports that
compose.yaml gives them. It has a network of its own (unshare --net), where all containers are one machine: each service listens on an
address of its own. What has to be downloaded is there after `python3 -m tests.deploy.rehearsal --fetch`.
"""

import contextlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import requests

from tests.deploy import compose
from tests.deploy.image import Stage
from tests.harness import Client
from tests.stack.kafka import Kafka
from tests.stack.mailbox import Mailbox
from tests.stack.maven import class_path
from tests.stack.opensearch import OpenSearch
from tests.stack.s3 import weed

ROOT = pathlib.Path(__file__).resolve().parents[2]
SERVICES = ["auth", "catalog", "booking", "payment", "search", "notification", "gateway"]
ADDRESSES = {name: f"127.0.1.{number}" for number, name in enumerate(SERVICES, 1)}
SERVERS = ["postgres", "kafka", "elasticsearch", "storage", "mailpit", "sandbox"]


def wait_until(condition, what, seconds=120):
    give_up = time.monotonic() + seconds
    while not (seen := condition()):
        assert time.monotonic() < give_up, what
        time.sleep(0.2)
    return seen


class Rehearsal:
    def __init__(self, root, place, ending):
        self.root, self.place, self.ending = root, place, ending
        self.services = compose.services()
        self.images = {name: Stage(each["build"]["target"]) for name, each in self.services.items() if "build" in each}

    def inside(self, name, arguments, **more):
        return self.images[name].in_container(self.root, {**self.services[name]["environment"], **more}, arguments)

    def log(self, name):
        return open(self.place / f"{name}.log", "ab")

    def begin(self, name, arguments, **more):
        """A process that ends with this one."""
        child = subprocess.Popen(arguments, stdout=self.log(name), stderr=subprocess.STDOUT, **more)
        self.ending.callback(child.wait)
        self.ending.callback(child.terminate)
        return child

    # ---- the servers

    def start_postgres(self):
        given = self.services["postgres"]["environment"]
        (server,) = pathlib.Path("/usr/lib/postgresql").glob("*/bin")
        as_owner = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
        place = self.place / "postgres"
        place.mkdir()
        shutil.chown(place, "postgres", "postgres")
        password = self.place / "password"
        password.write_text(given["POSTGRES_PASSWORD"], encoding="utf-8")
        password.chmod(0o644)
        subprocess.run([*as_owner, server / "initdb", "-D", place / "data", "-U", "postgres", "--auth-local=trust",
                        "--auth-host=scram-sha-256", f"--pwfile={password}", "--encoding=UTF8"], cwd="/", check=True, stdout=self.log("initdb"))
        self.begin("postgres", [*as_owner, server / "postgres", "-D", place / "data", "-c", f"config_file={ROOT}/tools/postgresql.conf",
                                "-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={place}"], cwd="/")
        health = self.services["postgres"]["healthcheck"]["test"][1:]
        wait_until(lambda: subprocess.run([server / health[0], *health[1:]], check=False).returncode == 0, "PostgreSQL does not answer")
        told = [f"{name}={value}" for name, value in given.items()]
        subprocess.run([*as_owner, "env", f"PGHOST={place}", *told, ROOT / "deploy/postgres/databases.sh"], cwd="/", check=True)

    def start_server(self, kind, name, **ports):
        directory = self.place / name
        directory.mkdir()
        (directory / "ports.json").write_text(json.dumps(ports), encoding="utf-8")
        server = kind(directory)
        server.start()
        self.ending.callback(server.stop)

    def start_storage(self):
        given, data = self.services["storage"], self.place / "storage"
        data.mkdir()
        here = {"-dir=/data": f"-dir={data}", "-ip=storage": "-ip=127.0.0.1"}
        self.begin("storage", [weed(), *(here.get(each, each) for each in given["command"])], cwd=self.place,
                   env={**os.environ, **given["environment"]})

    def start_sandbox(self):
        place = pathlib.Path(f"{self.root}/var/lib/sandbox")
        subprocess.run(["find", place, "-mindepth", "1", "-delete"], check=True)
        image = self.images["sandbox"]
        self.begin("sandbox", self.inside("sandbox", [*image.entry, *self.services["sandbox"]["command"]]))
        healthy = self.inside("sandbox", image.health)
        wait_until(lambda: subprocess.run(healthy, capture_output=True, check=False).returncode == 0, "the sandbox is not healthy", 30)

    def start_servers(self):
        self.start_postgres()
        self.start_server(Kafka, "kafka", main=9092, controller=9094)
        self.start_server(OpenSearch, "elasticsearch", main=9200)
        self.start_server(Mailbox, "mailpit", main=1025, web=8025)
        self.start_storage()
        self.start_sandbox()

    def try_other_databases(self):
        """A service's role and password open its own database and no other."""
        urls = {name: self.services[name]["environment"].get(f"TICKETSHOW_DATABASE_{name.upper()}_URL") for name in SERVICES}
        urls = {name: url for name, url in urls.items() if url}
        for name, url in urls.items():
            for other in urls:
                tried = subprocess.run(["psql", "-Xqc", "SELECT 1", url.replace("@postgres/", "@127.0.0.1/").rpartition("/")[0] + f"/{other}"],
                                       capture_output=True, check=False)
                assert (tried.returncode == 0) == (name == other), f"{name} at {other}: {tried.stderr}"

    # ---- the platform

    def command(self, job, *arguments):
        """A command in a container of this job; what it prints."""
        done = subprocess.run(self.inside(job, [*self.images[job].entry, *(arguments or self.services[job]["command"])]),
                              capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, f"{job} {arguments}: {done.stdout}{done.stderr}"
        return done.stdout

    def healthy(self, name):
        """Its health check, which asks 127.0.0.1 in its container."""
        check = [word.replace("127.0.0.1", ADDRESSES[name]) for word in self.images[name].health]
        return subprocess.run(self.inside(name, check), capture_output=True, check=False).returncode == 0

    def start_platform(self):
        running = {}
        for name in SERVICES:
            image = self.images[name]
            running[name] = self.begin(name, self.inside(name, [*image.entry, *image.command], TICKETSHOW_INTERNAL_ADDRESS=ADDRESSES[name]))
        for name in SERVICES:
            wait_until(lambda: self.healthy(name) or running[name].poll() is not None, f"{name} is not healthy")
            assert running[name].poll() is None, (self.place / f"{name}.log").read_text(encoding="utf-8")[-2000:]
        return running


def fetch():
    """Brings what cannot be brought without a way out."""
    weed()
    compose.services()
    for server in ("kafka", "opensearch"):
        class_path(server)


def story(accounts):
    """Somebody finds, books, pays, gets mail, cancels; the web app and posters are there."""
    url = "http://localhost:8000"
    client = Client(url).login(*accounts["USER"])
    found = wait_until(lambda: client.raw("GET", "/search", params={"q": "lihgthuose"}).json().get("shows"), "nothing is found")
    assert requests.get(found[0]["poster_url"], timeout=10).headers["Content-Type"] == "image/jpeg"
    for page in ("/", "/docs"):
        assert "<html" in requests.get(url + page, timeout=10).text
    venue = client.get("/venues")[0]
    schedule = client.get(f"/schedules/venue/{venue['id']}")[-1]
    free = [seat["id"] for seat in client.get(f"/bookings/schedule/{schedule['id']}/seats") if seat["is_available"]]
    booking = client.hold(schedule["id"], free[:2])
    client.pay(booking["id"])
    booking = client.get(f"/bookings/{booking['id']}")
    assert booking["status"] == "CONFIRMED" and len(booking["tickets"]) == 2
    assert client.raw("GET", f"/bookings/{booking['id']}/tickets.pdf").content.startswith(b"%PDF")
    card = client.post("/payments", booking_id=client.hold(schedule["id"], free[2:3])["id"], payment_method="DODO")
    assert requests.post(card["checkout_url"], data={"number": "4242424242424242", "expiry": "12/34", "cvc": "123", "name": "Ann"},
                         allow_redirects=False, timeout=20).is_redirect
    client.wait_for(f"/payments/{card['id']}", lambda seen: seen["status"] == "COMPLETED", timeout=30)
    client.delete(f"/bookings/{booking['id']}")
    client.wait_for(f"/payments/booking/{booking['id']}", lambda seen: seen["status"] == "REFUNDED", timeout=30)
    mails = "http://localhost:8025/api/email"
    wait_until(lambda: len(requests.get(mails, timeout=10).json()) >= 4, "not all mails came")


def print_logs(place):
    for log in sorted(place.glob("*.log")):
        print(f"---- {log.stem}", *log.read_text(encoding="utf-8", errors="replace").splitlines()[-8:], sep="\n", file=sys.stderr)


def main(root):
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    subprocess.run(["mount", "-t", "proc", "proc", f"{root}/proc"], check=True)
    hosts = [("127.0.0.1", " ".join(["localhost", *SERVERS])), *((address, name) for name, address in ADDRESSES.items())]
    pathlib.Path(f"{root}/etc/hosts").write_text("".join(f"{address} {names}\n" for address, names in hosts), encoding="utf-8")
    subprocess.run(["find", f"{root}/var/lib/ticketshow", "-mindepth", "1", "-delete"], check=True)
    with tempfile.TemporaryDirectory(prefix="ticketshow-rehearsal-") as place, contextlib.ExitStack() as ending:
        os.chmod(place, 0o755)  # PostgreSQL's user has to get in
        ending.push(lambda failure, *_: failure and print_logs(pathlib.Path(place)))
        rehearsal = Rehearsal(root, pathlib.Path(place), ending)
        rehearsal.start_servers()
        print(rehearsal.command("migrate"), end="")
        rehearsal.try_other_databases()
        seeded = rehearsal.command("seed")
        print(seeded, end="")
        running = rehearsal.start_platform()
        print("all services are healthy")
        story({line.split("\t")[1]: line.split("\t")[2:4] for line in seeded.splitlines() if line.startswith("account\t")})
        print("booked, paid by wallet and by card, mailed, cancelled, refunded")
        rehearsal.command("auth", "wallet", "credit", "--email", "user@ticketshow.example", "--amount", "5.00", "--reference", "gift-1")
        print(rehearsal.command("migrate", "check"), end="")
        for name in reversed(SERVICES):
            running[name].send_signal(signal.SIGTERM)
            assert running[name].wait(timeout=30) == 0, name


if __name__ == "__main__":
    if sys.argv[1] == "--fetch":
        fetch()
    else:
        main(sys.argv[1])
