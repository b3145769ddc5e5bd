-- What an administrator sets up of the hand-off: peers and their secrets.

grant create on schema data, api_admin to guitai_keeper;
set role guitai_keeper;

create or replace function data.secret_of(p_hex text, p_name text) returns bytea language plpgsql stable as $$
begin
    if coalesce(p_hex, '') !~ '^[0-9a-fA-F]{64}$' then
        perform data.refuse('GT007', p_name, '密钥(64 位十六进制)|The secret (64 hex digits)',
            coalesce(length(p_hex)::text, '-'));
    end if;
    return decode(p_hex, 'hex');
end
$$;
comment on function data.secret_of is 'a secret of 32 bytes given in hex; GT007';

create or replace function api_admin.peer__set(p_request uuid, p_own text, p_division text, p_name text, p_url text,
    p_relation text, p_secret text) returns jsonb
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_digest     bytea := sha256(convert_to(row(p_own, p_division, p_name, p_url, p_relation, p_secret)::text, 'UTF8'));
    v_key        bytea;
    v_answer     jsonb;
    v_en         text;
    v_field      text;
    v_constraint text;
begin
    v_answer := data.request_seen(p_request, 'peer__set', v_digest);
    if v_answer is null then
        perform data.may_administer(p_own, 'admin');
        if coalesce(p_division, '') !~ '^[0-9]{6}$' or p_division = p_own then
            perform data.refuse('GT007', 'division', '区划代码|The division', coalesce(left(p_division, 20), ''));
        elsif coalesce(btrim(p_name), '') = '' then
            perform data.refuse('GT005', 'name', '名称|The name');
        elsif coalesce(p_url, '') !~ '^https://[!-~]+$' or length(p_url) > 200 then
            perform data.refuse('GT007', 'url', '地址(https://)|The address (https://)', coalesce(left(p_url, 60), ''));
        elsif coalesce(p_relation, '') not in ('upper', 'lower', 'same') then
            perform data.refuse('GT007', 'relation', '关系(upper, lower, same)|The relation',
                coalesce(left(p_relation, 20), ''));
        end if;
        perform data.shape(to_jsonb(p_name), 'name', '', '"line"');
        if p_secret is null then -- address or name changed, the secret stays
            update sync.peer p set name = btrim(p_name), url = p_url, relation = p_relation, active = true
             where p.own = p_own and p.division = p_division;
            if not found then
                perform data.refuse('GT085', 'division', p_division);
            end if;
        else
            v_key := data.secret_of(p_secret, 'secret');
            insert into sync.peer as p (own, division, name, url, relation, inner_key, outer_key)
            values (p_own, p_division, btrim(p_name), p_url, p_relation, sync.padded(v_key, 54), sync.padded(v_key, 92))
            on conflict (own, division) do update set name = btrim(p_name), url = p_url, relation = p_relation,
                inner_key = sync.padded(v_key, 54), outer_key = sync.padded(v_key, 92), active = true; -- keys are not read here
        end if;
        v_answer := jsonb_build_object('ok', true, 'division', p_division);
        insert into data.request (id, function, digest, answer) values (p_request, 'peer__set', v_digest, v_answer);
    end if;
    return v_answer;
exception when sqlstate 'GT000' or integrity_constraint_violation then
    get stacked diagnostics v_en = pg_exception_detail, v_field = column_name, v_constraint = constraint_name;
    return data.refused('peer__set', sqlstate, sqlerrm, v_en, v_field, v_constraint,
        jsonb_build_object('division', p_division));
end
$$;
comment on function api_admin.peer__set is 'make or change a hall that cases are exchanged with; secret null: keep it';
grant execute on function api_admin.peer__set to guitai_admin;

create or replace function api_admin.peer__end(p_request uuid, p_own text, p_division text) returns jsonb
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_digest bytea := sha256(convert_to(row(p_own, p_division)::text, 'UTF8'));
    v_answer jsonb;
    v_en     text;
    v_field  text;
begin
    v_answer := data.request_seen(p_request, 'peer__end', v_digest);
    if v_answer is null then
        perform data.may_administer(p_own, 'admin');
        update sync.peer p set active = false where p.own = p_own and p.division = p_division and p.active;
        if not found then
            perform data.refuse('GT085', 'division', coalesce(left(p_division, 20), ''));
        end if;
        v_answer := jsonb_build_object('ok', true, 'division', p_division);
        insert into data.request (id, function, digest, answer) values (p_request, 'peer__end', v_digest, v_answer);
    end if;
    return v_answer;
exception when sqlstate 'GT000' or integrity_constraint_violation then
    get stacked diagnostics v_en = pg_exception_detail, v_field = column_name;
    return data.refused('peer__end', sqlstate, sqlerrm, v_en, v_field, null, jsonb_build_object('division', p_division));
end
$$;
comment on function api_admin.peer__end is 'exchange no more with a hall; what waits for it stays and waits';
grant execute on function api_admin.peer__end to guitai_admin;

create or replace function api_admin.peer__list(p_own text)
    returns table (division text, name text, url text, relation text, active boolean, waiting bigint, last_heard timestamp,
    last_sent timestamp, problem text)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
    perform data.may_administer(p_own, 'admin');
    return query
    select p.division, p.name, p.url, p.relation, p.active,
           (select count(*) from sync.outbox o where o.own = p.own and o.peer = p.division and o.state = 'waiting'),
           data.hall_time(p.last_heard_at)::timestamp, data.hall_time(p.last_sent_at)::timestamp, p.problem
      from sync.peer p where p.own = p_own order by p.division;
end
$$;
comment on function api_admin.peer__list is 'halls that cases are exchanged with, and how it goes';
grant execute on function api_admin.peer__list to guitai_admin;

create or replace function api_admin.sync__set(p_request uuid, p_own text, p_duplicate_days integer, p_report_minutes integer,
    p_compare_at time, p_duplicate_key text) returns jsonb
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_digest bytea := sha256(convert_to(
        row(p_own, p_duplicate_days, p_report_minutes, p_compare_at, p_duplicate_key)::text, 'UTF8'));
    v_key    bytea;
    v_answer jsonb;
    v_en     text;
    v_field  text;
begin
    v_answer := data.request_seen(p_request, 'sync__set', v_digest);
    if v_answer is null then
        perform data.may_administer(p_own, 'admin');
        if p_duplicate_days not between 1 and 3650 then
            perform data.refuse('GT007', 'duplicate_days', '查重天数|The days', p_duplicate_days::text);
        elsif p_report_minutes not between 1 and 1440 then
            perform data.refuse('GT007', 'report_minutes', '报送间隔(分钟, 至多 1440)|The minutes (at most 1440)',
                p_report_minutes::text);
        end if;
        if p_duplicate_key is not null then
            v_key := data.secret_of(p_duplicate_key, 'duplicate_key');
        end if;
        insert into sync.setting as s (own, duplicate_days, report_minutes, compare_at, inner_key, outer_key)
        values (p_own, coalesce(p_duplicate_days, 180), coalesce(p_report_minutes, 10), coalesce(p_compare_at, '02:00'),
            sync.padded(v_key, 54), sync.padded(v_key, 92))
        on conflict (own) do update set duplicate_days = coalesce(p_duplicate_days, s.duplicate_days),
            report_minutes = coalesce(p_report_minutes, s.report_minutes),
            compare_at = coalesce(p_compare_at, s.compare_at), inner_key = coalesce(excluded.inner_key, s.inner_key),
            outer_key = coalesce(excluded.outer_key, s.outer_key);
        v_answer := jsonb_build_object('ok', true);
        insert into data.request (id, function, digest, answer) values (p_request, 'sync__set', v_digest, v_answer);
    end if;
    return v_answer;
exception when sqlstate 'GT000' or integrity_constraint_violation then
    get stacked diagnostics v_en = pg_exception_detail, v_field = column_name;
    return data.refused('sync__set', sqlstate, sqlerrm, v_en, v_field, null, '{}');
end
$$;
comment on function api_admin.sync__set
    is 'how a hall takes part: period of the search for duplicates, interval of reports, hour at which ledgers are '
        'compared, key of the fingerprints; null keeps';
grant execute on function api_admin.sync__set to guitai_admin;

-- As data.foreign_role for staff: only a free name, or a sign-in of an endpoint and nothing else, becomes one.
create or replace function data.foreign_endpoint(p_login text) returns boolean language plpgsql stable as $$
begin
    return (
    select p_login ~ '^(pg_|guitai_)' or p_login in ('public', 'none') or exists (
        select 1 from pg_roles r
         where r.rolname = p_login
           and (r.rolsuper or r.rolcreaterole or r.rolcreatedb or r.rolreplication or r.rolbypassrls
                or not exists (select 1 from pg_auth_members m
                                where m.member = r.oid and m.roleid::regrole::text = 'guitai_endpoint')
                or exists (select 1 from pg_auth_members m
                            where m.member = r.oid and m.roleid::regrole::text <> 'guitai_endpoint'))));
end
$$;
comment on function data.foreign_endpoint
    is 'whether a name belongs to a role that may not become an endpoint: one with powers, a person''s, of another '
        'system';

create or replace function api_admin.endpoint__login(p_login text) returns jsonb language plpgsql volatile
    security definer set search_path = pg_catalog, pg_temp as $$
begin
    perform data.may_administer(null, 'admin');
    if coalesce(p_login, '') !~ '^[a-z][a-z0-9_]{0,62}$' or data.foreign_endpoint(p_login)
        or exists (select 1 from data.staff s where s.login = p_login) then
        perform data.refuse('GT007', 'login', '登录名|The sign-in', coalesce(left(p_login, 40), ''));
    end if;
    return jsonb_build_object('ok', true, 'after', jsonb_build_array(format('grant guitai_endpoint to %I', p_login))
        || (select jsonb_agg(format('alter role %I in database %I set %I = %L', p_login, current_database(), s.name, s.value))
              from (values ('search_path', ''), ('statement_timeout', '12s'),
                           ('idle_in_transaction_session_timeout', '5s')) s(name, value)));
end
$$;
comment on function api_admin.endpoint__login
    is 'the statements that make a login one of the endpoint: it can receive, nothing else';
grant execute on function api_admin.endpoint__login to guitai_admin;

reset role;
revoke create on schema data, api_admin from guitai_keeper;
