// A question before something that can't be taken back.

/**
 * Holds a submit back while a dialog asks, for a form or a submit button that carries `data-confirm="question"`.
 *
 * The button that goes on repeats the words of the button that was pressed; the one that goes back has the focus.
 * Its label is the body's `data-cancel-label`.
 */
export function confirmSubmits(page: Document): void {
  const confirmed = new WeakSet<HTMLFormElement>();
  page.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (!(form instanceof HTMLFormElement) || confirmed.delete(form)) return;
      const { submitter } = event;
      const question = submitter?.dataset["confirm"] ?? form.dataset["confirm"];
      if (!question) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      ask(page, question, submitter?.textContent?.trim() || "OK", () => {
        confirmed.add(form);
        form.requestSubmit(submitter);
      });
    },
    { capture: true },
  );
}

function ask(page: Document, question: string, goOn: string, then: () => void): void {
  const dialog = page.createElement("dialog");
  dialog.className = "dialog";
  const text = page.createElement("p");
  text.id = "confirm-question";
  text.textContent = question;
  dialog.setAttribute("aria-labelledby", text.id);

  const cancel = button(page, page.body.dataset["cancelLabel"] ?? "Cancel", "button");
  cancel.autofocus = true;
  cancel.addEventListener("click", () => dialog.close());
  const proceed = button(page, goOn, "button button-danger");
  proceed.addEventListener("click", () => {
    dialog.close();
    then();
  });

  const actions = page.createElement("div");
  actions.className = "actions";
  actions.append(cancel, proceed);
  dialog.append(text, actions);
  dialog.addEventListener("close", () => dialog.remove());
  page.body.append(dialog);
  dialog.showModal();
}

function button(page: Document, label: string, className: string): HTMLButtonElement {
  const element = page.createElement("button");
  element.type = "button";
  element.className = className;
  element.textContent = label;
  return element;
}
