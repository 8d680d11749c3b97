"""Prints everything by which a program could see how it was started."""

import inspect
import os
import sys
import warnings

loader = __loader__  # type: ignore[name-defined]
print(sorted(globals()))
print(__name__, __file__, __package__, __doc__, repr(__builtins__), type(loader).__name__)
print(__spec__ and (__spec__.name, __spec__.origin, __spec__.parent))
print(sys.argv, sys.orig_argv, sys.path, sys.flags, sys.warnoptions, os.getcwd())
print(sys.executable, sys.prefix, sys.stdin.isatty(), sys.stdout.encoding, sys.stdout.errors)
print([frame.filename for frame in inspect.stack()], sys._getframe().f_code.co_filename)
print(inspect.getsource(sys.modules[__name__]).splitlines()[0])
assert sys.flags.optimize == 0, "not reached with -O"
warnings.warn("blamed on who imports me, but nobody does", stacklevel=2)
warnings.warn("once more", DeprecationWarning, stacklevel=1)
