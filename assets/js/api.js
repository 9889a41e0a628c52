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

async function send(method, path, { body, etag, headers } = {}) {
  const sent = { accept: "application/json", ...headers };
  if (etag != null && etag !== "") sent["if-match"] = `"${etag}"`;
  if (body !== undefined) sent["content-type"] = "application/json";
  try {
    return await fetch(path, {
      method,
      headers: sent,
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "same-origin",
    });
  } catch {
    throw new Problem(0, { detail: "The server cannot be reached. Nothing was saved; try again." });
  }
}

/** The JSON of a response, or null where there is none; throws what the server refuses. */
async function answerOf(response, path) {
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

/** Calls the API. `etag` is sent as If-Match. Answers the JSON, or null where there is none. */
export async function api(method, path, request) {
  return answerOf(await send(method, path, request), path);
}

/** Posts `body` and gives the events that answer, each as soon as it is there: { event, data }. */
export async function* stream(path, body) {
  const response = await send("POST", path, { body, headers: { accept: "text/event-stream" } });
  if (!response.ok) await answerOf(response, path);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read().catch(() => ({ done: true }));
    if (done) return;
    const blocks = (rest + value).split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) {
      const read = eventOf(block);
      if (read) yield read;
    }
  }
}

/** One event of a stream; null for a comment that keeps it open. */
function eventOf(block) {
  let event = "message";
  const data = [];
  for (const line of block.split("\n")) {
    if (line.startsWith("event:")) event = line.slice(6).trim();
    if (line.startsWith("data:")) data.push(line.slice(5).trimStart());
  }
  return data.length ? { event, data: JSON.parse(data.join("\n")) } : null;
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
