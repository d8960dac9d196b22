// Sections are replaced as a whole when figures move: give the keyboard its place back.
(() => {
  let last = null;
  const sign = (element) => {
    const section = element.closest("[data-section]");
    return section && { section: section.dataset.section, tag: element.tagName, href: element.getAttribute("href"), id: element.id };
  };
  document.addEventListener("focusin", (event) => { last = sign(event.target); });
  document.addEventListener("pointerdown", () => { last = null; });
  new MutationObserver(() => {
    if (!last || (document.activeElement && document.activeElement !== document.body)) return;
    const inside = document.querySelectorAll(`[data-section="${CSS.escape(last.section)}"] ${last.tag}`);
    const again = [...inside].find((one) => one.id === last.id && one.getAttribute("href") === last.href);
    if (again) again.focus({ preventScroll: true });
  }).observe(document, { childList: true, subtree: true });
})();
