"use strict";
(() => {
  const root = document.documentElement;
  const form = document.getElementById("filters");
  const found = document.getElementById("found");
  const themes = [...document.querySelectorAll(".theme")];
  const fold = (text) => text.normalize("NFKC").toLowerCase();
  const quotes = [...document.querySelectorAll(".quotes li")];
  const counted = quotes.filter((quote) => !quote.closest(".examples"));
  const texts = new Map();
  const textOf = (quote) => {
    if (!texts.has(quote)) texts.set(quote, fold(quote.querySelector("bdi").textContent));
    return texts.get(quote);
  };
  let opened = null;
  const filter = () => {
    const { question, group, stance, words } = form.elements;
    const wanted = fold(words.value.trim());
    const active = Boolean(question.value || group.value || stance.value || wanted);
    for (const quote of quotes) {
      const data = quote.dataset;
      quote.hidden = !((!question.value || data.question === question.value)
        && (!group.value || data.group.includes(` ${group.value} `))
        && (!stance.value || data.stance === stance.value)
        && (!wanted || textOf(quote).includes(wanted)));
    }
    if (active && !opened) opened = themes.map((theme) => theme.open);
    themes.forEach((theme, at) => {
      const shown = theme.querySelectorAll(".all li:not([hidden])").length;
      theme.hidden = active && shown === 0;
      theme.querySelector(".shown").textContent = active ? `✓ ${shown}` : "";
      if (active) theme.open = Boolean(wanted) || opened[at];
      else if (opened) theme.open = opened[at];
    });
    if (!active) opened = null;
    const shown = counted.filter((quote) => !quote.hidden).length;
    found.textContent = active ? `${shown} / ${counted.length}` : "";
  };
  form.hidden = quotes.length === 0;
  form.addEventListener("input", filter);
  form.addEventListener("reset", () => setTimeout(filter, 0));
  form.addEventListener("submit", (event) => event.preventDefault());
  document.getElementById("switch").addEventListener("click", () => {
    const lang = root.dataset.lang === "ja" ? "en" : "ja";
    root.dataset.lang = lang;
    root.lang = lang;
    for (const option of form.querySelectorAll("option[data-ja]")) option.textContent = option.dataset[lang];
  });
  for (const button of document.querySelectorAll(".copy")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const text = document.getElementById(button.dataset.of);
      getSelection().selectAllChildren(text);
      const copied = document.execCommand("copy");
      const told = root.dataset.lang === "ja" ? ["コピーしました", "選択しました"] : ["Copied", "Selected"];
      button.nextElementSibling.textContent = told[copied ? 0 : 1];
    });
  }
})();
