"""The proof: one pass over the table recomputes every balance from the transfers and holds every entry to its seal.

The pass is one for all towns: a scan pays for what it reads, not for what it keeps, so a pass a town would read the whole
table as many times as there are towns. It runs in segments side by side, each a step that is done again whole if it fails;
memory holds one partition and sums by programme and day, however many transfers there are.

A scan is only read-committed, so nothing that it shows is a difference until a consistent look shows it too: a grant's
account with its transfers at one moment (TransactGetItems), a budget against the sums of everything posted before the
pass and of what the journal has since.
"""

import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date, timedelta
from itertools import batched
from typing import Any

from chalicelib.core.clock import Instant, day_of, now, to_text, today
from chalicelib.core.table import Key, commit
from chalicelib.core.telemetry import count, log
from chalicelib.money.ledger import service as ledger
from chalicelib.town.towns import service as towns
from chalicelib.watch.audit import merkle, outside, sealing, store
from chalicelib.watch.audit.freezing import freeze_for
from chalicelib.watch.audit.model import (
    SUM_MODULUS,
    Difference,
    Leaf,
    ProgrammeSums,
    Proof,
    Seal,
    Stored,
    Sums,
    Tally,
    add_sums,
    judge,
    judge_budget,
    salted,
    to_freeze,
)

SEGMENT_BYTES = 128 * 1024 * 1024
SEGMENT_ITEMS = 150_000
"""A segment is a step: about twenty seconds of reading, far under the five minutes that a step may take."""
SEGMENTS_MIN = 4
SETTLED_AFTER = timedelta(seconds=15)
"""An attempt lives four seconds: what was posted longer ago than this is in the table, or never will be."""
SENT_WITHIN = timedelta(minutes=1)
LOOKS = 6
LOOK_PAUSE_SECONDS = 1.0
"""How often and how far apart a difference is looked at before it counts."""
STILL_LOOKS = 3
"""A budget's difference counts when nothing moved in it for so many looks: longer than the journal's index lags."""
BY = "proof"
"""Who turns a freeze switch when nobody did."""


# A run


def begin(run: str, city: str = "") -> store.RunItem:
    """Begin a run for a town, or for all of them; a run that was begun is given as it is."""
    started_at = now()
    salt = os.urandom(16).hex()
    with suppress(store.AlreadyRunning):
        commit(store.new_run(run, city, started_at, started_at - SETTLED_AFTER, salt, _segments()))
    return known_run(run)


def begin_and_send(run: str, send: Callable[[store.RunItem], None], city: str = "") -> None:
    """Begin a run and send its segments. Whoever finds it begun sends them only if the one who began it seems to have died."""
    was_there = store.run(run) is not None
    known = begin(run, city)
    died = now() - known.started_at > SENT_WITHIN
    if not known.sent and (died or not was_there):
        send(known)
        commit(store.all_sent(run))


def known_run(run: str) -> store.RunItem:
    found = store.run(run)
    assert found, run
    return found


def _segments() -> int:
    size, items = store.table_size()
    return max(SEGMENTS_MIN, -(-size // SEGMENT_BYTES), -(-items // SEGMENT_ITEMS))


def cities_of(run: store.RunItem) -> list[str]:
    return [run.city] if run.city else [town.slug for town in towns.all_towns()]


def read_segment(run: store.RunItem, segment: int) -> bool:
    """Read a segment and keep what it adds up to. Says whether the run's segments are all read now."""
    if not store.segment_done(run.run, segment):
        scan = store.Scan(segment, int(run.segments), run.city)
        tallies = _tallies(scan, bytes.fromhex(run.salt), run.counts_to)
        for city, tally in tallies.items():
            commit(store.keep_tally(city, run.run, segment, tally))
        commit(store.finish_segment(run.run, segment, round(scan.capacity_units)))
    return len(store.segments_done(run.run)) == run.segments


def _tallies(partitions: Iterable[list[Stored]], salt: bytes, counts_to: Instant) -> dict[str, Tally]:
    found: dict[str, Tally] = {}
    for partition in partitions:
        tally = found.setdefault(partition[0].city, Tally())
        _count(tally, partition, salt, counts_to)
        if judge(partition):
            tally.add_differences(confirmed(partition[0].pk))
    return found


def _count(tally: Tally, partition: Sequence[Stored], salt: bytes, counts_to: Instant) -> None:
    for item in partition:
        if item.kind in ("grant", "budget"):
            tally.accounts += 1
            if item.kind == "budget":
                tally.programmes.setdefault(item.balances["programme"], Counter())
            continue
        body = item.told
        if body is None:
            continue
        tally.add_entry(item.day, 1, salted(salt, merkle.leaf_hash(item.body)))
        if item.kind == "decision":
            tally.decisions += 1
            continue
        tally.transfers += 1
        if item.at < counts_to:
            add_sums(tally.programmes, body)


# Looking again


def confirmed(pk: str) -> list[Difference]:
    """What is wrong in a partition by a consistent look: its account and all its entries at one moment."""
    return judge(partition) if (partition := _at_one_moment(pk)) else []


def _at_one_moment(pk: str) -> list[Stored]:
    """The partition as it was at one moment: its account has the same version before and within every part. Else nothing.

    Every movement of a grant writes its account, so an unchanged version is an unchanged partition.
    """
    for _ in range(LOOKS):
        seen = store.partition(pk)
        account = [item for item in seen if item.kind == "grant"]
        keys = [Key(item.pk, item.sk) for item in seen if item.kind != "grant"]
        parts = [
            store.together([*(Key(item.pk, item.sk) for item in account), *some])
            for some in batched(keys, store.TOGETHER_MAX - 1, strict=False)
        ] or [seen]
        if all([item.v for item in part if item.kind == "grant"] == [item.v for item in account] for part in parts):
            return [*account, *(item for part in parts for item in part if item.kind != "grant")]
        time.sleep(LOOK_PAUSE_SECONDS)
    log.warning("a partition did not hold still", pk=pk)  # nothing is said of it; the next night looks again
    return []


# The outcome


def judge_town(run: store.RunItem, city: str) -> Proof:
    """Put a town's segments together, hold them to its budgets and seals, freeze what differs. Again gives the first."""
    known = store.proof(city, run.run)
    if known:
        return known
    tally = Tally()
    for part in store.tallies(city, run.run):
        tally.add(part)
    programmes, differing = _judge_budgets(city, tally, run.counts_to)
    tally.add_differences(differing)
    checked = _Seals(city, bytes.fromhex(run.salt))
    checked.hold(tally)
    tally.add_differences(checked.differences)
    sealing.mark_for_next(city, checked.unsealed_days)
    made = Proof(
        run=run.run,
        started_at=run.started_at,
        ended_at=now(),
        accounts=tally.accounts,
        transfers=tally.transfers,
        decisions=tally.decisions,
        seals=checked.seals,
        leaves=checked.leaves,
        sealed_to=checked.sealed_to,
        programmes=tuple(programmes),
        differences=tuple(tally.differences),
        differences_count=tally.differences_count,
        unsealed=checked.unsealed,
        frozen=tuple(_freeze(city, tally)),
        capacity_units=sum(store.segments_done(run.run)),
    )
    commit(store.keep_proof(city, made))
    _tell(city, made)
    return made


def _tell(city: str, proof: Proof) -> None:
    count("BooksProven")
    told: Any = {"city": city, "run": proof.run, "transfers": proof.transfers, "capacity_units": proof.capacity_units}
    if proof.differences_count:
        count("BooksDiffer", proof.differences_count)
        for each in proof.differences:
            log.error("the books differ", **told, **each.__dict__)
    if proof.unsealed:
        log.error("entries of sealed days are in no seal", **told, unsealed=proof.unsealed)
        count("SealedLate", proof.unsealed)
    log.info("the books are proven" if not proof.differences_count else "the books were read", **told)


def _freeze(city: str, tally: Tally) -> list[str]:
    frozen = []
    for what, id in to_freeze(tally):
        named = next(each for each in tally.differences if what == "town" or each.programme == id)
        place = f"{named.account} {named.entry}".strip()
        reason = f"Noční kontrola knih našla rozdíl ({named.code}: {place}). Peníze stojí, dokud ho někdo nevysvětlí."
        freeze_for(city, what, id, BY, reason)
        frozen.append(f"{what}:{id}")
    return frozen


# Budgets


def _judge_budgets(city: str, tally: Tally, counts_to: Instant) -> tuple[list[ProgrammeSums], list[Difference]]:
    """Each budget against what was posted before the pass and since. The journal lags behind the books, so it is read first
    and a difference counts only in a budget that has stood still for STILL_LOOKS."""
    sums: dict[str, Sums] = {}
    wrong: dict[str, list[Difference]] = {}
    still: Counter[str] = Counter()
    versions: dict[str, int] = {}
    for _ in range(LOOKS):
        sums = _added(tally.programmes, _posted_since(city, counts_to))
        rows = {programme: store.budget_row(city, programme) for programme in sums}
        wrong = {id: judge_budget(id, sums[id], row.balances if row else None) for id, row in rows.items()}
        if not any(wrong.values()):
            break
        for programme, row in rows.items():
            version = row.v if row else 0
            still[programme] = still[programme] + 1 if versions.get(programme) == version else 1
            versions[programme] = version
        time.sleep(LOOK_PAUSE_SECONDS)
    told = [ProgrammeSums.of(programme, sums[programme]) for programme in sorted(sums)]
    return told, [each for id in sorted(wrong) if still[id] >= STILL_LOOKS for each in wrong[id]]


def _added(before: Mapping[str, Sums], later: Mapping[str, Sums]) -> dict[str, Sums]:
    found = {programme: Counter(sums) for programme, sums in before.items()}
    for programme, sums in later.items():
        found.setdefault(programme, Counter()).update(sums)
    return found


def _posted_since(city: str, since: Instant) -> dict[str, Sums]:
    """The sums of what was posted since an instant, by programme, as the journal shows it now."""
    found: dict[str, Sums] = {}
    for day in _days(day_of(since), today()):
        for entry in store.journal(city, day, to_text(since)):
            body = entry.told if entry.kind == "transfer" else None
            if body and entry.at >= since:
                add_sums(found, body)
    return found


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


# Seals


class _Seals:
    """Holds what a pass saw to what the seals have: by count and salted sum for each day, leaf by leaf where they differ."""

    def __init__(self, city: str, salt: bytes) -> None:
        self.city = city
        self.salt = salt
        self.seals = self.leaves = self.unsealed = 0
        self.sealed_to: date | None = None
        self.unsealed_days: list[date] = []
        self.differences: list[Difference] = []
        self._days: dict[str, tuple[int, int]] = {}
        self._last: Seal | None = None

    def hold(self, tally: Tally) -> None:
        for seal in store.all_seals(self.city):
            self._read(seal)
        if self.sealed_to is None:
            return
        sealed_to = self.sealed_to.isoformat()
        for day in sorted({*self._days, *(day for day in tally.days if day <= sealed_to)}):
            if self._days.get(day, (0, 0)) != tally.days.get(day, (0, 0)):
                self._look_into(date.fromisoformat(day))

    def _read(self, seal: Seal) -> None:
        self.seals += 1
        self.sealed_to = seal.day
        root = merkle.root(self._leaf(leaf) for leaf in outside.read_leaves(self.city, seal.day.isoformat()))
        written = outside.read_seal(self.city, seal.day.isoformat())
        if root.hex() != seal.root or written != seal.document() or not self._follows(seal):
            self.differences.append(Difference("changed", "SEAL", seal.day.isoformat(), what="seal"))
        self._last = seal

    def _follows(self, seal: Seal) -> bool:
        """Whether a seal is the next link of the chain."""
        n, root = (self._last.n, self._last.root) if self._last else (0, "")
        return seal.n == n + 1 and seal.prev_root == root

    def _leaf(self, leaf: Leaf) -> bytes:
        self.leaves += 1
        day = leaf.day.isoformat()
        known, total = self._days.get(day, (0, 0))
        self._days[day] = (known + 1, (total + salted(self.salt, leaf.hash)) % SUM_MODULUS)
        return leaf.hash

    def _look_into(self, day: date) -> None:
        """Name what is changed or missing of a day, and count what no seal has."""
        leaves = [leaf for leaf in self._all_leaves(day) if leaf.day == day]
        for some in batched(leaves, store.TOGETHER_MAX, strict=False):
            there = store.bodies_at([Key(leaf.pk, leaf.sk) for leaf in some])
            for leaf in some:
                self._hold_leaf(leaf, there.get(Key(leaf.pk, leaf.sk)))
        sealed = {Key(leaf.pk, leaf.sk) for leaf in leaves}
        extra = [entry for entry in store.journal(self.city, day) if entry.sort and entry.key not in sealed]
        if extra:
            self.unsealed += len(extra)
            self.unsealed_days.append(day)

    def _all_leaves(self, day: date) -> Iterable[Leaf]:
        for seal in store.seals_from(self.city, day):
            yield from outside.read_leaves(self.city, seal.day.isoformat())

    def _hold_leaf(self, leaf: Leaf, body: str | None) -> None:
        account, entry = leaf.pk.partition("#")[2], leaf.sk.removeprefix("T#")
        if body is None:
            self.differences.append(
                Difference("missing", account, entry, self._programme(leaf), expected=leaf.hash.hex())
            )
        elif (found := merkle.leaf_hash(body)) != leaf.hash:
            self.differences.append(
                Difference("changed", account, entry, self._programme(leaf), "", leaf.hash.hex(), found.hex())
            )

    def _programme(self, leaf: Leaf) -> str:
        """The programme of an entry whose own text cannot be trusted, by its account."""
        _, kind, id = leaf.pk.split("#", 2)
        if kind == "B":
            return id
        if kind == "PR":  # line.programme.kind
            return leaf.sk.split(".")[-2] if leaf.sk.count(".") >= 2 else ""
        grant = ledger.grant(self.city, id) if kind == "G" else None
        return grant.programme if grant else ""


def prove(run: str, city: str = "") -> dict[str, Proof]:
    """A whole run at once, for a command: town → what was found."""
    known = begin(run, city)
    for segment in range(int(known.segments)):
        read_segment(known, segment)
    return {each: judge_town(known, each) for each in cities_of(known)}
