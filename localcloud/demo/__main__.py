"""`python -m localcloud.demo`: fill an empty installation. The environment says where it is."""

import os
import time
from pathlib import Path

from chalicelib.core.telemetry import log
from localcloud.demo.fill import fill


def main() -> None:
    began = time.monotonic()
    log.setLevel("WARNING")  # what is said here goes to whoever waits for the first run

    def say(text: str) -> None:
        print(f"  {time.monotonic() - began:5.1f} s  {text}", flush=True)

    fill(Path(os.environ["DATA_DIR"]), say)


if __name__ == "__main__":
    main()
