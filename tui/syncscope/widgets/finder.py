"""Typing what is looked for, in the top line of a list: each letter shortens the list at once."""

from textual import events
from textual.widget import Widget

LONGEST = 60


class Finder(Widget):
    """While `typing`, all letters go into `words`; Enter keeps them, Escape shows everything again."""

    typing = False
    words = ""

    def look_for(self, words: str) -> None:
        """Show only what has all of `words` about it."""
        raise NotImplementedError

    def action_find(self) -> None:
        self.typing = True
        self.look_for(self.words)

    def check_consume_key(self, key: str, character: str | None) -> bool:
        return self.typing and character is not None and character.isprintable()

    def on_key(self, event: events.Key) -> None:
        if not self.typing:
            if event.key == "escape" and self.words:
                self._find(event, "")
            return
        match event.key:
            case "enter":
                self.typing = False
                self._find(event, self.words)
            case "escape":
                self.typing = False
                self._find(event, "")
            case "backspace":
                self._find(event, self.words[:-1])
            case "ctrl+u":
                self._find(event, "")
            case _ if event.is_printable and event.character is not None:
                self._find(event, self.words + event.character)

    def on_paste(self, event: events.Paste) -> None:
        if self.typing:
            self._find(event, self.words + event.text.partition("\n")[0])

    def on_blur(self) -> None:
        if self.typing:
            self.typing = False
            self.look_for(self.words)

    def _find(self, event: events.Event, words: str) -> None:
        event.stop()
        event.prevent_default()
        self.words = words[:LONGEST]
        self.look_for(self.words)
