"""Counting hands: keys pressed, clicks made, and the keystroke-level model's seconds (trust-and-ux §6.4)."""

from playwright.sync_api import Page

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

    def scan(self, text: str) -> None:
        """Let a hand scanner type `text` and Enter: fast, and no keystrokes of a person."""
        self.page.wait_for_timeout(60)
        self.page.evaluate(
            """(text) => {
                const send = (key) => {
                    const target = document.activeElement ?? document.body;
                    const go = target.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true}));
                    if (go && key.length === 1 && "value" in target) {
                        const at = target.selectionStart ?? target.value.length;
                        target.setRangeText(key, at, target.selectionEnd ?? at, "end");
                        target.dispatchEvent(new InputEvent("input", {bubbles: true, data: key}));
                    }
                };
                for (const key of text) send(key);
                send("Enter");
            }""",
            text,
        )
        self.log.append("scan")

    @property
    def seconds(self) -> float:
        """The keystroke-level model's estimate."""
        return self.keys * _KEY + self.thinks * _THINK + self.clicks * (_POINT + _BUTTON + _HOME)
