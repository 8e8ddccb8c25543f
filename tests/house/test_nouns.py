"""A noun does not change once it is made: money that was read, counted or signed is what it was."""

from dataclasses import is_dataclass
from importlib import import_module

from tools.docs import ROOT, load_rooms

CHANGES = {
    "chalicelib.audit.model.Tally",
    "chalicelib.audit.rebuilding.Rebuilt",
    "chalicelib.bank.faults.Faults",
    "chalicelib.payouts.statements._Known",
}
"""Those that are meant to: what is gathered while it is worked on."""


def test_every_noun_is_frozen() -> None:
    load_rooms()
    modules = [
        import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        for path in sorted((ROOT / "chalicelib").rglob("*.py"))
        if path.name != "__init__.py"
    ]
    loose = {
        f"{one.__module__}.{one.__qualname__}"
        for module in modules
        for one in vars(module).values()
        if isinstance(one, type) and is_dataclass(one) and one.__module__ == module.__name__
        if not one.__dataclass_params__.frozen and not issubclass(one, Exception)  # type: ignore[attr-defined]
    }
    assert loose == CHANGES
