"""The many clients of scripts/bench-api, which calls this with `api`, `server` (its process) and `token` (of the desk) set."""

import argparse
import collections
import datetime
import os
import random
import sys
import time

from api_clients import Client, Crowd, memory, sql, token_of

REPORTERS, SEARCHERS, ACCEPTORS = 64, 16, 4
SEARCH = {"victims": [{"sex": "female", "birthDate": "1999-02-03", "phase": "resident"}],
          "from": "2026-01-05", "until": "2026-03-05", "near": "utr"}


def offers_to_accept(desk):
    """Offers of beds that are free, and that wait for one approval: offer, the token of who gives it, unit."""
    offers, given, tokens = [], collections.Counter(), {"desk/national": os.environ["token"]}
    for request in desk.ask("GET", "requests?state=submitted&limit=200")[2]["items"]:
        if request["victims"] > 1:
            continue
        victim = desk.ask("GET", f"requests/{request['id']}")[2]["victims"][0]
        first = max(datetime.date(2026, 1, 5), datetime.date.fromisoformat(request["neededFrom"]))
        last = first + datetime.timedelta(days=request["stayDays"])
        for unit in desk.ask("POST", "bed-search", {"request": request["id"], "unsuitable": False, "limit": 200})[2]["items"]:
            if given[unit["unit"]] == unit["free"]:
                continue
            stay = {"victim": victim, "unit": unit["unit"], "from": str(first), "until": str(last)}
            reason = [{"rule": "out-of-region", "reason": "bench"}]
            offer = {"request": request["id"], "stays": [stay], "overrides": reason}
            status, _, made = desk.ask("POST", "offers", offer)
            if status != 201 or len(made["missing"]) > 1:
                continue
            role = made["missing"][0]["roles"][0]
            actor = {"desk": "desk/national", "shelter": f"shelter/{unit['shelter']}"}.get(role)
            if actor is not None:
                tokens[actor] = tokens.get(actor) or token_of(actor)
                offers.append((made["offer"], tokens[actor], unit["unit"]))
                given[unit["unit"]] += 1
                break
    return offers


def search(crowd, token, until):
    client = Client(token)
    while time.monotonic() < until:
        crowd.timed("search", lambda: client.ask("POST", "bed-search", SEARCH))


def report(crowd, token, unit, until, acknowledged):
    """Reports a count with the version that it saw; where somebody was before it, looks again."""
    client = Client(token)
    chance = random.Random(unit)
    while time.monotonic() < until:
        _, version, _ = crowd.timed("look", lambda: client.ask("GET", f"units/{unit}/capacity"))
        number = chance.randrange(40)
        count = {"kind": "beds", "number": 40 + number, "reason": "bench"}
        status, made, _ = crowd.timed("report", lambda: client.ask("PUT", f"units/{unit}/capacity", count, If_Match=version))
        if status == 200:
            with crowd.lock:
                acknowledged[unit].append((made, 40 + number))


def accept(crowd, offers, pause):
    for offer, token, _ in offers:
        client = Client(token)
        crowd.timed("accept", lambda: client.ask("POST", f"offers/{offer}/accept", {}, If_Match="*"))
        time.sleep(pause)  # So that acceptances come all through the load, not all at its start.


def contend(seconds):
    """Reports, searches and acceptances at once; returns whether all that was answered is there."""
    desk = Client(os.environ["token"])
    offers = offers_to_accept(desk)
    taken = {unit for _, _, unit in offers}
    units = [(unit, shelter) for unit, shelter in sql("SELECT id, shelter FROM unit ORDER BY id") if unit not in taken]
    # Four speak of each of sixteen units.
    chosen = units[:: max(1, len(units) // (REPORTERS // 4))][: REPORTERS // 4]
    tokens = {unit: token_of(f"shelter/{shelter}") for unit, shelter in chosen}
    crowd, acknowledged = Crowd(), collections.defaultdict(list)
    until = time.monotonic() + seconds
    for number in range(REPORTERS):
        unit = chosen[number % len(chosen)][0]
        crowd.add("report", report, crowd, tokens[unit], unit, until, acknowledged)
    for _ in range(SEARCHERS):
        crowd.add("search", search, crowd, os.environ["token"], until)
    for number in range(ACCEPTORS):
        mine = offers[number::ACCEPTORS]
        crowd.add("accept", accept, crowd, mine, seconds / (len(mine) + 1))
    crowd.do()

    print(f"\n{REPORTERS} report, {SEARCHERS} search and {ACCEPTORS} accept for {seconds} seconds")
    for kind, statuses in sorted(crowd.statuses.items()):
        times = sorted(crowd.times[kind]) or [0]
        told = ", ".join(f"{count} × {status}" for status, count in sorted(statuses.items(), key=str))
        print(f"  {kind:8} {told}; p50 {times[len(times) // 2] * 1000:.0f} ms, p99 {times[len(times) * 99 // 100] * 1000:.0f} ms")
    # 412 is what the version is for: somebody was faster.
    fine = {"look": {200}, "search": {200}, "report": {200, 412}, "accept": {200}}
    errors = sum(count for kind, statuses in crowd.statuses.items() for status, count in statuses.items() if status not in fine[kind])
    lost = 0
    for unit, answers in acknowledged.items():
        kept = int(sql(f"SELECT count(*) FROM capacity_report WHERE unit = '{unit}' AND reason = 'bench'")[0][0])
        versions = {version for version, _ in answers}
        last = max(answers, key=lambda answer: int(answer[0].strip('"')))[1]
        beds = int(sql(f"SELECT unit_beds('{unit}', ledger_today())")[0][0])
        lost += abs(kept - len(answers)) + len(answers) - len(versions) + (beds != last)
    accepted = int(sql("SELECT count(*) FROM offer WHERE state = 'accepted' AND EXISTS (SELECT FROM stay WHERE stay.request = offer.request)")[0][0])
    lost += abs(accepted - crowd.statuses["accept"][200])
    reports = sum(map(len, acknowledged.values()))
    print(f"  {reports} reports and {accepted} acceptances answered and kept; errors {errors}, lost updates {lost}")
    return errors == 0 and lost == 0 and reports > 0 and accepted > 0


def endure(minutes):
    """Mixed load; prints the memory of each minute, and returns whether all was answered."""
    crowd = Crowd()
    until = time.monotonic() + minutes * 60
    shelter = token_of("shelter/s12")
    lists = ["availability", "requests?limit=20", "offers?all=true", "placements", "units", "events?limit=20"]

    def mixed(seed):
        desk, reporter, chance = Client(os.environ["token"]), Client(shelter), random.Random(seed)
        while time.monotonic() < until:
            if chance.random() < 0.3:
                crowd.timed("search", lambda: desk.ask("POST", "bed-search", SEARCH))
            elif chance.random() < 0.2:
                count = {"kind": "beds", "number": chance.randrange(9), "reason": "bench"}
                crowd.timed("report", lambda: reporter.ask("PUT", "units/s12-v1/capacity", count, If_Match="*"))
            elif chance.random() < 0.1:
                crowd.timed("refused", lambda: desk.ask("POST", "bed-search", {"nothing": "known"}))
            else:
                crowd.timed("list", lambda: desk.ask("GET", chance.choice(lists)))
            time.sleep(0.01)  # What a client does between two questions: memory is to be watched, not the most there can be.

    for seed in range(8):
        crowd.add("mixed", mixed, seed)
    samples = [memory(os.environ["server"])]

    def sample():
        while time.monotonic() < until:
            time.sleep(min(60, max(0, until - time.monotonic())))  # The minute between two samples.
            samples.append(memory(os.environ["server"]))

    crowd.add("memory", sample)
    crowd.do()
    print(f"\nmixed load for {minutes} minutes: " + ", ".join(
        f"{sum(statuses.values())} × {kind}" for kind, statuses in sorted(crowd.statuses.items())))
    print("  server's memory, MB, each minute: " + " ".join(f"{sample:.0f}" for sample in samples))
    fine = {"search": {200}, "report": {200}, "list": {200}, "refused": {422}}
    errors = [(kind, status, count) for kind, statuses in crowd.statuses.items() for status, count in statuses.items()
              if status not in fine.get(kind, set())]
    for error in errors:
        print(f"  {error[0]}: {error[2]} × {error[1]}")
    return not errors


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, required=True)
    parser.add_argument("--minutes", type=int, required=True)
    asked = parser.parse_args()
    went_well = contend(asked.seconds)
    return 0 if endure(asked.minutes) and went_well else 1


sys.exit(main())
