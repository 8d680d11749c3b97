"""Syncscope's engine: runs a Python program, records its concurrency, judges it.  No terminal needed."""

__version__ = "0.1.0"
