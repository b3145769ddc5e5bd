-- What the administrator's functions share. Owned by guitai_keeper, which writes organisation, catalogue and calendar.

grant create on schema data, api_admin to guitai_keeper;
set role guitai_keeper;

create or replace function data.may_administer(p_division text, p_duty text) returns void language plpgsql volatile
    as $$
declare
    v_zh text;
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
        select y.zh into v_zh from data.duty y where y.code = p_duty;
        perform data.refuse('GT075', null, coalesce(v_zh, p_duty));
    end if;
end
$$;
comment on function data.may_administer(text, text)
    is 'refuse a staff login without the administrative duty in that division';
revoke all on function data.may_administer(text, text) from public;

create or replace function data.department_id(p_division text, p_code text) returns integer language plpgsql stable
    as $$
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
comment on function data.department_id(text, text) is 'a department of a division by code, null for null; GT063';
revoke all on function data.department_id(text, text) from public;

create or replace function data.day_of(p_text text, p_label text, p_default date) returns date language plpgsql stable
    as $$
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
comment on function data.day_of(text, text, date) is 'a date written YYYY-MM-DD, GT007 for anything else';
revoke all on function data.day_of(text, text, date) from public;

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
comment on function data.staff_id(text) is 'a person by login, null for null; GT071';
revoke all on function data.staff_id(text) from public;

reset role;
revoke create on schema data, api_admin from guitai_keeper;
