-- The runs of clauses that a source is read in when something is asked, each with a vector of what it is about. They are made anew
-- from the turns (`baton reindex`); a source without them is still answered from, only later.
create table runs (
    source_id text not null references sources (id),
    -- Where it begins: the turn, and the place of its first clause in the turn.
    turn_index bigint not null,
    clause bigint not null,
    -- Which encoder the vector is from.
    encoder text not null,
    vector blob not null,
    primary key (source_id, turn_index, clause)
);
