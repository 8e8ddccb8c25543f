"""The database of a campaign: dynoxide on one file, that is killed, restarted and set back to an earlier moment."""

import os
import random
import shutil
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from localcloud.processes import Process, free_port, start_dynoxide, stop, wait_for
from localcloud.resources import client, make_table

FILE = "dynamodb.sqlite"

type Raw = dict[str, Any]
"""An item as DynamoDB gives it."""
type Image = dict[tuple[str, str], Raw]
"""All items of a table by their keys."""


class Database:
    """One table in one file. Its address stays the same through every restart."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.home.mkdir(parents=True, exist_ok=True)
        self._port = free_port()
        self.endpoint = f"http://127.0.0.1:{self._port}"
        self._process: Process | None = None
        self.table = ""

    def start(self) -> None:
        self._process = start_dynoxide(self._port, self.home, self.home / "logs")
        wait_for(self._process, self.endpoint)
        self.table = make_table(client("dynamodb", self.endpoint), self.home / FILE)

    def kill(self) -> None:
        """End it as a power cut would."""
        if self._process:
            os.kill(self._process.popen.pid, signal.SIGKILL)
            self._process.popen.wait()
            self._process = None

    def stop(self) -> None:
        if self._process:
            stop([self._process])
            self._process = None

    def copy(self, to: Path) -> Path:
        """A copy of the file as of one moment, made while others write."""
        to.mkdir(parents=True, exist_ok=True)
        with sqlite3.connect(self.home / FILE, timeout=30) as source, sqlite3.connect(to / FILE) as target:
            source.backup(target)
        source.close()
        target.close()
        return to

    def set_back(self, copy: Path) -> None:
        """Take the place of the file by a copy. The database must not be running."""
        for suffix in ("-wal", "-shm"):
            (self.home / f"{FILE}{suffix}").unlink(missing_ok=True)
        shutil.copyfile(copy / FILE, self.home / FILE)

    def items(self) -> Image:
        return {(raw["PK"]["S"], raw["SK"]["S"]): raw for raw in self._scanned()}

    def _scanned(self) -> Iterator[Raw]:
        pages = client("dynamodb", self.endpoint).get_paginator("scan")
        for page in pages.paginate(TableName=self.table, ConsistentRead=True):
            yield from page["Items"]

    def tear(self, earlier: Image, dice: random.Random) -> int:
        """Set back about half of what changed since the earlier image, item by item; gives how many items.

        AWS restores a table to a second, not to a transaction: of a transaction near the point some items may be there
        and others not.
        """
        dynamodb = client("dynamodb", self.endpoint)
        now = self.items()
        changed = sorted(key for key in now if now[key] != earlier.get(key))
        back = [key for key in changed if dice.random() < 0.5]
        for pk, sk in back:
            if old := earlier.get((pk, sk)):
                dynamodb.put_item(TableName=self.table, Item=old)
            else:
                dynamodb.delete_item(TableName=self.table, Key={"PK": {"S": pk}, "SK": {"S": sk}})
        return len(back)


@contextmanager
def opened(copy: Path) -> Iterator[Database]:
    """A copy of the file, read by an engine of its own."""
    database = Database(copy)
    database.start()
    try:
        yield database
    finally:
        database.stop()
