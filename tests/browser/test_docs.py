"""The documentation page in a real browser: it shows every operation and loads nothing from elsewhere."""

import json
import shutil
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.support.expected_conditions import visibility_of_element_located
from selenium.webdriver.support.wait import WebDriverWait

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1280,1600",
)
PATIENCE = 30
"""Seconds a page may take to draw; only a failing run waits that long."""

LOOKUP = (By.CSS_SELECTOR, '.opblock-summary-path[data-path="/v1/lookup"]')
LOADED = "return performance.getEntriesByType('resource').map(entry => entry.name)"


def test_the_docs_show_every_operation(docs, server):
    with urllib.request.urlopen(f"{server}/openapi.json") as answer:  # noqa: S310 — an address of the server under test
        described = json.load(answer)["paths"]

    drawn = [item.get_attribute("data-path") for item in docs.find_elements(By.CLASS_NAME, "opblock-summary-path")]

    assert sorted(drawn) == sorted(path for path, operations in described.items() for _ in methods(operations))


def test_an_operation_opens_and_names_its_parameters(docs):
    docs.find_element(*LOOKUP).click()

    q = (By.CSS_SELECTOR, 'tr[data-param-name="q"]')
    assert WebDriverWait(docs, PATIENCE).until(visibility_of_element_located(q)).is_displayed()


def test_the_browser_has_nothing_severe_to_say(docs):
    assert [entry for entry in docs.get_log("browser") if entry["level"] == "SEVERE"] == []


def test_everything_comes_from_the_server_itself(docs, server):
    loaded = [urlsplit(address).netloc for address in docs.execute_script(LOADED)]

    assert loaded
    assert set(loaded) == {urlsplit(server).netloc}


def methods(operations: dict) -> list[str]:
    return [name for name in operations if name in ("get", "put", "post", "patch", "delete")]


@pytest.fixture
def docs(browser: WebDriver, server: str) -> WebDriver:
    browser.get(f"{server}/docs")
    WebDriverWait(browser, PATIENCE).until(visibility_of_element_located(LOOKUP))
    return browser


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebDriver]:
    profile: Path = tmp_path_factory.mktemp("profile")
    chosen = webdriver.ChromeOptions()
    chosen.binary_location = shutil.which("chromium") or ""
    chosen.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    for flag in (*FLAGS, f"--user-data-dir={profile}"):
        chosen.add_argument(flag)
    driver = webdriver.Chrome(chosen, Service(shutil.which("chromedriver")))
    try:
        yield driver
    finally:
        driver.quit()
