-- What accepting and acting share: which steps are open to whom, how an event is chained, what a case's facts hash to.
-- On the way of a save a function is either plpgsql, whose plans are kept, or an SQL function that is inlined (one
-- expression, volatility no stricter than its contents): any other SQL function is parsed and planned at every call.

grant create on schema data, api to guitai_api;
set role guitai_api;

create or replace function data.case_steps(p_case data.case_file, p_staff integer, p_today date)
    returns table (action text, to_state text, duty text, decision text, result text, stage text,
    opinion_required boolean, clock text, document text, sort integer, zh text, en text, key char(1),
    authorisation integer, on_behalf_of integer, credential text, code text, handoff text, takes text, offer jsonb)
    language sql stable rows 4 as $$
    select t.action, t.to_state, t.duty, t.decision, t.result, t.stage, t.opinion_required, t.clock, t.document, t.sort,
           t.zh, t.en, t.key, a.id, a.substitute_for, k.number, b.code, t.handoff, t.takes, t.offer
      from data.step t
      left join lateral (
            select c.number from data.credential c
             where t.needs_credential and c.staff = p_staff and p_today between c.valid_from and c.valid_to
             limit 1) k on true
      left join lateral (
            -- his own power before one as a substitute, who stands for somebody in office who has the power himself
            select z.id, z.substitute_for
              from data.authorisation z
             where t.needs_authorisation and z.staff = p_staff and z.duty = t.duty and z.department = p_case.department
               and (z.item is null or z.item = p_case.item) and p_today between z.valid_from and z.valid_to
               and (z.substitute_for is null or exists (
                    select 1 from data.authorisation o join data.staff h on h.id = o.staff
                     where h.valid_from <= p_today and (h.valid_to is null or h.valid_to >= p_today)
                       and o.staff = z.substitute_for and o.duty = z.duty and o.department = z.department
                       and o.substitute_for is null and (o.item is null or o.item = p_case.item)
                       and p_today between o.valid_from and o.valid_to))
             order by z.substitute_for is not null, z.substitute_for is not distinct from p_case.reviewed_by,
                 z.item is null, z.id
             limit 1) a on true
      cross join lateral (
            select case
                when t.only_ended and not exists (
                     select 1 from data.item_end e where e.division = p_case.division and e.item = p_case.item
                        and e.rule = 'terminate' and e.ended_on <= p_today) then 'GT041'
                when not exists (
                     select 1 from data.post p join data.staff s on s.id = p.staff
                      where p.staff = p_staff and p.duty = t.duty and s.division = p_case.division
                        and (p.department is null or p.department = p_case.department)
                        and p.valid_from <= p_today and (p.valid_to is null or p.valid_to >= p_today)
                        and s.valid_from <= p_today and (s.valid_to is null or s.valid_to >= p_today)) then 'GT010'
                when t.decision in ('verify', 'sign') and p_staff in (p_case.reviewed_by, p_case.verified_by) then 'GT017'
                when t.needs_credential and k.number is null then 'GT016'
                when t.needs_authorisation and a.id is null then 'GT015'
                when t.decision in ('verify', 'sign') and a.substitute_for = p_case.reviewed_by then 'GT017'
                when t.result = 'grant' and t.decision in ('verify', 'sign') and exists (
                     select 1 from data.item_end e where e.division = p_case.division and e.item = p_case.item
                        and e.rule = 'terminate' and e.ended_on <= p_today) then 'GT043'
            end as code) b
     where t.process = p_case.process and t.from_state = p_case.state and not t.by_system
       and (t.takes is distinct from 'materials' or exists (
            select 1 from data.material_line l where l.material_set = p_case.material_set and l.state = 'missing'))
$$;
comment on function data.case_steps
    is 'steps that leave the case''s state, each with the rule that stops the person, or null';

create or replace function data.step_words(p_case data.case_file, p_staff integer, p_code text, p_action text,
    p_duty text) returns text[] language plpgsql stable as $$
declare
    v_action text := (select t.zh || '|' || t.en from data.step t where t.action = p_action limit 1);
    v_duty   text := (select y.zh || '|' || y.en from data.duty y where y.code = p_duty);
begin
    return case p_code
        when 'GT041' then array[
            (select s.zh || '|' || s.en from data.state s where s.code = p_case.state), coalesce(v_action, p_action, '')]
        when 'GT010' then array[v_duty, v_action]
        when 'GT015' then array[v_duty]
        when 'GT016' then array[coalesce(
            (select to_char(max(c.valid_to), 'YYYY-MM-DD') from data.credential c where c.staff = p_staff),
            '未登记|none registered')]
        when 'GT043' then array[
            (select e.document_no from data.item_end e where e.division = p_case.division and e.item = p_case.item)]
        else '{}'::text[] end;
end
$$;
comment on function data.step_words is 'words for the message of a rule that stops a step';

create or replace function data.case_next(p_case data.case_file, p_staff integer, p_today date) returns jsonb
    language plpgsql stable as $$
begin
    return (select coalesce(jsonb_agg(s.offer order by s.sort), '[]')
              from data.case_steps(p_case, p_staff, p_today) s
             where s.code is null);
end
$$;
comment on function data.case_next is 'the acts that a person may do on a case now';

create or replace function data.content_digest(p_number text, p_query_code text, p_division text, p_window text,
    p_department integer, p_item text, p_version integer, p_class text, p_process text, p_kind text, p_name text,
    p_id_kind text, p_id_number text, p_phone text, p_address text, p_agent_name text, p_agent_id_number text,
    p_extra jsonb, p_note text, p_accepted_at timestamptz, p_accepted_by integer, p_promise_days integer,
    p_statute_days integer, p_materials text) returns bytea
    language sql stable as $$
    select sha256(convert_to(row(p_number, p_query_code, p_division, p_window, p_department, p_item, p_version, p_class,
        p_process, p_kind, p_name, p_id_kind, p_id_number, p_phone, p_address, p_agent_name, p_agent_id_number,
        p_extra::text, p_note, (extract(epoch from p_accepted_at) * 1000000)::bigint, p_accepted_by, p_promise_days,
        p_statute_days, p_materials)::text, 'UTF8'))
$$;
comment on function data.content_digest
    is 'hash over the facts of a case that never change, its materials and fees (no:state:copies,...;no:cents,...)';
grant execute on function data.content_digest to guitai_keeper, guitai_courier;

create or replace function data.upper_digest(p_decision data.upper_decision) returns text language sql stable as $$
    select encode(sha256(convert_to(row(p_decision.round, p_decision.result,
        (extract(epoch from p_decision.decided_at) * 1000000)::bigint, p_decision.division_name, p_decision.department_name,
        p_decision.reviewer, p_decision.review_opinion, p_decision.decider, p_decision.on_behalf_of,
        p_decision.authorisation, p_decision.credential, p_decision.opinion, p_decision.bases::text,
        p_decision.reconsider_body)::text, 'UTF8')), 'hex')
$$;
comment on function data.upper_digest is 'hash over the decision of the hall above, kept in its event';
grant execute on function data.upper_digest to guitai_keeper, guitai_courier;

create or replace function data.event_add(p_case data.case_file, p_action text, p_from text, p_to text, p_stage text,
    p_me data.caller, p_duty text, p_window text, p_place text, p_at timestamptz, p_opinion text, p_detail jsonb)
    returns bytea language plpgsql volatile as $$
declare
    v_hash bytea := data.event_hash(p_case.head_hash, p_case.id, p_case.event_count + 1, p_action, p_from, p_to,
        p_stage, p_me.id, p_me.name, p_duty, p_window, p_place, p_at, p_opinion, p_detail);
begin
    insert into audit.case_event (case_id, seq, action, from_state, to_state, stage, staff, staff_name, duty,
        window_code, place, at, opinion, detail, prev_hash, hash)
    values (p_case.id, p_case.event_count + 1, p_action, p_from, p_to, p_stage, p_me.id, p_me.name, p_duty, p_window,
        p_place, p_at, p_opinion, p_detail, p_case.head_hash, v_hash);
    return v_hash;
end
$$;
comment on function data.event_add
    is 'append an event to the chain of a case; the caller stores the returned head and the count in the case';
grant execute on function data.event_add to guitai_keeper, guitai_courier;

create or replace function data.case_by_number(p_number text) returns data.case_file language plpgsql volatile as $$
declare
    v_case data.case_file;
begin
    select * into v_case from data.case_file f where f.number = p_number;
    if not found then
        perform data.whoami();
        perform data.refuse('GT040', null, coalesce(p_number, ''));
    end if;
    return v_case;
end
$$;
comment on function data.case_by_number is 'a case that the caller may see; GT040 otherwise';

create or replace function data.case_lock(p_number text) returns data.case_file language plpgsql volatile as $$
declare
    v_case data.case_file;
begin
    select * into v_case from data.case_file f where f.number = p_number for no key update;
    if not found then
        perform data.whoami();
        perform data.refuse('GT040', null, coalesce(p_number, ''));
    end if;
    return v_case;
end
$$;
comment on function data.case_lock is 'a case that the caller may see, locked until the act is committed';

create or replace function data.material_state_zh(p_state text) returns text language sql immutable as $$
    select case p_state when 'original' then '原件' when 'copy' then '复印件' when 'checked' then '已核验'
                        when 'electronic' then '电子' else '缺' end
$$;
comment on function data.material_state_zh is 'label of the state of a material';
grant execute on function data.material_state_zh to guitai_courier;

create or replace function data.material_state_en(p_state text) returns text language sql immutable as $$
    select case p_state when 'checked' then 'checked' when 'electronic' then 'digital' when 'original' then 'original'
                        when 'copy' then 'copy' else 'missing' end
$$;
comment on function data.material_state_en is 'English label of the state of a material';

reset role;
revoke create on schema data, api from guitai_api;
