#!/usr/bin/env python3
"""Runs a command to which io_uring is forbidden, by a filter of system calls as containers have.

usage: without_io_uring.py ERROR COMMAND...

ERROR is what the system calls of io_uring fail with: EPERM or ENOSYS.
"""
import ctypes
import errno
import os
import struct
import sys

PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS, SECCOMP_MODE_FILTER = 22, 38, 2
LOAD, JUMP_IF_GREATER_OR_EQUAL, JUMP_IF_GREATER, RETURN = 0x20, 0x35, 0x25, 0x06
ALLOW, FAIL_WITH = 0x7FFF0000, 0x00050000
FIRST, LAST = 425, 427  # io_uring_setup, _enter and _register have these numbers on every architecture

error = getattr(errno, sys.argv[1])
program = [
    (LOAD, 0, 0, 0),  # the number of the system call
    (JUMP_IF_GREATER_OR_EQUAL, 0, 2, FIRST),
    (JUMP_IF_GREATER, 1, 0, LAST),
    (RETURN, 0, 0, FAIL_WITH | error),
    (RETURN, 0, 0, ALLOW),
]
code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *instruction) for instruction in program))


class Filter(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_void_p)]


libc = ctypes.CDLL(None, use_errno=True)
for call in (
    (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0),
    (PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(Filter(len(program), ctypes.addressof(code))), 0, 0),
):
    if libc.prctl(*call) != 0:
        sys.exit(f"without_io_uring.py: no filter can be set here ({os.strerror(ctypes.get_errno())})")
os.execvp(sys.argv[2], sys.argv[2:])
