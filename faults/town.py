"""The town of a campaign: two programmes, their money, and grants that many spend from at once."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

from chalicelib.core.clock import end_of, start_of, today
from chalicelib.core.table import transact
from chalicelib.money.ledger import service as ledger
from chalicelib.money.ledger.model import NewGrant, Spender
from chalicelib.town.towns import service as towns
from chalicelib.town.towns.model import Notice, Town
from faults.bystanders import BUCKET_SEALS, PEPPER_ID, Bystanders
from faults.database import Database

CITY = "modrinov"
PROGRAMMES = ("sport", "culture")
PROVIDERS = ("pool", "club", "books")
FOUNDER = "founder"
OPERATIONS_A_GRANT = 60
GRANTS_MIN = 12
GRANT_MINOR = 100_000
SMALL_GRANT_MINOR = 4_000
"""Every fourth grant is soon spent: true refusals belong to the campaign."""


@dataclass(frozen=True)
class Plan:
    """What every worker knows of the campaign."""

    seed: int
    grants: tuple[str, ...]
    operations_each: int
    faults_share: float

    def write(self, home: Path) -> None:
        (home / "plan.json").write_text(json.dumps(asdict(self)))


def read_plan(home: Path) -> Plan:
    kept = json.loads((home / "plan.json").read_text())
    return Plan(**(kept | {"grants": tuple(kept["grants"])}))


def environment(database: Database, bystanders: Bystanders) -> dict[str, str]:
    """What the processes of a campaign are told of the cloud."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
        "AWS_ENDPOINT_URL": bystanders.endpoint,
        "AWS_ENDPOINT_URL_DYNAMODB": database.endpoint,
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "STAGE": "local",
        "TABLE_NAME": database.table,
        "BUCKET_SEALS": BUCKET_SEALS,
        "PEPPER_ID": PEPPER_ID,
    }


def settle_in(env: Mapping[str, str]) -> None:
    """Point this process at the campaign's table, before anything asks."""
    os.environ.update(env)


def found(operations: int) -> tuple[str, ...]:
    """Found the town, open the programmes and the grants; gives the grants' ids."""
    known = Town(slug=CITY, name="Modřínov", ico="80000011", municipality_code="999001")
    towns.found(known, Notice(1, today(), "Údaje zpracovává město.", "The town processes the data."))
    count = max(GRANTS_MIN, operations // OPERATIONS_A_GRANT)
    for programme in PROGRAMMES:
        transact([ledger.open_budget(CITY, programme)])
        ledger.fund(CITY, programme, count * GRANT_MINOR, Spender(FOUNDER, "faults", f"fund.{programme}"))
    return tuple(_grant(n) for n in range(count))


def _grant(n: int) -> str:
    new = NewGrant(
        subject_ref=f"child-{n}",
        programme=PROGRAMMES[n % len(PROGRAMMES)],
        application=f"application-{n}",
        person=f"person-{n}",
        beneficiary=f"child-{n}",
        mode="credit",
        amount_minor=SMALL_GRANT_MINOR if n % 4 == 3 else GRANT_MINOR,
        valid_from=start_of(today()),
        valid_until=end_of(today() + timedelta(days=365)),
    )
    return ledger.allot(CITY, [new], Spender(FOUNDER, "faults", f"allot.{n}"))[0].id
