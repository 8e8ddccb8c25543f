"""The stream's records into the figures: repeated, shuffled, by several processes, one of which is killed on the way."""

import json
import random
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from chalicelib.core.refusals import TryAgain
from chalicelib.core.work import Change
from chalicelib.watch.insights import jobs
from chalicelib.watch.insights import service as insights
from chalicelib.watch.insights.model import Money
from chalicelib.watch.insights.store import figures, generations
from faults.books import Balances, Books
from faults.database import Database
from faults.injection import faults
from faults.town import CITY, PROGRAMMES, read_plan
from faults.worker import dice_for
from localcloud.resources import client

REPEATS_MAX = 3
PAID = ("bank", "operator", "inside")


def keep_changes(database: Database, home: Path) -> int:
    """Write down what the stream says of transfers; gives how many records."""
    changes = [change for change in _changes(database) if change.kind == "transfer"]
    (home / "changes.json").write_text(json.dumps([asdict(change) for change in changes]))
    return len(changes)


def _changes(database: Database) -> Iterator[Change]:
    streams = client("dynamodbstreams", database.endpoint)
    table = client("dynamodb", database.endpoint).describe_table(TableName=database.table)["Table"]
    arn = table["LatestStreamArn"]
    for shard in streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]:
        place = {"StreamArn": arn, "ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON"}
        iterator = streams.get_shard_iterator(**place)["ShardIterator"]
        while iterator:
            got = streams.get_records(ShardIterator=iterator, Limit=1000)
            yield from (_change(record) for record in got["Records"])
            iterator = got.get("NextShardIterator") if got["Records"] else None


def _change(record: Any) -> Change:
    keys = record["dynamodb"]["Keys"]
    image = record["dynamodb"].get("NewImage") or record["dynamodb"]["OldImage"]
    return Change(CITY, image["kind"]["S"], keys["PK"]["S"], keys["SK"]["S"], record["eventName"])


def differences(books: Books) -> Balances:
    """The figures less the sums of the transfers, where they do not agree."""
    found = _shown()
    wrong: Balances = {}
    for programme in PROGRAMMES:
        shown = found[programme]
        for name, minor in _parts(books, programme).items():
            if difference := getattr(shown, name) - minor:
                wrong[f"figures:{programme}.{name}"] = difference
    return wrong


def changed_by_rebuilding() -> list[str]:
    """What of the figures comes out otherwise when all are made again from the transfers."""
    before = _shown()
    cursor = insights.rebuild(CITY, None)
    while cursor is not None:
        cursor = insights.rebuild(CITY, cursor)
    after = _shown()
    return [f"figures of {name}: {before[name]} → {after[name]}" for name in PROGRAMMES if before[name] != after[name]]


def _shown() -> dict[str, Money]:
    found = figures(CITY, list(PROGRAMMES), generations(CITY).live)
    return {programme: shown.money for programme, shown in found.items()}


def _parts(books: Books, programme: str) -> Balances:
    """A programme's money by the heads of accounts: `grant:…` is unspent, whoever's it is."""
    heads: Balances = {}
    for body in books.transfers.values():
        if body["programme"] == programme:
            for account, minor in ((body["debit"], -body["amount_minor"]), (body["credit"], body["amount_minor"])):
                head = account.split(":")[0]
                heads[head] = heads.get(head, 0) + minor
    return {
        "budget_minor": -heads.get("town", 0),
        "free_minor": heads.get("budget", 0),
        "unspent_minor": heads.get("grant", 0),
        "held_minor": heads.get("held", 0),
        "to_pay_minor": heads.get("provider", 0) + heads.get("clearing", 0),
        "paid_minor": sum(heads.get(head, 0) for head in PAID),
    }


def main() -> None:
    """`python -m faults.counting <home> <number>`: count all records, each up to three times, in an order of its own."""
    home, number = Path(sys.argv[1]), int(sys.argv[2])
    plan = read_plan(home)
    dice = random.Random(f"{plan.seed}.counter.{number}")
    changes = [Change(**kept) for kept in json.loads((home / "changes.json").read_text())]
    repeated = [change for change in changes for _ in range(dice.randint(1, REPEATS_MAX))]
    dice.shuffle(repeated)
    with faults(dice_for(random.Random(), plan.faults_share)) as met:
        for change in repeated:
            _count(change)
    met_file(home, number).write_text(json.dumps(met))


def met_file(home: Path, number: int) -> Path:
    """The faults that a counter met in its last life."""
    return home / f"counter-{number}.met"


def _count(change: Change) -> None:
    """The queue gives it again until it is done."""
    while True:
        try:
            jobs.changed(change)
            return
        except TryAgain:
            continue


if __name__ == "__main__":
    main()
