"""What the clients of scripts/bench-api and scripts/fault-api share. `api` is the server's address, DATABASE_URL its database."""

import collections
import http.client
import json
import os
import pathlib
import subprocess
import threading
import time
import urllib.parse


def token_of(actor):
    return subprocess.check_output(
        [os.environ["ONDERDAK_BINARY"], "token", "issue", "--role", actor, "--scope", "*", "--expires", "1d", "--as", "admin/1"],
        text=True).strip()


def sql(statement):
    output = subprocess.check_output(
        ["psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--dbname", os.environ["DATABASE_URL"],
         "--command", statement], text=True)
    return [line.split("|") for line in output.splitlines()]


class Client:
    """A caller with a connection that it keeps."""

    def __init__(self, token, port=None):
        address = urllib.parse.urlsplit(os.environ["api"])
        self.connection = http.client.HTTPConnection(address.hostname, port or address.port, timeout=60)
        self.token = token
        # When the last answer said to come back.
        self.retry_after = None

    def ask(self, method, path, body=None, **headers):
        """The status, the ETag and the answer."""
        fields = {"Authorization": f"Bearer {self.token}", **{name.replace("_", "-"): value for name, value in headers.items()}}
        if body is not None:
            fields["Content-Type"] = "application/json"
        self.connection.request(method, "/v1/" + path, None if body is None else json.dumps(body), fields)
        response = self.connection.getresponse()
        answer = response.read()
        self.retry_after = response.getheader("Retry-After")
        return response.status, response.getheader("ETag"), json.loads(answer) if answer else None


class Crowd:
    """Clients that do the same, each in a thread of its own, and what they were answered."""

    def __init__(self):
        self.statuses = collections.defaultdict(collections.Counter)
        self.times = collections.defaultdict(list)
        self.lock = threading.Lock()
        self.threads = []

    def add(self, kind, work, *arguments):
        self.threads.append(threading.Thread(target=self.run, args=(kind, work, arguments)))

    def run(self, kind, work, arguments):
        try:
            work(*arguments)
        except Exception as error:  # noqa: BLE001: whatever it is, it is told
            with self.lock:
                self.statuses[kind][f"{type(error).__name__}: {error}"] += 1

    def timed(self, kind, call):
        start = time.monotonic()
        answer = call()
        with self.lock:
            self.times[kind].append(time.monotonic() - start)
            self.statuses[kind][answer[0]] += 1
        return answer

    def do(self):
        for thread in self.threads:
            thread.start()
        for thread in self.threads:
            thread.join()


def memory(process):
    """A process's resident memory, in MB."""
    status = pathlib.Path(f"/proc/{process}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))) / 1024
