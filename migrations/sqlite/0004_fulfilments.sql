-- What became of promises after the sale.

create table fulfilments (
    item_id text primary key references items (id),
    tenant_id text not null references tenants (id),
    deal_id text not null references deals (id),
    outcome text not null,
    -- The words it is told from; none where a person says so.
    source_id text references sources (id),
    turn_index bigint,
    char_start bigint,
    char_end bigint,
    quote text,
    -- Who says so; none where it is read from the record.
    set_by text references users (id),
    set_at bigint not null
);
create index fulfilments_by_deal on fulfilments (deal_id);

-- The product that a deal is about, where somebody says it; promises are told apart by it.
alter table deals add column product text;
