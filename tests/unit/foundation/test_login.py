"""Logging in: password, second factor, lockout, and sessions that outlive the process."""

from typing import Any

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client

from hotline.foundation import django_settings
from tests.factories.foundation import PASSWORD, make_tenant, make_user

pytestmark = pytest.mark.django_db
LOGIN = "/_allauth/browser/v1/auth/login"
SECOND = "/_allauth/browser/v1/auth/2fa/authenticate"


@pytest.fixture(autouse=True)
def _calm() -> None:
    cache.clear()


def _browser() -> Client:
    return Client(headers={"accept-language": "en"})


def _log_in(browser: Client, username: str = "li", password: str = PASSWORD) -> Any:
    return browser.post(LOGIN, {"username": username, "password": password}, content_type="application/json")


def test_the_right_password_opens_a_session() -> None:
    make_user("li", tenant=make_tenant(), role="agent")
    browser = _browser()
    assert _log_in(browser).status_code == 200
    assert browser.get("/api/v1/me").json()["username"] == "li"


def test_passwords_are_kept_with_argon2_and_in_the_product_at_its_full_cost() -> None:
    assert make_user("li").password.startswith("argon2$argon2id$")
    assert django_settings.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]


def test_a_wrong_password_opens_nothing() -> None:
    make_user("li")
    browser = _browser()
    assert _log_in(browser, password="wrong").status_code == 400
    assert browser.get("/api/v1/me").status_code == 401


def test_five_wrong_passwords_lock_out_even_the_right_one() -> None:
    make_user("li")
    answers = [_log_in(_browser(), password="wrong").status_code for _ in range(settings.AXES_FAILURE_LIMIT)]
    assert answers[0] == 400
    answer = _log_in(_browser())
    assert (answer.status_code, answer.json()["code"]) == (429, "login.locked_out")
    assert "15 minutes" in answer.json()["sentence"]


def test_a_lockout_of_one_does_not_touch_another() -> None:
    make_user("li")
    make_user("wang")
    for _ in range(settings.AXES_FAILURE_LIMIT):
        _log_in(_browser(), password="wrong")
    assert _log_in(_browser(), "wang").status_code == 200


def test_with_a_second_factor_the_password_alone_is_not_enough() -> None:
    user = make_user("li")
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    browser = _browser()
    answer = _log_in(browser)
    assert answer.status_code == 401
    assert "mfa_authenticate" in [flow["id"] for flow in answer.json()["data"]["flows"] if flow.get("is_pending")]
    assert browser.get("/api/v1/me").status_code == 401
    right = [format_hotp_value(hotp_value(secret, counter)) for counter in yield_hotp_counters_from_time()]
    wrong = next(code for code in ("000000", "111111", "222222", "333333") if code not in right)
    assert browser.post(SECOND, {"code": wrong}, content_type="application/json").status_code == 400
    assert browser.post(SECOND, {"code": right[0]}, content_type="application/json").status_code == 200
    assert browser.get("/api/v1/me").json()["has_second_factor"] is True


def test_the_second_factors_secret_is_stored_sealed() -> None:
    user = make_user("li")
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    stored = Authenticator.objects.get(user=user).data["secret"]
    assert secret not in stored
    assert get_adapter().decrypt(stored) == secret


def test_a_session_is_kept_in_the_database_and_outlives_the_process() -> None:
    make_user("li")
    browser = _browser()
    _log_in(browser)
    key = browser.cookies[settings.SESSION_COOKIE_NAME].value
    assert Session.objects.filter(session_key=key).exists()
    assert settings.SESSION_ENGINE == "django.contrib.sessions.backends.db"
    after_restart = Client()
    after_restart.cookies[settings.SESSION_COOKIE_NAME] = key
    assert after_restart.get("/api/v1/me").status_code == 200


def test_logging_out_ends_the_session() -> None:
    make_user("li")
    browser = _browser()
    _log_in(browser)
    browser.delete("/_allauth/browser/v1/auth/session")
    assert browser.get("/api/v1/me").status_code == 401


def test_nobody_can_sign_up() -> None:
    body = {"username": "guest", "password": "quiet-river-lantern", "email": "g@example.com"}
    answer = _browser().post("/_allauth/browser/v1/auth/signup", body, content_type="application/json")
    assert answer.status_code == 403


def test_an_unsafe_method_needs_the_csrf_token() -> None:
    make_user("li")
    browser = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    browser.force_login(make_user("wang"), backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = browser.patch("/api/v1/me/preferences", {"text_size": 18}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "session.csrf")


def test_cookies_are_kept_from_scripts_and_from_plain_http() -> None:
    make_user("li")
    browser = _browser()
    _log_in(browser)
    cookie = browser.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["secure"]
    assert cookie["samesite"] == "Lax"


def test_answers_forbid_foreign_scripts_and_frames() -> None:
    answer = _browser().get("/api/v1/me")
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
