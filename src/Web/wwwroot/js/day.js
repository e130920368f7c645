// Appointments can be marked as done without a signal: what was pressed is kept on the telephone, as the booking's id with its hours and the line of
// a signature and no name, and sent when the signal is back. The server takes each mark once, however often it comes.
const list = document.querySelector("[data-day]");
const said = list.dataset;
const key = `day:${said.who}`;
const box = list.querySelector("[data-kept]");
const token = () => document.querySelector("input[name=__RequestVerificationToken]")?.value ?? "";
const read = () => JSON.parse(localStorage.getItem(key) ?? "[]");
const write = (marks) => (marks.length > 0 ? localStorage.setItem(key, JSON.stringify(marks)) : localStorage.removeItem(key));
const forms = () => [...document.querySelectorAll("form[data-mark]")];

const say = (text) => {
  box.textContent = text;
  box.hidden = text === "";
};

// What waits is shown as such, where it was pressed, and can be taken back until it is sent.
const show = () => {
  const marks = read();
  for (const form of forms()) {
    const waits = marks.some((mark) => mark.id === form.elements.id.value);
    form.hidden = waits;
    const note = form.nextElementSibling;
    if (waits && !note?.hasAttribute("data-waits")) form.after(noteOf(form.elements.id.value));
    if (!waits && note?.hasAttribute("data-waits")) note.remove();
  }
  say(marks.length === 0 ? "" : said.waiting.replace("{0}", marks.length));
};

const noteOf = (id) => {
  const note = document.createElement("p");
  note.setAttribute("data-waits", "");
  note.append(`${said.marked} `);
  const undo = document.createElement("button");
  undo.type = "button";
  undo.className = "btn btn-outline-primary";
  undo.textContent = said.undo;
  undo.addEventListener("click", () => {
    write(read().filter((mark) => mark.id !== id));
    show();
  });
  note.append(undo);
  return note;
};

// "sent", "away" (no answer: it stays), "stranger" (somebody has to sign in: it stays), or why it cannot be done (it goes).
const send = async (mark) => {
  const body = new FormData();
  body.set("id", mark.id);
  body.set("giorno", mark.day);
  if (mark.paid) body.set("pagato", "true");
  for (const said of ["inizio", "fine", "firma"]) body.set(said, mark[said] ?? "");
  body.set("__RequestVerificationToken", token());
  const answer = await fetch(said.deliver, { method: "POST", body, cache: "no-store" }).catch(() => null);
  if (!answer || answer.status >= 500 || answer.status === 429) return "away";
  if (answer.status === 400 || /\/entra(\/|$)/.test(new URL(answer.url).pathname)) return "stranger";
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const refusal = page.querySelector(".error-summary li, .error-summary p");
  if (answer.ok && !refusal) return "sent";
  return refusal?.textContent.trim() || said.gone;
};

// One tab at a time sends; the others find nothing left.
const flush = () => navigator.locks.request(key, async () => {
  const refusals = [];
  let sent = 0;
  for (const mark of read()) {
    const outcome = await send(mark);
    if (outcome === "away") break;
    if (outcome === "stranger") {
      say(said.stranger);
      return;
    }
    write(read().filter((other) => other.id !== mark.id));
    if (outcome === "sent") sent += 1;
    else refusals.push(outcome);
  }
  show();
  if (refusals.length > 0) say(refusals.join(" "));
  else if (sent > 0) location.reload();
});

for (const form of forms()) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const { id, giorno, pagato, inizio, fine, firma } = form.elements;
    const mark = { id: id.value, day: giorno.value, paid: pagato?.checked ?? false, inizio: inizio.value, fine: fine.value, firma: firma.value };
    write([...read().filter((other) => other.id !== mark.id), mark]);
    show();
    flush();
  });
}

addEventListener("online", flush);
setInterval(() => read().length > 0 && flush(), 15_000);
show();
if (read().length > 0) flush();

// Whoever wants it keeps today's list on the telephone, to be opened where there is no signal.
const choice = list.querySelector("[data-choice]");
const button = choice.querySelector("button");
const known = () => navigator.serviceWorker.getRegistration(said.scope);
const label = async () => {
  button.textContent = (await known()) ? said.drop : said.keep;
  choice.hidden = false;
};

if ("serviceWorker" in navigator) {
  button.addEventListener("click", async () => {
    const registration = await known();
    if (registration) {
      await registration.unregister();
      await caches.delete("day");
    } else {
      await navigator.serviceWorker.register(said.worker, { scope: said.scope });
      await navigator.serviceWorker.ready;
      // The page and its parts pass by the worker once, so that it has them.
      location.assign(said.home);
      return;
    }
    await label();
  });
  label();
}
