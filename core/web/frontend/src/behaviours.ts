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
