"""A lesson: Markdown, which is imported when the first one is shown."""

from textual.containers import VerticalScroll
from textual.widgets import Static

from ..catalogue import Scenario
from ..i18n import language, t


class LessonView(VerticalScroll):
    DEFAULT_CSS = """
    LessonView { padding: 0 1; background: $surface; scrollbar-size-vertical: 1; }
    LessonView Markdown { padding: 0; margin: 0; background: transparent; }
    LessonView MarkdownBlock { background: transparent; }
    LessonView MarkdownH1 { margin: 0 0 1 0; padding: 0; text-align: left; content-align: left top; }
    LessonView MarkdownH2 { margin: 1 0 0 0; padding: 0; }
    LessonView MarkdownFence { max-height: 100; }
    """

    def __init__(self, scenario: Scenario | None = None, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._scenario = scenario
        self._shown: tuple[str, str] | None = None

    async def on_mount(self) -> None:
        await self._show()

    async def show(self, scenario: Scenario | None) -> None:
        self._scenario = scenario
        await self._show()

    def retranslate(self) -> None:
        self.call_later(self._show)

    async def _show(self) -> None:
        wanted = (self._scenario.id, language()) if self._scenario else None
        if wanted == self._shown or self._scenario is None:
            return
        self._shown = wanted
        try:
            text = self._scenario.lesson(language())
        except (OSError, UnicodeDecodeError) as error:
            text, reason = "", str(error)
        else:
            reason = ""
        if reason:
            await self.remove_children()
            await self.mount(Static(t("catalogue.no_lesson", reason=reason), markup=False))
            return
        from textual.widgets import Markdown

        existing = self.query(Markdown)
        if existing:
            await existing.first(Markdown).update(text)
        else:
            await self.remove_children()
            await self.mount(Markdown(text, open_links=False))
        self.scroll_home(animate=False)
