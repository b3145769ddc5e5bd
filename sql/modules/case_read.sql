-- Lists of cases and one case in full. Lists are keyset pages over the partial index of open cases.

grant create on schema data, api to guitai_api;
set role guitai_api;

create or replace view data.case_line as
    select f.id, f.number, f.division, f.department, f.item, v.name as item_name, f.name as applicant_name, f.process,
           f.state, s.zh as state_zh, s.en as state_en, k.zh as class_zh, f.promise_due, f.statute_due, f.due_provisional,
           case when f.decided_at is null and s.place = 'here' then p.ordinal - t.ordinal end as days_left,
           case when f.decided_at is not null or f.closed_at is not null or p.ordinal is null or s.place <> 'here' then ''
                when p.ordinal < t.ordinal or (p.ordinal = t.ordinal and f.promise_due < t.day) then 'red'
                when p.ordinal - t.ordinal <= greatest(k.warn_days,
                     f.promise_days - ceil(f.promise_days * k.warn_percent / 100.0)) then 'yellow'
                else 'green' end as colour,
           d.name as department_name, data.hall_time(f.accepted_at) as accepted_at, f.window_code, f.accepted_by,
           f.closed_at, f.decided_at, k.en as class_en, f.settled,
           -- no join: that would read the peers anew for each line, and most cases come from none
           case when f.origin is not null then (
                select o.name from sync.peer o where o.own = f.division and o.division = f.origin) end as origin_name
      from data.case_file f
      join data.item_version v on v.division = f.division and v.item = f.item and v.version = f.item_version
      join data.state s on s.code = f.state
      join data.handling_class k on k.code = f.class
      join data.department d on d.id = f.department
      left join data.calendar_day p on p.day = f.promise_due
      left join data.calendar_day t on t.day = (select data.today());
comment on view data.case_line
    is 'a case as one line of a list; colour: red past the promise, yellow near its end (till decided, while it is here)';
revoke all on data.case_line from public;

create or replace function data.my_departments() returns integer[] language plpgsql volatile as $$
begin
    return case when data.sees_division()
                then array(select d.id from data.department d where d.division = data.own_division() order by d.id)
                else data.own_departments() end;
end
$$;
comment on function data.my_departments
    is 'departments whose cases the caller works on; all of the division for a post over it';
grant execute on function data.my_departments to guitai_courier;

create or replace function data.line_key(p_decided boolean, p_due date, p_id bigint) returns text
    language sql stable as $$
    select p_decided::integer || '/' || to_char(p_due, 'YYYY-MM-DD') || '/' || p_id
$$;
comment on function data.line_key
    is 'place of a line in the queue''s order: undecided before decided, then the nearest due first';

create or replace function data.line_after(p_key text, out decided boolean, out due date, out id bigint) returns record
    language plpgsql stable as $$
begin
    decided := false;
    due := '-infinity';
    id := 0;
    if p_key ~ '^[01]/[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])/[0-9]{1,18}$' then
        due := substr(p_key, 3, 10);
        id := substr(p_key, 14);
        decided := left(p_key, 1);
    end if;
exception when datetime_field_overflow then
    null;
end
$$;
comment on function data.line_after is 'the place behind which a page begins; a strange key is the beginning';

-- No sort: the index gives the order and the limit ends the reading. Behind row security the planner expects a single case, and
-- then holds fetching all of a department's open ones and sorting them for as cheap.
create or replace function api.case__queue(p_search text, p_after text, p_limit integer)
    returns table (key text, number text, item_name text, applicant_name text, state text, state_zh text, state_en text,
    class_zh text, class_en text, promise_due date, days_left integer, colour text, department_name text,
    accepted_at timestamp, "window" text, mine boolean, origin text)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
    set plan_cache_mode = force_generic_plan set enable_sort = off as $$
declare
    v_me    data.caller := data.whoami();
    v_all   integer[] := data.my_departments();
    v_after record := data.line_after(p_after);
    v_text  text := data.fold_search(p_search);
begin
    return query
    select data.line_key(l.settled, l.promise_due, l.id), l.number, l.item_name, l.applicant_name, l.state, l.state_zh,
           l.state_en, l.class_zh, l.class_en, l.promise_due, l.days_left, l.colour, l.department_name,
           l.accepted_at::timestamp, l.window_code, coalesce(l.accepted_by = v_me.id, false), l.origin_name
      from unnest(v_all) as d(id)
      cross join lateral (
            select c.* from data.case_line c
             where c.department = d.id and c.closed_at is null
               and (c.settled, c.promise_due, c.id) > (v_after.decided, v_after.due, v_after.id)
               and (v_text is null or position(v_text in c.number) > 0 or position(v_text in c.applicant_name) > 0
                    or position(v_text in c.item_name) > 0 or position(v_text in c.state_zh) > 0
                    or position(lower(v_text) in c.state_en) > 0)
             order by c.settled, c.promise_due, c.id
             limit data.page(p_limit)) l
     order by l.settled, l.promise_due, l.id
     limit data.page(p_limit);
end
$$;
comment on function api.case__queue
    is 'open cases of the caller''s departments: what runs against its limit, the nearest due first, then what is '
        'decided';
grant execute on function api.case__queue to guitai_staff;

create or replace function data.todo_ids(p_staff integer, p_after text, p_text text, p_limit integer, p_look integer)
    returns table (id bigint) language plpgsql volatile rows 50 as $$
declare
    v_today date := data.today();
    v_all   integer[] := data.my_departments();
    v_after record := data.line_after(p_after);
    -- process/state pairs that a duty of the caller, with the papers for it, can move: a comparison of text, so that the plan
    -- stays on the partial index of open cases in order of due date; the whole check is made only for what passes it
    v_pairs text[] := array(
        select distinct t.process || '/' || t.from_state
          from data.step t
          join data.caller_post p on p.duty = t.duty
         where t.from_state <> 'new'
           and (not t.needs_credential or exists (
                select 1 from data.credential c
                 where c.staff = p_staff and v_today between c.valid_from and c.valid_to))
           and (not t.needs_authorisation or exists (
                select 1 from data.authorisation a
                 where a.staff = p_staff and a.duty = t.duty and v_today between a.valid_from and a.valid_to)));
begin
    if cardinality(v_pairs) = 0 or cardinality(v_all) = 0 then
        return;
    end if;
    return query
    select x.id
      from unnest(v_all) as d(id)
      cross join lateral (
            select o.id, o.promise_due, o.settled
              from (select c as file, c.id, c.promise_due, c.process, c.state, c.number, c.name, c.settled
                      from data.case_file c
                     where c.department = d.id and c.closed_at is null
                       and (c.settled, c.promise_due, c.id) > (v_after.decided, v_after.due, v_after.id)
                     order by c.settled, c.promise_due, c.id
                     limit p_look / cardinality(v_all)) o
             where o.process || '/' || o.state = any (v_pairs)
               and (p_text is null or position(p_text in o.number) > 0 or position(p_text in o.name) > 0)
               and exists (select 1 from data.case_steps(o.file, p_staff, v_today) s where s.code is null)
             order by o.settled, o.promise_due, o.id
             limit p_limit) x
     order by x.settled, x.promise_due, x.id
     limit p_limit;
end
$$;
comment on function data.todo_ids
    is 'open cases that a person can move now, in the queue''s order behind p_after, among the first p_look open '
        'ones (null: all)';

create or replace function api.case__todo(p_search text, p_after text, p_limit integer)
    returns table (key text, number text, item_name text, applicant_name text, state text, state_zh text, state_en text,
    class_zh text, class_en text, promise_due date, days_left integer, colour text, department_name text,
    accepted_at timestamp, "window" text, mine boolean, origin text)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
    set plan_cache_mode = force_generic_plan as $$
declare
    v_me data.caller := data.whoami();
begin
    return query
    select data.line_key(l.settled, l.promise_due, l.id), l.number, l.item_name, l.applicant_name, l.state, l.state_zh,
           l.state_en, l.class_zh, l.class_en, l.promise_due, l.days_left, l.colour, l.department_name,
           l.accepted_at::timestamp, l.window_code, coalesce(l.accepted_by = v_me.id, false), l.origin_name
      from data.todo_ids(v_me.id, p_after, data.fold_search(p_search), data.page(p_limit), null) as x(id)
      -- offset 0: line by line; joined into one, the view has more tables than the planner puts in order
      cross join lateral (select c.* from data.case_line c where c.id = x.id offset 0) l
     order by l.settled, l.promise_due, l.id;
end
$$;
comment on function api.case__todo is 'open cases on which the caller himself can do the next act now';
grant execute on function api.case__todo to guitai_staff;

create or replace function data.events_json(p_case data.case_file) returns jsonb language plpgsql stable as $$
begin
    return (
    select coalesce(jsonb_agg(jsonb_build_object('seq', e.seq, 'action', e.action, 'zh', coalesce(t.zh, a.zh, e.action),
               'en', coalesce(t.en, a.en, e.action), 'stage', e.stage, 'stage_en', e.stage, 'stage_zh',
               case e.stage when 'receive' then '接件' when 'review' then '审查' when 'sign' then '签批' when 'make' then '制证'
                   when 'seal' then '盖章' when 'issue' then '发证' end,
               'from', e.from_state, 'from_zh', f.zh, 'from_en', f.en, 'to', e.to_state, 'to_zh', o.zh, 'to_en', o.en,
               'staff_name', e.staff_name, 'duty_zh', y.zh, 'duty_en', y.en, 'window', e.window_code, 'place', e.place,
               'at', data.hall_text(e.at), 'opinion', e.opinion, 'detail', e.detail - 'digest') order by e.seq), '[]')
      from audit.case_event e
      left join data.step t on t.process = p_case.process and t.from_state = e.from_state and t.action = e.action
      left join data.action a on a.code = e.action
      left join data.state f on f.code = e.from_state
      left join data.state o on o.code = e.to_state
      left join data.duty y on y.code = e.duty
     where e.case_id = p_case.id);
end
$$;
comment on function data.events_json is 'every event of a case with person, time and place';

create or replace function data.case_due_json(p_case data.case_file, p_days_left integer, p_colour text) returns jsonb
    language plpgsql volatile as $$
declare
    v_today date := data.today();
    v_end   date;
begin
    -- a decision here ends both limits; while another hall has the case, and when that decided it, limits of its own run there
    if p_days_left is not null then
        v_end := v_today;
    elsif not exists (select 1 from data.upper_decision u where u.case_id = p_case.id) then
        v_end := data.hall_day(p_case.decided_at);
    end if;
    return jsonb_build_object('promise_days', p_case.promise_days, 'statute_days', p_case.statute_days,
        'promise_due', to_char(p_case.promise_due, 'YYYY-MM-DD'), 'statute_due', to_char(p_case.statute_due, 'YYYY-MM-DD'),
        'provisional', p_case.due_provisional, 'days_left', p_days_left, 'colour', p_colour,
        'from', to_char(data.hall_day(p_case.accepted_at), 'YYYY-MM-DD'),
        'breach', case when v_end > p_case.statute_due then 'law' when v_end > p_case.promise_due then 'promise' end,
        'statute_left', case when p_days_left is not null then (
            select s.ordinal - t.ordinal from data.calendar_day s, data.calendar_day t
             where s.day = p_case.statute_due and t.day = v_today) end);
end
$$;
comment on function data.case_due_json
    is 'both limits of a case; breach: promise (past the promise, inside the law) or law, and it stays when the '
        'case is decided';

create or replace function data.case_papers_json(p_case bigint) returns jsonb language plpgsql stable as $$
begin
    return (
    select coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'document', p.document, 'copy_no', p.copy_no, 'state', p.state,
               'window', p.window_code, 'at', data.hall_text(p.at), 'sent_at', data.hall_text(p.sent_at)) order by p.id), '[]')
      from data.paper p where p.case_id = p_case);
end
$$;
comment on function data.case_papers_json is 'every paper that a case gave, in the order of printing';

create or replace function data.case_json(p_case data.case_file, p_version data.item_version, p_line data.case_line,
    p_me data.caller) returns jsonb language plpgsql stable as $$
begin
    return jsonb_build_object('number', p_case.number, 'query_code', p_case.query_code, 'division', p_case.division,
            'window', p_case.window_code, 'department_name', p_line.department_name, 'item', p_case.item,
            'item_name', p_version.name, 'item_version', p_case.item_version, 'class', p_case.class,
            'class_zh', p_line.class_zh, 'class_en', p_line.class_en, 'process', p_case.process, 'state', p_case.state,
            'state_zh', p_line.state_zh, 'state_en', p_line.state_en, 'round', p_case.round, 'result', p_case.result,
            'origin', p_line.origin_name, 'mine', coalesce(p_case.accepted_by = p_me.id, false),
            'accepted_by', (select s.name from data.staff s where s.id = p_case.accepted_by),
            'accepted_at', data.hall_text(p_case.accepted_at), 'decided_at', data.hall_text(p_case.decided_at),
            'closed_at', data.hall_text(p_case.closed_at))
        || jsonb_build_object('applicant_kind', p_case.applicant_kind, 'name', p_case.name, 'id_kind', p_case.id_kind,
            'id_number', data.mask_number(p_case.id_number), 'phone', data.mask_phone(p_case.phone),
            'address', p_case.address, 'agent_name', p_case.agent_name,
            'agent_id_number', data.mask_number(p_case.agent_id_number), 'note', p_case.note, 'extra', p_case.extra);
end
$$;
comment on function data.case_json is 'the head of a case''s page; identity number and telephone masked';

create or replace function api.case__show(p_number text) returns jsonb
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_me      data.caller := data.whoami();
    v_case    data.case_file := data.case_by_number(p_number);
    v_version data.item_version;
    v_line    data.case_line;
begin
    select * into v_version from data.item_version v
     where v.division = v_case.division and v.item = v_case.item and v.version = v_case.item_version;
    select * into v_line from data.case_line l where l.id = v_case.id;
    return jsonb_build_object(
        'case', data.case_json(v_case, v_version, v_line, v_me),
        'item', data.item_json(v_version),
        'fields', v_version.fields,
        'materials', data.case_materials_json(v_case.id),
        'fees', data.case_fees_json(v_case.id),
        'events', data.events_json(v_case),
        'decisions', data.case_decisions_json(v_case.id),
        'papers', data.case_papers_json(v_case.id),
        'documents', (select jsonb_agg(d.code order by d.sort) from data.document d where data.document_ready(v_case, d.code)),
        'handoff', sync.legs(v_case),
        'package', case when v_case.origin is not null then sync.package(v_case) end,
        'stages', data.case_stages_json(v_case.id),
        'actions', data.case_actions(v_case, v_me.id),
        'chain', data.chain_check(v_case),
        'due', data.case_due_json(v_case, v_line.days_left, v_line.colour));
end
$$;
comment on function api.case__show is 'one case in full; identity number and telephone masked; raises GT040';
grant execute on function api.case__show to guitai_staff;

-- In two calls: the second answers only when the event of the first stands, and no rollback can take it away.
create or replace function api.case__unmask(p_request uuid, p_number text, p_reason text) returns jsonb
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_digest bytea := sha256(convert_to(row(p_number, p_reason)::text, 'UTF8'));
    v_answer jsonb;
    v_me     data.caller;
    v_case   data.case_file;
    v_en     text;
    v_field  text;
begin
    v_answer := data.request_seen(p_request, 'case__unmask', v_digest);
    if v_answer is null then
        v_me := data.whoami();
        v_case := data.case_lock(p_number);
        if coalesce(length(btrim(p_reason)), 0) < 4 then
            perform data.refuse('GT046', null);
        end if;
        perform data.refuse_garbled('reason', '事由|The reason', p_reason);
        v_case.head_hash := data.event_add(v_case, 'unmask', v_case.state, v_case.state, null, v_me, null, null, null,
            data.clock(), left(btrim(p_reason), 500), jsonb_build_object('request', p_request));
        update data.case_file f set event_count = v_case.event_count + 1, head_hash = v_case.head_hash
         where f.id = v_case.id;
        v_answer := jsonb_build_object('ok', true, 'number', v_case.number, 'request', p_request);
        insert into data.request (id, function, digest, answer) values (p_request, 'case__unmask', v_digest, v_answer);
    end if;
    return v_answer;
exception when sqlstate 'GT000' then
    get stacked diagnostics v_en = pg_exception_detail, v_field = column_name;
    return data.refused('case__unmask', sqlstate, sqlerrm, v_en, v_field, null, jsonb_build_object('number', p_number));
end
$$;
comment on function api.case__unmask
    is 'ask for the full numbers of a case, for a reason that becomes an event (personal information law art. 51); '
        'api.case__unmasked gives them';
grant execute on function api.case__unmask to guitai_staff;

create or replace function api.case__unmasked(p_request uuid) returns jsonb
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_me   data.caller := data.whoami();
    v_case data.case_file;
begin
    select f.* into v_case
      from data.request r
      join data.case_file f on f.number = r.answer ->> 'number'
      join audit.case_event e on e.case_id = f.id and e.action = 'unmask' and e.detail ->> 'request' = r.id::text
     where r.id = p_request and r.login = session_user and r.function = 'case__unmask'
       and e.staff = v_me.id and e.at > data.clock() - interval '5 minutes'
       and e.xact is distinct from pg_current_xact_id_if_assigned();
    if not found then
        perform data.refuse('GT048', null);
    end if;
    return jsonb_build_object('number', v_case.number, 'id_number', v_case.id_number, 'phone', v_case.phone,
        'agent_id_number', v_case.agent_id_number);
end
$$;
comment on function api.case__unmasked
    is 'the full numbers that the caller asked for within five minutes, once the event about it is committed; '
        'raises GT048';
grant execute on function api.case__unmasked to guitai_staff;

create or replace function api.counts() returns jsonb
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
    set plan_cache_mode = force_generic_plan as $$
declare
    v_me     data.caller := data.whoami();
    v_all    integer[] := data.my_departments();
    v_look   integer := 20 + 480 / greatest(cardinality(v_all), 1);
    v_queue  bigint;
    v_todo   bigint;
    v_yellow bigint;
    v_red    bigint;
    v_papers bigint;
    v_drafts bigint;
    v_hall   boolean := exists (select 1 from data.caller_post p where p.duty in ('transmit', 'supervise'));
begin
    -- for a status line after every save: each count stops at a page, and looks at the cases nearest their end only
    select count(*), count(*) filter (where x.colour = 'yellow'), count(*) filter (where x.colour = 'red')
      into v_queue, v_yellow, v_red
      from unnest(v_all) as d(id)
      cross join lateral (
            select case when f.decided_at is not null or s.place <> 'here' then ''
                        when f.promise_due < t.day then 'red'
                        when p.ordinal - t.ordinal <= greatest(k.warn_days,
                             f.promise_days - ceil(f.promise_days * k.warn_percent / 100.0)) then 'yellow'
                        else 'green' end as colour
              from (select c.decided_at, c.promise_due, c.promise_days, c.class, c.state
                      from data.case_file c
                     where c.department = d.id and c.closed_at is null
                     order by c.settled, c.promise_due, c.id limit v_look) f
              join data.state s on s.code = f.state
              join data.handling_class k on k.code = f.class
              join data.calendar_day p on p.day = f.promise_due
              cross join (select c.day, c.ordinal from data.calendar_day c where c.day = data.today()) t) x;
    select count(*) into v_todo from data.todo_ids(v_me.id, null, null, 100, 300);
    select count(*) into v_papers
      from data.paper p
     where p.division = v_me.division and p.state <> 'sent'
       and p.window_code in (select h.window_code from data.shift h
                              where h.staff = v_me.id and h.division = v_me.division and h.valid_from <= data.today()
                                and (h.valid_to is null or h.valid_to >= data.today()));
    select count(*) into v_drafts from data.draft d where d.staff = v_me.id and d.dropped_at is null;
    return jsonb_build_object('queue', v_queue, 'todo', v_todo, 'yellow', v_yellow, 'red', v_red, 'pending_papers', v_papers,
            'drafts', v_drafts)
        || sync.counts(v_me.division, v_all, v_hall, exists (select 1 from data.caller_post p where p.duty = 'transmit'));
end
$$;
comment on function api.counts
    is 'figures for the status line; todo counts to 100, the others among the 500 cases nearest their end';
grant execute on function api.counts to guitai_staff;

reset role;
revoke create on schema data, api from guitai_api;
