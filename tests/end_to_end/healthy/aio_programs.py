"""asyncio subprocesses, a signal handler of the loop, a unix socket, a datagram endpoint."""

import asyncio
import os
import signal
import sys
import tempfile
from pathlib import Path


class Echo(asyncio.DatagramProtocol):
    def connection_made(self, transport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, address) -> None:
        self.transport.sendto(data[::-1], address)


class Ask(asyncio.DatagramProtocol):
    def __init__(self) -> None:
        self.answer = asyncio.get_running_loop().create_future()

    def datagram_received(self, data: bytes, address) -> None:
        self.answer.set_result(data)


async def main() -> None:
    loop = asyncio.get_running_loop()
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "print(input().upper())",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    print((await child.communicate(b"hello\n"))[0].decode().strip(), child.returncode)

    rang = asyncio.Event()
    loop.add_signal_handler(signal.SIGUSR1, rang.set)
    os.kill(os.getpid(), signal.SIGUSR1)
    await rang.wait()

    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "socket")
        server = await asyncio.start_unix_server(
            lambda reader, writer: writer.write(b"hi\n") or writer.close(), path
        )
        reader, writer = await asyncio.open_unix_connection(path)
        print(await reader.readline())
        writer.close()
        server.close()

    transport, _ = await loop.create_datagram_endpoint(Echo, local_addr=("127.0.0.1", 0))
    address = transport.get_extra_info("sockname")
    asking, ask = await loop.create_datagram_endpoint(Ask, remote_addr=address)
    asking.sendto(b"back")
    print(await ask.answer)
    asking.close()
    transport.close()


asyncio.run(main())
