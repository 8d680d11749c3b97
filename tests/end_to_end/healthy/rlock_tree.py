"""A tree whose methods call each other under one re-entrant lock."""

import threading


class Tree:
    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.children: dict[int, list[int]] = {0: []}
        self.n_nodes = 1

    def add(self, parent: int) -> int:
        with self.lock:
            node = self.n_nodes
            self.n_nodes += 1
            self.children[node] = []
            self.children[parent].append(node)
            return node

    def grow(self, parent: int, depth: int) -> None:
        with self.lock:
            if depth:
                for _ in range(2):
                    self.grow(self.add(parent), depth - 1)

    def size(self, node: int = 0) -> int:
        with self.lock:
            return 1 + sum(self.size(child) for child in self.children[node])


tree = Tree()
threads = [threading.Thread(target=tree.grow, args=(0, 4)) for _ in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(tree.size() == tree.n_nodes, tree.n_nodes)
