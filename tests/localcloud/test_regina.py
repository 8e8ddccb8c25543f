"""Regina runs beside the local cloud as a town would run it: its own process, its own keys, over HTTP."""

import time
from pathlib import Path

from localcloud import regina
from localcloud.cloud import running
from regina.config import load

TOWN = regina.Town("modrinov", "999001")
ASKED_SECONDS_MAX = 30


def test_a_town_s_keys_are_made_once_and_stay(tmp_path: Path) -> None:
    first = regina.install(tmp_path, TOWN, "http://localhost:1")
    assert first["kid"]
    assert first["public_key"]
    assert regina.install(tmp_path, TOWN, "http://localhost:2") == first
    keys = regina.folder_of(tmp_path, TOWN.city) / "keys"
    assert {path.stat().st_mode & 0o077 for path in keys.iterdir()} == {0}


def test_keys_of_a_first_run_that_was_killed_are_made_again(tmp_path: Path) -> None:
    first = regina.install(tmp_path, TOWN, "http://localhost:1")
    (regina.folder_of(tmp_path, TOWN.city) / "public-key.json").unlink()
    assert regina.install(tmp_path, TOWN, "http://localhost:1") != first


def test_a_city_part_is_written_for_towns_that_serve_one(tmp_path: Path) -> None:
    regina.install(tmp_path, regina.Town("vranohrad-podlesi", "999002", "999021"), "http://localhost:1")
    ((city, settings),) = regina.installed(tmp_path)
    config = load(settings)
    assert city == config.city == "vranohrad-podlesi"
    assert (config.area.municipality_code, config.area.city_part_code) == ("999002", "999021")


def test_regina_is_told_where_the_cloud_is_now_and_asks_it(tmp_path: Path) -> None:
    regina.install(tmp_path, TOWN, "http://localhost:1")
    (regina.folder_of(tmp_path, TOWN.city) / "registry.jsonl").write_text("")
    with running(tmp_path) as cloud:
        ((_, settings),) = regina.installed(tmp_path)
        assert load(settings).url == cloud.origin
        process = cloud.processes[-1]
        assert process.name == "regina-modrinov"
        # The town is not in the table, so the cloud refuses the key: Regina has reached it, and goes on asking.
        deadline = time.monotonic() + ASKED_SECONDS_MAX
        while "refused" not in process.log.read_text().lower() and time.monotonic() < deadline:
            time.sleep(0.1)
        assert "refused" in process.log.read_text().lower()
        assert not process.ended()
