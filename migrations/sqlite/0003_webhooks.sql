-- Webhooks that go out: who is told, of what, and how each telling went.

create table webhooks (
    id text primary key,
    tenant_id text not null references tenants (id),
    url text not null,
    format text not null,
    -- Kinds of events as a JSON list; none means every kind, those of later versions too.
    events text,
    -- In clear: what is sent has to be signed with it. It stands in this column and nowhere else.
    secret text not null,
    enabled bigint not null,
    -- Since when nothing has arrived; none while it does.
    failing_since bigint,
    created_at bigint not null
);
create index webhooks_by_tenant on webhooks (tenant_id, id);

-- What happened, once, however many are told of it.
create table webhook_events (
    id text primary key,
    tenant_id text not null references tenants (id),
    kind text not null,
    -- The event as JSON: names, states and links, never words of the record.
    event text not null,
    created_at bigint not null
);

create table webhook_deliveries (
    id text primary key,
    tenant_id text not null references tenants (id),
    webhook_id text not null references webhooks (id),
    event_id text not null references webhook_events (id),
    state text not null,
    -- Failed attempts since it was queued; where it stands in the schedule of retries.
    tries bigint not null,
    next_attempt_at bigint,
    created_at bigint not null,
    unique (event_id, webhook_id)
);
create index webhook_deliveries_by_webhook on webhook_deliveries (webhook_id, id);

create table webhook_attempts (
    delivery_id text not null references webhook_deliveries (id),
    number bigint not null,
    at bigint not null,
    -- What was answered, or why nothing was.
    status bigint,
    error text,
    duration_ms bigint not null,
    -- The beginning of the answer.
    answer text,
    primary key (delivery_id, number)
);

-- Jobs of one lane never wait for those of another: an endpoint that answers slowly holds up no draft.
alter table jobs add column lane text not null default 'pipeline';
create index jobs_to_run_by_lane on jobs (lane, state, run_at);
