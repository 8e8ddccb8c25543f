"""The books from a terminal: `python -m tools.books COMMAND CITY`, against the running local cloud or an installation.

- `prove`: the whole proof of one town's books, now; ends with 1 if anything differs, and has stopped it
- `rebuild-balances`: every balance from the transfers, and what is missing; `--write` sets them (the town must be frozen)
- `rebuild-figures`: the figures again from the transfers, beside the ones that are shown

`--stage NAME` speaks to the installation of infra/stages/NAME.json with this shell's AWS credentials; without it to the
local cloud of DATA_DIR. docs/operating.md says when to use which.
"""

import argparse
import getpass
import json
import os
import sys
from dataclasses import asdict
from typing import Any

from chalicelib.core.clock import now
from chalicelib.core.refusals import Refusal
from chalicelib.core.telemetry import log
from chalicelib.watch.audit import service as audit
from chalicelib.watch.insights import service as insights
from tools.installation import environment


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.books")
    parser.add_argument("command", choices=["prove", "rebuild-balances", "rebuild-figures"])
    parser.add_argument("city")
    parser.add_argument("--write", action="store_true", help="set the balances that differ")
    parser.add_argument("--stage", help="an installation on AWS; the local cloud without it")
    asked = parser.parse_args()
    log.setLevel("CRITICAL")  # what was found is the answer, and it alone goes to the output
    os.environ.update(environment(asked.stage))
    try:
        return {"prove": _prove, "rebuild-balances": _balances, "rebuild-figures": _figures}[asked.command](asked)
    except Refusal as refusal:
        print(refusal.text("en"), file=sys.stderr)
        return 2


def _prove(asked: Any) -> int:
    proof = audit.prove(f"{now():%Y-%m-%dT%H-%M-%S}.{asked.city}", asked.city)[asked.city]
    _say(asdict(proof))
    return 1 if proof.differences_count else 0


def _balances(asked: Any) -> int:
    done = audit.rebuild_balances(asked.city, getpass.getuser(), write=asked.write)
    _say(asdict(done))
    return 1 if done.missing or (done.changes and not asked.write) else 0


def _figures(asked: Any) -> int:
    cursor = None
    while True:
        cursor = insights.rebuild(asked.city, cursor)
        if cursor is None:
            break
        print(cursor, file=sys.stderr)
    return 0


def _say(found: object) -> None:
    print(json.dumps(found, indent=1, ensure_ascii=False, default=str))


if __name__ == "__main__":
    sys.exit(main())
