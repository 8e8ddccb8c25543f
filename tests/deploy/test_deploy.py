"""The package and the templates as AWS gets them: linted, deployed to ministack, and called through its gateway."""

import json
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import httpx
import pytest

from chalicelib.core import rooms
from infra import deploy, edge, package
from infra.deploy import Stage
from infra.keys import Secret, kept_secret, public_keys
from infra.stacks import WAIT_LOCALLY, StackFailed, apply, outputs, parse
from localcloud.processes import KEYS, ROOT, free_port, start_ministack, stop, wait_for

STAGE = Stage(
    name="test",
    region="eu-central-1",
    domain="aktivni.example",
    certificate_arn="arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-0000-0000-000000000000",
    mail_domain="aktivni.example",
    alarm_email="provoz@aktivni.example",
)
QUEUED = set(rooms.working())
FUNCTIONS = {"APIHandler", "Tick", "Stream", *(f"{room.capitalize()}Queue" for room in QUEUED)}
CONSUMED_SECONDS_MAX = 60


@dataclass(frozen=True)
class Deployed:
    endpoint: str
    data: dict[str, str]
    app: dict[str, str]
    edge: dict[str, str]
    secret: Secret

    def call(self, path: str, **headers: str) -> httpx.Response:
        url = f"{self.endpoint}/_aws/execute-api/{self.app['RestAPIId']}/api{path}"
        return httpx.get(url, headers=headers, timeout=60)


@pytest.fixture(scope="session")
def packaged() -> Path:
    return package.package()


@pytest.fixture(scope="session")
def deployed(packaged: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    """The three stacks and the site, made by the same steps as `make deploy`."""
    folder = tmp_path_factory.mktemp("aws")
    port = free_port()
    process = start_ministack(port, folder, folder / "logs")
    endpoint = f"http://127.0.0.1:{port}"
    with pytest.MonkeyPatch.context() as env:
        env.setenv("AWS_ENDPOINT_URL", endpoint)
        env.delenv("AWS_ENDPOINT_URL_DYNAMODB", raising=False)
        for name, value in KEYS.items():
            env.setenv(name, value)
        try:
            wait_for(process, f"{endpoint}/_ministack/health")
            yield _deploy(endpoint, packaged)
        finally:
            stop([process])


def _deploy(endpoint: str, packaged: Path) -> Deployed:
    data = deploy.deploy_data(STAGE, WAIT_LOCALLY)
    secret = kept_secret(_client("secretsmanager"), data)
    app = deploy.deploy_app(STAGE, packaged, data, secret, WAIT_LOCALLY)
    made = deploy.deploy_edge(STAGE, data, app, secret, WAIT_LOCALLY)
    deploy.deploy_site(made["SiteName"])
    return Deployed(endpoint, data, app, made, secret)


def _client(service: Any, region: str = STAGE.region) -> Any:
    return boto3.client(service, region_name=region)


def test_an_installation_is_described_by_one_file() -> None:
    assert deploy.read_stage("example").origin == "https://aktivni.example"
    with pytest.raises(SystemExit, match="does not exist"):
        deploy.read_stage("nowhere")


def test_a_stack_that_was_never_made_whole_is_named(deployed: Deployed) -> None:
    body = json.dumps({"Resources": {"Queue": {"Type": "AWS::SQS::Queue", "Properties": {"DelaySeconds": "never"}}}})
    cloudformation = _client("cloudformation")
    with pytest.raises(StackFailed):
        apply(cloudformation, "broken", {}, body=body, wait=WAIT_LOCALLY)


def test_the_package_is_small_and_has_no_leftovers(packaged: Path) -> None:
    with zipfile.ZipFile(packaged / "deployment.zip") as archive:
        names = archive.namelist()
    assert sum(package.sizes(packaged).values()) <= package.UNZIPPED_BYTES_MAX
    assert not [name for name in names if "__pycache__" in name or name.endswith(".pyc")]
    first_parts = {name.partition("/")[0] for name in names}
    assert {"app.py", "chalice", "chalicelib", "boto3", "pynamodb"} <= first_parts
    assert not first_parts & {"tests", "localcloud", "infra", "regina", "web", "pip", "setuptools", "moto"}


def test_every_module_finds_all_that_it_needs_in_the_package(packaged: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(packaged / "deployment.zip") as archive:
        archive.extractall(tmp_path)
    modules = sorted(
        ".".join(path.relative_to(tmp_path).with_suffix("").parts).removesuffix(".__init__")
        for path in (tmp_path / "chalicelib").rglob("*.py")
    )
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n" + "\n".join(
        f"import {name}" for name in ["app", "fpdf", "segno", "PIL.Image", *modules]
    )
    ran = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


def test_every_service_that_the_code_talks_to_is_in_the_package() -> None:
    sources = [path.read_text() for path in (ROOT / "chalicelib").rglob("*.py")]
    used = {name for text in sources for name in re.findall(r"""\bclient\(["']([a-z0-9]+)["']\)""", text)}
    assert "dynamodb" in used
    assert used <= package.SERVICES


def test_the_templates_are_clean(packaged: Path) -> None:
    templates = [
        "infra/data.yaml",
        "infra/edge.yaml",
        "infra/logs.yaml",
        str((packaged / "sam.yaml").relative_to(ROOT)),
    ]
    linted = subprocess.run([ROOT / ".venv/bin/cfn-lint", *templates], cwd=ROOT, capture_output=True, text=True)
    assert linted.stdout == ""
    assert linted.returncode == 0


def test_every_function_has_a_role_of_its_own_with_the_least_it_needs(packaged: Path) -> None:
    resources = parse((packaged / "sam.yaml").read_text())["Resources"]
    functions = {name: it for name, it in resources.items() if _type(it) == "AWS::Serverless::Function"}
    assert set(functions) == FUNCTIONS
    roles = [function["Properties"]["Role"]["Fn::GetAtt"][0] for function in functions.values()]
    assert len(set(roles)) == len(functions)
    for role in roles:
        for policy in resources[role]["Properties"]["Policies"]:
            for statement in policy["PolicyDocument"]["Statement"]:
                assert not [action for action in statement["Action"] if "*" in action]
                # ListStreams is the one action here that AWS cannot narrow to a table.
                assert statement.get("Resource") != "*" or statement["Action"] == ["dynamodb:ListStreams"]
    for function in functions.values():
        assert function["Properties"]["Runtime"] == "python3.13"


def _type(resource: Any) -> str:
    return str(resource.get("Type")) if isinstance(resource, dict) else ""


def test_what_wakes_the_functions_is_set_for_failures(packaged: Path) -> None:
    resources = parse((packaged / "sam.yaml").read_text())["Resources"]
    stream = resources["Stream"]["Properties"]["Events"]["Changes"]["Properties"]
    assert stream["StartingPosition"] == "TRIM_HORIZON"
    assert stream["BisectBatchOnFunctionError"] is True
    assert stream["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert stream["DestinationConfig"]["OnFailure"]["Destination"] == {"Fn::GetAtt": ["StreamDeadLetters", "Arn"]}
    for room in QUEUED:
        jobs = resources[f"{room.capitalize()}Queue"]["Properties"]["Events"]["Jobs"]["Properties"]
        assert jobs["Queue"] == {"Fn::GetAtt": [f"{room.capitalize()}Jobs", "Arn"]}
        assert jobs["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_the_api_is_regional_and_answers_in_time(packaged: Path) -> None:
    resources = parse((packaged / "sam.yaml").read_text())["Resources"]
    assert resources["RestAPI"]["Properties"]["EndpointConfiguration"] == "REGIONAL"
    assert resources["APIHandler"]["Properties"]["Timeout"] == 20
    assert resources["ApiHandlerLogGroup"]["Properties"]["RetentionInDays"] == 90


def test_the_gateway_s_own_refusals_are_problem_documents() -> None:
    for kind in (edge.NO_ROUTE, edge.TOO_LARGE, edge.FAILED):
        refusal = edge.gateway_refusal(kind, "c-1")
        document = json.loads(refusal.body)
        assert document["status"] == refusal.status
        assert document["correlation_id"] == "c-1"
        assert {"type", "title", "detail", "code"} <= set(document)


def test_the_deployed_api_answers_an_open_route(deployed: Deployed) -> None:
    answer = deployed.call("/v1/cities", **{edge.ORIGIN_SECRET_HEADER: deployed.secret["origin_secret"]})
    assert answer.status_code == 200, answer.text
    assert answer.json() == {"items": [], "next": None}


def test_the_deployed_api_refuses_whoever_comes_past_the_edge(deployed: Deployed) -> None:
    answer = deployed.call("/v1/cities")
    assert answer.status_code == 403
    assert answer.json()["code"] == "origin_refused"


def test_the_deployed_functions_run(deployed: Deployed) -> None:
    functions = _client("lambda")
    stack = _client("cloudformation").describe_stack_resources(StackName=STAGE.app_stack)["StackResources"]
    names = {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in stack}
    ran = functions.invoke(FunctionName=names["Tick"], Payload=b"{}")
    assert "FunctionError" not in ran, ran["Payload"].read()
    for room in QUEUED:
        ran = functions.invoke(FunctionName=names[f"{room.capitalize()}Queue"], Payload=b'{"Records": []}')
        assert json.loads(ran["Payload"].read()) == {"batchItemFailures": []}


def test_a_message_on_a_deployed_queue_reaches_its_function(deployed: Deployed) -> None:
    sqs = _client("sqs")
    variables = _client("lambda").get_function_configuration(FunctionName=deployed.app["APIHandlerName"])
    url = json.loads(variables["Environment"]["Variables"]["QUEUE_URLS"])["fees"]
    change = {"city": "x", "kind": "nothing", "pk": "x", "sk": "A", "event": "REMOVE"}
    sqs.send_message(QueueUrl=url, MessageBody=json.dumps({"changed": change}))
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    deadline = time.monotonic() + CONSUMED_SECONDS_MAX
    left = 1
    while left and time.monotonic() < deadline:
        time.sleep(0.5)
        counts = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
        left = sum(int(count) for count in counts.values())
    assert left == 0


def test_the_functions_know_the_key_that_tokens_are_verified_with(deployed: Deployed) -> None:
    variables = _client("lambda").get_function_configuration(FunctionName=deployed.app["APIHandlerName"])
    environment = variables["Environment"]["Variables"]
    assert environment["ACCESS_PUBLIC_KEYS"] == public_keys(deployed.secret)
    assert environment["TABLE_NAME"] == deployed.data["TableName"]
    assert deployed.secret["access_private_key"] not in json.dumps(environment)


def test_only_the_api_is_told_of_the_signing_key_and_of_the_origins_secret(deployed: Deployed) -> None:
    functions = _client("lambda")
    for function in functions.get_paginator("list_functions").paginate().build_full_result()["Functions"]:
        variables = function["Environment"]["Variables"]
        is_api = function["FunctionName"] == deployed.app["APIHandlerName"]
        assert ("SIGNING_KEY_ID" in variables, "ORIGIN_SECRET" in variables) == (is_api, is_api)
        assert "PEPPER_ID" in variables


def test_the_buckets_are_private_encrypted_and_versioned_where_it_matters(deployed: Deployed) -> None:
    s3 = _client("s3")
    documents, seals = deployed.data["DocumentsName"], deployed.data["SealsName"]
    for bucket in (documents, seals, deployed.data["PackagesName"], deployed.edge["SiteName"]):
        blocked = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
        assert set(blocked.values()) == {True}
    for name, bucket in (("Documents", documents), ("Seals", seals)):
        assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
        encryption = parse(deploy.template("data"))["Resources"][name]["Properties"]["BucketEncryption"]
        (rule,) = encryption["ServerSideEncryptionConfiguration"]
        assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"


def test_seals_are_locked_for_ten_years_and_outlive_the_stack() -> None:
    seals = parse(deploy.template("data"))["Resources"]["Seals"]
    assert (seals["DeletionPolicy"], seals["UpdateReplacePolicy"]) == ("Retain", "Retain")
    assert seals["Properties"]["ObjectLockEnabled"] is True
    kept = seals["Properties"]["ObjectLockConfiguration"]["Rule"]["DefaultRetention"]
    assert kept == {"Mode": {"Ref": "SealsMode"}, "Years": 10}


def test_the_site_has_every_app_with_how_long_to_keep_it(deployed: Deployed) -> None:
    s3 = _client("s3", deploy.EDGE_REGION)
    site = deployed.edge["SiteName"]
    for page in ("index.html", "moje/index.html", "admin/index.html", "reader/index.html", "docs/index.html"):
        head = s3.head_object(Bucket=site, Key=page)
        assert head["CacheControl"] == "no-cache"
        assert head["ContentType"].startswith("text/html")
    assets = s3.list_objects_v2(Bucket=site, Prefix="assets/")["Contents"]
    assert "immutable" in s3.head_object(Bucket=site, Key=assets[0]["Key"])["CacheControl"]


def test_alarms_watch_every_function_and_every_dead_letter(deployed: Deployed) -> None:
    alarms = _client("cloudwatch").get_paginator("describe_alarms").paginate().build_full_result()["MetricAlarms"]
    watched = [(alarm["MetricName"], alarm["Namespace"]) for alarm in alarms]
    assert watched.count(("Errors", "AWS/Lambda")) == len(FUNCTIONS)
    assert watched.count(("Throttles", "AWS/Lambda")) == len(FUNCTIONS)
    assert watched.count(("ApproximateNumberOfMessagesVisible", "AWS/SQS")) == len(QUEUED) + 1
    assert ("Invocations", "AWS/Lambda") in watched


def test_an_alarm_watches_every_scheduled_job() -> None:
    watched = {it["Done"] for it in parse(deploy.template("app"))["Mappings"]["Job"].values()}
    assert watched == {f"JobDone.{name}" for name in _scheduled_jobs()}


def _scheduled_jobs() -> Iterator[str]:
    quarters = [datetime(2026, 11, 20, hour, minute, tzinfo=UTC) for hour in range(24) for minute in (0, 15, 30, 45)]
    for room, manifest in rooms.working().items():
        for name, when in manifest.jobs.items():
            if any(when.is_due(at) for at in quarters):
                yield f"{room}.{name}"


def test_deploying_again_changes_nothing_and_keeps_the_secret(deployed: Deployed, packaged: Path) -> None:
    again = _deploy(deployed.endpoint, packaged)
    assert again == deployed
    assert outputs(_client("cloudformation"), STAGE.app_stack) == deployed.app
