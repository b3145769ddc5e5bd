-- Reporting: every case of a hall is known above within a day, masked; and a second application elsewhere is found.

grant create on schema sync, api, api_sync to guitai_courier;
set role guitai_courier;

create or replace function sync.headers(p_own text, p_cases bigint[]) returns jsonb language plpgsql volatile as $$
begin
    return (
    select jsonb_agg(jsonb_build_object('number', f.number, 'item', f.item, 'item_name', v.name, 'class', f.class,
               'department_name', v.department_name, 'name', data.mask_name(f.applicant_kind, f.name),
               'accepted_at', data.hall_text(f.accepted_at), 'promise_due', to_char(f.promise_due, 'YYYY-MM-DD'),
               'state', f.state, 'state_zh', s.zh, 'decided_at', data.hall_text(f.decided_at), 'result', f.result,
               'closed_at', data.hall_text(f.closed_at), 'count', f.event_count, 'applicant',
               sync.mac(k.inner_key, k.outer_key, concat_ws('|', f.id_kind, f.id_number, f.item))) order by f.id)
      from data.case_file f
      join data.item_version v on v.division = f.division and v.item = f.item and v.version = f.item_version
      join data.state s on s.code = f.state
      left join sync.setting k on k.own = f.division
     where f.id = any (p_cases) and f.division = p_own and f.origin is null);
end
$$;
comment on function sync.headers is 'cases as a report carries them; what came from another hall is reported there';

create or replace function sync.report(p_own text) returns integer language plpgsql volatile as $$
declare
    v_now     timestamptz := data.clock();
    v_setting sync.setting;
    v_upper   sync.peer;
    v_until   xid8 := pg_snapshot_xmin(pg_current_snapshot());
    v_cases   bigint[];
    v_lot     bigint[];
    v_headers jsonb;
begin
    insert into sync.setting (own) values (p_own) on conflict do nothing;
    select * into v_setting from sync.setting s where s.own = p_own for update skip locked;
    if not found or v_setting.reported_at > v_now - make_interval(mins => v_setting.report_minutes) then
        return 0; -- another station reports, or it is too early
    end if;
    -- events older than every running transaction are complete; a serial or a time would miss what commits late
    v_cases := array(select distinct e.case_id from audit.case_event e
                      where e.xact >= v_setting.reported and e.xact < v_until order by e.case_id);
    select * into v_upper from sync.peer p where p.own = p_own and p.relation = 'upper' and p.active;
    for i in 0 .. (cardinality(v_cases) - 1) / 100 loop
        v_lot := v_cases[i * 100 + 1 : i * 100 + 100];
        v_headers := sync.headers(p_own, v_lot);
        continue when v_headers is null;
        perform sync.registry_keep(p_own, p_own, (select d.name from data.division d where d.code = p_own), v_headers, v_now);
        if v_upper.division is not null then
            perform sync.message_add(v_upper, null, '', 0, 'report', null, jsonb_build_object('cases', v_headers));
        end if;
    end loop;
    update sync.setting s set reported = v_until, reported_at = v_now where s.own = p_own;
    return cardinality(v_cases);
end
$$;
comment on function sync.report
    is 'report the cases that moved since the last report, to the register here and to the hall above';

create or replace function api.report__compose() returns jsonb language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp as $$
declare
    v_me data.caller := data.whoami();
begin
    return jsonb_build_object('ok', true, 'cases', sync.report(v_me.division));
end
$$;
comment on function api.report__compose
    is 'any station may call it at any time: it reports when the hall''s report is due (at most every 24 hours), once';
grant execute on function api.report__compose to guitai_staff;

create or replace function sync.duplicates(p_own text, p_applicant text, p_item text) returns jsonb
    language plpgsql volatile as $$
begin
    return (
    select coalesce(jsonb_agg(jsonb_build_object('number', r.number, 'division_name', r.division_name,
               'item_name', r.item_name, 'accepted_on', to_char(data.hall_day(r.accepted_at), 'YYYY-MM-DD'),
               'state_zh', r.state_zh) order by r.accepted_at desc), '[]')
      from (select r.* from sync.registry r
             cross join (select coalesce((select s.duplicate_days from sync.setting s where s.own = p_own), 180) as days) s
             where r.own = p_own and r.applicant = p_applicant and r.item = p_item
               and (r.closed_at is null or r.accepted_at > data.clock() - make_interval(days => s.days))
             order by r.accepted_at desc limit 20) r);
end
$$;
comment on function sync.duplicates is 'cases of an applicant and item in the register, the newest first';

create or replace function api_sync.duplicate__ask(p_origin text, p_question jsonb) returns jsonb language plpgsql volatile
    security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_peer sync.peer := sync.peer_of(p_origin, p_question);
begin
    if coalesce(p_question ->> 'applicant', '') !~ '^[0-9a-f]{64}$' then
        perform data.refuse('GT081', null, 'applicant', 'hex');
    elsif coalesce(p_question ->> 'item', '') !~ '^[0-9A-Za-z.-]{1,33}$' then
        perform data.refuse('GT081', null, 'item', left(coalesce(p_question ->> 'item', '-'), 20));
    end if;
    return jsonb_build_object('protocol', 1, 'found', sync.duplicates(v_peer.own, p_question ->> 'applicant',
        p_question ->> 'item'));
end
$$;
comment on function api_sync.duplicate__ask is 'has this applicant a case of this item anywhere? (两头受理)';
grant execute on function api_sync.duplicate__ask to guitai_endpoint;

create or replace function api.duplicate__question(p_item text, p_id_kind text, p_id_number text) returns jsonb
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_me   data.caller := data.whoami();
    v_mark text := sync.fingerprint(v_me.division, p_id_kind, upper(btrim(p_id_number)), p_item);
    v_peer sync.peer;
begin
    -- what the register here knows, at once; and the question for the hall above, which knows the other counties
    select * into v_peer from sync.peer p where p.own = v_me.division and p.relation = 'upper' and p.active;
    return jsonb_build_object(
        'found', case when v_mark is null then '[]'::jsonb else sync.duplicates(v_me.division, v_mark, p_item) end,
        'peer', v_peer.division, 'url', v_peer.url,
        'question', case when v_peer.division is not null and v_mark is not null then jsonb_build_object('protocol', 1,
            'from', v_me.division, 'applicant', v_mark, 'item', p_item)::text end);
end
$$;
comment on function api.duplicate__question
    is 'cases of this applicant and item that are known here, and the question (without his number) to ask the '
        'hall above';
grant execute on function api.duplicate__question to guitai_staff;

reset role;
revoke create on schema sync, api, api_sync from guitai_courier;
