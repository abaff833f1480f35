// Small behaviours, each listening on the whole document, so that fragments loaded later have them too.

/** Sends a form as soon as a field under `data-autosubmit` changes: language switchers, week pickers, filters. */
export function autosubmit(page: Document): void {
  page.addEventListener("change", (event) => {
    const field = event.target;
    if (!(field instanceof HTMLSelectElement || field instanceof HTMLInputElement)) return;
    if (field.closest("[data-autosubmit]")) field.form?.requestSubmit();
  });
}

/** Prints the page when a button with `data-print` is pressed. */
export function printButtons(page: Document): void {
  page.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("[data-print]")) window.print();
  });
}

/** Takes the keyboard to the page's search field on `/`, unless the key is being typed into something. */
export function focusSearchOnSlash(page: Document): void {
  page.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable], dialog")) {
      return;
    }
    const field = page.querySelector<HTMLInputElement>("input[type=search]");
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
}

/**
 * Puts `data-fill` into the button's form when the button is pressed: JSON that names fields, with the values of the
 * boxes that are to be ticked, or one text. The first field has the keyboard then, as the button may go away.
 */
export function fillButtons(page: Document): void {
  page.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-fill]") : null;
    const form = button?.closest("form");
    if (!button || !form) return;
    const wanted = JSON.parse(button.dataset["fill"] ?? "{}") as Record<string, string[]>;
    const filled = Object.entries(wanted).flatMap(([name, values]) => fill(form, name, values));
    filled[0]?.focus();
    filled[0]?.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

function fill(form: HTMLFormElement, name: string, values: string[]): HTMLInputElement[] {
  const inputs = [...form.elements].filter((element) => element instanceof HTMLInputElement);
  const fields = inputs.filter((input) => input.name === name);
  for (const field of fields) {
    if (field.type === "checkbox") field.checked = values.includes(field.value);
    else field.value = values[0] ?? "";
  }
  return fields;
}

/** Push each line of the menu aside, on a small screen, until its current entry can be seen. */
export function showCurrentEntry(root: ParentNode): void {
  for (const entry of root.querySelectorAll(".site-nav [aria-current]")) {
    entry.scrollIntoView({ block: "nearest", inline: "center" });
  }
}
