"""What other rooms ask about a town."""

import time
from collections.abc import Iterable
from dataclasses import replace
from itertools import islice
from typing import Any

from chalicelib.core.clock import now, today
from chalicelib.core.edits import merged
from chalicelib.core.refusals import ChangedMeanwhile, NotFound
from chalicelib.core.settings import settings
from chalicelib.town.towns import store
from chalicelib.town.towns.model import (
    ADDRESSES_SHOWN_MAX,
    Address,
    AddressUnknown,
    Notice,
    NoticeOutdated,
    Town,
    TownUnknown,
    street_of,
)

CACHE_SECONDS_MAX = 5
_cache: dict[tuple[str, str], tuple[float, Town]] = {}


def town(city: str) -> Town:
    """The town, at most CACHE_SECONDS_MAX old. Rules of money ask `town_now`. Raises TownUnknown."""
    place = (settings().table_name, city)
    kept = _cache.get(place)
    if kept and time.monotonic() - kept[0] < CACHE_SECONDS_MAX:
        return kept[1]
    found = town_now(city)
    _cache[place] = (time.monotonic(), found)
    return found


def town_now(city: str) -> Town:
    """The town by a consistent read. Raises TownUnknown."""
    found = store.town(city)
    if found is None:
        raise TownUnknown(city)
    return found


def all_towns() -> list[Town]:
    """Every town of the installation, by slug."""
    return store.towns()


def found(town: Town, notice: Notice) -> Town:
    """Set up a town with the first version of its privacy notice."""
    town = replace(town, notice_version=notice.version, found_at=town.found_at or now())
    store.add(town, notice)
    return town


def amend(city: str, seen: int, changes: dict[str, Any]) -> Town:
    """Change a town's settings. Raises ChangedMeanwhile if somebody was faster."""
    current = town_now(city)
    if current.v != seen:
        raise ChangedMeanwhile
    store.save(merged(current, changes), seen)
    _cache.pop((settings().table_name, city), None)
    return town(city)


def notice(city: str, version: int | None = None) -> Notice:
    """A version of the privacy notice, the current one unless said otherwise."""
    wanted = town(city).notice_version if version is None else version
    known = store.notice(city, wanted)
    if known is None:
        raise NotFound
    return known


def notices(city: str) -> list[Notice]:
    """All versions, newest first."""
    return store.notices(city)


def publish_notice(city: str, cs: str, en: str) -> Notice:
    """The next version of the privacy notice takes effect. Who was shown an older one keeps the record of it."""
    current = town_now(city)
    version = current.notice_version + 1
    made = Notice(version, today(), cs, en)
    store.save(replace(current, notice_version=version), current.v, store.notice_write(city, made))
    _cache.pop((settings().table_name, city), None)
    return made


def check_notice(city: str, version: int) -> None:
    """Raises NoticeOutdated unless this is the version that now holds."""
    current = town_now(city).notice_version
    if version != current:
        raise NoticeOutdated(current)


def load_addresses(city: str, addresses: Iterable[Address]) -> None:
    """Fill the town's list of addresses. Loading again writes the same items."""
    store.save_addresses(city, addresses)


def addresses_like(city: str, query: str) -> list[Address]:
    """Addresses to choose from. A query without a street finds none."""
    return list(islice(store.addresses_like(city, query), ADDRESSES_SHOWN_MAX)) if street_of(query) else []


def address(city: str, code: str) -> Address:
    """An address of the town's list. Raises AddressUnknown."""
    known = store.address(city, code)
    if known is None:
        raise AddressUnknown
    return known
