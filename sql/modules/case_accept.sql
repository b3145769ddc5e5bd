-- Acceptance: one call, one transaction. The only row that two desks can share is the counter of one window and day.

grant create on schema data, api to guitai_api;
set role guitai_api;

-- forms of before
drop function if exists data.accept_refuse_item(text, integer, integer, date),
    data.material_set_new(text, text, integer, integer, jsonb, uuid), data.material_set_of(text, text, integer, integer, jsonb);

create or replace function data.accept_refuse_window(p_window text, p_staff integer, p_found text) returns void
    language plpgsql volatile as $$
begin
    if p_staff is null then
        perform data.refuse('GT004', null, session_user::text);
    elsif p_window is null then
        perform data.refuse('GT005', 'window', '窗口|The window');
    elsif p_found is null then
        perform data.refuse('GT011', null, p_window);
    end if;
    perform data.refuse('GT012', null, p_window);
end
$$;
comment on function data.accept_refuse_window is 'say why the caller cannot accept at a window today';

create or replace function data.accept_refuse_item(p_window text, p_item text, p_asked integer, p_version integer,
    p_name text, p_department_name text, p_service text, p_duty text, p_ended boolean, p_may boolean,
    p_served boolean, p_today date) returns void
    language plpgsql volatile as $$
declare
    v_end data.item_end;
begin
    if p_ended then
        select e.* into v_end
          from data.caller c
          join data.item_end e on e.division = c.division and e.item = p_item and e.ended_on <= p_today;
        perform data.refuse('GT021', null, p_item, to_char(v_end.ended_on, 'YYYY-MM-DD'), v_end.document_no);
    elsif p_asked <> p_version then
        perform data.refuse('GT022', null, p_item, p_version::text, p_asked::text);
    elsif p_version is null and exists (
        select 1 from data.caller c join data.item i on i.division = c.division and i.code = p_item) then
        perform data.refuse('GT023', null, p_item);
    elsif p_version is null then
        perform data.refuse('GT020', null, coalesce(p_item, ''));
    elsif not p_may then
        perform data.refuse('GT010', 'item', (select y.zh || '|' || y.en from data.duty y where y.code = p_duty), p_name);
    elsif not p_served then
        perform data.refuse('GT014', null, p_window, p_department_name);
    end if;
    perform data.refuse('GT024', null, p_item,
        case p_service when 'org' then '法人或其他组织|organisations' else '自然人|persons' end);
end
$$;
comment on function data.accept_refuse_item is 'say why an item cannot be accepted today';

create or replace function data.accept_check_lines(p_division text, p_item text, p_version integer,
    p_materials jsonb) returns void
    language plpgsql stable as $$
declare
    v_one  jsonb;
    v_no   bigint;
begin
    if jsonb_typeof(p_materials) <> 'array' then
        perform data.refuse('GT029', null, '1');
    end if;
    for v_one, v_no in select e.value, e.ordinality from jsonb_array_elements(p_materials) with ordinality e loop
        if not exists (select 1 from data.item_material m
                        where m.division = p_division and m.item = p_item and m.version = p_version
                          and m.no::text = v_one ->> 'no') then
            perform data.refuse('GT026', null, coalesce(left(v_one ->> 'no', 20), '?'));
        elsif coalesce(v_one ->> 'state', '') not in ('original', 'copy', 'checked', 'electronic', 'missing')
           or coalesce(v_one ->> 'copies', '1') !~ '^[0-9]{1,2}$'
           or (select count(*) from jsonb_array_elements(p_materials) o where o ->> 'no' = v_one ->> 'no') > 1 then
            perform data.refuse('GT029', null, v_no::text);
        end if;
    end loop;
end
$$;
comment on function data.accept_check_lines is 'refuse an unknown material or a bad line';

create or replace function data.accept_check_materials(p_division text, p_item text, p_version integer,
    p_materials jsonb) returns void
    language plpgsql stable as $$
declare
    v_text text;
begin
    perform data.accept_check_lines(p_division, p_item, p_version, p_materials);
    select string_agg(m.no || ' ' || m.name, '; ' order by m.no) into v_text
      from data.item_material m
     where m.division = p_division and m.item = p_item and m.version = p_version and m.mandatory
       and not exists (select 1 from jsonb_array_elements(p_materials) e
                        where e ->> 'no' = m.no::text and e ->> 'state' <> 'missing'
                          and coalesce(e ->> 'copies', '1') !~ '^0+$');
    if v_text is not null then
        perform data.refuse('GT025', null, v_text);
    end if;
end
$$;
comment on function data.accept_check_materials
    is 'refuse an unknown line, a bad one, or every mandatory one that is missing (told once)';

create or replace function data.material_set_new(p_division text, p_item text, p_version integer, p_department integer,
    p_materials jsonb, out id bigint, out lines text) returns record
    language plpgsql volatile as $$
declare
    v_given uuid := md5(p_materials::text);
begin
    perform data.accept_check_materials(p_division, p_item, p_version, p_materials);
    -- lines left out count as missing
    select string_agg(m.no || ':' || case when coalesce(g.state, 'missing') = 'missing' or g.copies ~ '^0+$' then 'missing:0'
               else g.state || ':' || g.copies::smallint end, ',' order by m.no)
      into lines
      from data.item_material m
      left join (select e ->> 'no' as no, e ->> 'state' as state, coalesce(e ->> 'copies', '1') as copies
                   from jsonb_array_elements(p_materials) e) g on g.no = m.no::text
     where m.division = p_division and m.item = p_item and m.version = p_version;
    insert into data.material_set as s (division, item, item_version, department, given, lines)
    values (p_division, p_item, p_version, p_department, v_given, lines)
    on conflict on constraint material_set_given do nothing returning s.id into id;
    if id is null then -- it was met before, or another window was first
        select s.id into id
          from data.material_set s
         where s.division = p_division and s.item = p_item and s.item_version = p_version and s.given = v_given;
        return;
    end if;
    insert into data.material_line (material_set, division, item, item_version, no, state, copies)
    select id, p_division, p_item, p_version, split_part(l, ':', 1)::smallint, split_part(l, ':', 2),
           split_part(l, ':', 3)::smallint
      from unnest(string_to_array(lines, ',')) l;
end
$$;
comment on function data.material_set_new 
    is 'the set that a list of materials is, checked against the catalogue and kept; refuses what the catalogue does not have or what '
        'is missing';

create or replace function data.accept_again(p_item text, p_id_kind text, p_id_number text) returns text
    language plpgsql stable as $$
begin
    return (
    select f.number
      from data.caller c
      join data.applicant a on a.division = c.division and a.id_kind = p_id_kind
           and a.id_number = upper(btrim(p_id_number))
      join data.case_file f on f.applicant = a.id and f.item = p_item and f.closed_at is null and f.single
     limit 1);
end
$$;
comment on function data.accept_again
    is 'the open case because of which an applicant cannot have another one; null: it is not to be seen yet';

-- One long function, for this is what a clerk waits for: each part as a function of its own would cost as much again as a
-- look-up by key. For the same reason a check is assigned where it could be performed: an expression needs no query.
create or replace function data.case_accept(p_window text, p_item text, p_item_version integer, p_applicant_kind text,
    p_id_kind text, p_id_number text, p_name text, p_phone text, p_address text, p_agent_name text,
    p_agent_id_number text, p_materials jsonb, p_extra jsonb, p_note text) returns jsonb
    language plpgsql volatile as $$
declare
    v_now       timestamptz := data.clock();
    v_today     date := data.hall_day(v_now);
    -- the person and the window
    v_staff integer; v_clerk text; v_division text; v_window text; v_window_department integer; v_place text; v_on_shift boolean;
    -- the item in force and its first step
    v_version integer; v_item_name text; v_department integer; v_department_name text; v_class text; v_service text;
    v_free boolean; v_repeatable boolean; v_field_ids text[]; v_promise_days integer; v_statute_days integer; v_ended boolean;
    v_process text; v_to_state text; v_duty text; v_stage text; v_document text; v_may boolean; v_served boolean;
    -- the applicant
    v_id_number text := upper(btrim(p_id_number));
    v_name      text := data.fold_name(p_name);
    v_phone     text := nullif(btrim(p_phone), '');
    v_address   text := nullif(btrim(p_address), '');
    v_agent     text := data.fold_name(p_agent_name);
    v_agent_id  text := nullif(upper(btrim(p_agent_id_number)), '');
    v_note      text := nullif(btrim(p_note), '');
    v_extra     jsonb := coalesce(p_extra, '{}');
    v_applicant bigint;
    -- materials, limits, the case
    v_checked boolean; v_set bigint; v_lines text; v_fees text := '';
    v_promise_due date; v_statute_due date; v_unsure boolean;
    v_id bigint; v_number text; v_query text; v_digest bytea; v_detail jsonb; v_start bytea; v_hash bytea; v_paper bigint;
begin
    -- who, and at which window
    select c.id, c.name, c.division, w.code, w.department, w.place,
           exists (select 1 from data.shift t
                    where t.staff = c.id and t.division = c.division and t.window_code = p_window
                      and t.valid_from <= v_today and (t.valid_to is null or t.valid_to >= v_today))
      into v_staff, v_clerk, v_division, v_window, v_window_department, v_place, v_on_shift
      from data.staff c -- data.caller, by the day that is known already
      left join data.counter_window w on w.division = c.division and w.code = p_window
     where c.login = session_user and c.valid_from <= v_today and (c.valid_to is null or c.valid_to >= v_today);
    if (v_window is not null and v_on_shift) is not true then
        perform data.accept_refuse_window(p_window, v_staff, v_window);
    end if;

    -- the item in force, and whether he may accept it there
    select v.version, v.name, v.department, v.department_name, v.class, v.service_object, v.free, v.repeatable, v.field_ids,
           v.promise_days, v.statute_days, v.process, s.to_state, s.duty, s.stage, s.document,
           exists (select 1 from data.item_end e
                    where e.division = v.division and e.item = v.item and e.ended_on <= v_today),
           exists (select 1 from data.post p
                    where p.staff = v_staff and p.duty = s.duty and (p.department is null or p.department = v.department)
                      and p.valid_from <= v_today and (p.valid_to is null or p.valid_to >= v_today)),
           v_window_department is null or v_window_department = v.department
      into v_version, v_item_name, v_department, v_department_name, v_class, v_service, v_free, v_repeatable, v_field_ids,
           v_promise_days, v_statute_days, v_process, v_to_state, v_duty, v_stage, v_document, v_ended, v_may, v_served
      from data.item_version v
      join data.step s on s.process = v.process and s.from_state = 'new' and s.action = 'accept'
     where v.division = v_division and v.item = p_item and v.effective_from <= v_today
     order by v.version desc limit 1;
    if (v_may and v_served and not v_ended and v_version = coalesce(p_item_version, v_version)
        and v_service in ('both', coalesce(p_applicant_kind, v_service))) is not true then
        perform data.accept_refuse_item(p_window, p_item, p_item_version, v_version, v_item_name, v_department_name,
            v_service, v_duty, v_ended, v_may, v_served, v_today);
    end if;

    -- what is handed in
    v_checked := data.applicant_check(p_applicant_kind, p_id_kind, v_id_number, v_name, v_phone, v_address, v_note);
    if v_agent is not null or v_agent_id is not null then
        perform data.agent_check(v_agent, v_agent_id);
    end if;
    if v_field_ids <> '{}' or v_extra <> '{}' then
        v_checked := data.extra_check(v_division, p_item, v_version, v_field_ids, v_extra, p_applicant_kind, p_id_kind, v_agent);
    end if;
    select s.id, s.lines into v_set, v_lines
      from data.material_set s
     where s.division = v_division and s.item = p_item and s.item_version = v_version and s.given = md5(p_materials::text)::uuid;
    if v_set is null then
        select m.id, m.lines into v_set, v_lines
          from data.material_set_new(v_division, p_item, v_version, v_department, coalesce(p_materials, '[]')) m;
    end if;
    v_applicant := data.applicant_keep(v_division, p_applicant_kind, p_id_kind, v_id_number, v_name, v_phone, v_address);

    -- the limits; the lock is shared with other desks, against the loading of a notice: that must see this case, or this case
    -- that calendar
    if pg_advisory_xact_lock_shared(7318, 2) is null then
        null;
    end if;
    select p.day, s.day, greatest(p.unknown, s.unknown) > f.unknown or f.edition is null
      into v_promise_due, v_statute_due, v_unsure
      from data.calendar_day f
      join data.calendar_day p on p.is_work and p.ordinal = f.ordinal + v_promise_days
      join data.calendar_day s on s.is_work and s.ordinal = f.ordinal + v_statute_days
     where f.day = v_today and v_promise_days > 0 and v_statute_days > 0;
    if v_promise_due is null then -- a limit of 0 days, or past the horizon, which data.due() moves
        select p.due, s.due, p.provisional or s.provisional
          into v_promise_due, v_statute_due, v_unsure
          from data.due(v_today, v_promise_days) p, data.due(v_today, v_statute_days) s;
    end if;

    -- number, digest, first event of the chain
    update data.counter k set last = k.last + 1
     where k.division = v_division and k.window_code = p_window and k.day = v_today
    returning data.case_number(v_division, p_window, v_today, k.last) into v_number;
    if v_number is null then -- the first of the day
        insert into data.counter as k (division, window_code, day, last) values (v_division, p_window, v_today, 1)
        on conflict (division, window_code, day) do update set last = k.last + 1
        returning data.case_number(v_division, p_window, v_today, k.last) into v_number;
    end if;
    v_id := nextval('data.case_file_id_seq');
    v_paper := nextval('data.paper_id_seq');
    v_query := right((hashtext(gen_random_uuid()::text) & 1073741823 | 1073741824)::text, 6);
    if not v_free then
        select ';' || string_agg(f.no || ':' || f.amount_cents, ',' order by f.no) into v_fees
          from data.item_fee f where f.division = v_division and f.item = p_item and f.version = v_version;
    end if;
    v_digest := data.content_digest(v_number, v_query, v_division, p_window, v_department, p_item, v_version, v_class,
        v_process, p_applicant_kind, v_name, p_id_kind, v_id_number, v_phone, v_address, v_agent, v_agent_id, v_extra,
        v_note, v_now, v_staff, v_promise_days, v_statute_days, v_lines || v_fees);
    v_detail := jsonb_object(array['digest', 'promise_due', 'statute_due', 'provisional'], array[encode(v_digest, 'hex'),
        to_char(v_promise_due, 'YYYY-MM-DD'), to_char(v_statute_due, 'YYYY-MM-DD'), v_unsure::text]);
    v_start := sha256(convert_to(v_number, 'UTF8'));
    v_hash := data.event_hash(v_start, v_id, 1, 'accept', 'new', v_to_state, v_stage, v_staff, v_clerk, v_duty, p_window,
        v_place, v_now, null, v_detail);

    -- the rows
    insert into data.case_file (id, number, query_code, division, window_code, department, item, item_version, class,
        process, state, applicant, applicant_kind, name, id_kind, id_number, phone, address, agent_name,
        agent_id_number, extra, note, single, received_at, accepted_at, accepted_by, promise_days, statute_days,
        promise_due, statute_due, due_provisional, event_count, head_hash, content_digest, material_set)
    values (v_id, v_number, v_query, v_division, p_window, v_department, p_item, v_version, v_class, v_process,
        v_to_state, v_applicant, p_applicant_kind, v_name, p_id_kind, v_id_number, v_phone, v_address, v_agent,
        v_agent_id, v_extra, v_note, not v_repeatable, v_now, v_now, v_staff, v_promise_days, v_statute_days,
        v_promise_due, v_statute_due, v_unsure, 1, v_hash, v_digest, v_set);
    insert into audit.case_event (case_id, seq, action, from_state, to_state, stage, staff, staff_name, duty,
        window_code, place, at, detail, prev_hash, hash)
    values (v_id, 1, 'accept', 'new', v_to_state, v_stage, v_staff, v_clerk, v_duty, p_window, v_place, v_now, v_detail,
        v_start, v_hash);
    if not v_free then
        insert into data.case_fee (case_id, division, item, item_version, no, amount_cents)
        select v_id, f.division, f.item, f.version, f.no, f.amount_cents
          from data.item_fee f where f.division = v_division and f.item = p_item and f.version = v_version;
    end if;
    -- no RETURNING here: it would have the row policy read the case again
    insert into data.paper (id, case_id, document, copy_no, staff, division, window_code, at)
    values (v_paper, v_id, v_document, 1, v_staff, v_division, p_window, v_now);

    return jsonb_build_object('ok', true,
        'paper', jsonb_build_object('id', v_paper, 'mark', null, 'copy_no', 1, 'document', v_document), 'state', v_to_state,
        'number', v_number, 'query_code', v_query, 'accepted_at', data.hall_text(v_now),
        'promise_due', v_detail -> 'promise_due', 'statute_due', v_detail -> 'statute_due', 'due_provisional', v_unsure);
end
$$;
comment on function data.case_accept is 'rules and rows of an acceptance';

create or replace function api.case__accept(p_request uuid, p_window text, p_item text, p_item_version integer,
    p_applicant_kind text, p_id_kind text, p_id_number text, p_name text, p_phone text, p_address text,
    p_agent_name text, p_agent_id_number text, p_materials jsonb, p_extra jsonb, p_note text) returns jsonb
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    -- compared within a day only, by the same person: the record's hash, for its text costs as much as a look-up by key
    v_digest     bytea := int8send(hash_record_extended(row(p_window, p_item, p_item_version, p_applicant_kind, p_id_kind,
        p_id_number, p_name, p_phone, p_address, p_agent_name, p_agent_id_number, p_materials, p_extra, p_note), 0));
    v_answer     jsonb;
    v_en         text;
    v_field      text;
    v_constraint text;
    v_open       text;
begin
    v_answer := data.request_seen(p_request, 'case__accept', v_digest);
    if v_answer is null then
        v_answer := data.case_accept(p_window, p_item, p_item_version, p_applicant_kind, p_id_kind, p_id_number, p_name,
            p_phone, p_address, p_agent_name, p_agent_id_number, p_materials, p_extra, p_note);
        insert into data.request (id, function, digest, answer) values (p_request, 'case__accept', v_digest, v_answer);
    end if;
    return v_answer;
exception when sqlstate 'GT000' or integrity_constraint_violation then
    get stacked diagnostics v_en = pg_exception_detail, v_field = column_name, v_constraint = constraint_name;
    if v_constraint = 'case_single' then
        v_open := data.accept_again(p_item, p_id_kind, p_id_number);
    end if;
    if v_open is not null then
        return (
        select data.refused('case__accept', r.code, format(r.zh, v_open), format(r.en, v_open), r.field, null,
                   jsonb_build_object('window', p_window, 'item', p_item))
          from data.rule r where r.code = 'GT036');
    end if;
    return data.refused('case__accept', sqlstate, sqlerrm, v_en, v_field, v_constraint,
        jsonb_build_object('window', p_window, 'item', p_item, 'version', p_item_version, 'materials', p_materials));
end
$$;
comment on function api.case__accept
    is 'accept an application at a window: case, materials, fees, event and receipt in one transaction (licensing '
        'law art. 32)';
grant execute on function api.case__accept to guitai_staff;

reset role;
revoke create on schema data, api from guitai_api;
