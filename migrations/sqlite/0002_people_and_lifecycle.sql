-- People, what they may do, and the life of a handoff after its draft. Forward only, portable SQL: see 0001.

-- A person, or an integration: a program with a role of its own that signs in by token only.
create table users (
    id text primary key,
    tenant_id text not null references tenants (id),
    kind text not null,
    -- Lower case; a person signs in with it, so it belongs to one person of the installation.
    email text,
    name text not null,
    title text,
    role text not null,
    state text not null,
    -- Argon2id in PHC form; none until one is chosen.
    password_hash text,
    -- Wrong passwords in a row, and until when no further one is looked at.
    failed_attempts bigint not null,
    locked_until bigint,
    -- Who the person is at the company's own sign-on.
    oidc_issuer text,
    oidc_subject text,
    created_at bigint not null
);
create unique index users_by_email on users (email);
create unique index users_by_oidc on users (oidc_issuer, oidc_subject);
create index users_by_tenant on users (tenant_id, id);

-- Secrets are kept as SHA-256: they are 256 random bits, so nothing slower is needed, and a stolen table opens nothing.
create table sessions (
    id text primary key,
    user_id text not null references users (id),
    secret_hash text not null unique,
    user_agent text,
    created_at bigint not null,
    seen_at bigint not null,
    expires_at bigint not null
);
create index sessions_by_user on sessions (user_id, id);

-- One-time links: the first sign-in, or a forgotten password.
create table sign_in_links (
    secret_hash text primary key,
    user_id text not null references users (id),
    created_at bigint not null,
    expires_at bigint not null
);

-- A sign-on under way at the company's own provider.
create table oidc_flows (
    state_hash text primary key,
    nonce text not null,
    pkce_verifier text not null,
    return_to text not null,
    expires_at bigint not null
);

create table api_tokens (
    id text primary key,
    tenant_id text not null references tenants (id),
    user_id text not null references users (id),
    name text not null,
    secret_hash text not null unique,
    -- A JSON list.
    scopes text not null,
    created_at bigint not null,
    expires_at bigint not null,
    used_at bigint,
    revoked_at bigint
);
create index api_tokens_by_user on api_tokens (user_id, id);

alter table accounts add column created_by text references users (id);
alter table accounts add column external_id text;
create index accounts_by_external_id on accounts (tenant_id, external_id);

-- Whose deal it is, who receives it, and what the CRM says of it.
alter table deals add column owner_id text references users (id);
alter table deals add column csm_id text references users (id);
alter table deals add column segment text;
alter table deals add column territory text;
-- Decimal, as the CRM gives it.
alter table deals add column amount text;
alter table deals add column currency text;
-- When it was won; before that the handoff is in pre-close mode.
alter table deals add column closed_at bigint;
alter table deals add column crm_system text;
alter table deals add column crm_id text;
create unique index deals_by_crm on deals (tenant_id, crm_system, crm_id);
create index deals_by_owner on deals (owner_id, id);
create index deals_by_csm on deals (csm_id, id);

-- The steps that the SLA policy gave a won deal, each with its clock.
create table milestones (
    deal_id text not null references deals (id),
    tenant_id text not null references tenants (id),
    step text not null,
    label text not null,
    -- When the people concerned are told that it is near.
    remind_at bigint not null,
    due_at bigint not null,
    done_at bigint,
    done_by text,
    -- The last reminder that was sent: none, `due_soon`, `overdue`.
    reminded text,
    primary key (deal_id, step)
);
create index milestones_open on milestones (due_at) where done_at is null;

-- What a team sets for itself: SLA policies, assignment rules. JSON, typed in the code.
create table settings (
    tenant_id text not null references tenants (id),
    name text not null,
    value text not null,
    updated_at bigint not null,
    primary key (tenant_id, name)
);

-- What patterns over many deals are computed from, without reading every document.
alter table versions add column scorecard text;
alter table versions add column unknown_fields text;
alter table versions add column overridden bigint not null default 0;

-- Documents of a final version, rendered once with it.
create table version_documents (
    version_id text not null references versions (id),
    kind text not null,
    -- Whether notes about persons may stand in it.
    sight text not null,
    title text not null,
    media_type text not null,
    text text not null,
    primary key (version_id, kind, sight)
);

-- What the receiving side said of a version.
create table receipts (
    id text primary key,
    tenant_id text not null references tenants (id),
    deal_id text not null references deals (id),
    version_id text not null references versions (id),
    verdict text not null,
    rating bigint not null,
    -- Reasons as a JSON list.
    reasons text not null,
    comment text,
    user_id text not null references users (id),
    by_name text not null,
    created_at bigint not null
);
create index receipts_by_deal on receipts (deal_id, id);

create table questions (
    id text primary key,
    tenant_id text not null references tenants (id),
    deal_id text not null references deals (id),
    field text,
    question text not null,
    asked_by text not null,
    asked_at bigint not null,
    answer text,
    answered_by text,
    answered_at bigint,
    -- Question and answer as a source of the record.
    source_id text references sources (id)
);
create index questions_by_deal on questions (deal_id, id);

-- What the customer corrected on the read-back sheet.
create table corrections (
    id text primary key,
    tenant_id text not null references tenants (id),
    deal_id text not null references deals (id),
    item_id text references items (id),
    said_by text not null,
    words text not null,
    recorded_by text not null,
    created_at bigint not null,
    source_id text not null references sources (id)
);
create index corrections_by_deal on corrections (deal_id, id);

-- The pulse of day 14 and the check-in of day 30.
create table check_ins (
    id text primary key,
    tenant_id text not null references tenants (id),
    deal_id text not null references deals (id),
    kind text not null,
    -- How often the customer had to say again what the record held.
    repeats bigint not null,
    -- The customer's own rating, 1 to 5.
    satisfaction bigint,
    escalated bigint not null,
    note text,
    recorded_by text not null,
    created_at bigint not null
);
create index check_ins_by_deal on check_ins (deal_id, id);

-- Every change, chained: `hash` is over `entry`, and `entry` names the hash before it.
create table audit_entries (
    tenant_id text not null references tenants (id),
    seq bigint not null,
    at bigint not null,
    actor text not null,
    action text not null,
    deal_id text,
    -- The entry as canonical JSON (RFC 8785), the very bytes that are hashed.
    entry text not null,
    hash text not null,
    primary key (tenant_id, seq)
);
create index audit_entries_by_deal on audit_entries (deal_id, seq);
