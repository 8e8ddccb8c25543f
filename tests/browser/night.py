"""The night after the journey's day, come early: everything written so far is sealed.

`python -m tests.browser.night`; the environment says where the installation is.
"""

from chalicelib.core.clock import today
from chalicelib.watch.audit import service as audit
from tests.browser.cast import CITY

if __name__ == "__main__":
    audit.seal(CITY, today())
