"""A file with the name of a module of the standard library: whoever runs beside it gets this one."""

mine = True
