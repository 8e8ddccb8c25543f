"""Found a town: `python -m tools.found TOWN.toml`, against the running local cloud or, with `--stage NAME`, an installation.

The file says who the town is and where people turn to; the addresses come from the list that ČÚZK publishes for each
municipality. docs/journeys/founding.md shows a whole file. Everything is read and checked before anything is written;
with any fault nothing is. Running it again writes what is missing: settings that an administrator has changed since
stay, addresses are brought up to date, and whoever has not come yet is invited again.
"""

import argparse
import json
import os
import sys
import tomllib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, StringConstraints, ValidationError

from chalicelib.commons.bank.numbers import is_ico
from chalicelib.core.clock import today
from chalicelib.core.gate import ADMIN, Who
from chalicelib.core.mending import field_errors, wrong
from chalicelib.core.refusals import FieldError, Refusal
from chalicelib.core.shapes import Email, Line, MaybeRuianCode, RuianCode, Shape
from chalicelib.core.telemetry import log
from chalicelib.town.people import service as people
from chalicelib.town.people.model import OPERATOR
from chalicelib.town.towns import service as towns
from chalicelib.town.towns.model import Address, Contact, Notice, Town, TownUnknown
from chalicelib.town.towns.routes import AccountNumber, Colour, ContactShape
from tools import ruian
from tools.docs import load_rooms
from tools.installation import environment
from tools.ruian import Faulty

WRITERS = 8
FAULTS_SHOWN_MAX = 50
ADMINISTRATORS_MIN = 2
FOUNDER = Who(id=OPERATOR, app="admin")
NO_ICO = (
    "Toto není IČO organizace. Opište ho z registru.",
    "This is no number of an organisation. Copy it from the register.",
)


class Administrator(Shape):
    email: Email
    language: Literal["cs", "en"] = "cs"


def _apart(administrators: tuple[Administrator, ...]) -> tuple[Administrator, ...]:
    """Two people: every role at the town hall takes both."""
    if len({one.email for one in administrators}) < max(ADMINISTRATORS_MIN, len(administrators)):
        cs = "Uveďte aspoň dva správce, každého s vlastním e-mailem: jeden role navrhuje, druhý schvaluje."
        en = "Name two administrators at least, each with an e-mail of their own: one proposes roles, another approves."
        raise wrong("administrators", cs, en)
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
    administrators: Annotated[tuple[Administrator, ...], AfterValidator(_apart)]


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
    parser.add_argument("--language", choices=("cs", "en"), default="cs", help="of what is wrong")
    asked = parser.parse_args(arguments)
    log.setLevel("CRITICAL")  # what was done is the answer, and it alone goes to the output
    try:
        plan = read(asked.town)
        os.environ.update(environment(asked.stage))
        for said in found(plan):
            print(said)
    except Faulty as faulty:
        for fault in faulty.faults[:FAULTS_SHOWN_MAX]:
            print(f"{fault.field}: {fault.shown(asked.language)['message']}", file=sys.stderr)
        faults = len(faulty.faults)
        cs, en = f"Chyb: {faults}. Nic se nezapsalo.", f"Faults: {faults}. Nothing was written."
        print(en if asked.language == "en" else cs, file=sys.stderr)
        return 2
    except Refusal as refusal:
        print(refusal.text(asked.language), file=sys.stderr)
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
    words = (
        "Pod tímto názvem (slug) tu je jiné město. Zvolte jiný.",
        "Under this slug there is another town here. Choose another one.",
    )
    if differs:
        raise Faulty([FieldError(name, "another_town", *words) for name in differs])


# Reading


def read(path: Path) -> Plan:
    """The plan of a town's file. Raises Faulty with every fault of it and of the files it names."""
    try:
        file = TownFile.model_validate_json(json.dumps(tomllib.loads(_text(path)), default=str))
    except tomllib.TOMLDecodeError as e:
        raise Faulty(
            [FieldError(path.name, "toml", f"Soubor není platný TOML: {e}.", f"The file is no TOML: {e}.")]
        ) from None
    except ValidationError as e:
        raise Faulty([replace(fault, field=f"{path.name}: {fault.field}") for fault in field_errors(e)]) from None
    faults = [] if is_ico(file.ico) else [FieldError(f"{path.name}: ico", "ico", *NO_ICO)]
    cs = _tried(path.parent / file.notice_cs, _text, faults)
    en = _tried(path.parent / file.notice_en, _text, faults) if file.notice_en else ""
    if cs is not None and not cs.strip():
        faults.append(FieldError(file.notice_cs, "empty", "Poučení je prázdné.", "The privacy notice is empty."))
    addresses = _tried(path.parent / file.addresses, lambda csv: _addresses(csv, file), faults)
    if faults or cs is None or en is None or addresses is None:
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


def _tried[T](path: Path, get: Callable[[Path], T], faults: list[FieldError]) -> T | None:
    """What a file holds, or its faults beside those of the other files."""
    try:
        return get(path)
    except Faulty as faulty:
        faults.extend(faulty.faults)
        return None


def _addresses(path: Path, file: TownFile) -> list[Address]:
    return ruian.read(_bytes(path), file.municipality_code, file.city_part_code, path.name)


def _text(path: Path) -> str:
    try:
        return _bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError:
        cs, en = (
            "Soubor není v UTF-8. Uložte ho v tomto kódování.",
            "The file is not in UTF-8. Save it in that encoding.",
        )
        raise Faulty([FieldError(path.name, "encoding", cs, en)]) from None


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as e:
        cs, en = f"Soubor nejde otevřít ({e.strerror}).", f"The file cannot be opened ({e.strerror})."
        raise Faulty([FieldError(path.name, "unreadable", cs, en)]) from None


if __name__ == "__main__":
    sys.exit(main())
