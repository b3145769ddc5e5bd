-- The floor of a save: one row of twenty columns in a table with three indexes, no rules, no row security.

create table bench.bare (
    id bigint generated always as identity primary key, number text not null unique, division text not null, window_code text not null,
    department integer not null, item text not null, item_version integer not null, class text not null, state text not null,
    name text not null, id_kind text not null, id_number text not null, phone text not null, address text, note text,
    accepted_at timestamptz not null default clock_timestamp(), accepted_by integer not null, promise_due date not null,
    statute_due date not null, closed_at timestamptz);
create index bare_queue on bench.bare (department, promise_due, id) where closed_at is null;
grant usage on schema bench to guitai_staff;
grant insert, select on bench.bare to guitai_staff;
