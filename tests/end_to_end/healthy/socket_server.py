"""A threading socketserver that counts its clients under a lock; a pair of sockets between two threads."""

import socket
import socketserver
import threading


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    n_served = 0
    lock = threading.Lock()


class Upper(socketserver.StreamRequestHandler):
    server: Server

    def handle(self) -> None:
        for line in self.rfile:
            self.wfile.write(line.upper())
        with self.server.lock:
            self.server.n_served += 1


def ask(port: int, answers: list[str], word: str) -> None:
    with socket.create_connection(("127.0.0.1", port)) as connection, connection.makefile("rwb") as stream:
        stream.write(word.encode() + b"\n")
        stream.flush()
        connection.shutdown(socket.SHUT_WR)
        answers.append(stream.readline().decode().strip())


with Server(("127.0.0.1", 0), Upper) as server:
    serving = threading.Thread(target=server.serve_forever, args=(0.01,))
    serving.start()
    answers: list[str] = []
    clients = [
        threading.Thread(target=ask, args=(server.server_address[1], answers, word))
        for word in ("one", "two")
    ]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    server.shutdown()
    serving.join()
print(sorted(answers), server.n_served)

ours, theirs = socket.socketpair()
echo = threading.Thread(target=lambda: theirs.sendall(theirs.recv(100)[::-1]))
echo.start()
ours.sendall(b"back")
print(ours.recv(100))
echo.join()
ours.close()
theirs.close()
