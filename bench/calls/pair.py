# Benchmark, group calls: the same with CPython's socket.
import socket
import sys
import time

a, b = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
buffer = bytearray(1)
for line in sys.stdin:
    n = int(line)
    start = time.monotonic_ns()
    for _ in range(n):
        if a.send(b"x") != 1 or b.recv_into(buffer) != 1:
            sys.exit("send or recv failed")
    print(time.monotonic_ns() - start, flush=True)
