"""Which paths of the site are files, and which are pages of an app."""

import pytest

from infra import site
from infra.edge import page_of


@pytest.mark.parametrize("id", ["2026.05.1", "a.b", "x.y.z", "9.js9", ".", "prijemka.2026"])
def test_a_link_to_something_whose_id_has_a_dot_opens_the_app(id: str) -> None:
    assert page_of(f"/admin/modrinov/vyplaty/{id}") == "/admin/index.html"


@pytest.mark.parametrize("ending", [*site._TYPES, ".png", ".ico", ".txt", ".xml", ".map"])
def test_what_the_build_makes_is_a_file(ending: str) -> None:
    assert page_of(f"/assets/app-1a2b{ending}") == f"/assets/app-1a2b{ending}"


def test_every_file_of_the_build_has_an_ending_that_the_edge_knows() -> None:
    for path, _ in site.files():
        assert page_of(f"/{path}") == f"/{path}"
