-- Applicants: recognise who came before, check identity numbers and the item's own fields.

grant create on schema data, api to guitai_api;
set role guitai_api;

create or replace function data.applicant_check(p_kind text, p_id_kind text, p_id_number text, p_name text,
    p_phone text, p_address text, p_note text) returns boolean language plpgsql stable as $$
declare
    v_problem text;
begin
    if p_id_kind = 'citizen' then
        v_problem := data.citizen_problem(p_id_number);
    elsif p_id_kind = 'credit' then
        v_problem := data.credit_problem(p_id_number);
    elsif p_id_kind is null or p_id_kind not in ('passport', 'other') then
        perform data.refuse('GT007', 'id_kind', '证件种类|The kind of document', coalesce(p_id_kind, ''));
    elsif p_id_number is null or p_id_number !~ '^[0-9A-Za-z()-]{3,30}$' then
        perform data.refuse('GT007', 'id_number', '证件号|The identity number',
            coalesce(length(p_id_number)::text || ' 个字符', ''));
    end if;
    if p_kind is null or p_kind not in ('person', 'org') then
        perform data.refuse('GT007', 'applicant_kind', '申请人类别|The kind of applicant', coalesce(p_kind, ''));
    elsif (p_kind = 'org') <> (p_id_kind = 'credit') and p_id_kind <> 'other' then
        perform data.refuse('GT034', null);
    elsif v_problem is not null then
        perform data.refuse(v_problem, 'id_number');
    elsif p_name is null then
        perform data.refuse('GT005', 'name', '姓名(名称)|The name');
    elsif length(p_name) > 120 then
        perform data.refuse('GT006', 'name', '姓名(名称)|The name', '120');
    elsif p_phone is null then
        perform data.refuse('GT005', 'phone', '电话|The telephone');
    elsif p_phone !~ '^[+]?[0-9][0-9 -]{5,18}[0-9]$' then
        perform data.refuse('GT035', null);
    elsif length(p_address) > 200 then
        perform data.refuse('GT006', 'address', '地址|The address', '200');
    elsif length(p_note) > 1000 then
        perform data.refuse('GT006', 'note', '备注|The note', '1000');
    elsif data.garbled(p_name || coalesce(p_address, '')) or data.garbled(p_note, true) then
        perform data.refuse_garbled('name', '姓名(名称)|The name', p_name);
        perform data.refuse_garbled('address', '地址|The address', p_address);
        perform data.refuse_garbled('note', '备注|The note', p_note, true);
    end if;
    return true;
end
$$;
comment on function data.applicant_check(text, text, text, text, text, text, text)
    is 'true, or the first rule that an applicant''s data break is raised';
revoke all on function data.applicant_check(text, text, text, text, text, text, text) from public;

create or replace function data.agent_check(p_name text, p_id_number text) returns void language plpgsql stable as $$
begin
    if length(p_name) > 120 then
        perform data.refuse('GT006', 'agent_name', '代理人|The agent', '120');
    elsif data.garbled(p_name) then
        perform data.refuse_garbled('agent_name', '代理人|The agent', p_name);
    elsif p_id_number is not null and data.citizen_problem(p_id_number) is not null then
        perform data.refuse(data.citizen_problem(p_id_number), 'agent_id_number');
    elsif p_id_number is not null and p_name is null then
        perform data.refuse('GT005', 'agent_name', '代理人|The agent');
    end if;
end
$$;
comment on function data.agent_check(text, text) is 'raise the first rule that an agent''s data break';
revoke all on function data.agent_check(text, text) from public;

create or replace function data.extra_one(p_field jsonb, p_value text) returns void language plpgsql stable as $$
declare
    v_id     text := p_field ->> 'id';
    v_label  text := coalesce(p_field #>> '{label,zh}', p_field ->> 'id') || '|'
        || coalesce(p_field #>> '{label,en}', '');
    v_kind   text := coalesce(p_field ->> 'kind', 'text');
    v_most   integer := coalesce((p_field #>> '{length,1}')::integer, 2000);
    v_ok     boolean := true;
    v_reason text;
begin
    if length(p_value) > v_most then
        perform data.refuse('GT006', v_id, v_label, v_most::text);
    end if;
    case v_kind
        when 'number' then v_ok := p_value ~ '^-?[0-9]{1,15}([.][0-9]{1,6})?$';
        when 'money' then v_ok := p_value ~ '^[0-9]{1,13}([.][0-9]{1,2})?$';
        when 'date' then
            v_ok := p_value ~ '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$'
                and substr(p_value, 9, 2)::integer <= extract(day from
                    (make_date(greatest(substr(p_value, 1, 4)::integer, 1), substr(p_value, 6, 2)::integer,
                        1) + interval '1 month - 1 day'));
        when 'yesno' then v_ok := lower(p_value) in ('yes', 'no', 'true', 'false', 'y', 'n', '1', '0', '是', '否');
        when 'choice' then v_ok := exists (select 1 from jsonb_array_elements(coalesce(p_field -> 'choices', '[]')) c
                                            where c ->> 'code' = p_value);
        when 'phone' then v_ok := p_value ~ '^[+]?[0-9][0-9 -]{5,18}[0-9]$';
        when 'citizen' then v_reason := data.citizen_problem(p_value);
        when 'credit' then v_reason := data.credit_problem(p_value);
        else
            if data.garbled(p_value, v_kind = 'multiline') then
                perform data.refuse_garbled(v_id, v_label, p_value, v_kind = 'multiline');
            end if;
    end case;
    if v_reason is not null then
        perform data.refuse(v_reason, v_id);
    elsif v_ok is not true then
        perform data.refuse('GT007', v_id, v_label, left(p_value, 20));
    end if;
end
$$;
comment on function data.extra_one(jsonb, text) is 'raise what one value breaks of its field definition';
revoke all on function data.extra_one(jsonb, text) from public;

create or replace function data.extra_check(p_fields jsonb, p_extra jsonb, p_common jsonb) returns void
    language plpgsql stable as $$
declare
    v_field jsonb;
    v_value text;
    v_shown boolean;
    v_other text;
begin
    if jsonb_typeof(p_extra) <> 'object' then
        perform data.refuse('GT007', 'extra', '填写项|The item''s fields', jsonb_typeof(p_extra));
    end if;
    select e.key, jsonb_typeof(e.value) into v_value, v_other from jsonb_each(p_extra) e
     where jsonb_typeof(e.value) in ('array', 'object')
        or not exists (select 1 from jsonb_array_elements(p_fields) f where f ->> 'id' = e.key) limit 1;
    if v_other in ('array', 'object') then
        perform data.refuse('GT009', v_value, v_value, '文本|a text');
    elsif found then
        perform data.refuse('GT038', v_value, v_value);
    end if;
    for v_field in select f from jsonb_array_elements(p_fields) f loop
        v_value := nullif(btrim(p_extra ->> (v_field ->> 'id')), '');
        v_other := coalesce(p_extra ->> (v_field #>> '{show_when,field}'),
            p_common ->> (v_field #>> '{show_when,field}'));
        v_shown := case when not v_field ? 'show_when' then true
                        when v_field -> 'show_when' ? 'is' then v_field #> '{show_when,is}' ? coalesce(v_other, '')
                        else not coalesce(v_field #> '{show_when,not}', '[]') ? coalesce(v_other, '') end;
        if v_value is null then
            if v_shown and coalesce((v_field ->> 'mandatory')::boolean, false) and v_field ->> 'kind' is distinct
                from 'readonly' then
                perform data.refuse('GT005', v_field ->> 'id', coalesce(v_field #>> '{label,zh}', v_field ->> 'id')
                    || '|' || coalesce(v_field #>> '{label,en}', ''));
            end if;
        else
            perform data.extra_one(v_field, v_value);
        end if;
    end loop;
end
$$;
comment on function data.extra_check(jsonb, jsonb, jsonb)
    is 'the item''s own fields: nothing unknown, nothing mandatory missing, each of its kind';
revoke all on function data.extra_check(jsonb, jsonb, jsonb) from public;

create or replace function data.applicant_keep(p_division text, p_kind text, p_id_kind text, p_id_number text,
    p_name text, p_phone text, p_address text, p_item text) returns bigint language plpgsql volatile as $$
declare
    v_id      bigint;
    v_name    text;
    v_phone   text;
    v_address text;
    v_open    text;
begin
    select a.id, a.name, a.phone, a.address into v_id, v_name, v_phone, v_address
      from data.applicant a
     where a.id_number = p_id_number and a.id_kind = p_id_kind and a.division = p_division;
    if v_id is null then
        v_id := nextval('data.applicant_id_seq');
        insert into data.applicant (id, division, kind, id_kind, id_number, name, phone, address, id_tail, grams)
        values (v_id, p_division, p_kind, p_id_kind, p_id_number, p_name, p_phone, p_address, right(p_id_number, 6),
            data.grams(p_name))
        on conflict (id_number, id_kind, division) do nothing;
        if found then
            return v_id;
        end if;
        select a.id into v_id from data.applicant a -- another window was first
         where a.id_number = p_id_number and a.id_kind = p_id_kind and a.division = p_division;
    elsif v_name <> p_name or v_phone <> p_phone or coalesce(p_address <> coalesce(v_address, ''), false) then
        update data.applicant a set name = p_name, grams = data.grams(p_name), phone = p_phone,
            address = coalesce(p_address, a.address), updated_at = data.clock()
         where a.id_number = p_id_number and a.id_kind = p_id_kind and a.division = p_division;
    end if;
    if p_item is not null then
        select f.number into v_open from data.case_file f
         where f.applicant = v_id and f.item = p_item and f.closed_at is null and f.single limit 1;
        if v_open is not null then
            perform data.refuse('GT036', null, v_open);
        end if;
    end if;
    return v_id;
end
$$;
comment on function data.applicant_keep(text, text, text, text, text, text, text, text)
    is 'the applicant of the division with this number, made or brought up to date; refuses when he has an open case '
        'of p_item (null: not asked)';
revoke all on function data.applicant_keep(text, text, text, text, text, text, text, text) from public;

create or replace function api.applicant__find(p_id_kind text, p_id_number text) returns jsonb language plpgsql volatile
    security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_me   data.caller := data.whoami();
    v_a    data.applicant;
    v_last jsonb;
    v_open jsonb;
begin
    select * into v_a from data.applicant a
     where a.id_number = upper(btrim(p_id_number)) and a.id_kind = p_id_kind and a.division = v_me.division;
    if not found then
        return jsonb_build_object('found', false);
    end if;
    select jsonb_build_object('number', f.number, 'item', f.item, 'item_name', v.name,
               'accepted_at', data.hall_text(f.accepted_at), 'accepted_on',
                   to_char(data.hall_day(f.accepted_at), 'YYYY-MM-DD'), 'state_zh', s.zh, 'state_en', s.en)
      into v_last
      from data.case_file f
      join data.item_version v on v.division = f.division and v.item = f.item and v.version = f.item_version
      join data.state s on s.code = f.state
     where f.applicant = v_a.id order by f.id desc limit 1;
    select coalesce(jsonb_agg(jsonb_build_object('number', f.number, 'item', f.item) order by f.id desc),
        '[]') into v_open
      from data.case_file f where f.applicant = v_a.id and f.closed_at is null;
    return jsonb_build_object('found', true, 'kind', v_a.kind, 'name', v_a.name, 'phone', v_a.phone, 'address',
        v_a.address, 'last_case', v_last, 'open_cases', v_open, 'last_item', v_last ->> 'item_name', 'last_on',
        v_last ->> 'accepted_on');
end
$$;
comment on function api.applicant__find(text, text)
    is 'an earlier applicant of the division by number, with his last case and open ones that the caller may see';
revoke all on function api.applicant__find(text, text) from public;
grant execute on function api.applicant__find(text, text) to guitai_staff;

reset role;
revoke create on schema data, api from guitai_api;
