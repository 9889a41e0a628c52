-- The records of one installation. Forward only: this file is never edited once it has landed.
--
-- Portable SQL: identifiers are TEXT, times BIGINT milliseconds since the Unix epoch, documents TEXT holding JSON, so that
-- PostgreSQL gets the same tables with the same meaning. Every table that holds a tenant's words names the tenant.

create table tenants (
    id text primary key,
    name text not null,
    created_at bigint not null
);

create table accounts (
    id text primary key,
    tenant_id text not null references tenants (id),
    name text not null,
    created_at bigint not null
);
create index accounts_by_tenant on accounts (tenant_id, id);

create table deals (
    id text primary key,
    tenant_id text not null references tenants (id),
    account_id text not null references accounts (id),
    name text not null,
    state text not null,
    -- Counts every change to the draft or its review.
    revision bigint not null,
    created_at bigint not null
);
create index deals_by_tenant on deals (tenant_id, id);
create index deals_by_account on deals (account_id, id);

create table sources (
    id text primary key,
    tenant_id text not null references tenants (id),
    deal_id text not null references deals (id),
    name text not null,
    content_hash text not null,
    size_bytes bigint not null,
    state text not null,
    kind text,
    format text,
    title text,
    started_at bigint,
    duration_ms bigint,
    -- The parse report as JSON, once the file is parsed.
    report text,
    error text,
    created_at bigint not null,
    -- The same bytes twice are one source.
    unique (deal_id, content_hash)
);
create index sources_by_deal on sources (deal_id, id);

-- The bytes as uploaded: what was acknowledged is here, whatever happens later.
create table source_contents (
    source_id text primary key references sources (id),
    bytes blob not null
);

create table participants (
    source_id text not null references sources (id),
    position bigint not null,
    label text not null,
    name text,
    email text,
    title text,
    -- What the file itself says about the side, and what the deal's whole record proves.
    filed_side text not null,
    side text not null,
    primary key (source_id, position)
);

create table turns (
    source_id text not null references sources (id),
    turn_index bigint not null,
    speaker text,
    start_ms bigint,
    end_ms bigint,
    -- `precision` is a reserved word in SQL.
    time_precision text not null,
    text text not null,
    -- Cue ids as a JSON list.
    cues text not null,
    primary key (source_id, turn_index)
);

-- One run of an engine over a deal; the newest is the deal's draft.
create table drafts (
    id text primary key,
    tenant_id text not null references tenants (id),
    deal_id text not null references deals (id),
    -- Engine identity as JSON.
    engine text not null,
    input_tokens bigint not null,
    output_tokens bigint not null,
    -- Rejected claims as a JSON list: kept apart, visible, never findings.
    rejected text not null,
    created_at bigint not null
);
create index drafts_by_deal on drafts (deal_id, created_at);

create table items (
    id text primary key,
    tenant_id text not null references tenants (id),
    deal_id text not null references deals (id),
    field text not null,
    -- Attributes as JSON, after the field's own vocabulary.
    attributes text not null,
    statement text not null,
    confidence real,
    origin text not null,
    attested_by text,
    reworded_by text,
    decided_by text,
    state text not null,
    -- Place among the items of one draft.
    position bigint not null,
    -- Counts every change to the item; its ETag.
    revision bigint not null,
    created_at bigint not null,
    updated_at bigint not null
);
create index items_by_deal on items (deal_id, position);

-- Where an item's words stand. The words are kept beside the place: if they ever differ from the turn, the citation is broken.
create table citations (
    item_id text not null references items (id),
    position bigint not null,
    source_id text not null references sources (id),
    turn_index bigint not null,
    char_start bigint not null,
    char_end bigint not null,
    quote text not null,
    match_status text not null,
    role text not null,
    primary key (item_id, position)
);
create index citations_by_source on citations (source_id);

create table item_edits (
    id text primary key,
    item_id text not null references items (id),
    action text not null,
    actor text not null,
    created_at bigint not null,
    before text,
    after text,
    reason text
);
create index item_edits_by_item on item_edits (item_id, id);

create table unknown_fields (
    deal_id text not null references deals (id),
    field text not null,
    actor text not null,
    created_at bigint not null,
    primary key (deal_id, field)
);

-- Final versions; a row is written once and never updated.
create table versions (
    id text primary key,
    tenant_id text not null references tenants (id),
    deal_id text not null references deals (id),
    number bigint not null,
    document text not null,
    content_hash text not null,
    -- The document as people read it, made together with it: a template that changes later changes no version.
    markdown text not null,
    created_at bigint not null,
    unique (deal_id, number)
);

-- Answers already given to requests that carried an Idempotency-Key.
create table idempotency_keys (
    tenant_id text not null references tenants (id),
    idempotency_key text not null,
    request_hash text not null,
    response text not null,
    created_at bigint not null,
    primary key (tenant_id, idempotency_key)
);

create table jobs (
    id text primary key,
    tenant_id text not null references tenants (id),
    deal_id text references deals (id),
    -- The job as JSON; `kind` names it for people and metrics.
    kind text not null,
    payload text not null,
    -- Two queued jobs with one key are one job.
    dedupe_key text,
    state text not null,
    attempts bigint not null,
    run_at bigint not null,
    lease text,
    leased_until bigint,
    error text,
    created_at bigint not null,
    finished_at bigint
);
create index jobs_to_run on jobs (state, run_at);
create index jobs_by_deal on jobs (deal_id, id);
create unique index jobs_queued_once on jobs (dedupe_key) where state = 'queued';
