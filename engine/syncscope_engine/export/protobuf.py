"""The few kinds of field of the protocol buffers' wire format that we write.

Source: the encoding's public description, protobuf.dev/programming-guides/encoding.
"""


def varint(number: int) -> bytes:
    number &= 0xFFFF_FFFF_FFFF_FFFF
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def integer(field: int, number: int) -> bytes:
    """int32, int64, uint32, uint64, bool and enums."""
    return varint(field << 3) + varint(number)


def fixed64(field: int, number: int) -> bytes:
    return varint(field << 3 | 1) + (number & 0xFFFF_FFFF_FFFF_FFFF).to_bytes(8, "little")


def message(field: int, content: bytes) -> bytes:
    return varint(field << 3 | 2) + varint(len(content)) + content


def text(field: int, value: str) -> bytes:
    return message(field, value.encode("utf-8", "replace"))
