"""Who may. A token says who somebody is and which roles they hold where; the gate reads no database.

Access tokens are EdDSA JWTs that live five minutes at most, so who lost a role may look for that long (and for what two
clocks may differ by). For an act in a role the door reads the roles anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any, Literal

from chalicelib.core.clock import Instant
from chalicelib.core.refusals import SignInNeeded
from chalicelib.core.secrets import base64url, signing_key, unbase64url
from chalicelib.core.settings import settings

ACCESS_LIFE = timedelta(minutes=5)
CLOCK_SKEW = timedelta(seconds=10)
"""How far the clock of the function that signed a token may be from ours."""

type App = Literal["www", "moje", "admin", "reader"]
type Role = str

CITIZEN, ADMIN, PROGRAMME_OWNER, CLERK, ASSISTANT = "citizen", "admin", "programme_owner", "clerk", "assistant"
AUTHORISING_OFFICER, BUDGET_OFFICER, CHIEF_ACCOUNTANT = "authorising_officer", "budget_officer", "chief_accountant"
AUDITOR, PRIVACY_OFFICER = "auditor", "privacy_officer"
OWNER, CASHIER = "owner", "cashier"
TILL, REGINA = "till", "regina"
ACCOUNTING_SYSTEM = "accounting_system"

STAFF = (
    ADMIN,
    PROGRAMME_OWNER,
    CLERK,
    ASSISTANT,
    AUTHORISING_OFFICER,
    BUDGET_OFFICER,
    CHIEF_ACCOUNTANT,
    AUDITOR,
    PRIVACY_OFFICER,
)
FINANCE = (AUTHORISING_OFFICER, BUDGET_OFFICER, CHIEF_ACCOUNTANT)
"""Whose signatures let public money go."""
PROVED = (ADMIN, *FINANCE)
"""Who signs for money, or says who may: somebody whose identity the town has proved."""
BOOKKEEPERS = (*FINANCE, AUDITOR, ACCOUNTING_SYSTEM)
"""Who reads what the town's accounting books: bookings, payouts with their remittances, the operator's statement."""
HOLDERS = (CITIZEN, ASSISTANT)
"""Who applies for and holds an award, and the assistant who registered somebody without a sign-in."""
PROVIDER_SIDE = (OWNER, CASHIER)
MACHINES = (ACCOUNTING_SYSTEM,)
"""What the town's other systems may be: they look. A scope opens no door that changes anything."""
ANYONE = "anyone"
"""Open to all; every route with it is in the house's named list."""
SIGNED_IN = "signed_in"
"""Anyone with a valid token, in whatever town or role."""


@dataclass(frozen=True)
class Who:
    """The person (or device, or machine) behind a request.

    `roles`: town → staff and citizen roles. `providers`: town → provider id → `owner` or `cashier`.
    A till's token has `till` in `roles` and the provider it belongs to in `providers` as `till`. `name` is known where the
    roles were read anew.
    """

    id: str
    app: App
    session: str = ""
    roles: Mapping[str, tuple[Role, ...]] = field(default_factory=dict)
    providers: Mapping[str, Mapping[str, Role]] = field(default_factory=dict)
    name: str = ""

    def holds(self, city: str | None, allowed: tuple[Role, ...]) -> bool:
        """Whether one of the allowed roles is held in this town."""
        if SIGNED_IN in allowed:
            return True
        if city is None:
            return False
        held = {*self.roles.get(city, ()), *self.providers.get(city, {}).values()}
        return not held.isdisjoint(allowed)

    def role_at(self, city: str, provider: str) -> Role | None:
        """The role held at one provider: `owner`, `cashier`, `till` or none."""
        return self.providers.get(city, {}).get(provider)


NOBODY = Who(id="", app="www")


def issue(who: Who, now: Instant, life: timedelta = ACCESS_LIFE) -> str:
    """A signed access token for this person."""
    import jwt
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    claims = {
        "sub": who.id,
        "aud": who.app,
        "sid": who.session,
        "roles": {city: list(roles) for city, roles in who.roles.items()},
        "providers": {city: dict(held) for city, held in who.providers.items()},
        "iat": int(now.timestamp()),
        "exp": int((now + life).timestamp()),
        "iss": settings().origin,
    }
    own = signing_key()
    key = Ed25519PrivateKey.from_private_bytes(own.private_key)
    return jwt.encode(claims, key, algorithm="EdDSA", headers={"kid": own.kid})


def read(token: str) -> Who:
    """Who a token speaks of. Raises SignInNeeded if it is forged, expired or meant for another installation."""
    import jwt

    try:
        kid = str(jwt.get_unverified_header(token).get("kid"))
        claims: dict[str, Any] = jwt.decode(
            token,
            _public_key(kid),
            algorithms=["EdDSA"],
            audience=["www", "moje", "admin", "reader"],
            issuer=settings().origin,
            leeway=CLOCK_SKEW,
            options={"require": ["exp", "iat", "sub", "aud"]},
        )
    except (jwt.InvalidTokenError, KeyError, ValueError):
        raise SignInNeeded from None
    return Who(
        id=claims["sub"],
        app=claims["aud"],
        session=claims.get("sid", ""),
        roles={city: tuple(roles) for city, roles in claims.get("roles", {}).items()},
        providers=claims.get("providers", {}),
    )


@cache
def _public_key(kid: str) -> Any:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    return Ed25519PublicKey.from_public_bytes(unbase64url(settings().access_public_keys[kid]))


def public_key_of(private_key: bytes) -> str:
    """The verifying key that belongs to a signing key, as ACCESS_PUBLIC_KEYS holds it."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return base64url(Ed25519PrivateKey.from_private_bytes(private_key).public_key().public_bytes_raw())
