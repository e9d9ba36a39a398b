"""Three applications from the front page to the rating, on a phone behind a slow link: seconds and bytes.

    python -m bench.online [--kbit 64] [--delay 150] [--shots FOLDER] [--json] [birth business marriage]

The demo is started on data of its own (`var/bench-online`, kept). Chromium at 360 px goes through a proxy of this
program that lets `--kbit` kilobits a second through each way, after `--delay` milliseconds for each request. Lan
searches, signs in at the demo's provider, fills the declaration in, sends a photo of each required paper, hands in;
officers take it in and carry it to its result (the demo's walk, not timed); Lan downloads the result and rates. A
co-signer confirms on a phone of their own. Reported for each: seconds in the browser, typing by machine included, bytes
each way, requests.
"""

import argparse
import asyncio
import io
import json
import os
import shutil
import subprocess
import sys
import threading
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[1]
VAR = ROOT / "var" / "bench-online"
WAIT = 180_000  # milliseconds: a photo takes its time at 64 kbit/s


# ── The slow link


@dataclass
class Link:
    """A proxy for plain HTTP on this machine; every byte goes through one bucket each way."""

    kbit: float
    delay: float
    port: int = 0
    up: int = 0
    down: int = 0
    requests: int = 0
    free_at: dict[str, float] = field(default_factory=lambda: {"up": 0.0, "down": 0.0})

    def start(self) -> None:
        ready = threading.Event()

        async def serve() -> None:
            server = await asyncio.start_server(self._one, "127.0.0.1", 0)
            self.port = server.sockets[0].getsockname()[1]
            ready.set()
            await server.serve_forever()

        threading.Thread(target=lambda: asyncio.run(serve()), daemon=True).start()
        ready.wait(10)

    async def _let(self, way: str, size: int) -> None:
        setattr(self, way, getattr(self, way) + size)
        if not self.kbit:
            return
        begin = max(time.monotonic(), self.free_at[way])
        self.free_at[way] = begin + size * 8 / (self.kbit * 1000)
        await asyncio.sleep(max(0.0, self.free_at[way] - time.monotonic()))

    async def _pipe(self, way: str, source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
        try:
            while data := await source.read(1024):
                await self._let(way, len(data))
                to.write(data)
                await to.drain()
        except OSError:
            pass
        finally:
            to.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass one request on; the connection ends with it, so that the next one may go elsewhere."""
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, OSError):
            writer.close()
            return
        line, _sep, rest = head.partition(b"\r\n")
        method, address, version = line.split(b" ", 2)
        parts = urlsplit(address.decode())
        if method == b"CONNECT" or not (parts.hostname or "").endswith("localhost"):
            writer.close()  # the browser's own calls home
            return
        self.requests += 1
        await asyncio.sleep(self.delay / 1000)
        try:
            back, forth = await asyncio.open_connection("127.0.0.1", parts.port or 80)
        except OSError:
            writer.close()
            return
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        kept = [
            one
            for one in rest.split(b"\r\n")
            if not one.lower().startswith((b"connection:", b"proxy-connection:"))
        ]
        sent = (
            b" ".join((method, path.encode(), version))
            + b"\r\n"
            + b"\r\n".join([b"Connection: close", *kept])
        )
        await self._let("up", len(sent))
        forth.write(sent)
        await forth.drain()
        await asyncio.gather(
            self._pipe("up", reader, forth), self._pipe("down", back, writer), return_exceptions=True
        )


# ── The demo


def started() -> tuple[subprocess.Popen[str], dict[str, Any]]:
    """Start the demo; return its process and what it says of itself."""
    process = subprocess.Popen(
        [sys.executable, "-m", "motcua.cli.main", "demo"], cwd=ROOT, text=True, stdout=subprocess.DEVNULL
    )
    for _second in range(600):
        time.sleep(1)
        if process.poll() is not None:
            raise SystemExit("the demo did not start")
        told = subprocess.run(
            [sys.executable, "-m", "motcua.cli.main", "demo", "info", "--json"], cwd=ROOT, text=True,
            capture_output=True, check=False,
        )  # fmt: skip
        facts = json.loads(told.stdout) if told.returncode == 0 else {}
        if facts.get("running") and _answers(facts["addresses"]["public"]):
            return process, facts
    raise SystemExit("the demo did not start in ten minutes")


def _answers(address: str) -> bool:
    """Tell whether the site is there: a demo that was killed left word that it runs."""
    try:
        with urllib.request.urlopen(f"{address}/suc-khoe", timeout=5) as answer:
            return int(answer.status) == 200
    except OSError:
        return False


def carried_out(code: str) -> None:
    """Take a dossier in and carry it to its result, with a signed scan, by the officers who hold the steps."""
    from django.utils import timezone

    from motcua.agencies.queries import actor_for, officers_of
    from motcua.base.files import operations as files
    from motcua.base.jobs.system import as_system
    from motcua.cli.demo import walk
    from motcua.dossiers.models import Dossier, Task
    from motcua.dossiers.operations import attachments, intake
    from motcua.dossiers.states import Status

    with as_system():
        dossier = Dossier.objects.get(code=code)
        at = timezone.now()
        receiver = officers_of(dossier.owner_unit_id, timezone.localdate(at), "receiver").first()
        assert receiver is not None, "the centre has no receiver"
        officer = actor_for(receiver.pk, timezone.localdate(at))
        intake.accept(dossier_id=dossier.pk, actor=officer, at=at, key=f"bench-{code}")
        for _step in range(30):
            dossier.refresh_from_db()
            if dossier.status == Status.DONE:
                break
            walk.one_step(dossier, at=timezone.now())
        task = Task.objects.filter(dossier=dossier, ended_at=None).first()
        holder = walk.actor_of(task, on=at) if task else officer
        stored = files.store(
            stream=io.BytesIO(_scan()), filename="ket-qua.jpg", actor=holder, at=timezone.now(), purpose="result",
            agency_id=dossier.home_agency_id,
        )  # fmt: skip
        attachments.attach(
            dossier_id=dossier.pk, actor=holder, at=timezone.now(), key=f"bench-result-{code}", stored=stored,
            purpose="result",
        )  # fmt: skip


def _scan() -> bytes:
    """A paper as a phone photographs it: text on paper that is not quite white."""
    from PIL import Image, ImageDraw

    made = Image.effect_noise((1200, 1600), 9).convert("RGB").point(lambda value: min(255, value + 95))
    pen = ImageDraw.Draw(made)
    for line in range(34):
        pen.text(
            (110, 90 + line * 42),
            "GIẤY TỜ ĐỂ ĐO — dòng chữ trên giấy, không phải giấy thật " * 2,
            fill=(30, 30, 40),
        )
    out = io.BytesIO()
    made.save(out, "JPEG", quality=72)
    return out.getvalue()


# ── The three


def commune() -> str:
    from django.utils import timezone

    from motcua.base.codelists import lists

    return lists.rows("commune", on=timezone.localdate(), parent="31")[0].name


def _place(key: str) -> dict[str, str]:
    return {f"{key}.province": "31", f"{key}.commune": commune(), f"{key}.line": "12 Trần Phú"}


def birth() -> dict[str, str]:
    return {
        "requester_relation": "me", "child_name": "Trần Gia Bảo", "child_born.day": "21", "child_born.month": "11",
        "child_born.year": "2026", "child_sex": "male", "child_ethnic_group": "01",
        "child_birthplace.at": "Bệnh viện Phụ sản",
        **_place("child_birthplace.place"), **_place("child_hometown"), "mother_known": "yes",
        "mother_name": "Phạm Thị Lan", "mother_born.year": "1990", "mother_personal_id": "031190012345",
        "mother_ethnic_group": "01", "father_known": "no", "copies": "no",
    }  # fmt: skip


def business() -> dict[str, str]:
    return {
        "owner_sex": "female", "owner_ethnic_group": "01", "owner_residence.kind": "thuong_tru",
        **_place("owner_residence.place"), "business_name": "Hộ kinh doanh Lan Hương",
        **_place("business_place"), "capital": "50000000", "begins_on.day": "1", "begins_on.month": "12",
        "begins_on.year": "2026", "workers": "2", "founder": "ca_nhan", "tax_way": "truc_tiep",
        "trades.0.name": "Bán lẻ hàng tạp hóa", "trades.0.main": "yes",
    }  # fmt: skip


def marriage() -> dict[str, str]:
    return {
        "copies": "no", "wife_ethnic_group": "01", "wife_marriages": "1", "husband_name": "Trần Quốc Hùng",
        "husband_born.day": "11", "husband_born.month": "11", "husband_born.year": "1978", "husband_ethnic_group": "01",
        "husband_personal_id": "031078005555", "husband_marriages": "1",
    }  # fmt: skip


JOURNEYS = {
    "birth": ("làm giấy khai sinh", "1.001193", birth),
    "business": ("đăng ký hộ kinh doanh", "1.001612", business),
    "marriage": ("đăng ký kết hôn", "1.000894", marriage),
}


class Phone:
    """One journey in one browser context."""

    def __init__(self, browser: Any, link: Link, public: str, shots: Path | None) -> None:
        self.link, self.public, self.shots, self.browser = link, public, shots, browser
        self.page = self._page()

    def _page(self) -> Any:
        context = self.browser.new_context(
            locale="vi-VN", viewport={"width": 360, "height": 740}, accept_downloads=True
        )
        context.set_default_timeout(WAIT)
        context.set_default_navigation_timeout(WAIT)
        return context.new_page()

    def shot(self, name: str) -> None:
        if self.shots:
            self.page.screenshot(path=self.shots / f"{name}.png", full_page=True)

    def apply(self, name: str) -> str:
        """Search, sign in, fill in, photograph, hand in; return the dossier's code."""
        words, code, answers = JOURNEYS[name]
        page = self.page
        page.goto(self.public)
        self.shot(f"{name}-1-home")
        page.fill("main [name=q]", words)
        page.press("main [name=q]", "Enter")
        page.locator(f"main a[href*='/thu-tuc/{code}']").first.click()
        self.shot(f"{name}-2-procedure")
        page.locator(f"a[href='/nop-ho-so/{code}/']").first.click()
        page.click("text=Đăng nhập để nộp")
        page.click("text=Phạm Thị Lan")
        page.wait_for_url(f"**/nop-ho-so/{code}/**")
        page.wait_for_load_state()
        if page.locator("[name=noi]").count():
            page.fill("[name=noi]", "Hồng Bàng")
            page.press("[name=noi]", "Enter")
        for one in ("applicant", "variant", "agency"):
            choice = page.locator(f"[name={one}][type=radio]")
            if choice.count() and not page.locator(f"[name={one}]:checked").count():
                choice.first.check()
        page.click("main button:has-text('Bắt đầu')")
        self._declare(name, answers())
        self._papers(name)
        page.locator("a:has-text('Xem lại và nộp')").first.click()
        page.check("[name=true]")
        self.shot(f"{name}-5-check")
        page.click("button:has-text('Nộp hồ sơ')")
        page.wait_for_selector("text=Đã nộp hồ sơ")
        self.shot(f"{name}-6-handed-in")
        return page.url.rstrip("/").split("/ho-so-cua-toi/")[1].split("/")[0]

    def _declare(self, name: str, answers: dict[str, str]) -> None:
        page = self.page
        page.click(".mc-tasks a:has-text('Tờ khai')")
        page.click("text=Xem tất cả trên một trang")
        for key, value in answers.items():
            control = page.locator(f"[name='{key}']:not([type=hidden])")
            kind = control.first.evaluate("(one) => one.type")
            if kind in {"radio", "checkbox"}:
                page.check(f"[name='{key}'][value='{value}']")
            elif kind.startswith("select"):
                control.select_option(value)
            else:
                control.first.fill(value)
        self.shot(f"{name}-3-declaration")
        page.click("text=Lưu và xem lại tờ khai")
        page.click("text=Tôi đã khai xong và cam đoan là đúng")
        page.wait_for_selector("#lien-ket")
        page.wait_for_selector("text=Trở lại hồ sơ để nộp")
        if page.locator("#xac-nhan").count():
            self._co_sign()
        page.click("text=Trở lại hồ sơ để nộp")
        page.wait_for_selector("text=Bỏ hồ sơ này")  # the last line: a count does not wait for the rest
        if page.locator("text=Tôi đã đọc và xác nhận tờ khai").count():
            page.click("text=Tôi đã đọc và xác nhận tờ khai")
            page.wait_for_selector("text=Anh/chị đã xác nhận tờ khai")

    def _co_sign(self) -> None:
        """Send the husband his link; he confirms on his own phone."""
        page = self.page
        page.locator("button[value=moi-husband]").click()
        address = page.locator("a[href*='/cung-xac-nhan/']").first.get_attribute("href")
        other = self._page()
        other.goto(address)
        other.locator("main form button").first.click()
        other.wait_for_selector("text=Nếu người khai sửa gì sau lúc này")
        other.context.close()
        page.reload()

    def _papers(self, name: str) -> None:
        page = self.page
        page.wait_for_selector("text=Bỏ hồ sơ này")  # its last line: a count does not wait
        if not page.locator(".mc-tasks a:has-text('Giấy tờ')").count():
            return
        page.click(".mc-tasks a:has-text('Giấy tờ')")
        page.wait_for_selector("h1:has-text('Giấy tờ gửi kèm')")
        while (missing := page.locator("li:has-text('Chưa có') > a")).count():
            missing.first.click()
            page.wait_for_selector("[name=file]")
            page.wait_for_load_state()
            page.set_input_files(
                "[name=file]", {"name": "giay-to.jpg", "mimeType": "image/jpeg", "buffer": _scan()}
            )
            page.click("text=Xong giấy này")
            page.wait_for_selector("h1:has-text('Giấy tờ gửi kèm')")
        self.shot(f"{name}-4-papers")
        page.click("text=Xong phần giấy tờ")

    def finish(self, name: str, code: str) -> None:
        """Download the result and rate."""
        page = self.page
        page.goto(f"{self.public}/ho-so-cua-toi/{code}/")
        self.shot(f"{name}-7-result")
        with page.expect_download() as told:
            page.click("button:has-text('Tải kết quả')")
        told.value.path()
        page.goto(f"{self.public}/ho-so-cua-toi/{code}/")
        page.click("button:has-text('Đánh giá việc giải quyết')")
        page.locator("[name=score]").first.check()
        page.click("button:has-text('Gửi đánh giá')")
        page.wait_for_load_state()
        self.shot(f"{name}-8-rated")


def run(wanted: argparse.Namespace, facts: dict[str, Any]) -> list[dict[str, Any]]:
    from playwright.sync_api import sync_playwright

    public, found = facts["addresses"]["public"], []
    shots = Path(wanted.shots) if wanted.shots else None
    if shots:
        shots.mkdir(parents=True, exist_ok=True)
    for name in wanted.journeys:
        link = Link(wanted.kbit, wanted.delay)
        link.start()
        with sync_playwright() as driver:
            browser = driver.chromium.launch(
                executable_path=shutil.which("chromium"), proxy={"server": f"http://127.0.0.1:{link.port}"},
                args=["--no-sandbox", "--proxy-bypass-list=<-loopback>", "--disable-background-networking"],
            )  # fmt: skip
            phone = Phone(browser, link, public, shots)
            began = time.monotonic()
            code = phone.apply(name)
            applied, up, down, requests = time.monotonic() - began, link.up, link.down, link.requests
            _elsewhere(carried_out, code)
            again = time.monotonic()
            phone.finish(name, code)
            found.append(
                {
                    "journey": name, "code": code, "seconds_to_handed_in": round(applied, 1), "up": up, "down": down,
                    "requests": requests, "seconds_result_and_rating": round(time.monotonic() - again, 1),
                    "up_all": link.up, "down_all": link.down, "requests_all": link.requests,
                }
            )  # fmt: skip
            print(json.dumps(found[-1], ensure_ascii=False), flush=True)
            browser.close()
    return found


def _elsewhere(work: Any, *args: Any) -> None:
    """Run what asks the database in a thread of its own: the browser's driver holds an event loop in this one."""
    faults: list[BaseException] = []

    def act() -> None:
        try:
            work(*args)
        except BaseException as fault:
            faults.append(fault)

    thread = threading.Thread(target=act)
    thread.start()
    thread.join()
    if faults:
        raise faults[0]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.online")
    parser.add_argument("--kbit", type=float, default=64.0)
    parser.add_argument("--delay", type=float, default=150.0)
    parser.add_argument("--shots", default="")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("journeys", nargs="*", default=list(JOURNEYS))
    wanted = parser.parse_args()
    os.environ.setdefault("MOTCUA_DATA", str(VAR))
    os.environ.setdefault("MOTCUA_PORT", "8480")
    os.environ.setdefault("MOTCUA_LIVE_PORT", "8481")
    os.environ.setdefault("MOTCUA_DEMO_IDENTITY", "8490")
    os.environ["MOTCUA_DEMO"] = "1"
    process, facts = started()
    try:
        from motcua.cli.django import ready

        ready()
        found = run(wanted, facts)
        if wanted.json:
            print(json.dumps(found, ensure_ascii=False, indent=1))
    finally:
        process.terminate()
        process.wait(timeout=60)


if __name__ == "__main__":
    main()
