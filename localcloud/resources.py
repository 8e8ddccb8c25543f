"""The local resources, made from the templates that AWS gets: the table in dynoxide, the rest by CloudFormation."""

import hashlib
import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3

from infra.keys import Secret, kept_secret, public_keys
from infra.stacks import WAIT_LOCALLY, apply, parse
from localcloud.processes import KEYS, ROOT

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

INFRA = Path(__file__).parent.parent / "infra"
REGION = "eu-central-1"
STAGE = "local"
DATA_STACK, APP_STACK = "aktivni-mesto-local-data", "aktivni-mesto-local"
MAIL_DOMAIN = "aktivni-mesto.example"
LOCAL_TYPES = frozenset({"AWS::SQS::Queue", "AWS::SES::EmailIdentity"})
"""Of the application's template: its functions run in our own processes, and nobody looks at local alarms."""


@dataclass(frozen=True)
class Engines:
    """Where the local AWS answers. `dynamodb` is the same as `aws` where dynoxide is missing."""

    aws: str
    dynamodb: str

    @property
    def environment(self) -> dict[str, str]:
        return {
            "AWS_ENDPOINT_URL": self.aws,
            "AWS_ENDPOINT_URL_DYNAMODB": self.dynamodb,
            "AWS_ENDPOINT_URL_DYNAMODB_STREAMS": self.dynamodb,
            **KEYS,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
        }


def client(service: Any, endpoint: str) -> Any:
    return boto3.client(
        service,
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id=KEYS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=KEYS["AWS_SECRET_ACCESS_KEY"],
    )


def make(engines: Engines, origin: str, secret: Secret, data: Path) -> dict[str, str]:
    """Make what is missing and change what the templates changed; gives the functions' environment."""
    cloudformation = client("cloudformation", engines.aws)
    stage = {"Stage": STAGE, "Origin": origin}
    made = apply(cloudformation, DATA_STACK, stage, body=_read("data"), wait=WAIT_LOCALLY)
    if engines.dynamodb != engines.aws:
        make_table(client("dynamodb", engines.dynamodb), data / "dynamodb.sqlite")
    kept_secret(client("secretsmanager", engines.aws), made, first=secret)
    _leave_the_mail_sandbox(engines.aws)
    parameters = {
        **stage,
        "DataStack": DATA_STACK,
        "OriginSecret": secret["origin_secret"],
        "AccessPublicKeys": public_keys(secret),
        "MailDomain": MAIL_DOMAIN,
        "CompanyRegister": str(ROOT / "localcloud/companies.json"),
        "AlarmEmail": f"provoz@{MAIL_DOMAIN}",
    }
    template = local_part(parse(_read("app")), version=_digest(fingerprint(), parameters))
    outputs = apply(cloudformation, APP_STACK, parameters, body=json.dumps(template), wait=WAIT_LOCALLY)
    variables = template["Metadata"]["Environment"]
    return {**engines.environment, **{name: outputs[key] for key, name in variables.items()}}


def fingerprint() -> str:
    """Changes with the templates."""
    return _digest(_read("data"), _read("app"))


def _digest(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def local_part(template: dict[str, Any], version: str) -> dict[str, Any]:
    """The application's template without what only AWS runs. The functions' environment becomes its outputs.

    ministack makes no change where only outputs changed, so a resource without effect carries the version in its name.
    """
    api = template["Resources"]["APIHandler"]["Properties"]["Environment"]["Variables"]
    variables: Mapping[str, Any] = template["Globals"]["Function"]["Environment"]["Variables"] | api
    names = {name.replace("_", ""): name for name in variables}
    resources = {name: it for name, it in template["Resources"].items() if _is_local(it)}
    return {
        "AWSTemplateFormatVersion": template["AWSTemplateFormatVersion"],
        "Transform": ["AWS::LanguageExtensions"],
        "Metadata": {"Environment": names},
        "Parameters": template["Parameters"],
        "Conditions": template["Conditions"],
        "Resources": {**resources, f"Version{version[:16]}": {"Type": "AWS::CloudFormation::WaitConditionHandle"}},
        "Outputs": {key: {"Value": _text(variables[name])} for key, name in names.items()},
    }


def _is_local(resource: Any) -> bool:
    """A loop (`Fn::ForEach`) is a list: identifier, collection, and what it repeats."""
    repeated = resource[2].values() if isinstance(resource, list) else [resource]
    return all(each.get("Type") in LOCAL_TYPES for each in repeated)


def _text(value: Any) -> Any:
    return str(value) if isinstance(value, int) else value


def make_table(dynamodb: "DynamoDBClient", database: Path) -> str:
    """The table of infra/data.yaml, as CloudFormation would make it; gives its name."""
    wanted = parse(_read("data"))["Resources"]["Table"]["Properties"]
    name: str = wanted["TableName"]["Fn::Sub"].replace("${Stage}", STAGE)
    if name in dynamodb.list_tables()["TableNames"]:
        return name
    copied = ("BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "DeletionProtectionEnabled")
    view = wanted["StreamSpecification"]["StreamViewType"]
    dynamodb.create_table(
        TableName=name,
        StreamSpecification={"StreamEnabled": True, "StreamViewType": view},
        **{key: wanted[key] for key in copied},
    )
    ttl = wanted["TimeToLiveSpecification"]
    dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification=ttl)
    _index_the_stream(database)
    return name


def _index_the_stream(database: Path) -> None:
    """Every write asks dynoxide for the last number of the stream; without this index it reads the whole stream."""
    with sqlite3.connect(database, timeout=10) as connection:
        connection.execute(
            "CREATE INDEX IF NOT EXISTS stream_by_number"
            " ON _stream_records (table_name, CAST(sequence_number AS INTEGER))"
        )
    connection.close()


def _leave_the_mail_sandbox(endpoint: str) -> None:
    """On AWS somebody asks support for it; a sandbox sends only to verified addresses."""
    client("sesv2", endpoint).put_account_details(
        MailType="TRANSACTIONAL",
        WebsiteURL=f"https://{MAIL_DOMAIN}",
        UseCaseDescription="Mail of the local installation",
        ProductionAccessEnabled=True,
    )


def _read(name: str) -> str:
    return (INFRA / f"{name}.yaml").read_text()
