"""The whole platform as others run it: each service a process of its own, those that matter most twice, on real servers."""

import concurrent.futures
import os
import pathlib
import re
import urllib.request

from tests.harness import UNHURRIED, Database, System
from tests.stack.front import Front
from tests.stack.kafka import Kafka
from tests.stack.mailbox import Mailbox
from tests.stack.opensearch import OpenSearch
from tests.stack.postgres import Postgres
from tests.stack.s3 import VersityGateway
from tests.stack.sandbox import Sandbox
from tests.stack.server import Server, wait_until

ROOT = pathlib.Path(__file__).resolve().parents[2]
WEB = ROOT / "web/dist"

# How many processes run each service. Those who are called start first, those who call stop first.
REPLICAS = {"auth": 1, "catalog": 1, "booking": 2, "payment": 2, "search": 1, "notification": 1, "gateway": 2}

# The schema of each database setting, and the database it is in: a service has one of its own.
DATABASES = {**{service: service for service in REPLICAS if service != "gateway"}, "search_index": "search", "bus": "bus"}

# How old the seats may be that a booking process remembers while another one sells of the same showing.
MAP_MAX_AGE_MS = 1000


class Replica(Server):
    """One process of the platform: `booking-1`. Its port is the internal one, a gateway's the public one."""

    start_within_s = 60

    def __init__(self, deployment, service, number):
        self.service = service
        self.name = f"{service}-{number}"
        self.number = number
        super().__init__(deployment.directory / self.name)
        self._deployment = deployment
        self._more = {}

    def start(self, **settings):
        """Starts it unless it runs, and waits until it is ready. The settings are of this life alone, e.g. a FAULT_POINT."""
        self._more = settings
        return super().start()

    def start_unready(self, **settings):
        """The same without waiting: for one that is to die on the way."""
        self._more = settings
        self.launch()

    @property
    def pid(self):
        return self.running()

    def address(self):
        return f"http://127.0.0.1:{self.port()}"

    def command(self):
        return [str(self._deployment.binary), "serve"]

    def environment(self):
        return self._deployment.environment_of(self, **self._more)

    def healthy(self):
        with urllib.request.urlopen(f"{self.address()}/health/ready", timeout=2) as answer:
            return answer.status == 200


class Databases:
    """All of a deployment's. `database("booking")` is a service's own: `url` for the service and the owner, who come by their roles,
    `admin_url` for the superuser, sql()."""

    def __init__(self, databases):
        self._databases = databases

    def __call__(self, service):
        return self._databases[DATABASES[service]]

    def sql(self, statement):
        """Runs it where the tables are that it names: booking.booking."""
        named = {schema for schema in DATABASES if re.search(rf"\b{schema}\.\w", statement)}
        assert len(named) == 1, f"each service has a database of its own; this names {named}: {statement}"
        return self(named.pop()).sql(statement)


class Deployment(System):
    """All of it in one directory, where a later start finds its data. `processes` and `servers` are told by name; each can be
    started, stopped, killed, paused and resumed. `limits` are the settings of the rate limits; without, those of tests."""

    def __init__(self, binary, directory, settings=None, sample_data=True, posters=False, durable=True, front_port=None,
                 limits=None):
        super().__init__(binary, pathlib.Path(directory).resolve(), {})
        place = self.directory
        self.sample_data = sample_data
        self.posters = posters
        self.processes = {each.name: each for service, count in REPLICAS.items()
                          for each in (Replica(self, service, number) for number in range(1, count + 1))}
        self.front = Front(place / "front", [f"127.0.0.1:{each.port()}" for each in self.replicas_of("gateway")], front_port)
        self.servers = {
            "postgres": Postgres(place / "postgres", () if durable else ("fsync=off",)),
            "kafka": Kafka(place / "kafka"),
            "opensearch": OpenSearch(place / "opensearch"),
            "s3": VersityGateway(place / "s3"),
            "mailbox": Mailbox(place / "mailbox"),
            "sandbox": Sandbox(place / "sandbox", webhook_url=f"{self.url}/api/v1/payments/webhook"),
        }
        self.databases = {}
        self.database = Databases(self.databases)
        self._given_settings = {**(UNHURRIED if limits is None else limits), **(settings or {})}

    @property
    def url(self):
        return self.front.address()

    @property
    def public_url(self):
        """As people enter it."""
        return self.url.replace("127.0.0.1", "localhost")

    def replicas_of(self, service):
        return [each for each in self.processes.values() if each.service == service]

    # ---- start and stop

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self):
        """Starts what does not run, with all the data that is there, and waits until all of it is ready."""
        self.directory.mkdir(parents=True, exist_ok=True)
        for each in self.processes.values():
            each.stop()  # of an earlier life, with its settings
        _each(self.servers.values(), lambda server: server.start())
        self.know_itself()
        for each in self.databases.values():
            each.create()
        self.command("migrate")
        if self.sample_data:
            self.seed(*([] if self.posters else ["--no-posters"]))
        self.start_processes()
        self.front.start()
        # The first index is being built while the process serves already.
        if not wait_until(lambda: self.client().raw("GET", "/search?q=a").status_code == 200, seconds=60):
            raise RuntimeError("search has no index after a minute; see " + str(self.processes["search-1"].log))

    def know_itself(self):
        """Learns from servers that have started what its databases and settings are."""
        cluster = self.servers["postgres"].address()
        self.databases.update({name: Database(cluster, f"ticketshow_{name}") for name in DATABASES.values()})
        self.settings.clear()
        self.settings.update(self._settings())

    def start_processes(self):
        """Those that do not run."""
        self.processes["auth-1"].start()  # makes the key between services, unless it is there
        _each(self.processes.values(), lambda each: each.start())

    def restart(self, **settings):
        """All processes at once, from then on with these settings besides."""
        self.settings.update(settings)
        _each(self.processes.values(), lambda each: each.stop())
        self.start_processes()

    def stop(self):
        """Requests in work may end; then everything is stopped. The data stays."""
        gateways = self.replicas_of("gateway")
        _each(gateways, lambda each: each.stop())
        self.front.stop()
        _each([each for each in self.processes.values() if each not in gateways], lambda each: each.stop())
        _each(self.servers.values(), lambda server: server.stop())

    # ---- settings

    def _settings(self):
        """What every process and command is told, but for what is one service's own."""
        servers = self.servers
        access_key, secret_key = servers["s3"].keys()
        return {
            "DATA_DIR": str(self.directory / "data"), "INTERNAL_KEY_FILE": str(self.directory / "data" / "internal.key"),
            **{f"DATABASE_{name.upper()}_URL": self.database(name).url for name in DATABASES},
            "BUS_ADAPTER": "kafka", "KAFKA_BROKERS": servers["kafka"].address(),
            "SEARCH_ADAPTER": "elastic", "SEARCH_ELASTIC_URL": servers["opensearch"].address(),
            "BLOB_ADAPTER": "s3", "S3_URL": servers["s3"].endpoint(), "S3_ACCESS_KEY": access_key, "S3_SECRET_KEY": secret_key,
            "MAIL_SMTP_URL": servers["mailbox"].address(), "MAIL_TLS": "none", "MAIL_PUBLIC_URL": self.public_url,
            "WEB_PUBLIC_URL": self.public_url, **servers["sandbox"].settings(), "BOOKING_MAP_MAX_AGE_MS": str(MAP_MAX_AGE_MS),
            "HTTP_TRUSTED_PROXIES": "127.0.0.1", "DOCS_ASSETS": str(ROOT / "tools/node/node_modules/swagger-ui-dist"),
            **({"WEB_ROOT": str(WEB)} if WEB.is_dir() else {}), **self._given_settings,
            **self._addresses()}

    def _addresses(self):
        """Where the services are."""
        return {f"{service.upper()}_URL": ",".join(each.address() for each in self.replicas_of(service))
                for service in REPLICAS if service != "gateway"}

    def environment_of(self, replica, **more):
        """What one process is told: of the databases only its own."""
        own = {f"DATABASE_{name.upper()}_URL" for name in (replica.service, "bus", f"{replica.service}_index")}
        told = {name: value for name, value in self.settings.items()
                if not (name.startswith("DATABASE_") and name.endswith("_URL")) or name in own}
        port = "HTTP_PORT" if replica.service == "gateway" else "INTERNAL_PORT"
        told |= {"TARGET": replica.service, port: str(replica.port()), **more}
        return {**os.environ, **{f"TICKETSHOW_{name}": str(value) for name, value in told.items()}}


def _each(of, what):
    """Does something with each, all at once; raises the first that went wrong, when all are through."""
    of = list(of)
    with concurrent.futures.ThreadPoolExecutor(max(len(of), 1)) as pool:
        begun = [pool.submit(what, each) for each in of]
    for each in begun:
        each.result()
