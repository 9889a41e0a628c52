-- Questions to the record and their answers.

create table answers (
    id text primary key,
    tenant_id text not null references tenants (id),
    -- What was asked: a deal, an account, or all that the asker may see (neither).
    account_id text references accounts (id),
    deal_id text references deals (id),
    -- Who asked; none for what is answered ahead when a handoff becomes final.
    asked_by text references users (id),
    question text not null,
    -- The answer as a baton.answer/1 document.
    document text not null,
    -- Whether it states a note about a person: then only those may read it who may see such notes.
    sensitive bigint not null,
    -- Whether others of the tenant may read it, as far as they may see its deals.
    shared bigint not null,
    created_at bigint not null
);
create index answers_by_deal on answers (deal_id, id);
create index answers_by_account on answers (account_id, id);
create index answers_by_asker on answers (tenant_id, asked_by, id);

-- The deals that an answer rests on, and how they stood: it goes stale when one of them changes.
create table answer_deals (
    answer_id text not null references answers (id),
    deal_id text not null references deals (id),
    revision bigint not null,
    sources bigint not null,
    primary key (answer_id, deal_id)
);
