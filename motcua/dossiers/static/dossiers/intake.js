/* intake.js: the intake page at the speed of the keyboard. The page is a plain form; this adds
   - the card: a scan anywhere on the page goes to the person in work, is read by the server and saved in the draft;
   - by post: one key, and what the slip of the post says; date and fees follow the channel;
   - the procedure: choosing one brings its cases, papers and promise; digits choose a case;
   - the paper list, a focus area of its own: up and down, 1 2 3 4 0, plus, minus, space, A, N, Enter;
   - Enter goes on, Ctrl+Enter sends and keeps everything on the page until the server has answered;
   - a locked screen or a restarted server loses nothing: log in beside, press again, one dossier comes of it.
   A scanner also types letters and digits where the cursor stands: keys outside text fields wait 45 ms and a
   burst of them is dropped, so that a card never ticks papers. */

const form = document.getElementById("intake");
const urls = form.dataset;
const QUIET = 45;
const BURST = 6;
const COUNTS = ["originals", "certified", "copies"];
const FORMS = { 1: "originals", 2: "certified", 3: "copies", 4: "shown" };
const SKIPPED = new Set(["kind", "id_kind", "other_id_kind", "other", "by_post", "represents", "renamed", "agency", "exemption", "missing_ok", "no_tax_code_reason"]);
let leaving = false;
let sending = false;

const field = (name) => form.elements.namedItem(name);
const valueOf = (name) => field(name)?.value?.trim() ?? "";
const seen = (one) => !one.disabled && one.getClientRects().length > 0;
const tell = (one) => one.dispatchEvent(new Event("change", { bubbles: true }));
const headers = () => ({ "X-CSRFToken": document.querySelector('meta[name="csrf-token"]').content, "X-Motcua-Script": "1" });

function go(one) {
  if (!one) return;
  one.focus();
  if (one.matches("input:not([type=radio], [type=checkbox])")) one.select();
}

// ── Talking to the server

/* A log-in in another tab changes the token: fetch this page again and take its new one. */
async function freshToken() {
  try {
    const answer = await fetch(form.action, { credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const token = page.querySelector('meta[name="csrf-token"]')?.content;
    if (answer.redirected || !token || !page.getElementById("intake")) return false;
    document.querySelector('meta[name="csrf-token"]').content = token;
    field("csrfmiddlewaretoken").value = token;
    return true;
  } catch { return false; }
}

async function post(url, body) {
  const send = () => fetch(url, { method: "POST", body: new URLSearchParams(body), headers: headers(), credentials: "same-origin" });
  const answer = await send();
  return answer.status === 403 && await freshToken() ? send() : answer;
}

function saved() {
  for (const place of document.querySelectorAll("[data-saved]:not(.is-unsaved)")) place.textContent = `${place.dataset.wordsSaved} ${new Date().toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Ho_Chi_Minh" })}`;
}

const retried = new WeakSet();
form.addEventListener("autosaved", async (event) => {
  if (event.detail.ok) return;
  if (retried.has(event.target)) return report(urls.wordsElsewhere, "wait");
  if (!await freshToken()) return;
  retried.add(event.target);
  tell(event.target);
});

// ── People

function note(prefix, lines) {
  const place = form.querySelector(`[data-notes="${prefix}"]`);
  place.replaceChildren(...lines.map(([look, text]) => {
    const line = document.createElement("p");
    line.className = `is-${look}`;
    line.textContent = text;
    return line;
  }));
}

function fill(fields, doubtful = []) {
  for (const [name, value] of Object.entries(fields)) {
    const control = field(name);
    if (control) control.value = value;
  }
  for (const one of form.querySelectorAll(".is-doubtful")) one.classList.remove("is-doubtful");
  for (const name of doubtful) field(name)?.classList?.add("is-doubtful");
  state();
}

async function ask(url, body, prefix, failure) {
  try {
    const answer = await post(url, body);
    if (answer.redirected) throw new Error("locked");
    const data = await answer.json();
    const lines = [["late", data.problems], ["good", data.notes], ["wait", data.warnings]];
    note(prefix, lines.flatMap(([look, texts]) => (texts ?? []).map((text) => [look, text])));
    fill(data.fields ?? {}, data.doubtful);
    if (rows().length && data.notes?.length) offersAnew();
    if (answer.ok) saved();
    return answer.ok ? data : null;
  } catch {
    note(prefix, failure ? [["late", failure]] : []);
    return null;
  }
}

async function readCard(text, prefix) {
  const box = field(`${prefix}card`);
  box.value = "";
  note(prefix, [["wait", urls.wordsReading]]);
  const data = await ask(urls.card, { text, party: prefix ? "other" : "" }, prefix, urls.wordsNotRead);
  if (!data) go(box);
  else if (prefix) go(field("authority"));
  else go(valueOf("variant") ? nextOf(field("procedure")) : field("procedure"));
}

/* The person in work: the second one while the focus stands there, or once the first is known. */
function personOf(element) {
  const inside = element?.closest?.("[data-person]")?.dataset.person;
  if (inside) return inside;
  return field("other").checked && valueOf("full_name") && !valueOf("other_full_name") ? "other_" : "";
}

form.addEventListener("scan", (event) => {
  event.preventDefault();
  readCard(event.detail.text, personOf(document.activeElement));
});

function enough(name, text, country) {
  if (name === "tax_code") return text.length >= 10;
  return name.endsWith("personal_id") ? /^[0-9 .]{12,}$/.test(text) : country.length === 2;
}

async function recognise(control) {
  const prefix = control.name.startsWith("other_") ? "other_" : "";
  const by = control.name.replace("passport_country", "passport_number");
  const country = valueOf(`${prefix}passport_country`);
  const text = valueOf(by);
  if (!enough(by, text, country)) return false;
  const data = await ask(urls.known, { by, text, country }, by === "tax_code" ? "organization" : prefix, "");
  return Boolean(data?.known);
}

/* A name or a telephone that nobody here is known by: it stands in its field, what is missing comes next. */
function newcomer(box, name, text) {
  const prefix = box.name.slice(0, -"card".length);
  box.value = "";
  field(name).value = text;
  tell(field(name));
  go(field(`${prefix}${name === "phone" ? "full_name" : "personal_id"}`));
}

// Somebody was chosen among returning applicants.
form.addEventListener("picked", async (event) => {
  const box = event.target;
  const prefix = box.name.startsWith("other_") ? "other_" : "";
  const data = await ask(urls.choose, { ...event.detail, party: prefix ? "other" : "" }, box.name === "org_name" ? "organization" : prefix, urls.wordsNotRead);
  if (!data) return;
  if (box.name.endsWith("card")) box.value = "";
  go(prefix ? field("authority") : field("procedure"));
});

/* Twelve digits in the card field are a number that somebody typed because there is no card to scan. */
async function cardEntered(box) {
  const prefix = box.name.slice(0, -"card".length);
  const text = box.value.trim();
  if (!text) return go(nextOf(box));
  const called = /^0[0-9 .]{9,12}$/.test(text) && text.replace(/\D/g, "").length < 12;
  if (called || /^[^\d|]{2,}$/.test(text)) return newcomer(box, called ? "phone" : `${prefix}full_name`, text);
  if (!/^[0-9 .]{9,15}$/.test(text)) return readCard(text, prefix);
  box.value = "";
  const number = field(`${prefix}personal_id`);
  number.value = text;
  tell(number);
  go(field(`${prefix}full_name`));
  if (await recognise(number) && document.activeElement === field(`${prefix}full_name`)) go(field(prefix ? "authority" : "procedure"));
}

// ── Procedure, case, promise

const chosen = () => [...["procedure", "variant", "agency", "exemption"].map((name) => [name, valueOf(name)]), ["by_post", field("by_post").checked ? "on" : ""]];
let loaded = String(chosen());
let loading = 0;
async function loadCase() {
  if (loaded === String(chosen())) return;
  loaded = String(chosen());
  const turn = ++loading;
  const url = new URL(urls.case, location.href);
  for (const [name, value] of chosen()) url.searchParams.set(name, value);
  if (form.hasAttribute("data-scan")) url.searchParams.set("scan", "");
  let page;
  try {
    const answer = await fetch(url, { headers: headers(), credentials: "same-origin" });
    if (!answer.ok || answer.redirected) return;
    page = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    loaded = "";
    return;
  }
  if (turn !== loading) return;
  const here = document.activeElement;
  place(page);
  loaded = String(chosen());
  state();
  if (here.name === "procedure" && form.querySelector(".mc-paper")) go(nextOf(here));
  else if (!here.isConnected) go(sameAs(here));
}

/* Somebody is known now who was not when the papers came: what they handed in before is offered. */
function offersAnew() {
  loaded = "";
  loadCase();
}

/* The control that took the place of one that was replaced: the focus never jumps. */
function sameAs(old) {
  if (old.matches(".mc-paper")) return form.querySelector(`[data-row="${old.dataset.row}"]`) ?? rows()[0];
  return form.querySelector(`input[name="${old.name}"]:checked, input[name="${old.name}"]:not([type=radio]), select[name="${old.name}"]`);
}

/* Put the parts of the answer where they belong; what was marked on papers that stay, stays. */
function place(page) {
  const typed = new Map([...form.querySelectorAll("[name^=paper-]")].map((one) => [one.name, one.type === "checkbox" ? one.checked : one.value]));
  for (const fresh of page.querySelectorAll("[id^=intake-]")) document.getElementById(fresh.id)?.replaceWith(fresh);
  for (const one of form.querySelectorAll("[name^=paper-]")) {
    if (!typed.has(one.name)) continue;
    if (one.type === "checkbox") one.checked = typed.get(one.name);
    else one.value = typed.get(one.name);
  }
  if (rows().length) at(rows()[0]);
}

// ── Papers

const rows = () => [...form.querySelectorAll(".mc-paper")];
const part = (row, name) => row.querySelector(`[name$="-${name}"]`);
const number = (row, name) => Number.parseInt(part(row, name).value, 10) || 0;
const reuse = (row) => part(row, "reuse") ?? row.querySelector('input[name$="-vault"]');
const other = (row) => row.querySelector('select[name$="-vault"]');
const present = (row) => part(row, "shown").checked || reuse(row)?.checked || other(row)?.value || COUNTS.some((name) => number(row, name) > 0);

function put(row, wanted) {
  for (const name of Object.values(FORMS)) {
    const control = part(row, name);
    const value = wanted[name] ?? 0;
    const changed = name === "shown" ? control.checked !== Boolean(value) : number(row, name) !== value;
    if (!changed) continue;
    if (name === "shown") control.checked = Boolean(value);
    else control.value = value || "";
    tell(control);
  }
  if (reuse(row)?.checked) useAgain(row);
  if (other(row)?.value && Object.values(wanted).some(Boolean)) {
    other(row).value = "";
    tell(other(row));
  }
}

/* The paper of an earlier dossier stands for this one, or no longer: what was counted gives way, and the other way. */
function useAgain(row) {
  const box = reuse(row);
  if (!box) return;
  const on = !box.checked;
  if (on) put(row, {});
  box.checked = on;
  tell(box);
}

/* One row and its boxes are in the order of Tab; the arrows reach the others. */
function at(row) {
  for (const one of rows()) {
    one.tabIndex = one === row ? 0 : -1;
    for (const control of one.querySelectorAll("input:not([type=file]), select, a, button")) control.tabIndex = one === row ? 0 : -1;
  }
}

function step(row, distance) {
  const list = rows();
  list[Math.max(0, Math.min(list.length - 1, list.indexOf(row) + distance))].focus();
}

function asked(row) {
  return Object.fromEntries(Object.values(FORMS).map((name) => [name, Number(row.getAttribute(`data-asked-${name}`)) || 0]));
}

function markAll() {
  for (const row of rows()) if (row.hasAttribute("data-must") && !present(row)) put(row, asked(row));
  state();
}

function extra() {
  const row = form.querySelector(".mc-paper[data-extra]");
  if (row) go(part(row, "name"));
}

/* A paper the catalogue does not know has got its name: one more empty line under it. */
function grow(row) {
  const serial = Number(row.dataset.row.slice(1)) + 1;
  row.removeAttribute("data-extra");
  row.classList.remove("is-extra");
  if (serial > 20) return;
  const next = row.cloneNode(true);
  next.dataset.row = `x${serial}`;
  next.dataset.extra = "";
  next.classList.add("is-extra");
  for (const one of next.querySelectorAll("input")) {
    one.name = one.name.replace(/x\d+/, `x${serial}`);
    if (one.type === "checkbox") one.checked = false;
    else one.value = "";
  }
  row.after(next);
  at(row);
}

function more(row, by) {
  const now = Object.fromEntries(COUNTS.map((name) => [name, number(row, name)]));
  const name = COUNTS.find((one) => now[one] > 0) ?? "originals";
  put(row, { ...now, [name]: Math.max(0, Math.min(99, now[name] + by)) });
}

function cycle(row) {
  const order = Object.values(FORMS);
  const now = part(row, "shown").checked ? "shown" : COUNTS.find((name) => number(row, name) > 0);
  const next = order[order.indexOf(now) + 1];
  put(row, next ? { [next]: 1 } : {});
}

function paperKey(row, key) {
  if (FORMS[key]) {
    put(row, { [FORMS[key]]: Math.max(1, asked(row)[FORMS[key]]) });
    step(row, 1);
  } else if (key === "0") {
    put(row, {});
    step(row, 1);
  } else if (key === "+" || key === "=") more(row, 1);
  else if (key === "-") more(row, -1);
  else if (key === " ") cycle(row);
  else if (key === "R" && reuse(row)) {
    useAgain(row);
    step(row, 1);
  } else if (key === "A") markAll();
  else if (key === "N") extra();
  else if (key === "F") row.querySelector("input[type=file]")?.click();
  else if (key === "K") form.querySelector("[data-vault]")?.click();
  else if (key === "Q") row.querySelector("[data-station]")?.click();
  state();
}

function chooseCase(key) {
  const choice = form.querySelectorAll("[name=variant]")[Number(key) - 1];
  if (!choice) return;
  choice.checked = true;
  go(form.querySelector(".mc-paper"));
  tell(choice);
}

/* Keys outside text fields: a person's come one by one, a scanner's in a burst. */
let queue = [];
let timer = 0;
function flush() {
  clearTimeout(timer);
  const keys = queue;
  queue = [];
  if (keys.length < BURST) for (const [act, key] of keys) act(key);
}
function later(act, key) {
  queue.push([act, key]);
  clearTimeout(timer);
  timer = setTimeout(flush, QUIET);
}

const MOVES = { ArrowDown: 1, ArrowUp: -1, Home: -99, End: 99 };
const rowNow = (row) => document.activeElement?.closest?.(".mc-paper") ?? row;

form.addEventListener("keydown", (event) => {
  if (event.isComposing || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
  const row = event.target.matches(".mc-paper") ? event.target : null;
  if (event.key === "Enter") enter(event, row);
  else if (!row && event.target.name === "variant" && /^[1-9]$/.test(event.key)) {
    event.preventDefault();
    later(chooseCase, event.key);
  } else if (row && event.key in MOVES) {
    event.preventDefault();
    flush();
    step(rowNow(row), MOVES[event.key]);
  } else if (row && event.key === "ArrowRight") {
    event.preventDefault();
    go(row.querySelector("input"));
  } else if (row && /^[0-9aAkKnNfFqQrR+= -]$/.test(event.key)) {
    event.preventDefault();
    later((key) => paperKey(rowNow(row), key), event.key.toUpperCase());
  }
});

// A scan that begins while no field has the focus must not press the keys of the lists beside.
document.body.addEventListener("keydown", (event) => {
  const typing = event.target.matches("input:not([type=checkbox], [type=radio], [type=file]), textarea, select");
  if (!typing && /^[0-9]$/.test(event.key) && !event.ctrlKey && !event.altKey && !event.metaKey) event.preventDefault();
});

form.addEventListener("focusin", (event) => {
  const row = event.target.closest(".mc-paper");
  if (row) at(row);
});

// ── Scans beside the form

function look(link) {
  const pane = document.querySelector("[data-preview]");
  const pages = Math.min(Number(link.dataset.look), 20);
  const base = link.href.replace(/\d+$/, "");
  pane.hidden = false;
  pane.replaceChildren(...Array.from({ length: pages }, (_, page) => {
    const picture = document.createElement("img");
    picture.src = base + (page + 1);
    picture.alt = `${link.textContent}, ${page + 1}/${pages}`;
    picture.loading = "lazy";
    return picture;
  }));
}

form.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-look]");
  const button = event.target.closest("[data-drop-file]");
  if (link) {
    event.preventDefault();
    look(link);
  } else if (button) {
    event.preventDefault();
    const row = button.closest(".mc-paper");
    const answer = await post(button.dataset.dropFile, {});
    if (answer.ok) button.closest(".mc-paper__files").innerHTML = await answer.text();
    document.querySelector("[data-preview]").hidden = true;
    row.focus();
  }
});

form.addEventListener("uploaded", (event) => {
  const links = event.target.closest(".mc-paper")?.querySelectorAll("a[data-look]") ?? [];
  if (links.length) look(links[links.length - 1]);
  saved();
});

// ── Enter goes on

function nextOf(one) {
  const row = one.closest(".mc-paper");
  if (row && row !== one) return row;
  const stops = [...form.querySelectorAll(".mc-part input, .mc-part select, .mc-part textarea, .mc-paper")].filter((stop) => {
    if (stop === one) return true;
    if (!seen(stop) || stop.type === "hidden" || SKIPPED.has(stop.name) || (one.name && stop.name === one.name)) return false;
    if (stop.matches(".mc-paper")) return !row && stop.tabIndex === 0;
    if (stop.closest(".mc-paper")) return false;
    if (stop.type !== "radio") return true;
    return stop.checked ? !/sex$/.test(stop.name) : !form.querySelector(`[name="${stop.name}"]:checked`);
  });
  return stops[stops.indexOf(one) + 1];
}

function enter(event, row) {
  const one = event.target;
  if (one.matches("textarea, button, summary, a") || one.closest(".mc-decide")) return;
  event.preventDefault();
  if (row) flush();
  if (one.name === "card" || one.name === "other_card") cardEntered(one);
  else if (/(personal_id|passport_country|tax_code)$/.test(one.name)) entered(one);
  else go(nextOf(one));
}

async function entered(one) {
  tell(one);
  const known = await recognise(one);
  if (document.activeElement !== one) return;
  if (!known && valueOf(`${one.name.startsWith("other_") ? "other_" : ""}full_name`) && /personal_id$/.test(one.name)) return go(field(one.name.replace("personal_id", "birth")));
  go(known && !one.name.startsWith("other_") ? field("procedure") : nextOf(one));
}

form.addEventListener("change", (event) => {
  const one = event.target;
  if (one.name === "procedure" || one.name === "variant" || one.name === "agency" || one.name === "by_post") loadCase();
  if (one.name === "by_post" && one.checked) go(field("post_sender"));
  if (one.name === "other" && one.checked) go(field("other_card"));
  const row = one.name?.endsWith("-name") && one.value.trim() && one.closest(".mc-paper[data-extra]");
  if (row) grow(row);
  if (one.matches('select[name$="-vault"]') && one.value) put(one.closest(".mc-paper"), {}); // it stands for what was counted
  state();
});

// Stands beside the form, where the fees are.
document.addEventListener("change", (event) => event.target.name === "exemption" && loadCase());

// ── What is done, what is missing

function state() {
  const organization = valueOf("kind") === "organization";
  const list = rows();
  const lacks = (row) => row.hasAttribute("data-must") && !present(row);
  const missing = list.filter(lacks);
  for (const row of list) {
    row.classList.toggle("is-present", present(row));
    row.classList.toggle("is-missing", lacks(row));
  }
  count(missing.length, list.some(present));
  const person = valueOf("full_name") && (valueOf("personal_id") || valueOf("passport_number") || valueOf("no_paper_reason"));
  const ready = {
    person: organization ? valueOf("org_name") && (valueOf("tax_code") || valueOf("no_tax_code_reason")) : person,
    procedure: valueOf("variant"),
    papers: list.some(present) && (!missing.length || field("missing_ok")?.checked),
    result: valueOf("phone"),
  };
  for (const [name, done] of Object.entries(ready)) form.querySelector(`[data-part="${name}"]`)?.classList.toggle("is-done", Boolean(done));
}

function count(missing, any) {
  const line = form.querySelector("[data-count]");
  if (!line) return;
  const text = missing ? `${line.dataset.wordsMissing} ${missing}` : any ? line.dataset.wordsAll : "";
  if (line.textContent !== text) line.textContent = text;
  line.classList.toggle("is-good", !missing);
  form.querySelector(".mc-missing-ok")?.classList.toggle("is-needed", missing > 0);
}

document.addEventListener("toggle", (event) => {
  const box = event.target;
  if (!box.open || !box.matches?.(".mc-decide")) return;
  if (box.id === "ask" && !box.querySelector("[data-ask]:checked")) proposeMissing(box);
  go(box.querySelector("[data-ask]:checked") ?? box.querySelector("[data-ask], textarea, [role=combobox]"));
  box.scrollIntoView({ block: "nearest" });
}, true);

function proposeMissing(box) {
  for (const row of rows().filter((one) => one.classList.contains("is-missing"))) {
    const tick = box.querySelector(`[data-ask="${row.dataset.row}"]`);
    const why = field(`paper-${row.dataset.row}-why`);
    if (!tick) continue;
    tick.checked = true;
    tell(tick);
    if (!why.value) {
      why.value = urls.wordsNotGiven;
      tell(why);
    }
  }
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "F4" || event.defaultPrevented || event.altKey) return;
  event.preventDefault();
  const other = form.querySelector("[name=kind]:not(:checked)");
  other.checked = true;
  tell(other);
  go(other.value === "organization" ? field("tax_code") : field("card"));
});
form.addEventListener("click", (event) => { if (event.target.closest("[data-all]")) markAll(); });

// ── Sending

function report(text, look = "late") {
  const box = document.createElement("div");
  box.className = `mc-notice is-${look}`;
  box.setAttribute("role", "alert");
  const words = document.createElement("div");
  words.className = "mc-notice__text";
  words.textContent = text;
  box.append(words);
  form.querySelector("[data-errors]").replaceChildren(box);
  box.scrollIntoView({ block: "nearest" });
}

/* The server's page with its faults takes the place of this one's form; what was typed came back with it. */
function show(page) {
  form.replaceChildren(...page.getElementById("intake").childNodes);
  document.getElementById("intake-promise")?.replaceWith(page.getElementById("intake-promise"));
  document.title = page.title;
  document.dispatchEvent(new CustomEvent("htmx:after:swap"));
  if (rows().length) at(rows()[0]);
  state();
  form.querySelector("[data-focus]")?.focus();
}

async function send(body) {
  const answer = await post(form.action, body);
  if (answer.headers.get("Content-Type")?.includes("json")) {
    const said = await answer.json();
    if (!said.to) return report(said.message, "wait");
    leaving = true;
    location.assign(said.to);
  } else if (answer.redirected || answer.status === 403) report(urls.wordsLocked, "wait");
  else if (answer.status >= 500) report(urls.wordsGone);
  else show(new DOMParser().parseFromString(await answer.text(), "text/html"));
}

// What changes while everything is on its way is sent again with everything, should the answer be no.
form.addEventListener("change", (event) => { if (sending) event.stopPropagation(); });

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (sending) return;
  flush();
  sending = true;
  form.setAttribute("aria-busy", "true");
  const body = new URLSearchParams(new FormData(form));
  body.delete("csrfmiddlewaretoken"); // the header carries the token, which a new log-in may change meanwhile
  if (event.submitter?.name) body.set(event.submitter.name, event.submitter.value);
  try {
    await send(body);
  } catch {
    report(urls.wordsOffline);
  }
  form.removeAttribute("aria-busy");
  sending = leaving;
});

// The server has everything: leaving needs no warning.
addEventListener("beforeunload", (event) => { if (leaving) event.stopImmediatePropagation(); }, true);

function begin() {
  for (const one of form.querySelectorAll("[name=kind]")) one.setAttribute("aria-keyshortcuts", "F4");
  if (rows().length) at(rows()[0]);
  state();
  if (document.querySelector("[data-focus]")) return;
  const named = valueOf("full_name") || valueOf("org_name");
  if (!named) go(valueOf("kind") === "organization" ? field("tax_code") : field("card"));
  else go((valueOf("variant") && form.querySelector(".mc-paper")) || field("procedure"));
}
begin();
