"""How long a new container takes: `import app`, and the first request after it, against their floors.

Whole processes in turn, medians of many. The import is measured in CPU time: it waits for nothing, and machines are noisy.
Floor of the import: chalice, boto3 and one DynamoDB client. Floor of the first request: a first GetItem by bare boto3
in a fresh process, with boto3 imported: each makes its client; ours also imports the room it enters. Bytecode is compiled by an unmeasured first round.
"""

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.engine import engine, make_table

ROOT = Path(__file__).parent.parent
ROUNDS = int(os.environ.get("ROUNDS", "31"))
IMPORT_RATIO_MAX = 1.4
FIRST_REQUEST_RATIO_MAX = 1.3

FLOOR_IMPORT = "import chalice, boto3; boto3.client('dynamodb')"
OUR_IMPORT = "import app; from chalicelib.core.aws import client; client('dynamodb')"
CLOCK = "import time, sys\nt = time.process_time()\n{code}\nsys.stdout.write(str(time.process_time() - t))"

FLOOR_REQUEST = """
import time, sys, boto3
from botocore.config import Config
t = time.perf_counter()
client = boto3.client('dynamodb', config=Config(retries={'total_max_attempts': 1}))
client.get_item(TableName='bench-table', Key={'PK': {'S': 'x'}, 'SK': {'S': 'y'}})
sys.stdout.write(str(time.perf_counter() - t))
"""
OUR_REQUEST = """
import time, sys
import app
event = {
    'requestContext': {'resourcePath': '/v1/{proxy+}', 'httpMethod': 'GET', 'identity': {'sourceIp': '127.0.0.1'}, 'path': '/v1/cities/bench'},
    'headers': {}, 'multiValueQueryStringParameters': None, 'pathParameters': {'proxy': 'cities/bench'}, 'body': None,
    'isBase64Encoded': False, 'stageVariables': None,
}
t = time.perf_counter()
answer = app.app(event, None)
took = time.perf_counter() - t
assert answer['statusCode'] == 404, answer
sys.stdout.write(f'\\n{took}')
"""


def _seconds(code: str, env: dict[str, str]) -> float:
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    return float(done.stdout.splitlines()[-1])


def _ratio(floor: str, ours: str, env: dict[str, str]) -> tuple[float, float, float]:
    pairs = [(_seconds(floor, env), _seconds(ours, env)) for _ in range(ROUNDS + 1)][1:]
    base, own = (statistics.median(column) for column in zip(*pairs, strict=True))
    return own / base, base, own


def main() -> int:
    with engine() as endpoint, tempfile.TemporaryDirectory() as cache:
        os.environ.update(
            AWS_ENDPOINT_URL_DYNAMODB=endpoint,
            AWS_ACCESS_KEY_ID="local",
            AWS_SECRET_ACCESS_KEY="local",
            AWS_DEFAULT_REGION="eu-central-1",
            TABLE_NAME="bench-table",
        )
        make_table("bench-table")
        env = dict(os.environ, PYTHONPATH=str(ROOT), PYTHONPYCACHEPREFIX=cache)
        env.pop("PYTHONDONTWRITEBYTECODE", None)
        imported = _ratio(CLOCK.format(code=FLOOR_IMPORT), CLOCK.format(code=OUR_IMPORT), env)
        first = _ratio(FLOOR_REQUEST, OUR_REQUEST, env)
    for name, (ratio, base, own), most in (
        ("import app", imported, IMPORT_RATIO_MAX),
        ("first request", first, FIRST_REQUEST_RATIO_MAX),
    ):
        mark = "ok" if ratio <= most else "OVER"
        sys.stdout.write(
            f"{name:15} {ratio:5.2f} x floor (limit {most}) {mark}   {own * 1000:.0f} ms / {base * 1000:.0f} ms\n"
        )
    return int(imported[0] > IMPORT_RATIO_MAX or first[0] > FIRST_REQUEST_RATIO_MAX)


if __name__ == "__main__":
    raise SystemExit(main())
