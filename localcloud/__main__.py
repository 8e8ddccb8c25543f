"""`python -m localcloud`, which `make run` calls: start the local cloud, say where it is, stay until Ctrl-C."""

import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

from localcloud import start_page
from localcloud.cloud import DEFAULT_PORT, AlreadyRunning, DidNotStart, LocalCloud
from localcloud.processes import ROOT

WATCH_SECONDS = 0.5
ASKED_AGAIN_SECONDS = 1


class _Stopped(BaseException):
    """Somebody wants us to end: at any moment, also in the middle of the start."""


def main() -> int:
    began = time.monotonic()
    _on_signals(_stop)
    cloud = LocalCloud(Path(os.environ.get("DATA_DIR", ROOT / ".data")).resolve())
    try:
        cloud.start(int(os.environ.get("PORT", DEFAULT_PORT)), demo=os.environ.get("DEMO", "1") != "0", say=_say)
        _say_where(cloud, time.monotonic() - began)
        return _watch(cloud)
    except _Stopped:
        _say("Ukončuji")
        return 0
    except AlreadyRunning:
        _say("V tomto adresáři už místní cloud běží. Ukončete ho (Ctrl-C), nebo zvolte jiný adresář: DATA_DIR=…")
        return 1
    except DidNotStart as fault:
        _say(str(fault))
        return 1
    finally:
        _on_signals(signal.SIG_IGN)
        signal.alarm(0)
        cloud.stop()


def _on_signals(what: Any) -> None:
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGALRM):
        signal.signal(name, what)


def _stop(*_: object) -> None:
    """Python swallows what is raised while a process forks: the alarm asks again until somebody hears."""
    signal.alarm(ASKED_AGAIN_SECONDS)
    raise _Stopped


def _watch(cloud: LocalCloud) -> int:
    while True:
        time.sleep(WATCH_SECONDS)
        if ended := cloud.ended():
            _say(f"Proces {ended.name} skončil sám; proč, říká {ended.log}")
            return 1


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
