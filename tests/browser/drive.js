// After the page: uses it as a reader would, and writes down what it sees.
"use strict";
(async () => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const seen = {};
  const form = document.getElementById("filters");
  const shown = () => all(".theme .all li").filter((quote) => !quote.hidden);
  const set = (name, value) => {
    form.elements[name].value = value;
    form.elements[name].dispatchEvent(new Event("input", { bubbles: true }));
  };
  const filtered = (name, value, holds) => {
    set(name, value);
    const quotes = shown();
    const count = quotes.length;
    const right = quotes.every(holds);
    const said = document.getElementById("found").textContent;
    set(name, "");
    return { count, right, said };
  };
  const visible = (element) => element.checkVisibility({ visibilityProperty: true });
  const textNodes = () => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const nodes = [];
    while (walker.nextNode()) {
      const { currentNode: node } = walker;
      const of = node.parentElement;
      if (node.data.trim() && !of.closest("script, style, select, .skip, #findings") && visible(of)) nodes.push(node);
    }
    return nodes;
  };
  const name = (element, text) => `${element.tagName.toLowerCase()}.${element.className.baseVal ?? element.className}: ${text.trim().slice(0, 30)}`;

  // Text that does not fit: past the window, its drawing or a box that does not scroll.
  const overflow = () => {
    const found = [];
    const width = document.documentElement.clientWidth;
    for (const node of textNodes()) {
      const of = node.parentElement;
      const range = document.createRange();
      range.selectNodeContents(node);
      const { left, right } = range.getBoundingClientRect();
      let [from, to] = [0, width];
      for (let box = of; box; box = box.parentElement) {
        const own = box.getBoundingClientRect();
        if (box.tagName === "svg") [from, to] = [own.left, own.right];
        if (["auto", "scroll"].includes(getComputedStyle(box).overflowX)) {
          // What scrolls need not fit; what it scrolls in must.
          if (own.right > width + 1) found.push(name(box, "scrolls past the window"));
          [from, to] = [-Infinity, Infinity];
          break;
        }
        if (box.tagName === "svg") break;
      }
      if (left < from - 1 || right > to + 1) found.push(name(of, node.data));
    }
    if (document.documentElement.scrollWidth > width + 1) found.push(`the page is ${document.documentElement.scrollWidth} wide`);
    return found;
  };

  const channels = (color) => (color.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = (color) => {
    const [r, g, b] = channels(color).map((value) => value / 255).map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let box = element; box; box = box.parentElement) {
      const color = getComputedStyle(box).backgroundColor;
      if ((channels(color)[3] ?? 1) > 0) return color;
    }
    return "rgb(255, 255, 255)";
  };
  // Text of less than 4.5 to 1.
  const faint = () => {
    const found = new Set();
    for (const node of textNodes()) {
      const of = node.parentElement;
      const style = getComputedStyle(of);
      const pair = [of instanceof SVGElement ? style.fill : style.color, behind(of)].map(luminance).sort((one, other) => other - one);
      const contrast = (pair[0] + 0.05) / (pair[1] + 0.05);
      if (!(contrast >= 4.5)) found.add(`${contrast.toFixed(2)} ${name(of, node.data)}`);
    }
    return [...found].slice(0, 20);
  };

  const labeled = (element) => (element.getAttribute("aria-labelledby") ?? "").split(" ").every((id) => document.getElementById(id)?.textContent.trim());
  const access = () => {
    const found = [];
    const want = (holds, what) => holds || found.push(what);
    want(all("h1").length === 1, "one h1");
    for (const part of ["main", "nav[aria-label]", "header", "a.skip"]) want(all(part).length === 1, part);
    let level = 1;
    for (const heading of all("h1, h2, h3")) {
      const own = Number(heading.tagName[1]);
      want(own <= level + 1, `a level is skipped: ${heading.textContent}`);
      level = own;
    }
    for (const table of all("table")) want(table.caption?.textContent.trim(), `no caption: ${table.textContent.slice(0, 40)}`);
    for (const head of all("th")) want(head.scope && head.textContent.trim(), `a heading without scope or text: ${head.outerHTML.slice(0, 80)}`);
    for (const svg of all("svg")) want(svg.getAttribute("role") === "img" && labeled(svg), "a drawing without a text");
    for (const part of all("section, [role=region]")) want(part.hasAttribute("aria-label") || labeled(part), `a part without a name: ${part.id}`);
    for (const control of all("select, input:not([type=hidden])")) want(control.labels?.length === 1, `a control without a label: ${control.name}`);
    for (const box of all(".scroll")) want(box.tabIndex === 0, "a box that scrolls, out of reach of the keyboard");
    const ids = all("[id]").map((element) => element.id);
    want(new Set(ids).size === ids.length, "an id stands twice");
    for (const link of all("a")) want(document.getElementById(decodeURIComponent(link.hash.slice(1))), `a link to nowhere: ${link.hash}`);
    for (const control of all("button, select, input, summary, a").filter(visible)) {
      control.focus();
      const style = getComputedStyle(control);
      want(document.activeElement === control && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2, `the focus is not seen: ${control.outerHTML.slice(0, 60)}`);
    }
    return found;
  };

  try {
    seen.width = innerWidth;
    const themes = all("details.theme");
    seen.all = shown().length;
    seen.question = filtered("question", "Q1", (quote) => quote.dataset.question === "Q1");
    seen.group = filtered("group", "1", (quote) => quote.textContent.includes("医師会病院"));
    seen.stance = filtered("stance", "concern", (quote) => quote.textContent.includes("不満・懸念"));
    set("words", "ﾎｼﾞｮ"); // half-width kana find full-width ones
    seen.kana = shown().length;
    set("words", "補助");
    seen.words = { count: shown().length, right: shown().every((quote) => quote.querySelector("bdi").textContent.includes("補助")) };
    seen.opened = themes.filter((theme) => !theme.hidden).every((theme) => theme.open);
    form.querySelector("[type=reset]").click();
    await new Promise((done) => setTimeout(done, 50));
    seen.reset = { count: shown().length, closed: themes.every((theme) => !theme.open && !theme.hidden) };
    all("details").forEach((part) => { part.open = true; });
    const toggle = document.getElementById("switch");
    const state = () => ({
      lang: document.documentElement.lang,
      heading: document.querySelector("#themes h2").innerText,
      option: form.elements.stance.options[1].textContent,
      other: all("span, div, p").filter((part) => visible(part) && part.lang === (document.documentElement.lang === "ja" ? "en" : "ja")).length,
      overflow: overflow(),
    });
    seen.first = state();
    toggle.click();
    seen.second = state();
    toggle.click();
    seen.third = state();
    for (const button of all(".copy")) button.click();
    seen.copied = all(".copy + output").map((told) => told.textContent);
    seen.faint = faint();
    seen.access = access();
    seen.printed = all("nav, .filters, button").filter(visible).length;
    seen.requests = performance.getEntriesByType("resource").map((entry) => entry.name);
  } catch (error) {
    wrong.push(`driver: ${error.stack}`);
  }
  seen.wrong = wrong;
  const findings = document.createElement("pre");
  findings.id = "findings";
  findings.textContent = JSON.stringify(seen);
  document.body.append(findings);
  parent.postMessage(findings.textContent, "*");
})();
