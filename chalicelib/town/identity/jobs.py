"""What wakes verification: people and children who appear or change, answers that came, and the ends of things."""

from collections.abc import Mapping

from chalicelib.core.work import Change, Step
from chalicelib.town.identity import service


def changed(change: Change) -> None:
    """Follow the news. Following it twice, or late, asks nothing twice."""
    if change.event == "REMOVE":
        return
    subject = change.sk[2:] if change.sk != "A" else change.pk.rpartition("#")[2]
    if change.kind == "verification":
        service.follow_verification(change.city, subject)
    else:
        service.follow(change.city, subject)


def _expire(city: str, _cursor: str | None) -> str | None:
    """End verifications whose time is over."""
    return "more" if service.expire_some(city) == service.SWEEP_MAX else None


def _of_age(city: str, _cursor: str | None) -> str | None:
    """End the links of guardians whose child came of age."""
    return "more" if service.end_links_of_age(city) == service.SWEEP_MAX else None


JOBS: Mapping[str, Step] = {
    "expire": _expire,
    "of_age": _of_age,
    "files": service.sweep_files,
}
