"""Binary bytes and every kind of escape sequence on both outputs."""

import sys

sequences = b"\x1b[2J\x1b[?1049l\x1b]0;owned\x07\x1b[31mred\x1bc\x9b31m\x90q\x9c\x00\x07\x08\r" + bytes(
    range(256)
)
for stream in (sys.stdout.buffer, sys.stderr.buffer):
    stream.write(sequences * 4)
    stream.flush()
print("the end")
