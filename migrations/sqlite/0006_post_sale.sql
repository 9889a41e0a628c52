-- What a deal's record says after the sale, beside the outcomes of its promises (0004).

-- One row for every deal that has sources from after the sale.
create table post_sale_readings (
    deal_id text primary key references deals (id),
    tenant_id text not null references tenants (id),
    -- How many of its sources are from after the sale, and how many questions the vendor's side asked in them.
    sources bigint not null,
    questions bigint not null,
    -- How many of these the customer had answered before.
    repeated bigint not null,
    read_at bigint not null
);

-- The words of the repeated questions and of the earlier answers.
create table repeats (
    deal_id text not null references deals (id),
    tenant_id text not null references tenants (id),
    position bigint not null,
    -- `question` or `answer`.
    part text not null,
    source_id text not null references sources (id),
    turn_index bigint not null,
    char_start bigint not null,
    char_end bigint not null,
    quote text not null,
    primary key (deal_id, position, part)
);

-- Promises of which a person says that nothing became of them that the record could tell: no engine marks them.
create table cleared_outcomes (
    item_id text primary key references items (id),
    tenant_id text not null references tenants (id),
    deal_id text not null references deals (id),
    cleared_by text not null references users (id),
    cleared_at bigint not null
);
create index cleared_outcomes_by_deal on cleared_outcomes (deal_id);
