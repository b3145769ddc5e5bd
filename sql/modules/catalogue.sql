-- Reading the catalogue: what can be accepted today, and one item in full.

grant create on schema data, api to guitai_api;
set role guitai_api;

create or replace function data.item_effective(p_division text, p_day date) returns setof data.item_version
    language sql stable rows 60 as $$
    select v.*
      from data.item i
      cross join lateral (select iv.* from data.item_version iv
                           where iv.division = i.division and iv.item = i.code and iv.effective_from <= p_day
                           order by iv.version desc limit 1) v
     where i.division = p_division
$$;
comment on function data.item_effective is 'the version of each item of a division in force on a day';
grant execute on function data.item_effective to guitai_keeper;

create or replace function api.item__choose()
    returns table (code text, name text, initials text, department_name text, class text, class_zh text, class_en text,
    promise_days integer, statute_days integer, service_object text, ends_on date)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
    -- an item that ended stays for a year, with its day: choosing it shows the document that ended it
    return query
    select v.item, v.name, v.initials, d.name, v.class, k.zh, k.en, v.promise_days, v.statute_days, v.service_object,
           e.ended_on
      from data.caller c
      cross join lateral data.item_effective(c.division, data.today()) v
      join data.department d on d.id = v.department
      join data.handling_class k on k.code = v.class
      left join data.item_end e on e.division = v.division and e.item = v.item
     where exists (select 1 from data.caller_post p
                    where p.duty = 'accept' and (p.department is null or p.department = v.department))
       and (e.ended_on is null or e.ended_on > data.today() - 366)
     order by v.item;
end
$$;
comment on function api.item__choose is 'items that the caller may accept today, for search at the keyboard';
grant execute on function api.item__choose to guitai_staff;

create or replace function data.kind_zh(p_kind text) returns text language sql immutable as $$
    select case p_kind when 'permit' then '许可' when 'approval' then '审批' when 'filing' then '备案'
                       when 'service' then '服务' when 'inspection' then '年检' else p_kind end
$$;
comment on function data.kind_zh is 'label of an item''s kind';

create or replace function api.item__list(p_search text, p_after text, p_limit integer)
    returns table (key text, code text, name text, initials text, department_name text, class_zh text, class_en text,
    kind_zh text, kind_en text, promise_days integer, statute_days integer, version integer, ended_on date)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
    return query
    select v.item, v.item, v.name, v.initials, d.name, k.zh, k.en, data.kind_zh(v.kind), v.kind, v.promise_days,
           v.statute_days, v.version, e.ended_on
      from data.caller c
      cross join lateral data.item_effective(c.division, data.today()) v
      join data.department d on d.id = v.department
      join data.handling_class k on k.code = v.class
      left join data.item_end e on e.division = v.division and e.item = v.item
     where (coalesce(p_search, '') = '' or position(p_search in v.name) > 0 or starts_with(v.item, p_search)
            or starts_with(v.initials, lower(p_search)) or position(p_search in d.name) > 0)
       and (p_after is null or v.item > p_after)
     order by v.item
     limit data.page(p_limit);
end
$$;
comment on function api.item__list is 'the catalogue of the caller''s division, by code';
grant execute on function api.item__list to guitai_staff;

create or replace function data.power_in_force(p_division text, p_department integer, p_item text, p_duty text,
    p_today date) returns boolean language plpgsql stable as $$
begin
    -- a person in office with that duty, in his own right or for somebody who has it (the same as data.case_steps asks)
    return exists (
        select 1 from data.authorisation z join data.staff s on s.id = z.staff
         where z.department = p_department and z.duty = p_duty and (z.item is null or z.item = p_item)
           and p_today between z.valid_from and z.valid_to
           and s.division = p_division and s.valid_from <= p_today and (s.valid_to is null or s.valid_to >= p_today)
           and exists (select 1 from data.post p
                        where p.staff = z.staff and p.duty = p_duty
                          and (p.department is null or p.department = p_department)
                          and p.valid_from <= p_today and (p.valid_to is null or p.valid_to >= p_today))
           and (z.substitute_for is null or exists (
                select 1 from data.authorisation o join data.staff h on h.id = o.staff
                 where h.valid_from <= p_today and (h.valid_to is null or h.valid_to >= p_today)
                   and o.staff = z.substitute_for and o.duty = p_duty and o.department = p_department
                   and o.substitute_for is null and (o.item is null or o.item = p_item)
                   and p_today between o.valid_from and o.valid_to)));
end
$$;
comment on function data.power_in_force
    is 'whether somebody holds a written power today to verify or sign an item of a department';

create or replace function api.item__unauthorised(p_search text, p_after text, p_limit integer)
    returns table (key text, code text, name text, department_name text, lacking_zh text, lacking_en text, ended_on date,
    class_zh text, class_en text)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_me    data.caller := data.whoami();
    v_today date := data.today();
    v_all   boolean := exists (select 1 from data.caller_post p
                                where p.duty in ('supervise', 'catalogue', 'admin')
                                   or p.department is null and p.duty in ('verify', 'sign'));
    v_mine  integer[] := array(select p.department from data.caller_post p
                                where p.duty in ('verify', 'sign') and p.department is not null);
    v_text  text := nullif(btrim(left(p_search, 60)), '');
begin
    return query
    select v.item, v.item, v.name, v.department_name, x.zh, x.en,
           (select max(a.valid_to) from data.authorisation a
             where a.department = v.department and a.duty = any (x.duties) and (a.item is null or a.item = v.item)
               and a.valid_to < v_today),
           v.class_name, k.en
      from data.item_effective(v_me.division, v_today) v
      join data.handling_class k on k.code = v.class
      cross join lateral (
            select string_agg(y.zh, ' ' order by y.sort) as zh, string_agg(y.en, ', ' order by y.sort) as en,
                   array_agg(y.code) as duties
              from data.duty y
             where exists (select 1 from data.step t
                            where t.process = v.process and t.duty = y.code and t.needs_authorisation and not t.only_ended)
               and not data.power_in_force(v.division, v.department, v.item, y.code, v_today)) x
     where x.duties is not null and (v_all or v.department = any (v_mine)) and (p_after is null or v.item > p_after)
       and not exists (select 1 from data.item_end e
                        where e.division = v.division and e.item = v.item and e.ended_on <= v_today)
       and (v_text is null or position(v_text in v.name) > 0 or starts_with(v.item, v_text)
            or starts_with(v.initials, lower(v_text)) or position(v_text in v.department_name) > 0)
     order by v.item
     limit data.page(p_limit);
end
$$;
comment on function api.item__unauthorised
    is 'items in force that nobody may verify, or sign, today (授权不到位), and when the last power ended: all of the '
        'division for supervision, catalogue and administration, for who verifies or signs those of his departments';
grant execute on function api.item__unauthorised to guitai_staff;

create or replace function data.materials_of(p_version data.item_version) returns jsonb language plpgsql stable as $$
begin
    return (
    select coalesce(jsonb_agg(jsonb_build_object('no', m.no, 'name', m.name, 'form', m.form, 'form_en', m.form,
               'form_zh', case m.form when 'original' then '原件' when 'copy' then '复印件' when 'check' then '核验'
                   else '电子' end,
               'copies', m.copies, 'mandatory', m.mandatory, 'source', m.source) order by m.no), '[]')
      from data.item_material m
     where m.division = p_version.division and m.item = p_version.item and m.version = p_version.version);
end
$$;
comment on function data.materials_of is 'material lines of an item version';

create or replace function data.fees_of(p_division text, p_item text, p_version integer) returns jsonb
    language plpgsql stable as $$
begin
    return (
    select coalesce(jsonb_agg(jsonb_build_object('no', f.no, 'name', f.name, 'amount_cents', f.amount_cents,
               'amount', to_char(f.amount_cents / 100.0, 'FM999999999990.00'), 'unit', f.unit, 'basis', f.basis)
               order by f.no), '[]')
      from data.item_fee f
     where f.division = p_division and f.item = p_item and f.version = p_version);
end
$$;
comment on function data.fees_of is 'fee lines of an item version';

create or replace function data.bases_of(p_version data.item_version) returns jsonb language plpgsql stable as $$
begin
    return (
    select coalesce(jsonb_agg(jsonb_build_object('no', b.no, 'law', l.law, 'article', l.article, 'text', l.text)
               order by b.no), '[]')
      from data.item_basis b join data.legal_basis l on l.id = b.legal_basis
     where b.division = p_version.division and b.item = p_version.item and b.version = p_version.version);
end
$$;
comment on function data.bases_of is 'legal bases of an item version';

create or replace function data.item_json(p_version data.item_version) returns jsonb language plpgsql stable as $$
begin
    return (
    select jsonb_build_object('code', p_version.item, 'name', p_version.name, 'version', p_version.version,
        'initials', p_version.initials, 'department', d.code, 'department_name', d.name,
        'kind', p_version.kind, 'kind_zh', data.kind_zh(p_version.kind), 'kind_en', p_version.kind,
        'class', p_version.class, 'class_zh', k.zh, 'class_en', k.en, 'process', k.process, 'level', p_version.level,
        'service_object', p_version.service_object, 'service_object_en', p_version.service_object,
        'service_object_zh', case p_version.service_object when 'person' then '自然人' when 'org' then '法人或其他组织'
            else '自然人、法人或其他组织' end,
        'conditions', p_version.conditions, 'way', p_version.way, 'authority', p_version.authority,
        'procedure', p_version.procedure, 'statute_days', p_version.statute_days, 'promise_days', p_version.promise_days,
        'result_document', p_version.result_document, 'responsible', p_version.responsible, 'phone', p_version.phone,
        'place', p_version.place, 'free', p_version.free, 'repeatable', p_version.repeatable,
        'effective_from', to_char(p_version.effective_from, 'YYYY-MM-DD'),
        'published_at', data.hall_text(p_version.published_at), 'fields', p_version.fields,
        'materials', data.materials_of(p_version),
        'fees', data.fees_of(p_version.division, p_version.item, p_version.version), 'bases', data.bases_of(p_version))
      from data.department d, data.handling_class k
     where d.id = p_version.department and k.code = p_version.class);
end
$$;
comment on function data.item_json is 'an item version with all its elements';

create or replace function data.steps_json(p_process text) returns jsonb language plpgsql stable as $$
begin
    return (
    select coalesce(jsonb_agg(jsonb_build_object('from', t.from_state, 'action', t.action, 'to', t.to_state,
               'from_zh', f.zh, 'from_en', f.en, 'to_zh', o.zh, 'to_en', o.en, 'zh', t.zh, 'en', t.en, 'key', t.key,
               'duty', t.duty, 'duty_zh', y.zh, 'duty_en', y.en, 'stage', t.stage, 'decision', t.decision,
               'result', t.result, 'opinion_required', t.opinion_required, 'document', t.document)
               order by t.sort, t.from_state), '[]')
      from data.step t
      join data.state f on f.code = t.from_state
      join data.state o on o.code = t.to_state
      join data.duty y on y.code = t.duty
     where t.process = p_process);
end
$$;
comment on function data.steps_json is 'the step table of a process';

create or replace function api.item__show(p_item text, p_version integer default null) returns jsonb
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_me      data.caller := data.whoami();
    v_today   date := data.today();
    v_version data.item_version;
    v_end     data.item_end;
    v_answer  jsonb;
    v_promise date;
    v_statute date;
    v_unsure  boolean;
    v_hall    data.division;
begin
    select * into v_hall from data.division d where d.code = v_me.division;
    select * into v_version from data.item_version v
     where v.division = v_me.division and v.item = p_item
       and (v.version = p_version or (p_version is null and v.effective_from <= v_today))
     order by v.version desc limit 1;
    if not found then
        if exists (select 1 from data.item_version v where v.division = v_me.division and v.item = p_item) then
            perform data.refuse('GT023', null, p_item);
        end if;
        perform data.refuse('GT020', null, coalesce(p_item, ''));
    end if;
    select * into v_end from data.item_end e where e.division = v_me.division and e.item = p_item;
    select d.due into v_promise from data.due(v_today, v_version.promise_days) d;
    select d.due, d.provisional into v_statute, v_unsure from data.due(v_today, v_version.statute_days) d;
    v_answer := data.item_json(v_version);
    return v_answer || jsonb_build_object('steps', data.steps_json(v_answer ->> 'process'),
        'promise_due', to_char(v_promise, 'YYYY-MM-DD'), 'statute_due', to_char(v_statute, 'YYYY-MM-DD'),
        'due_provisional', v_unsure, 'hall', v_hall.hall_name, 'hall_phone', v_hall.phone,
        'ended', case when v_end.item is not null then jsonb_build_object('on', to_char(v_end.ended_on, 'YYYY-MM-DD'),
            'document', v_end.document_no, 'rule', v_end.rule, 'note', v_end.note) end,
        'stopped', case when v_end.ended_on <= v_today then jsonb_build_object('on', to_char(v_end.ended_on, 'YYYY-MM-DD'),
            'document', v_end.document_no) end);
end
$$;
comment on function api.item__show
    is 'an item in force (or version p_version) with materials, fees, bases, fields, steps, and its limits if '
        'accepted today';
grant execute on function api.item__show to guitai_staff;

create or replace function data.chart_json(p_process text) returns jsonb language plpgsql stable as $$
begin
    return (
    select jsonb_build_object('process', p.code, 'zh', p.zh, 'en', p.en,
        'nodes', (select jsonb_agg(jsonb_build_object('id', s.code, 'zh', s.zh, 'en', s.en, 'closed', s.closed)
                             order by s.sort)
                    from data.state s
                   where exists (select 1 from data.step t
                                  where t.process = p.code and not t.only_ended and s.code in (t.from_state, t.to_state))),
        'edges', (select jsonb_agg(jsonb_build_object('from', t.from_state, 'to', t.to_state, 'action', t.action,
                             'zh', t.zh, 'en', t.en, 'duty', t.duty, 'duty_zh', y.zh, 'duty_en', y.en, 'stage', t.stage)
                             order by t.sort)
                    from data.step t join data.duty y on y.code = t.duty
                   where t.process = p.code and not t.only_ended))
      from data.process p
     where p.code = p_process);
end
$$;
comment on function data.chart_json is 'nodes and edges of a process, from the step table';

create or replace function api.process__chart(p_process text) returns jsonb language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp as $$
begin
    return (select data.chart_json(p_process) from data.caller);
end
$$;
comment on function api.process__chart is 'nodes and edges of a process, from the step table';
grant execute on function api.process__chart to guitai_staff;

reset role;
revoke create on schema data, api from guitai_api;
