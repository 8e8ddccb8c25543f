"""Secrets of the local installation: made on the first run, kept under .data/, worth nothing anywhere else."""

import json
import os
from pathlib import Path

from infra.keys import Secret, new_secret


def local_secret(data: Path) -> Secret:
    """The same secret at every run, so that tokens and hashes of yesterday still hold."""
    file = data / "secret.json"
    if not file.exists():
        handle = os.open(file, os.O_WRONLY | os.O_CREAT, 0o600)
        with os.fdopen(handle, "w") as out:
            json.dump(new_secret(), out)
    kept: Secret = json.loads(file.read_text())
    return kept
