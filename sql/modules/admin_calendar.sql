-- Loading a yearly notice: days are derived anew and the limits of open cases follow, each with an event.

grant create on schema data, api_admin to guitai_keeper;
set role guitai_keeper;

create or replace function data.calendar_recompute(p_document text) returns integer language plpgsql volatile as $$
declare
    v_case   data.case_file;
    v_new    record;
    v_me     data.caller;
    v_now    timestamptz := data.clock();
    v_count  integer := 0;
begin
    select * into v_me from data.caller;
    v_me.name := coalesce(v_me.name, session_user::text);
    for v_case in select f.* from data.case_file f
                   where f.closed_at is null and f.decided_at is null order by f.id for update loop
        -- what came from another hall has a day at least (sync.arrivals)
        select case when v_case.promise_days = 0 and v_case.origin is null then f.day else p.day end as promise_due,
               case when v_case.statute_days = 0 and v_case.origin is null then f.day else s.day end as statute_due,
               greatest(p.unknown, s.unknown) > f.unknown or f.edition is null as unsure
          into v_new
          from data.calendar_day f
          join data.calendar_day p on p.is_work and p.ordinal = f.ordinal
               + case when v_case.origin is null then v_case.promise_days else greatest(v_case.promise_days, 1) end
          join data.calendar_day s on s.is_work and s.ordinal = f.ordinal
               + case when v_case.origin is null then v_case.statute_days else greatest(v_case.statute_days, 1) end
         where f.day = data.hall_day(case when v_case.origin is null then v_case.accepted_at -- else when it came here
                   else (select max(e.at) from audit.case_event e where e.case_id = v_case.id and e.action = 'receive') end);
        if not found or (v_new.promise_due, v_new.statute_due, v_new.unsure)
                        = (v_case.promise_due, v_case.statute_due, v_case.due_provisional) then
            continue;
        end if;
        v_case.head_hash := data.event_add(v_case, 'calendar', v_case.state, v_case.state, null, v_me, null, null, null,
            v_now, null, jsonb_build_object('document', p_document, 'provisional', v_new.unsure,
                'promise_due', to_char(v_new.promise_due, 'YYYY-MM-DD'),
                'old_promise_due', to_char(v_case.promise_due, 'YYYY-MM-DD'),
                'statute_due', to_char(v_new.statute_due, 'YYYY-MM-DD'),
                'old_statute_due', to_char(v_case.statute_due, 'YYYY-MM-DD')));
        update data.case_file f
           set promise_due = v_new.promise_due, statute_due = v_new.statute_due, due_provisional = v_new.unsure,
               event_count = v_case.event_count + 1, head_hash = v_case.head_hash
         where f.id = v_case.id;
        v_count := v_count + 1;
    end loop;
    return v_count;
end
$$;
comment on function data.calendar_recompute
    is 'bring the limits of undecided cases to the calendar; old and new stand in an event';

create or replace function data.calendar_days(p_year integer, p_days jsonb) returns void language plpgsql volatile as $$
declare
    v_one jsonb;
    v_no  bigint;
    v_day date;
begin
    delete from data.calendar_exception x where x.edition = p_year;
    for v_one, v_no in select e.value, e.ordinality from jsonb_array_elements(p_days) with ordinality e loop
        if coalesce(v_one ->> 'date', '') !~ '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$'
           or coalesce(v_one ->> 'kind', '') not in ('off', 'work') then
            perform data.refuse('GT051', null, v_no::text, left(v_one::text, 60));
        end if;
        v_day := data.day_of(v_one ->> 'date', '日期|The day', null);
        -- a notice may move days of the December before
        if v_day not between make_date(p_year - 1, 12, 1) and make_date(p_year, 12, 31) then
            perform data.refuse('GT051', null, v_no::text, v_one ->> 'date');
        end if;
        insert into data.calendar_exception (day, edition, is_work, holiday)
        values (v_day, p_year, v_one ->> 'kind' = 'work', coalesce(v_one ->> 'holiday', ''))
        on conflict (day) do update set edition = excluded.edition, is_work = excluded.is_work,
            holiday = excluded.holiday;
    end loop;
end
$$;
comment on function data.calendar_days is 'the days that one notice names, instead of those it named before';

create or replace function api_admin.calendar__load(p_request uuid, p_year integer, p_document text, p_days jsonb)
    returns jsonb language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_digest     bytea := sha256(convert_to(row(p_year, p_document, p_days)::text, 'UTF8'));
    v_changed    integer;
    v_answer     jsonb;
    v_en         text;
    v_field      text;
    v_constraint text;
begin
    v_answer := data.request_seen(p_request, 'calendar__load', v_digest);
    if v_answer is null then
        perform data.may_administer((select c.division from data.caller c), 'admin');
        if p_year is null or p_year not between 2000 and 2200 then
            perform data.refuse('GT007', 'year', '年份|The year', coalesce(p_year::text, ''));
        elsif coalesce(btrim(p_document), '') = '' then
            perform data.refuse('GT005', 'document', '通知文号|The document of the notice');
        elsif jsonb_typeof(p_days) is distinct from 'array' or jsonb_array_length(p_days) = 0 then
            perform data.refuse('GT005', 'days', '放假安排|The days');
        end if;
        perform data.shape(jsonb_build_object('document', p_document, 'days', p_days), 'days', '',
            '{"document":"line","days":[{"date":"line","kind":"line","holiday":"line"}]}');
        -- waits for acceptances under way, which hold this lock shared
        perform pg_advisory_xact_lock(7318, 2);
        insert into data.calendar_edition (year, document, known_until)
            values (p_year, btrim(p_document), make_date(p_year, 12, 31))
        on conflict (year) do update set document = excluded.document, loaded_at = data.clock();
        perform data.calendar_days(p_year, p_days);
        perform data.calendar_rebuild();
        v_changed := data.calendar_recompute(btrim(p_document));
        v_answer := jsonb_build_object('ok', true, 'year', p_year, 'days', jsonb_array_length(p_days),
            'recomputed', v_changed,
            'known_until', (select to_char(max(e.known_until), 'YYYY-MM-DD') from data.calendar_edition e),
            'workdays', (select count(*) from data.calendar_day c
                          where c.is_work and c.day between make_date(p_year, 1, 1) and make_date(p_year, 12, 31)));
        insert into data.request (id, function, digest, answer) values (p_request, 'calendar__load', v_digest, v_answer);
    end if;
    return v_answer;
exception when sqlstate 'GT000' or integrity_constraint_violation then
    get stacked diagnostics v_en = pg_exception_detail, v_field = column_name, v_constraint = constraint_name;
    return data.refused('calendar__load', sqlstate, sqlerrm, v_en, v_field, v_constraint,
        jsonb_build_object('year', p_year));
end
$$;
comment on function api_admin.calendar__load
    is 'load the notice of a year: [{"date","kind":"off"|"work","holiday"}]; open cases are recomputed';
grant execute on function api_admin.calendar__load to guitai_admin;

create or replace function api_admin.audit__verify(p_number text default null)
    returns table (number text, ok boolean, events integer, broken_at integer, reason text, reason_en text)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_division text;
begin
    if exists (select 1 from data.staff s where s.login = session_user) then
        select c.division into v_division from data.caller c;
        perform data.may_administer(v_division, 'admin');
    end if;
    return query
    select f.number, (x.answer ->> 'ok')::boolean, (x.answer ->> 'events')::integer,
           (x.answer ->> 'broken_at')::integer, x.answer ->> 'reason', x.answer ->> 'reason_en'
      from data.case_file f
      cross join lateral (select data.chain_check(f) as answer) x
     where (p_number is null or f.number = p_number) and (v_division is null or f.division = v_division)
     order by f.id;
end
$$;
comment on function api_admin.audit__verify is 'check the chain of one case, or (null) of every case';
grant execute on function api_admin.audit__verify to guitai_admin;

reset role;
revoke create on schema data, api_admin from guitai_keeper;
