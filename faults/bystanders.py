"""What the proof needs beside the table, and what the campaign leaves alone: the bucket of seals and the secret."""

import json
import os
from pathlib import Path

from chalicelib.core.secrets import base64url
from localcloud.processes import free_port, start_ministack, stop, wait_for
from localcloud.resources import client

BUCKET_SEALS = "campaign-seals"
PEPPER_ID = "campaign"


class Bystanders:
    def __init__(self, home: Path) -> None:
        port = free_port()
        self.endpoint = f"http://127.0.0.1:{port}"
        self._process = start_ministack(port, home, home / "logs")

    def settle_in(self) -> None:
        wait_for(self._process, f"{self.endpoint}/_ministack/health")
        where = {"LocationConstraint": "eu-central-1"}
        client("s3", self.endpoint).create_bucket(Bucket=BUCKET_SEALS, CreateBucketConfiguration=where)
        secret = json.dumps({"pepper": base64url(os.urandom(32))})
        client("secretsmanager", self.endpoint).create_secret(Name=PEPPER_ID, SecretString=secret)

    def stop(self) -> None:
        stop([self._process])
