"""The whole as `make run` starts it: what it keeps through a kill, and that it leaves nothing behind."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from localcloud import resources
from localcloud.__main__ import _say_where
from localcloud.cloud import running
from localcloud.processes import ROOT, free_port
from localcloud.resources import client

START_SECONDS_MAX = 180
USABLE_AGAIN_SECONDS_MAX = 10
GONE_SECONDS_MAX = 60
TABLE = "aktivni-mesto-local"
BUCKET = "aktivni-mesto-local-documents-000000000000"


class Run:
    """`python -m localcloud` in a folder of its own."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.port = free_port()
        began = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "localcloud"],
            cwd=ROOT,
            env={**os.environ, "DATA_DIR": str(data), "PORT": str(self.port), "DEMO": "0"},
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        try:
            self.wait()
        except AssertionError:
            self.kill(signal.SIGTERM)
            raise
        self.seconds = time.monotonic() - began
        self.pids = [self.process.pid, *_descendants(self.process.pid)]

    def wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS_MAX
        while time.monotonic() < deadline:
            try:
                if httpx.get(f"http://127.0.0.1:{self.port}/v1/cities").status_code == 200:
                    return
            except httpx.HTTPError:
                time.sleep(0.05)
        raise AssertionError("the local cloud did not start")

    def endpoint(self, name: str) -> str:
        ports = json.loads((self.data / "ports.json").read_text())
        return f"http://127.0.0.1:{ports[name]}"

    def kill(self, how: signal.Signals) -> None:
        self.process.send_signal(how)
        self.process.wait(GONE_SECONDS_MAX)

    def alive(self) -> list[str]:
        return [_command(pid) for pid in self.pids if _command(pid)]


def _descendants(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [each for child in children for each in (int(child), *_descendants(int(child)))]


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def _gone(run: Run) -> bool:
    deadline = time.monotonic() + GONE_SECONDS_MAX
    while run.alive() and time.monotonic() < deadline:
        time.sleep(0.05)
    return not run.alive()


@pytest.fixture
def runs(tmp_path: Path) -> Iterator[list[Run]]:
    started: list[Run] = []
    yield started
    for run in started:
        if run.process.poll() is None:
            run.kill(signal.SIGTERM)


def test_sigterm_and_ctrl_c_leave_nothing_behind(tmp_path: Path, runs: list[Run]) -> None:
    for how in (signal.SIGTERM, signal.SIGINT):
        run = Run(tmp_path / "data")
        runs.append(run)
        assert len(run.pids) >= 5
        run.kill(how)
        assert _gone(run), run.alive()
        assert run.process.returncode == 0


def test_a_killed_run_leaves_no_process_and_loses_no_data(tmp_path: Path, runs: list[Run]) -> None:
    first = Run(tmp_path / "data")
    runs.append(first)
    dynamodb = client("dynamodb", first.endpoint("dynamodb"))
    dynamodb.put_item(TableName=TABLE, Item={"PK": {"S": "modrinov#X#1"}, "SK": {"S": "A"}})
    client("s3", first.endpoint("aws")).put_object(Bucket=BUCKET, Key="vouchers/1.pdf", Body=b"%PDF")
    secret = client("secretsmanager", first.endpoint("aws")).get_secret_value(SecretId="aktivni-mesto/local/pepper")
    first.kill(signal.SIGKILL)
    assert _gone(first), first.alive()

    second = Run(tmp_path / "data")
    runs.append(second)
    assert second.seconds < USABLE_AGAIN_SECONDS_MAX * _busy()
    _check_kept(second, secret["SecretString"])


def test_a_power_cut_loses_no_data(tmp_path: Path, runs: list[Run]) -> None:
    first = Run(tmp_path / "data")
    runs.append(first)
    dynamodb = client("dynamodb", first.endpoint("dynamodb"))
    dynamodb.put_item(TableName=TABLE, Item={"PK": {"S": "modrinov#X#1"}, "SK": {"S": "A"}})
    client("s3", first.endpoint("aws")).put_object(Bucket=BUCKET, Key="vouchers/1.pdf", Body=b"%PDF")
    secret = client("secretsmanager", first.endpoint("aws")).get_secret_value(SecretId="aktivni-mesto/local/pepper")
    for pid in first.pids:
        os.kill(pid, signal.SIGKILL)
    first.process.wait()
    assert _gone(first), first.alive()

    second = Run(tmp_path / "data")
    runs.append(second)
    _check_kept(second, secret["SecretString"])


def _busy() -> float:
    """How many times slower everything is than on a machine with nothing else to do; 1 at least."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def _check_kept(run: Run, secret: str) -> None:
    key = {"PK": {"S": "modrinov#X#1"}, "SK": {"S": "A"}}
    assert client("dynamodb", run.endpoint("dynamodb")).get_item(TableName=TABLE, Key=key)["Item"] == key
    kept = client("s3", run.endpoint("aws")).get_object(Bucket=BUCKET, Key="vouchers/1.pdf")
    assert kept["Body"].read() == b"%PDF"
    again = client("secretsmanager", run.endpoint("aws")).get_secret_value(SecretId="aktivni-mesto/local/pepper")
    assert again["SecretString"] == secret


def test_it_can_be_ended_in_the_middle_of_the_start(tmp_path: Path) -> None:
    env = {**os.environ, "DATA_DIR": str(tmp_path), "PORT": "0"}
    process = subprocess.Popen(
        [sys.executable, "-m", "localcloud"], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    for line in process.stdout:
        if "Plním ukázková data" in line:
            break
    pids = _descendants(process.pid)
    process.send_signal(signal.SIGINT)
    assert process.wait(GONE_SECONDS_MAX) == 0
    assert [pid for pid in pids if _command(pid)] == []


def test_a_second_run_in_the_same_folder_is_refused_and_the_first_goes_on(tmp_path: Path, runs: list[Run]) -> None:
    first = Run(tmp_path / "data")
    runs.append(first)
    second = subprocess.run(
        [sys.executable, "-m", "localcloud"],
        cwd=ROOT,
        env={**os.environ, "DATA_DIR": str(first.data), "DEMO": "0"},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert second.returncode == 1
    assert "už místní cloud běží" in second.stdout
    assert httpx.get(f"http://127.0.0.1:{first.port}/v1/cities").status_code == 200


def test_a_changed_template_reaches_the_functions_of_an_installation_that_exists(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(tmp_path / "data") as cloud:
        assert "NEW_SETTING" not in cloud.environment
    read = resources._read

    def changed(name: str) -> str:
        return read(name).replace(
            "        LOG_LEVEL: INFO\n", "        LOG_LEVEL: DEBUG\n        NEW_SETTING: !Ref Stage\n"
        )

    monkeypatch.setattr(resources, "_read", changed)
    with running(tmp_path / "data") as cloud:
        assert cloud.environment["LOG_LEVEL"] == "DEBUG"
        assert cloud.environment["NEW_SETTING"] == resources.STAGE


def test_where_dynoxide_is_missing_ministack_serves_and_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("localcloud.cloud.DYNOXIDE", tmp_path / "none")
    with running(tmp_path / "data") as cloud:
        assert cloud.environment["AWS_ENDPOINT_URL_DYNAMODB"] == cloud.environment["AWS_ENDPOINT_URL"]
        assert httpx.get(f"{cloud.origin}/v1/cities", timeout=60).json()["items"] == []
        _say_where(cloud, 1.0)
    assert "vše zapomene" in capsys.readouterr().out
