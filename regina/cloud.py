"""The town's cloud as Regina sees it: two calls over outbound HTTPS, each signed with the town's key."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from .config import Config
from .keys import kid
from .model import Answer, GuardianQuestion, Job, PersonQuestion, b64url

TOKEN_SECONDS = 60
TIMEOUT_SECONDS = 20.0
ANSWER_LIMIT_BYTES = 256 * 1024


class CloudUnreachable(Exception):
    """The network, or the cloud for the moment (5xx, 429): worth another try later."""


class CloudRefused(Exception):
    """The cloud said no, and would say it again. `status` and `code` are those of its problem document."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code


class Cloud:
    """Leases and answers."""

    def __init__(self, config: Config, key: Ed25519PrivateKey, http: httpx.Client, now: Callable[[], datetime]) -> None:
        self._config = config
        self._key = key
        self._kid = kid(key.public_key())
        self._http = http
        self._now = now

    def lease(self, most: int) -> list[Job]:
        """Up to `most` questions that are due, each leased to us for a while. Raises CloudUnreachable, CloudRefused."""
        reply = self._post("/regina/leases", {"max": most})
        try:
            return [job for job in map(_job_of, json.loads(reply)["jobs"]) if job is not None]
        except (ValueError, KeyError, TypeError) as e:
            raise CloudUnreachable("an answer that is not of the protocol") from e

    def answer(self, job: Job, answer: Answer) -> None:
        """Hand in an answer. Raises CloudUnreachable, CloudRefused (the lease has lapsed, or the job was answered)."""
        self._post(f"/regina/jobs/{job.id}/answer", answer.body(job.lease_id))

    def tell_changes(self, refs: Sequence[str]) -> None:
        """The registry changed something about these people. Raises CloudUnreachable, CloudRefused."""
        self._post("/regina/changes", {"subject_refs": list(refs)})

    def _post(self, tail: str, body: Mapping[str, Any]) -> bytes:
        path = f"/v1/cities/{self._config.city}{tail}"
        content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        headers = {"Authorization": f"Regina {self._token(path, content)}", "Content-Type": "application/json"}
        try:
            response = self._http.post(self._config.url + path, content=content, headers=headers)
        except httpx.HTTPError as e:
            raise CloudUnreachable(type(e).__name__) from e
        return _accepted(response)

    def _token(self, path: str, content: bytes) -> str:
        """A compact JWS that binds the town, the call and its body, for one minute."""
        issued = int(self._now().timestamp())
        claims = {
            "iss": self._config.city,
            "aud": self._config.audience,
            "htm": "POST",
            "htp": path,
            "bh": b64url(hashlib.sha256(content).digest()),
            "iat": issued,
            "exp": issued + TOKEN_SECONDS,
            "jti": secrets.token_urlsafe(16),
        }
        header = {"alg": "EdDSA", "kid": self._kid, "typ": "JWT"}
        signed = ".".join(b64url(json.dumps(part, separators=(",", ":")).encode()) for part in (header, claims))
        return f"{signed}.{b64url(self._key.sign(signed.encode()))}"


def _accepted(response: httpx.Response) -> bytes:
    if response.status_code >= 500 or response.status_code == 429:
        raise CloudUnreachable(str(response.status_code))
    if response.status_code not in {200, 204}:
        raise CloudRefused(response.status_code, _code_of(response))
    if len(response.content) > ANSWER_LIMIT_BYTES:
        raise CloudUnreachable("an answer that is too long")
    return response.content


def _code_of(response: httpx.Response) -> str:
    try:
        return str(response.json()["code"])[:60]
    except (ValueError, KeyError, TypeError):
        return "unknown"


def _job_of(data: Mapping[str, Any]) -> Job | None:
    """A job, or None where the question is of a kind that this version does not know: its lease will lapse."""
    question = data["question"]
    if data["kind"] == "person":
        asked: PersonQuestion | GuardianQuestion = _person_question(question)
    elif data["kind"] == "guardian":
        asked = GuardianQuestion(str(question["guardian_subject_ref"]), str(question["child_subject_ref"]))
    else:
        return None
    return Job(str(data["id"]), str(data["lease_id"]), str(data["lease_until"]), asked)


def _person_question(data: Mapping[str, Any]) -> PersonQuestion:
    code = (data.get("address") or {}).get("address_code")
    return PersonQuestion(
        given_names=str(data["given_names"]),
        surname=str(data["surname"]),
        birth_date=date.fromisoformat(data["birth_date"]),
        birth_place=data.get("birth_place"),
        address_code=str(code) if code is not None else None,
    )
