/* pages.js: the photos of one paper put in order, turned, and sent as one PDF. Every move is a button; where the focus was
   it stays. The list says what happened to screen readers. */

export function arrange(input, files, { send, size, words }) {
  const pages = files.map((file) => ({ file, turn: 0, url: URL.createObjectURL(file) }));
  const box = document.createElement("fieldset");
  box.className = "mc-pages";
  const legend = document.createElement("legend");
  const list = document.createElement("ol");
  const said = document.createElement("p");
  said.className = "mc-sr";
  said.setAttribute("role", "status");
  const row = document.createElement("div");
  row.className = "mc-buttons";
  box.append(legend, list, said, row);
  const say = (text, place) => (text ?? "").replace("%n", place);

  const button = (text, act, kind = "is-secondary", name = "") => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = `mc-button ${kind}`;
    made.textContent = text;
    if (name) made.setAttribute("aria-label", name);
    made.addEventListener("click", act);
    return made;
  };

  function draw(focus) {
    legend.textContent = say(words.pagesOfPaper ?? "Giấy tờ có %n trang", pages.length);
    list.replaceChildren(...pages.map((page, place) => {
      const line = document.createElement("li");
      const picture = document.createElement("img");
      picture.src = page.url;
      picture.alt = say(words.page ?? "Trang %n", place + 1);
      picture.dataset.turn = page.turn;
      const frame = document.createElement("span");
      frame.className = "mc-pages__frame";
      frame.append(picture);
      const name = document.createElement("span");
      name.className = "mc-pages__name";
      name.textContent = `${place + 1}. ${page.file.name} (${size(page.file.size)})`;
      const acts = document.createElement("span");
      acts.className = "mc-pages__acts";
      const add = (key, word, act, able = true) => {
        const made = button(word, () => { act(); draw([place, key]); }, "is-secondary", `${word}: ${picture.alt}`);
        made.dataset.act = key;
        made.disabled = !able;
        acts.append(made);
      };
      add("up", words.earlier ?? "Lên", () => move(place, -1), place > 0);
      add("down", words.later ?? "Xuống", () => move(place, 1), place < pages.length - 1);
      add("turn", words.turn ?? "Xoay", () => { page.turn = (page.turn + 90) % 360; });
      add("drop", words.leaveOut ?? "Bỏ", () => { URL.revokeObjectURL(page.url); pages.splice(place, 1); });
      line.append(frame, name, acts);
      return line;
    }));
    if (!pages.length) return close();
    if (!focus) return box.querySelector("button").focus();
    let [place, key] = focus;
    place += { up: -1, down: 1 }[key] ?? 0;
    const line = list.children[Math.min(Math.max(place, 0), pages.length - 1)];
    const wanted = line.querySelector(`[data-act=${key}]`);
    (wanted.disabled ? line.querySelector("[data-act=turn]") : wanted).focus();
    said.textContent = key === "turn" ? `${words.turned ?? "Đã xoay"} ${say(words.page ?? "Trang %n", place + 1)}` : legend.textContent;
  }

  function move(place, by) { pages.splice(place + by, 0, pages.splice(place, 1)[0]); }
  function close() { pages.forEach((page) => URL.revokeObjectURL(page.url)); box.remove(); input.focus(); }

  row.append(
    button(words.asOne ?? "Gửi thành một tệp PDF", () => { const sent = [...pages]; close(); send(input, sent.map((page) => page.file), sent.map((page) => page.turn)); }, ""),
    button(words.eachAlone ?? "Gửi riêng từng ảnh", async () => { const sent = [...pages]; close(); for (const page of sent) await send(input, [page.file], [page.turn]); }),
    button(words.giveUp ?? "Thôi", close, "is-quiet"),
  );
  (input.closest(".govuk-form-group") ?? input.closest("[data-drop]") ?? input.parentElement).after(box);
  draw();
}
