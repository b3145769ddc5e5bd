-- What the administrator's functions share. Owned by guitai_keeper, which writes organisation, catalogue and calendar.

grant create on schema data, api_admin to guitai_keeper;
set role guitai_keeper;

create or replace function data.may_administer(p_division text, p_duty text) returns void
    language plpgsql volatile as $$
declare
    v_duty text;
begin
    -- a database administrator without a staff row administers every division; a staff login only its own, by post
    if not exists (select 1 from data.staff s where s.login = session_user) then
        if p_division is not null and not exists (select 1 from data.division d where d.code = p_division) then
            perform data.refuse('GT074', null, p_division);
        end if;
        return;
    end if;
    if p_division is null or not exists (
        select 1 from data.caller_post p where p.duty in (p_duty, 'admin') and p.division = p_division) then
        select y.zh || '|' || y.en into v_duty from data.duty y where y.code = p_duty;
        perform data.refuse('GT075', null, coalesce(v_duty, p_duty));
    end if;
end
$$;
comment on function data.may_administer is 'refuse a staff login without the administrative duty in that division';

-- A document from outside is checked for its shape before a rule reads it. A shape is written as the document is: an
-- object of members, an array of one element, and for a value one of text (with line ends), line, label (a line, or one
-- in each language), count (0 to 999999), flag. A member that is null or absent passes: whether it is needed, the rules
-- say.
create or replace function data.shape(p_value jsonb, p_root text, p_place text, p_shape jsonb) returns void
    language plpgsql stable as $$
declare
    v_want  text := case jsonb_typeof(p_shape) when 'string' then p_shape #>> '{}' else jsonb_typeof(p_shape) end;
    v_is    text := jsonb_typeof(p_value);
    v_place text := case when p_place = '' or p_place ~ '^\[' then p_root || p_place else p_place end;
    v_field text := substring(v_place from '^[a-z_]+');
    v_most  integer;
begin
    if v_want = 'label' and v_is = 'object' then
        v_want := 'object';
        p_shape := '{"zh":"line","en":"line"}';
    end if;
    if coalesce(v_is, 'null') = 'null' then
        return;
    elsif v_is <> (case when v_want in ('text', 'line', 'label') then 'string' when v_want = 'count' then 'number'
                        when v_want = 'flag' then 'boolean' else v_want end)
        or (v_want = 'count' and p_value #>> '{}' !~ '^[0-9]{1,6}$') then
        perform data.refuse('GT009', v_field, left(v_place, 100), case v_want when 'object' then '对象|an object'
            when 'array' then '数组|an array' when 'count' then '0 至 999999 的整数|a whole number, 0 to 999999'
            when 'flag' then 'true 或 false|true or false' else '文本|a text' end);
    elsif v_is = 'string' then
        v_most := case v_want when 'text' then 8000 else 400 end;
        if length(p_value #>> '{}') > v_most then
            perform data.refuse('GT006', v_field, left(v_place, 100), v_most::text);
        end if;
        perform data.refuse_garbled(v_field, left(v_place, 100), p_value #>> '{}', v_want = 'text');
    elsif v_is = 'array' then
        perform data.shape_elements(p_value, p_root, p_place, p_shape -> 0);
    elsif v_is = 'object' then
        perform data.shape(p_value -> m.key, p_root, ltrim(p_place || '.' || m.key, '.'), m.value)
           from jsonb_each(p_shape) m;
    end if;
end
$$;
comment on function data.shape
    is 'raise what is wrong with the shape of a document, by its place: p_root names the whole, p_place is the '
        'path in it';

create or replace function data.shape_elements(p_value jsonb, p_root text, p_place text, p_shape jsonb) returns void
    language plpgsql stable as $$
declare
    v_one jsonb;
    v_no  bigint;
begin
    for v_one, v_no in select e.value, e.ordinality - 1 from jsonb_array_elements(p_value) with ordinality e loop
        if v_no >= 2000 then
            perform data.refuse('GT009', p_root, p_root || left(p_place, 100), '至多 2000 项的数组|an array of at most 2000');
        elsif jsonb_typeof(v_one) = 'null' then
            v_one := to_jsonb(false); -- nothing is no element, of whatever shape
        end if;
        perform data.shape(v_one, p_root, p_place || '[' || v_no || ']', p_shape);
    end loop;
end
$$;
comment on function data.shape_elements is 'the same for each element of an array';

create or replace function data.check_day(p_day date, p_field text, p_label text) returns void
    language plpgsql stable as $$
begin
    if p_day not between date '1950-01-01' and date '2200-12-31' then
        perform data.refuse('GT007', p_field, p_label, p_day::text);
    end if;
end
$$;
comment on function data.check_day is 'GT007 for a day that no office knows';

create or replace function data.department_id(p_division text, p_code text) returns integer
    language plpgsql stable as $$
declare
    v_id integer;
begin
    if nullif(p_code, '') is null then
        return null;
    end if;
    select d.id into v_id from data.department d where d.division = p_division and d.code = p_code;
    if not found then
        perform data.refuse('GT063', null, p_code);
    end if;
    return v_id;
end
$$;
comment on function data.department_id is 'a department of a division by code, null for null; GT063';

create or replace function data.day_of(p_text text, p_label text, p_default date) returns date
    language plpgsql stable as $$
begin
    if nullif(p_text, '') is null then
        return p_default;
    elsif p_text !~ '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$' then
        perform data.refuse('GT007', null, p_label, left(p_text, 20));
    end if;
    return p_text::date;
exception when datetime_field_overflow then
    perform data.refuse('GT007', null, p_label, left(p_text, 20));
    return null;
end
$$;
comment on function data.day_of is 'a date written YYYY-MM-DD, GT007 for anything else';

create or replace function data.staff_id(p_login text) returns integer language plpgsql stable as $$
declare
    v_id integer;
begin
    if nullif(p_login, '') is null then
        return null;
    end if;
    select s.id into v_id from data.staff s where s.login = p_login::name;
    if not found then
        perform data.refuse('GT071', null, p_login);
    end if;
    return v_id;
end
$$;
comment on function data.staff_id is 'a person by login, null for null; GT071';

create or replace function api_admin.division__list() returns table (code text, name text) language plpgsql volatile
    security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
    return query select d.code, d.name from data.division d order by d.code;
end
$$;
comment on function api_admin.division__list
    is 'the divisions of this database: a verb of guitai-admin speaks of one of them';
grant execute on function api_admin.division__list to guitai_admin;

reset role;
revoke create on schema data, api_admin from guitai_keeper;
