/* What does not fit: areas that scroll sideways, text that is cut off or lies outside of the window. An only-read text
   is meant to be unseen, an ellipsis is no loss where the whole text shows on hover, and of tables the widest may
   scroll by themselves in a narrow window (WCAG 1.4.10), where `tablesMayScroll` says so. */
([tablesMayScroll]) => {
  const found = new Set();
  const SLACK = 2;
  const MAPS = ".react-flow"; // is moved about in by design
  const CALENDARS = ".roster-grid"; // weeks of days scroll by themselves (WCAG 1.4.10 excepts them)
  const LINE_SLACK = 4; // a line box may stand out of its box without its letters doing so
  const nameOf = (element) => {
    const parts = [];
    for (let node = element; node && node !== document.body && parts.length < 4; node = node.parentElement) {
      const names = typeof node.className === "string" ? node.className.split(/\s+/) : [];
      const told = names.filter((name) => name && !name.startsWith("css-")).slice(0, 2);
      parts.unshift([node.tagName.toLowerCase(), ...told].join("."));
    }
    return parts.join(" > ");
  };
  const isShown = (element) => element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });
  const cuts = (overflow) => overflow === "hidden" || overflow === "clip";
  const scrolls = (overflow) => overflow === "auto" || overflow === "scroll";

  if (document.scrollingElement.scrollWidth > innerWidth + 1) found.add("the page scrolls sideways");
  for (const element of document.querySelectorAll("body *")) {
    if (!scrolls(getComputedStyle(element).overflowX) || element.tagName === "TEXTAREA") continue;
    if (element.clientWidth === 0 || element.scrollWidth <= element.clientWidth + 1 || !isShown(element)) continue;
    if (element.closest(MAPS) || element.matches(CALENDARS)) continue;
    if (tablesMayScroll && element.matches(".ant-table-content, .live-grid, [data-wide]")) continue;
    found.add(`scrolls sideways: ${nameOf(element)}, ${element.scrollWidth} in ${element.clientWidth}`);
  }

  /* What cuts this piece of text, or null. */
  const cutBy = (element, box) => {
    const free = { x: false, y: false };
    for (let node = element; node && node !== document.documentElement; node = node.parentElement) {
      const style = getComputedStyle(node);
      if (style.clipPath === "inset(50%)") return null;
      if (style.display !== "inline") {
        const edge = node.getBoundingClientRect();
        free.x ||= scrolls(style.overflowX);
        free.y ||= scrolls(style.overflowY);
        const isOutX = box.right > edge.right + SLACK || box.left < edge.left - SLACK;
        const isOutY = box.bottom > edge.bottom + LINE_SLACK || box.top < edge.top - LINE_SLACK;
        if (!free.x && cuts(style.overflowX) && isOutX) {
          return style.textOverflow === "ellipsis" && node.title ? null : `cut sideways by ${nameOf(node)}`;
        }
        if (!free.y && cuts(style.overflowY) && isOutY) return `cut in height by ${nameOf(node)}`;
      }
      if (style.position === "fixed") break;
    }
    return !free.x && (box.right > innerWidth + 1 || box.left < -1) ? `out of the window: ${nameOf(element)}` : null;
  };

  const unjudged = `script, style, noscript, textarea, option, svg, .skip-link, .ant-table-measure-row, ${MAPS}`;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    const element = text.parentElement;
    if (!text.data.trim() || !element || element.closest(unjudged) || !isShown(element)) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    for (const box of range.getClientRects()) {
      if (box.width < 1 || box.height < 1) continue;
      const why = cutBy(element, box);
      if (why) found.add(`${why}: ${text.data.trim().slice(0, 40)}`);
    }
  }

  const pen = document.createElement("canvas").getContext("2d");
  for (const input of document.querySelectorAll("input[placeholder]")) {
    if (input.value || !input.placeholder || input.clientWidth === 0 || !isShown(input)) continue;
    const style = getComputedStyle(input);
    pen.font = style.font;
    const room = input.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    if (pen.measureText(input.placeholder).width > room + SLACK) found.add(`hint cut off: ${input.placeholder}`);
  }
  return [...found];
}
