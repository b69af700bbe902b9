"use strict";
// The sentences are packed, some to a block; a block is unpacked when one of its is looked at.
const data = JSON.parse(document.getElementById("data").textContent);
const form = document.getElementById("filters");
const list = document.getElementById("sentences");
const back = document.getElementById("back");
const on = document.getElementById("on");
const where = document.getElementById("where");
const blocks = new Map();
let found = [];
let first = 0;
let turn = 0;

async function unpack(number) {
  if (!blocks.has(number)) {
    const bytes = Uint8Array.from(atob(data.blocks[number]), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    blocks.set(number, await new Response(stream).json());
  }
  return blocks.get(number);
}

async function show() {
  const mine = ++turn;
  const wanted = found.slice(first, first + data.block);
  const parts = [];
  for (const i of wanted) {
    const block = await unpack(Math.floor(i / data.block));
    parts.push(block[i % data.block]);
  }
  if (mine !== turn) return; // the filter has changed meanwhile
  list.innerHTML = parts.join("");
  const range = wanted.length ? `${first + 1} to ${first + wanted.length} of ` : "";
  where.textContent = `${range}${found.length} sentences`;
  back.disabled = first === 0;
  on.disabled = first + data.block >= found.length;
}

function filter() {
  const text = form.elements.text.value.trim().toLowerCase();
  const label = form.elements.label.value;
  const status = form.elements.status.value;
  found = [];
  for (let i = 0; i < data.texts.length; i++) {
    if (text && !data.texts[i].includes(text)) continue;
    if (label !== "" && !data.labels[i].includes(Number(label))) continue;
    if (status !== "" && !data.statuses[i].includes(Number(status))) continue;
    found.push(i);
  }
  first = 0;
  show();
}

function turnPage(step) {
  const next = first + step * data.block;
  if (next < 0 || next >= found.length) return;
  first = next;
  show().then(() => window.scrollTo(0, 0));
}

form.addEventListener("input", filter);
form.addEventListener("submit", (event) => event.preventDefault());
back.addEventListener("click", () => turnPage(-1));
on.addEventListener("click", () => turnPage(1));
document.addEventListener("keydown", (event) => {
  if (["INPUT", "SELECT"].includes(event.target.tagName)) return;
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === "ArrowRight" || event.key === "n") turnPage(1);
  else if (event.key === "ArrowLeft" || event.key === "p") turnPage(-1);
  else if (event.key === "/") {
    event.preventDefault();
    form.elements.text.focus();
  }
});
if (typeof DecompressionStream === "undefined") {
  list.textContent = "This browser cannot unpack the sentences; use one of 2023 or later.";
} else {
  filter();
}
