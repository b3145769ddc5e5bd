-- An act: the case moves along one row of the step table, or not at all.

grant create on schema data, api to guitai_api;
set role guitai_api;

create or replace function data.act_place(p_window text, p_me data.caller, out window_code text, out place text)
    returns record language plpgsql volatile as $$
declare
    v_window data.counter_window;
begin
    if p_window is null then -- a terminal in the department: said as it is, the supervisor's rule looks for it
        place := '部门: ' || coalesce((select d.name from data.department d where d.id = p_me.department), '');
        return;
    end if;
    v_window := data.my_window(p_window);
    window_code := v_window.code;
    place := v_window.place;
end
$$;
comment on function data.act_place is 'where the caller acts: a window of his shift, or (null) the department';

create or replace function data.action_words(p_case data.case_file) returns text language plpgsql stable as $$
begin
    -- those of the case's state; at its end, all of its process
    return (
    select string_agg(t.action || ' ' || t.zh, ', ' order by t.sort) || '|'
           || string_agg(t.action || ' (' || t.en || ')', ', ' order by t.sort)
      from (select distinct on (t.action) t.action, t.zh, t.en, t.sort from data.step t
             where t.process = p_case.process and t.from_state <> 'new' and not t.only_ended and not t.by_system
               and (t.from_state = p_case.state or not exists (
                    select 1 from data.step o where o.process = p_case.process and o.from_state = p_case.state))
             order by t.action, t.sort) t);
end
$$;
comment on function data.action_words is 'the acts there are for a case, as codes and labels "zh|en"';

create or replace function data.materials_add(p_case data.case_file, p_materials jsonb, out id bigint, out detail jsonb)
    returns record language plpgsql volatile as $$
declare
    v_before text;
    v_lines  text;
    v_all    jsonb;
begin
    select s.lines into v_before from data.material_set s where s.id = p_case.material_set;
    perform data.accept_check_lines(p_case.division, p_case.item, p_case.item_version, coalesce(p_materials, '[]'));
    -- what has been handed in stays so: a line is only ever added
    select jsonb_agg(jsonb_build_object('no', m.no,
               'state', case when m.state = 'missing' then coalesce(g.state, 'missing') else m.state end,
               'copies', case when m.state = 'missing' then coalesce(g.copies::integer, 0) else m.copies end) order by m.no)
      into v_all
      from data.case_material m
      left join (select e ->> 'no' as no, e ->> 'state' as state, coalesce(e ->> 'copies', '1') as copies
                   from jsonb_array_elements(coalesce(p_materials, '[]')) e) g on g.no = m.no::text
     where m.case_id = p_case.id;
    select s.id, s.lines into id, v_lines
      from data.material_set_new(p_case.division, p_case.item, p_case.item_version, p_case.department, v_all) s;
    if v_lines = v_before then
        perform data.refuse('GT005', 'materials', '补交的材料|The materials added');
    end if;
    detail := jsonb_build_object('before', v_before, 'lines', v_lines);
end
$$;
comment on function data.materials_add is 'add materials that came later; the event keeps the list before and after';

create or replace function data.case_act(p_number text, p_action text, p_opinion text, p_window text, p_to text,
    p_asked text, p_materials jsonb) returns jsonb
    language plpgsql volatile as $$
declare
    v_now    timestamptz := data.clock();
    v_today  date := data.hall_day(v_now);
    v_me     data.caller := data.whoami();
    v_case   data.case_file := data.case_lock(p_number);
    v_from   text := v_case.state;
    v_step   record;
    v_where  record;
    v_state  data.state;
    v_detail jsonb := '{}';
    v_paper  jsonb;
    v_words  text := nullif(btrim(p_opinion), '');
begin
    select * into v_step from data.case_steps(v_case, v_me.id, v_today) s where s.action = p_action;
    if not found and not exists (select 1 from data.step t where t.action = p_action) then
        perform data.refuse('GT042', null, coalesce(p_action, ''), data.action_words(v_case));
    elsif not found then
        perform data.refuse('GT041', null, variadic data.step_words(v_case, v_me.id, 'GT041', p_action, null));
    elsif v_step.code is not null then
        perform data.refuse(v_step.code, null, variadic data.step_words(v_case, v_me.id, v_step.code, p_action,
            v_step.duty));
    elsif v_step.opinion_required and (v_words is null or length(data.bare_text(v_words)) < 2
        or data.bare_text(v_words) = data.bare_text(v_me.name)) then
        perform data.refuse('GT018', null);
    elsif length(v_words) > 2000 then
        perform data.refuse('GT006', 'opinion', '意见|The opinion', '2000');
    elsif data.garbled(v_words, true) then
        perform data.refuse_garbled('opinion', '意见|The opinion', v_words, true);
    end if;
    select * into v_where from data.act_place(p_window, v_me);
    if v_step.decision is not null then
        insert into data.decision (case_id, round, kind, result, opinion, staff, staff_name, on_behalf_of,
            authorisation, credential_number, window_code, at)
        values (v_case.id, v_case.round, v_step.decision, v_step.result, v_words, v_me.id, v_me.name,
            v_step.on_behalf_of, v_step.authorisation, v_step.credential, v_where.window_code, v_now);
        v_detail := jsonb_strip_nulls(jsonb_build_object('round', v_case.round, 'decision', v_step.decision,
            'result', v_step.result, 'authorisation', v_step.authorisation, 'on_behalf_of', v_step.on_behalf_of,
            'credential', v_step.credential));
    end if;
    if v_step.takes = 'materials' then
        select m.id, v_detail || m.detail into v_case.material_set, v_detail from data.materials_add(v_case, p_materials) m;
    end if;
    -- what the act makes of the case stands in its event, whatever the step table says later
    if v_step.clock = 'end' then
        v_case.decided_at := v_now;
        v_case.result := v_step.result;
        v_detail := v_detail || jsonb_build_object('outcome', v_step.result);
    end if;
    if v_step.result = 'return' and v_step.handoff is null then
        v_detail := v_detail || jsonb_build_object('next_round', v_case.round + 1);
    end if;
    select * into strict v_state from data.state s where s.code = v_step.to_state;
    v_case.head_hash := data.event_add(v_case, p_action, v_from, v_step.to_state, v_step.stage, v_me, v_step.duty,
        v_where.window_code, v_where.place, v_now, v_words, v_detail);
    v_case.event_count := v_case.event_count + 1;
    v_case.state := v_step.to_state;
    case v_step.decision
        when 'review' then v_case.reviewed_by := v_me.id;
        when 'verify' then
            v_case.verified_by := v_me.id;
            v_case.verified_for := v_step.on_behalf_of;
        when 'sign' then v_case.signed_by := v_me.id;
        else null;
    end case;
    if v_step.result = 'return' and v_step.handoff is null then -- a new round: its review and verification start from nothing
        v_case.round := v_case.round + 1;
        v_case.reviewed_by := null;
        v_case.verified_by := null;
        v_case.verified_for := null;
        v_case.signed_by := null;
    end if;
    if v_state.closed then
        v_case.closed_at := v_now;
    end if;
    update data.case_file f
       set state = v_case.state, round = v_case.round, reviewed_by = v_case.reviewed_by,
           verified_by = v_case.verified_by, verified_for = v_case.verified_for, signed_by = v_case.signed_by,
           decided_at = v_case.decided_at, settled = data.settled(v_case.decided_at, v_case.state),
           result = v_case.result, closed_at = v_case.closed_at,
           event_count = v_case.event_count, head_hash = v_case.head_hash, material_set = v_case.material_set
     where f.id = v_case.id;
    if v_step.handoff is not null then
        perform sync.handoff(v_case.id, v_step.handoff, v_words, p_to, p_asked);
        select * into strict v_case from data.case_file f where f.id = v_case.id; -- what never left is back at once
        select * into strict v_state from data.state s where s.code = v_case.state;
    end if;
    if v_step.document is not null then
        v_paper := data.paper_queue(v_case, v_step.document, v_me, v_where.window_code, v_now);
    end if;
    return jsonb_build_object('ok', true, 'number', v_case.number, 'state', v_case.state, 'state_zh', v_state.zh,
        'state_en', v_state.en, 'event_seq', v_case.event_count, 'at', data.hall_text(v_now), 'paper', v_paper);
end
$$;
comment on function data.case_act is 'rules and rows of an act';

create or replace function api.case__act(p_request uuid, p_number text, p_action text, p_opinion text default null,
    p_window text default null, p_to text default null, p_asked text default null, p_materials jsonb default null)
    returns jsonb language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_digest     bytea := sha256(convert_to(
        row(p_number, p_action, p_opinion, p_window, p_to, p_asked, p_materials)::text, 'UTF8'));
    v_answer     jsonb;
    v_en         text;
    v_field      text;
    v_constraint text;
begin
    v_answer := data.request_seen(p_request, 'case__act', v_digest);
    if v_answer is null then
        v_answer := data.case_act(p_number, p_action, p_opinion, p_window, p_to, p_asked, p_materials);
        insert into data.request (id, function, digest, answer) values (p_request, 'case__act', v_digest, v_answer);
    end if;
    return v_answer;
exception when sqlstate 'GT000' or integrity_constraint_violation then
    get stacked diagnostics v_en = pg_exception_detail, v_field = column_name, v_constraint = constraint_name;
    return data.refused('case__act', sqlstate, sqlerrm, v_en, v_field, v_constraint,
        jsonb_build_object('number', p_number, 'action', p_action, 'window', p_window));
end
$$;
comment on function api.case__act
    is 'move a case along the step table: duty, credential, authorisation, two persons, a definite opinion; p_to: '
        'division of a transfer; p_asked: numbers of the materials that a case sent back lacks; p_materials: those '
        'that came later';
grant execute on function api.case__act to guitai_staff;

create or replace function api.case__after(p_request uuid) returns jsonb language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp as $$
declare
    v_answer jsonb;
    v_case   data.case_file;
    v_paper  jsonb;
begin
    select r.answer into v_answer from data.request r where r.id = p_request and r.login = session_user;
    select * into v_case from data.case_file f where f.number = v_answer ->> 'number';
    if not found then
        return '{}';
    end if;
    v_paper := nullif(v_answer -> 'paper', 'null');
    -- NOTIFY holds a lock of the whole server through the commit, which therefore does not wait for the disk: the act
    -- is on it already, and a hint that is lost costs nothing
    perform set_config('synchronous_commit', 'off', true);
    perform pg_notify('guitai', jsonb_build_object('division', v_case.division, 'number', v_case.number,
        'department', (select d.code from data.department d where d.id = v_case.department))::text);
    return jsonb_build_object('next', data.case_next(v_case, (select c.id from data.caller c), data.today()),
        'data', case when v_paper is not null then
            data.document_json(v_case, v_paper ->> 'document', (v_paper ->> 'copy_no')::integer) end);
end
$$;
comment on function api.case__after
    is 'what follows an act that is committed, sent in the same flight: tells listeners of channel guitai, and '
        'answers with the data of the act''s paper and the acts that are next; {} when the request did nothing to a '
        'case';
grant execute on function api.case__after to guitai_staff;

create or replace function data.case_actions(p_case data.case_file, p_staff integer) returns jsonb
    language plpgsql volatile as $$
begin
    return (
    select coalesce(jsonb_agg(jsonb_build_object('action', s.action, 'zh', s.zh, 'en', s.en, 'key', s.key, 'duty', s.duty,
               'allowed', s.code is null, 'why', s.code,
               'why_zh', s.code || ' ' || format(r.zh, variadic data.words(w.words, 1)),
               'why_en', s.code || ' ' || format(r.en, variadic data.words(w.words, 2)),
               'opinion_required', s.opinion_required, 'document', s.document, 'takes', s.takes,
               'decision', s.decision, 'result', s.result) order by s.sort), '[]')
      from data.case_steps(p_case, p_staff, data.today()) s
      left join data.rule r on r.code = s.code
      left join lateral (select data.step_words(p_case, p_staff, s.code, s.action, s.duty) as words) w
        on s.code is not null
     where s.code is distinct from 'GT041');
end
$$;
comment on function data.case_actions is 'every step from the case''s state, allowed or with the reason why not';

create or replace function api.case__actions(p_number text) returns jsonb language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp as $$
declare
    v_me data.caller := data.whoami();
begin
    return data.case_actions(data.case_by_number(p_number), v_me.id);
end
$$;
comment on function api.case__actions
    is 'every step from the case''s state, allowed or with the reason why not; raises GT040';
grant execute on function api.case__actions to guitai_staff;

create or replace function api.case__missing(p_number text) returns jsonb language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp as $$
declare
    v_case data.case_file := data.case_by_number(p_number);
begin
    return (
    select jsonb_build_object('number', v_case.number,
               'materials', coalesce(jsonb_agg(m order by (m ->> 'no')::integer), '[]'),
               'missing', coalesce(string_agg((m ->> 'no') || ' ' || (m ->> 'name'), '; ' order by (m ->> 'no')::integer), '—'))
      from jsonb_array_elements(data.case_materials_json(v_case.id)) m where m ->> 'state' = 'missing');
end
$$;
comment on function api.case__missing is 'the materials that a case lacks, as lines and as one text; raises GT040';
grant execute on function api.case__missing to guitai_staff;

create or replace function api.case__verifiers(p_number text)
    returns table (login text, name text, title text, authorisation text, on_behalf_of text)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_case data.case_file := data.case_by_number(p_number);
begin
    return query
    select distinct on (s.id) s.login::text, s.name, s.title, a.document_no, o.name
      from data.staff s
      cross join lateral data.case_steps(v_case, s.id, data.today()) t
      join data.authorisation a on a.id = t.authorisation
      left join data.staff o on o.id = t.on_behalf_of
     where s.division = v_case.division and t.decision in ('verify', 'sign') and t.code is null
     order by s.id;
end
$$;
comment on function api.case__verifiers is 'who can verify (or sign) the case now, for the quick change of user';
grant execute on function api.case__verifiers to guitai_staff;

reset role;
revoke create on schema data, api from guitai_api;
