"""Tills: how a provider's owner pairs a device, and how the device signs in.

A device holds a long-lived token, kept here as a digest; it is exchanged for access tokens of five minutes. What checks
codes and moves money reads the till with what it reads anyway: there a revoked till is out at once, elsewhere within that
time.
"""

import hashlib
import hmac
import os
from dataclasses import dataclass, replace

from chalicelib.core import gate
from chalicelib.core.clock import Instant, now
from chalicelib.core.gate import ACCESS_LIFE, OWNER, PROVIDER_SIDE, STAFF, TILL, Who
from chalicelib.core.ids import new_id
from chalicelib.core.refusals import ChangedMeanwhile, NotFound
from chalicelib.core.secrets import base64url
from chalicelib.core.settings import settings
from chalicelib.core.table import commit, transact
from chalicelib.money.programmes import service as programmes
from chalicelib.money.programmes.model import Programme
from chalicelib.money.providers import service as providers
from chalicelib.money.providers.model import Branch, Provider
from chalicelib.money.vouchers import codes, store
from chalicelib.money.vouchers.model import (
    PAIRING_LIFE,
    TILLS_MAX,
    BranchClosed,
    Pairing,
    PairingCodeInvalid,
    Shift,
    Till,
    TillRevoked,
    TooManyTills,
)


@dataclass(frozen=True)
class Offer:
    """A pairing code to be shown once. `link` opens the reader; the code stands behind its `#`, where no server sees it."""

    code: str
    link: str
    expires_at: Instant


@dataclass(frozen=True)
class Paired:
    """A device just paired, with the token that it must keep: it is not shown again."""

    till: Till
    token: str


@dataclass(frozen=True)
class SignedIn:
    """A till's sign-in for the next minutes."""

    access_token: str
    expires_at: Instant


@dataclass(frozen=True)
class Place:
    """A till with where it stands and what it accepts."""

    till: Till
    provider: Provider
    branch: Branch
    programmes: tuple[Programme, ...]


def offer(city: str, who: Who, provider: str, branch: str, name: str) -> Offer:
    """A code that pairs one device as a till of a branch within PAIRING_LIFE. For the provider's owner.

    Refusals: NotFound, WrongRole, BranchUnknown, BranchClosed, TooManyTills.
    """
    providers.check_member(city, provider, who, OWNER)
    if providers.provider(city, provider).branch(branch).closed:
        raise BranchClosed
    if len(store.tills_of(city, provider)) >= TILLS_MAX:
        raise TooManyTills(TILLS_MAX)
    code = codes.pairing_code(os.urandom(16))
    made = Pairing(provider, branch, name, who.id, now() + PAIRING_LIFE)
    commit(store.new_pairing(city, codes.digest_of(code), made))
    return Offer(code, f"{settings().origin}/reader/parovani#{city}/{code}", made.expires_at)


def pair(city: str, code: str) -> Paired:
    """Make this device a till; the code is used up. Refusals: PairingCodeInvalid."""
    at, digest = now(), codes.digest_of(code)
    offered = store.pairing(city, digest)
    if offered is None:
        raise PairingCodeInvalid
    secret = base64url(os.urandom(32))
    till = Till(
        id=new_id(),
        provider=offered.provider,
        branch=offered.branch,
        name=offered.name,
        token_digest=_digest(secret),
        paired_by=offered.made_by,
        paired_at=at,
    )
    transact([store.use_pairing(city, digest, at), store.new_till(city, till)])
    return Paired(till, f"{till.id}.{secret}")


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def sign_in(city: str, token: str) -> SignedIn:
    """Exchange a device's token for an access token of ACCESS_LIFE. Refusals: TillRevoked."""
    id, _, secret = token.partition(".")
    till = store.till(city, id)
    if till is None or till.revoked_at or not hmac.compare_digest(till.token_digest, _digest(secret)):
        raise TillRevoked
    at = now()
    who = Who(id=till.id, app="reader", session=till.id, roles={city: (TILL,)}, providers={city: {till.provider: TILL}})
    return SignedIn(gate.issue(who, at), at + ACCESS_LIFE)


def place(city: str, till_id: str) -> Place:
    """The till, its branch, and the programmes whose vouchers it accepts. Refusals: TillRevoked."""
    till = store.till(city, till_id)
    if till is None or till.revoked_at:
        raise TillRevoked
    provider = providers.provider(city, till.provider)
    accepted = [programmes.programme(city, id) for id in providers.programmes_of(city, provider.id)]
    vouchers = tuple(p for p in accepted if p.rules.mode == "voucher" and p.rules.takes(provider.id))
    return Place(till, provider, provider.branch(till.branch), vouchers)


def begin_shift(city: str, till_id: str, cashier: str) -> Till:
    """Who stands at the till from now on; nobody, by an empty name. Refusals: TillRevoked."""
    till = store.till(city, till_id)
    if till is None:
        raise TillRevoked
    shift = Shift(till.id, cashier, now())
    transact(store.begin_shift(city, till, shift))
    return replace(till, cashier=cashier, shift_since=shift.since)


def tills_of(city: str, who: Who, provider: str) -> list[Till]:
    """A provider's tills, for its own people and for the town. Refusals: NotFound, WrongRole."""
    if who.holds(city, STAFF):
        providers.provider(city, provider)
    else:
        providers.check_member(city, provider, who, *PROVIDER_SIDE)
    return store.tills_of(city, provider)


def till(city: str, id: str) -> Till:
    """A till, by the town. Raises NotFound."""
    known = store.till(city, id)
    if known is None:
        raise NotFound
    return known


def rename(city: str, who: Who, id: str, seen: int, name: str) -> Till:
    """Refusals: NotFound, WrongRole, ChangedMeanwhile."""
    till = _own(city, who, id)
    if till.v != seen:
        raise ChangedMeanwhile
    commit(store.save_till(city, replace(till, name=name)))
    return _own(city, who, id)


def revoke(city: str, who: Who, id: str) -> None:
    """The till moves no money from now on, what else it may within ACCESS_LIFE. Again changes nothing."""
    till = _own(city, who, id)
    if till.revoked_at is None:
        commit(store.save_till(city, replace(till, revoked_at=now())))


def _own(city: str, who: Who, id: str) -> Till:
    till = store.till(city, id)
    if till is None:
        raise NotFound
    providers.check_member(city, till.provider, who, OWNER)
    return till
