-- Who is signed in, what he may do, what he must be told.

grant create on schema data, api to guitai_api;
set role guitai_api;

create or replace function data.whoami() returns data.caller language plpgsql volatile as $$
declare
    v_me data.caller;
begin
    select * into v_me from data.caller;
    if not found then
        perform data.refuse('GT004', null, session_user::text);
    end if;
    return v_me;
end
$$;
comment on function data.whoami is 'the caller''s staff row; GT004 when he holds no office today';
grant execute on function data.whoami to guitai_courier;

create or replace function data.my_window(p_window text) returns data.counter_window language plpgsql volatile as $$
declare
    v_me     data.caller := data.whoami();
    v_window data.counter_window;
    v_count  bigint;
begin
    if p_window is not null then
        select * into v_window from data.counter_window w where w.division = v_me.division and w.code = p_window;
        if not found then
            perform data.refuse('GT011', null, p_window);
        end if;
    end if;
    select count(distinct t.window_code), min(t.window_code) into v_count, v_window.code
      from data.shift t
     where t.staff = v_me.id and t.division = v_me.division and (p_window is null or t.window_code = p_window)
       and t.valid_from <= data.today() and (t.valid_to is null or t.valid_to >= data.today());
    if v_count <> 1 and p_window is not null then
        perform data.refuse('GT012', null, p_window);
    elsif v_count <> 1 then
        perform data.refuse('GT013', null);
    end if;
    select * into v_window from data.counter_window w where w.division = v_me.division and w.code = v_window.code;
    return v_window;
end
$$;
comment on function data.my_window
    is 'window p_window, or (null) the only one of today''s shift; refused when it is not the caller''s today';

create or replace function data.notices(p_staff integer) returns jsonb language plpgsql volatile as $$
begin
    -- 60, 30 and 7 days before a credential or authorisation ends, and afterwards (STF-03)
    return (
    with paper as (
        select '执法证件 ' || c.number as zh, 'Credential ' || c.number as en, c.valid_to,
               row_number() over (partition by c.kind order by c.valid_to desc) as n
          from data.credential c where c.staff = p_staff
        union all
        select '授权 ' || a.document_no, 'Authorisation ' || a.document_no, a.valid_to,
               row_number() over (partition by a.department, a.item, a.duty, a.substitute_for order by a.valid_to desc)
          from data.authorisation a where a.staff = p_staff
    ), due as (
        select p.*, p.valid_to - data.today() as days from paper p where p.n = 1 and p.valid_to - data.today() <= 60
    )
    select coalesce(jsonb_agg(jsonb_build_object(
               'zh', case when d.days < 0 then format('%s 已于 %s 过期', d.zh, to_char(d.valid_to, 'YYYY-MM-DD'))
                          else format('%s 还有 %s 天到期 (%s)', d.zh, d.days, to_char(d.valid_to, 'YYYY-MM-DD')) end,
               'en', case when d.days < 0 then format('%s expired on %s', d.en, to_char(d.valid_to, 'YYYY-MM-DD'))
                          else format('%s ends in %s days (%s)', d.en, d.days, to_char(d.valid_to, 'YYYY-MM-DD')) end,
               'days', d.days, 'level', case when d.days < 0 then 'expired' when d.days <= 7 then '7'
                                             when d.days <= 30 then '30' else '60' end) order by d.valid_to), '[]')
      from due d);
end
$$;
comment on function data.notices is 'what a person must be told at sign-in about his papers';

create or replace function data.me() returns jsonb language plpgsql volatile as $$
declare
    v_me     data.caller := data.whoami();
    v_now    timestamptz := data.clock();
    v_answer jsonb;
begin
    select jsonb_build_object(
        'staff', jsonb_build_object('id', v_me.id, 'login', v_me.login, 'name', v_me.name, 'title', v_me.title),
        'division', jsonb_build_object('code', d.code, 'name', d.name, 'name_en', d.name_en, 'level', d.level,
            'hall', d.hall_name, 'phone', d.phone, 'closing', to_char(d.closing, 'HH24:MI')),
        'department', (select jsonb_build_object('code', t.code, 'name', t.name, 'name_en', t.name_en)
                         from data.department t where t.id = v_me.department),
        'duties', (select coalesce(jsonb_agg(jsonb_build_object('duty', y.code, 'zh', y.zh, 'en', y.en,
                              'department', t.code) order by y.sort, t.code), '[]')
                     from (select distinct p.duty, p.department from data.caller_post p) p
                     join data.duty y on y.code = p.duty
                     left join data.department t on t.id = p.department),
        'windows', (select coalesce(jsonb_agg(jsonb_build_object('code', w.code, 'name', w.name, 'place', w.place,
                               'kind', w.kind) order by w.code), '[]')
                      from data.counter_window w
                     where w.division = v_me.division
                       and exists (select 1 from data.shift h
                                    where h.staff = v_me.id and h.division = w.division and h.window_code = w.code
                                      and h.valid_from <= data.today()
                                      and (h.valid_to is null or h.valid_to >= data.today()))),
        'credential', (select jsonb_build_object('number', c.number, 'kind', c.kind,
                                  'valid_to', to_char(c.valid_to, 'YYYY-MM-DD'),
                                  'valid', data.today() between c.valid_from and c.valid_to)
                         from data.credential c where c.staff = v_me.id order by c.valid_to desc limit 1),
        'calendar_known_until', (select to_char(max(e.known_until), 'YYYY-MM-DD') from data.calendar_edition e),
        'schema_version', data.schema_version(),
        'now', data.hall_text(v_now), 'today', to_char(data.hall_day(v_now), 'YYYY-MM-DD'),
        'notices', data.notices(v_me.id))
      into v_answer
      from data.division d where d.code = v_me.division;
    return v_answer;
end
$$;
comment on function data.me is 'the caller, his hall, duties, windows and notices';

create or replace function api.me() returns jsonb language sql volatile security definer
    set search_path = pg_catalog, pg_temp as $$
    select data.me()
$$;
comment on function api.me
    is 'the caller, his hall, duties, windows and notices; raises GT004 for a login that is not staff';
grant execute on function api.me to guitai_staff;

create or replace function api.schema_version() returns integer language sql immutable security definer
    set search_path = pg_catalog, pg_temp as $$
    select data.schema_version()
$$;
comment on function api.schema_version is 'the contract between client and database; a client refuses any other';
grant execute on function api.schema_version to guitai_staff, guitai_admin;

create or replace function api.session__open(p_request uuid, p_window text) returns jsonb language plpgsql volatile
    security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_digest bytea := sha256(convert_to(row(p_window)::text, 'UTF8'));
    v_answer jsonb;
    v_me     data.caller;
    v_window data.counter_window;
    v_en     text;
    v_field  text;
begin
    v_answer := data.request_seen(p_request, 'session__open', v_digest);
    if v_answer is null then
        v_me := data.whoami();
        v_window := data.my_window(p_window);
        insert into audit.sign_on (division, window_code, client)
        values (v_me.division, v_window.code, left(current_setting('application_name', true), 60));
        v_answer := data.me() || jsonb_build_object('ok', true, 'window', v_window.code, 'window_name', v_window.name,
            'place', v_window.place);
        insert into data.request (id, function, digest, answer) values (p_request, 'session__open', v_digest, v_answer);
    end if;
    return v_answer;
exception when sqlstate 'GT000' or integrity_constraint_violation then
    get stacked diagnostics v_en = pg_exception_detail, v_field = column_name;
    return data.refused('session__open', sqlstate, sqlerrm, v_en, v_field, null,
        jsonb_build_object('window', p_window));
end
$$;
comment on function api.session__open is 'sign on at a window of one''s shift (null: the only one today); recorded';
grant execute on function api.session__open to guitai_staff;

reset role;
revoke create on schema data, api from guitai_api;
