-- Applicants: recognise who came before, check identity numbers and the item's own fields.

grant create on schema data, api to guitai_api;
set role guitai_api;

-- forms of before
drop function if exists data.extra_problem(data.item_field, text),
    data.extra_check(text, text, integer, text[], jsonb, text, text, text);

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
comment on function data.applicant_check is 'true, or the first rule that an applicant''s data break is raised';

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
comment on function data.agent_check is 'raise the first rule that an agent''s data break';

create or replace function data.date_exists(p_text text) returns boolean language plpgsql immutable parallel safe as $$
begin
    return p_text ~ '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$'
        and substr(p_text, 9, 2)::integer <= extract(day from
            make_date(greatest(substr(p_text, 1, 4)::integer, 1), substr(p_text, 6, 2)::integer, 1)
            + interval '1 month - 1 day');
end
$$;
comment on function data.date_exists is 'whether a text is a date YYYY-MM-DD of the calendar';

create or replace function data.extra_form_problem(p_kind text, p_value text) returns text
    language plpgsql immutable parallel safe as $$
begin
    return case p_kind
        when 'citizen' then data.citizen_problem(p_value)
        when 'credit' then data.credit_problem(p_value)
        when 'number' then case when p_value !~ '^-?[0-9]{1,15}([.][0-9]{1,6})?$' then 'GT007' end
        when 'money' then case when p_value !~ '^[0-9]{1,13}([.][0-9]{1,2})?$' then 'GT007' end
        when 'date' then case when not data.date_exists(p_value) then 'GT007' end
        when 'yesno' then case when lower(p_value) not in ('yes', 'no', 'true', 'false', 'y', 'n', '1', '0', '是', '否')
                               then 'GT007' end
        when 'phone' then case when p_value !~ '^[+]?[0-9][0-9 -]{5,18}[0-9]$' then 'GT007' end end;
end
$$;
comment on function data.extra_form_problem is 'rule that a value breaks of a kind that has a form of its own, or null';

create or replace function data.extra_shown(p_other text, p_is text[], p_not text[]) returns boolean
    language plpgsql immutable parallel safe as $$
begin
    return coalesce(coalesce(p_other, '') = any (p_is) or coalesce(p_other, '') <> all (p_not), false);
end
$$;
comment on function data.extra_shown is 'whether a field is shown while the field that it hangs on holds p_other';

-- Not the field as one value: putting that together and taking it apart would cost more than the check.
create or replace function data.extra_problem(p_kind text, p_most integer, p_choices text[], p_value text, p_mandatory boolean,
    p_show_field text, p_show_is text[], p_show_not text[], p_extra jsonb) returns text
    language plpgsql immutable parallel safe as $$
declare
    v_value text := nullif(btrim(p_value), '');
begin
    if v_value is null then
        return case when p_mandatory and (p_show_field is null
                         or data.extra_shown(p_extra ->> p_show_field, p_show_is, p_show_not)) then 'GT005' end;
    elsif length(v_value) > p_most then
        return 'GT006';
    elsif p_kind = 'choice' then
        return case when v_value <> all (p_choices) then 'GT007' end;
    elsif p_kind in ('citizen', 'credit', 'number', 'money', 'date', 'yesno', 'phone') then
        return data.extra_form_problem(p_kind, v_value);
    end if;
    return case when data.garbled(v_value, p_kind = 'multiline') then 'GT008' end;
end
$$;
comment on function data.extra_problem
    is 'rule that a value breaks of its field, or null; p_extra: what else was filled in, on which it hangs whether the field is shown';

create or replace function data.extra_refuse(p_field data.item_field, p_value text, p_extra jsonb) returns void
    language plpgsql stable as $$
declare
    v_problem text := data.extra_problem(p_field.kind, p_field.most, p_field.choices, p_value, p_field.mandatory,
        p_field.show_field, p_field.show_is, p_field.show_not, p_extra);
begin
    case v_problem
        when 'GT005' then perform data.refuse(v_problem, p_field.id, p_field.label);
        when 'GT006' then perform data.refuse(v_problem, p_field.id, p_field.label, p_field.most::text);
        when 'GT008' then
            perform data.refuse_garbled(p_field.id, p_field.label, btrim(p_value), p_field.kind = 'multiline');
        else perform data.refuse(v_problem, p_field.id, p_field.label, left(btrim(p_value), 20));
    end case;
end
$$;
comment on function data.extra_refuse is 'raise the rule that a value breaks of its field';

create or replace function data.extra_refuse_unknown(p_extra jsonb, p_ids text[]) returns void
    language plpgsql stable as $$
declare
    v_id   text;
    v_type text;
begin
    if jsonb_typeof(p_extra) <> 'object' then
        perform data.refuse('GT007', 'extra', '填写项|The item''s fields', jsonb_typeof(p_extra));
    end if;
    select e.key, jsonb_typeof(e.value) into v_id, v_type
      from jsonb_each(p_extra) e
     where jsonb_typeof(e.value) in ('array', 'object') or e.key <> all (p_ids) limit 1;
    if v_type in ('array', 'object') then
        perform data.refuse('GT009', v_id, v_id, '文本|a text');
    end if;
    perform data.refuse('GT038', v_id, v_id);
end
$$;
comment on function data.extra_refuse_unknown is 'raise what is wrong with a set of fields as a whole';

create or replace function data.extra_check(p_division text, p_item text, p_version integer, p_ids text[],
    p_extra jsonb, p_applicant_kind text, p_id_kind text, p_agent_name text) returns boolean language plpgsql stable as $$
declare
    v_no    smallint;
    v_field data.item_field;
    v_all   jsonb;
begin
    if (p_extra @@ 'strict $.type() == "object" && !exists($.* ? (@.type() == "array" || @.type() == "object"))') is not true
       or p_extra - p_ids <> '{}' then
        perform data.extra_refuse_unknown(p_extra, p_ids);
    end if;
    -- what a field may hang on beside the item's own
    v_all := p_extra || jsonb_object('{applicant_kind,id_kind,agent_name}', array[p_applicant_kind, p_id_kind, p_agent_name]);
    select f.no into v_no
      from data.item_field f
     where f.division = p_division and f.item = p_item and f.version = p_version and (f.mandatory or p_extra ? f.id)
       and data.extra_problem(f.kind, f.most, f.choices, p_extra ->> f.id, f.mandatory, f.show_field, f.show_is, f.show_not,
               v_all) is not null
     order by f.no limit 1;
    if v_no is not null then
        select f.* into v_field
          from data.item_field f
         where f.division = p_division and f.item = p_item and f.version = p_version and f.no = v_no;
        perform data.extra_refuse(v_field, p_extra ->> v_field.id, v_all);
    end if;
    return true;
end
$$;
comment on function data.extra_check
    is 'the item''s own fields: nothing unknown, nothing mandatory missing, each of its kind; true, or the first rule is raised';

create or replace function data.applicant_keep(p_division text, p_kind text, p_id_kind text, p_id_number text,
    p_name text, p_phone text, p_address text) returns bigint language plpgsql volatile as $$
declare
    v_id bigint := nextval('data.applicant_id_seq');
begin
    -- neither RETURNING nor a conflict target: with either, the policy for reading is asked for the new row too
    insert into data.applicant (id, division, kind, id_kind, id_number, name, phone, address, id_tail, grams)
    values (v_id, p_division, p_kind, p_id_kind, p_id_number, p_name, p_phone, p_address, right(p_id_number, 6),
        data.grams(p_name))
    on conflict do nothing;
    if found then
        return v_id;
    end if;
    update data.applicant a set name = p_name, grams = data.grams(p_name), phone = p_phone,
        address = coalesce(p_address, a.address), updated_at = data.clock()
     where a.id_number = p_id_number and a.id_kind = p_id_kind and a.division = p_division
       and (a.name, a.phone, a.address) is distinct from (p_name, p_phone, coalesce(p_address, a.address))
    returning a.id into v_id;
    if v_id is null then
        select a.id into v_id from data.applicant a
         where a.id_number = p_id_number and a.id_kind = p_id_kind and a.division = p_division;
    end if;
    return v_id;
end
$$;
comment on function data.applicant_keep is 'the applicant of the division with this number, made or brought up to date';

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
               'accepted_at', data.hall_text(f.accepted_at),
               'accepted_on', to_char(data.hall_day(f.accepted_at), 'YYYY-MM-DD'), 'state_zh', s.zh, 'state_en', s.en)
      into v_last
      from data.case_file f
      join data.item_version v on v.division = f.division and v.item = f.item and v.version = f.item_version
      join data.state s on s.code = f.state
     where f.applicant = v_a.id order by f.id desc limit 1;
    select coalesce(jsonb_agg(jsonb_build_object('number', f.number, 'item', f.item) order by f.id desc), '[]') into v_open
      from data.case_file f where f.applicant = v_a.id and f.closed_at is null;
    return jsonb_build_object('found', true, 'kind', v_a.kind, 'name', v_a.name, 'phone', v_a.phone,
        'address', v_a.address, 'last_case', v_last, 'open_cases', v_open, 'last_item', v_last ->> 'item_name',
        'last_on', v_last ->> 'accepted_on');
end
$$;
comment on function api.applicant__find
    is 'an earlier applicant of the division by number, with his last case and open ones that the caller may see';
grant execute on function api.applicant__find to guitai_staff;

reset role;
revoke create on schema data, api from guitai_api;
