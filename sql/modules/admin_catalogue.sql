-- Publishing items: each publication is a new version that never changes.

grant create on schema data, api_admin to guitai_keeper;
set role guitai_keeper;

create or replace function data.item_check(p_item jsonb) returns void language plpgsql stable as $$
declare
    v_key text;
    v_zh  text;
begin
    perform data.shape(p_item, 'item', '',
        '{"code":"line","name":"line","initials":"line","department":"line","kind":"line",
        "class":"line","level":"line","service_object":"line","conditions":"text","way":"text","authority":"text",
        "procedure":"text","statute_days":"count","promise_days":"count","result_document":"line","responsible":"line",
        "phone":"line","place":"line","effective_from":"line","repeatable":"flag",
        "materials":[{"no":"count","name":"line","form":"line","copies":"count","mandatory":"flag","source":"line"}],
        "fees":[{"no":"count","name":"line","amount":"line","unit":"line","basis":"text"}],
        "bases":[{"law":"line","article":"line","text":"text"}],
        "fields":[{"id":"line","label":"label","kind":"line","mandatory":"flag","upper":"flag","length":["count"],
            "script":"line","default":"text","choices":[{"code":"line","zh":"line","en":"line","initials":"line"}],
            "show_when":{"field":"line","is":["line"],"not":["line"]},
            "help":"label","law":"line","examples":"line"}]}');
    -- the elements that a catalogue entry must have; one refusal names the first that lacks
    for v_key, v_zh in values ('code', '编码'), ('name', '名称'), ('department', '实施机关'), ('kind', '事项类型'),
        ('class', '办理类别'), ('level', '行使层级'), ('service_object', '服务对象'), ('conditions', '申请条件'),
        ('way', '办理方式'), ('authority', '审批权限'), ('procedure', '办理程序'), ('result_document', '结果名称'),
        ('responsible', '责任人'), ('phone', '咨询电话'), ('place', '办理地点'), ('effective_from', '生效日期') loop
        if coalesce(btrim(p_item ->> v_key), '') = '' then
            perform data.refuse('GT060', v_key, v_zh || '|' || v_key);
        end if;
    end loop;
    for v_key, v_zh in values ('materials', '申请材料'), ('bases', '法定依据'), ('fees', '收费项目') loop
        if jsonb_typeof(p_item -> v_key) is distinct from 'array' then
            perform data.refuse('GT060', v_key, v_zh || '|' || v_key);
        elsif v_key <> 'fees' and jsonb_array_length(p_item -> v_key) = 0 then
            perform data.refuse('GT060', v_key, v_zh || '|' || v_key);
        end if;
    end loop;
    if p_item ->> 'code' !~ '^[0-9A-Za-z][0-9A-Za-z.-]{0,32}$' then
        perform data.refuse('GT064', 'code', '编码|code', p_item ->> 'code');
    elsif p_item ->> 'kind' not in ('permit', 'approval', 'filing', 'service', 'inspection') then
        perform data.refuse('GT064', 'kind', '事项类型|kind', p_item ->> 'kind');
    elsif p_item ->> 'service_object' not in ('person', 'org', 'both') then
        perform data.refuse('GT064', 'service_object', '服务对象|service_object', p_item ->> 'service_object');
    elsif not exists (select 1 from data.handling_class k where k.code = p_item ->> 'class') then
        perform data.refuse('GT064', 'class', '办理类别|class', p_item ->> 'class');
    elsif coalesce(p_item ->> 'statute_days', '0') !~ '^[0-9]{1,3}$'
        or coalesce(p_item ->> 'statute_days', '0')::integer > 400 then
        perform data.refuse('GT064', 'statute_days', '法定时限|statute_days', p_item ->> 'statute_days');
    elsif coalesce(p_item ->> 'promise_days', '0') !~ '^[0-9]{1,3}$'
        or coalesce(p_item ->> 'promise_days', '0')::integer > 400 then
        perform data.refuse('GT064', 'promise_days', '承诺时限|promise_days', p_item ->> 'promise_days');
    end if;
    select coalesce(f ->> 'id', '') into v_key
      from jsonb_array_elements(coalesce(nullif(p_item -> 'fields', 'null'), '[]')) f
     where coalesce(f ->> 'id', '') !~ '^[a-z][a-z0-9_]{0,39}$'
        or coalesce(f ->> 'kind', 'text') not in ('text', 'multiline', 'number', 'money', 'date', 'yesno', 'choice', 'phone',
            'citizen', 'credit', 'readonly') limit 1;
    if found then
        perform data.refuse('GT064', 'fields', '填写项|fields', v_key);
    end if;
end
$$;
comment on function data.item_check is 'raise the first element of an item that is empty or wrong';

create or replace function data.item_lines(p_division text, p_code text, p_version integer, p_item jsonb) returns void
    language plpgsql volatile as $$
declare
    v_one   jsonb;
    v_basis integer;
    v_no    bigint;
begin
    for v_one, v_no in select e.value, e.ordinality
                         from jsonb_array_elements(p_item -> 'materials') with ordinality e loop
        if coalesce(btrim(v_one ->> 'name'), '') = '' or coalesce(v_one ->> 'no', v_no::text) !~ '^[1-9][0-9]?$'
           or coalesce(v_one ->> 'form', 'original') not in ('original', 'copy', 'check', 'electronic')
           or coalesce(v_one ->> 'copies', '1') !~ '^[0-9]{1,2}$'
           or jsonb_typeof(coalesce(v_one -> 'mandatory', 'true')) <> 'boolean' then
            perform data.refuse('GT064', 'materials', '申请材料|materials', format('materials[%s]', v_no - 1));
        end if;
        insert into data.item_material (division, item, version, no, name, form, copies, mandatory, source)
        values (p_division, p_code, p_version, coalesce(v_one ->> 'no', v_no::text)::smallint, btrim(v_one ->> 'name'),
                coalesce(v_one ->> 'form', 'original'), coalesce(v_one ->> 'copies', '1')::smallint,
                coalesce((v_one ->> 'mandatory')::boolean, true), v_one ->> 'source');
    end loop;
    for v_one, v_no in select e.value, e.ordinality from jsonb_array_elements(p_item -> 'fees') with ordinality e loop
        if coalesce(btrim(v_one ->> 'basis'), '') = '' then
            perform data.refuse('GT065', null, coalesce(v_one ->> 'name', ''));
        elsif coalesce(btrim(v_one ->> 'name'), '') = ''
            or coalesce(v_one ->> 'amount', '') !~ '^[0-9]{1,9}([.][0-9]{1,2})?$'
            or coalesce(v_one ->> 'no', v_no::text) !~ '^[1-9][0-9]?$' then
            perform data.refuse('GT064', 'fees', '收费项目|fees', format('fees[%s]', v_no - 1));
        end if;
        insert into data.item_fee (division, item, version, no, name, amount_cents, unit, basis)
        values (p_division, p_code, p_version, coalesce(v_one ->> 'no', v_no::text)::smallint, btrim(v_one ->> 'name'),
                ((v_one ->> 'amount')::numeric * 100)::bigint, v_one ->> 'unit', btrim(v_one ->> 'basis'));
    end loop;
    for v_one, v_no in select e.value, e.ordinality from jsonb_array_elements(p_item -> 'bases') with ordinality e loop
        if coalesce(btrim(v_one ->> 'law'), '') = '' or coalesce(btrim(v_one ->> 'article'), '') = '' then
            perform data.refuse('GT060', 'bases', '法定依据(法律和条款)|bases (law and article)');
        end if;
        insert into data.legal_basis (law, article, text)
        values (btrim(v_one ->> 'law'), btrim(v_one ->> 'article'), coalesce(v_one ->> 'text', ''))
        on conflict on constraint legal_basis_text do nothing;
        select b.id into v_basis from data.legal_basis b
         where b.law = btrim(v_one ->> 'law') and b.article = btrim(v_one ->> 'article')
             and b.text = coalesce(v_one ->> 'text', '');
        insert into data.item_basis (division, item, version, no, legal_basis)
            values (p_division, p_code, p_version, v_no, v_basis);
    end loop;
end
$$;
comment on function data.item_lines is 'materials, fees and bases of a version';

create or replace function data.item_fields(p_division text, p_code text, p_version integer, p_fields jsonb)
    returns void language plpgsql volatile as $$
begin
    insert into data.item_field (division, item, version, no, id, label, kind, mandatory, most, choices, show_field,
        show_is, show_not)
    select p_division, p_code, p_version, f.no, f.field ->> 'id',
           coalesce(f.field #>> '{label,zh}', f.field ->> 'label', f.field ->> 'id') || '|'
               || coalesce(f.field #>> '{label,en}', ''),
           coalesce(f.field ->> 'kind', 'text'),
           coalesce((f.field ->> 'mandatory')::boolean, false) and f.field ->> 'kind' is distinct from 'readonly',
           coalesce((f.field #>> '{length,1}')::integer, 2000),
           array(select c ->> 'code' from jsonb_array_elements(coalesce(nullif(f.field -> 'choices', 'null'), '[]')) c),
           f.field #>> '{show_when,field}',
           (select array_agg(t) from jsonb_array_elements_text(nullif(f.field #> '{show_when,is}', 'null')) t),
           (select array_agg(t) from jsonb_array_elements_text(nullif(f.field #> '{show_when,not}', 'null')) t)
      from jsonb_array_elements(coalesce(nullif(p_fields, 'null'), '[]')) with ordinality f(field, no);
end
$$;
comment on function data.item_fields is 'the item''s own fields of a version, taken apart';

create or replace function data.item_publish(p_division text, p_item jsonb) returns integer
    language plpgsql volatile as $$
declare
    v_code    text := p_item ->> 'code';
    v_class   data.handling_class;
    v_last    data.item_version;
    v_promise integer;
    v_statute integer;
    v_from    date;
    v_names   record;
begin
    perform data.item_check(p_item);
    select * into strict v_class from data.handling_class k where k.code = p_item ->> 'class';
    v_statute := coalesce((p_item ->> 'statute_days')::integer, v_class.default_statute_days);
    v_promise := coalesce((p_item ->> 'promise_days')::integer, least(v_class.default_promise_days, v_statute));
    if v_promise > v_statute then
        perform data.refuse('GT061', null, v_promise::text, v_statute::text);
    end if;
    v_from := data.day_of(p_item ->> 'effective_from', '生效日期|effective_from', null);
    select d.id, d.name, d.full_name, v.name as division into v_names
      from data.department d join data.division v on v.code = d.division
     where d.id = data.department_id(p_division, p_item ->> 'department');
    insert into data.item (division, code) values (p_division, v_code) on conflict do nothing;
    -- two publications at once would both become version n+1
    perform pg_advisory_xact_lock(7318, hashtext(p_division || v_code));
    if exists (select 1 from data.item_end e where e.division = p_division and e.item = v_code) then
        perform data.refuse('GT066', null, v_code);
    end if;
    select * into v_last from data.item_version v
     where v.division = p_division and v.item = v_code order by v.version desc limit 1;
    if v_from < v_last.effective_from then
        perform data.refuse('GT062', null, to_char(v_from, 'YYYY-MM-DD'), to_char(v_last.effective_from, 'YYYY-MM-DD'));
    end if;
    insert into data.item_version (division, item, version, name, initials, department, kind, class, level,
        service_object, conditions, way, authority, procedure, statute_days, promise_days, result_document, responsible,
        phone, place, free, repeatable, effective_from, fields, field_ids, process, class_name, department_name, full_name)
    values (p_division, v_code, coalesce(v_last.version, 0) + 1, btrim(p_item ->> 'name'),
        lower(coalesce(p_item ->> 'initials', '')), v_names.id, p_item ->> 'kind', p_item ->> 'class',
        p_item ->> 'level', p_item ->> 'service_object', p_item ->> 'conditions', p_item ->> 'way',
        p_item ->> 'authority', p_item ->> 'procedure', v_statute, v_promise, p_item ->> 'result_document',
        p_item ->> 'responsible', p_item ->> 'phone', p_item ->> 'place', jsonb_array_length(p_item -> 'fees') = 0,
        coalesce((p_item ->> 'repeatable')::boolean, false), v_from, coalesce(nullif(p_item -> 'fields', 'null'), '[]'),
        array(select f ->> 'id' from jsonb_array_elements(coalesce(nullif(p_item -> 'fields', 'null'), '[]')) f),
        v_class.process, v_class.zh, v_names.name, coalesce(v_names.full_name, v_names.division || v_names.name));
    perform data.item_lines(p_division, v_code, coalesce(v_last.version, 0) + 1, p_item);
    perform data.item_fields(p_division, v_code, coalesce(v_last.version, 0) + 1, p_item -> 'fields');
    return coalesce(v_last.version, 0) + 1;
end
$$;
comment on function data.item_publish is 'rules and rows of a publication; limits left out come from the class';

create or replace function api_admin.item__publish(p_request uuid, p_division text, p_item jsonb) returns jsonb
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_digest     bytea := sha256(convert_to(row(p_division, p_item)::text, 'UTF8'));
    v_version    integer;
    v_answer     jsonb;
    v_en         text;
    v_field      text;
    v_constraint text;
begin
    v_answer := data.request_seen(p_request, 'item__publish', v_digest);
    if v_answer is null then
        perform data.may_administer(p_division, 'catalogue');
        v_version := data.item_publish(p_division, p_item);
        v_answer := jsonb_build_object('ok', true, 'division', p_division, 'item', p_item ->> 'code', 'version', v_version);
        insert into data.request (id, function, digest, answer) values (p_request, 'item__publish', v_digest, v_answer);
    end if;
    return v_answer;
exception when sqlstate 'GT000' or integrity_constraint_violation then
    get stacked diagnostics v_en = pg_exception_detail, v_field = column_name, v_constraint = constraint_name;
    return data.refused('item__publish', sqlstate, sqlerrm, v_en, v_field, v_constraint,
        jsonb_build_object('division', p_division, 'item', left(p_item ->> 'code', 40)));
end
$$;
comment on function api_admin.item__publish
    is 'publish version n+1 of an item from its authored file; an empty mandatory element is refused by name';
grant execute on function api_admin.item__publish to guitai_admin;

create or replace function api_admin.item__end(p_request uuid, p_division text, p_item text, p_on date, p_document text,
    p_rule text) returns jsonb
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_digest     bytea := sha256(convert_to(
        row(p_division, p_item, extract(epoch from p_on), p_document, p_rule)::text, 'UTF8'));
    v_answer     jsonb;
    v_en         text;
    v_field      text;
    v_constraint text;
begin
    v_answer := data.request_seen(p_request, 'item__end', v_digest);
    if v_answer is null then
        perform data.may_administer(p_division, 'catalogue');
        if not exists (select 1 from data.item i where i.division = p_division and i.code = p_item) then
            perform data.refuse('GT020', null, coalesce(p_item, ''));
        elsif p_on is null then
            perform data.refuse('GT005', 'on', '终止日期|The last day');
        elsif coalesce(btrim(p_document), '') = '' then
            perform data.refuse('GT005', 'document', '取消文号|The ending document');
        elsif p_rule is null or p_rule not in ('finish', 'terminate', 'convert') then
            perform data.refuse('GT007', 'rule', '在办件处理|The rule for open cases', coalesce(p_rule, ''));
        elsif exists (select 1 from data.item_end e where e.division = p_division and e.item = p_item) then
            perform data.refuse('GT066', null, p_item);
        end if;
        perform data.check_day(p_on, 'on', '终止日期|The last day');
        perform data.shape(to_jsonb(p_document), 'document', '', '"line"');
        insert into data.item_end (division, item, ended_on, document_no, rule)
        values (p_division, p_item, p_on, btrim(p_document), p_rule);
        v_answer := jsonb_build_object('ok', true, 'item', p_item, 'ended_on', to_char(p_on, 'YYYY-MM-DD'), 'rule', p_rule,
            'open_cases', (select count(*) from data.case_file f
                            where f.division = p_division and f.item = p_item and f.closed_at is null));
        insert into data.request (id, function, digest, answer) values (p_request, 'item__end', v_digest, v_answer);
    end if;
    return v_answer;
exception when sqlstate 'GT000' or integrity_constraint_violation then
    get stacked diagnostics v_en = pg_exception_detail, v_field = column_name, v_constraint = constraint_name;
    return data.refused('item__end', sqlstate, sqlerrm, v_en, v_field, v_constraint,
        jsonb_build_object('division', p_division, 'item', p_item));
end
$$;
comment on function api_admin.item__end
    is 'cancel an item from a day on, by a document, with the rule for its open cases';
grant execute on function api_admin.item__end to guitai_admin;

create or replace function api_admin.item__open_cases(p_division text, p_item text)
    returns table (number text, name text, state text, state_zh text, state_en text, accepted_at timestamp,
    promise_due date, rule text, rule_zh text, rule_en text, ended_on date)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
    perform data.may_administer(p_division, 'catalogue');
    return query
    select f.number, f.name, f.state, s.zh, s.en, data.hall_time(f.accepted_at)::timestamp, f.promise_due, e.rule,
           case e.rule when 'finish' then '办完为止' when 'terminate' then '终止' when 'convert' then '转办' end, e.rule,
           e.ended_on
      from data.case_file f
      join data.state s on s.code = f.state
      left join data.item_end e on e.division = f.division and e.item = f.item
     where f.division = p_division and f.item = p_item and f.closed_at is null
     order by f.promise_due, f.id;
end
$$;
comment on function api_admin.item__open_cases is 'open cases of an item with the rule that its end declares for them';
grant execute on function api_admin.item__open_cases to guitai_admin;

reset role;
revoke create on schema data, api_admin from guitai_keeper;
