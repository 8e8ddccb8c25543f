"""The one name of each part of a budget, and the words of the figures' export. The web says the same in `ui/moneyParts.ts`."""

from chalicelib.core.sheets import Said

PARTS = ("paid", "to_pay", "held", "unspent", "free", "written_off")
"""What a budget is made of, in the order of the way money goes; what was written off is taken off."""
SUMS = ("liability", "contingent_liability", "allotted", "returned")
"""What the export says beside the parts: what is owed, what will be if it is spent, and turnovers."""
NAMES: Said = {
    "budget": ("Rozpočet", "Budget"),
    "paid": ("Vyplaceno", "Paid out"),
    "to_pay": ("Uplatněno, čeká na výplatu", "Spent, waits for payout"),
    "held": ("Blokováno", "Held"),
    "unspent": ("Přiznáno, nevyčerpáno", "Allotted, unspent"),
    "free": ("Volné", "Free"),
    "written_off": ("Odepsané dluhy poskytovatelů", "Written-off debts of providers"),
    "liability": ("Závazky", "Liabilities"),
    "contingent_liability": ("Podmíněné závazky", "Contingent liabilities"),
    "allotted": ("Přiznáno celkem", "Allotted in all"),
    "returned": ("Vráceno do rozpočtu", "Returned to the budget"),
}
HEADS: Said = {"programme": ("Program", "Programme"), "state": ("Stav", "State")}
STATES: Said = {
    "draft": ("Koncept", "Draft"),
    "scheduled": ("Připravujeme", "Coming"),
    "open": ("Přijímá žádosti", "Takes applications"),
    "exhausted": ("Vyčerpáno", "Used up"),
    "paused": ("Pozastaveno", "Paused"),
    "spending_only": ("Příjem skončil", "Applications ended"),
    "closed": ("Ukončeno", "Ended"),
    "archived": ("Archiv", "Archive"),
}
