"""What ./run stack runs: `python3 -m tests.stack.run serve DIRECTORY BINARY PORT` starts the deployment of a directory, says what is
where and stops all of it at Ctrl-C; `stop DIRECTORY` stops what one that was killed has left; `on DIRECTORY BINARY PORT COMMAND…` runs a
command of the operator on it, `psql SERVICE …` a session on the database of a service."""

import os
import pathlib
import signal
import subprocess
import sys
import time

from tests.stack.deployment import DATABASES, Deployment

ROOT = pathlib.Path(__file__).resolve().parents[2]
BETWEEN_STARTS_S = 5  # of one process that ends at each start


def say(what):
    print(f"\033[1m==>\033[0m {what}", file=sys.stderr, flush=True)


def lines_of(platform):
    """Where everything is: the servers as their clients find them, each process with its log."""
    servers = platform.servers
    yield "mailbox", servers["mailbox"].web_address() + "/"
    yield "card sandbox", servers["sandbox"].address() + "/"
    yield "Kafka", servers["kafka"].address()
    yield "OpenSearch", servers["opensearch"].address()
    yield "S3", servers["s3"].endpoint()
    yield "PostgreSQL", servers["postgres"].address()
    for name, each in platform.processes.items():
        log = each.log.relative_to(ROOT) if each.log.is_relative_to(ROOT) else each.log
        yield name, f"{each.address()}/metrics  pid {each.running()}  {log}"


def print_table(platform):
    rows = "".join(f"{name}\t{where}\n" for name, where in lines_of(platform))
    rows += "".join(f"account\t{role}\t{email}\t{password}\n" for role, (email, password) in platform.accounts.items())
    subprocess.run([str(ROOT / "tools/table.sh"), platform.public_url], input=rows, text=True, check=True)


def keep_up(platform):
    """A process that ended is started again, as a supervisor would; no other one waits until it is ready."""
    begun = {}
    while True:
        time.sleep(1)
        for name, each in platform.processes.items():
            if each.running() or time.monotonic() < begun.get(name, 0) + BETWEEN_STARTS_S:
                continue
            begun[name] = time.monotonic()
            try:
                each.launch()
                say(f"{name} has ended (its log is {each.log}); it is started again, pid {each.running()}")
            except (OSError, RuntimeError) as error:
                say(f"{name} has ended and cannot be started: {error}")


def end(signal_number, _):
    raise SystemExit(128 + signal_number)


def serve(directory, binary, port):
    for each in signal.SIGINT, signal.SIGTERM, signal.SIGHUP:
        signal.signal(each, end)
    platform = Deployment(binary, directory, limits={}, posters=True, front_port=int(port))
    try:
        say("starting PostgreSQL, Kafka, OpenSearch, S3, a mailbox and the card sandbox, then ten processes")
        platform.start()
        print_table(platform)
        keep_up(platform)
    finally:
        for each in signal.SIGINT, signal.SIGTERM, signal.SIGHUP:
            signal.signal(each, signal.SIG_IGN)
        say("stopping: requests in work may end")
        platform.stop()


def stop(directory):
    Deployment("ticketshow", directory).stop()


def on(directory, binary, port, *command):
    if not command or command[0] == "serve":
        raise RuntimeError("usage: ./run on-stack COMMAND…, e.g. check, or psql SERVICE")
    platform = Deployment(binary, directory, limits={}, front_port=int(port))
    if not platform.servers["postgres"].running():
        raise RuntimeError("./run stack is not going in this folder")
    platform.know_itself()
    if command[0] != "psql":
        os.execve(platform.binary, [str(platform.binary), *command], platform.environment())
    if len(command) < 2 or command[1] not in DATABASES:
        raise RuntimeError(f"each service has a database of its own: psql {'|'.join(DATABASES)}")
    os.execvp("psql", ["psql", platform.database(command[1]).admin_url, *command[2:]])


if __name__ == "__main__":
    try:
        {"serve": serve, "stop": stop, "on": on}[sys.argv[1]](*sys.argv[2:])
    except (RuntimeError, AssertionError) as error:
        sys.exit(f"ticketshow: {error}")
