-- Checking the record of a case, and reading refusals.
-- What stands in the case must follow from its events, and the events from one another: each part is looked at by a
-- function of its own, the first that finds something says which event tells and what is wrong.

grant create on schema data, api to guitai_api;
set role guitai_api;

create or replace function data.chain_links(p_case data.case_file, out broken integer, out reason text, out events integer)
    returns record language plpgsql stable as $$
declare
    v_last record;
begin
    select e.seq, e.hash, e.to_state, count(*) over () as count into v_last
      from audit.case_event e where e.case_id = p_case.id order by e.seq desc limit 1;
    events := coalesce(v_last.count, 0);
    select x.seq, x.reason into broken, reason
      from (select e.seq,
                   case when e.seq <> row_number() over w then '事件序号不连续'
                        when e.prev_hash <> coalesce(lag(e.hash) over w, sha256(convert_to(p_case.number, 'UTF8')))
                            then '前后链接断开'
                        when e.hash <> data.event_hash(e.prev_hash, e.case_id, e.seq, e.action, e.from_state,
                            e.to_state, e.stage, e.staff, e.staff_name, e.duty, e.window_code, e.place, e.at, e.opinion, e.detail)
                            then '事件内容被改动' end as reason
              from audit.case_event e where e.case_id = p_case.id window w as (order by e.seq)) x
     where x.reason is not null order by x.seq limit 1;
    if reason is not null then
        return;
    elsif events <> p_case.event_count or v_last.hash is distinct from p_case.head_hash then
        broken := events + 1;
        reason := '末尾事件缺失';
    elsif v_last.to_state is distinct from p_case.state then
        broken := v_last.seq;
        reason := '状态与事件不符';
    end if;
end
$$;
comment on function data.chain_links is 'recompute every hash: order, links, contents, end and state';
grant execute on function data.chain_links to guitai_keeper;

create or replace function data.chain_content(p_case data.case_file, out broken integer, out reason text) returns record
    language plpgsql stable as $$
declare
    v_told   record;
    v_lines  text;
    v_fees   text;
    v_digest bytea;
begin
    select string_agg(m.no || ':' || m.state || ':' || m.copies, ',' order by m.no) into v_lines
      from data.case_material m where m.case_id = p_case.id;
    select ';' || string_agg(c.no || ':' || c.amount_cents, ',' order by c.no) into v_fees
      from data.case_fee c where c.case_id = p_case.id;
    -- materials that came later: each event has the list before and after
    select min(e.at) filter (where e.seq = 1) as at, min(e.detail ->> 'digest') filter (where e.seq = 1) as digest,
           min(e.detail ->> 'origin') filter (where e.seq = 1) as origin,
           coalesce((array_agg(e.detail ->> 'before' order by e.seq) filter (where e.detail ? 'lines'))[1], v_lines) as first,
           (array_agg(e.detail ->> 'lines' order by e.seq desc) filter (where e.detail ? 'lines'))[1] as last
      into v_told from audit.case_event e where e.case_id = p_case.id;
    v_digest := data.content_digest(p_case.number, p_case.query_code, p_case.division, p_case.window_code,
        p_case.department, p_case.item, p_case.item_version, p_case.class, p_case.process, p_case.applicant_kind,
        p_case.name, p_case.id_kind, p_case.id_number, p_case.phone, p_case.address, p_case.agent_name,
        p_case.agent_id_number, p_case.extra, p_case.note, p_case.accepted_at, p_case.accepted_by, p_case.promise_days,
        p_case.statute_days, v_told.first || coalesce(v_fees, ''));
    if v_digest is distinct from p_case.content_digest or v_told.digest is distinct from encode(v_digest, 'hex')
        or v_lines is distinct from coalesce(v_told.last, v_lines) or p_case.received_at <> v_told.at
        or p_case.origin is distinct from v_told.origin
        or p_case.single = (
            select v.repeatable from data.item_version v
             where v.division = p_case.division and v.item = p_case.item and v.version = p_case.item_version)
        or p_case.applicant is distinct from (
            select a.id from data.applicant a
             where a.id_number = p_case.id_number and a.id_kind = p_case.id_kind and a.division = p_case.division) then
        broken := 1;
        reason := '受理内容被改动';
    end if;
end
$$;
comment on function data.chain_content
    is 'what the case was accepted with, materials and fees included, against the digest in its first event; what '
        'its columns say beyond that against catalogue and applicant';
grant execute on function data.chain_content to guitai_keeper;

create or replace function data.chain_course(p_case data.case_file, out broken integer, out reason text) returns record
    language plpgsql stable as $$
declare
    v record;
begin
    -- a round begins with nobody's decision: what came before it counts no more
    select (array_agg(e.seq order by e.seq desc) filter (where e.detail ? 'promise_due'))[1] as due_at,
           (array_agg(e.detail order by e.seq desc) filter (where e.detail ? 'promise_due'))[1] as due,
           coalesce(max((e.detail ->> 'next_round')::smallint), 1::smallint) as round,
           max(e.staff) filter (where e.current and e.detail ->> 'decision' = 'review') as reviewed_by,
           max(e.staff) filter (where e.current and e.detail ->> 'decision' = 'verify') as verified_by,
           max((e.detail ->> 'on_behalf_of')::integer) filter (where e.current and e.detail ->> 'decision' = 'verify')
               as verified_for,
           max(e.staff) filter (where e.current and e.detail ->> 'decision' = 'sign') as signed_by,
           max(e.at) filter (where e.current and e.detail ? 'outcome') as decided_at,
           max(e.detail ->> 'outcome') filter (where e.current) as result,
           max(e.at) filter (where s.closed and e.to_state <> e.from_state) as closed_at
      into v
      from (select o.*, o.seq > coalesce(max(o.seq) filter (where o.detail ? 'next_round') over (), 0) as current
              from audit.case_event o where o.case_id = p_case.id) e
      left join data.state s on s.code = e.to_state and s.code = p_case.state;
    if (to_char(p_case.promise_due, 'YYYY-MM-DD'), to_char(p_case.statute_due, 'YYYY-MM-DD'), p_case.due_provisional::text)
        is distinct from (v.due ->> 'promise_due', v.due ->> 'statute_due', v.due ->> 'provisional') then
        broken := coalesce(v.due_at, 1);
        reason := '时限与事件不符';
    elsif (p_case.round, p_case.reviewed_by, p_case.verified_by, p_case.verified_for, p_case.signed_by, p_case.decided_at,
        p_case.settled, p_case.result, p_case.closed_at) is distinct from (v.round, v.reviewed_by, v.verified_by,
        v.verified_for, v.signed_by, v.decided_at, data.settled(v.decided_at, p_case.state), v.result, v.closed_at) then
        broken := p_case.event_count;
        reason := '办理经过与事件不符';
    end if;
end
$$;
comment on function data.chain_course
    is 'limits, round, who reviewed, verified and signed, decision and end of the case against the events that say so';
grant execute on function data.chain_course to guitai_keeper;

create or replace function data.chain_decisions(p_case data.case_file, out broken integer, out reason text) returns record
    language plpgsql stable as $$
begin
    -- what is printed of a decision must be what its event says
    select coalesce(e.seq, p_case.event_count + 1), '决定与事件不符' into broken, reason
      from (select * from data.decision o where o.case_id = p_case.id) d
      full join (select * from audit.case_event o where o.case_id = p_case.id and o.detail ? 'decision') e
        on e.detail ->> 'decision' = d.kind and e.detail ->> 'round' = d.round::text
     where (d.opinion, d.staff, d.staff_name, d.at, d.result, d.window_code, d.on_behalf_of::text, d.authorisation::text,
            d.credential_number)
           is distinct from (e.opinion, e.staff, e.staff_name, e.at, e.detail ->> 'result', e.window_code,
            e.detail ->> 'on_behalf_of', e.detail ->> 'authorisation', e.detail ->> 'credential')
     order by e.seq limit 1;
    if reason is null then
        select coalesce(e.seq, p_case.event_count + 1), '上级决定与事件不符' into broken, reason
          from (select data.upper_digest(o) as digest from data.upper_decision o where o.case_id = p_case.id) d
          full join (select * from audit.case_event o where o.case_id = p_case.id and o.detail ? 'upper') e
            on e.detail ->> 'upper' = d.digest
         where e.seq is null or d.digest is null
         order by e.seq limit 1;
    end if;
end
$$;
comment on function data.chain_decisions is 'decisions of this hall and of the hall above against their events';
grant execute on function data.chain_decisions to guitai_keeper;

create or replace function data.chain_check(p_case data.case_file) returns jsonb language plpgsql stable as $$
declare
    v_broken integer;
    v_reason text;
    v_events integer;
begin
    select * into v_broken, v_reason, v_events from data.chain_links(p_case);
    if v_reason is null then
        select * into v_broken, v_reason from data.chain_content(p_case);
    end if;
    if v_reason is null then
        select * into v_broken, v_reason from data.chain_course(p_case);
    end if;
    if v_reason is null then
        select * into v_broken, v_reason from data.chain_decisions(p_case);
    end if;
    return jsonb_build_object('ok', v_reason is null, 'events', v_events, 'broken_at', v_broken, 'reason', v_reason,
        'reason_en', case v_reason
            when '事件序号不连续' then 'an event is missing'
            when '前后链接断开' then 'the link to the event before is broken'
            when '事件内容被改动' then 'an event was changed'
            when '末尾事件缺失' then 'the last event is missing'
            when '状态与事件不符' then 'the state is not what the events say'
            when '受理内容被改动' then 'what was accepted was changed'
            when '时限与事件不符' then 'the limits are not what the events say'
            when '办理经过与事件不符' then 'the course of the case is not what the events say'
            when '决定与事件不符' then 'a decision is not what its event says'
            when '上级决定与事件不符' then 'the decision of the hall above is not what its event says' end);
end
$$;
comment on function data.chain_check
    is 'whether the record of a case is whole; if not, the event that tells and what is wrong';
grant execute on function data.chain_check to guitai_keeper;

create or replace function api.case__verify(p_number text) returns jsonb language sql volatile security definer
    set search_path = pg_catalog, pg_temp as $$
    select jsonb_build_object('number', p_number) || data.chain_check(data.case_by_number(p_number))
$$;
comment on function api.case__verify is 'whether the record of a case is whole; raises GT040';
grant execute on function api.case__verify to guitai_staff;

create or replace function api.refusal__list(p_search text, p_after text, p_limit integer)
    returns table (key text, at timestamp, login text, name text, function text, code text, field text, message text,
    message_en text, args text)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
    return query
    select r.id::text, data.hall_time(r.at)::timestamp, r.login::text, s.name, r.function, r.code, r.field, r.message,
           r.message_en, r.args::text
      from audit.refusal r
      left join data.staff s on s.login = r.login
     where (p_after is null or r.id < case when p_after ~ '^[0-9]{1,18}$' then p_after::bigint end)
       and (coalesce(p_search, '') = '' or r.code = upper(p_search) or r.login = p_search or s.name = p_search
            or position(p_search in r.message) > 0)
     order by r.id desc
     limit data.page(p_limit);
end
$$;
comment on function api.refusal__list
    is 'refused tries in the division, newest first; empty without the duty to supervise';
grant execute on function api.refusal__list to guitai_staff;

reset role;
revoke create on schema data, api from guitai_api;
