"""Counting hands: keys pressed, clicks made, and the keystroke-level model's seconds (trust-and-ux §6.4)."""

import time
from contextlib import suppress

from playwright.sync_api import Error, Page

# While a scanner types, the page's timers wait: a real one is done before the first of them could run out, a busy
# machine may be slower between two keys than a page waits for the end of a scan.
_HOLD = """() => {
    const [set, clear, held] = [window.setTimeout, window.clearTimeout, new Map()];
    const began = new Map();
    let number = window.motcuaHeld ?? 0;
    window.setTimeout = (...call) => { number -= 1; window.motcuaHeld = number; held.set(number, call); return number; };
    window.clearTimeout = (which) => { held.delete(which); clear(began.get(which) ?? which); };
    window.motcuaRelease = () => {
        window.setTimeout = set;
        for (const [which, call] of held) began.set(which, set(...call));
        held.clear();
    };
}"""
_KEY, _THINK, _POINT, _BUTTON, _HOME = 0.28, 1.2, 1.1, 0.1, 0.4


class Hands:
    """A person at the keyboard. Everything a test does through `Hands` is counted; a scanner is not a hand."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.keys = 0
        self.clicks = 0
        self.thinks = 0
        self.log: list[str] = []

    def press(self, key: str) -> None:
        """Press one key or chord ("F2", "Control+Enter"): each key of the chord counts."""
        self.keys += key.count("+") + 1 if len(key) > 1 else 1
        self.log.append(key)
        self.page.keyboard.press(key)
        if len(key) == 1:  # a hand is slower than the page takes for a scanner
            self.page.wait_for_timeout(60)

    def type(self, text: str) -> None:
        """Type text at a person's pace, one key each."""
        self.keys += len(text)
        self.log.append(repr(text))
        self.page.keyboard.type(text, delay=45)

    def click(self, selector: str) -> None:
        """Point and click: what the counter screens must not need."""
        self.clicks += 1
        self.log.append(f"click {selector}")
        self.page.click(selector)

    def think(self) -> None:
        """Look and decide once."""
        self.thinks += 1

    def scan(self, text: str, *, enter: bool = True, stall: float = 0) -> None:
        """Let a hand scanner type `text` and Enter: no keystrokes of a person.

        The events carry a scanner's times (4 ms a key) whatever the machine is doing meanwhile; `stall` is how many
        seconds it does something else in the middle.
        """
        self.log.append("scan")
        self.page.wait_for_timeout(120)
        session = self.page.context.new_cdp_session(self.page)
        self.page.evaluate(_HOLD)
        at = time.time()
        for number, key in enumerate(text):
            if stall and number == len(text) // 2:
                self.page.wait_for_timeout(stall * 1000)
            at += 0.004
            session.send(
                "Input.dispatchKeyEvent", {"type": "keyDown", "key": key, "text": key, "timestamp": at}
            )
        if enter:
            values = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13, "text": "\r"}
            session.send("Input.dispatchKeyEvent", {"type": "keyDown", "timestamp": at + 0.004, **values})
            session.send("Input.dispatchKeyEvent", {"type": "keyUp", "timestamp": at + 0.008, **values})
        session.detach()
        with suppress(Error):  # where the scan led to another page, nothing is held any more
            self.page.evaluate("() => window.motcuaRelease?.()")

    @property
    def seconds(self) -> float:
        """The keystroke-level model's estimate."""
        return self.keys * _KEY + self.thinks * _THINK + self.clicks * (_POINT + _BUTTON + _HOME)
