# expects: uncaught_exception
"""A thread ends with an exception, and the program goes on as if it had worked."""

import threading


def work() -> None:
    print({}["missing"])


thread = threading.Thread(target=work)
thread.start()
thread.join()
print("done")
