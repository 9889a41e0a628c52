-- How many turns a source has: every answer says how much was searched, and counting turns costs more the more there are.
alter table sources add column turns bigint not null default 0;
update sources set turns = (select count(*) from turns where turns.source_id = sources.id);
