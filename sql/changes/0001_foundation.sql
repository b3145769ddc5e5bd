-- Schemas, the record of applied files, the table of rules, remembered requests.

do $database$
begin
    -- Clerks hold a direct connection: nothing may be created by them, not even a temporary table that
    -- could stand in the way of a name, and no large object.
    execute format('revoke create, temporary on database %I from public', current_database());
    execute format('alter database %I set timezone to %L', current_database(), 'Asia/Shanghai');
    -- What a desk touches is cached: with a page as cheap as that, a look-up by key beats the scan of a small table,
    -- and an acceptance makes some twenty look-ups.
    execute format('alter database %I set seq_page_cost to 0.1', current_database());
    execute format('alter database %I set random_page_cost to 0.1', current_database());
    -- A desk asks for one case or one page: to compile that takes a second, to run it a millisecond. A new hall, whose
    -- tables have no statistics yet, compiled its queue and each case's page.
    execute format('alter database %I set jit to off', current_database());
end
$database$;
revoke all on schema public from public;
revoke usage on language plpgsql from public;
grant usage on language plpgsql to guitai_owner, guitai_api, guitai_search, guitai_keeper;
-- Nor may a clerk take the locks that acceptances and notices wait for: held by one session they would stop the hall.
do $locks$
declare
    v_one regprocedure;
begin
    for v_one in select p.oid from pg_proc p where p.pronamespace = 'pg_catalog'::regnamespace and p.proname ~ '^pg_(try_)?advisory_' loop
        execute format('revoke execute on function %s from public', v_one);
        if v_one::text ~ 'pg_advisory_xact_lock' then
            execute format('grant execute on function %s to guitai_owner, guitai_api, guitai_keeper, guitai_courier', v_one);
        end if;
    end loop;
end
$locks$;
revoke execute on function pg_catalog.lo_creat(integer), pg_catalog.lo_create(oid),
    pg_catalog.lo_from_bytea(oid, bytea), pg_catalog.lo_put(oid, bigint, bytea),
    pg_catalog.lo_open(oid, integer), pg_catalog.lo_truncate(integer, integer),
    pg_catalog.lo_truncate64(integer, bigint), pg_catalog.lowrite(integer, bytea) from public;

create schema data authorization guitai_owner;
create schema audit authorization guitai_owner;
create schema api authorization guitai_owner;
create schema api_admin authorization guitai_owner;
comment on schema data is 'tables and inner functions; no staff login reaches them';
comment on schema audit is 'append-only records: case events, refusals, sign-ons';
comment on schema api is 'all that staff can call';
comment on schema api_admin is 'all that the administrator of a hall can call';

grant usage on schema data, audit to guitai_api, guitai_search, guitai_keeper;
grant usage on schema api to guitai_api, guitai_search, guitai_staff, guitai_admin;
grant usage on schema api_admin to guitai_keeper, guitai_admin;
alter default privileges for role guitai_owner revoke execute on functions from public;
alter default privileges for role guitai_api revoke execute on functions from public;
alter default privileges for role guitai_search revoke execute on functions from public;
alter default privileges for role guitai_keeper revoke execute on functions from public;

set role guitai_owner;

create table data.schema_change (
    name        text primary key,
    kind        text not null check (kind in ('roles', 'change', 'module', 'demo')),
    digest      text not null,
    applied_at  timestamptz not null default now()
);
comment on table data.schema_change is 'files of sql/manifest as applied to this database, with their SHA-256';

create table data.rule (
    code            text primary key check (code ~ '^GT[0-9]{3}$'),
    zh              text not null,
    en              text not null,
    hint_zh         text,
    hint_en         text,
    law             text,
    field           text,
    constraint_name text unique,
    typed           boolean not null default false
);
comment on table data.rule is 'every refusal: message with %s places, what to do, the law behind it';
comment on column data.rule.constraint_name is 'the table constraint whose violation means this rule';
comment on column data.rule.typed
    is 'its message repeats what the caller typed: the record of refusals keeps the bare text';

create table data.request (
    id        uuid primary key,
    login     name not null default session_user,
    function  text not null,
    digest    bytea not null,
    answer    jsonb not null,
    at        timestamptz not null default clock_timestamp()
);
comment on table data.request is 'answers already given, so that a repeated call changes nothing';

create function data.refuse_change() returns trigger language plpgsql volatile
    set search_path = pg_catalog, pg_temp as $$
begin
    raise exception '%', format('%s.%s 只能追加, 不能改动', tg_table_schema, tg_table_name)
        using errcode = 'GT090', detail = format('%s.%s is append-only', tg_table_schema, tg_table_name);
end
$$;
comment on function data.refuse_change is 'trigger of tables that may only grow';

reset role;
