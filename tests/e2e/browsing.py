"""A person at a browser: logged in to the console of a node, with pictures of what is seen."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.sites import ROOT, SiteRepository
from tests.whispercms.nodes import MANAGE, Instance, Running

PASSWORD = "correct horse battery staple"
PICTURES = ROOT / "build" / "screenshots"
DESKTOP, PHONE = (1280, 900), (390, 844)
SCHEMES = ("light", "dark")


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A node with a console, and the remote of its site."""

    instance: Instance
    remote: SiteRepository
    running: Running
    chromium: Any
    known: dict[str | None, Any] = field(default_factory=dict)
    """Who is logged in: the door lets nobody knock without end."""

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.instance.port}"

    def add(self, person: str) -> None:
        subprocess.run(
            [*MANAGE, "people", "add", person],
            cwd=ROOT,
            env=self.instance.environment(),
            input=f"{PASSWORD}\n",
            text=True,
            check=True,
            capture_output=True,
        )

    @contextmanager
    def browser(self, person: str | None = None, **options: Any) -> Iterator["Browser"]:
        """Without a person nobody is logged in."""
        width, height = DESKTOP
        viewport = {"width": width, "height": height}
        known = {"storage_state": self.known[person]} if person in self.known else {}
        context = self.chromium.new_context(
            **{"base_url": self.address, "viewport": viewport, **known, **options}
        )
        browser = Browser(context.new_page())
        if person and not known:
            browser.log_in(person)
            self.known[person] = context.storage_state()
        try:
            yield browser
        finally:
            context.close()


class Browser:
    """`complaints` are what the page's console said of errors: a blocked script, a lost file."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def log_in(self, person: str) -> None:
        self.page.goto("/admin/login/")
        self.page.fill("#id_username", person)
        self.page.fill("#id_password", PASSWORD)
        self.page.click("input[type=submit]")
        self.page.wait_for_url("**/admin/")

    def goto(self, path: str) -> None:
        self.page.goto(path)

    def text(self) -> str:
        return str(self.page.inner_text("main"))

    def pictures(self, name: str, *, full: bool = True) -> None:
        """Of the page as it is: at a desk and on a phone, in the light and in the dark."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        for size, (width, height) in (("desktop", DESKTOP), ("phone", PHONE)):
            self.page.set_viewport_size({"width": width, "height": height})
            for scheme in SCHEMES:
                self.page.emulate_media(color_scheme=scheme)
                path = PICTURES / f"{name}-{size}-{scheme}.png"
                self.page.screenshot(path=path, full_page=full)
            assert self.fits(), f"{name} scrolls sideways on a {size}"
        self.page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
        self.page.emulate_media(color_scheme="light")

    def fits(self) -> bool:
        return bool(self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"))

    def _hear(self, message: Any) -> None:
        if message.type == "error":
            self.complaints.append(message.text)
