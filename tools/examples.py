"""docs/examples.json: of each operation a request and its answer, as the small town's story sends it through the doors.

`python -m tools.docs` writes it, and puts it into docs/openapi.json; tests/house/test_examples.py holds it to the doors.
"""

import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

EXAMPLES = Path(__file__).parent.parent / "docs/examples.json"


@cache
def known() -> dict[str, dict[str, Any]]:
    """Operation → parameters by name, body and answer; what it does not have is left out."""
    found: dict[str, dict[str, Any]] = json.loads(EXAMPLES.read_text()) if EXAMPLES.exists() else {}
    return found


def write() -> None:
    """Tell the story and keep what was sent. Takes an engine and a local S3 of its own for some seconds."""
    from bench._ground import ground, objects
    from tests.house.small_town import tell
    from tests.house.telling import examples, telling

    with ground(fresh=False), TemporaryDirectory() as home, objects(Path(home)), telling(Path(home)) as book:
        tell(book, Path(home))
        EXAMPLES.write_text(examples(book))
    known.cache_clear()
