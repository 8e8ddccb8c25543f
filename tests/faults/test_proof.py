"""The campaign's proof finds what it is there to find. The campaign itself is `make faults`."""

from collections import Counter
from pathlib import Path
from typing import Any

from faults.books import Books, Findings, prove
from faults.diary import Answer, Asked, Diary, Pen, read_diary
from faults.town import FOUNDER

GRANT = "g1"


def a_transfer(by: str, kind: str, debit: str, credit: str, amount_minor: int, **more: str) -> dict[str, Any]:
    body = {"id": f"{by}.{kind}", "by": by, "kind": kind, "grant": GRANT, "debit": debit, "credit": credit}
    return {**body, "amount_minor": amount_minor, **more}


AWARD = a_transfer(FOUNDER, "allot", "budget:p", f"grant:{GRANT}", 1000)
SPEND = a_transfer("w0.0", "redeem", f"grant:{GRANT}", "provider:pool", 300)
HOLD = a_transfer("w0.1", "hold", f"grant:{GRANT}", f"held:{GRANT}", 200)
SETTLE = a_transfer("w0.2", "settle", f"held:{GRANT}", "provider:pool", 200, of=HOLD["id"])
RELEASE = a_transfer("w0.3", "release", f"held:{GRANT}", f"grant:{GRANT}", 200, of=HOLD["id"])


def books(*transfers: dict[str, Any], spendable_minor: int, held_minor: int = 0, line: str = "") -> Books:
    named = {f"{GRANT}/{body['id']}": body for body in (AWARD, *transfers)}
    stored = {f"grant:{GRANT}": spendable_minor, f"held:{GRANT}": held_minor}
    return Books(named, dict.fromkeys(named, line), stored)


def a_diary(*told: tuple[dict[str, Any], str]) -> Diary:
    """One operation for each transfer, and what its worker was told of it."""
    diary = Diary()
    for body, code in told:
        by = body["by"]
        diary.asked[by] = Asked(by, "spend", GRANT, body["amount_minor"])
        done = {"transfer": body["id"], "amount_minor": body["amount_minor"]} if code == "done" else {}
        diary.answers[by] = [Answer(by, code, **done)]
    return diary


def found(kept: Books, *diaries: Diary) -> Findings:
    return prove(kept, list(diaries), restored_at=0.0)


def test_books_and_diaries_that_agree_are_clean() -> None:
    assert found(books(SPEND, spendable_minor=700), a_diary((SPEND, "done"))).clean


def test_what_was_acknowledged_and_is_not_in_the_books_is_lost() -> None:
    assert found(books(spendable_minor=1000), a_diary((SPEND, "done"))).lost == ["w0.0 w0.0.redeem"]


def test_another_amount_than_was_acknowledged_is_lost() -> None:
    other = SPEND | {"amount_minor": 299}
    assert found(books(other, spendable_minor=701), a_diary((SPEND, "done"))).lost


def test_a_balance_that_is_not_the_sum_of_its_transfers_is_a_difference() -> None:
    told = found(books(SPEND, spendable_minor=400), a_diary((SPEND, "done")))
    assert (told.differences, told.difference_minor) == ({f"grant:{GRANT}": -300}, 300)


def test_a_refusal_of_what_was_done_is_wrong() -> None:
    told = found(books(SPEND, spendable_minor=700), a_diary((SPEND, "credit_too_small")))
    assert told.wrongly_refused == ["w0.0 credit_too_small"]


def test_a_transfer_that_nobody_asked_for_is_made_money() -> None:
    assert found(books(SPEND, spendable_minor=700)).doubled == ["w0.0 was asked by nobody"]


def test_an_operation_with_two_transfers_is_doubled() -> None:
    again = SPEND | {"id": "another"}
    told = found(books(SPEND, again, spendable_minor=400), a_diary((SPEND, "done")))
    assert told.doubled == ["w0.0 made 2 transfers"]


def test_a_hold_with_two_ends_is_doubled() -> None:
    kept = books(HOLD, SETTLE, RELEASE, spendable_minor=1000, held_minor=-200)
    told = found(kept, a_diary((HOLD, "done"), (SETTLE, "done"), (RELEASE, "done")))
    assert told.doubled == ["w0.1.hold has 2 × end of a hold"]


def test_two_who_were_told_that_one_claim_is_new_are_doubled() -> None:
    diary = a_diary((SPEND, "done"))
    for by in ("w1.0", "w1.1"):
        diary.asked[by] = Asked(by, "claim", GRANT, of=SPEND["id"])
        diary.answers[by] = [Answer(by, "done", SPEND["id"])]
    told = found(books(SPEND, spendable_minor=700, line="line.w1.1"), diary)
    assert told.lost == [f"w1.0 {SPEND['id']}"]
    assert len(told.doubled) == 1


def test_an_operation_without_an_answer_is_named() -> None:
    diary = a_diary((SPEND, "done"))
    diary.waiting["w0.9"] = Asked("w0.9", "spend", GRANT, 1)
    assert found(books(SPEND, spendable_minor=700), diary).unanswered == ["w0.9"]


def test_a_diary_survives_a_kill_in_the_middle_of_a_line(tmp_path: Path) -> None:
    file = tmp_path / "diary"
    pen = Pen(file)
    pen.ask(Asked("w0.0", "spend", GRANT, 5))
    pen.answer(Answer("w0.0", "done", "t"), Counter({"conflict": 2}))
    pen.ask(Asked("w0.1", "spend", GRANT, 6))
    with file.open("a") as torn:
        torn.write('{"answer": {"by": "w0.1", "co')
    Pen(file).ask(Asked("w0.2", "spend", GRANT, 7))
    read = read_diary(file)
    assert list(read.waiting) == ["w0.1", "w0.2"]
    assert (read.answers["w0.0"][0].code, read.met["conflict"]) == ("done", 2)


def test_what_is_asked_again_after_a_restore_waits_for_a_new_answer(tmp_path: Path) -> None:
    pen = Pen(tmp_path / "diary")
    pen.ask(Asked("w0.0", "spend", GRANT, 5))
    pen.answer(Answer("w0.0", "done", "t"), Counter())
    pen.ask_again("w0.0")
    assert list(read_diary(tmp_path / "diary").waiting) == ["w0.0"]
    pen.answer(Answer("w0.0", "credit_too_small"), Counter())
    assert [answer.code for answer in read_diary(tmp_path / "diary").answers["w0.0"]] == ["done", "credit_too_small"]
