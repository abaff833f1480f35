// Forms of a busy desk: where the connection breaks, the page stays as it is, and sending again is safe.

/** How long an answer may take, in milliseconds, before the connection counts as broken. */
const LONGEST = 20_000;
const FIRST_FAILURE = 500;

/**
 * Sends a form with `data-if-cut="words"` without leaving the page, and shows the answer in its place.
 *
 * Where no answer comes, or the server has failed, everything that was entered stays, chosen files too, and the words say
 * so beside the button; `data-if-unreadable` has those for a file that was changed after it was chosen. The form carries the key by which the server knows it again, so sending it twice counts once. `prepare` is
 * called with each page that is shown.
 */
export function keepWhatIsCut(page: Document, prepare: (page: Document) => void): void {
  let shown = place();
  page.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.dataset["ifCut"] || event.defaultPrevented) return;
    event.preventDefault();
    void send(form, event.submitter).then((answer) => {
      if (!answer) return;
      if (answer.redirected) history.pushState(null, "", answer.url);
      shown = place();
      show(page, answer.html);
      prepare(page);
    });
  });
  window.addEventListener("popstate", () => {
    if (place() !== shown) location.reload();
  });
}

/** Takes what is ticked in the form that `data-along` names along with another form: a search keeps the choices. */
export function takeAlong(page: Document): void {
  page.addEventListener("formdata", (event) => {
    const form = event.target;
    const id = form instanceof HTMLFormElement ? form.dataset["along"] : undefined;
    const other = id ? page.getElementById(id) : null;
    if (!(other instanceof HTMLFormElement)) return;
    for (const [name, value] of new FormData(other)) {
      if (!event.formData.has(name) || name === "pick") event.formData.append(name, value);
    }
  });
}

interface Answer {
  readonly html: string;
  readonly url: string;
  readonly redirected: boolean;
}

async function send(form: HTMLFormElement, submitter: HTMLElement | null): Promise<Answer | null> {
  if (form.ariaBusy === "true") return null;
  form.ariaBusy = "true";
  form.querySelector("[data-cut-said]")?.remove();
  const body = new FormData(form, submitter);
  if (!(await canBeRead(body))) {
    form.ariaBusy = null;
    say(form, submitter, form.dataset["ifUnreadable"]);
    return null;
  }
  try {
    const address = submitter?.getAttribute("formaction") ?? form.getAttribute("action") ?? location.href;
    const answer = await fetch(address, { method: "POST", body, signal: AbortSignal.timeout(LONGEST) });
    if (answer.status >= FIRST_FAILURE) throw new Error(answer.statusText);
    return { html: await answer.text(), url: answer.url, redirected: answer.redirected };
  } catch {
    say(form, submitter, form.dataset["ifCut"]);
    return null;
  } finally {
    form.ariaBusy = null;
  }
}

/** Tells whether the chosen files are still what they were: a browser sends none that was changed since. */
async function canBeRead(body: FormData): Promise<boolean> {
  const files = [...body.values()].filter((value) => value instanceof File);
  try {
    await Promise.all(files.map((file) => file.slice(0, 1).arrayBuffer()));
    return true;
  } catch {
    return false;
  }
}

function say(form: HTMLFormElement, submitter: HTMLElement | null, text = ""): void {
  const words = form.ownerDocument.createElement("p");
  words.className = "notice notice-error";
  words.setAttribute("role", "alert");
  words.dataset["cutSaid"] = "";
  words.textContent = text;
  const actions = (submitter && form.contains(submitter) && submitter.closest(".actions")) || form.lastElementChild;
  actions?.before(words);
  words.scrollIntoView({ block: "nearest" });
}

function show(page: Document, html: string): void {
  const answer = new DOMParser().parseFromString(html, "text/html");
  page.title = answer.title;
  page.documentElement.lang = answer.documentElement.lang;
  page.body.replaceWith(answer.body);
  window.scrollTo(0, 0);
  const first = page.querySelector<HTMLElement>("main .error-summary") ?? page.querySelector<HTMLElement>("main [autofocus]");
  first?.focus();
}

function place(): string {
  return location.pathname + location.search;
}
