-- What a person's side rests on: as the file says it, and as the deal's whole record proves it.
alter table participants add column filed_reason text;
alter table participants add column side_reason text;
