"""One job from taking to telling."""

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from motcua_station import pdf, printers, scanners
from motcua_station.config import Config
from motcua_station.journal import Journal, Step
from motcua_station.scanning import Follow
from motcua_station.server import Job, Lost, NotPaired, Offline, Refused, Server
from motcua_station.trouble import Trouble

_HOLD = {
    "print": 20.0,
    "scan": 2.0,
}  # seconds between signs of life; a lease lasts 60. A scan may be called off
_HOLD_ENDS = 5.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 15.0
_SCANS_STAY = 24 * 3600.0
T = TypeVar("T")


class Worker:
    """Does jobs with the devices of one station. `stop` ends waiting, never a print."""

    def __init__(self, config: Config, server: Server, stop: threading.Event) -> None:
        self.config, self.server, self.stop = config, server, stop
        self.journal = Journal(config.folder / "journal.jsonl")
        self.scans = config.folder / "scans"
        self.scans.mkdir(mode=0o700, exist_ok=True)
        self._forget_old()

    def do(self, job: Job) -> str:
        """Do a job; return what to say of it in the log."""
        try:
            return self._print(job) if job.kind == "print" else self._scan(job)
        except Lost:
            self._forget(job)
            return "Việc này đã bị bỏ hoặc giao lại; không làm nữa."
        except Refused as no:
            self._insist(lambda: self.server.failed(job, "refused"))
            self._forget(job)
            return f"Máy chủ không nhận: {no}"
        except Trouble as trouble:
            problem, unsure = trouble.problem, trouble.unsure
            self._insist(lambda: self.server.failed(job, problem, unsure=unsure))
            self._forget(job)
            return str(trouble)
        except OSError as fault:  # the disk is full or not ours: nothing was begun
            self._insist(lambda: self.server.failed(job, "station"))
            self._forget(job)
            return f"Trạm không ghi được vào thư mục của nó: {fault.strerror}."

    # ── Printing

    def _print(self, job: Job) -> str:
        step = self.journal.step(job.mark)
        if step == Step.OUT:  # it came out; only the server did not hear of it
            self._insist(lambda: self.server.done(job))
            return "Đã in từ trước, vừa báo lại máy chủ."
        if step == Step.BEGUN:
            raise Trouble("printer", "Máy tắt giữa lúc in; nhờ cán bộ xem giấy đã ra chưa.", unsure=True)
        content = self._reach(
            lambda: self.server.content(job, png=printers.wants_picture(self.config.printer))
        )
        self.journal.write(job.mark, Step.BEGUN)
        try:
            with self._holding(job):
                printers.send(self.config.printer, content, wait=self.config.print_wait)
        except Trouble as trouble:
            if not trouble.unsure:
                self.journal.write(job.mark, Step.NEVER)
            raise
        with suppress(OSError):  # it is on paper, whatever the disk says
            self.journal.write(job.mark, Step.OUT)
        self._insist(lambda: self.server.done(job))
        return "Đã in."

    # ── Scanning

    def _scan(self, job: Job) -> str:
        """Scan into a folder of this job, make one PDF, send it. What was scanned before is sent, not scanned again."""
        folder = self.scans / job.id
        whole = folder / "whole.pdf"
        if not whole.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(mode=0o700)
            with self._holding(job) as follow:
                pages, resolution = scanners.scan(self.config, job.way, folder, follow)
                if not follow.going():
                    raise Lost
                pdf.write(pages, folder / "whole.part", resolution=resolution)
            (folder / "whole.part").replace(whole)
        self._insist(lambda: self.server.scanned(job, whole))
        self._forget(job)
        return "Đã quét và gửi lên."

    # ── Keeping at it

    @contextmanager
    def _holding(self, job: Job) -> Iterator[Follow]:
        """Renew the lease beside a long piece of work, tell of pages, hear whether it is still wanted."""
        over, unwanted, count = threading.Event(), threading.Event(), 0

        def counted(pages: int) -> None:
            nonlocal count
            count = pages

        def renew() -> None:
            while not over.wait(_HOLD[job.kind]):
                try:
                    self.server.hold(job, pages=count)
                except (Lost, NotPaired):
                    unwanted.set()
                except (Offline, Refused):
                    continue  # what it means shows when the work is told

        helper = threading.Thread(target=renew, daemon=True)
        helper.start()
        try:
            yield Follow(counted, lambda: not unwanted.is_set())
        finally:
            over.set()
            helper.join(_HOLD_ENDS)  # a sign of life on its way does not come after the end

    def _reach(self, ask: Callable[[], T]) -> T:
        """Ask until the server answers."""
        pause = _FIRST_PAUSE
        while True:
            try:
                return ask()
            except Offline:
                if self.stop.wait(pause):
                    raise
                pause = min(pause * 2, _LONGEST_PAUSE)

    def _insist(self, tell: Callable[[], None]) -> None:
        """Tell until the server heard it. That the job is not ours any more is an answer too."""
        try:
            self._reach(tell)
        except Lost:
            return

    def _forget(self, job: Job) -> None:
        shutil.rmtree(self.scans / job.id, ignore_errors=True)

    def _forget_old(self) -> None:
        """Pages that nobody asked for again within a day are gone: they are somebody's papers."""
        for folder in self.scans.iterdir():
            if _age(folder) > _SCANS_STAY:
                shutil.rmtree(folder, ignore_errors=True)


def _age(path: Path) -> float:
    return time.time() - path.stat().st_mtime
