"""What shuts people out of a screen by WCAG 2.2 AA, told by axe, and words that are missing on it."""

from collections.abc import Sequence

from tests.browser.screens import Look, Screen, Stage
from tests.browser.window import Window
from tests.centre import ROOT

AXE = ROOT / "frontend/node_modules/axe-core/axe.min.js"
JUDGE = """async () => {
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
  const told = await axe.run(document, { runOnly: tags, resultTypes: ['violations'], preload: false });
  return told.violations.flatMap(({ id, nodes }) => nodes.map(({ target, any, all, none }) => {
    const why = [...any, ...all, ...none][0]?.message ?? '';
    return `${id}: ${target.join(' ')}: ${why}`;
  }));
}"""
# Screens of administrators are seen in one of these looks and the next in the other, steps of a call in both; with
# `make test-full` each screen in each theme and language, and each in company of each.
EVERYWHERE: tuple[Look, ...] = (("light", "en"), ("dark", "zh"))
CROSSED: tuple[Look, ...] = (("light", "zh"), ("dark", "en"))


async def judged_stage(window: Window) -> Stage:
    """A stage with axe in its page, by the developers' door: the page's own policy lets no foreign script in."""
    session = await window.context.new_cdp_session(window.page)
    await session.send("Runtime.evaluate", {"expression": AXE.read_text() + ";0"})
    stage = Stage(window)
    await stage.watch_words()
    return stage


async def barriers(stage: Stage, where: str, looks: Sequence[Look]) -> list[str]:
    """What is wrong with what shows now."""
    found = []
    for theme, language in looks:
        await stage.look(theme, language)
        problems = [*await stage.page.evaluate(JUDGE), *await stage.missing_words()]
        found += [f"{where}, {theme}, {language}: {problem}" for problem in problems]
    return found


async def barriers_of(stage: Stage, screens: Sequence[Screen], looks: Sequence[Look]) -> list[str]:
    found = []
    for screen in screens:
        await stage.show(screen)
        found += await barriers(stage, screen.name, looks)
    return found
