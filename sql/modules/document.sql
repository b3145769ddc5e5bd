-- The data of documents: what forms/documents/*.json may name. A document is made from the item version of its case.

grant create on schema data, api to guitai_api;
set role guitai_api;

-- The common keys of a document: one expression, inlined where it is called. The keys stand in jsonb's own order (by
-- length, then bytes), which spares the sort.
create or replace function data.receipt_json(p_division text, p_hall text, p_hall_phone text, p_hall_address text,
    p_window text, p_window_name text, p_place text, p_phone text, p_clerk text, p_department text, p_full_name text,
    p_kind text, p_item_name text, p_item text, p_version integer, p_class text, p_result text, p_promise integer,
    p_statute integer, p_number text, p_query text, p_applicant_kind text, p_name text, p_id_kind text,
    p_id_number text, p_applicant_phone text, p_agent text, p_at text, p_promise_due text, p_statute_due text,
    p_unsure boolean, p_materials jsonb, p_fees jsonb, p_copy integer, p_mark text) returns jsonb
    language sql stable as $$
    select jsonb_build_object('qr', p_number || ' ' || p_query, 'fees', p_fees, 'hall', p_hall, 'item', p_item_name,
        'kind', p_kind, 'mark', p_mark, 'agent', p_agent, 'class', p_class, 'clerk', p_clerk, 'phone', p_phone,
        'place', p_place, 'number', p_number, 'window', p_window, 'copy_no', p_copy, 'division', p_division,
        'applicant', p_name, 'id_number', data.mask_number(p_id_number), 'item_code', p_item, 'materials', p_materials,
        'department', p_department, 'hall_phone', p_hall_phone,
        'id_kind_zh', case p_id_kind when 'citizen' then '居民身份证' when 'credit' then '统一社会信用代码'
            when 'passport' then '护照' else '其他证件' end,
        'query_code', p_query, 'accepted_at', p_at, 'promise_due', p_promise_due,
        'provisional', case when p_unsure then '暂定' else '' end, 'statute_due', p_statute_due,
        'window_name', p_window_name, 'hall_address', p_hall_address, 'item_version', p_version,
        'promise_days', p_promise, 'statute_days', p_statute, 'applicant_kind', p_applicant_kind,
        'applicant_phone', data.mask_phone(p_applicant_phone), 'department_full', p_full_name,
        'due_provisional', p_unsure, 'result_document', p_result,
        'applicant_masked', data.mask_name(p_applicant_kind, p_name))
$$;
comment on function data.receipt_json is 'keys that every document of a case has; identity number and telephone masked';

create or replace function data.case_materials_json(p_case bigint) returns jsonb language plpgsql stable as $$
begin
    return (
    select coalesce(jsonb_agg(jsonb_build_object('no', m.no, 'name', i.name, 'form', i.form, 'mandatory', i.mandatory,
               'state', m.state, 'state_zh', data.material_state_zh(m.state), 'state_en', data.material_state_en(m.state),
               'copies', m.copies) order by m.no), '[]')
      from data.case_material m
      join data.item_material i
        on i.division = m.division and i.item = m.item and i.version = m.item_version and i.no = m.no
     where m.case_id = p_case);
end
$$;
comment on function data.case_materials_json is 'materials of a case';

create or replace function data.receipt_materials_json(p_set bigint) returns jsonb language plpgsql stable as $$
begin
    return (
    select coalesce(jsonb_agg(jsonb_object(array['no', 'name', 'state', 'state_zh', 'copies'],
               array[l.no::text, i.name, l.state, data.material_state_zh(l.state), l.copies::text]) order by l.no), '[]')
      from data.material_line l
      join data.item_material i
        on i.division = l.division and i.item = l.item and i.version = l.item_version and i.no = l.no
     where l.material_set = p_set);
end
$$;
comment on function data.receipt_materials_json
    is 'materials of a case, by its set, as documents print them, all values text: whoever asks has read the case '
        'already';

create or replace function data.case_fees_json(p_case bigint) returns jsonb language plpgsql stable as $$
begin
    return (
    select coalesce(jsonb_agg(jsonb_build_object('no', c.no, 'name', i.name, 'amount_cents', c.amount_cents,
               'amount', to_char(c.amount_cents / 100.0, 'FM999999999990.00'), 'unit', i.unit, 'basis', i.basis)
               order by c.no), '[]')
      from data.case_fee c
      join data.item_fee i on i.division = c.division and i.item = c.item and i.version = c.item_version and i.no = c.no
     where c.case_id = p_case);
end
$$;
comment on function data.case_fees_json is 'fees due for a case';

create or replace function data.case_decisions_json(p_case bigint) returns jsonb language plpgsql stable as $$
begin
    return (
    select coalesce(jsonb_agg(jsonb_build_object('round', d.round, 'kind', d.kind, 'kind_en', d.kind,
               'kind_zh', case d.kind when 'review' then '审查' when 'verify' then '核准' else '签批' end,
               'result', d.result, 'result_en', d.result,
               'result_zh', case d.result when 'grant' then '同意' when 'refuse' then '不同意' else '退回' end,
               'opinion', d.opinion, 'staff_name', d.staff_name, 'on_behalf_of', o.name,
               'authorisation', a.document_no, 'credential_number', d.credential_number, 'window', d.window_code,
               'at', data.hall_text(d.at))
               order by d.round, array_position(array['review', 'verify', 'sign'], d.kind)), '[]')
      from data.decision d
      left join data.staff o on o.id = d.on_behalf_of
      left join data.authorisation a on a.id = d.authorisation
     where d.case_id = p_case);
end
$$;
comment on function data.case_decisions_json is 'decisions of a case; a substitute''s names both persons';

create or replace function data.case_stages_json(p_case bigint) returns jsonb language plpgsql stable as $$
begin
    -- the six steps of the window (接件 审查 签批 制证 盖章 发证), each by its last event
    return (
    select jsonb_agg(jsonb_build_object('no', g.no, 'stage', g.stage, 'zh', g.zh, 'en', g.en, 'done', e.seq is not null,
               'at', coalesce(data.hall_text(e.at), ''), 'on', coalesce(to_char(data.hall_day(e.at), 'YYYY-MM-DD'), ''),
               'person', coalesce(e.staff_name, ''), 'window', coalesce(e.window_code, ''),
               'place', coalesce(e.place, '')) order by g.no)
      from (values (1, 'receive', '接件', 'receive'), (2, 'review', '审查', 'review'), (3, 'sign', '签批', 'sign'),
                   (4, 'make', '制证', 'make'), (5, 'seal', '盖章', 'seal'),
                   (6, 'issue', '发证', 'issue')) as g(no, stage, zh, en)
      left join lateral (select v.seq, v.at, v.staff_name, v.window_code, v.place from audit.case_event v
                          where v.case_id = p_case and v.stage = g.stage order by v.seq desc limit 1) e on true);
end
$$;
comment on function data.case_stages_json is 'the six dated steps of a case';

create or replace function data.document_ready(p_case data.case_file, p_document text) returns boolean
    language plpgsql stable as $$
begin
    return (
    select case p_document
        when 'receipt' then p_case.accepted_by is not null -- a case from another hall got its receipt there
        when 'steps' then true
        when 'chart' then true
        when 'decision_grant' then p_case.result = 'grant'
        when 'decision_refuse' then p_case.result = 'refuse'
        else false end is true);
end
$$;
comment on function data.document_ready is 'whether a case has come to the point where a document may be given';

create or replace function data.upper_keys(p_case data.case_file) returns jsonb language plpgsql stable as $$
begin
    -- in a list of {} or one: a document of a case decided here stays as it is
    return (
    select coalesce((select jsonb_build_object('department_full', u.department_name, 'review_opinion', u.review_opinion,
               'reviewer', u.reviewer, 'opinion', u.opinion, 'decider', u.decider, 'on_behalf_of', coalesce(u.on_behalf_of, ''),
               'decider_credential', coalesce(u.credential, ''), 'reconsider_body', u.reconsider_body, 'bases', u.bases,
               'decided_at', data.hall_text(u.decided_at), 'decided_on', to_char(data.hall_day(u.decided_at), 'YYYY-MM-DD'))
          from data.upper_decision u
         where u.case_id = p_case.id and u.round = p_case.round and u.result = p_case.result), '{}'));
end
$$;
comment on function data.upper_keys
    is 'keys of a decision that the hall above took: it is that hall''s document, handed over here; {} for our own';

create or replace function data.document_json(p_case data.case_file, p_document text, p_copy integer) returns jsonb
    language plpgsql stable as $$
declare
    v_version data.item_version;
    v_answer  jsonb;
    v_label   text;
begin
    if not data.document_ready(p_case, p_document) then
        select d.zh || '|' || d.en into v_label from data.document d where d.code = p_document;
        if found then
            perform data.refuse('GT044', null, v_label);
        end if;
        perform data.refuse('GT047', null, coalesce(p_document, ''),
            (select string_agg(d.code || ' ' || d.zh, ', ' order by d.sort) || '|'
                    || string_agg(d.code || ' (' || d.en || ')', ', ' order by d.sort) from data.document d));
    end if;
    select * into v_version from data.item_version v
     where v.division = p_case.division and v.item = p_case.item and v.version = p_case.item_version;
    select data.receipt_json(v.name, v.hall_name, v.phone, v.address, coalesce(w.code, ''), coalesce(w.name, ''),
               coalesce(w.place, v_version.place, ''), coalesce(w.phone, v_version.phone, v.phone), coalesce(s.name, ''),
               v_version.department_name, v_version.full_name, v_version.kind, v_version.name, v_version.item,
               v_version.version, v_version.class_name, v_version.result_document, p_case.promise_days,
               p_case.statute_days, p_case.number, p_case.query_code, p_case.applicant_kind, p_case.name,
               p_case.id_kind, p_case.id_number, p_case.phone, p_case.agent_name, data.hall_text(p_case.accepted_at),
               to_char(p_case.promise_due, 'YYYY-MM-DD'), to_char(p_case.statute_due, 'YYYY-MM-DD'),
               p_case.due_provisional, data.receipt_materials_json(p_case.material_set),
               case when v_version.free then '[]' else data.case_fees_json(p_case.id) end,
               p_copy, case when p_copy > 1 then format('补打第%s次', p_copy - 1) end)
      into v_answer
      from data.division v
      left join data.counter_window w on w.division = p_case.division and w.code = p_case.window_code
      left join data.staff s on s.id = p_case.accepted_by
     where v.code = p_case.division;
    if p_document in ('decision_grant', 'decision_refuse', 'steps') then
        v_answer := v_answer || data.decision_keys(p_case) || data.upper_keys(p_case);
    end if;
    if p_document in ('steps', 'chart') then
        v_answer := v_answer || jsonb_build_object('stages', data.case_stages_json(p_case.id), 'process', p_case.process,
            'state', p_case.state, 'state_zh', (select s.zh from data.state s where s.code = p_case.state),
            'steps', data.steps_json(p_case.process), 'chart', data.chart_json(p_case.process));
    end if;
    return v_answer;
end
$$;
comment on function data.document_json
    is 'data of a document of a case; GT044 before its step, GT047 for one that does not exist';

create or replace function data.decision_keys(p_case data.case_file) returns jsonb language plpgsql stable as $$
begin
    return (
    select jsonb_build_object('decisions', data.case_decisions_json(p_case.id), 'result', p_case.result,
        'result_zh', case p_case.result when 'grant' then '准予' when 'refuse' then '不予' when 'terminate' then '终止'
            else '' end,
        'decided_at', coalesce(data.hall_text(p_case.decided_at), ''),
        'decided_on', coalesce(to_char(data.hall_day(p_case.decided_at), 'YYYY-MM-DD'), ''),
        'review_opinion', coalesce(r.opinion, ''), 'reviewer', coalesce(r.staff_name, ''),
        'opinion', coalesce(z.opinion, ''), 'decider', coalesce(z.staff_name, ''), 'on_behalf_of', coalesce(o.name, ''),
        'decider_credential', coalesce(z.credential_number, ''),
        'reconsider_body', (select coalesce(p.reconsider, v.government, v.name || '人民政府')
                              from data.department p join data.division v on v.code = p.division
                             where p.id = p_case.department),
        'bases', (select coalesce(jsonb_agg(jsonb_build_object('law', l.law, 'article', l.article, 'text', l.text)
                             order by b.no), '[]')
                    from data.item_basis b join data.legal_basis l on l.id = b.legal_basis
                   where b.division = p_case.division and b.item = p_case.item and b.version = p_case.item_version),
        'remedy', '如不服本决定, 可自知道之日起六十日内依法申请行政复议, 或者六个月内依法提起行政诉讼。')
      from (select 1) one
      left join data.decision r on r.case_id = p_case.id and r.round = p_case.round and r.kind = 'review'
      left join lateral (select d.* from data.decision d
                          where d.case_id = p_case.id and d.round = p_case.round and d.kind <> 'review'
                          order by d.at desc limit 1) z on true
      left join data.staff o on o.id = z.on_behalf_of);
end
$$;
comment on function data.decision_keys
    is 'keys of a decision: result, opinions, persons, bases, remedy (reconsideration law art. 20, procedure law '
        'art. 46)';

reset role;
revoke create on schema data, api from guitai_api;
