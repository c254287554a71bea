"""Writes fixtures/*.json: templates and what Python's Jinja2 makes of them.

    apt-get install -y python3-jinja2 ansible-core
    /usr/bin/python3 test/template/conformance/generate.py [SEED]

The variables of a case are kept as a text of JSON, which tells 1 from 1.0.
"""

import json
import os
import pathlib
import sys
import time

import collected
import collected_ansible
from grammar import generated
from oracle import answer

os.environ["TZ"] = "UTC"
time.tzset()
COMMON = json.dumps(collected.V)
HERE = pathlib.Path(__file__).parent / "fixtures"


def complete(case):
    if isinstance(case, str):
        case = {"template": case, "variables": collected.V}
    return case if isinstance(case, dict) else {"template": case[0], "variables": case[1]}


def stored(case, variables):
    """The answered case as it is written; its variables as they were before the template could change them."""
    kept = {key: value for key, value in case.items() if key != "variables"}
    return kept if variables == COMMON else {**kept, "variables": variables}


def write(name, cases):
    whole = []
    for case in map(complete, cases):
        answered = answer(json.loads(json.dumps(case)))
        if answered is not None:
            whole.append(stored(answered, json.dumps(case.get("variables", {}))))
    lines = ",\n".join(json.dumps(case, ensure_ascii=True) for case in whole)
    (HERE / f"{name}.json").write_text(f"[\n{lines}\n]\n")
    print(f"{name}: {len(whole)}")
    return len(whole)


def main():
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    HERE.mkdir(exist_ok=True)
    (HERE / "variables.txt").write_text(COMMON + "\n")
    groups = {**collected.GROUPS, **collected_ansible.GROUPS, "generated": generated(seed, 700)}
    print("in all:", sum(write(name, cases) for name, cases in groups.items()))


main()
