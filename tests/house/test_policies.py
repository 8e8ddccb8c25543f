"""Each function's policy against what its code can reach: no secret, bucket or right too many, none too few."""

import json
import re
from fnmatch import fnmatch
from typing import Any

import pytest

from chalicelib.core import rooms
from chalicelib.core.dispatch import _claim
from chalicelib.town.people.store import login_key
from chalicelib.town.towns.store import town_key, towns_index
from tests.house.reach import Node, sources
from tools.docs import ROOT

FUNCTIONS = ("api", "tick", "stream", *rooms.working())
WORKERS = tuple(rooms.working())
ROOTS: dict[str, list[str]] = {
    "tick": ["chalicelib.core.dispatch:tick", "chalicelib.town.towns.service:all_towns"],
    "stream": ["chalicelib.core.dispatch:stream"],
}
SIGN_IN_KEYS = ("login_key", "email_key", "session_key", "membership_key", "provider_membership_key", "ticket_key")
WRITES = re.compile(r"\b(put_new|put|change|remove|replace)\(")


def reached(function: str) -> set[Node]:
    """All that can come to run in a function."""
    if function in ROOTS:
        return sources().reached_from(ROOTS[function])
    if function == "api":
        modules = [module for module in sources().trees if module.endswith(".routes")]
    else:
        modules = [rooms.module(function, "jobs").__name__]
    roots = [node for module in modules for node in sources().of_module(module)]
    return sources().reached_from([*roots, "chalicelib.core.dispatch:queue"])


def statements(function: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((ROOT / f".chalice/policy-{function}.json").read_text())["Statement"]
    return found


def allowed(function: str, action: str, export: str) -> bool:
    """Whether a function may do something with what the data stack exports under a name."""
    return any(
        s["Effect"] == "Allow" and action in s["Action"] and f"-{export}" in json.dumps(s.get("Resource"))
        for s in statements(function)
    )


def uses(function: str, bucket: str, call: str) -> bool:
    texts = [sources().texts.get(node, "") for node in reached(function)]
    return any(f"settings().{bucket}" in text and call in text for text in texts)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_only_what_signs_tokens_may_read_the_signing_key(function: str) -> None:
    signs = "chalicelib.core.secrets:signing_key" in reached(function)
    assert allowed(function, "secretsmanager:GetSecretValue", "SigningKeyArn") == signs == (function == "api")
    assert not allowed(function, "secretsmanager:GetSecretValue", "OriginSecretArn"), "deployments alone read it"


@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_pepper_is_for_those_who_reach_it(function: str) -> None:
    """What reaches is generous: the tick and the stream refer to it by the table's cursors, which they never make."""
    may = allowed(function, "secretsmanager:GetSecretValue", "PepperArn")
    assert may == (function not in ("tick", "stream"))
    assert not may or "chalicelib.core.secrets:pepper" in reached(function)


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize(
    ("bucket", "export", "action", "calls"),
    [
        ("bucket_documents", "DocumentsArn", "s3:GetObject", ("get_object",)),
        ("bucket_documents", "DocumentsArn", "s3:PutObject", ("put_object", "generate_presigned_post")),
        ("bucket_documents", "DocumentsArn", "s3:GetObjectVersion", ("'VersionId': version",)),
        ("bucket_documents", "DocumentsArn", "s3:ListBucketVersions", ("list_object_versions",)),
        ("bucket_documents", "DocumentsArn", "s3:DeleteObjectVersion", ("delete_objects",)),
        ("bucket_seals", "SealsArn", "s3:GetObject", ("get_object",)),
    ],
)
def test_buckets_are_open_to_those_who_use_them(
    function: str, bucket: str, export: str, action: str, calls: tuple[str, ...]
) -> None:
    used = any(uses(function, bucket, call) for call in calls)
    assert allowed(function, action, export) == used


@pytest.mark.parametrize("function", FUNCTIONS)
def test_seals_are_written_by_the_audit_alone(function: str) -> None:
    assert allowed(function, "s3:PutObject", "SealsArn") == (function == "audit")


@pytest.mark.parametrize("function", FUNCTIONS)
def test_mail_is_sent_by_the_messages_alone(function: str) -> None:
    sends = any("client('sesv2')" in sources().texts.get(node, "") for node in reached(function))
    may = any("ses:SendEmail" in s["Action"] for s in statements(function))
    assert may == sends == (function == "messages")


@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_whole_table_is_read_by_the_audit_alone(function: str) -> None:
    may = {action for s in statements(function) if s["Effect"] == "Allow" for action in s["Action"]}
    assert ("dynamodb:Scan" in may) == (function == "audit")


@pytest.mark.parametrize("function", [function for function in FUNCTIONS if function != "stream"])
def test_what_reads_many_items_at_once_may(function: str) -> None:
    assert "chalicelib.core.table:_batch_get" in reached(function)
    may = {action for s in statements(function) for action in s["Action"]}
    assert {"dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:PutItem"} <= may


def test_the_tick_touches_towns_and_its_own_notes_alone() -> None:
    (table,) = [s for s in statements("tick") if s["Sid"] == "Table"]
    patterns = table["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
    used = [towns_index(), town_key("modrinov").pk, _claim("modrinov", "audit.seal", "2026-11-20").pk]
    assert all(any(fnmatch(key, pattern) for pattern in patterns) for key in used)
    assert not any(fnmatch(login_key("x").pk, pattern) for pattern in patterns)


@pytest.mark.parametrize("function", WORKERS)
def test_no_worker_can_write_a_sign_in(function: str) -> None:
    """Sign-ins, e-mails, links and sessions are the API's alone: the key's beginning says so to the table too."""
    writers = {
        node
        for node in sources().of_module("chalicelib.town.people.store")
        if any(f"{key}(" in sources().texts[node] for key in SIGN_IN_KEYS) and WRITES.search(sources().texts[node])
    }
    assert len(writers) > 5
    assert writers & reached("api") == writers
    assert writers & reached(function) == set()
    (denied,) = [s for s in statements(function) if s["Effect"] == "Deny"]
    assert set(denied["Action"]) == {"dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"}
    assert denied["Condition"] == {
        "ForAnyValue:StringLike": {"dynamodb:LeadingKeys": ["_#P#*", "_#E#*", "_#T#*", "_#TRY#*"]}
    }


def test_a_document_is_written_only_under_its_rooms_name() -> None:
    (documents,) = [s for s in statements("vouchers") if s["Sid"] == "Documents"]
    assert documents["Resource"]["Fn::Join"][1][1] == "/*/vouchers/*"
    (name,) = [text for node, text in sources().texts.items() if node == "chalicelib.money.vouchers.outside:_name"] or [
        ""
    ]
    assert "/vouchers/" in (name or (ROOT / "chalicelib/money/vouchers/outside.py").read_text())
