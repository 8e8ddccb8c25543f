"""Build what ships to Lambda: pinned dependencies without ballast, the app, and the template merged by Chalice.

`python -m infra.package` prints the sizes. Everything is made under build/ and can be thrown away.
"""

import os
import shutil
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parent.parent
BUILD = ROOT / "build"
PLATFORM = "x86_64-manylinux_2_28"
"""Lambda's machines: Amazon Linux 2023 on x86_64, as .chalice/config.json says."""
UNZIPPED_BYTES_MAX = 90_000_000

SERVICES = frozenset({"dynamodb", "s3", "sqs", "sesv2", "secretsmanager", "sns", "sts"})
"""What the functions talk to. botocore describes four hundred services, which are most of its weight."""

SOURCES = (".c", ".h", ".pyx", ".pxd", ".pyi")
"""What compilers and type checkers read, and Python never."""


def package(into: Path = BUILD / "package") -> Path:
    """Package the app; gives the folder with deployment.zip and sam.json.

    Raises ValueError when the package is over its limit of size.
    """
    project = BUILD / "project"
    _copy_app(project)
    _install(project / "vendor")
    shutil.rmtree(into, ignore_errors=True)
    chalice = Path(sys.executable).parent / "chalice"
    command = [str(chalice), "package", "--merge-template", str(ROOT / "infra/app.yaml"), str(into)]
    region = os.environ.get("AWS_DEFAULT_REGION", "eu-central-1")
    env = {**os.environ, "AWS_DEFAULT_REGION": region, "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run(command, cwd=project, env=env, check=True, stdout=subprocess.DEVNULL)  # noqa: S603  our own words
    size = sum(sizes(into).values())
    if size > UNZIPPED_BYTES_MAX:
        raise ValueError(f"the package has {size} bytes unzipped, over {UNZIPPED_BYTES_MAX}")
    return into


def sizes(folder: Path = BUILD / "package") -> Counter[str]:
    """Bytes unzipped by the first part of the path."""
    counted: Counter[str] = Counter()
    with zipfile.ZipFile(folder / "deployment.zip") as package:
        for file in package.infolist():
            counted[file.filename.partition("/")[0]] += file.file_size
    return counted


def _copy_app(project: Path) -> None:
    """Only the app: Chalice would ship whatever lies in the folder, compiled leftovers too."""
    ignore = shutil.ignore_patterns("__pycache__", "*.pyc", "deployments", "deployed")
    for name in ("chalicelib", ".chalice"):
        shutil.rmtree(project / name, ignore_errors=True)
        shutil.copytree(ROOT / name, project / name, ignore=ignore)
    shutil.copy(ROOT / "app.py", project)


def _install(vendor: Path) -> None:
    """The pinned dependencies for Lambda's platform, whatever this machine is; kept while the pins stay the same."""
    pins = ROOT / "requirements.txt"
    installed = vendor.parent / "installed.txt"
    if vendor.exists() and installed.exists() and installed.read_bytes() == pins.read_bytes():
        return
    shutil.rmtree(vendor, ignore_errors=True)
    target = ["--target", str(vendor), "--python-version", "3.13", "--python-platform", PLATFORM]
    strict = ["--require-hashes", "--no-deps"]
    subprocess.run([uv(), "pip", "install", "-q", *target, *strict, "-r", str(pins)], check=True)  # noqa: S603  our own words
    _slim(vendor)
    shutil.copy(pins, installed)


def _slim(vendor: Path) -> None:
    data = vendor / "botocore/data"
    for service in data.iterdir():
        if service.is_dir() and service.name not in SERVICES:
            shutil.rmtree(service)
    for leftover in [*vendor.rglob("__pycache__"), vendor / "bin"]:
        shutil.rmtree(leftover, ignore_errors=True)
    for suffix in SOURCES:
        for file in vendor.rglob(f"*{suffix}"):
            file.unlink()


def uv() -> str:
    """uv on the path, or the one that `make setup` brought."""
    return shutil.which("uv") or str(ROOT / ".uv/bin/uv")


def main() -> None:
    folder = package()
    counted = sizes(folder)
    for name, size in counted.most_common(12):
        print(f"{size / 1e6:7.1f} MB  {name}")
    print(f"{sum(counted.values()) / 1e6:7.1f} MB  unzipped, at most {UNZIPPED_BYTES_MAX / 1e6:.0f}")
    print(f"{(folder / 'deployment.zip').stat().st_size / 1e6:7.1f} MB  zipped")


if __name__ == "__main__":
    main()
