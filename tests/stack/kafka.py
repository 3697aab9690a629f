"""A real Kafka: one node, broker and controller in one process (KRaft)."""

import base64
import socket
import struct
import subprocess
import uuid

from tests.stack.maven import class_path
from tests.stack.server import Server

# Small and quick to start: the tests have neither much data nor many connections.
JAVA = ["java", "-Xms64m", "-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-Dorg.slf4j.simpleLogger.showDateTime=true",
        "-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS"]


class Kafka(Server):
    name = "Kafka"

    def address(self):
        return f"127.0.0.1:{self.port()}"

    def command(self):
        java = [*JAVA, "-cp", class_path("kafka")]
        properties = self.directory / "server.properties"
        properties.write_text("".join(f"{key}={value}\n" for key, value in self._properties().items()), encoding="utf-8")
        if not (self.directory / "data" / "meta.properties").exists():
            cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
            done = subprocess.run(
                [*java, "kafka.tools.StorageTool", "format", f"--cluster-id={cluster}", "--config", str(properties)],
                capture_output=True, text=True, timeout=self.start_within_s, check=False)
            if done.returncode != 0:
                raise RuntimeError(f"Kafka's storage could not be made:\n{done.stdout}\n{done.stderr}")
        return [*java, "kafka.Kafka", str(properties)]

    def _properties(self):
        broker, controller = self.address(), f"127.0.0.1:{self.port('controller')}"
        return {
            "process.roles": "broker,controller",
            "node.id": 1,
            "controller.quorum.voters": f"1@{controller}",
            "listeners": f"PLAINTEXT://{broker},CONTROLLER://{controller}",
            "advertised.listeners": f"PLAINTEXT://{broker}",
            "controller.listener.names": "CONTROLLER",
            "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
            "log.dirs": self.directory / "data",
            # A topic that nobody made is an error of ours that the tests should see.
            "auto.create.topics.enable": "false",
            # Internal topics of a single node.
            "offsets.topic.replication.factor": 1,
            "offsets.topic.num.partitions": 4,
            "transaction.state.log.replication.factor": 1,
            "transaction.state.log.min.isr": 1,
            # Tests do not wait for processes that may still come.
            "group.initial.rebalance.delay.ms": 0,
            "group.min.session.timeout.ms": 1000,
        }

    def healthy(self):
        """Whether the broker answers the protocol's first request, which versions it speaks."""
        body = struct.pack(">hhih", 18, 0, 1, -1)  # ApiVersions, version 0, correlation 1, no client id
        with socket.create_connection(("127.0.0.1", self.port()), timeout=2) as line:
            line.sendall(struct.pack(">i", len(body)) + body)
            return len(line.recv(4)) > 0
