"""Asks the same of the API so many times a second, evenly spaced, whether or not it has answered: `api` is its address.

Reads the body to post, if any, from standard input, and prints requests/s, p50 and p99 in ms. A latency counts from the
instant at which the request was due and not from when a client got round to it, so that a server that falls behind cannot
hide it (no coordinated omission).
"""

import argparse
import itertools
import os
import socket
import sys
import threading
import time
import urllib.parse

# As many as may wait for an answer at once; more than that, and the rate is not the server's.
CLIENTS = 64


class Caller:
    """A connection that is kept, and one request as it goes over it: the measuring has to cost little."""

    def __init__(self, address, request):
        self.connection = socket.create_connection((address.hostname, address.port), timeout=60)
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.request = request

    def ask(self):
        """Sends the request and reads all of the answer: its status."""
        self.connection.sendall(self.request)
        answer = b""
        while (end := answer.find(b"\r\n\r\n")) < 0:
            answer += self.received()
        head = answer[:end].lower()
        length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
        missing = length - (len(answer) - end - 4)
        while missing > 0:
            missing -= len(self.received())
        return int(head.split(b" ", 2)[1])

    def received(self):
        part = self.connection.recv(1 << 18)
        if not part:
            raise ConnectionError("cut off")
        return part


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=int, required=True)
    parser.add_argument("--seconds", type=int, required=True)
    parser.add_argument("method")
    parser.add_argument("path")
    asked = parser.parse_args()
    address = urllib.parse.urlsplit(os.environ["api"])
    body = b"" if sys.stdin.isatty() else sys.stdin.buffer.read()
    fields = [f"{asked.method} {asked.path} HTTP/1.1", f"Host: {address.netloc}", f"Authorization: Bearer {os.environ['token']}"]
    if body:
        fields += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    request = "\r\n".join(fields).encode() + b"\r\n\r\n" + body

    callers = [Caller(address, request) for _ in range(CLIENTS)]
    total, tickets, lock = asked.rate * asked.seconds, itertools.count(), threading.Lock()
    times, failures = [], []
    start = time.monotonic() + 0.5

    def work(caller):
        while True:
            with lock:
                ticket = next(tickets)
            if ticket >= total:
                return
            due = start + ticket / asked.rate
            time.sleep(max(0.0, due - time.monotonic()))  # Until the request is due: the even spacing itself.
            try:
                status = caller.ask()
            except (OSError, ValueError, IndexError) as error:
                failures.append(repr(error))
                return
            times.append(time.monotonic() - due)
            if status != 200:
                failures.append(status)

    threads = [threading.Thread(target=work, args=(caller,)) for caller in callers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures or len(times) < total:
        print(f"steady_api: {len(failures)} of {total} failed, the first: {failures[:3]}", file=sys.stderr)
        return 1
    times.sort()
    spent = time.monotonic() - start
    print(f"{total / spent:.1f} {times[total // 2] * 1000:.2f} {times[min(total - 1, total * 99 // 100)] * 1000:.2f}")
    return 0


sys.exit(main())
