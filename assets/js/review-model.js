// What is under review, and what can be said about it without asking the server.

const CITATION_ORDER = ["support", "counter", "reply", "clause"];

export class Model {
  constructor(data) {
    this.deal = data.deal;
    this.me = data.me;
    this.can = data.can;
    this.attributes = data.attributes;
    this.sources = data.sources;
    this.fields = new Map(data.fields.map((field) => [field.field, field]));
    this.items = new Map();
    this.order = [];
    this.filter = null;
    for (const item of data.items) this.put(item);
    this.setMissing(data.missing);
  }

  /** A citation with what the page's own data leaves out, because it is the usual. */
  #citation = (citation) => ({
    source: this.sources.find((source) => source.id === citation.source_id)?.name,
    speaker: null, side: "unknown", start_ms: null, precision: "none", match: "exact", role: "support", ...citation,
  });

  /** Takes an item as the API gives it; a known one keeps its place. `after` names the place of a new one. */
  put(item, after) {
    const known = this.items.get(item.id);
    if (!known) this.order.splice(after ? this.order.indexOf(after) + 1 : this.order.length, 0, item.id);
    const sorted = (item.citations ?? []).map(this.#citation).sort((a, b) => CITATION_ORDER.indexOf(a.role) - CITATION_ORDER.indexOf(b.role));
    const taken = Object.assign(known ?? { chosen: 0, queue: Promise.resolve(), waiting: 0 }, item, { citations: sorted });
    for (const optional of ["attested_by", "reworded_by", "decided_by"]) if (!(optional in item)) taken[optional] = null;
    taken.broken_citations = item.broken_citations ?? [];
    taken.confidence = item.confidence ?? null;
    taken.attributes ??= {};
    this.items.set(item.id, taken);
    return taken;
  }

  /** Reads a whole draft: what others changed meanwhile is taken over. Returns the number of items that changed. */
  refresh(draft) {
    const revisions = new Map(draft.item_revisions.map((entry) => [entry.id, entry]));
    let changed = 0;
    for (const item of draft.items) {
      const { revision, broken_citations: broken } = revisions.get(item.id) ?? {};
      const known = this.items.get(item.id);
      if (known?.revision === revision) continue;
      changed += 1;
      this.put({ ...item, revision, broken_citations: broken, edits: undefined });
    }
    for (const field of this.fields.values()) field.marked_by = null;
    for (const mark of draft.marked_unknown ?? []) this.fields.get(mark.field).marked_by = mark.by;
    this.deal.revision = draft.revision;
    this.setMissing(draft.missing);
    return changed;
  }

  setMissing(missing) {
    this.pending = missing.filter((entry) => ["source_pending", "draft_pending", "draft_failed"].includes(entry.missing));
  }

  heading = (field) => this.fields.get(field)?.heading ?? field;

  /** Core fields that hold nothing and are not marked: one entry each at the end of the list. */
  gaps() {
    const held = new Set([...this.items.values()].filter((item) => item.state !== "rejected").map((item) => item.field));
    return [...this.fields.values()].filter((field) => field.core && !held.has(field.field));
  }

  /** Ids of what the list shows, in order. */
  entries() {
    const ids = this.order.concat(this.gaps().map((field) => `gap:${field.field}`));
    return this.filter ? ids.filter((id) => this.fieldOf(id) === this.filter) : ids;
  }

  fieldOf = (id) => (id.startsWith("gap:") ? id.slice(4) : this.items.get(id)?.field);
  isOpen = (id) => (id.startsWith("gap:") ? !this.fields.get(id.slice(4)).marked_by : this.items.get(id).state === "drafted");

  counts(field) {
    const all = [...this.items.values()].filter((item) => !field || item.field === field);
    return { all: all.length, decided: all.filter((item) => item.state !== "drafted").length };
  }

  /** Everything that stands between the draft and its final version, by the server's rule. */
  missing() {
    const live = [...this.items.values()].filter((item) => item.state !== "rejected");
    const out = [...this.pending];
    const named = (missing, item) => ({ missing, item: item.id, field: item.field, statement: item.statement });
    out.push(...live.filter((item) => item.broken_citations.length).map((item) => named("broken_citation", item)));
    for (const { field, core, marked_by: marked } of this.fields.values()) {
      const drafted = live.filter((item) => item.field === field && item.state === "drafted");
      const approved = live.some((item) => item.field === field && item.state === "approved");
      if (core && !approved && !marked) out.push({ missing: "field", field, drafted: drafted.length });
      else out.push(...drafted.map((item) => named("decision", item)));
    }
    return out;
  }
}

const spaced = (word) => word.replaceAll("_", " ");

/** The attributes in words: a value of a vocabulary speaks for itself, everything else is named. */
export function tags(item) {
  return Object.entries(item.attributes ?? {}).map(([key, value]) => tag(key, value, item.statement)).filter(Boolean);
}

function tag(key, value, statement) {
  if (["superseded_by", "owed_to", "name"].includes(key) || value == null) return null;
  if (key === "contract") return value === "unwritten" ? "in no clause of the contract" : null;
  if (["metric", "condition", "reason"].includes(key) && statement.includes(value)) return null;
  if (key === "history") return ["made", "superseded"].includes(value) ? null : spaced(value);
  if (key === "owed_by") return `by the ${value}`;
  if (key === "in_scope") return value ? "in scope" : "out of scope";
  if (key === "still_urgent") return value ? "still urgent" : "no longer urgent";
  if (key === "leaving") return value ? "leaving" : null;
  if (key === "roles") return value.map(spaced).join(", ");
  if (["strength", "category", "kind", "status", "stance"].includes(key)) return spaced(value);
  return typeof value === "string" ? `${spaced(key)}: ${spaced(value)}` : null;
}

export const CONTRACT = {
  written: "The contract carries it",
  contradicted: "The contract says otherwise",
  unwritten: "No clause of the contract carries it",
};

/** Whether the server leaves an item for a look of its own when its whole field is approved. */
export const wantsALook = (item) =>
  item.broken_citations.length > 0 || item.citations.some((citation) => citation.role === "counter") || item.attributes?.contract === "contradicted";

/** What deserves a second look before a key is pressed. */
export function warnings(item) {
  const out = [];
  if (item.broken_citations.length) out.push("words have moved");
  if (item.citations.some((citation) => citation.role === "counter")) out.push("speaks against it");
  if (item.attributes?.contract === "contradicted") out.push("contract says otherwise");
  if (item.attributes?.history === "superseded") out.push("superseded");
  return out;
}

export const percent = (item) => (item.confidence == null ? null : Math.round(item.confidence * 100));

/** A moment of a recording, no more exact than the file gives it; without times, the place in the file. */
export function moment({ start_ms: start, precision, turn }) {
  if (start == null || precision === "none") return `passage ${turn + 1}`;
  const seconds = Math.floor(Math.max(start, 0) / 1000);
  const two = (n) => String(n).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const clock = hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
  return precision === "block" ? `after ${clock}` : clock;
}
