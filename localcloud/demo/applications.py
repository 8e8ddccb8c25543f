"""Writes applications with their history, the places they hold, and what people were told."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from chalicelib.core.clock import day_of
from chalicelib.core.table import commit
from chalicelib.money.ledger.model import NewGrant
from chalicelib.money.programmes import facts, letters, store
from chalicelib.money.programmes import service as programmes
from chalicelib.money.programmes.eligibility import checks
from chalicelib.money.programmes.model import SYSTEM, Answers, Application, Document, Event, Stated, new_grants
from localcloud.demo.chance import made_id
from localcloud.demo.clock import at
from localcloud.demo.documents import TYPE, content, put_document
from localcloud.demo.people import People
from localcloud.demo.sponsors import programme_id
from localcloud.demo.story import Applied
from localcloud.demo.table import Batch
from localcloud.demo.world import World

LIVING = ("submitted", "verifying", "in_review", "returned", "waiting", "approved")
"""States in which an application holds its beneficiary's place in the programme."""


class Applications:
    """Writes the applications of a world."""

    def __init__(self, world: World, people: People) -> None:
        self.world = world
        self._people = people
        self._nouns = {applied.id: self._noun(applied) for applied in world.told}

    def noun(self, applied: Applied) -> Application:
        """The application as it stands on the demo day."""
        return self._nouns[applied.id]

    def _noun(self, applied: Applied) -> Application:
        account, entry = applied.account, applied.entry
        told = entry or account
        decided_by = ""
        if applied.state in ("approved", "declined", "waiting"):
            decided_by = self.world.colleague(account.city, applied.clerk).id
        elif applied.state == "lapsed":
            decided_by = SYSTEM
        clerk = self.world.colleague(account.city, applied.clerk)
        rules = applied.rules
        noun = Application(
            id=applied.id,
            programme=programme_id(self.world, applied.programme),
            rules_version=rules.version,
            person=account.id,
            beneficiary=applied.beneficiary,
            state="submitted" if applied.state == "in_review" and not applied.assigned else applied.state,
            stated=Stated(told.given_names, told.surname, told.born, account.address, account.address_code),
            applicant_name=account.name,
            amount_minor=rules.amount_minor,
            created_at=applied.created_at,
            answers=Answers(only_of_household=rules.who.one_per_household),
            number=applied.number,
            subject_ref=self._people.ref_of(account, entry),
            saved_at=applied.received_at or applied.created_at,
            received_at=applied.received_at,
            decide_by=None,
            deadline=applied.deadline if applied.state in ("returned", "lapsed") else None,
            assigned_to=clerk.id if applied.assigned else "",
            assigned_name=clerk.name if applied.assigned else "",
            decided_by=decided_by,
            decided_at=None if applied.state == "waiting" else applied.decided_at,
            reason=applied.reason,
            question=applied.question if applied.state == "returned" else "",
            made_by=self.world.colleague(account.city, "assistant").id if applied.at_desk else "",
            checks="ok" if applied.received_at else "",
        )
        if applied.received_at:
            decide_by = day_of(applied.received_at) + timedelta(days=rules.days_to_decide)
            noun = replace(noun, decide_by=decide_by)
        return replace(noun, grants=tuple(grant.id for grant in self.grants(applied, noun)))

    def grants(self, applied: Applied, noun: Application) -> list[NewGrant]:
        """What its approval opens."""
        if applied.state != "approved" or applied.decided_at is None:
            return []
        return new_grants(applied.rules, noun, applied.decided_at, day_of(applied.decided_at))

    def write(self, batch: Batch) -> None:
        for applied in self.world.told:
            noun, city = self.noun(applied), applied.account.city
            batch.add(store.new_application(city, noun))
            batch.add(*(store.event_write(city, noun.id, event) for event in self._history(applied, noun)))
            if noun.number:
                batch.add(store.claim_number(city, noun))
            if noun.state in LIVING:
                for subject in facts.subjects(noun):
                    key = store.once_key(city, noun.programme, subject)
                    batch.put(store.OnceItem(pk=key.pk, sk=key.sk, kind=store.OnceItem.KIND, application=noun.id))
            self._documents(batch, applied, noun)
            self._messages(batch, applied, noun)

    def _history(self, applied: Applied, noun: Application) -> Iterator[Event]:
        account, received_at = applied.account, applied.received_at
        if received_at is None:
            return
        clerk = self.world.colleague(account.city, applied.clerk)
        desk = self.world.colleague(account.city, "assistant")
        by, name = (desk.id, desk.name) if applied.at_desk else (account.id, account.name)
        yield Event(received_at, by, "submitted", by_name=name)
        taken_at = received_at + timedelta(minutes=70)
        if applied.assigned:
            yield Event(taken_at, clerk.id, "assigned", clerk.name, clerk.name, private=True)
        if applied.state in ("returned", "lapsed"):
            yield Event(taken_at, clerk.id, "returned", applied.question, clerk.name)
        if applied.state == "waiting":
            yield Event(taken_at, clerk.id, "waiting", "", clerk.name)
        if applied.decided_at and applied.state in ("approved", "declined"):
            yield Event(applied.decided_at, clerk.id, applied.state, applied.reason, clerk.name)
        if applied.decided_at and applied.state == "withdrawn":
            yield Event(applied.decided_at, account.id, "withdrawn", by_name=account.name)
        if applied.decided_at and applied.state == "lapsed":
            yield Event(applied.decided_at, SYSTEM, "lapsed")

    def _documents(self, batch: Batch, applied: Applied, noun: Application) -> None:
        """The attachment that the programme asks for, one not legible where the clerk wrote back."""
        if applied.rules.documents is None or noun.received_at is None:
            return
        id = made_id(noun.created_at, "document", noun.id)
        at = noun.created_at
        version = put_document(f"{applied.account.city}/applications/{noun.id}/{id}")
        document = Document(id, noun.id, "Doporučení lékaře.pdf", TYPE, len(content()), at, at, version)
        batch.add(store.new_document(applied.account.city, document))

    # What they were told

    def _messages(self, batch: Batch, applied: Applied, noun: Application) -> None:
        city, rules = applied.account.city, applied.rules
        if noun.received_at is None:
            return
        with at(noun.received_at):
            batch.add(letters.submitted(city, noun, rules))
        later = applied.decided_at or noun.received_at + timedelta(minutes=70)
        with at(later):
            if noun.state == "approved":
                batch.add(letters.approved(city, noun, rules, self.grants(applied, noun))[0])
            elif noun.state == "declined":
                batch.add(letters.declined(city, noun, rules))
            elif noun.state == "waiting":
                batch.add(letters.waiting(city, noun, rules))
            elif noun.state == "lapsed":
                batch.add(letters.lapsed(city, noun, rules))
            elif noun.state == "returned":
                batch.add(letters.returned(city, noun, rules)[0])
        with at(self.world.morning):
            if noun.state == "returned":
                batch.add(letters.returned(city, noun, rules)[1])
            if applied.lives:
                until = max(day_of(grant.valid_until) for grant in self.grants(applied, noun))
                batch.add(letters.grant_ends(city, noun, rules, until))

    def judge_open(self) -> None:
        """What clerks have to look at in each open application, as the conditions themselves say."""
        for applied in self.world.told:
            if applied.state in ("verifying", "in_review", "returned"):
                noun, city = self.noun(applied), applied.account.city
                found = programmes.case_of(city, noun).conditions
                known = store.application(city, noun.id)
                assert known is not None
                changed = replace(known, checks=checks(found))
                commit(store.save_application(city, changed, known, lambda _old: ValueError("application")))
