"""What the programmes' queue runs: news from the table, and the day's work. Every piece may run again."""

from collections.abc import Mapping

from chalicelib.core.work import Change, Step
from chalicelib.money.programmes import service


def changed(change: Change) -> None:
    """An application arrived, money returned, a grant ended, or the registry answered."""
    name = change.pk.partition("#")[2].partition("#")[2]
    if change.kind == "application" and change.event == "MODIFY":
        service.arrived(change.city, name)
    elif change.kind == "budget":
        service.follow_money(change.city, name)
    elif change.kind == "grant" and change.event == "MODIFY":
        service.end_reminders(change.city, name)
    elif change.kind in ("verification", "guardian_link") and change.event != "REMOVE":
        subject = change.sk.partition("#")[2]
        service.heard_of(change.city, subject)
        service.stop_for_the_dead(change.city, subject)


def _follow(city: str, _cursor: str | None) -> None:
    """Bring every programme in line with the day and the money."""
    service.follow_all(city)


def _lapse(city: str, _cursor: str | None) -> None:
    """End applications that were returned to their applicant and not answered in time."""
    service.lapse(city)


def _ask(city: str, _cursor: str | None) -> None:
    """The sweep behind a submission: whoever waits for the registry without an open question is asked about."""
    service.ask_again(city)


def _promote(city: str, _cursor: str | None) -> None:
    """The sweep behind the stream: whoever waits while there is money moves up."""
    for programme in service.programmes(city):
        service.follow_money(city, programme.id)


def _allocate(city: str, programme: str | None) -> str | None:
    """A run of one programme's allocator; the tick's own message is the sweep behind all of them."""
    if programme is not None:
        return service.allocate(city, programme)
    service.ask_for_runs(city)
    return None


JOBS: Mapping[str, Step] = {
    "follow": _follow,
    "ask": _ask,
    "lapse": _lapse,
    "expire": service.expire_grants,
    "files": service.sweep_files,
    "promote": _promote,
    "allocate": _allocate,
}
