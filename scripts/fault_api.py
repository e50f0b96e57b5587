"""The faults of scripts/fault-api, which calls this with `api`, `server` (its process) and `demo` (its folder) set."""

import argparse
import contextlib
import http.client
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.parse

from api_clients import Client, memory, sql, token_of

WRITERS, READERS = 16, 4
EXPECTED = {"capacity", "overdue", "coverage", "alarms", "retention", "login"}
ADDRESS = urllib.parse.urlsplit(os.environ["api"])
# Each writer speaks of a unit of its own, as shelters do.
UNITS = [unit for unit, in sql(f"SELECT id FROM unit ORDER BY id LIMIT {WRITERS}")]
failures = []


def check(holds, sentence):
    """Tells whether something is as it should be."""
    print(f"  {'fine ' if holds else 'WRONG'}  {sentence}", flush=True)
    if not holds:
        failures.append(sentence)


class Load:
    """Clients that write and read until they are told to stop; each write has a key and a reason of its own."""

    def __init__(self, name, token, ports=(ADDRESS.port,)):
        self.name, self.token, self.ports = name, token, ports
        self.stopped = threading.Event()
        self.lock = threading.Lock()
        self.answered, self.unanswered, self.odd, self.later, self.longest = set(), {}, [], 0, 0.0
        self.threads = [threading.Thread(target=self.write, args=(number,)) for number in range(WRITERS)]
        self.threads += [threading.Thread(target=self.read) for _ in range(READERS)]
        for thread in self.threads:
            thread.start()

    def stop(self):
        self.stopped.set()
        for thread in self.threads:
            thread.join()

    def await_writes(self, more=2 * WRITERS):
        """Waits until so many more writes were answered: the load is well under way."""
        wanted = len(self.answered) + more
        check(until(lambda: len(self.answered) >= wanted, 30) is not None, f"{more} more writes are answered within 30 seconds")

    def ask(self, client, *arguments, **headers):
        """The status; None where there was none."""
        start = time.monotonic()
        try:
            status, _, _ = client.ask(*arguments, **headers)
        except (OSError, ValueError, http.client.HTTPException):
            client.connection.close()
            status = None
        with self.lock:
            self.longest = max(self.longest, time.monotonic() - start)
            if status == 503:
                self.later += 1
                if not client.retry_after:
                    self.odd.append("503 without Retry-After")
            elif status not in (200, None):
                self.odd.append(status)
        return status

    def write(self, number):
        clients, turn = [Client(self.token, port) for port in self.ports], 0
        while not self.stopped.is_set():
            turn += 1
            name = f"{self.name}-{number}-{turn}"
            statuses = [self.put(clients[0], name)]
            # Where there are several servers, the next one is asked when one does not answer, and the first again a second later.
            for client in clients[1:] + clients if len(clients) > 1 else []:
                if 200 in statuses:
                    break
                # Back at the first, a server that just went has had time to be replaced.
                time.sleep(1 if client is clients[0] else 0)
                statuses.append(self.put(client, name))
            with self.lock:
                if 200 in statuses:
                    self.answered.add(name)
                else:
                    self.unanswered[name] = statuses
            if 200 not in statuses:
                time.sleep(0.2)  # A server that is away is not asked in a busy loop.

    def put(self, client, name):
        unit = UNITS[int(name.split("-")[1])]
        count = {"kind": "beds", "number": 99, "reason": name}
        return self.ask(client, "PUT", f"units/{unit}/capacity", count, If_Match="*", Idempotency_Key=name)

    def read(self):
        clients = [Client(self.token, port) for port in self.ports]
        while not self.stopped.is_set():
            if not any(self.ask(client, "GET", "availability") == 200 for client in clients):
                time.sleep(0.2)  # As above.

    def settle(self):
        """Checks that what was answered is there once, sends the rest again, and checks that as well."""
        kept = {reason: int(count) for reason, count in sql(
            f"SELECT reason, count(*) FROM capacity_report WHERE reason LIKE '{self.name}-%' GROUP BY reason")}
        lost = [name for name in self.answered if kept.get(name) != 1]
        check(not lost, f"{len(self.answered)} writes were answered, and each is there once (lost: {lost[:3]})")
        client = Client(self.token)
        again = {name: self.put(client, name) for name in self.unanswered}
        refused = {name: status for name, status in again.items() if status != 200}
        check(not refused, f"{len(again)} were not, and were sent again with their keys (refused: {list(refused.items())[:3]})")
        rows = sql(f"SELECT count(*), count(DISTINCT reason) FROM capacity_report WHERE reason LIKE '{self.name}-%'")[0]
        total = len(self.answered) + len(self.unanswered)
        check(rows == [str(total), str(total)], f"all {total} are there once: {rows[0]} rows")


def postgres():
    """The folder of PostgreSQL's data, and its first process."""
    data = sql("SHOW data_directory")[0][0]
    return data, int(pathlib.Path(data, "postmaster.pid").read_text().splitlines()[0])


def family(process):
    """A process and its children."""
    children = subprocess.run(["ps", "-o", "pid=", "--ppid", str(process)], capture_output=True, text=True).stdout
    return [process, *map(int, children.split())]


def stand_still(seconds):
    _, first = postgres()
    stopped = family(first)
    tell(stopped, signal.SIGSTOP)
    time.sleep(seconds)  # The fault itself.
    tell(stopped, signal.SIGCONT)


def tell(processes, what):
    """Sends a signal to those that are still there."""
    for process in processes:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, what)


def stop_and_start(seconds):
    data, first = postgres()
    owner = os.stat(data)
    command = pathlib.Path(data, "postmaster.opts").read_text()
    os.kill(first, signal.SIGINT)
    while pathlib.Path(f"/proc/{first}").exists() and pathlib.Path(data, "postmaster.pid").exists():
        time.sleep(0.05)  # It shuts down.
    time.sleep(seconds)  # The fault itself.

    def become_owner():
        if os.geteuid() == 0:
            os.setgid(owner.st_gid)
            os.setuid(owner.st_uid)

    with open(pathlib.Path(data, "server.log"), "a") as log:
        subprocess.Popen(["sh", "-c", f"exec {command}"], cwd="/", stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                         preexec_fn=become_owner, start_new_session=True)


def until(holds, seconds):
    """How long it takes for something to be so; None: longer than that."""
    start = time.monotonic()
    while time.monotonic() - start < seconds:
        if holds():
            return time.monotonic() - start
        time.sleep(0.1)  # Until it is looked at again.
    return None


def serves(token):
    try:
        client = Client(token)
        client.connection.timeout = 10
        return client.ask("GET", "availability")[0] == 200
    except Exception:  # noqa: BLE001: not yet
        return False


def without_database(name, sentence, fault, seconds, token):
    print(f"\n{sentence} for {seconds} seconds, under load")
    load = Load(name, token)
    load.await_writes()
    before = len(load.answered)
    fault(seconds)
    back = until(lambda: serves(token), 30)
    load.await_writes()
    load.stop()
    check(back is not None, f"it serves again by itself, {back if back is None else round(back, 1)} seconds after PostgreSQL does")
    check(alive(), "the server is the same process")
    check(not load.odd, f"{load.later} answers of 503 with Retry-After, and nothing odd: {load.odd[:5]}")
    print(f"         {before} writes were answered before; the longest answer took {load.longest:.1f} seconds")
    load.settle()


def alive():
    return pathlib.Path(f"/proc/{os.environ['server']}").exists()


def door():
    return socket.create_connection((ADDRESS.hostname, ADDRESS.port), timeout=40)


def answer_to(parts, pause=0.0):
    """Sends parts until there are no more or the other side has had enough: the status (None: cut off), and what was sent."""
    connection, sent = door(), 0
    try:
        for part in parts:
            connection.sendall(part)
            sent += len(part)
            if pause:
                time.sleep(pause)  # What makes it slow: a byte now and then, so that the connection is never idle.
    except OSError:
        pass
    answer = b""
    try:
        while part := connection.recv(65536):
            answer += part
            if b"\r\n\r\n" in answer and not answer.startswith(b"HTTP/1.1 100"):
                break
    except OSError:
        pass
    connection.close()
    status = re.match(rb"HTTP/1\.1 (\d+)", answer)
    return (int(status[1]) if status else None), sent


def request(token, body, *fields, length=None):
    head = ["POST /v1/capacity-reports HTTP/1.1", "Host: a", f"Authorization: Bearer {token}", "Content-Type: application/json",
            *fields, f"Content-Length: {len(body) if length is None else length}"]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def unwelcome(token):
    """What nobody should send: what it is, its parts, and the statuses that refuse it."""
    megabyte = b" " * (1 << 20)
    head = f"GET /v1/units HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\n".encode()
    chunked = request(token, b"", "Transfer-Encoding: chunked").replace(b"\r\nContent-Length: 0", b"")
    yield "a body of 100 MB", [request(token, b"", length=100 << 20), *[megabyte] * 100], {413}
    yield "100 MB in chunks", [chunked, *[b"100000\r\n" + megabyte + b"\r\n"] * 100], {413}
    yield "bad UTF-8", [request(token, b'{"reports": [{"unit": "\xff\xfe"}]}')], {400}
    yield "half a surrogate", [request(token, b'{"reports": [{"unit": "\\ud800"}]}')], {400, 422}
    yield "JSON 100,000 deep", [request(token, b"[" * 100_000)], {400}
    yield "objects 100,000 deep", [request(token, b'{"a":' * 100_000)], {400}
    yield "a number of 100,000 digits", [request(token, b'{"reports": ' + b"9" * 100_000 + b"}")], {400, 422}
    yield "100,000 fields", [request(token, b"{" + b",".join(b'"a%d":1' % number for number in range(60_000)) + b"}")], {422}
    yield "10,000 headers", [head + b"".join(b"X-A%d: b\r\n" % number for number in range(10_000)) + b"\r\n"], {431}
    yield "a header of 1 MB", [head + b"X-A: " + b"a" * (1 << 20) + b"\r\n\r\n"], {431}
    yield "an address of 1 MB", [b"GET /" + b"a" * (1 << 20) + b" HTTP/1.1\r\nHost: a\r\n\r\n"], {414, 431}
    yield "no HTTP", [b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200)], {400}
    yield "two lengths", [request(token, b"{}", "Content-Length: 5")], {400}
    yield "a length that is none", [request(token, b"{}", length="-1")], {400}
    yield "headers that never end", (head + b"X-A: " if number == 0 else b"a" for number in range(18)), {408, None}
    yield "a body that never ends", (request(token, b"{", length=100) if number == 0 else b" " for number in range(18)), {408}


def hostile(token):
    print("\nwhat nobody should send")
    before = memory(os.environ["server"])
    slow = [door() for _ in range(300)]
    for connection in slow:
        connection.sendall(b"GET /v1/units HTTP/1.1\r\nX-Slow: ")
    times, stopped = [], threading.Event()

    def friend():
        client = Client(token)
        while not stopped.is_set():
            start = time.monotonic()
            status = client.ask("GET", "availability")[0]
            times.append(time.monotonic() - start if status == 200 else 1e9)
            time.sleep(0.02)  # As a friend does, who asks now and then; busy asking would be a load of its own.

    well = threading.Thread(target=friend)
    well.start()
    for what, parts, statuses in unwelcome(token):
        status, sent = answer_to(parts, pause=1 if "never" in what else 0)
        check(status in statuses, f"{what}: {status or 'cut off'} after {sent:,} bytes")
    closed = 0
    for connection in slow:
        connection.settimeout(20)
        try:
            closed += connection.recv(1) == b""
        except TimeoutError:
            pass
        except OSError:
            closed += 1
        connection.close()
    check(closed == len(slow), f"{closed} of {len(slow)} connections whose headers do not arrive were closed")
    stopped.set()
    well.join()
    times.sort()
    p99 = times[len(times) * 99 // 100]
    check(p99 < 5, f"meanwhile {len(times)} requests of somebody else: p99 {p99 * 1000:.0f} ms")
    grown = memory(os.environ["server"]) - before
    check(grown < 100, f"the server's memory grew by {grown:.0f} MB")


def terminate(token):
    print("\nSIGTERM under load")
    load = Load("term", token)
    load.await_writes()
    stop_server()
    load.stop()
    check(not load.odd, f"nothing odd was answered: {load.odd[:5]}")
    serve(ADDRESS.port)
    load.settle()


def serve(port):
    """Another server, which ends with this program."""
    with open(pathlib.Path(os.environ["demo"], "log"), "a") as log:
        process = subprocess.Popen(
            [os.environ["ONDERDAK_BINARY"], "serve", "--port", str(port), "--metrics-port", "0", "--rate", "1000000", "--burst",
             "1000000"], stderr=log)
    servers.append(process)
    if until(lambda: is_open(port), 20) is None:
        raise SystemExit("fault-api: another server does not start")
    return process


def is_open(port):
    try:
        socket.create_connection((ADDRESS.hostname, port), timeout=5).close()
        return True
    except OSError:
        return False


def free_port():
    with socket.socket() as probe:
        probe.bind((ADDRESS.hostname, 0))
        return probe.getsockname()[1]


def upgrade(token):
    print("\ntwo servers, replaced one after the other, under load")
    running = {port: serve(port) for port in (free_port(), free_port())}
    load = Load("two", token, tuple(running))
    for port, old in running.items():
        load.await_writes()
        old.send_signal(signal.SIGTERM)
        check(old.wait(40) == 0, "one has ended")
        serve(port)
    load.await_writes()
    load.stop()
    check(not load.unanswered, f"no write found both away for a second (did: {list(load.unanswered.items())[:9]})")
    check(not load.odd, f"nothing odd was answered: {load.odd[:5]}")
    load.settle()


def migrate(new, token):
    """As docs/operations.md has it: the old servers are stopped, the new program migrates, the new ones are started."""
    print("\nthe old program replaced by another, with its migrations, under load")
    load = Load("migrate", token)
    load.await_writes()
    start = time.monotonic()
    stop_server()
    told = subprocess.run([new, "migrate"], capture_output=True, text=True)
    check(told.returncode == 0, f"the new program migrates: {told.stdout.strip().splitlines()[-1:]} {told.stderr.strip()}")
    if told.returncode != 0:
        raise SystemExit("fault-api: the new program does not migrate (above): nothing was replaced")
    os.environ["ONDERDAK_BINARY"] = new
    serve(ADDRESS.port)
    print(f"         between the two callers found nobody for {time.monotonic() - start:.1f} seconds")
    load.await_writes()
    load.stop()
    check(not load.odd, f"nothing odd was answered: {load.odd[:5]}")
    load.settle()


def stop_server():
    server = int(os.environ["server"])
    os.kill(server, signal.SIGTERM)
    # The shell that started it has to take note of its end; until then it is there, but a zombie.
    gone = until(lambda: not alive() or ") Z " in pathlib.Path(f"/proc/{server}/stat").read_text(), 40)
    check(gone is not None, f"it has ended, after {gone if gone is None else round(gone, 1)} seconds")


servers = []


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, required=True)
    parser.add_argument("--migrate-with", help="the program that replaces the one that serves; nothing else is tried then")
    asked = parser.parse_args()
    token = token_of("desk/national")
    try:
        if asked.migrate_with:
            migrate(asked.migrate_with, token)
        else:
            without_database("still", "PostgreSQL stands still", stand_still, asked.seconds, token)
            without_database("away", "PostgreSQL is stopped and started", stop_and_start, asked.seconds, token)
            hostile(token)
            terminate(token)
            upgrade(token)
        found = json.loads(subprocess.run(
            [os.environ["ONDERDAK_BINARY"], "doctor", "--format", "json"], capture_output=True, text=True).stdout)
        # What is late, or that this database's login is its owner, is not the faults' doing.
        wrong = [finding for finding in found if finding["state"] == "wrong" and finding["subject"] not in EXPECTED]
        check(not wrong, f"doctor finds nothing half done: {wrong}")
    finally:
        for process in servers:
            process.terminate()
            process.wait()
    print(f"\n{len(failures)} of these are wrong" if failures else "\nit bore all")
    return 1 if failures else 0


sys.exit(main())
