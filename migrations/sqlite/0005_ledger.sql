-- The ledger of promises over all deals. Forward only, portable SQL: see 0001.
--
-- What an item's attributes say, as columns that the database itself derives: whatever writes an item, they never differ from
-- it. PostgreSQL has the same as stored generated columns over `attributes::jsonb`.

alter table items add column strength text generated always as (json_extract(attributes, '$.strength')) virtual;
alter table items add column category text generated always as (json_extract(attributes, '$.category')) virtual;
alter table items add column owed_by text generated always as (json_extract(attributes, '$.owed_by')) virtual;
alter table items add column contract text generated always as (json_extract(attributes, '$.contract')) virtual;
alter table items add column history text generated always as (json_extract(attributes, '$.history')) virtual;
alter table items add column superseded_by text generated always as (json_extract(attributes, '$.superseded_by')) virtual;
-- The day, where the words name one; words such as "before summer" have none.
alter table items add column due_on text generated always as (
    case when json_extract(attributes, '$.due') glob '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'
              and date(json_extract(attributes, '$.due')) = json_extract(attributes, '$.due')
         then json_extract(attributes, '$.due') end
) virtual;

-- Everything that a filter or a total asks of a promise: over all deals none of them reads the items themselves.
create index items_ledger on items (
    tenant_id, deal_id, state, contract, strength, category, owed_by, due_on, history, superseded_by, id
) where field = 'commitment';

-- Filters of the ledger that somebody keeps under a name.
create table ledger_views (
    id text primary key,
    tenant_id text not null references tenants (id),
    owner_id text not null references users (id),
    name text not null,
    -- The filter as the query of an address.
    filter text not null,
    -- Whether everybody in the tenant sees it. It holds a filter and no words: each sees their own deals through it.
    shared bigint not null,
    created_at bigint not null,
    unique (owner_id, name)
);
create index ledger_views_by_tenant on ledger_views (tenant_id, name);
