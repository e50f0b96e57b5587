"""The body of scripts/bench, which says what it does and builds what it needs."""

import argparse
import collections
import copy
import fnmatch
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ONDERDAK = os.environ.get("ONDERDAK_BINARY", "onderdak")
SHIPPED = [
    "national-nomove", "crisis-nomove", "national-1", "national-2", "national-3", "crisis", "large", "stream-short",
    "stream-a", "stream-b",
]
COUNTRIES = [1, 2, 4, 8]
WITHOUT_MOVES = [1, 2]
LOCKED = [1, 10]
# Units whose prices --prices checks, per instance.
PRICED_UNITS = 12
# Which of the requests of national-1 that wait come once more, after a plan of it was made.
NEW = [1, 2, 3]
OPTIMA = json.loads((HERE / "optima.json").read_text())


class Parser(argparse.ArgumentParser):
    def error(self, message):
        self.exit(64, f"bench: {message}\n")


class Failed(Exception):
    """Something that could not be run."""


Run = collections.namedtuple("Run", "status seconds mebibytes output messages")


def run(*command):
    """Runs a command to its end: how long it took, and the most memory it had, as a whole process."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as messages:
        began = time.monotonic()
        try:
            process = subprocess.Popen([str(part) for part in command], stdout=output, stderr=messages)
        except OSError as error:
            raise Failed(f"{command[0]} cannot be run: {error.strerror} (scripts/bench builds and finds it)") from error
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        messages.seek(0)
        return Run(
            process.returncode, seconds, usage.ru_maxrss / 1024, output.read(), messages.read().decode().strip())


def onderdak(*arguments, allowed=(0,)):
    done = run(ONDERDAK, *arguments)
    if done.status not in allowed:
        raise Failed(done.messages or f"onderdak {arguments[0]} ended with status {done.status}")
    return done


# Instances


def cases():
    """All instances by name, each with what gives its JSON."""
    rules = sorted((HERE / "rules").glob("*.json"), key=lambda path: path.stem)
    found = {f"rules/{path.stem}": path.read_bytes for path in rules}
    for name in SHIPPED:
        found[name] = (HERE / f"{name}.json").read_bytes
    for scale in COUNTRIES:
        found[f"snapshot-{scale}"] = lambda scale=scale: snapshot(scale)
    for scale in WITHOUT_MOVES:
        found[f"nomove-{scale}"] = lambda scale=scale: json.dumps(without_moves(json.loads(snapshot(scale)))).encode()
    for times in LOCKED:
        found[f"locked-{times}"] = lambda times=times: json.dumps(
            with_locked(json.loads((HERE / "national-1.json").read_bytes()), times)).encode()
    for n in NEW:
        found[f"replan-{n}"] = lambda n=n: json.dumps(
            with_new(json.loads((HERE / "national-1.json").read_bytes()), n)).encode()
    return found


def chosen(names):
    known = cases()
    if not names:
        return known
    found = {}
    for name in names:
        matching = fnmatch.filter(known, name)
        for match in matching:
            found[match] = known[match]
        if not matching:
            path = pathlib.Path(name)
            if not path.is_file():
                raise Failed(f"{name} is neither an instance that ships (rules/avoid, crisis, snapshot-2) nor a file")
            found[name] = path.read_bytes
    return found


def snapshot(scale):
    return onderdak("generate", "snapshot", "--seed", 1, "--open", 60, "--scale", scale).output


def without_moves(instance):
    instance["rules"]["maxMoves"] = 0
    return instance


def is_fixed(request):
    return request.get("locked") or request.get("committed") is not None


def fixed_alone(instance):
    """The instance without its open requests."""
    alone = dict(instance)
    alone["requests"] = [request for request in instance["requests"] if is_fixed(request)]
    kept = {victim for request in alone["requests"] for victim in request["victims"]}
    alone["victims"] = [victim for victim in instance["victims"] if victim["id"] in kept]
    alone["noContact"] = [pair for pair in instance["noContact"] if pair["a"] in kept and pair["b"] in kept]
    return alone


def with_locked(instance, times):
    """The instance with so many times its locked requests. The added ones have units of their own, with no bed more
    than they take, and that cost nothing, so that budgets are what they were: the open requests find the same."""
    locked = [request for request in instance["requests"] if request.get("locked")]
    victims = {victim["id"]: victim for victim in instance["victims"]}
    units = {unit["id"]: unit for unit in instance["units"]}
    days = instance["horizon"]["days"]
    for n in range(1, times):
        taken = {}
        for request in locked:
            copied = copy.deepcopy(request)
            copied["id"] += f"-x{n}"
            copied["victims"] = [victim + f"-x{n}" for victim in request["victims"]]
            copied["current"] = {
                victim + f"-x{n}": {**stay, "unit": stay["unit"] + f"-x{n}"}
                for victim, stay in request["current"].items()
            }
            instance["requests"].append(copied)
            instance["victims"] += [{**victims[victim], "id": victim + f"-x{n}"} for victim in request["victims"]]
            there = collections.Counter(stay["unit"] for stay in request["current"].values())
            for unit, count in there.items():
                beds = taken.setdefault(unit, [0] * days)
                for day in range(min(request["stayDays"], days)):
                    beds[day] += 1 if units[unit]["countBy"] == "request" else count
        for unit, beds in taken.items():
            steps = [{"from": d, "count": b} for d, b in enumerate(beds) if d == 0 or beds[d - 1] != b]
            instance["units"].append({**units[unit], "id": unit + f"-x{n}", "beds": steps, "dailyCostCents": 0})
    return instance


def with_new(instance, n):
    """The instance with a new request: like the first, the middle or the last of those that wait, for others."""
    waiting = [request for request in instance["requests"] if not is_fixed(request) and not request.get("current")]
    request = copy.deepcopy(waiting[(n - 1) * (len(waiting) - 1) // (len(NEW) - 1)])
    victims = {victim["id"]: victim for victim in instance["victims"]}
    instance["victims"] += [{**victims[victim], "id": f"{victim}-new"} for victim in request["victims"]]
    request["victims"] = [f"{victim}-new" for victim in request["victims"]]
    request["id"] += "-new"
    instance["requests"].append(request)
    return instance


# Figures


def gap(objective, bound, fixed):
    return 0.0 if objective <= max(bound, fixed) else (objective - bound) / (objective - fixed)


def percent(share):
    return "0 %" if share == 0 else f"{share * 100:.3g} %"


def measure(name, content, options, folder):
    """The figures of one instance."""
    instance = json.loads(content)
    file, plan_file, fixed_file = folder / "instance.json", folder / "plan.json", folder / "fixed.json"
    file.write_bytes(content)
    planned = onderdak("plan", file, "--output", plan_file, "--time-limit", options.time_limit)
    plan = json.loads(plan_file.read_bytes())
    verdict = onderdak("verify", file, plan_file, allowed=(0, 2))
    fixed_file.write_text(json.dumps(fixed_alone(instance)))
    fixed = json.loads(onderdak("plan", fixed_file).output)["objective"]
    figures = {
        "instance": name,
        "requests": len(instance["requests"]),
        "open": sum(not is_fixed(request) for request in instance["requests"]),
        "units": len(instance["units"]),
        "objective": plan["objective"],
        "bound": plan["bound"],
        "gap": gap(plan["objective"], plan["bound"] or 0, fixed),
        "seconds": planned.seconds,
        "planningSeconds": plan["solver"]["seconds"],
        "mebibytes": planned.mebibytes,
        "fixed": fixed,
        "wrong": [],
    }
    if verdict.status != 0:
        figures["wrong"].append("infeasible: " + ", ".join(json.loads(verdict.output)["rules"]))
    optimum = OPTIMA.get(name)
    if optimum is not None and not (plan["bound"] or 0) <= optimum <= plan["objective"]:
        figures["wrong"].append(f"the optimum is {optimum}")
    if name.startswith("replan-"):
        measure_replanning(figures, file, folder, options)
    if options.prices:
        measure_prices(figures, instance, plan, folder, options)
    if options.greedy:
        measure_greedy(figures, file, folder)
    if options.peers:
        measure_peer(figures, file, folder, options)
    return figures


def measure_replanning(figures, file, folder, options):
    """How long it takes to plan anew from the plan before the new request came."""
    before, after = folder / "before.json", folder / "after.json"
    onderdak("plan", HERE / "national-1.json", "--output", before)
    planned = onderdak("plan", file, "--from", before, "--output", after, "--time-limit", options.time_limit)
    if onderdak("verify", file, after, allowed=(0, 2)).status != 0:
        figures["wrong"].append("the plan from a previous one is infeasible")
    objective = json.loads(after.read_bytes())["objective"]
    figures["replanned"] = {"objective": objective, "seconds": planned.seconds}
    if objective < (figures["bound"] or 0):
        figures["wrong"].append("the plan from a previous one costs less than the bound")


def measure_prices(figures, instance, plan, folder, options):
    """What one more bed saves, by the plan's prices and by planning again with it: in the dearest units and in others,
    over all days and on the dearest one."""
    days = instance["horizon"]["days"]
    price = {unit["id"]: [0.0] * days for unit in instance["units"]}
    for entry in plan.get("prices") or []:
        for day in range(entry["from"], entry["until"]):
            price[entry["unit"]][day] = entry["price"]
    dearest = sorted(price, key=lambda unit: -sum(price[unit]))
    half = PRICED_UNITS // 2
    others = dearest[half:]
    step = max(1, len(others) // half)
    figures["prices"] = []
    for unit in dearest[:half] + others[::step][:half]:
        day = max(range(days), key=lambda day: price[unit][day])
        for first, end in [(0, days), (day, day + 1)]:
            changed = copy.deepcopy(instance)
            add_bed(next(u for u in changed["units"] if u["id"] == unit)["beds"], first, end, days)
            file, plan_file = folder / "bed.json", folder / "bed-plan.json"
            file.write_text(json.dumps(changed))
            onderdak("plan", file, "--output", plan_file, "--time-limit", options.time_limit)
            again = json.loads(plan_file.read_bytes())
            figures["prices"].append({
                "unit": unit, "from": first, "until": end, "price": sum(price[unit][first:end]),
                "saved": figures["objective"] - again["objective"],
                "isProven": figures["objective"] == figures["bound"] and again["objective"] == again["bound"],
            })


def add_bed(steps, first, end, days):
    """Adds a bed to a step function of the day, from one day until another."""
    def at(day):
        return [step["count"] for step in steps if step["from"] <= day][-1]

    changes = sorted({step["from"] for step in steps} | {first} | ({end} if end < days else set()))
    steps[:] = [{"from": day, "count": at(day) + (first <= day < end)} for day in changes]


def measure_greedy(figures, file, folder):
    plan_file = folder / "greedy.json"
    planned = onderdak("plan", file, "--greedy", "--output", plan_file)
    if onderdak("verify", file, plan_file, allowed=(0, 2)).status != 0:
        figures["wrong"].append("the greedy plan is infeasible")
    objective = json.loads(plan_file.read_bytes())["objective"]
    figures["greedy"] = {"objective": objective, "seconds": planned.seconds}
    if objective < figures["objective"]:
        figures["wrong"].append("worse than the greedy plan")


def measure_peer(figures, file, folder, options):
    written = run(ONDERDAK, "enumerate", file)
    if written.status != 0:
        figures["peer"] = None
        return
    list_file = folder / "trajectories.json"
    list_file.write_bytes(written.output)
    solved = run(os.environ["PEER_PYTHON"], HERE / "cp_sat.py", list_file, options.time_limit)
    if solved.status != 0:
        raise Failed(f"the peer failed: {solved.messages}")
    peer = json.loads(solved.output)

    def last(improvements):
        return next((value for at, value in reversed(improvements) if at <= figures["seconds"]), None)

    objective, bound = last(peer["objectives"]), last(peer["bounds"])
    as_good = next((at for at, value in peer["objectives"] if value <= figures["objective"]), None)
    figures["peer"] = {
        "status": peer["status"],
        "objective": peer["objective"],
        "bound": peer["bound"],
        "seconds": peer["seconds"],
        "trajectories": peer["trajectories"],
        "gapThen": None if objective is None else gap(objective, bound or figures["fixed"], figures["fixed"]),
        "gap": None if peer["objective"] is None else gap(peer["objective"], peer["bound"], figures["fixed"]),
        "timeRatio": None if as_good is None else as_good / figures["seconds"],
    }
    # Only a list of all trajectories can contradict; and only what has been proven.
    if not peer["isComplete"] or peer["objective"] is None:
        return
    if peer["objective"] < (figures["bound"] or 0) or peer["bound"] > figures["objective"] + 0.5:
        figures["wrong"].append(f"the peer says {peer['objective']}, at least {peer['bound']:.0f}")


# The table

COLUMNS = [
    ("instance", "<", 22, lambda f: f["instance"]),
    ("requests", ">", 8, lambda f: f["requests"]),
    ("open", ">", 6, lambda f: f["open"]),
    ("units", ">", 6, lambda f: f["units"]),
    ("objective", ">", 10, lambda f: f["objective"]),
    ("bound", ">", 10, lambda f: "unknown" if f["bound"] is None else f["bound"]),
    ("gap", ">", 8, lambda f: percent(f["gap"])),
    ("seconds", ">", 8, lambda f: f"{f['seconds']:.2f}"),
    ("planning", ">", 8, lambda f: f"{f['planningSeconds']:.2f}"),
    ("MiB", ">", 6, lambda f: f"{f['mebibytes']:.0f}"),
]
GREEDY = [
    ("greedy", ">", 10, lambda f: f["greedy"]["objective"]),
    ("dearer", ">", 8, lambda f: percent(f["greedy"]["objective"] / f["objective"] - 1 if f["objective"] else 0)),
    ("seconds", ">", 8, lambda f: f"{f['greedy']['seconds']:.2f}"),
]
PEER = [
    ("CP-SAT", ">", 10, lambda f: f["peer"]["objective"] if f["peer"] else "too many"),
    ("its gap then", ">", 12, lambda f: peer_gap(f, "gapThen")),
    ("at its end", ">", 10, lambda f: peer_gap(f, "gap")),
    ("time to ours", ">", 12, lambda f: peer_time(f)),
]


def peer_gap(figures, when):
    if not figures["peer"]:
        return ""
    share = figures["peer"][when]
    return "no plan" if share is None else percent(share)


def peer_time(figures):
    peer = figures["peer"]
    if not peer:
        return ""
    if peer["timeRatio"] is not None:
        return f"x {peer['timeRatio']:.3g}"
    return f"> x {peer['seconds'] / figures['seconds']:.3g}"


def line(columns, cell):
    print("  ".join(f"{cell(column)!s:{column[1]}{column[2]}}" for column in columns).rstrip(), flush=True)


def main():
    parser = Parser(add_help=False, allow_abbrev=False)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--greedy", action="store_true")
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--prices", action="store_true")
    parser.add_argument("--time-limit", type=float, default=60)
    parser.add_argument("--json", type=pathlib.Path)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    if not 0 < options.time_limit < float("inf"):
        parser.error("--time-limit must be more than 0 seconds")
    try:
        instances = chosen(options.names)
    except Failed as failure:
        parser.error(str(failure))
    if options.check:
        return 0

    columns = COLUMNS + (GREEDY if options.greedy else []) + (PEER if options.peers else [])
    line(columns, lambda column: column[0])
    results, failed = [], False
    with tempfile.TemporaryDirectory() as folder:
        for name, content in instances.items():
            try:
                figures = measure(name, content(), options, pathlib.Path(folder))
            except Failed as failure:
                print(f"{name}: {failure}", file=sys.stderr)
                failed = True
                continue
            line(columns, lambda column: column[3](figures))
            for what in figures["wrong"]:
                print(f"{name}: WRONG: {what}", file=sys.stderr)
            results.append(figures)
    tell(results)
    if options.json:
        options.json.write_text(json.dumps(results, indent=1) + "\n")
    if any(figures["wrong"] for figures in results):
        return 2
    return 1 if failed else 0


def tell(results):
    """What the figures say together."""
    if not results:
        return
    proven = sum(figures["objective"] == figures["bound"] for figures in results)
    slowest = max(results, key=lambda figures: figures["seconds"])
    print(f"\n{proven} of {len(results)} proven optimal; the slowest {slowest['instance']} with {slowest['seconds']:.2f} s")
    for figures in results:
        if "replanned" in figures:
            ratio = figures["replanned"]["seconds"] / figures["seconds"]
            print(f"{figures['instance']}: from the plan before in {figures['replanned']['seconds']:.2f} s, {ratio:.2f} "
                  "times as long")
    for figures in results:
        if "prices" in figures:
            tell_prices(figures)
    planning = {figures["instance"]: figures["planningSeconds"] for figures in results}
    if all(f"locked-{times}" in planning for times in LOCKED):
        one, ten = (planning[f"locked-{times}"] for times in LOCKED)
        print(f"10 times as many locked requests: planning takes {ten / one:.2f} times as long")


PRICES = [
    ("one more bed in", "<", 22, lambda p: p["unit"]),
    ("days", ">", 9, lambda p: f"{p['from']}-{p['until']}"),
    ("price", ">", 12, lambda p: f"{p['price']:.2f}"),
    ("saves", ">", 10, lambda p: p["saved"] if p["isProven"] else f"~{p['saved']}"),
    ("price / saving", ">", 14, lambda p: f"{p['price'] / p['saved']:.3f}" if p["saved"] > 0 else ""),
]


def tell_prices(figures):
    print(f"\n{figures['instance']}: prices and what planning with the bed saves (~: not proven)")
    line(PRICES, lambda column: column[0])
    for priced in figures["prices"]:
        line(PRICES, lambda column: column[3](priced))


if __name__ == "__main__":
    sys.exit(main())
