"""Clients that public generators make of docs/openapi.json, used against the running installation."""

import json
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from localcloud.cloud import LocalCloud
from tests.engine import ROOT

DOCUMENT = ROOT / "docs/openapi.json"
WEB = ROOT / "web"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The package that openapi-python-client makes."""
    home = tmp_path_factory.mktemp("clients")
    command = [str(Path(sys.executable).with_name("openapi-python-client")), "generate", "--meta", "none"]
    ran = subprocess.run(
        [*command, "--path", str(DOCUMENT), "--output-path", str(home / "made_client")], capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
    assert "unsupported" not in ran.stdout.lower(), ran.stdout
    sys.path.insert(0, str(home))
    yield "made_client"
    sys.path.remove(str(home))


def _call(made: str, cloud: LocalCloud, operation: str, **more: Any) -> Any:
    client = import_module(made).Client(base_url=cloud.origin)
    return import_module(f"{made}.api.{operation}").sync(client=client, **more)


def test_a_python_client_reads_the_towns(made: str, cloud: LocalCloud) -> None:
    assert _call(made, cloud, "towns.towns_list_cities").items == []


def test_a_python_client_knows_a_refusal_by_its_code(made: str, cloud: LocalCloud) -> None:
    models = import_module(f"{made}.models")
    body = models.NewSession.from_dict({"app": "admin", "email": "nikdo@posta.example", "password": "nikdy nikde"})
    refused = _call(made, cloud, "people.people_open_session", body=body)
    assert refused.code == "wrong_email_or_password"
    assert refused.status == 401


def test_the_web_s_types_are_those_of_the_document(tmp_path: Path) -> None:
    command = ["node", str(WEB / "scripts/types.mjs"), str(tmp_path / "schema.d.ts")]
    subprocess.run(command, check=True, capture_output=True)
    assert (tmp_path / "schema.d.ts").read_text() == (WEB / "src/lib/api/schema.d.ts").read_text(), "npm run types"


def test_a_javascript_client_reads_and_is_refused(cloud: LocalCloud) -> None:
    script = f"""
    import createClient from 'openapi-fetch'
    const api = createClient({{ baseUrl: {json.dumps(cloud.origin)} }})
    const towns = await api.GET('/v1/cities')
    const refused = await api.GET('/v1/cities/{{city}}', {{ params: {{ path: {{ city: 'nikde' }} }} }})
    console.log(JSON.stringify([towns.data.items, refused.error.code]))
    """
    ran = subprocess.run(
        ["node", "--input-type=module", "-e", script], cwd=WEB, check=True, capture_output=True, text=True
    )
    assert json.loads(ran.stdout) == [[], "town_unknown"]
