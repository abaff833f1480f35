// Passkeys: the browser's part of Web Authentication, for the one form of a page that carries `data-passkey`.

type Json = { [key: string]: Json | undefined } & { id?: unknown };

/**
 * Asks the authenticator at once, and again when the form's button is pressed; its answer is sent with the form.
 *
 * `data-passkey` is "create" or "get", `data-options` what the server wants of the authenticator (Web Authentication,
 * Level 3, sections 5.1.8 and 5.1.9), the field `credential` takes the answer as JSON.
 */
export function showPasskeys(page: Document): void {
  const form = page.querySelector<HTMLFormElement>("form[data-passkey]");
  if (!form) return;
  form.querySelector("button")?.addEventListener("click", () => void ask(form));
  void ask(form);
}

async function ask(form: HTMLFormElement): Promise<void> {
  const problem = form.querySelector<HTMLElement>("[role=alert]");
  try {
    if (problem) problem.hidden = true;
    const options = JSON.parse(form.dataset["options"] ?? "{}") as Json;
    const credential = await (form.dataset["passkey"] === "create" ? create(options) : get(options));
    const field = form.elements.namedItem("credential");
    if (!(field instanceof HTMLInputElement) || !(credential instanceof PublicKeyCredential)) throw new TypeError();
    field.value = JSON.stringify(written(credential));
    form.submit();
  } catch {
    // Whoever turned the question down and whose browser can't answer it are told the same.
    if (problem) problem.hidden = false;
  }
}

function create(options: Json): Promise<Credential | null> {
  const { user, excludeCredentials } = options;
  const publicKey = {
    ...options,
    challenge: bytes(options["challenge"]),
    user: { ...user, id: bytes(user?.id) },
    excludeCredentials: described(excludeCredentials),
  };
  return navigator.credentials.create({ publicKey: publicKey as unknown as PublicKeyCredentialCreationOptions });
}

function get(options: Json): Promise<Credential | null> {
  const publicKey = {
    ...options,
    challenge: bytes(options["challenge"]),
    allowCredentials: described(options["allowCredentials"]),
  };
  return navigator.credentials.get({ publicKey: publicKey as unknown as PublicKeyCredentialRequestOptions });
}

function described(credentials: unknown): object[] {
  return Array.isArray(credentials) ? credentials.map((one: Json) => ({ ...one, id: bytes(one.id) })) : [];
}

function written(credential: PublicKeyCredential): object {
  const { response } = credential;
  const told: Record<string, unknown> = { clientDataJSON: text(response.clientDataJSON) };
  if (response instanceof AuthenticatorAttestationResponse) {
    told["attestationObject"] = text(response.attestationObject);
    told["transports"] = response.getTransports();
  } else if (response instanceof AuthenticatorAssertionResponse) {
    told["authenticatorData"] = text(response.authenticatorData);
    told["signature"] = text(response.signature);
    told["userHandle"] = response.userHandle && text(response.userHandle);
  }
  return { id: credential.id, rawId: text(credential.rawId), type: credential.type, response: told };
}

/** Reads base64url (RFC 4648, section 5), which JSON carries in place of bytes. */
function bytes(encoded: unknown): Uint8Array {
  const plain = atob(String(encoded).replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (character) => character.charCodeAt(0));
}

function text(buffer: ArrayBuffer): string {
  const plain = btoa(String.fromCharCode(...new Uint8Array(buffer)));
  return plain.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
