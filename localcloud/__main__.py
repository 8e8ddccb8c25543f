"""`python -m localcloud`, which `make run` calls: start the local cloud, say where it is, stay until Ctrl-C."""

import os
import signal
import sys
import threading
import time
from pathlib import Path

from localcloud import start_page
from localcloud.cloud import DEFAULT_PORT, AlreadyRunning, DidNotStart, LocalCloud
from localcloud.processes import ROOT

WATCH_SECONDS = 0.5


def main() -> int:
    began = time.monotonic()
    stopping = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, lambda *_: stopping.set())
    cloud = LocalCloud(Path(os.environ.get("DATA_DIR", ROOT / ".data")).resolve())
    try:
        cloud.start(int(os.environ.get("PORT", DEFAULT_PORT)), demo=os.environ.get("DEMO", "1") != "0", say=_say)
        _say_where(cloud, time.monotonic() - began)
        return _watch(cloud, stopping)
    except AlreadyRunning:
        _say("V tomto adresáři už místní cloud běží. Ukončete ho (Ctrl-C), nebo zvolte jiný adresář: DATA_DIR=…")
        return 1
    except DidNotStart as fault:
        _say(str(fault))
        return 1
    finally:
        cloud.stop()


def _watch(cloud: LocalCloud, stopping: threading.Event) -> int:
    while not stopping.wait(WATCH_SECONDS):
        if ended := cloud.ended():
            _say(f"Proces {ended.name} skončil sám; proč, říká {ended.log}")
            return 1
    _say("Ukončuji")
    return 0


def _say_where(cloud: LocalCloud, seconds: float) -> None:
    _say(f"\nAktivní město běží na {cloud.origin}  (za {seconds:.1f} s)\n")
    for path, name in start_page.PLACES:
        _say(f"  {cloud.origin}{path:<9} {name}")
    if not cloud.durable:
        _say("\nPOZOR: pro tento počítač není dynoxide. DynamoDB drží ministack v paměti a při pádu vše zapomene.")
    _say(f"\nJako kdo se přihlásit: {cloud.origin}/start · Konec: Ctrl-C")


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
