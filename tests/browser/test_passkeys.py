"""A passkey in a real browser, with the browser's virtual authenticator: added, and signing in."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import made_once
from tests.browser import conftest as browsing

pytestmark = pytest.mark.browser
EMAIL, PASSWORD = "passkeys@example.org", "a long enough password"
KEY = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
    "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture
def page(demonstration: Path, browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """Of an officer who is a person and no demonstration, under a name that passkeys can have."""
    data = tmp_path / "data"
    shutil.copytree(demonstration, data)
    command = ["open_account", EMAIL, "--name", "Officer", "--role", "officer"]
    subprocess.run([*browsing.MANAGE, *command], env=made_once.surroundings(data), text=True,
                   input=f"{PASSWORD}\n", cwd=browsing.ROOT, check=True)  # fmt: skip
    with browsing._served(data, browser) as portal:
        here = portal.url.replace("127.0.0.1", "localhost")
        window = browser.new_context(base_url=here)
        page = window.new_page()
        page.set_default_timeout(20_000)
        yield page
        window.close()


def sign_in_by_password(page: Page) -> None:
    page.goto("/sign-in/")
    page.fill("#id_username", EMAIL)
    page.fill("#id_password", PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_a_passkey_is_added_and_signs_in_alone_and_as_second_factor(page: Page) -> None:
    errors: list[str] = []
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    keys = page.context.new_cdp_session(page)
    keys.send("WebAuthn.enable")
    key = keys.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})["authenticatorId"]
    sign_in_by_password(page)
    expect(page).to_have_url(re.compile("/my-security/$"))
    page.get_by_role("link", name="Add a passkey").click()
    expect(page.get_by_text("This browser knows no passkeys")).to_be_hidden()
    page.get_by_label("Name of the passkey").fill("Laptop")
    page.get_by_role("button", name="Add it").click()
    expect(page).to_have_url(re.compile("/my-security/recovery-codes/$"))
    expect(page.locator("main li code")).to_have_count(10)
    kept = keys.send("WebAuthn.getCredentials", {"authenticatorId": key})["credentials"]
    assert [(one["rpId"], one["isResidentCredential"]) for one in kept] == [("localhost", True)]

    sign_out(page)
    page.goto("/sign-in/?next=/my-settings/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_url(re.compile(r":\d+/my-settings/$"))  # the form's address ends so too

    sign_out(page)
    sign_in_by_password(page)
    expect(page).to_have_url(re.compile("/sign-in/second-factor/$"))
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.locator(".site-navigation")).to_be_visible()

    sign_out(page)
    keys.send("WebAuthn.clearCredentials", {"authenticatorId": key})
    page.goto("/sign-in/")
    assert errors == []  # the Content-Security-Policy lets all of it run
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("The passkey was not used.")).to_be_visible()


def sign_out(page: Page) -> None:
    page.locator(".menu summary", has_text="Signed in as").click()
    page.get_by_role("button", name="Sign out").first.click()
    expect(page).to_have_url(re.compile("/sign-in/$"))
