// Shows the next version of a preview in the place of this one: what is alike stays as it is, so
// nothing flashes and the page stays where it was scrolled to.
"use strict";
(() => {
  const own = document.currentScript;
  own.remove();

  const isAlike = (one, two) => one.isEqualNode(two);

  function attributes(old, made) {
    for (const { name } of [...old.attributes]) {
      if (!made.hasAttribute(name)) old.removeAttribute(name);
    }
    for (const { name, value } of made.attributes) {
      if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    }
  }

  function children(old, made) {
    const was = [...old.childNodes];
    const is = [...made.childNodes];
    let start = 0;
    while (start < was.length && start < is.length && isAlike(was[start], is[start])) start += 1;
    let end = 0;
    while (
      end < was.length - start &&
      end < is.length - start &&
      isAlike(was[was.length - 1 - end], is[is.length - 1 - end])
    ) end += 1;
    const gone = was.slice(start, was.length - end);
    const come = is.slice(start, is.length - end);
    const after = was[was.length - end] ?? null;
    come.forEach((node, at) => {
      const before = gone[at];
      if (before && before.nodeType === 1 && before.nodeName === node.nodeName) {
        attributes(before, node);
        children(before, node);
      } else if (before) {
        before.replaceWith(node);
      } else {
        old.insertBefore(node, after);
      }
    });
    gone.slice(come.length).forEach((node) => node.remove());
  }

  addEventListener("message", (event) => {
    if (event.source !== parent || typeof event.data?.html !== "string") return;
    const made = new DOMParser().parseFromString(event.data.html, "text/html");
    attributes(document.documentElement, made.documentElement);
    children(document.head, made.head);
    attributes(document.body, made.body);
    children(document.body, made.body);
    parent.postMessage({ preview: "shown", number: event.data.number }, "*");
  });

  // A preview is one page: where its links lead is told, and not gone to.
  addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href], area[href]");
    if (!link) return;
    const target = link.getAttribute("href");
    if (target.startsWith("#")) return;
    event.preventDefault();
    parent.postMessage({ preview: "link", target: link.href }, "*");
  });

  parent.postMessage({ preview: "ready" }, "*");
})();
