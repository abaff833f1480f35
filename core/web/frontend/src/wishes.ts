// A ranked list of wishes: changed on the page at once, saved by the form that works without a script as well.
//
// Nothing of it is kept in the browser's storage, since pages may show personal data. A list that was sent and not
// answered may have been saved or not: where a newer one meets another list, it is asked first whether that is our own.

interface Sheet {
  root: HTMLElement;
  form: HTMLFormElement;
  /** What the saved list looks like; null while something on the page was never saved. */
  saved: string | null;
  /** What the page says while the list on it is the saved one. */
  savedText: string;
  /** The lists that were sent and never answered, the newest last. */
  unanswered: URLSearchParams[];
  busy: boolean;
  again: boolean;
  retry: number | undefined;
}

const PATIENCE = 20_000;
const RETRY = 8_000;

let sheet: Sheet | null = null;
/** A list stands on the page whose form isn't the ranked one: two to compare, or one that waits for the code. */
let kept = false;

/** Brings `[data-wishes]` to life; a page without one is left alone. */
export function rankWishes(page: Document): void {
  if (!page.querySelector("[data-wishes], form[data-wish-send]")) return;
  look(page);
  page.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement)) return;
    const submitter = event.submitter instanceof HTMLButtonElement ? event.submitter : null;
    if (sheet && form === sheet.form) {
      event.preventDefault();
      const deed = submitter?.value ?? "save";
      if (deed === "save") void save(page);
      else change(sheet, deed);
    } else if (form.matches("form[data-wish-send]")) {
      event.preventDefault();
      void send(page, form, submitter);
    }
  });
  page.addEventListener("input", (event) => {
    if (sheet && event.target instanceof Element && sheet.form.contains(event.target)) showState(sheet);
  });
  window.addEventListener("online", () => {
    if (sheet?.retry !== undefined) void save(page);
  });
  window.addEventListener("beforeunload", (event) => {
    if (kept || (sheet && isChanged(sheet))) event.preventDefault();
  });
}

function look(page: Document): void {
  window.clearTimeout(sheet?.retry);
  const root = page.querySelector<HTMLElement>("[data-wishes]");
  const form = root?.querySelector<HTMLFormElement>("form[data-wish-form]");
  const unsaved = root?.dataset["unsaved"] === "yes";
  kept = !form && (unsaved || page.querySelector("form[data-wish-send]") !== null);
  sheet = null;
  if (!root || !form) return;
  const savedText = unsaved ? "" : (stateOf(form)?.textContent?.trim() ?? "");
  const saved = unsaved ? null : contents(form);
  sheet = { root, form, saved, savedText, unanswered: [], busy: false, again: false, retry: undefined };
  settle(sheet);
}

/** What a form would save, as text: two lists are the same where their texts are. */
function contents(form: HTMLFormElement): string {
  const data = new FormData(form);
  const texts = ["ranked", "most", "friend"].map((name) => data.getAll(name).filter(Boolean).join(","));
  return texts.join(";");
}

function isChanged(one: Sheet): boolean {
  return one.saved !== contents(one.form);
}

function change(one: Sheet, deed: string): void {
  const [what = "", key = ""] = deed.split(":");
  const list = one.form.querySelector<HTMLElement>("[data-wish-list]");
  const offers = one.form.querySelector<HTMLElement>("[data-wish-offers]");
  const row = one.form.querySelector<HTMLElement>(`[data-wish="${CSS.escape(key)}"]`);
  if (!list || !offers || !row) return;
  if (what === "add" && list.children.length >= Number(list.dataset["most"])) {
    tell(one, "textFull", row);
    return;
  }
  const beside = (row.nextElementSibling ?? row.previousElementSibling) as HTMLElement | null;
  if (what === "add") list.append(row);
  else if (what === "remove") insertByTitle(offers, row);
  else if (what === "up") row.previousElementSibling?.before(row);
  else if (what === "down") row.nextElementSibling?.after(row);
  settle(one);
  showState(one);
  tell(one, what === "remove" ? "textRemoved" : "textRank", row);
  const where = what === "up" || what === "down" ? row : beside;
  const wanted = where?.querySelector<HTMLButtonElement>(`button[value^="${what}:"]`);
  const other = where?.querySelector<HTMLButtonElement>(".if-listed:not([disabled])");
  (wanted?.disabled ? other : wanted)?.focus({ preventScroll: where !== row });
}

function insertByTitle(offers: HTMLElement, row: HTMLElement): void {
  const title = row.dataset["title"] ?? "";
  const next = [...offers.children].find((each) => ((each as HTMLElement).dataset["title"] ?? "") > title);
  offers.insertBefore(row, next ?? null);
}

/** Which rows are sent, which buttons can be pressed, and how many wishes there are. */
function settle({ form }: Sheet): void {
  const listed = [...form.querySelectorAll<HTMLElement>("[data-wish-list] > [data-wish]")];
  for (const row of form.querySelectorAll<HTMLElement>("[data-wish]")) {
    const place = listed.indexOf(row);
    const field = row.querySelector<HTMLInputElement>("input[name=ranked]");
    if (field) field.disabled = place < 0;
    for (const button of row.querySelectorAll<HTMLButtonElement>("button")) {
      if (button.value.startsWith("up:")) button.disabled = place <= 0;
      if (button.value.startsWith("down:")) button.disabled = place < 0 || place === listed.length - 1;
    }
  }
  const count = form.querySelector("[data-wish-count]");
  if (count) count.textContent = String(listed.length);
  const none = form.querySelector<HTMLElement>("[data-wish-none]");
  if (none) none.hidden = listed.length > 0;
}

function tell(one: Sheet, text: string, row: HTMLElement): void {
  const said = one.form.querySelector("[data-wish-said]");
  const rank = [...(row.parentElement?.children ?? [])].indexOf(row) + 1;
  const template = one.root.dataset[text] ?? "";
  if (said) said.textContent = template.replace("{title}", row.dataset["title"] ?? "").replace("{rank}", String(rank));
  if (text === "textFull") setState(one, "unsaved", template);
}

function stateOf(form: HTMLFormElement): HTMLElement | null {
  return form.querySelector<HTMLElement>("[data-wish-state]");
}

function setState(one: Sheet, state: string, text: string): void {
  const place = stateOf(one.form);
  if (!place) return;
  place.dataset["wishState"] = state;
  place.textContent = text;
}

function showState(one: Sheet): void {
  if (isChanged(one)) setState(one, "unsaved", one.root.dataset["textUnsaved"] ?? "");
  else setState(one, Number(one.form.querySelector<HTMLInputElement>("input[name=seen]")?.value) ? "saved" : "none", one.savedText);
}

interface Answer {
  status: number;
  page: Document;
}

async function post(action: string, body: URLSearchParams): Promise<Answer> {
  const answer = await fetch(action, { method: "POST", body, signal: AbortSignal.timeout(PATIENCE) });
  return { status: answer.status, page: new DOMParser().parseFromString(await answer.text(), "text/html") };
}

function bodyOf(form: HTMLFormElement, submitter: HTMLButtonElement | null = null): URLSearchParams {
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form, submitter)) body.append(name, String(value));
  if (!submitter) body.set("deed", "save");
  return body;
}

function freshSheet(answer: Answer): HTMLElement | null {
  return answer.page.querySelector<HTMLElement>("[data-wishes]");
}

/** The revision that an answer has of the saved list, null where it didn't save. */
function savedRevision(answer: Answer): string | null {
  const fresh = freshSheet(answer);
  return answer.status === 200 && fresh && fresh.dataset["unsaved"] !== "yes"
    ? (fresh.dataset["revision"] ?? null)
    : null;
}

async function save(page: Document): Promise<void> {
  const one = sheet;
  if (!one) return;
  if (one.busy) {
    one.again = true;
    return;
  }
  window.clearTimeout(one.retry);
  one.retry = undefined;
  one.busy = true;
  one.again = false;
  setState(one, "saving", one.root.dataset["textSaving"] ?? "");
  try {
    const sent = contents(one.form);
    const answer = await postList(one, bodyOf(one.form));
    take(page, one, answer, sent);
  } catch {
    tryAgain(page, one, navigator.onLine ? "textFailed" : "textOffline");
  } finally {
    one.busy = false;
  }
  if (one.again && sheet === one) await save(page);
}

/** Sends a list; where it meets another one that is only an earlier list of this page, it is sent after that one. */
async function postList(one: Sheet, body: URLSearchParams): Promise<Answer> {
  const earlier = [...one.unanswered].reverse();
  one.unanswered.push(body);
  const answer = await post(one.form.action, body);
  if (!answer.page.querySelector(".wish-compared")) return answer;
  for (const former of earlier) {
    // The same list again changes nothing, and says of which revision it is.
    const revision = savedRevision(await post(one.form.action, former));
    if (revision === null) continue;
    body.set("seen", revision);
    return post(one.form.action, body);
  }
  return answer;
}

function take(page: Document, one: Sheet, answer: Answer, sent: string): void {
  const { status } = answer;
  const fresh = freshSheet(answer);
  const revision = savedRevision(answer);
  if (status === 429 || status >= 500 || (!fresh && status !== 401)) {
    tryAgain(page, one, status === 429 ? "textOften" : "textFailed", status >= 500);
    return;
  }
  one.unanswered = [];
  if (revision === null) {
    // Whoever went on ranking meanwhile is asked about the newest list, not about the one that was sent.
    if (contents(one.form) !== sent) one.again = true;
    else swap(page, answer);
    return;
  }
  setField(one.form, "seen", revision);
  one.saved = sent;
  one.savedText = answer.page.querySelector("[data-wish-state]")?.textContent?.trim() ?? "";
  for (const part of one.root.querySelectorAll<HTMLElement>("[data-wish-fresh]")) {
    const name = part.dataset["wishFresh"] ?? "";
    const its = fresh?.querySelector(`[data-wish-fresh="${CSS.escape(name)}"]`);
    if (its) part.replaceWith(page.adoptNode(its));
  }
  showState(one);
}

function tryAgain(page: Document, one: Sheet, text: string, soon = true): void {
  setState(one, "failed", one.root.dataset[text] ?? "");
  if (soon) one.retry = window.setTimeout(() => void save(page), RETRY);
}

function setField(form: HTMLFormElement, name: string, value: string): void {
  const field = form.querySelector<HTMLInputElement>(`input[name=${name}]`);
  if (field) field.value = value;
}

/** Shows what the server answered in place of what was there; its list isn't saved, or is, as it says itself. */
function swap(page: Document, answer: Answer): void {
  const place = page.querySelector("main > .container");
  const fresh = answer.page.querySelector("main > .container");
  if (!place || !fresh) return;
  place.replaceWith(page.adoptNode(fresh));
  look(page);
  const problem = page.querySelector<HTMLElement>("[data-wish-problem], main [role=alert]");
  (problem ?? page.querySelector<HTMLElement>("main"))?.focus();
  window.scrollTo({ top: 0 });
}

async function send(page: Document, form: HTMLFormElement, submitter: HTMLButtonElement | null): Promise<void> {
  try {
    const answer = await post(form.action, bodyOf(form, submitter));
    if (answer.status < 500 && answer.status !== 429) swap(page, answer);
    else warn(page, form);
  } catch {
    warn(page, form);
  }
}

function warn(page: Document, form: HTMLFormElement): void {
  page.querySelector("[data-wish-warning]")?.remove();
  const text = page.createElement("p");
  text.className = "notice notice-error";
  text.setAttribute("role", "alert");
  text.dataset["wishWarning"] = "";
  text.textContent = form.dataset["textFailed"] ?? "";
  form.prepend(text);
}
