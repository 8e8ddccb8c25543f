"""Nobody decides about themselves, their family or their own provider: every door where the town hall acts asks, or says why not.

The doors are read from the code: one that does not come to `check_impartial` stands here with its reason, so a new one is
held to this from its first day.
"""

from chalicelib.core.gate import STAFF
from chalicelib.town.identity import deciding
from tests.house.reach import sources
from tests.house.test_doors import ROUTES

ASKS = f"{deciding.__name__}:{deciding.check_impartial.__name__}"

NOT_ASKED = {
    "A wish or a statement entered for somebody; it decides nothing, and who decides about it is asked": {
        "DELETE /v1/cities/{city}/applications/{id}",
        "DELETE /v1/cities/{city}/applications/{id}/documents/{line}",
        "POST /v1/cities/{city}/applications",
        "POST /v1/cities/{city}/applications/{id}/answer",
        "POST /v1/cities/{city}/applications/{id}/documents",
        "POST /v1/cities/{city}/applications/{id}/documents/{line}/arrival",
        "POST /v1/cities/{city}/applications/{id}/reconsideration",
        "POST /v1/cities/{city}/applications/{id}/submission",
        "POST /v1/cities/{city}/applications/{id}/withdrawal",
        "POST /v1/cities/{city}/people",
        "POST /v1/cities/{city}/people/{id}/children",
        "POST /v1/cities/{city}/people/{id}/takeover",
        "PUT /v1/cities/{city}/applications/{id}/draft",
    },
    "The registry answers, whoever asks it": {
        "POST /v1/cities/{city}/verifications/{id}/birth-place",
        "POST /v1/cities/{city}/verifications/{id}/check",
        "POST /v1/cities/{city}/verifications/{id}/letter",
    },
    "It asks of whoever gets the application, not of who gives it": {
        "POST /v1/cities/{city}/applications/{id}/assignment",
    },
    "A note for colleagues, under its author's name": {
        "POST /v1/cities/{city}/applications/{id}/notes",
    },
    "The town's settings and keys, the same for everybody": {
        "DELETE /v1/cities/{city}/machines/{id}",
        "DELETE /v1/cities/{city}/regina/keys/{id}",
        "PATCH /v1/cities/{city}",
        "POST /v1/cities/{city}/machines",
        "POST /v1/cities/{city}/privacy-notices",
        "POST /v1/cities/{city}/regina/keys",
    },
    "Rules and money of a whole programme; its money two verified people sign": {
        "POST /v1/cities/{city}/programmes",
        "POST /v1/cities/{city}/programmes/{id}/budget-changes",
        "POST /v1/cities/{city}/programmes/{id}/budget-changes/{line}/signatures",
        "POST /v1/cities/{city}/programmes/{id}/carry-overs",
        "POST /v1/cities/{city}/programmes/{id}/steps",
        "PUT /v1/cities/{city}/programmes/{id}/rules",
    },
    "Colleagues' roles: never one's own, and two administrators give them": {
        "PATCH /v1/cities/{city}/staff/{id}",
        "POST /v1/cities/{city}/staff",
        "POST /v1/cities/{city}/staff/{id}/proposed-roles/acceptance",
        "POST /v1/cities/{city}/staff/{id}/proposed-roles/refusal",
    },
    "It takes everything there is and chooses nothing; what is doubtful in it is decided at a door that asks": {
        "POST /v1/cities/{city}/advances",
        "POST /v1/cities/{city}/charges/import",
        "POST /v1/cities/{city}/payouts",
        "POST /v1/cities/{city}/payouts/{id}/export",
        "POST /v1/cities/{city}/statements",
    },
    "It only stops money, and whoever sees a danger may; who lets it go on is asked": {
        "POST /v1/cities/{city}/freezes",
        "POST /v1/cities/{city}/payouts/{id}/cancel",
    },
    "It changes nothing": {
        "POST /v1/cities/{city}/charges/import/preview",
        "POST /v1/cities/{city}/proofs",
        "POST /v1/cities/{city}/rule-previews",
        "POST /v1/cities/{city}/statements/preview",
    },
}


def test_every_door_where_the_town_hall_decides_asks_for_a_conflict_of_interest() -> None:
    acting = [route for route in ROUTES if set(route.acts_as) & set(STAFF)]
    silent = {
        route.name
        for route in acting
        if ASKS not in sources().reached_from([f"{route.handler.__module__}:{route.handler.__name__}"])
    }
    assert 0 < len(silent) < len(acting)
    assert silent == {name for names in NOT_ASKED.values() for name in names}
