"""Lives in the program's process.  Standard library only; loaded by path; the observer never imports it."""
