from . import inner
from .inner.deep import where

print("main", __name__, __package__, __spec__.name, inner.__name__, where())
