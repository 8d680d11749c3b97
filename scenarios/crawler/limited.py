"""Follows every link of a site, an asyncio task for each page.  A semaphore lets ten of them ask at a time."""

import argparse
import asyncio
import re
import time

from local_site import aiohttp, serving


class Crawler:
    def __init__(self, session: aiohttp.ClientSession, limit: int) -> None:
        self.session, self.slots, self.seen = session, asyncio.Semaphore(limit), set()
        self.in_flight = self.most = self.pages = self.refused = 0

    async def visit(self, page: str) -> None:
        async with self.slots:
            self.in_flight += 1
            self.most = max(self.most, self.in_flight)
            async with self.session.get(page) as response:
                text = await response.text()
            self.in_flight -= 1
        if response.status == 503:
            self.refused += 1
            return
        self.pages += 1
        if self.pages % 10 == 0:
            print(f"{self.pages} read, {len(self.seen)} known")
        await self.follow(re.findall('href="(.+?)"', text))

    async def follow(self, links: list[str]) -> None:
        new = [link for link in links if link not in self.seen]
        self.seen.update(new)
        await asyncio.gather(*(asyncio.create_task(self.visit(page), name=page[1:]) for page in new))


async def main(address: str, limit: int) -> None:
    start = time.perf_counter()
    async with aiohttp.ClientSession(address) as session:
        crawler = Crawler(session, limit)
        await crawler.follow(["/page-0"])
    print(f"{crawler.pages} pages, {crawler.refused} refused: {time.perf_counter() - start:.1f} s")
    print(f"at most {crawler.most} requests at once")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=100, help="pages that the site has")
    parser.add_argument("--seats", type=int, default=20, help="pages that the site can serve at once")
    parser.add_argument("--limit", type=int, default=10, help="pages that are asked for at once")
    parser.add_argument("--pace", type=float, default=0.7, help="seconds that the site takes for a page")
    args = parser.parse_args()
    with serving(args.pages, args.seats, args.pace) as address:
        asyncio.run(main(address, args.limit))
