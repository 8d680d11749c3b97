"""
>>> import threading
>>> lock = threading.Lock()
>>> with lock: lock.locked()
True
>>> lock.release()
Traceback (most recent call last):
RuntimeError: release unlocked lock
>>> 1 + 1
3
"""

import queue
import threading
import unittest
import unittest.mock


# ruff: noqa: PT009, PT027
class TestWithThreads(unittest.TestCase):
    def test_queue(self) -> None:
        items: queue.Queue[int] = queue.Queue()
        thread = threading.Thread(target=items.put, args=(1,))
        thread.start()
        self.assertEqual(items.get(), 1)
        thread.join()

    def test_mocks(self) -> None:
        with unittest.mock.patch("threading.Lock") as lock, unittest.mock.patch("time.sleep") as sleep:
            threading.Lock().acquire()
            lock.return_value.acquire.assert_called_once_with()
            sleep.assert_not_called()
        mock = unittest.mock.create_autospec(threading.Event)
        with self.assertRaises(TypeError):
            mock.wait(1, 2, 3)

    def test_that_fails(self) -> None:
        with threading.Condition() as held:
            self.assertEqual(held, 2)


def test_for_pytest() -> None:
    assert threading.Semaphore(2).acquire()


if __name__ == "__main__":
    import doctest

    doctest.testmod()
