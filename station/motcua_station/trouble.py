"""What can go wrong at the printer or the scanner, in the words the server knows."""

import errno
import socket
from urllib.error import HTTPError


class Trouble(Exception):
    """The work was not done. `problem` is a word of the interface; `unsure`: paper may have come out all the same."""

    def __init__(self, problem: str, words: str, *, unsure: bool = False) -> None:
        super().__init__(words)
        self.problem = problem
        self.unsure = unsure


def why(error: Exception) -> str:
    """Say why a device of the office's network was not reached, and what to look at."""
    if isinstance(error, HTTPError):
        return f"mã {error.code}"
    reason = getattr(error, "reason", error)
    if isinstance(reason, socket.gaierror):
        return "không có máy tên này trong mạng"
    if isinstance(reason, TimeoutError):
        return "không trả lời; xem máy đã bật và nối mạng chưa"
    if isinstance(reason, ConnectionRefusedError):
        return "máy không nhận kết nối; xem máy đã bật và đúng địa chỉ chưa"
    if isinstance(reason, OSError) and reason.errno in {errno.EHOSTUNREACH, errno.ENETUNREACH}:
        return "không có đường tới; xem mạng và địa chỉ"
    return str(reason)
