"""A small town from its founding to its first payout, told through the doors: of each operation at least one request.

Each chapter is a piece of a town's work, in the order in which it happens. The first request to an operation is its example
in docs/openapi.json, so it is one that a reader should see. Looks that need no special moment are not told: whatever
reads a thing of the story (`GET`) is asked at the end by itself.
"""

import base64
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from chalicelib.commons.bank.model import AccountNumber
from chalicelib.core import aws
from chalicelib.core.clock import PRAGUE, today
from chalicelib.core.gate import Who
from chalicelib.core.ids import new_id
from chalicelib.money.payouts import service as payouts
from chalicelib.money.programmes.model import Words
from chalicelib.money.vouchers import documents
from chalicelib.money.vouchers import service as vouchers
from localcloud import bank
from tests.door import Answer, Door
from tests.files import PDF
from tests.hiring import known_to
from tests.house.telling import DOCUMENTS, Book, Teller, done
from tests.money.fees.test_charges import a_file, a_row
from tests.money.offers.build import a_course, a_session
from tests.money.payouts.build import TOWN_ACCOUNT, debit_of, statement
from tests.money.programmes.build import AMOUNT, CITY, Staff, a_citizen, a_hall, an_open, submitted
from tests.money.providers.build import AGREEMENT, ICO, OTHER_ACCOUNT, approved, as_owner
from tests.town.identity.build import Office, a_record, citizen, entered, news, registered
from tests.town.people import build as people
from tests.town.people.build import PASSWORD, a_colleague, cookie_of, signed_in, token_to

AT = f"/cities/{CITY}"
EMA = "ema@priklad.example"
HOME = {"text": "Nádražní 7, Modřínov", "address_code": "999100002"}
RULES = {
    "name": {"cs": "Modřínov v pohybu", "en": "Modřínov on the move"},
    "purpose": {"cs": "Pravidelný pohyb dětí.", "en": "Sport for children."},
    "text": {"cs": "Přispíváme dětem na sport a kroužky.", "en": "We help children with sport and clubs."},
    "legal_basis": "zákon č. 128/2000 Sb. § 84",
    "legal_regime": "other",
    "resolution_number": "12/3/2026",
    "resolution_on": "2026-08-31",
    "mode": "credit",
    "payable_on": "attendance",
    "denominations_minor": [80_000],
    "applications_from": "2026-09-01",
    "applications_to": "2026-12-31",
    "spending_from": "2026-09-01",
    "spending_to": "2027-06-30",
    "topic": "sport",
    "categories": ["sport"],
    "documents": {"cs": "Potvrzení oddílu", "en": "The club's confirmation"},
    "who": {"residence_codes": ["999001"], "residence_kinds": ["permanent_residence"]},
}
LOOKS = {
    "": (
        *("", "/activities", "/activities/{activity}", "/open-figures", "/privacy-notice", "/programmes"),
        *("/programmes/{programme}", "/programmes/{programme}/providers", "/seals", "/seals/{day}"),
    ),
    "ema": (
        *("/applications", "/grants/{grant}", "/orders", "/orders/{order}", "/charges/{charge}", "/verifications"),
        *("/people/me/accesses", "/people/me/children", "/people/me/export"),
        "/receipts/{redemption}/proof?grant={voucher}",
    ),
    "clerk": (
        *("/staff", "/staff/clerk", "/privacy-notices", "/people/{ema}", "/people/{ema}/messages", "/households/{ema}"),
        *("/figures", "/figures/sheet", "/programmes/{programme}/figures"),
        "/programmes/{programme}/figures/slices?by=age",
        *("/providers", "/providers/{provider}/accounts", "/providers/{provider}/activities"),
        *("/providers/{provider}/activities/{activity}", "/providers/{provider}/events", "/providers/{provider}/owed"),
        "/providers/{provider}/parts",
    ),
    "owner": ("/providers/{provider}/orders", "/providers/{provider}/payouts"),
    "auditor": (
        *("/accesses?day={day}", "/refunds", "/statements", "/write-offs", "/proofs", "/freezes/history", "/payouts"),
        *("/payouts/{payout}/lines", "/payouts/{payout}/lines/{provider}/remittance/csv"),
        *("/clearing?year=2026", "/clearing/sheet?year=2026"),
        *("/bookings?first=2026-11-20&last=2026-12-10", "/bookings/sheet?first=2026-11-20&last=2026-12-10"),
        "/entries/sheet?first=2026-11-20&last=2026-12-10",
    ),
}
"""Who looks at what at the end of the story."""


@dataclass
class Town:
    """Who is in the town, each at their own door."""

    book: Book
    home: Path
    hall: Staff = field(init=False)
    staff: dict[str, Who] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    """What the story will be asked for again, by a word."""

    @property
    def anyone(self) -> Door:
        return Teller(book=self.book)

    def as_(self, role: str) -> Door:
        return self.anyone.as_(self.staff[role])

    def citizen(self, id: str) -> Door:
        return self.anyone.as_(citizen(id))


def tell(book: Book, home: Path) -> Town:
    """The whole story."""
    town = Town(book, home)
    founding(town)
    hiring(town)
    machines(town)
    ema = signing_in(town)
    household(town, ema)
    office = Office(home / "office", town.anyone)
    verifying(town, office, ema)
    programme = a_programme(town)
    grant = reviewing(town, programme, ema)
    provider = offering(town, programme)
    ordering(town, provider, ema, grant)
    town.ids |= {"ema": ema, "programme": programme, "grant": grant, "provider": provider}
    code = awarding_a_voucher(town, provider, ema)
    selling(town, *pairing(town, provider), code)
    paying(town, provider)
    owing(town, office, ema)
    watching(town, provider, programme)
    closing(town, programme)
    looking(town)
    return town


def v(answer: Answer) -> int:
    return int(answer.body["v"])


def key() -> str:
    return new_id()


def arrive(upload: Answer) -> None:
    """A file lies where its form would have put it; the form itself has run out, by the clock of the local S3."""
    fields = upload.body["fields"]
    aws.client("s3").put_object(Bucket=DOCUMENTS, Key=fields["key"], ContentType=fields["Content-Type"], Body=PDF)


def founding(town: Town) -> None:
    hall = town.hall = a_hall(account_number=TOWN_ACCOUNT, bank_profile="0800")
    town.staff = {
        "admin": hall.admin,
        "clerk": hall.clerk,
        "clerk2": hall.clerk2,
        "authorising_officer": hall.authorising,
        "budget_officer": hall.budget,
        "assistant": hall.assistant,
        "chief_accountant": a_colleague("chief", ("chief_accountant",), name="Hana Účetní"),
        "auditor": a_colleague("auditor", ("auditor",), name="Ota Kontrolní"),
        "privacy_officer": a_colleague("privacy", ("privacy_officer",), name="Dana Pověřená"),
        "programme_owner": a_colleague("garant", ("programme_owner",), name="Gustav Garant"),
        "second_admin": a_colleague("admin2", ("admin",), name="Eva Druhá"),
    }
    for admin in ("admin", "second_admin"):
        known_to(CITY, town.staff[admin].id)
    settings = town.as_("admin").get(f"{AT}/settings")
    contact = {"phone": "+420 999 100 200", "email": "podatelna@modrinov.example"}
    town.as_("admin").patch(AT, {"contact": contact, "control_sample_permille": 1000}, version=v(settings))
    town.anyone.get(f"{AT}/addresses", query={"query": "Nádr"})


def hiring(town: Town) -> None:
    admin, second = town.as_("admin"), town.as_("second_admin")
    admin.post(f"{AT}/staff", {"email": "kral@radnice.example", "roles": ["clerk"]})
    token = token_to("kral@radnice.example")
    town.anyone.post("/invitations/look", {"token": token})
    new = {"given_names": "Petr", "surname": "Král", "password": PASSWORD}
    town.anyone.post("/invitations/accept", {"token": token} | new)
    for id, end in (("jana", "acceptance"), ("karel", "refusal")):
        a_colleague(id, ("clerk",))
        known_to(CITY, id)
        admin.patch(f"{AT}/staff/{id}", {"roles": ["clerk", "budget_officer"]}, version=1)
        second.post(f"{AT}/staff/{id}/proposed-roles/{end}", version=2)


def machines(town: Town) -> None:
    body = {"name": "Účetnictví města", "scopes": ["accounting_system"]}
    made = town.as_("admin").post(f"{AT}/machines", body).body
    town.anyone.post(f"{AT}/machines/session", {"id": made["machine"]["id"], "secret": made["secret"]})
    town.as_("admin").get(f"{AT}/machines")
    town.as_("admin").delete(f"{AT}/machines/{made['machine']['id']}")


def signing_in(town: Town) -> str:
    """Ema registers, signs in on two devices, and changes her password and e-mail; gives her id."""
    ema = people.registered(town.anyone, EMA)
    phone = signed_in(town.anyone, EMA)
    town.anyone.post("/sessions/refresh", {"app": "moje"}, headers={"cookie": cookie_of(phone)})
    inside = town.anyone.as_(phone.body["access_token"])
    inside.get("/sessions")
    other = signed_in(town.anyone, EMA)
    inside.delete(f"/sessions/{other.body['session']}")
    inside.post("/email-changes", {"email": "nova@priklad.example", "password": PASSWORD})
    town.anyone.post("/email-changes/confirm", {"token": token_to("nova@priklad.example")})
    town.anyone.post("/password-resets", {"email": "nova@priklad.example"})
    reset = {"token": token_to("nova@priklad.example"), "password": "jine-dlouhe-heslo"}
    town.anyone.post("/password-resets/confirm", reset)
    session = {"app": "moje", "email": "nova@priklad.example", "password": "jine-dlouhe-heslo"}
    inside = town.anyone.as_(town.anyone.post("/sessions", session).body["access_token"])
    inside.post("/password-changes", {"current": "jine-dlouhe-heslo", "password": PASSWORD})
    session |= {"password": PASSWORD}
    town.anyone.as_(town.anyone.post("/sessions", session).body["access_token"]).delete("/sessions/current")
    return ema


def household(town: Town, ema: str) -> None:
    me, assistant = town.citizen(ema), town.as_("assistant")
    me.patch(f"{AT}/people/me", {"phone": "+420 999 200 300"}, version=v(me.get(f"{AT}/people/me")))
    child = {"given_names": "Jan", "surname": "Novák", "birth_date": "2018-05-14"}
    made = me.post(f"{AT}/people/me/children", child)
    path = f"{AT}/people/me/children/{made.body['id']}"
    me.patch(path, {"given_names": "Jan Pavel"}, version=v(me.get(path)))
    me.delete(path)
    senior = {
        "given_names": "Růžena",
        "surname": "Tichá",
        "birth_date": "1948-03-08",
        "address": HOME,
        "notice_version": 1,
    }
    someone = assistant.post(f"{AT}/people", senior)
    assistant.post(f"{AT}/people/{someone.body['id']}/children", child)
    assistant.get(f"{AT}/people", query={"query": "Tich"})
    leaving = town.anyone.as_(a_colleague("leaving", ("assistant",)))
    left = leaving.post(f"{AT}/people", senior | {"given_names": "Božena"})
    town.as_("admin").patch(f"{AT}/staff/leaving", {"roles": []}, version=1)
    assistant.post(f"{AT}/people/{left.body['id']}/takeover")
    town.as_("clerk2").post(f"{AT}/people/me", senior | {"given_names": "Petr", "surname": "Kučera"})
    admin = town.as_("admin")
    admin.post(f"{AT}/privacy-notices", {"cs": "Údaje zpracovává město.", "en": "The town processes the data."})


def verifying(town: Town, office: Office, ema: str) -> None:
    admin, clerk, me = town.as_("admin"), town.as_("clerk"), town.citizen(ema)
    one = admin.post(f"{AT}/regina/keys", {"public_key": "A" * 43, "label": "Radnice"})
    admin.get(f"{AT}/regina/keys")
    admin.delete(f"{AT}/regina/keys/{one.body['id']}")
    office.register_key()
    child = a_record("C1", given_names="Jan", surname="Novák", birth_date="2018-05-14")
    known = a_record("A1", given_names="Ema", surname="Nováková", birth_date="1990-05-17")
    twins = [
        a_record(f"T{n}", given_names="Josef", surname="Novotný", birth_place=place)
        for n, place in enumerate(["Modřínov", "Praha"])
    ]
    far = a_record(
        "A2", given_names="Marie", surname="Daleká", residence={"municipality_code": "500011", "address_code": "1"}
    )
    office.holds(known, child, far, *twins)
    news("person", ema)
    office.verify(ema)
    me.post(f"{AT}/verifications/{ema}/letter")
    clerk.get(f"{AT}/proof-letters")
    letter = clerk.post(f"{AT}/proof-letters/{ema}/print")
    me.post(f"{AT}/verifications/{ema}/code", {"code": letter.body["code"]})
    me.get(f"{AT}/verifications/{ema}")
    twin = registered("Josef", "Novotný")
    office.verify(twin)
    town.citizen(twin).post(f"{AT}/verifications/{twin}/birth-place", {"birth_place": "Praha"})
    stranger = registered("Marie", "Daleká")
    office.verify(stranger)
    town.citizen(stranger).post(f"{AT}/verifications/{stranger}/check")
    seen = clerk.get(f"{AT}/verifications/{stranger}")
    by_hand = {"document": "id_card", "outcome": "match", "birth_place": "Modřínov", "address_code": "999100002"}
    clerk.post(f"{AT}/verifications/{stranger}/by-hand", by_hand, version=v(seen))
    office.round()
    office.cloud().tell_changes([office.subjects.ref("A1")])
    fostering(town, office, known)


def fostering(town: Town, office: Office, *known: dict[str, Any]) -> None:
    """A grandmother who may act for a child proves it by a judgment, on which two clerks decide."""
    foster = a_record("C2", given_names="Anna", surname="Dvořáková", birth_date="2018-03-04", custody="foster")
    office.holds(*known, a_record("A3"), foster)
    grandmother = registered()
    child = entered(grandmother, "Anna")
    office.verify(grandmother, child)
    office.verify()
    town.as_("assistant").post(f"{AT}/verifications/{grandmother}/second-proof", {"document": "passport"})
    mine, path = town.citizen(grandmother), f"{AT}/verifications/{child}"
    upload = mine.post(f"{path}/guardian-document", {"content_type": "application/pdf"})
    arrive(upload)
    mine.post(f"{path}/guardian-document/arrival")
    clerk = town.as_("clerk")
    clerk.get(f"{AT}/verification-queue")
    clerk.get(f"{path}/guardian-document")
    said = {"proved": True, "document": "court_decision"}
    clerk.post(f"{path}/guardian", said, version=clerk.get(path).body["link"]["v"])


def a_programme(town: Town) -> str:
    """Written, funded by two signatures and published; gives its id."""
    owner = town.as_("programme_owner")
    person = {"label": "Školák", "birth_date": "2018-05-14", "municipality_code": "999001"}
    owner.post(f"{AT}/rule-previews", {"rules": RULES, "persons": [person]})
    made = owner.post(f"{AT}/programmes", RULES)
    path = f"{AT}/programmes/{made.body['id']}"
    owner.put(f"{path}/rules", RULES | {"days_to_decide": 20}, version=v(made))
    fund = {"amount_minor": 4_000_000, "reason": "Usnesení rady č. 12/3/2026"}
    change = owner.post(f"{path}/budget-changes", fund).body["id"]
    owner.get(f"{AT}/unsigned-budgets")
    for role in ("authorising_officer", "budget_officer"):
        signature = {"signs_as": role, "amount_minor": 4_000_000}
        town.as_(role).post(f"{path}/budget-changes/{change}/signatures", signature, key=key())
    owner.post(f"{path}/steps", {"step": "publish"}, version=v(owner.get(f"{path}/rules")))
    town.anyone.post(f"{path}/pre-checks", {"birth_date": "2018-05-14", "address_code": "999100002"})
    town.anyone.post(f"{AT}/support-searches", {"age": 8, "street": "Nádražní"})
    return str(made.body["id"])


def drafted(town: Town, programme: str, me: Who) -> str:
    draft = town.anyone.as_(me).post(f"{AT}/applications", {"programme": programme, "beneficiary": me.id})
    return f"{AT}/applications/{draft.body['application']['id']}"


def with_document(mine: Door, path: str) -> str:
    """Send a file to an application; gives its path."""
    announced = mine.post(
        f"{path}/documents", {"name": "potvrzeni.pdf", "media_type": "application/pdf", "bytes": len(PDF)}
    )
    arrive(announced)
    document = f"{path}/documents/{announced.body['document']['id']}"
    mine.post(f"{document}/arrival")
    return document


def reviewing(town: Town, programme: str, ema: str) -> str:
    """Applications and what became of them; gives the grant of Ema's, which was approved."""
    clerk, me = town.as_("clerk"), citizen(ema)
    mine = town.anyone.as_(me)
    mine.get(f"{AT}/candidates", query={"programme": programme})
    path = drafted(town, programme, me)
    mine.put(
        f"{path}/draft",
        {"activity": "Atletika", "note": "Dvakrát týdně"},
        version=mine.get(path).body["application"]["v"],
    )
    mine.delete(with_document(mine, path))
    document = with_document(mine, path)
    mine.post(f"{path}/submission")
    clerk.get(f"{AT}/application-queue")
    clerk.get(f"{AT}/application-queue/counts")
    clerk.get(f"{path}/review")
    clerk.post(f"{path}/assignment", {"to": "clerk"})
    clerk.post(f"{path}/notes", {"text": "Oddíl známe."})
    clerk.post(f"{path}/clarification", {"question": "Do kterého oddílu?", "days": 14})
    mine.post(f"{path}/answer", {"text": "Do přípravky."})
    clerk.get(document)
    yes = {"outcome": "approve", "verdicts": {"documents": True}}
    clerk.post(f"{path}/decision", yes, key=key())
    grants = mine.get(f"{AT}/grants", query={})
    grant = str(grants.body["items"][0]["id"])
    clerk.post(f"{path}/top-ups", {"grant": grant, "amount_minor": 10_000, "reason": "Dražší kroužek"}, key=key())
    no = {"outcome": "decline", "reason": "Doklad není platný."}
    others = [a_citizen(f"obcan{n}", "Petr", surname) for n, surname in enumerate(["Bílý", "Černý", "Malý", "Nový"])]
    for other, end in zip(others, ("reconsideration", "undo", "withdrawal", "discard"), strict=True):
        his, path = town.anyone.as_(other), drafted(town, programme, other)
        if end == "discard":
            his.delete(path)
            continue
        with_document(his, path)
        his.post(f"{path}/submission")
        if end == "withdrawal":
            his.post(f"{path}/withdrawal")
        else:
            clerk.post(f"{path}/decision", no, key=key())
        if end == "undo":
            clerk.post(f"{path}/decision/undo")
            ids = [path.rpartition("/")[2]]
            clerk.post(f"{AT}/application-decisions", no | {"ids": ids}, key=key())
        if end == "reconsideration":
            town.book.clock.shift(timedelta(minutes=11))
            his.post(f"{path}/reconsideration", {"text": "Doklad jsem přiložil."})
    return grant


def offering(town: Town, programme: str) -> str:
    """A provider signs up, is approved and looks after itself; gives its id."""
    town.anyone.get(f"{AT}/companies/{ICO}")
    id = approved(town.anyone, programme)
    owner, path = town.anyone.as_(as_owner("vedouci", id)), f"{AT}/providers/{id}"
    town.staff["owner"] = as_owner("vedouci", id)
    known = owner.get(path)
    owner.patch(path, {"about": "Atletika pro děti.", "categories": ["sport"]}, version=v(known))
    hut = {"name": "Loděnice", "address": "U Řeky 3, Modřínov"}
    branch = owner.post(f"{path}/branches", hut).body["branches"][-1]["id"]
    owner.put(f"{path}/branches/{branch}", hut | {"phone": "+420 999 300 400"}, version=v(owner.get(path)))
    owner.delete(f"{path}/branches/{branch}")
    owner.post(f"{path}/members", {"email": "pokladni@oddil.example", "role": "cashier"})
    token = token_to("pokladni@oddil.example")
    cashier = {"given_names": "Iva", "surname": "Pokladní", "password": PASSWORD}
    town.anyone.post("/invitations/accept", {"token": token} | cashier)
    members = owner.get(f"{path}/members").body["items"]
    owner.delete(f"{path}/members/{next(one['person'] for one in members if one['role'] == 'cashier')}")
    owner.post(f"{path}/accounts", {"number": OTHER_ACCOUNT})
    town.as_("chief_accountant").post(f"{path}/accounts/2/refusal")
    return id


def ordering(town: Town, provider: str, ema: str, grant: str) -> None:
    """An activity is offered, and its places are ordered on credit."""
    course = a_course(town.anyone, provider)
    desk, mine, path = course.desk, town.citizen(ema), f"{AT}/activities/{course.activity}"
    desk.post(f"{path}/copy")
    desk.patch(path, {"bring": "Sportovní obuv", "age_to": 99}, version=course.version)
    session = a_session() | {"times": "čtvrtek 16.00–17.30"}
    desk.put(f"{path}/sessions/{course.session}", session, version=course.version)
    later = desk.post(f"{path}/sessions", a_session(40)).body["sessions"][-1]["id"]
    desk.post(f"{path}/sessions/{later}/cancellation", {"reason": "Trenér onemocněl."})
    mine.get(f"{path}/quotes")
    order: dict[str, Any] = {"activity": course.activity, "session": course.session, "grant": grant}
    order |= {"price_minor": course.price_minor, "credit_minor": 10_000}
    for end in ("confirmation", "cancellation", "rejection"):
        placed = mine.post(f"{AT}/orders", order, key=key()).body["id"]
        at_order = f"{AT}/orders/{placed}"
        if end != "rejection":
            desk.post(f"{at_order}/confirmation", key=key())
        if end == "cancellation":
            mine.post(f"{at_order}/cancellation", {"reason": "Přestěhovali jsme se."}, key=key())
        if end == "rejection":
            desk.post(f"{at_order}/rejection", {"reason": "Plno."}, key=key())
        if end == "confirmation":
            town.ids |= {"activity": course.activity, "order": placed}
    town.book.clock.shift(timedelta(days=11))
    desk.post(f"{AT}/orders/{town.ids['order']}/attendance", {"attended": True}, key=key())


def awarding_a_voucher(town: Town, provider: str, ema: str) -> str:
    """A second programme gives vouchers, and the provider takes them; gives the code of Ema's."""
    swimming = an_open(town.hall, 10 * AMOUNT, mode="voucher", denominations_minor=(50_000,), name=Words("Plavenka"))
    clerk, at_part = town.as_("clerk"), f"{AT}/providers/{provider}/parts"
    town.as_("owner").post(at_part, {"programme": swimming.id})
    agreed = {"agreement": AGREEMENT | {"must_be_published": True}}
    clerk.post(f"{at_part}/{swimming.id}/approval", agreed)
    clerk.post(f"{at_part}/{swimming.id}/publication", {"published_on": "2026-11-20"})
    sent = submitted(swimming, citizen(ema))
    made = clerk.post(f"{AT}/applications/{sent.id}/decision", {"outcome": "approve"}, key=key())
    (voucher,) = made.body["grants"]
    vouchers.issue(CITY, voucher)
    documents.publish(CITY, voucher)
    town.ids["voucher"] = voucher
    mine, path = town.citizen(ema), f"{AT}/vouchers/{voucher}"
    shown = mine.get(path)
    mine.get(f"{path}/pdf")
    mine.post(f"{path}/block")
    return str(mine.post(f"{path}/reissue", {"revision": shown.body["voucher"]["revision"]}).body["code"])


def pairing(town: Town, provider: str) -> tuple[Door, str]:
    """Two tills, of which one is given up again; gives the other one's door and id."""
    owner = town.as_("owner")
    branch = owner.get(f"{AT}/providers/{provider}").body["branches"][0]["id"]
    wish = {"provider": provider, "branch": branch, "name": "Pokladna 1"}
    codes = [owner.post(f"{AT}/tills/pairings", wish).body["code"] for _ in "12"]
    kept, _other = [town.anyone.post(f"{AT}/tills/pair", {"code": code}).body for code in codes]
    session = town.anyone.post(f"{AT}/tills/session", {"device_token": kept["device_token"]})
    till = town.anyone.as_(session.body["access_token"])
    till.get(f"{AT}/tills/me")
    till.post(f"{AT}/tills/me/shift", {"cashier": "Iva"})
    tills = owner.get(f"{AT}/tills", query={"provider": provider}).body["items"]
    other = next(one for one in tills if one["id"] != kept["till"])
    owner.patch(f"{AT}/tills/{other['id']}", {"name": "Pokladna 2"}, version=other["v"])
    owner.delete(f"{AT}/tills/{other['id']}")
    return till, str(kept["till"])


def selling(town: Town, till: Door, till_id: str, code: str) -> None:
    """Redemptions: one that its holder disputes, one that the till takes back, and others."""
    mine, clerk = town.citizen(town.ids["ema"]), town.as_("clerk")
    till.post(f"{AT}/vouchers/check", {"code": code})
    sold = []
    for n, amount_minor in enumerate((12_000, 9_000, 8_000, 7_000, 6_000)):
        spend = {"code": code, "amount_minor": amount_minor, "price_minor": 15_000, "till": till_id}
        sold.append(till.post(f"{AT}/vouchers/redeem", spend, key=f"uplatneni-{n}").body["id"])
    till.post(f"{AT}/vouchers/outcome", {"code": code, "key": "uplatneni-0", "till": till_id})
    path = f"{AT}/vouchers/{town.ids['voucher']}/redemptions"
    mine.post(f"{path}/{sold[0]}/dispute", {"text": "V ten den jsem tam nebyla."})
    clerk.get(f"{AT}/disputes")
    clerk.post(f"{path}/{sold[0]}/outcome", {"upheld": False, "outcome": "Účtenka sedí."})
    till.post(f"{path}/{sold[1]}/undo", key=key())
    till.get(f"{AT}/tills/me/day")
    town.as_("owner").get(f"{AT}/vouchers/redemptions", query={"provider": town.ids["provider"]})
    town.ids["redemption"] = sold[0]


def paying(town: Town, provider: str) -> None:
    """What was redeemed is paid to the provider: a sample, two signatures, the bank's order and its statement."""
    authorising, budget, chief, clerk = (
        town.as_(one) for one in ("authorising_officer", "budget_officer", "chief_accountant", "clerk")
    )
    budget.post(f"{AT}/advances", {"amount_minor": 100_000, "day": "2026-11-20"}, key=key())
    first = chief.post(f"{AT}/payouts").body["id"]
    authorising.post(f"{AT}/payouts/{first}/cancel", version=v(chief.get(f"{AT}/payouts/{first}")))
    payout = chief.post(f"{AT}/payouts").body["id"]
    path = f"{AT}/payouts/{payout}"
    clerk.get(f"{AT}/samples")
    samples = clerk.get(f"{path}/sample").body["items"]
    first, second, *rest = sorted(samples, key=lambda one: -int(one["amount_minor"]))
    looks = [(first, ("set-aside", "let-go")), (second, ("set-aside", "undo")), *((one, ("pass",)) for one in rest)]
    for sample, verbs in looks:
        for verb in verbs:
            reason = {"reason": "Bazén měl zavřeno."} if verb == "set-aside" else None
            clerk.post(f"{path}/sample/{sample['redemption']}/{verb}", reason)
    exported = to_the_bank(town, path)
    chief.get(f"{path}/file", query={"name": exported.body["files"][0]["name"]})
    due_on = date.fromisoformat(exported.body["due_on"])
    debit = debit_of(payouts.lines(CITY, payout)[0], due_on)
    unnamed = statement(1, due_on, [replace(debit, counter_account=None)])
    budget.post(f"{AT}/statements", {"filename": "vypis-1.gpc", "content_base64": encoded(unnamed), "future": True})
    (doubt,) = chief.get(f"{AT}/doubts").body["items"]
    chief.post(f"{AT}/doubts/{doubt['id']}", {"answer": payouts.NOTHING})
    sent = {"filename": "vypis-2.gpc", "content_base64": encoded(statement(2, due_on, [debit]))}
    budget.post(f"{AT}/statements/preview", sent)
    budget.post(f"{AT}/statements", sent | {"future": True})
    rows = chief.get(f"{path}/lines/{provider}/remittance").body["items"]
    taken_back = {row["original"] for row in rows}
    for row in [row for row in rows if row["kind"] == "redeem" and row["id"] not in taken_back][:2]:
        refund = {"grant": row["grant"], "redemption": row["id"], "reason": "not_provided", "note": "Lekce nebyla."}
        budget.post(f"{path}/lines/{provider}/refunds", refund, key=key())
    (debt,) = chief.get(f"{AT}/debts").body["items"]
    for owed, end in zip(debt["refunds"], ("approve", "decline"), strict=True):
        budget.post(f"{AT}/write-offs", {"grant": owed["grant"], "refund": owed["refund"], "note": "Spolek zanikl."})
        chief.post(f"{AT}/write-offs/{owed['refund']}/{end}")
    town.ids["payout"] = payout


def to_the_bank(town: Town, path: str) -> Answer:
    """Two signatures, and the order to the bank."""
    chief = town.as_("chief_accountant")
    town.as_("authorising_officer").post(f"{path}/authorise", version=v(chief.get(path)))
    chief.post(f"{path}/release", version=v(chief.get(path)))
    return chief.post(f"{path}/export", version=v(chief.get(path)))


def encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()


def owing(town: Town, office: Office, ema: str) -> None:
    """Charges come from the office's file; a payment that fits two of them waits for a person."""
    budget, mine = town.as_("budget_officer"), town.citizen(ema)
    rows = [
        a_row(
            f"ODP-{n}",
            subject_ref=office.subjects.ref("A1"),
            due_on="2026-12-04",
            amount=amount,
            vs=f"112600000{n + 1}",
        )
        for n, amount in enumerate(("800", "600"))
    ]
    sent = {"filename": "predpisy.csv", "content_base64": encoded(a_file(*rows))}
    budget.post(f"{AT}/charges/import/preview", sent)
    budget.post(f"{AT}/charges/import", sent)
    charge = town.ids["charge"] = mine.get(f"{AT}/charges").body["items"][0]["id"]
    mine.get(f"{AT}/charges/{charge}/qr")
    paid = bank.incoming(AccountNumber.parse("1265098001/5500"), 140_000, today(), vs="1126000001")
    budget.post(f"{AT}/statements", {"filename": "vypis.gpc", "content_base64": encoded(statement(3, today(), [paid]))})
    (waiting,) = budget.get(f"{AT}/payments-to-check").body["items"]
    budget.post(f"{AT}/payments-to-check/{waiting['id']}", {"option": 0})


def watching(town: Town, provider: str, programme: str) -> None:
    """What a town does with a provider that needs watching."""
    admin, chief, path = town.as_("admin"), town.as_("chief_accountant"), f"{AT}/providers/{provider}"
    payout = chief.post(f"{AT}/payouts").body["id"]
    for sample in town.as_("clerk").get(f"{AT}/payouts/{payout}/sample").body["items"]:
        town.as_("clerk").post(f"{AT}/payouts/{payout}/sample/{sample['redemption']}/pass")
    to_the_bank(town, f"{AT}/payouts/{payout}")
    chief.post(f"{AT}/payouts/{payout}/lines/{provider}/reject", {"reason": "Zrušený účet."})
    chief.put(f"{path}/vat-mark", {"since": "2026-11-17"})
    town.as_("authorising_officer").post(f"{path}/vat-mark/pass")
    chief.put(f"{path}/payout-hold", {"reason": "Reklamace"})
    admin.put(f"{path}/founded", {"founded": True})
    for verb, state in (("suspend", "suspended"), ("resume", "active")):
        town.as_("clerk").post(f"{path}/parts/{programme}/state", {"verb": verb, "reason": "Chybí smlouva."})
        admin.post(f"{path}/state", {"state": state, "reason": "Nedodal doklady."})
    admin.post(f"{AT}/freezes", {"what": "town", "reason": "Podezření na únik."})
    town.as_("clerk").get(f"{AT}/freezes")
    admin.post(f"{AT}/freezes/lift", {"what": "town", "reason": "Prověřeno."})


def closing(town: Town, programme: str) -> None:
    """The year is over: days are sealed, the books proved, and the programme goes on."""
    town.book.clock.move_to(datetime(2027, 1, 4, 9, tzinfo=PRAGUE))
    done("audit", "seal")
    town.ids["day"] = town.anyone.get(f"{AT}/seals").body["items"][-1]["day"]
    run = town.as_("auditor").post(f"{AT}/proofs").body["run"]
    town.as_("auditor").get(f"{AT}/proofs/{run}")
    done("insights", "rebuild")
    carried = {"reason": "Program pokračuje."}
    town.as_("programme_owner").post(f"{AT}/programmes/{programme}/carry-overs", carried)


def looking(town: Town) -> None:
    """What nobody has looked at yet."""
    auditor = town.as_("auditor")
    entries = auditor.get(f"{AT}/entries", query={"first": "2026-12-01", "last": "2026-12-20", "limit": "100"}).body[
        "items"
    ]
    paid = next(one["id"] for one in entries if one["kind"] == "pay")
    auditor.get(f"{AT}/payment-receipts/{paid}/proof", query={"provider": town.ids["provider"]})
    note = town.citizen(town.ids["ema"]).get(f"{AT}/messages").body["items"][0]
    town.citizen(town.ids["ema"]).post(f"{AT}/messages/{note['id']}/read")
    for role, paths in LOOKS.items():
        door = {"": town.anyone, "ema": town.citizen(town.ids["ema"])}.get(role) or town.as_(role)
        for path in paths:
            bare, _, query = path.format(**town.ids).partition("?")
            door.get(AT + bare, query=dict(part.split("=") for part in query.split("&") if part))
    town.anyone.get("/cities")
