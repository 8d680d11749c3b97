import json
import queue
import threading

thread = threading.Thread(target=print, args=(queue.mine, json.mine))  # type: ignore[attr-defined]
thread.start()
thread.join()
