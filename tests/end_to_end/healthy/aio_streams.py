"""An echo server on streams, asked by six clients at once."""

import asyncio


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while line := await reader.readline():
        writer.write(line.upper())
        await writer.drain()
    writer.close()
    await writer.wait_closed()


async def ask(port: int, name: str) -> str:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answers = []
    for n in range(5):
        writer.write(f"{name}{n}\n".encode())
        await writer.drain()
        answers.append((await reader.readline()).decode().strip())
    writer.close()
    await writer.wait_closed()
    return " ".join(answers)


async def main() -> None:
    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        for answer in await asyncio.gather(*(ask(port, name) for name in "abcdef")):
            print(answer)


asyncio.run(main())
