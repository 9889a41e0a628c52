-- Client DNA: the customer's own phrases, found when a deal is drafted, and profiles kept to tell what changed since.

create table own_phrases (
    deal_id text not null references deals (id),
    tenant_id text not null references tenants (id),
    position bigint not null,
    words text not null,
    times bigint not null,
    vendor_times bigint not null,
    score double precision not null,
    -- Where one of them stands, as a citation has it.
    source_id text not null references sources (id),
    turn_index bigint not null,
    char_start bigint not null,
    char_end bigint not null,
    quote text not null,
    match_status text not null,
    primary key (deal_id, position)
);

-- Whole, notes about persons included: who reads one is told what they may see of it.
create table dna_snapshots (
    id text primary key,
    tenant_id text not null references tenants (id),
    deal_id text not null references deals (id),
    occasion text not null,
    -- The `baton.dna/1` document, and its SHA-256: one that says the same as the last is not kept.
    document text not null,
    content_hash text not null,
    created_at bigint not null
);
create index dna_snapshots_by_deal on dna_snapshots (deal_id, id);
