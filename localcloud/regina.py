"""Regina beside the local cloud: for each town one process of the module that a town installs, over real HTTP.

Everything of a town's Regina lies in .data/regina/<town>/: its keys, its registry, its settings. Nothing of it is in
the cloud but the public key that the town's administrator registers.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from localcloud.processes import ROOT

SETTINGS = """\
[town]
city = "{city}"
municipality_code = "{municipality_code}"
{city_part}
[cloud]
url = "{origin}"
poll_seconds = 1

[registry]
kind = "file"
path = "registry.jsonl"
"""


@dataclass(frozen=True)
class Town:
    """A town that has Regina; codes are RÚIAN's."""

    city: str
    municipality_code: str
    city_part_code: str = ""


def folder_of(data: Path, city: str) -> Path:
    return data / "regina" / city


def install(data: Path, town: Town, origin: str) -> dict[str, str]:
    """Write a town's settings and, the first time, make its keys; gives `kid` and `public_key` to register.

    The registry's file `registry.jsonl` beside them is for the caller to write.
    """
    folder = folder_of(data, town.city)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = f'city_part_code = "{town.city_part_code}"\n' if town.city_part_code else ""
    settings = folder / "regina.toml"
    settings.write_text(
        SETTINGS.format(city=town.city, municipality_code=town.municipality_code, city_part=part, origin=origin)
    )
    public = folder / "public-key.json"
    if not public.exists():
        # Keys without this file are of a first run that was killed: nobody has registered them.
        shutil.rmtree(folder / "keys", ignore_errors=True)
        made = subprocess.run(command("keys", settings), cwd=ROOT, check=True, capture_output=True, text=True)
        public.write_text(made.stdout)
    key: dict[str, str] = json.loads(public.read_text())
    return key


def installed(data: Path) -> Iterator[tuple[str, Path]]:
    """(town, its settings) for every Regina here."""
    for settings in sorted((data / "regina").glob("*/regina.toml")):
        yield settings.parent.name, settings


def move(data: Path, origin: str) -> None:
    """Tell every Regina where the cloud is now: a local run may get another port."""
    for _, settings in installed(data):
        lines = settings.read_text().splitlines(keepends=True)
        settings.write_text("".join(f'url = "{origin}"\n' if line.startswith("url = ") else line for line in lines))


def command(word: str, settings: Path) -> list[str]:
    return [sys.executable, "-m", "regina", word, "--config", str(settings)]
