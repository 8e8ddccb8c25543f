"""Connected systems of a town: how the administrator adds one, how it signs in without a person's password.

A machine exchanges its id and secret for access tokens of five minutes. A machine only looks: a revoked one gets no further
token, and what it has ends within that time.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.core import gate, tries
from chalicelib.core.clock import Instant, now
from chalicelib.core.gate import ACCESS_LIFE, Role, Who
from chalicelib.core.ids import digest, new_id
from chalicelib.core.refusals import NotFound
from chalicelib.core.secrets import base64url, peppered
from chalicelib.core.table import commit, transact
from chalicelib.money.ledger import service as ledger
from chalicelib.town.people import store
from chalicelib.town.people.guessing import FROM_ONE_NETWORK
from chalicelib.town.people.model import Machine, TooManyMachines

MACHINES_MAX = 20
SECRET_BYTES = 32


@dataclass(frozen=True)
class Made:
    """A machine just added, with the secret that is not shown again."""

    machine: Machine
    secret: str


@dataclass(frozen=True)
class SignedIn:
    """A machine's sign-in for the next minutes."""

    access_token: str
    expires_at: Instant


def add(city: str, name: str, scopes: Sequence[Role], by: Who) -> Made:
    """Connect a system. Raises TooManyMachines."""
    if sum(machine.revoked_at is None for machine in store.machines(city)) >= MACHINES_MAX:
        raise TooManyMachines(MACHINES_MAX)
    secret = base64url(os.urandom(SECRET_BYTES))
    machine = Machine(new_id(), name, tuple(sorted(set(scopes))), _digest(secret), by.id, now())
    told = ".".join(("made", *machine.scopes))
    leaf = ledger.leaf(city, digest("machine", machine.id, "made"), "machine", machine.id, told, by=by.id, via=by.app)
    transact([store.new_machine(city, machine), leaf])
    return Made(machine, secret)


def machines(city: str) -> list[Machine]:
    """The connected systems, the revoked ones too, oldest first."""
    return store.machines(city)


def revoke(city: str, id: str, by: Who) -> None:
    """The machine gets no token from now on. Again changes nothing. Raises NotFound."""
    machine = store.machine(city, id)
    if machine is None:
        raise NotFound
    if machine.revoked_at is None:
        leaf = ledger.leaf(city, digest("machine", id, "revoked"), "machine", id, "revoked", by=by.id, via=by.app)
        transact([store.revoke_machine(city, id, now()), leaf])


def sign_in(city: str, id: str, secret: str, network: str) -> SignedIn:
    """Exchange a machine's id and secret for an access token of ACCESS_LIFE. Guesses are counted for the network.

    Raises MachineRefused, TooManyTries.
    """
    at = now()
    tries.count("machine", network, FROM_ONE_NETWORK, at)
    commit(store.use_machine(city, id, _digest(secret), at))
    tries.forgive("machine", network, FROM_ONE_NETWORK)
    machine = store.machine(city, id)
    assert machine is not None  # it has just been written
    who = Who(id=id, app="admin", session=id, roles={city: machine.scopes})
    return SignedIn(gate.issue(who, at), at + ACCESS_LIFE)


def _digest(secret: str) -> str:
    return peppered("machine", secret)
