"""The kinds of transfers in the reader's language, for exports. Codes stay codes in the API."""

from chalicelib.core.sheets import Said

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
