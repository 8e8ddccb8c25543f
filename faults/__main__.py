"""`make faults N=3000 SECONDS=60`: a campaign of N operations at most, in about SECONDS at most. Ends with 1 if the
proof failed."""

import argparse
import random
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from faults.campaign import Campaign


def main() -> int:
    ask = argparse.ArgumentParser(prog="python -m faults", description=__doc__)
    ask.add_argument("--n", type=int, default=3000, help="operations at most")
    ask.add_argument("--seconds", type=float, default=60, help="how long the workers are disturbed, at most")
    ask.add_argument("--seed", type=int, default=random.randrange(10**6), help="what is drawn")
    ask.add_argument("--keep", type=Path, help="keep diaries, logs and the database here")
    asked = ask.parse_args()
    sys.stdout.write(f"seed {asked.seed}\n")
    with TemporaryDirectory() as temporary:
        home = asked.keep or Path(temporary)
        report = Campaign(home, asked.n, asked.seconds, asked.seed).run()
    sys.stdout.write("\n".join(report.lines()) + "\n")
    return 0 if report.findings.clean else 1


if __name__ == "__main__":
    sys.exit(main())
