"""Three threads write to one sqlite file, each through a connection of its own; one reads the sum."""

import sqlite3
import tempfile
import threading
from pathlib import Path

with tempfile.TemporaryDirectory() as folder:
    file = Path(folder) / "shop.db"
    connection = sqlite3.connect(file)
    connection.execute("create table sales (who text, amount int)")
    connection.commit()

    def sell(who: str) -> None:
        mine = sqlite3.connect(file, timeout=20)
        for amount in range(5):
            with mine:
                mine.execute("insert into sales values (?, ?)", (who, amount))
        mine.close()

    threads = [threading.Thread(target=sell, args=(who,)) for who in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(connection.execute("select count(*), sum(amount) from sales").fetchone())
    connection.close()
