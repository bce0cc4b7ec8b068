"""Which page of the front end is served where: the application's, or the light one of chats and web forms."""

from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings


@pytest.fixture
def browser(settings: Settings, tmp_path: Path) -> Client:
    settings.FRONT_END_DIR = tmp_path
    (tmp_path / "index.html").write_text("the application")
    (tmp_path / "visitor.html").write_text("the public page")
    return Client()


@pytest.mark.parametrize("path", ["/chat/water", "/form/leaks", "/chat/water/"])
def test_a_visitor_gets_the_light_page_without_a_log_in(browser: Client, path: str) -> None:
    answer = browser.get(path)
    assert (answer.status_code, answer.content) == (200, b"the public page")
    assert answer["Cache-Control"] == "no-cache"
    assert "default-src 'self'" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/", "/desk", "/chatter", "/forms", "/admin/entry-points"])
def test_every_other_address_is_the_applications(browser: Client, path: str) -> None:
    assert browser.get(path).content == b"the application"


def test_pages_are_found_by_their_addresses_only(browser: Client) -> None:
    assert browser.get("/visitor.html").status_code == 404
