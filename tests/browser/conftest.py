"""A real browser (Chromium, driven by Playwright) on the real server over the real graph.

Without Chromium the tests are skipped, except in CI, which installs it. Screenshots are kept in tests/browser/artefacts.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, sync_playwright

from tests.conftest import ROOT
from tests.service.conftest import serving
from tests.web.conftest import load_builder

ARTEFACTS = Path(__file__).parent / "artefacts"
_CHROMIUM = "/usr/bin/chromium"
_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync",
]


@dataclass
class Visit:
    """A page in a browser context of its own, and what went over the wire and the console for it."""

    page: Page
    base: str
    complaints: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    transferred: dict[str, int] = field(default_factory=dict)
    allowed: set[int] = field(default_factory=set)

    def go(self, path: str) -> Page:
        """Open an address of this server and wait until its islands stand."""
        answer = self.page.goto(self.base + path)
        assert answer
        assert answer.status < 400 or answer.status in self.allowed, f"{path}: {answer.status}"
        self.islands()
        return self.page

    def islands(self) -> None:
        """Wait until the islands in view have been mounted; one that failed is a complaint."""
        if self.page.evaluate("document.documentElement.dataset.nojs") or not self.page.locator("script[src*=islands]").count():
            return
        self.page.wait_for_function(
            """() => [...document.querySelectorAll('[data-island]')].every(e => e.dataset.islandReady
                 || e.getBoundingClientRect().top > innerHeight + 60 || !e.getClientRects().length)""",
            timeout=10_000,
        )

    def settle(self) -> None:
        """Scroll through the whole page, so that everything that waits to be seen is there, and back to the top."""
        self.page.evaluate(
            """async () => { for (let y = 0; y < document.body.scrollHeight; y += innerHeight) { scrollTo(0, y); await new Promise(requestAnimationFrame) }
                 scrollTo(0, 0) }"""
        )
        self.page.wait_for_function("() => [...document.querySelectorAll('script[src*=islands]')].length === 0 || "
                                    "[...document.querySelectorAll('[data-island]')].every(e => e.dataset.islandReady || !e.getClientRects().length)")

    def shot(self, name: str) -> None:
        """Keep a picture of the page, of the longest the beginning."""
        ARTEFACTS.mkdir(exist_ok=True)
        size: dict[str, int] = self.page.evaluate("({width: innerWidth, height: Math.min(document.documentElement.scrollHeight, 5000)})")
        self.page.screenshot(
            path=ARTEFACTS / f"{name}.png", full_page=True, animations="disabled", caret="initial", clip={"x": 0, "y": 0, "width": size["width"], "height": size["height"]},
        )

    def axe(self, *rules: str) -> list[str]:
        """What axe finds serious or critical, a line each; by these rules only, or by all of WCAG 2.2 AA and its good practices."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(_axe())
        tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
        found: dict[str, Any] = self.page.evaluate(
            "only => axe.run(document, {runOnly: only, resultTypes: ['violations']})",
            {"type": "rule", "values": list(rules)} if rules else {"type": "tag", "values": tags},
        )
        return [
            f"{v['impact']} {v['id']}: {n['target']} {(n.get('failureSummary') or '').splitlines()[1:2]}"
            for v in found["violations"] if v["impact"] in ("serious", "critical") for n in v["nodes"][:5]
        ]


Open = Callable[..., Any]


@pytest.fixture(scope="package")
def site(real_build: Path) -> Iterator[httpx.Client]:
    """The server, with the islands built; without Node they cannot be, and the tests that need them skip."""
    builder = load_builder()
    if not builder.fresh() and builder.node() is not None:
        builder.build()
    with serving(real_build) as client:
        yield client


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium. Not for the whole session: its event loop would be in the way of other tests' loops."""
    path = os.environ.get("AVVN_CHROMIUM") or (_CHROMIUM if Path(_CHROMIUM).exists() else shutil.which("chromium"))
    if not path:
        if os.environ.get("CI"):
            pytest.fail("the browser tests must run in CI, and there is no Chromium (see .ci/run)")
        pytest.skip("no Chromium: install Debian's package chromium, or set AVVN_CHROMIUM")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def visit(site: httpx.Client, browser: Browser) -> Open:
    """``with visit(lang="en", width=360, dark=True, js=False) as v``: a visit that ends without complaint or not at all."""
    base = str(site.base_url).rstrip("/")

    @contextmanager
    def opened(
        *, lang: str = "nl", width: int = 1280, height: int = 900, dark: bool = False, js: bool = True, allowed: tuple[int, ...] = (),
    ) -> Iterator[Visit]:
        context = browser.new_context(
            locale=lang, viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light", java_script_enabled=js,
            reduced_motion="reduce",
        )
        context.set_default_timeout(10_000)
        page = context.new_page()
        found = Visit(page, base, allowed=set(allowed))

        def said(message: ConsoleMessage) -> None:
            if message.type in ("error", "warning") and not any(f"status of {status}" in message.text for status in allowed):
                found.complaints.append(f"{message.type}: {message.text}")

        def asked(request: Request) -> None:
            if not request.url.startswith((base + "/", "data:", "blob:")):
                found.foreign.append(request.url)

        def answered(response: Response) -> None:
            if response.status >= 400 and response.status not in found.allowed:
                found.complaints.append(f"{response.status} {response.url}")

        # As the wire has it: headers and compressed bodies.
        network = context.new_cdp_session(page)
        urls: dict[str, str] = {}

        def received(event: dict[str, Any]) -> None:
            urls[event["requestId"]] = event["response"]["url"].removeprefix(base)

        def finished(event: dict[str, Any]) -> None:
            url = urls.get(event["requestId"], "?")
            found.transferred[url] = found.transferred.get(url, 0) + int(event["encodedDataLength"])

        network.on("Network.responseReceived", received)
        network.on("Network.loadingFinished", finished)
        network.send("Network.enable")
        page.on("console", said)
        page.on("pageerror", lambda error: found.complaints.append(f"exception: {error}"))
        page.on("request", asked)
        page.on("response", answered)
        try:
            yield found
            assert not found.complaints
            assert not found.foreign
        finally:
            context.close()

    return opened


def _axe() -> str:
    path = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
    if not path.exists():
        builder = load_builder()
        if builder.node() is None:
            pytest.skip("axe-core is not installed, and there is no Node to install it with")
        builder.dependencies()
    return path.read_text()
