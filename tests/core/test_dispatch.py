"""The tick: every job that is due is sent once for its occasion, and none is lost."""

from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.core import dispatch, work
from chalicelib.core.rooms import AT_EVERY_TICK, Room, daily
from chalicelib.core.work import local_time

ROOMS = {"payouts": Room(jobs={"settle": daily(5), "resume": AT_EVERY_TICK})}


def tick(hour: int, minute: int = 0) -> int:
    return dispatch.tick(["modrinov"], ROOMS, datetime(2026, 11, 20, hour - 1, minute, tzinfo=UTC))


def test_each_occasion_is_sent_once(table: str, sent: list[Any]) -> None:
    assert [tick(4), tick(5), tick(5, 5), tick(5, 15)] == [1, 2, 0, 1]
    assert [message["job"] for _, message in sent] == ["resume", "settle", "resume", "resume"]


def test_both_quarters_past_two_of_the_night_when_the_clock_goes_back_are_sent(table: str, sent: list[Any]) -> None:
    night = [datetime(2027, 10, 31, hour, 15, tzinfo=UTC) for hour in (0, 1)]
    assert [local_time(at).strftime("%H:%M") for at in night] == ["02:15", "02:15"]
    assert [dispatch.tick(["modrinov"], ROOMS, at) for at in night] == [1, 1]


def test_a_job_whose_sending_failed_is_sent_by_the_next_tick(
    table: str, sent: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = work.send

    def fails(*_: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr(work, "send", fails)
    with pytest.raises(ConnectionError):
        tick(5)
    monkeypatch.setattr(work, "send", real)
    assert tick(5) == 2
