// The one place that talks to the server: JSON in, JSON out, problem documents as errors.

/** What the API says after "error:", as a sentence of a page. */
export const sentence = (words) => words.charAt(0).toUpperCase() + words.slice(1) + (/[.!?]$/.test(words) ? "" : ".");

export class Problem extends Error {
  constructor(status, body) {
    super(sentence(body.detail || body.title || "The server did not say why."));
    this.status = status;
    this.missing = body.missing ?? [];
    this.errors = body.errors ?? [];
  }
}

/** Calls the API. `etag` is sent as If-Match. Answers the JSON, or null where there is none. */
export async function api(method, path, { body, etag, headers } = {}) {
  const sent = { accept: "application/json", ...headers };
  if (etag != null && etag !== "") sent["if-match"] = `"${etag}"`;
  if (body !== undefined) sent["content-type"] = "application/json";
  let response;
  try {
    response = await fetch(path, {
      method,
      headers: sent,
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "same-origin",
    });
  } catch {
    throw new Problem(0, { detail: "The server cannot be reached. Nothing was saved; try again." });
  }
  const text = await response.text();
  let answer = null;
  try {
    answer = text ? JSON.parse(text) : null;
  } catch {
    answer = null;
  }
  if (response.ok) return answer;
  if (response.status === 401 && !path.startsWith("/v1/session")) {
    throw new Problem(401, { detail: "You are no longer signed in. Sign in again in another tab, then repeat this." });
  }
  throw new Problem(response.status, answer ?? { detail: `The server answered ${response.status}.` });
}

/** Words for one entry of a problem's `missing` list. `heading` names a field. */
export function missingLine(entry, heading = (field) => field.replaceAll("_", " ")) {
  switch (entry.missing) {
    case "field":
      return entry.drafted
        ? `${heading(entry.field)}: ${entry.drafted} drafted, none approved`
        : `${heading(entry.field)}: nothing found; add it, or mark it unknown`;
    case "decision": return `${heading(entry.field)}: not decided: ${entry.statement}`;
    case "source_pending": return `${entry.source} is still being read`;
    case "draft_pending": return "The newest sources are still to be drafted";
    case "draft_failed": return `The newest sources are not in the draft: ${entry.error}`;
    case "broken_citation": return `${heading(entry.field)}: the cited words have moved: ${entry.statement}`;
    default: return String(entry.detail ?? entry.missing ?? entry);
  }
}
