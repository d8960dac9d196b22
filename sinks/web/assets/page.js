// Sections are replaced as a whole when figures move: give the keyboard its place back, and keep open what was opened.
(() => {
  let last = null;
  const sign = (element) => {
    const section = element.closest("[data-section]");
    return section && { section: section.dataset.section, tag: element.tagName, href: element.getAttribute("href"), id: element.id };
  };
  document.addEventListener("focusin", (event) => { last = sign(event.target); });
  document.addEventListener("pointerdown", () => { last = null; });
  // The place that an address names comes after the page itself: go there once it is there.
  let sought = location.hash.slice(1);
  const opened = new Set();
  const name = (one) => {
    const section = one.closest("[data-section]");
    return section && `${section.dataset.section} ${one.dataset.key || [...section.querySelectorAll("details")].indexOf(one)}`;
  };
  document.addEventListener("toggle", (event) => {
    if (event.target.tagName !== "DETAILS" || !event.target.isConnected) return;
    opened[event.target.open ? "add" : "delete"](name(event.target));
  }, true);
  new MutationObserver(() => {
    const named = sought && document.getElementById(sought);
    if (named) { sought = ""; named.scrollIntoView(); named.classList.add("sought"); }
    if (opened.size) document.querySelectorAll("details:not([open])").forEach((one) => { if (opened.has(name(one))) one.open = true; });
    if (!last || (document.activeElement && document.activeElement !== document.body)) return;
    const inside = document.querySelectorAll(`[data-section="${CSS.escape(last.section)}"] ${last.tag}`);
    const again = [...inside].find((one) => one.id === last.id && one.getAttribute("href") === last.href);
    if (again) again.focus({ preventScroll: true });
  }).observe(document, { childList: true, subtree: true });
})();
