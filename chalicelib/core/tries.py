"""How often somebody may try: counted before the try is made, so that parallel ones count too.

Every window slides, and a refusal says the true wait. Who tries is a network, a device, an address or a person; the
table holds a keyed digest of it.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil

from pynamodb.attributes import NumberAttribute

from chalicelib.core.clock import Instant
from chalicelib.core.refusals import ChangedMeanwhile, TooManyTries
from chalicelib.core.secrets import peppered
from chalicelib.core.table import Item, Key, change, commit, expired, put_new, read, remove, replace

ONE_S_NETWORK_BITS = 64
"""Of an IPv6 address: one household gets as many addresses as it likes under one such prefix."""
AT_ONCE_MAX = 8
"""Tries of one subject in one moment that are counted one after another; further ones wait a second."""


DOUBLINGS_MAX = 40
"""Any cap is reached before."""


@dataclass(frozen=True)
class Pace:
    """`burst` tries at once, and one more each time that its share of the window has passed."""

    burst: int
    window: timedelta

    @property
    def window_ms(self) -> int:
        return self.window // _MS

    @property
    def step_ms(self) -> int:
        return self.window_ms // self.burst


@dataclass(frozen=True)
class Delay:
    """`free` tries without a wait; after each further one the wait is twice as long, up to `most`.

    It is forgotten once nothing was tried for `memory`, or by a success.
    """

    free: int
    first: timedelta
    most: timedelta
    memory: timedelta

    def after(self, tries: int) -> timedelta:
        """How long the next try has to wait after so many."""
        if tries < self.free:
            return timedelta()
        return min(self.first * (1 << min(tries - self.free, DOUBLINGS_MAX)), self.most)


_MS = timedelta(milliseconds=1)


def tries_key(purpose: str, subject: str) -> Key:
    """AP-26: how often somebody tried something lately."""
    return Key(f"_#TRY#{peppered(purpose, subject)}", "T")


class TriesItem(Item):
    """`until_ms`: for a pace, the time up to which tries are used up; for a delay, the time from which one may try."""

    KIND = "tries"
    n = NumberAttribute(default=0)
    until_ms = NumberAttribute(default=0)


def network_of(ip: str) -> str:
    """Whom an address stands for: itself, or the /64 of an IPv6 address. What is no address stands for itself."""
    try:
        address = ip_address(ip)
    except ValueError:
        return ip
    if isinstance(address, IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped or ip_network((int(address), ONE_S_NETWORK_BITS), strict=False))
    return str(address)


def count(purpose: str, subject: str, pace: Pace, at: Instant) -> None:
    """Count a try at a pace. Raises TooManyTries."""
    item, at_ms, step = TriesItem.at(tries_key(purpose, subject)), _ms(at), pace.step_ms
    until = TriesItem.until_ms
    rested = until.does_not_exist() | (until <= at_ms)
    common = [TriesItem.kind.set(TriesItem.KIND), TriesItem.ttl.set(_ttl(at, pace.window))]
    with suppress(ChangedMeanwhile):
        commit(change(item, [until.set(at_ms + step), *common], rested))
        return
    latest = at_ms + pace.window_ms - step
    commit(change(item, [until.set(until + step), *common], until <= latest, lambda old: _refused(old, latest)))


def _refused(old: TriesItem | None, latest_ms: int) -> TooManyTries:
    return TooManyTries(_seconds(int(old.until_ms) - latest_ms) if old else 1)


def forgive(purpose: str, subject: str, pace: Pace) -> None:
    """A try that succeeded does not count."""
    item = TriesItem.at(tries_key(purpose, subject))
    with suppress(ChangedMeanwhile):  # it is forgotten already
        commit(change(item, [TriesItem.until_ms.set(TriesItem.until_ms - pace.step_ms)], TriesItem.until_ms.exists()))


def count_slowing(purpose: str, subject: str, delay: Delay, at: Instant) -> None:
    """Count a try after which the next one has to wait longer. Raises TooManyTries."""
    key = tries_key(purpose, subject)
    for _ in range(AT_ONCE_MAX):
        seen = read(TriesItem, key)
        known = seen if seen and not expired(seen, at) else None
        if known and known.until_ms > _ms(at):
            raise TooManyTries(_seconds(int(known.until_ms) - _ms(at)))
        n = int(known.n if known else 0) + 1
        item = TriesItem(pk=key.pk, sk=key.sk, kind=TriesItem.KIND, n=n, until_ms=_ms(at + delay.after(n)))
        item.ttl = _ttl(at, delay.memory)
        with suppress(ChangedMeanwhile):
            commit(replace(item, int(seen.v)) if seen else put_new(item, lambda _old: ChangedMeanwhile()))
            return
    raise TooManyTries(1)


def forget(purpose: str, subject: str) -> None:
    """After a success the next try waits for nothing."""
    item = TriesItem.at(tries_key(purpose, subject))
    commit(remove(item, TriesItem.pk.exists() | TriesItem.pk.does_not_exist()))


def _ms(at: Instant) -> int:
    return int(at.timestamp() * 1000)


def _seconds(ms: int) -> int:
    return max(1, ceil(ms / 1000))


def _ttl(at: Instant, life: timedelta) -> int:
    return int((at + life).timestamp()) + 60
