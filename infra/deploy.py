"""Deploy an installation: `python -m infra.deploy STAGE`, which `make deploy STAGE=…` calls after building the web.

infra/stages/STAGE.json says where. In order: the data stack, the secrets (first time only), the package, the
application, the edge and its logs in us-east-1, the site. Every step may be run again.
"""

import argparse
import hashlib
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3

from infra import apidocs, site
from infra.keys import Secret, kept_secret, public_keys
from infra.package import ROOT, package
from infra.stacks import WAIT, apply, parse

EDGE_REGION = "us-east-1"
API_STAGE = "api"


@dataclass(frozen=True)
class Stage:
    """Where an installation lives, as infra/stages/<name>.json says."""

    name: str
    region: str
    domain: str
    certificate_arn: str
    mail_domain: str
    alarm_email: str

    @property
    def origin(self) -> str:
        return f"https://{self.domain}"

    @property
    def data_stack(self) -> str:
        return f"aktivni-mesto-{self.name}-data"

    @property
    def app_stack(self) -> str:
        return f"aktivni-mesto-{self.name}"

    @property
    def edge_stack(self) -> str:
        return f"aktivni-mesto-{self.name}-edge"

    @property
    def logs_stack(self) -> str:
        return f"aktivni-mesto-{self.name}-edge-logs"


def read_stage(name: str) -> Stage:
    """Raises SystemExit for an installation that nobody described."""
    file = ROOT / f"infra/stages/{name}.json"
    if not file.exists():
        raise SystemExit(f"{file} does not exist: describe the installation there, as example.json beside it does")
    return Stage(name=name, **json.loads(file.read_text()))


def deploy(stage: Stage) -> None:
    data = deploy_data(stage)
    secret = kept_secret(_client("secretsmanager", stage.region), data)
    app = deploy_app(stage, package(), data, secret)
    edge = deploy_edge(stage, data, app, secret)
    deploy_logs(stage, edge)
    deploy_site(edge["SiteName"])
    _forget_cached_pages(edge["DistributionId"])
    print(f"{stage.origin} is served by {edge['DistributionHost']}")


def deploy_data(stage: Stage, wait: Any = WAIT) -> dict[str, str]:
    parameters = {"Stage": stage.name, "Origin": stage.origin}
    return apply(_cloudformation(stage.region), stage.data_stack, parameters, body=template("data"), wait=wait)


def deploy_app(stage: Stage, packaged: Path, data: dict[str, str], secret: Secret, wait: Any = WAIT) -> dict[str, str]:
    """Upload the package and deploy the template that Chalice merged, pointed to it."""
    s3 = _client("s3", stage.region)
    bucket = data["PackagesName"]
    archive = (packaged / "deployment.zip").read_bytes()
    key = f"{hashlib.sha256(archive).hexdigest()[:32]}.zip"
    s3.put_object(Bucket=bucket, Key=key, Body=archive)
    merged = parse((packaged / "sam.yaml").read_text())
    for resource in merged["Resources"].values():
        if isinstance(resource, dict) and resource.get("Type") == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = f"s3://{bucket}/{key}"
    body = json.dumps(merged, ensure_ascii=False).encode()
    named = f"{hashlib.sha256(body).hexdigest()[:32]}.json"
    s3.put_object(Bucket=bucket, Key=named, Body=body)
    parameters = {
        "Stage": stage.name,
        "DataStack": stage.data_stack,
        "Origin": stage.origin,
        "OriginSecret": secret["origin_secret"],
        "AccessPublicKeys": public_keys(secret),
        "MailDomain": stage.mail_domain,
        "AlarmEmail": stage.alarm_email,
    }
    url = f"{s3.meta.endpoint_url}/{bucket}/{named}"
    return apply(_cloudformation(stage.region), stage.app_stack, parameters, url=url, wait=wait)


def deploy_edge(
    stage: Stage, data: dict[str, str], app: dict[str, str], secret: Secret, wait: Any = WAIT
) -> dict[str, str]:
    parameters = {
        "Stage": stage.name,
        "Domain": stage.domain,
        "CertificateArn": stage.certificate_arn,
        "ApiHost": f"{app['RestAPIId']}.execute-api.{stage.region}.amazonaws.com",
        "ApiStage": API_STAGE,
        "OriginSecret": secret["origin_secret"],
        "Documents": f"s3.{stage.region}.amazonaws.com/{data['DocumentsName']}",
    }
    return apply(_cloudformation(EDGE_REGION), stage.edge_stack, parameters, body=template("edge"), wait=wait)


def deploy_logs(stage: Stage, edge: dict[str, str], wait: Any = WAIT) -> dict[str, str]:
    """What the edge writes down; the local cloud does not know it, and cfn-lint alone checks its template."""
    parameters = {"Stage": stage.name} | {name: edge[name] for name in ("FirewallArn", "DistributionId")}
    return apply(_cloudformation(EDGE_REGION), stage.logs_stack, parameters, body=template("logs"), wait=wait)


def deploy_site(bucket: str) -> None:
    """New files first, pages after them, and only then away with what no page points to any more."""
    s3 = _client("s3", EDGE_REGION)
    uploaded = set()
    for path, content in _site():
        s3.put_object(
            Bucket=bucket,
            Key=path,
            Body=content,
            ContentType=site.content_type(path),
            CacheControl=site.cache_control(path),
        )
        uploaded.add(path)
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        old = [{"Key": item["Key"]} for item in page.get("Contents", []) if item["Key"] not in uploaded]
        if old:
            s3.delete_objects(Bucket=bucket, Delete={"Objects": old})


def _site() -> Iterator[tuple[str, bytes]]:
    for path, file in site.files():
        yield path, file.read_bytes()
    for path, text in apidocs.pages().items():
        yield path, text.encode()


def _forget_cached_pages(distribution: str) -> None:
    _client("cloudfront", EDGE_REGION).create_invalidation(
        DistributionId=distribution,
        InvalidationBatch={"Paths": {"Quantity": 1, "Items": ["/*"]}, "CallerReference": str(time.time_ns())},
    )


def template(name: str) -> str:
    return (ROOT / f"infra/{name}.yaml").read_text()


def _cloudformation(region: str) -> Any:
    return _client("cloudformation", region)


def _client(service: Any, region: str) -> Any:
    return boto3.client(service, region_name=region)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stage", help="the installation: infra/stages/STAGE.json")
    deploy(read_stage(parser.parse_args().stage))


if __name__ == "__main__":
    main()
