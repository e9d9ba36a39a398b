"""Become another program with few rights: behind everything else on the machine, bounded in time and memory.

Runs only as a child that `recognition` starts; it ends with the thread that started it.
"""

import contextlib
import ctypes
import os
import resource
import signal
import sys

CPU_SECONDS = 30
ADDRESS_SPACE = 1024 * 1024 * 1024
NOBODY = 65534

_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000


def main() -> None:
    """Give up rights, then become the program that the arguments name."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if libc.unshare(_CLONE_NEWNET) != 0:
        libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)
    os.nice(19)
    for limit, value in (
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_AS, ADDRESS_SPACE),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        resource.setrlimit(limit, (value, value))
    if os.geteuid() == 0:
        with contextlib.suppress(OSError):  # inside a user namespace we are nobody already
            os.setgroups([])
            os.setresgid(NOBODY, NOBODY, NOBODY)
            os.setresuid(NOBODY, NOBODY, NOBODY)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)  # a change of user forgets it: last
    program = sys.argv[2]
    os.execve(program, sys.argv[2:], dict(os.environ))  # noqa: S606  (no shell is the point)
