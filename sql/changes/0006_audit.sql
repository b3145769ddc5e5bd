-- Records that only grow. Events of a case form a chain: each hash covers the one before.

set role guitai_owner;

create table audit.case_event (
    case_id     bigint not null,
    seq         integer not null,
    action      text not null,
    from_state  text,
    to_state    text,
    stage       text,
    staff       integer,
    staff_name  text not null,
    duty        text,
    window_code text,
    place       text,
    at          timestamptz not null,
    opinion     text,
    detail      jsonb not null default '{}',
    prev_hash   bytea not null,
    hash        bytea not null,
    xact        xid8 not null default pg_current_xact_id(),
    primary key (case_id, seq)
);
comment on table audit.case_event is 'every act on a case, chained by hash; the head stands in the case';
comment on column audit.case_event.xact
    is 'the transaction: what is older than every running one is complete, which no time and no serial can say';
alter table audit.case_event alter column opinion set compression lz4;
create index case_event_xact on audit.case_event (xact);

create table audit.refusal (
    id        bigint generated always as identity primary key,
    at        timestamptz not null default clock_timestamp(),
    login     name not null default session_user,
    division  text,
    function  text not null,
    code      text not null,
    field     text,
    message   text not null,
    message_en text not null default '',
    args      jsonb not null default '{}',
    constraint refusal_short check (length(code) <= 10 and length(field) <= 60 and length(message) <= 1000
        and length(message_en) <= 1000 and length(args::text) <= 2000)
);
comment on table audit.refusal
    is 'tries that a rule refused, without personal data and of bounded size: whoever tries writes it';
create index refusal_division on audit.refusal (division, id);

create table audit.sign_on (
    id        bigint generated always as identity primary key,
    at        timestamptz not null default clock_timestamp(),
    login     name not null default session_user,
    division  text,
    window_code text,
    client    text
);
comment on table audit.sign_on is 'sessions opened at a window';

create trigger case_event_frozen before update or delete on audit.case_event
    for each row execute function data.refuse_change();
create trigger case_event_kept before truncate on audit.case_event
    for each statement execute function data.refuse_change();
create trigger refusal_frozen before update or delete on audit.refusal
    for each row execute function data.refuse_change();
create trigger refusal_kept before truncate on audit.refusal
    for each statement execute function data.refuse_change();
create trigger sign_on_frozen before update or delete on audit.sign_on
    for each row execute function data.refuse_change();
create trigger sign_on_kept before truncate on audit.sign_on
    for each statement execute function data.refuse_change();

reset role;
