"""Runs in the process of a program: executes it in an order that is chosen."""
