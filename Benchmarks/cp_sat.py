"""OR-Tools CP-SAT on trajectories written out by `onderdak enumerate`: the peer of scripts/bench --peers.

Usage: python cp_sat.py TRAJECTORIES.json TIME_LIMIT

Prints one JSON object: status, objective, bound, seconds (of the solve alone), and the improvements of both, each as
[seconds, value]. The model is the integer program of docs/formulation.md, kept as small as is easily done: what requests
share is checked only on days on which a trajectory enters a unit or beds are taken away, since use rises on no other.
"""

import collections
import json
import os
import sys
import time

from ortools.sat.python import cp_model


def peaks(unit, entries):
    """The days on which a unit can become too full: when somebody enters or beds go."""
    steps = unit["bedsLeft"]
    drops = {b["from"] for a, b in zip(steps, steps[1:]) if b["count"] < a["count"]}
    return sorted(drops | entries)


def beds(unit, day):
    return [step["count"] for step in unit["bedsLeft"] if step["from"] <= day][-1]


def weighted(variables, factors):
    # A sum made term by term is copied with each term.
    return cp_model.LinearExpr.weighted_sum(variables, factors)


def build(data):
    model = cp_model.CpModel()
    taken = [model.new_bool_var("") for _ in data["trajectories"]]
    of_request = collections.defaultdict(list)
    # For each unit the legs in it: trajectory, days, beds, sexes.
    legs_in = collections.defaultdict(list)
    for t, trajectory in enumerate(data["trajectories"]):
        of_request[trajectory["request"]].append(t)
        sexes = data["requests"][trajectory["request"]]["sexes"]
        for leg in trajectory["legs"]:
            for u in set(leg["units"]):
                there = [sexes[n] for n, unit in enumerate(leg["units"]) if unit == u]
                load = 1 if data["units"][u]["countBy"] == "request" else len(there)
                legs_in[u].append((t, leg["from"], leg["until"], load, frozenset(there)))
    for chosen in of_request.values():
        model.add_at_most_one(taken[t] for t in chosen)

    for u, legs in legs_in.items():
        unit = data["units"][u]
        for day in peaks(unit, {leg[1] for leg in legs}):
            there = [leg for leg in legs if leg[1] <= day < leg[2]]
            model.add(
                weighted([taken[t] for t, *_ in there], [load for _, _, _, load, _ in there]) <= beds(unit, day))
            if unit["isExclusive"]:
                model.add_at_most_one(taken[t] for t, *_ in there)
            sexes = sorted({sex for leg in there for sex in leg[4]})
            if unit["isSingleSex"] and len(sexes) > 1:
                choice = {sex: model.new_bool_var("") for sex in sexes}
                model.add_at_most_one(choice.values())
                for t, _, _, _, mine in there:
                    for sex in mine:
                        model.add_implication(taken[t], choice[sex])

    for pair in data["noContact"]:
        contacts(model, data, pair, taken, of_request)

    costs = [
        trajectory["cost"] - data["requests"][trajectory["request"]]["unplacedCost"]
        for trajectory in data["trajectories"]
    ]
    cost = data["fixedCost"] + sum(request["unplacedCost"] for request in data["requests"]) + weighted(taken, costs)
    for b, budget in enumerate(data["budgets"]):
        cents = {
            t: spending["cents"]
            for t, trajectory in enumerate(data["trajectories"])
            for spending in trajectory["spending"]
            if spending["budget"] == b
        }
        spent = budget["spentByFixed"] + weighted([taken[t] for t in cents], list(cents.values()))
        most = budget["spentByFixed"] + sum(cents.values())
        # Whole euros, so that a part of one counts as one.
        euros = model.new_int_var(0, max(0, most - budget["cents"] + 99) // 100, "")
        model.add(spent - 100 * euros <= budget["cents"])
        cost += data["overBudgetEuro"] * euros
    model.minimize(cost)
    return model


def contacts(model, data, pair, taken, of_request):
    key = {"unit": None, "shelter": "shelter", "region": "region"}[pair["scope"]]
    legs_at = collections.defaultdict(list)
    for person in (pair["a"], pair["b"]):
        for t in of_request[person["request"]]:
            for leg in data["trajectories"][t]["legs"]:
                u = leg["units"][person["victim"]]
                legs_at[data["units"][u][key] if key else u].append((t, leg["from"], leg["until"]))
    for legs in legs_at.values():
        for day in sorted({leg[1] for leg in legs}):
            model.add_at_most_one(taken[t] for t, start, end in legs if start <= day < end)


class Improvements(cp_model.CpSolverSolutionCallback):
    def __init__(self):
        super().__init__()
        self.objectives = []

    def on_solution_callback(self):
        self.objectives.append([self.wall_time, round(self.objective_value)])


def main():
    with open(sys.argv[1]) as file:
        data = json.load(file)
    model = build(data)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = float(sys.argv[2])
    solver.parameters.num_workers = os.cpu_count()
    improvements = Improvements()
    bounds = []
    began = time.monotonic()
    solver.best_bound_callback = lambda bound: bounds.append([time.monotonic() - began, bound])
    status = solver.solve(model, improvements)
    found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    json.dump(
        {
            "status": solver.status_name(status),
            "objective": round(solver.objective_value) if found else None,
            "bound": solver.best_objective_bound,
            "seconds": solver.wall_time,
            "objectives": improvements.objectives,
            "bounds": bounds,
            "isComplete": data["isComplete"],
            "trajectories": len(data["trajectories"]),
        },
        sys.stdout,
    )


main()
