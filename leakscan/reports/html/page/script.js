"use strict";
(() => {
  const form = document.getElementById("filters");
  const list = document.getElementById("list");
  if (!form || !list) return;
  const byId = (id) => document.getElementById(id);
  const cards = [...list.querySelectorAll(".finding")];
  const groups = [...list.querySelectorAll(".group")];
  const homes = new Map(cards.map((card) => [card, card.parentElement]));
  const selects = [...form.querySelectorAll("select[data-fact]")];
  const texts = new Map();
  const textOf = (card) => {
    if (!texts.has(card)) texts.set(card, card.textContent.toLowerCase());
    return texts.get(card);
  };

  const fits = (card, words) =>
    selects.every((select) => !select.value || card.dataset[select.dataset.fact] === select.value) &&
    words.every((word) => textOf(card).includes(word));

  const filter = () => {
    const words = byId("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    const counts = new Map();
    for (const card of cards) {
      card.hidden = !fits(card, words);
      if (card.hidden) continue;
      shown += 1;
      counts.set(card.parentElement, (counts.get(card.parentElement) || 0) + 1);
    }
    for (const group of list.children) {
      const count = counts.get(group) || 0;
      group.hidden = !count;
      group.querySelector(".count").textContent = count.toLocaleString("en");
    }
    byId("nothing").hidden = shown > 0;
    const all = cards.length.toLocaleString("en");
    byId("shown").textContent = `${shown.toLocaleString("en")} of ${all} findings shown`;
  };

  const made = (name) => {
    const group = document.createElement("section");
    const heading = document.createElement("h3");
    const count = document.createElement("span");
    group.className = "group";
    count.className = "count";
    heading.append(`${name} `, count);
    group.append(heading);
    return group;
  };

  const regroup = () => {
    const fact = byId("group-by").value;
    if (!fact) {
      for (const card of cards) homes.get(card).append(card);
      list.replaceChildren(...groups);
    } else {
      const named = new Map();
      for (const card of cards) {
        const name = card.dataset[fact];
        if (!named.has(name)) named.set(name, made(name));
        named.get(name).append(card);
      }
      const sorted = [...named].sort(([one], [other]) => (one < other ? -1 : 1));
      list.replaceChildren(...sorted.map(([, group]) => group));
    }
    filter();
  };

  const openAll = () => {
    const button = byId("open-all");
    const open = button.textContent === "Open all";
    for (const card of cards) if (!card.hidden) card.firstElementChild.open = open;
    button.textContent = open ? "Close all" : "Open all";
  };

  const follow = () => {
    const card = cards.find((each) => `#${each.id}` === location.hash);
    if (!card) return;
    if (card.hidden) form.reset();
    card.firstElementChild.open = true;
    card.scrollIntoView();
    card.querySelector("summary").focus({ preventScroll: true });
  };

  let waiting;
  byId("search").addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(filter, 120);
  });
  for (const select of selects) select.addEventListener("change", filter);
  byId("group-by").addEventListener("change", regroup);
  byId("open-all").addEventListener("click", openAll);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(regroup));
  addEventListener("hashchange", follow);
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")];
    for (const each of opened) each.open = true;
  });
  addEventListener("afterprint", () => {
    for (const each of opened) each.open = false;
  });
  form.hidden = false;
  regroup();
  follow();
})();
