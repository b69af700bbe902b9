"use strict";
const token = location.pathname.split("/")[1];
const get = (id) => document.getElementById(id);
let labels = [];
let done = new Set();
let total = 0;
let place = 0;
let item = null;
let spans = []; // [first word, last word, label]
let from = 0; // the marked words
let to = 0;
let busy = false;

function say(text, bad) {
  get("said").textContent = text;
  get("said").className = bad ? "note bad" : "note";
}

async function ask(path, options) {
  const answer = await fetch(path, options);
  const content = await answer.json();
  if (!answer.ok && answer.status !== 409) throw new Error(content.error);
  return [answer.status, content];
}

function inWords(given) {
  return given.map((span) => {
    const first = item.words.findIndex(([, end]) => end > span.start);
    const after = item.words.findIndex(([start]) => start >= span.end);
    return [first, (after < 0 ? item.words.length : after) - 1, span.label];
  });
}

async function open(next) {
  if (!total) return;
  place = Math.min(Math.max(next, 0), total - 1);
  try {
    [, item] = await ask(`sentence/${place}`);
  } catch (error) {
    say(`The sentence could not be fetched: ${error.message}`, true);
    return;
  }
  spans = inWords((item.decision || item).spans);
  from = to = spans.length ? spans[0][0] : 0;
  get("drawing").innerHTML = item.html; // escaped where it was made
  const state = item.decision ? `decided: ${item.decision.answer}` : "";
  say(item.decision && item.decision.reviewer ? `${state} by ${item.decision.reviewer}` : state);
  draw();
}

function colour(label) {
  const chip = [...get("drawing").querySelectorAll(".chip")].find((c) => c.textContent === label);
  return chip ? chip.className.replace("chip", "").trim() : "c-3";
}

function draw() {
  const box = get("words");
  box.replaceChildren();
  item.words.forEach(([start, end], i) => {
    const word = document.createElement("span");
    const own = spans.find(([first, last]) => first <= i && i <= last);
    word.className = "word" + (own ? ` in ${colour(own[2])}` : "");
    if (i >= Math.min(from, to) && i <= Math.max(from, to)) word.classList.add("at");
    word.textContent = item.text.slice(start, end);
    if (own && own[1] === i) {
      const name = document.createElement("span");
      name.className = "name";
      name.textContent = own[2];
      word.append(name);
    }
    word.addEventListener("click", (event) => {
      to = i;
      if (!event.shiftKey) from = i;
      draw();
    });
    box.append(word);
    const next = item.words[i + 1];
    if (next && next[0] > end) box.append(" ");
  });
  const row = get("labels");
  row.replaceChildren();
  labels.forEach((label, i) => {
    const button = document.createElement("button");
    button.type = "button";
    if (i < 9) {
      const key = document.createElement("kbd");
      key.textContent = i + 1;
      button.append(key, " ");
    }
    button.append(label);
    button.addEventListener("click", () => setLabel(label));
    row.append(button);
  });
  get("where").textContent = `${place + 1} of ${total}, ${done.size} decided`;
}

function cut() {
  const [first, last] = [Math.min(from, to), Math.max(from, to)];
  spans = spans.filter((span) => span[1] < first || span[0] > last);
  return [first, last];
}

function setLabel(label) {
  const [first, last] = cut();
  spans.push([first, last, label]);
  spans.sort((a, b) => a[0] - b[0]);
  draw();
}

async function decide(answer) {
  if (busy || !item) return;
  busy = true;
  const record = {
    row: item.row,
    text: item.text,
    answer,
    reviewer: get("who").value.trim(),
    seen: item.seen,
    spans: spans.map(([first, last, label]) => ({
      start: item.words[first][0],
      end: item.words[last][1],
      label,
    })),
  };
  try {
    const [status, content] = await ask("decide", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Xproj-Token": token },
      body: JSON.stringify(record),
    });
    if (status === 409) {
      item.seen = content.seen;
      say(`Not saved: ${content.error} (${content.decision.answer}). Decide again to replace that.`, true);
    } else {
      done.add(place);
      if (place + 1 < total) await open(place + 1);
      else {
        item.seen = content.seen;
        draw();
        say("Saved. This was the last sentence.");
      }
    }
  } catch (error) {
    say(`Not saved: ${error.message}. Is the command still running?`, true);
  }
  busy = false;
}

function move(step, mark) {
  to = Math.min(Math.max(to + step, 0), item.words.length - 1);
  if (!mark) from = to;
  draw();
}

function newLabel() {
  const label = (window.prompt("New label") || "").trim();
  if (!label) return;
  if (!labels.includes(label)) labels.push(label);
  setLabel(label);
}

document.addEventListener("keydown", (event) => {
  if (event.target.tagName === "INPUT" || event.ctrlKey || event.altKey || event.metaKey) return;
  if (!item) return;
  const rtl = getComputedStyle(get("words")).direction === "rtl" ? -1 : 1;
  const act = {
    Enter: () => decide("accept"),
    a: () => decide("accept"),
    i: () => decide("ignore"),
    ArrowUp: () => open(place - 1),
    ArrowDown: () => open(place + 1),
    ArrowLeft: () => move(-rtl, event.shiftKey),
    ArrowRight: () => move(rtl, event.shiftKey),
    x: () => { cut(); draw(); },
    Delete: () => { cut(); draw(); },
    n: newLabel,
    u: () => { spans = inWords(item.spans); draw(); },
  }[event.key];
  if (act) {
    event.preventDefault();
    act();
  } else if (/^[1-9]$/.test(event.key) && labels[event.key - 1]) {
    setLabel(labels[event.key - 1]);
  }
});
get("back").addEventListener("click", () => open(place - 1));
get("on").addEventListener("click", () => open(place + 1));
get("accept").addEventListener("click", () => decide("accept"));
get("ignore").addEventListener("click", () => decide("ignore"));

(async () => {
  try {
    const [, queue] = await ask("queue");
    labels = queue.labels;
    done = new Set(queue.done);
    total = queue.n;
    let first = 0;
    while (done.has(first)) first++;
    await open(first < total ? first : 0);
  } catch (error) {
    say(`The queue could not be fetched: ${error.message}`, true);
  }
})();
