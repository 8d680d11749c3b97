"""Screens that are always laid out for the size that the terminal has now.

Textual lays a screen out for the size in each of its resize events, and each new size is one more event.  Where
an old event is still on its way when another screen on the stack hands down the new size, the two sizes chase
each other for ever: a busy process that hears no key.
"""

from typing import TypeVar

from textual.geometry import Size
from textual.screen import ModalScreen, Screen

Result = TypeVar("Result")


class SettledScreen(Screen[Result]):
    def _screen_resized(self, size: Size) -> None:
        super()._screen_resized(self.app.size)


class SettledModal(ModalScreen[Result]):
    def _screen_resized(self, size: Size) -> None:
        super()._screen_resized(self.app.size)
