"""Found a town: `python -m tools.found TOWN.toml`, against the running local cloud or, with `--stage NAME`, an installation.

The file says who the town is and where people turn to; the addresses come from the list that ČÚZK publishes for each
municipality. docs/journeys/founding.md shows a whole file. Everything is read and checked before anything is written;
with any fault nothing is. Running it again writes what is missing: settings that an administrator has changed since
stay, addresses are brought up to date, and whoever has not come yet is invited again.
"""

import argparse
import csv
import io
import json
import os
import re
import sys
import tomllib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StringConstraints, ValidationError

from chalicelib.bank.numbers import is_ico
from chalicelib.core.clock import today
from chalicelib.core.gate import ADMIN, Who
from chalicelib.core.mending import wrong
from chalicelib.core.refusals import Refusal
from chalicelib.core.shapes import Email, Line, MaybeRuianCode, RuianCode, Shape
from chalicelib.core.telemetry import log
from chalicelib.people import service as people
from chalicelib.people.model import OPERATOR
from chalicelib.towns import service as towns
from chalicelib.towns.model import Address, Contact, Notice, Town, TownUnknown
from chalicelib.towns.routes import AccountNumber, Colour, ContactShape
from tools.docs import load_rooms
from tools.installation import environment

WRITERS = 8
FAULTS_SHOWN_MAX = 50
FOUNDER = Who(id=OPERATOR, app="admin")
ADDRESS, MUNICIPALITY, CITY_PART = "Kód ADM", "Kód obce", "Kód MOMC"
COLUMNS = (ADDRESS, MUNICIPALITY, "Název obce", CITY_PART, "Název části obce", "Název ulice", "Typ SO",
           "Číslo domovní", "Číslo orientační", "Znak čísla orientačního")  # fmt: skip


class Faulty(Exception):
    """A file that cannot be used: every fault of it, each with its place."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = faults


class Administrator(Shape):
    email: Email
    language: Literal["cs", "en"] = "cs"


def _apart(administrators: tuple[Administrator, ...]) -> tuple[Administrator, ...]:
    """Two people: every role at the town hall takes both."""
    if len({one.email for one in administrators}) < len(administrators):
        raise wrong(
            "same_administrator", "Každý správce má svůj e-mail.", "Each administrator has an e-mail of their own."
        )
    return administrators


class TownFile(Shape):
    """The town's file. `notice_*` and `addresses` name files beside it."""

    slug: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,39}$")]
    name: Line
    ico: str
    municipality_code: RuianCode
    city_part_code: MaybeRuianCode = ""
    colour: Colour = "#2362a2"
    account_number: AccountNumber = ""
    bank_profile: Annotated[str, StringConstraints(pattern=r"^([0-9]{4})?$")] = ""
    contact: ContactShape = ContactShape()
    notice_cs: Line
    notice_en: str = ""
    addresses: Line
    administrators: Annotated[tuple[Administrator, ...], Field(min_length=2), AfterValidator(_apart)]


@dataclass(frozen=True)
class Plan:
    """All that founding needs, read and checked."""

    town: Town
    notice: Notice
    addresses: tuple[Address, ...]
    administrators: tuple[Administrator, ...]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.found")
    parser.add_argument("town", type=Path, help="the town's file")
    parser.add_argument("--stage", help="an installation on AWS; the local cloud without it")
    asked = parser.parse_args(arguments)
    try:
        plan = read(asked.town)
    except Faulty as faulty:
        for fault in faulty.faults[:FAULTS_SHOWN_MAX]:
            print(fault, file=sys.stderr)
        print(f"{len(faulty.faults)} faults; nothing was written", file=sys.stderr)
        return 2
    log.setLevel("CRITICAL")  # what was done is the answer, and it alone goes to the output
    os.environ.update(environment(asked.stage))
    try:
        for said in found(plan):
            print(said)
    except Refusal as refusal:
        print(refusal.text("en"), file=sys.stderr)
        return 2
    return 0


def found(plan: Plan) -> Iterator[str]:
    """Do what is missing; tells what was done."""
    load_rooms()  # letters are carried by a room above
    city = plan.town.slug
    try:
        known = towns.town_now(city)
    except TownUnknown:
        towns.found(plan.town, plan.notice)
        yield f"{city}: founded as {plan.town.name}"
    else:
        _check_same(known, plan.town)
        yield f"{city}: is there, its settings are left as they are (admin, Nastavení)"
    pieces = [plan.addresses[start::WRITERS] for start in range(WRITERS)]
    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(lambda piece: towns.load_addresses(city, piece), pieces))
    yield f"addresses: {len(plan.addresses)}"
    here = {colleague.email for colleague in people.staff(city) if ADMIN in colleague.roles}
    for one in plan.administrators:
        if one.email in here:
            yield f"{one.email}: is an administrator"
        else:
            people.invite_member(city, one.email, FOUNDER, roles=(ADMIN,), language=one.language)
            yield f"{one.email}: invited as an administrator"


def _check_same(known: Town, wished: Town) -> None:
    """Raises Faulty where the file speaks of another town: these never change once people are verified by them."""
    same = ("ico", "municipality_code", "city_part_code")
    differs = [name for name in same if getattr(known, name) != getattr(wished, name)]
    if differs:
        raise SystemExit(f"{known.slug} is another town here: {', '.join(differs)} differ; nothing was written")


# Reading


def read(path: Path) -> Plan:
    """The plan of a town's file. Raises Faulty with every fault of it and of the files it names."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        file = TownFile.model_validate_json(json.dumps(data, default=str))
    except OSError as e:
        raise Faulty([f"{path}: {e.strerror}"]) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as e:
        raise Faulty([f"{path}: {e}"]) from None
    except ValidationError as e:
        raise Faulty([f"{path}: {'.'.join(map(str, f['loc']))}: {f['msg']}" for f in e.errors()]) from None
    faults = [] if is_ico(file.ico) else [f"{path}: ico: not the number of an organisation"]
    cs, en = (_text(path.parent / name, faults) if name else "" for name in (file.notice_cs, file.notice_en))
    if not cs.strip():
        faults.append(f"{path}: notice_cs: the privacy notice is empty")
    addresses = _addresses(path.parent / file.addresses, file, faults)
    if faults:
        raise Faulty(faults)
    town = Town(
        slug=file.slug,
        name=file.name,
        ico=file.ico,
        municipality_code=file.municipality_code,
        city_part_code=file.city_part_code,
        colour=file.colour,
        account_number=file.account_number,
        bank_profile=file.bank_profile,
        contact=Contact(**file.contact.model_dump()),
    )
    return Plan(town, Notice(1, today(), cs.strip(), en.strip()), tuple(addresses), file.administrators)


def _text(path: Path, faults: list[str], encoding: str = "utf-8-sig") -> str:
    try:
        return path.read_text(encoding=encoding)
    except OSError as e:
        faults.append(f"{path}: {e.strerror}")
    except UnicodeDecodeError:
        faults.append(f"{path}: not in {encoding}")
    return ""


def _addresses(path: Path, file: TownFile, faults: list[str]) -> list[Address]:
    """The address points of ČÚZK's list: Windows-1250, semicolons. Faults are noted by line."""
    before = len(faults)
    text = _text(path, faults, "cp1250")
    if len(faults) > before:
        return []
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=";", restval="")
    missing = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
    if missing:
        faults.append(f"{path}: line 1: columns are missing: {', '.join(missing)}")
        return []
    found: dict[str, Address] = {}
    for row in rows:
        fault = _fault_of(row, file, found)
        if fault:
            faults.append(f"{path}: line {rows.line_num}: {fault}")
        else:
            found[row[ADDRESS]] = Address(row[ADDRESS], _written(row), row[MUNICIPALITY], row[CITY_PART])
    if not found and len(faults) == before:
        faults.append(f"{path}: no address in it")
    if file.city_part_code and found and file.city_part_code not in {a.city_part_code for a in found.values()}:
        faults.append(f"{path}: no address of city part {file.city_part_code}")
    return list(found.values())


def _fault_of(row: dict[str, Any], file: TownFile, found: dict[str, Address]) -> str:
    if None in row:
        return "more cells than columns"
    code, municipality = row[ADDRESS], row[MUNICIPALITY]
    if not (code.isascii() and code.isdigit() and len(code) <= 9):
        return f"{ADDRESS}: not a code of RÚIAN"
    if code in found:
        return f"{ADDRESS}: {code} stands here twice"
    if municipality != file.municipality_code:
        return f"{MUNICIPALITY}: {municipality or 'nothing'} is not {file.municipality_code}"
    if not re.fullmatch("[0-9]+", row["Číslo domovní"]):
        return "Číslo domovní: missing"
    return ""


def _written(row: dict[str, str]) -> str:
    """As people write it: street, or the part of the municipality where streets have no names, and the numbers."""
    number = row["Číslo domovní"]
    if row["Typ SO"].startswith("č.ev"):
        number = f"č. ev. {number}"
    if row["Číslo orientační"]:
        number += f"/{row['Číslo orientační']}{row['Znak čísla orientačního']}"
    place, town = row["Název ulice"] or row["Název části obce"], row["Název obce"]
    return f"{place} {number}, {town}" if place else f"{town} {number}"


if __name__ == "__main__":
    sys.exit(main())
