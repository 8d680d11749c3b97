"""What a task is called where there is no lane beside it that says which process it belongs to."""

from syncscope_engine.tables import Tables


def task_label(task: int, tables: Tables) -> str:
    """Its name; the main thread of a child process by the process, since every process has a `MainThread`."""
    info = tables.tasks.get(task)
    if info is not None and info.kind == "thread" and info.name == "MainThread":
        process = tables.tasks.get(info.process)
        if process is not None and process.spawner:
            return process.name
    return tables.task_name(task)
