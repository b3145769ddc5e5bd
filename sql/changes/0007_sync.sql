-- The hand-off between halls: messages out and in, what is known of cases elsewhere. The protocol: src/sync/README.md.

create schema sync authorization guitai_owner;
create schema api_sync authorization guitai_owner;
comment on schema sync is 'messages to and from other halls; no staff login reaches it';
comment on schema api_sync is 'all that the endpoint''s login can call';
grant usage on schema data, audit, sync to guitai_courier;
grant usage on schema sync to guitai_api, guitai_keeper;
grant usage on schema api_sync to guitai_courier, guitai_endpoint;
grant usage on schema api to guitai_courier;
grant usage on language plpgsql to guitai_courier;
alter default privileges for role guitai_courier revoke execute on functions from public;

set role guitai_owner;

create domain sync.kind as text
    check (value in ('up', 'transfer', 'result', 'return', 'recall', 'notice', 'report'));
create domain sync.outbox_state as text check (value in ('waiting', 'taken', 'refused', 'recalled', 'too_late', 'withdrawn'));
create domain sync.final_answer as text check (value in ('taken', 'refused', 'recalled', 'too_late'));

create type sync.message as (n integer, id uuid, number text, ord integer, kind text, digest text, body text, problem text);
comment on type sync.message is 'a message of a request under way; problem: what stands against importing it';
create type sync.outcome as (message uuid, answer text, more jsonb);
comment on type sync.outcome is 'what came of a message: its answer, and what is told with it';
create type sync.arrival as (message uuid, kind text, digest text, number text, query_code text, applicant_kind text,
    id_kind text, id_number text, name text, phone text, address text, agent_name text, agent_id_number text, extra jsonb,
    note text, accepted_at timestamptz, materials jsonb, opinion text, item text, version integer, department integer,
    department_name text, class text, process text, single boolean, promise_days integer, statute_days integer,
    promise_due date, statute_due date, unsure boolean, material_set bigint, lines text, code text, words text[]);
comment on type sync.arrival is 'a case as it will stand here: the message, our item in force, our limits from today; code: the '
    'rule that refuses it';

create table sync.peer (
    own            text not null references data.division,
    division       text not null check (division ~ '^[0-9]{6}$'),
    name           text not null check (length(btrim(name)) > 0),
    url            text not null check (url ~ '^https://[^[:space:]]+$' and length(url) <= 200),
    relation       text not null check (relation in ('upper', 'lower', 'same')),
    inner_key      bytea not null check (length(inner_key) = 64),
    outer_key      bytea not null check (length(outer_key) = 64),
    active         boolean not null default true,
    last_heard_at  timestamptz,
    last_sent_at   timestamptz,
    waiting        integer not null default 0,
    oldest         timestamptz,
    problem        text,
    problem_at     timestamptz,
    primary key (own, division),
    constraint peer_other check (own <> division)
);
comment on table sync.peer
    is 'the halls that this one exchanges cases with; kept for good, which spares each message the check that its peer is here';
comment on column sync.peer.relation is 'what the peer is to us: the hall above, one below, one of the same level';
comment on column sync.peer.inner_key is 'the pair''s secret with the inner pad of HMAC (RFC 2104); outer_key with the outer one';
comment on column sync.peer.waiting is 'messages that wait at the peer, as it said last; oldest: since when';
create unique index peer_upper on sync.peer (own) where relation = 'upper' and active;

create table sync.setting (
    own             text primary key references data.division,
    duplicate_days  integer not null default 180 check (duplicate_days between 1 and 3650),
    report_minutes  integer not null default 10 check (report_minutes between 1 and 1440),
    compare_at      time not null default '02:00',
    inner_key       bytea check (length(inner_key) = 64),
    outer_key       bytea check (length(outer_key) = 64),
    reported        xid8 not null default '0',
    reported_at     timestamptz not null default '-infinity'
);
comment on table sync.setting is 'how a hall takes part in the hand-off';
comment on column sync.setting.compare_at is 'when, by the hall''s clock, the services begin to compare ledgers';
comment on column sync.setting.inner_key is 'duplicate key of the city and its counties, padded as in sync.peer';
comment on column sync.setting.reported is 'events of transactions before this one have been reported';

create table sync.outbox (
    id            uuid primary key default gen_random_uuid(),
    own           text not null,
    peer          text not null,
    case_id       bigint,
    number        text collate "C" not null,
    ord           integer not null,
    kind          sync.kind not null,
    department    integer,
    body          text not null,
    digest        text not null,
    mac           text not null,
    created_at    timestamptz not null,
    created_by    integer,
    state         sync.outbox_state not null default 'waiting',
    attempts      integer not null default 0,
    next_try      timestamptz not null,
    leased_until  timestamptz,
    last_at       timestamptz,
    last_answer   text,
    answered_at   timestamptz,
    answer        jsonb
) with (fillfactor = 80, toast_tuple_target = 256);
alter table sync.outbox alter column body set compression lz4;
comment on table sync.outbox is 'messages of this hall, written in the transaction of the act that they tell; a body lies apart '
    'from its row (toast_tuple_target), which changes when it is claimed and when it is answered';
comment on column sync.outbox.department is 'whose stations may send it; null: only who transmits for the whole hall';
comment on column sync.outbox.answer is 'the final answer as it came, its mac verified';
create index outbox_waiting on sync.outbox (own, peer, created_at) where state = 'waiting';
create unique index outbox_order on sync.outbox (own, peer, number, ord) where ord > 0 and state <> 'withdrawn';
create index outbox_case on sync.outbox (case_id) where case_id is not null;
create index outbox_answered on sync.outbox (own, peer, answered_at) where answered_at is not null;

create table sync.inbox (
    own          text not null,
    origin       text not null,
    id           uuid not null,
    number       text collate "C" not null,
    ord          integer not null,
    kind         sync.kind not null,
    body         text not null,
    digest       text not null,
    received_at  timestamptz not null,
    answer       sync.final_answer not null,
    answered_at  timestamptz not null,
    more         jsonb not null default '{}',
    mac          text not null,
    primary key (id, origin)
);
alter table sync.inbox alter column body set compression lz4;
comment on table sync.inbox is 'messages of other halls with the answer that each got for good';
-- the telling column first: a plan made while the table was empty stays right when it has grown
create unique index inbox_order on sync.inbox (number, ord, origin, own) where ord > 0;
create index inbox_day on sync.inbox (answered_at, origin, own);

create table sync.alarm (
    id       bigint generated always as identity primary key,
    at       timestamptz not null,
    own      text not null,
    peer     text not null,
    message  uuid,
    number   text,
    zh       text not null,
    en       text not null,
    seen_by  integer,
    seen_at  timestamptz
);
comment on table sync.alarm is 'what a person must look at: conflicts, invalid messages, refusals of a peer';
create index alarm_open on sync.alarm (own, id) where seen_at is null;

create table sync.registry (
    number           text collate "C" primary key,
    own              text not null,
    division         text not null,
    division_name    text not null,
    item             text not null,
    item_name        text not null,
    class            text not null,
    department_name  text not null,
    name             text not null,
    accepted_at      timestamptz not null,
    promise_due      date,
    state            text not null,
    state_zh         text not null,
    decided_at       timestamptz,
    result           text,
    closed_at        timestamptz,
    count            integer not null,
    applicant        text,
    reported_at      timestamptz not null
);
comment on table sync.registry is 'every case of the halls below and of this one, masked, as last reported';
comment on column sync.registry.applicant is 'fingerprint of applicant and item, to find a second application';
create index registry_applicant on sync.registry (applicant, item);
create index registry_division on sync.registry (own, division, accepted_at desc, number);

create table sync.note (
    id        uuid primary key,
    own       text not null,
    peer      text not null,
    outgoing  boolean not null,
    number    text,
    subject   text not null,
    text      text not null,
    by_name   text not null,
    at        timestamptz not null,
    read_by   integer,
    read_at   timestamptz
);
comment on table sync.note is 'guidance from the hall above, and what was sent to those below';
create index note_own on sync.note (own, at desc);

create table sync.difference (
    id       bigint generated always as identity primary key,
    own      text not null,
    peer     text not null,
    day      date not null,
    side     text not null check (side in ('sent', 'received')),
    message  uuid not null,
    number   text,
    zh       text not null,
    en       text not null,
    at       timestamptz not null
);
comment on table sync.difference is 'what the last comparison of two ledgers found';
create unique index difference_own on sync.difference (own, peer, day, side, message);

create table sync.comparison (
    own      text not null,
    peer     text not null,
    since    date,
    at       timestamptz,
    equal    boolean,
    tried_at timestamptz,
    primary key (own, peer)
);
comment on table sync.comparison is 'when two ledgers were compared last, and whether they were equal';
comment on column sync.comparison.tried_at is 'when a service last began with it by itself';

create table data.upper_decision (
    case_id          bigint not null references data.case_file,
    round            smallint not null,
    result           text not null check (result in ('grant', 'refuse')),
    decided_at       timestamptz not null,
    division_name    text not null,
    department_name  text not null,
    reviewer         text not null,
    review_opinion   text not null,
    decider          text not null,
    on_behalf_of     text,
    authorisation    text,
    credential       text,
    opinion          text not null,
    bases            jsonb not null,
    reconsider_body  text not null,
    primary key (case_id, round)
);
comment on table data.upper_decision is 'the decision of the hall above on a case that was sent up';

create trigger peer_kept before delete on sync.peer for each row execute function data.refuse_change();
create trigger inbox_kept before delete on sync.inbox for each row execute function data.refuse_change();
create trigger inbox_truncated before truncate on sync.inbox for each statement execute function data.refuse_change();
create trigger outbox_kept before delete on sync.outbox for each row execute function data.refuse_change();
create trigger outbox_truncated before truncate on sync.outbox for each statement execute function data.refuse_change();
create trigger upper_decision_frozen before update or delete on data.upper_decision
    for each row execute function data.refuse_change();

reset role;
