"""Where the installation is and what it is called: read from the environment once, on first need."""

import json
import os
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True)
class Settings:
    """What the deployment (or the local cloud) tells a function. Secrets are not here: see `secrets`."""

    stage: str
    table_name: str
    origin: str
    bucket_documents: str
    bucket_seals: str
    queue_urls: dict[str, str]
    access_public_keys: dict[str, str]
    signing_key_id: str
    pepper_id: str
    origin_secret: str
    mail_from: str
    company_register: str


@cache
def settings() -> Settings:
    env = os.environ
    return Settings(
        stage=env.get("STAGE", "local"),
        table_name=env.get("TABLE_NAME", "aktivni-mesto"),
        origin=env.get("ORIGIN", "http://localhost:8080").rstrip("/"),
        bucket_documents=env.get("BUCKET_DOCUMENTS", "aktivni-mesto-documents"),
        bucket_seals=env.get("BUCKET_SEALS", "aktivni-mesto-seals"),
        queue_urls=json.loads(env.get("QUEUE_URLS", "{}")),
        access_public_keys=json.loads(env.get("ACCESS_PUBLIC_KEYS", "{}")),
        signing_key_id=env.get("SIGNING_KEY_ID", ""),
        pepper_id=env.get("PEPPER_ID", ""),
        origin_secret=env.get("ORIGIN_SECRET", ""),
        mail_from=env.get("MAIL_FROM", "neodpovidejte@aktivni-mesto.example"),
        company_register=env.get("COMPANY_REGISTER", ""),
    )
