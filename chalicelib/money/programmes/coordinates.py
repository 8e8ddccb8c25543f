"""Items of the budget classification that a town books such programmes on, and how a coordinate is written.

From Decree 412/2021 of the Ministry of Finance, annex on the classification by kind (druhové třídění): transfers to those who deliver,
transfers to people, and what a town buys or gives in kind itself. An item that is not here is refused: a slip of a digit would
book public money elsewhere.
"""

from typing import Annotated

from pydantic import AfterValidator

from chalicelib.core.mending import matching, wrong

ITEMS = {
    "5169": "bought services",
    "5194": "gifts in kind",
    "5212": "to entrepreneurs who are natural persons",
    "5213": "to entrepreneurs who are legal persons",
    "5219": "to other entrepreneurs",
    "5221": "to foundations, institutes and public benefit companies",
    "5222": "to associations",
    "5223": "to churches and religious societies",
    "5229": "to other non-profit organisations",
    "5321": "to municipalities",
    "5323": "to regions",
    "5331": "contribution to the town's own allowance organisation",
    "5332": "to universities",
    "5333": "to school legal persons",
    "5334": "to public research institutions",
    "5336": "transfer to the town's own allowance organisation",
    "5339": "to allowance organisations of others",
    "5410": "social benefits",
    "5491": "scholarships",
    "5492": "gifts to natural persons",
    "5493": "to natural persons for a purpose",
    "5494": "to natural persons, other than gifts",
    "5499": "other transfers to natural persons",
}
"""What each item is for, by its number."""


def _known(item: str) -> str:
    if item and item not in ITEMS:
        raise wrong(
            "item_unknown",
            f"Položku {item} vyhláška č. 412/2021 Sb. pro takovou platbu nemá. Spolkům patří 5222, občanům 5493, firmám 5213.",
            f"Decree 412/2021 has no item {item} for such a payment. Associations have 5222, people 5493, companies 5213.",
        )
    return item


_FOUR = ("Napište čtyři číslice, například 3419.", "Write four digits, for example 3419.")
type Paragraph = Annotated[str, matching(r"^([0-9]{4})?$", *_FOUR)]
type BudgetItem = Annotated[str, matching(r"^([0-9]{4})?$", *_FOUR), AfterValidator(_known)]
