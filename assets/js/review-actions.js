// Decisions: shown at once, sent one after the other per item, brought back with a message when the server refuses.
import { api } from "./api.js";
import { complain, say } from "./dom.js";

const path = (item, verb = "") => `/v1/items/${encodeURIComponent(item.id)}${verb && `/${verb}`}`;

export class Actions {
  #undoable = [];
  #marking = Promise.resolve();

  /** `view` draws: changed(id), goTo(id), list(). */
  constructor(model, view) {
    this.model = model;
    this.view = view;
    this.deal = `/v1/deals/${encodeURIComponent(model.deal.id)}`;
  }

  approve(item) {
    return this.#decide(item, "approved", () => api("POST", path(item, "approve"), { etag: item.revision }));
  }

  reject(item, reason) {
    const body = reason ? { reason } : {};
    return this.#decide(item, "rejected", () => api("POST", path(item, "reject"), { etag: item.revision, body }));
  }

  /** Saves other words; refused words stay in the form, so this one is awaited. */
  async edit(item, statement, attributes) {
    const body = {};
    if (statement !== item.statement) body.statement = statement;
    if (JSON.stringify(attributes) !== JSON.stringify(item.attributes)) body.finding = { field: item.field, attributes };
    if (!Object.keys(body).length) return this.approve(item);
    await item.queue;
    this.model.put(await api("PATCH", path(item), { etag: item.revision, body }));
    this.#undoable.push([item.id]);
    say("Changed and approved.");
    this.view.changed(item.id);
  }

  async attest({ field, statement, attributes }, after) {
    const added = await api("POST", `${this.deal}/items`, { body: { field, attributes, statement } });
    this.model.put(added, after);
    this.model.fields.get(field).marked_by = null;
    this.#undoable.push([added.id]);
    say("Added and approved.");
    return added.id;
  }

  #decide(item, state, send) {
    const before = { state: item.state, decided_by: item.decided_by };
    Object.assign(item, { state, decided_by: this.model.me });
    this.#undoable.push([item.id]);
    this.#enqueue(item, send, () => {
      Object.assign(item, before);
      this.#undoable = this.#undoable.filter((ids) => !ids.includes(item.id));
    });
  }

  #enqueue(item, send, takeBack) {
    item.waiting += 1;
    item.queue = item.queue.then(send).then(
      (answer) => {
        const isLast = (item.waiting -= 1) === 0;
        if (isLast) this.model.put(answer);
        else item.revision = answer.revision;
        this.view.changed(item.id);
      },
      async (problem) => {
        item.waiting -= 1;
        takeBack();
        if (problem.status === 412 || problem.status === 428) await this.#reread(item);
        else complain(`Not saved: “${shorten(item.statement)}”. ${problem.message}`);
        this.view.changed(item.id);
        this.view.goTo(item.id);
      },
    );
    this.view.changed(item.id);
  }

  async #reread(item) {
    try {
      const now = this.model.put(await api("GET", path(item)));
      const by = now.decided_by ? ` It is ${now.state} by ${now.decided_by} now.` : "";
      complain(`Somebody changed “${shorten(now.statement)}” meanwhile.${by} Here it is as it stands; decide again if you need to.`);
    } catch (problem) {
      complain(`Not saved: “${shorten(item.statement)}”. ${problem.message}`);
    }
  }

  /** Takes the last decision back, or that on `item`. Returns the id to look at again. */
  undo(item) {
    let ids = item ? [item.id] : this.#undoable.pop();
    if (item) this.#undoable = this.#undoable.filter((group) => !group.includes(item.id));
    ids = (ids ?? []).filter((id) => this.model.items.get(id)?.state !== "drafted");
    for (const id of ids) {
      const undone = this.model.items.get(id);
      const before = { state: undone.state, decided_by: undone.decided_by };
      Object.assign(undone, { state: undone.attested_by ? "rejected" : "drafted", decided_by: null });
      this.#enqueue(undone, () => api("POST", path(undone, "undo"), { etag: undone.revision }), () => Object.assign(undone, before));
    }
    say(ids.length ? `Taken back: ${ids.length === 1 ? shorten(this.model.items.get(ids[0]).statement) : `${ids.length} items`}` : "Nothing to take back.");
    return ids[0] ?? null;
  }

  /** Approves what is left of a field; the ids of what the server leaves for a look of its own. */
  async approveField(field) {
    await this.settled();
    const { approved, skipped } = await api("POST", `${this.deal}/approve`, { body: { field } });
    for (const { id, revision } of approved) {
      const item = this.model.items.get(id);
      if (item) Object.assign(item, { state: "approved", decided_by: this.model.me, revision, edits: undefined });
      this.view.changed(id);
    }
    if (approved.length) this.#undoable.push(approved.map(({ id }) => id));
    const left = skipped.length ? ` Left for you: ${skipped.length} (${[...new Set(skipped.map(({ why }) => why))].join("; ")}).` : "";
    say(`${approved.length} approved in “${this.model.heading(field)}”.${left}`);
    return new Set(skipped.map(({ id }) => id));
  }

  async toggleUnknown(field) {
    const entry = this.model.fields.get(field);
    const before = entry.marked_by;
    entry.marked_by = before ? null : this.model.me;
    this.view.list();
    // One mark after the other, and finalizing after all of them.
    const sent = this.#marking.then(() => api(before ? "DELETE" : "PUT", `${this.deal}/unknown/${field}`));
    this.#marking = sent.catch(() => {});
    try {
      await sent;
      say(before ? `“${entry.heading}” is no longer marked.` : `“${entry.heading}” is marked: asked, unknown.`);
    } catch (problem) {
      entry.marked_by = before;
      complain(problem.message);
      this.view.list();
    }
  }

  /** Resolves when every decision and every mark has been answered. */
  settled() {
    return Promise.all([this.#marking, ...[...this.model.items.values()].map((item) => item.queue)]);
  }

  /** Reads the draft anew; others may have worked on it. */
  async refresh() {
    await this.settled();
    const changed = this.model.refresh(await api("GET", `${this.deal}/draft`));
    if (changed) this.view.list();
    return changed;
  }

  finalize(reason) {
    const body = reason ? { override_reason: reason } : {};
    return api("POST", `${this.deal}/finalize`, { etag: this.model.deal.revision, body });
  }

  /** Loads the history of an item that came without it. */
  async complete(item) {
    if (item.edits || item.waiting || item.loading || item.state === "drafted") return;
    item.loading = true;
    try {
      const answer = await api("GET", path(item));
      item.edits = answer.edits;
      this.view.changed(item.id);
    } catch {
      item.edits = [];
    }
    item.loading = false;
  }
}

const shorten = (words) => (words.length > 70 ? `${words.slice(0, 67)}…` : words);
