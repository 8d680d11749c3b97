"""An echo server and its clients, on asyncio's streams; a process whose output is read line by line."""

import asyncio
import sys


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    async for line in reader:
        writer.write(line.upper())
        await writer.drain()
    writer.close()
    await writer.wait_closed()


async def client(port: int, name: str) -> str:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    lines = []
    for word in "one", "two", "three":
        writer.write(f"{name} {word}\n".encode())
        await writer.drain()
        lines.append((await reader.readline()).decode().strip())
    writer.write_eof()
    assert await reader.read() == b""
    writer.close()
    await writer.wait_closed()
    return ", ".join(lines)


async def main() -> None:
    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        for lines in await asyncio.gather(*(client(port, f"client {i}") for i in range(4))):
            print(lines)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", "print('from'); print('a child')", stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    async for line in process.stdout:
        print(line)
    print(await process.wait())


asyncio.run(main())
