-- Checking the chain of events, and reading refusals.

grant create on schema data, api to guitai_api;
set role guitai_api;

create or replace function data.chain_check(p_case data.case_file) returns jsonb language plpgsql stable as $$
declare
    v_broken   integer;
    v_reason   text;
    v_count    integer;
    v_last     audit.case_event;
    v_digest   bytea;
    v_lines    text;
    v_first    text;
    v_added    text;
begin
    select count(*) into v_count from audit.case_event e where e.case_id = p_case.id;
    select x.seq, x.reason into v_broken, v_reason
      from (select e.seq,
                   case when e.seq <> row_number() over w then '事件序号不连续'
                        when e.prev_hash <> coalesce(lag(e.hash) over w, sha256(convert_to(p_case.number, 'UTF8')))
                            then '前后链接断开'
                        when e.hash <> data.event_hash(e.prev_hash, e.case_id, e.seq, e.action, e.from_state,
                            e.to_state, e.stage, e.staff, e.window_code, e.place, e.at, e.opinion, e.detail)
                            then '事件内容被改动' end as reason
              from audit.case_event e where e.case_id = p_case.id window w as (order by e.seq)) x
     where x.reason is not null order by x.seq limit 1;
    if v_reason is null then
        select * into v_last from audit.case_event e where e.case_id = p_case.id order by e.seq desc limit 1;
        select string_agg(m.no || ':' || m.state || ':' || m.copies, ',' order by m.no) into v_lines
          from data.case_material m where m.case_id = p_case.id;
        -- materials that came later: each event has the list before and after
        select (array_agg(e.detail ->> 'before' order by e.seq))[1], (array_agg(e.detail ->> 'lines' order by e.seq desc))[1]
          into v_first, v_added from audit.case_event e where e.case_id = p_case.id and e.detail ? 'lines';
        v_first := coalesce(v_first, v_lines);
        select data.content_digest(p_case.number, p_case.query_code, p_case.division, p_case.window_code,
            p_case.department,
                   p_case.item, p_case.item_version, p_case.class, p_case.process, p_case.applicant_kind, p_case.name,
                       p_case.id_kind, p_case.id_number, p_case.phone, p_case.address, p_case.agent_name,
                       p_case.agent_id_number, p_case.extra, p_case.note, p_case.accepted_at, p_case.accepted_by,
                       p_case.promise_days, p_case.statute_days,
                       v_first) into v_digest;
        if v_count <> p_case.event_count or v_last.hash is distinct from p_case.head_hash then
            v_broken := v_count + 1;
            v_reason := '末尾事件缺失';
        elsif v_last.to_state is distinct from p_case.state then
            v_broken := v_last.seq;
            v_reason := '状态与事件不符';
        elsif v_digest is distinct from p_case.content_digest or v_lines <> v_added or not exists (
              select 1 from audit.case_event e where e.case_id = p_case.id and e.seq = 1
                 and e.detail ->> 'digest' = encode(v_digest, 'hex')) then
            v_broken := 1;
            v_reason := '受理内容被改动';
        else -- what is printed of a decision must be what its event says
            select coalesce(e.seq, v_count + 1), '决定与事件不符' into v_broken, v_reason
              from (select * from data.decision o where o.case_id = p_case.id) d
              full join (select * from audit.case_event o where o.case_id = p_case.id and o.detail ? 'decision') e
                on e.detail ->> 'decision' = d.kind and e.detail ->> 'round' = d.round::text
             where (d.opinion, d.staff, d.staff_name, d.at, d.result)
                   is distinct from (e.opinion, e.staff, e.staff_name, e.at, e.detail ->> 'result')
             order by e.seq limit 1;
        end if;
    end if;
    return jsonb_build_object('ok', v_reason is null, 'events', v_count, 'broken_at', v_broken, 'reason', v_reason,
        'reason_en', case v_reason when '事件序号不连续' then 'an event is missing' when '前后链接断开'
            then 'the link to the event before is broken'
            when '事件内容被改动' then 'an event was changed' when '末尾事件缺失' then 'the last event is missing'
            when '状态与事件不符' then 'the state is not what the events say' when '受理内容被改动'
                then 'what was accepted was changed'
            when '决定与事件不符' then 'a decision is not what its event says' end);
end
$$;
comment on function data.chain_check(data.case_file)
    is 'recompute every hash of a case: order, links, contents, end, state, and the facts it was accepted with';
revoke all on function data.chain_check(data.case_file) from public;
grant execute on function data.chain_check(data.case_file) to guitai_keeper;

create or replace function api.case__verify(p_number text) returns jsonb language sql volatile security definer
    set search_path = pg_catalog, pg_temp as $$
    select jsonb_build_object('number', p_number) || data.chain_check(data.case_by_number(p_number))
$$;
comment on function api.case__verify(text) is 'whether the record of a case is whole; raises GT040';
revoke all on function api.case__verify(text) from public;
grant execute on function api.case__verify(text) to guitai_staff;

create or replace function api.refusal__list(p_search text, p_after text, p_limit integer)
    returns table (key text, at timestamp, login text, name text, function text, code text, field text, message text,
    message_en text, args text) language sql volatile security definer
    set search_path = pg_catalog, pg_temp as $$
    select r.id::text, data.hall_time(r.at)::timestamp, r.login::text, s.name, r.function, r.code, r.field, r.message,
        r.message_en, r.args::text
      from audit.refusal r
      left join data.staff s on s.login = r.login
     where (p_after is null or r.id < case when p_after ~ '^[0-9]{1,18}$' then p_after::bigint end)
       and (coalesce(p_search, '') = '' or r.code = upper(p_search) or r.login = p_search
           or position(p_search in r.message) > 0
            or s.name = p_search)
     order by r.id desc
     limit data.page(p_limit)
$$;
comment on function api.refusal__list(text, text, integer)
    is 'refused tries in the division, newest first; empty without the duty to supervise';
revoke all on function api.refusal__list(text, text, integer) from public;
grant execute on function api.refusal__list(text, text, integer) to guitai_staff;

reset role;
revoke create on schema data, api from guitai_api;
