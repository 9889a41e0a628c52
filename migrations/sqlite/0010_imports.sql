-- What a person's side rests on: as the file says it, and as the deal's whole record proves it.
alter table participants add column filed_reason text;
alter table participants add column side_reason text;

-- A corrected version of a file is a source of its own. The earlier one stays as it was, for the versions that cite it.
alter table sources add column replaces text references sources (id);
alter table sources add column replaced_by text references sources (id);

-- What people say of the labels in a deal's files: two are one person, or they are two. The smaller of the two stands first.
create table person_ties (
    deal_id text not null references deals (id),
    source_id text not null references sources (id),
    label text not null,
    other_source_id text not null references sources (id),
    other_label text not null,
    same boolean not null,
    set_by text references users (id),
    set_at bigint not null,
    primary key (deal_id, source_id, label, other_source_id, other_label)
);

-- The side of a person, where somebody says it.
create table person_sides (
    deal_id text not null references deals (id),
    source_id text not null references sources (id),
    label text not null,
    side text not null,
    set_by text references users (id),
    set_at bigint not null,
    primary key (deal_id, source_id, label)
);
