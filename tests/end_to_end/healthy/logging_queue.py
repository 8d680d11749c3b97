"""Four threads log through a queue to a listener."""

import logging
import logging.handlers
import queue
import threading

records: "queue.Queue[logging.LogRecord]" = queue.Queue()
log = logging.getLogger()
log.addHandler(logging.handlers.QueueHandler(records))
log.setLevel(logging.INFO)
listener = logging.handlers.QueueListener(records, logging.StreamHandler())
listener.start()


def talk(who: int) -> None:
    for n in range(50):
        log.info("%d says %d", who, n)


threads = [threading.Thread(target=talk, args=(who,)) for who in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
listener.stop()
