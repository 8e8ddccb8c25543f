"""The words of the booking export in the reader's language. Codes stay codes in the API."""

from collections.abc import Mapping

from chalicelib.core.sheets import Said

BOOKING_HEADS: Mapping[str, tuple[str, ...]] = {
    "cs": ("doklad", "den", "rozpočtový rok", "paragraf", "položka", "odbor", "akce", "účelový znak", "druh", "MD", "Dal", "počet", "částka Kč"),
    "en": ("document", "day", "budget year", "paragraph", "item", "department", "action", "purpose mark", "kind", "debit", "credit", "count", "amount CZK"),
}  # fmt: skip
# By code, Czech and English.
KINDS: Said = {
    "fund": ("Vklad do rozpočtu", "Budget funded"),
    "raise": ("Navýšení rozpočtu", "Budget raised"),
    "cut": ("Snížení rozpočtu", "Budget cut"),
    "carry_over": ("Převod do dalšího roku", "Carried over to the next year"),
    "allot": ("Přiznání", "Award"),
    "top_up": ("Navýšení příspěvku", "Contribution raised"),
    "redeem": ("Uplatnění", "Redemption"),
    "hold": ("Blokace", "Hold"),
    "release": ("Uvolnění blokace", "Hold released"),
    "settle": ("Zaplacení objednávky", "Order paid"),
    "undo": ("Storno", "Undo"),
    "expire": ("Propadnutí", "Expiry"),
    "remainder": ("Vrácení zbytku", "Remainder returned"),
    "revoke": ("Odebrání příspěvku", "Contribution revoked"),
    "order": ("Příkaz k úhradě", "Payment order"),
    "pay": ("Proplacení", "Payout"),
    "reject": ("Odmítnutí bankou", "Refused by the bank"),
    "return": ("Vrácená platba", "Payment returned"),
    "internal": ("Zúčtování uvnitř města", "Settled within the town"),
    "refund": ("Vratka", "Refund"),
    "write_off": ("Odpis dluhu", "Debt written off"),
    "advance": ("Záloha provozovateli", "Advance to the operator"),
}
ACCOUNTS: Said = {
    "town": ("Město", "Town"),
    "budget": ("Rozpočet programu", "Programme's budget"),
    "grant": ("Příspěvek", "Contribution"),
    "held": ("Blokace", "Hold"),
    "provider": ("Poskytovatel", "Provider"),
    "clearing": ("Příkaz u banky", "Ordered at the bank"),
    "bank": ("Bankovní účet města", "Town's bank account"),
    "operator": ("Účet provozovatele", "Operator's account"),
    "inside": ("Organizace města", "Town's organisation"),
    "loss": ("Odepsané dluhy", "Debts written off"),
}
