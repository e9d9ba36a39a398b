/* drawing.js: a draft edited as a drawing with bpmn-js. What is drawn is sent as BPMN a second after the last
   change; the server reads it into the same steps as the table, and says what it means and what it cannot say.
   Only what a workflow can express is offered. Styles are set by bpmn-js through the CSSOM, as our policy asks. */

const by = (id) => document.getElementById(id);
const form = by("drawn");
const said = by("wf-saved");
const words = new Map([...document.querySelectorAll("#wf-words li")].map((one) => [one.dataset.source, one.textContent]));
const OFFERED = /^(hand-tool|lasso-tool|space-tool|global-connect-tool|tool-separator|create\.(start-event|end-event|exclusive-gateway|task|parallel)|append\.(end-event|gateway|append-task)|connect|replace|delete|replace-with-(user-task|task|manual-task|receive-task|service-task|call-activity|exclusive-gateway|parallel-gateway)|(append|create)-(user-task|task|manual-task|receive-task|service-task|call-activity|exclusive-gateway|parallel-gateway|none-end-event|none-start-event))$/;
const kept = (entries) => Object.fromEntries(Object.entries(entries).filter(([key]) => OFFERED.test(key)));

class Offer {
  static $inject = ["palette", "contextPad", "popupMenu", "create", "elementFactory", "translate", "autoPlace"];
  constructor(palette, contextPad, popupMenu, create, elementFactory, translate, autoPlace) {
    // The task of the palette is an officer's work, and next to the choice stands the fork.
    palette.registerProvider(300, { getPaletteEntries: () => (entries) => {
      const found = kept(entries);
      const make = (type) => (event) => create.start(event, elementFactory.createShape({ type }));
      if (found["create.task"]) found["create.task"].action = { click: make("bpmn:UserTask"), dragstart: make("bpmn:UserTask") };
      found["create.parallel"] = { group: "gateway", className: "bpmn-icon-gateway-parallel", title: translate("Create parallel gateway"), action: { click: make("bpmn:ParallelGateway"), dragstart: make("bpmn:ParallelGateway") } };
      return found;
    } });
    const offered = () => (entries) => {
      const found = kept(entries);
      const shape = () => elementFactory.createShape({ type: "bpmn:UserTask" });
      if (found["append.append-task"]) found["append.append-task"].action = { click: (_event, element) => autoPlace.append(element, shape()), dragstart: (event, element) => create.start(event, shape(), { source: element }) };
      return found;
    };
    contextPad.registerProvider(300, { getContextPadEntries: offered, getMultiElementContextPadEntries: () => kept });
    for (const menu of ["bpmn-replace", "bpmn-append", "bpmn-create"]) popupMenu.registerProvider(menu, 300, { getPopupMenuEntries: () => kept, getPopupMenuHeaderEntries: () => () => ({}) });
  }
}

const modeler = new window.BpmnJS({
  container: "#canvas",
  moddleExtensions: { motcua: { name: "motcua", uri: "urn:motcua:workflow", prefix: "motcua", xml: { tagAlias: "lowerCase" }, associations: [], types: [
    { name: "Step", extends: ["bpmn:FlowNode"], properties: ["key", "kind", "role", "unit", "time", "group", "stops", "product", "status", "act", "back", "exception"].map((name) => ({ name, isAttr: true, type: "String" })) },
    { name: "Returns", extends: ["bpmn:Process"], properties: [{ name: "returns", isAttr: true, type: "String" }] },
  ] } },
  additionalModules: [
    { __init__: ["motcuaOffer"], motcuaOffer: ["type", Offer] },
    { translate: ["value", (text, values = {}) => (words.get(text) ?? text).replace(/{([^}]+)}/g, (whole, name) => values[name] ?? whole)] },
    { alignElementsContextPadProvider: ["value", null], alignElementsMenuProvider: ["value", null], distributeElementsMenuProvider: ["value", null] },
  ],
});

const steps = new Set(["bpmn:Task", "bpmn:UserTask", "bpmn:ManualTask", "bpmn:ReceiveTask", "bpmn:ServiceTask", "bpmn:CallActivity"]);
let timer = 0;
let running = false;
let waiting = false;
let retry = 0;
let chosen = null;

function say(text, bad = false) {
  said.classList.toggle("is-unsaved", bad);
  said.textContent = text;
}

async function save(act = "save") {
  clearTimeout(timer);
  if (running) { waiting = true; return; }
  running = true;
  waiting = false;
  say(form.dataset.saving);
  try {
    const { xml } = await modeler.saveXML({ format: false });
    const body = new URLSearchParams({ xml, act, base: by("wf-live").dataset.base, key: crypto.randomUUID().replaceAll("-", ""), csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
    const answer = await fetch(location.pathname, { method: "POST", body, credentials: "same-origin" });
    if (![200, 409, 422].includes(answer.status)) throw new Error(String(answer.status));
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("wf-live");
    by("wf-live").replaceWith(fresh);
    retry = 0;
    say(answer.ok ? form.dataset.stored : form.dataset.wrong, !answer.ok);
  } catch {
    retry = Math.min(retry ? retry * 2 : 2, 30);
    say(form.dataset.unsaved, true);
    timer = setTimeout(save, retry * 1000);
  }
  running = false;
  if (waiting && !retry) save();
}

form.addEventListener("submit", (event) => { event.preventDefault(); event.stopPropagation(); save(event.submitter?.value ?? "save"); });
addEventListener("beforeunload", (event) => { if (running || waiting || retry || by("canvas").dataset.changed === "1") event.preventDefault(); });
document.addEventListener("click", (event) => { if (event.target.closest?.("[data-leave]")) { retry = 0; waiting = false; by("canvas").dataset.changed = ""; event.preventDefault(); location.reload(); } });

// ── The panel of what is chosen

const fields = { name: by("p-name"), role: by("p-role"), unit: by("p-unit"), unitName: by("p-unit-name"), time: by("p-time"), timeUnit: by("p-time-unit") };
const NAMED = { named: "named:", outside: "outside:" };

function show(element) {
  chosen = element && (element.businessObject.$instanceOf("bpmn:FlowNode") || element.type === "bpmn:SequenceFlow") ? element : null;
  by("wf-side").hidden = !chosen;
  by("wf-side-none").hidden = Boolean(chosen);
  if (!chosen) return;
  const said = chosen.businessObject;
  const isStep = steps.has(said.$type);
  by("wf-side-step").hidden = !isStep;
  by("wf-side-name").textContent = said.name || words.get({ "bpmn:ExclusiveGateway": "Exclusive gateway", "bpmn:ParallelGateway": "Parallel gateway", "bpmn:StartEvent": "Start event", "bpmn:EndEvent": "End event" }[said.$type]) || "…";
  fields.name.value = said.name ?? "";
  if (!isStep) return;
  const unit = said.get("motcua:unit") ?? "";
  const prefix = Object.keys(NAMED).find((one) => unit.startsWith(NAMED[one]));
  const [value = "", timeUnit = "working_hour"] = (said.get("motcua:time") ?? "").split(" ").filter(Boolean);
  fields.role.value = said.get("motcua:role") ?? "";
  fields.unit.value = prefix ?? unit;
  fields.unitName.hidden = !prefix;
  fields.unitName.value = prefix ? unit.slice(NAMED[prefix].length) : "";
  fields.time.value = value.replace(".", ",");
  fields.timeUnit.value = timeUnit;
  const key = said.get("motcua:key") ?? said.id.replace(/^step_/, "");
  by("p-more").href = `${by("p-more").dataset.table}?step=${encodeURIComponent(key)}`;
}

function changed() {
  if (!chosen) return;
  const modeling = modeler.get("modeling");
  if (fields.name.value !== (chosen.businessObject.name ?? "")) modeling.updateLabel(chosen, fields.name.value);
  if (!steps.has(chosen.businessObject.$type)) return;
  const named = NAMED[fields.unit.value];
  fields.unitName.hidden = !named;
  const time = fields.time.value.trim().replace(",", ".");
  fields.time.toggleAttribute("aria-invalid", Boolean(time) && !(Number(time) > 0 && Number(time) <= 1000));
  if (fields.time.hasAttribute("aria-invalid")) return;
  modeling.updateProperties(chosen, {
    "motcua:role": fields.role.value || undefined,
    "motcua:unit": (named ? named + fields.unitName.value.trim() : fields.unit.value) || undefined,
    "motcua:time": time ? `${time} ${fields.timeUnit.value}` : undefined,
  });
}

// All of it where that can be read, else from the beginning at a readable size; the palette stands left of it.
function fit(canvas) {
  canvas.zoom("fit-viewport", "auto");
  const scale = Math.max(canvas.zoom() * 0.9, 0.7);
  const { inner, outer } = canvas.viewbox();
  canvas.viewbox({ x: inner.x - 90 / scale, y: inner.y - 60 / scale, width: outer.width / scale, height: outer.height / scale });
}

async function begin() {
  await modeler.importXML(by("xml").value);
  fit(modeler.get("canvas"));
  for (const one of Object.values(fields)) one.addEventListener("change", changed);
  by("wf-zoom").hidden = false;
  by("wf-zoom").addEventListener("click", (event) => {
    const wish = event.target.closest("[data-zoom]")?.dataset.zoom;
    const canvas = modeler.get("canvas");
    if (wish === "all") canvas.zoom("fit-viewport", "auto");
    else if (wish) canvas.zoom(Math.min(Math.max(canvas.zoom() * (wish === "in" ? 1.25 : 0.8), 0.2), 4), "auto");
  });
  const bus = modeler.get("eventBus");
  bus.on("selection.changed", ({ newSelection }) => show(newSelection.length === 1 ? newSelection[0] : null));
  bus.on("commandStack.changed", () => {
    by("canvas").dataset.changed = "1";
    if (chosen) show(modeler.get("elementRegistry").get(chosen.id));
    clearTimeout(timer);
    timer = setTimeout(() => { by("canvas").dataset.changed = ""; save(); }, 800);
  });
  by("canvas").dataset.ready = "1";
}
by("canvas").motcuaModeler = modeler; // for tests
begin().catch((fault) => say(String(fault.message ?? fault), true));
