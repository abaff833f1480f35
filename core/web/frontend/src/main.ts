// What the pages do beyond plain HTML. Reading needs none of it; each behaviour hangs on one data attribute,
// and README.md beside this folder lists them.
import htmx from "htmx.org";
import { confirmSubmits } from "./confirm";
import { autosubmit, fillButtons, focusSearchOnSlash, printButtons, showCurrentEntry } from "./behaviours";
import { showPasskeys } from "./passkeys";
import { keepWhatIsCut, takeAlong } from "./sending";
import { rankWishes } from "./wishes";

// The content security policy allows neither eval nor inline scripts and styles.
htmx.config.allowEval = false;
htmx.config.allowScriptTags = false;
htmx.config.includeIndicatorStyles = false;
htmx.config.selfRequestsOnly = true;
// Pages may show personal data: no copy of one is left in the browser's storage.
htmx.config.historyCacheSize = 0;

document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector<HTMLMetaElement>("meta[name=csrf-token]")?.content;
  const { headers } = (event as CustomEvent<{ headers: Record<string, string> }>).detail;
  if (token) headers["X-CSRFToken"] = token;
});

document.documentElement.classList.add("js");
confirmSubmits(document);
autosubmit(document);
printButtons(document);
fillButtons(document);
focusSearchOnSlash(document);
takeAlong(document);
rankWishes(document);
keepWhatIsCut(document, (page) => {
  htmx.process(page.body);
  prepare(page);
});
prepare(document);

/** Does what each page needs once it is there, whether it was loaded or took another one's place. */
function prepare(page: Document): void {
  showCurrentEntry(page);
  showPasskeys(page);
}
