"""The nights behind the demo day: what was sealed, and that the last proof found no difference."""

from datetime import timedelta

from chalicelib.core.clock import start_of
from chalicelib.watch.audit import service as audit
from localcloud.demo.clock import at
from localcloud.demo.world import World

NIGHTS = 14
SEALED_AT, PROVED_AT = timedelta(hours=2), timedelta(hours=2, minutes=30)


def seal_and_prove(world: World) -> None:
    """Each of the last nights sealed its day; the first one all that came before it. Then the books were proved."""
    for back in range(NIGHTS, 0, -1):
        day = world.day - timedelta(days=back)
        with at(start_of(day + timedelta(days=1)) + SEALED_AT):
            for town, _ in world.towns:
                audit.seal(town.slug, day)
    with at(start_of(world.day) + PROVED_AT):
        found = audit.prove(world.day.isoformat())
    assert not any(proof.differences for proof in found.values()), found
