"""A pool of threads fetches pages of a server that runs in this very process; some of them fail."""

import concurrent.futures
import http.server
import threading
import urllib.error
import urllib.request


class Pages(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/gone":
            self.send_error(410)
            return
        body = f"page {self.path}".encode() * 10
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def fetch(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=30) as answer:
        body: bytes = answer.read()
        return body


with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages) as server:
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    serving.start()
    root = f"http://127.0.0.1:{server.server_port}"
    results = {}
    with concurrent.futures.ThreadPoolExecutor(max_workers=5) as pool:
        futures = {pool.submit(fetch, f"{root}/{name}"): name for name in ("a", "b", "gone", "c", "d")}
        for future in concurrent.futures.as_completed(futures, timeout=60):
            try:
                results[futures[future]] = f"{len(future.result())} bytes"
            except urllib.error.HTTPError as error:
                results[futures[future]] = f"failed: {error}"
        print(list(pool.map(pow, range(5), range(5))), pool._max_workers)
    server.shutdown()
    serving.join()
for name, result in sorted(results.items()):
    print(name, result)
