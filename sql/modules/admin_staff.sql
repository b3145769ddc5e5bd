-- People: rows only. The login role itself is made by guitai-admin in the same transaction, from the statements that
-- staff__add answers (a function that could make roles would be worth attacking).

grant create on schema data, api_admin to guitai_keeper;
set role guitai_keeper;

create or replace function data.role_statements(p_login text, p_admin boolean) returns jsonb language sql stable as $$
    -- search_path is empty in a clerk's session: he names what he calls
    select jsonb_build_array(format('grant guitai_staff to %I', p_login))
        || case when p_admin then jsonb_build_array(format('grant guitai_admin to %I', p_login)) else '[]' end
        || (select jsonb_agg(format('alter role %I in database %I set %I = %L', p_login, current_database(), s.name, s.value))
              from (values ('search_path', ''), ('lock_timeout', '2s'), ('idle_in_transaction_session_timeout', '5s'),
                           ('statement_timeout', '30s')) s(name, value))
$$;
comment on function data.role_statements is 'what to execute after the login role was made';

create or replace function data.staff_rows(p_staff integer, p_division text, p_posts jsonb, p_shifts jsonb,
    p_authorisations jsonb, p_credential jsonb, p_from date) returns void language plpgsql volatile as $$
declare
    v_one jsonb;
begin
    perform data.shape(p_posts, 'posts', '',
        '[{"duty":"line","department":"line","valid_from":"line","valid_to":"line","document":"line"}]');
    perform data.shape(p_shifts, 'shifts', '', '[{"window":"line","valid_from":"line","valid_to":"line"}]');
    perform data.shape(p_authorisations, 'authorisations', '', '[{}]');
    perform data.shape(p_credential, 'credential', '', '{}');
    for v_one in select e from jsonb_array_elements(coalesce(nullif(p_posts, 'null'), '[]')) e loop
        if not exists (select 1 from data.duty y where y.code = v_one ->> 'duty') then
            perform data.refuse('GT073', null, coalesce(v_one ->> 'duty', ''));
        end if;
        insert into data.post (staff, duty, department, valid_from, valid_to, document)
        values (p_staff, v_one ->> 'duty', data.department_id(p_division, v_one ->> 'department'),
                data.day_of(v_one ->> 'valid_from', '岗位始日|The first day of the post', p_from),
                data.day_of(v_one ->> 'valid_to', '岗位终日|The last day of the post', null), v_one ->> 'document');
    end loop;
    for v_one in select e from jsonb_array_elements(coalesce(nullif(p_shifts, 'null'), '[]')) e loop
        if not exists (select 1 from data.counter_window w
                        where w.division = p_division and w.code = v_one ->> 'window') then
            perform data.refuse('GT011', 'shifts', coalesce(v_one ->> 'window', ''));
        end if;
        insert into data.shift (staff, division, window_code, valid_from, valid_to)
        values (p_staff, p_division, v_one ->> 'window',
                data.day_of(v_one ->> 'valid_from', '班次始日|The first day of the shift', p_from),
                data.day_of(v_one ->> 'valid_to', '班次终日|The last day of the shift', null));
    end loop;
    for v_one in select e from jsonb_array_elements(coalesce(nullif(p_authorisations, 'null'), '[]')) e loop
        perform data.authorise(p_staff, p_division, v_one);
    end loop;
    if jsonb_typeof(p_credential) = 'object' then
        perform data.credential_add(p_staff, p_credential);
    end if;
end
$$;
comment on function data.staff_rows is 'posts, shifts, authorisations and credential of a person';

create or replace function data.authorise(p_staff integer, p_division text, p_one jsonb) returns integer
    language plpgsql volatile as $$
declare
    v_id integer;
begin
    perform data.shape(p_one, 'authorisation', '',
        '{"document_no":"line","department":"line","item":"line","duty":"line",
        "valid_from":"line","valid_to":"line","substitute_for":"line"}');
    if coalesce(p_one ->> 'document_no', '') = '' then
        perform data.refuse('GT005', 'document_no', '授权文号|The document of the authorisation');
    elsif coalesce(p_one ->> 'department', '') = '' then
        perform data.refuse('GT005', 'department', '授权部门|The department of the authorisation');
    elsif coalesce(p_one ->> 'duty', 'verify') not in ('verify', 'sign') then
        perform data.refuse('GT073', 'duty', p_one ->> 'duty');
    elsif coalesce(p_one ->> 'valid_to', '') = '' then
        perform data.refuse('GT005', 'valid_to', '授权终日|The last day of the authorisation');
    elsif p_one ->> 'item' is not null and not exists (
        select 1 from data.item i where i.division = p_division and i.code = p_one ->> 'item') then
        perform data.refuse('GT020', 'item', p_one ->> 'item');
    end if;
    insert into data.authorisation (staff, department, item, duty, document_no, valid_from, valid_to, substitute_for)
    values (p_staff, data.department_id(p_division, p_one ->> 'department'), p_one ->> 'item',
        coalesce(p_one ->> 'duty', 'verify'), p_one ->> 'document_no',
        data.day_of(p_one ->> 'valid_from', '授权始日|The first day of the authorisation', data.today()),
        data.day_of(p_one ->> 'valid_to', '授权终日|The last day of the authorisation', null),
        data.staff_id(p_one ->> 'substitute_for'))
    returning id into v_id;
    return v_id;
end
$$;
comment on function data.authorise is 'one written authorisation';

create or replace function data.credential_add(p_staff integer, p_one jsonb) returns integer
    language plpgsql volatile as $$
declare
    v_id integer;
begin
    perform data.shape(p_one, 'credential', '',
        '{"number":"line","kind":"line","valid_from":"line","valid_to":"line"}');
    if coalesce(p_one ->> 'number', '') = '' or coalesce(p_one ->> 'valid_to', '') = '' then
        perform data.refuse('GT005', 'credential', '证件号和有效期|Number and last day of the credential');
    end if;
    insert into data.credential (staff, number, kind, valid_from, valid_to)
    values (p_staff, p_one ->> 'number', coalesce(p_one ->> 'kind', '行政执法证'),
            data.day_of(p_one ->> 'valid_from', '证件始日|The first day of the credential', data.today()),
                data.day_of(p_one ->> 'valid_to', '证件终日|The last day of the credential', null))
    returning id into v_id;
    return v_id;
end
$$;
comment on function data.credential_add is 'one enforcement credential';

-- Row security does not bind a superuser, and an owner's role inside a staff session would undo every right: only a
-- name that is free, or a role that is a sign-in of staff and nothing else, may become a person's.
create or replace function data.foreign_role(p_login text) returns boolean language plpgsql stable as $$
begin
    return (
    select p_login ~ '^(pg_|guitai_)' or p_login in ('public', 'none') or exists (
        select 1 from pg_roles r
         where r.rolname = p_login
           and (r.rolsuper or r.rolcreaterole or r.rolcreatedb or r.rolreplication or r.rolbypassrls
                or not exists (select 1 from pg_auth_members m
                                where m.member = r.oid and m.roleid::regrole::text = 'guitai_staff')
                or exists (select 1 from pg_auth_members m
                            where m.member = r.oid
                              and m.roleid::regrole::text not in ('guitai_staff', 'guitai_admin')))));
end
$$;
comment on function data.foreign_role
    is 'whether a name belongs to a role that may not sign in as staff: one with powers, of the database, of '
        'another system';

create or replace function api_admin.staff__add(p_request uuid, p_login text, p_name text, p_division text,
    p_department text, p_title text, p_phone text, p_posts jsonb, p_shifts jsonb, p_authorisations jsonb,
    p_credential jsonb, p_valid_from date) returns jsonb
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_digest     bytea := sha256(convert_to(row(p_login, p_name, p_division, p_department, p_title, p_phone, p_posts,
        p_shifts, p_authorisations, p_credential, extract(epoch from p_valid_from))::text, 'UTF8'));
    v_from       date := coalesce(p_valid_from, data.today());
    v_id         integer;
    v_answer     jsonb;
    v_en         text;
    v_field      text;
    v_constraint text;
begin
    v_answer := data.request_seen(p_request, 'staff__add', v_digest);
    if v_answer is null then
        perform data.may_administer(p_division, 'admin');
        if p_login is null or p_login !~ '^[a-z][a-z0-9_]{1,30}$' then
            perform data.refuse('GT007', 'login', '登录名|The sign-in', coalesce(p_login, ''));
        elsif coalesce(btrim(p_name), '') = '' then
            perform data.refuse('GT005', 'name', '姓名|The name');
        elsif exists (select 1 from data.staff s where s.login = p_login::name) then
            perform data.refuse('GT070', null, p_login);
        elsif data.foreign_role(p_login) then
            perform data.refuse('GT076', null, p_login);
        end if;
        perform data.shape(jsonb_build_object('name', p_name, 'title', p_title, 'phone', p_phone), 'name', '',
            '{"name":"line","title":"line","phone":"line"}');
        perform data.check_day(v_from, 'valid_from', '在岗始日|The first day in office');
        insert into data.staff (login, name, division, department, title, phone, valid_from)
        values (p_login, data.fold_name(p_name), p_division, data.department_id(p_division, p_department), p_title, p_phone,
                v_from)
        returning id into v_id;
        perform data.staff_rows(v_id, p_division, p_posts, p_shifts, p_authorisations, p_credential, v_from);
        v_answer := jsonb_build_object('ok', true, 'login', p_login, 'id', v_id, 'after', data.role_statements(p_login,
            exists (select 1 from data.post p where p.staff = v_id and p.duty in ('admin', 'catalogue'))));
        insert into data.request (id, function, digest, answer) values (p_request, 'staff__add', v_digest, v_answer);
    end if;
    return v_answer;
exception when sqlstate 'GT000' or integrity_constraint_violation then
    get stacked diagnostics v_en = pg_exception_detail, v_field = column_name, v_constraint = constraint_name;
    return data.refused('staff__add', sqlstate, sqlerrm, v_en, v_field, v_constraint,
        jsonb_build_object('login', p_login, 'division', p_division));
end
$$;
comment on function api_admin.staff__add
    is 'a person with posts, shifts, authorisations and credential; "after" lists the statements for his login role';
grant execute on function api_admin.staff__add to guitai_admin;

create or replace function api_admin.staff__list(p_search text, p_after text, p_limit integer)
    returns table (key text, login text, name text, division text, department_name text, title text, duties text,
    duties_en text, windows text, credential_until date, valid_from date, valid_to date, end_reason text)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
    return query
    select s.login::text, s.login::text, s.name, s.division, d.name, s.title,
           t.zh, t.en,
           (select string_agg(distinct h.window_code, ' ') from data.shift h
             where h.staff = s.id and h.valid_from <= data.today() and (h.valid_to is null or h.valid_to >= data.today())),
           (select max(c.valid_to) from data.credential c where c.staff = s.id), s.valid_from, s.valid_to, s.end_reason
      from data.staff s
      left join data.department d on d.id = s.department
     cross join lateral (
            select string_agg(distinct y.zh, ' ') as zh, string_agg(distinct y.en, ', ') as en
              from data.post p join data.duty y on y.code = p.duty
             where p.staff = s.id and p.valid_from <= data.today()
               and (p.valid_to is null or p.valid_to >= data.today())) t
     where (not exists (select 1 from data.staff m where m.login = session_user)
            or s.division in (select p.division from data.caller_post p where p.duty = 'admin'))
       and (coalesce(p_search, '') = '' or position(data.fold_search(p_search) in s.name) > 0
            or starts_with(s.login::text, p_search) or s.division = p_search or d.name = p_search)
       and (p_after is null or s.login::text > p_after)
     order by s.login::text
     limit data.page(p_limit);
end
$$;
comment on function api_admin.staff__list is 'people of the division (a database administrator: of all)';
grant execute on function api_admin.staff__list to guitai_admin;

create or replace function api_admin.staff__end(p_request uuid, p_login text, p_on date, p_reason text) returns jsonb
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_digest     bytea := sha256(convert_to(row(p_login, extract(epoch from p_on), p_reason)::text, 'UTF8'));
    v_on         date := coalesce(p_on, data.today());
    v_staff      data.staff;
    v_answer     jsonb;
    v_en         text;
    v_field      text;
    v_constraint text;
begin
    v_answer := data.request_seen(p_request, 'staff__end', v_digest);
    if v_answer is null then
        select * into v_staff from data.staff s where s.login = p_login::name for update;
        if not found then
            perform data.refuse('GT071', null, coalesce(p_login, ''));
        end if;
        perform data.may_administer(v_staff.division, 'admin');
        perform data.check_day(v_on, 'on', '在岗终日|The last day in office');
        if coalesce(btrim(p_reason), '') = '' then
            perform data.refuse('GT005', 'reason', '离岗事由|The reason');
        end if;
        perform data.shape(to_jsonb(p_reason), 'reason', '', '"line"');
        -- the last day in office; posts end with it, and a power that had not begun never does
        update data.staff s set valid_to = v_on, end_reason = btrim(p_reason), ended_by = session_user
         where s.id = v_staff.id;
        update data.post p set valid_to = greatest(v_on, p.valid_from)
         where p.staff = v_staff.id and (p.valid_to is null or p.valid_to > v_on);
        update data.shift h set valid_to = greatest(v_on, h.valid_from)
         where h.staff = v_staff.id and (h.valid_to is null or h.valid_to > v_on);
        update data.authorisation a set valid_to = greatest(v_on, a.valid_from)
         where a.staff = v_staff.id and a.valid_to > v_on;
        v_answer := jsonb_build_object('ok', true, 'login', p_login, 'valid_to', to_char(v_on, 'YYYY-MM-DD'),
            'after', case when v_on < data.today() then jsonb_build_array(format('alter role %I nologin', p_login))
                else '[]'::jsonb end);
        insert into data.request (id, function, digest, answer) values (p_request, 'staff__end', v_digest, v_answer);
    end if;
    return v_answer;
exception when sqlstate 'GT000' or integrity_constraint_violation then
    get stacked diagnostics v_en = pg_exception_detail, v_field = column_name, v_constraint = constraint_name;
    return data.refused('staff__end', sqlstate, sqlerrm, v_en, v_field, v_constraint,
        jsonb_build_object('login', p_login, 'reason', p_reason));
end
$$;
comment on function api_admin.staff__end
    is 'last day in office of a person (null: today) and why; "after" says whether his login is to be closed now';
grant execute on function api_admin.staff__end to guitai_admin;

create or replace function api_admin.authorisation__grant(p_request uuid, p_login text, p_authorisation jsonb)
    returns jsonb language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_digest     bytea := sha256(convert_to(row(p_login, p_authorisation)::text, 'UTF8'));
    v_staff      data.staff;
    v_answer     jsonb;
    v_en         text;
    v_field      text;
    v_constraint text;
begin
    v_answer := data.request_seen(p_request, 'authorisation__grant', v_digest);
    if v_answer is null then
        select * into v_staff from data.staff s where s.id = data.staff_id(coalesce(nullif(p_login, ''), '?'));
        perform data.may_administer(v_staff.division, 'admin');
        v_answer := jsonb_build_object('ok', true, 'id', data.authorise(v_staff.id, v_staff.division, p_authorisation));
        insert into data.request (id, function, digest, answer)
            values (p_request, 'authorisation__grant', v_digest, v_answer);
    end if;
    return v_answer;
exception when sqlstate 'GT000' or integrity_constraint_violation then
    get stacked diagnostics v_en = pg_exception_detail, v_field = column_name, v_constraint = constraint_name;
    return data.refused('authorisation__grant', sqlstate, sqlerrm, v_en, v_field, v_constraint,
        jsonb_build_object('login', p_login));
end
$$;
comment on function api_admin.authorisation__grant
    is 'one written authorisation: department, item, duty, document_no, valid_from, valid_to, substitute_for';
grant execute on function api_admin.authorisation__grant to guitai_admin;

create or replace function api_admin.credential__set(p_request uuid, p_login text, p_credential jsonb) returns jsonb
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_digest     bytea := sha256(convert_to(row(p_login, p_credential)::text, 'UTF8'));
    v_staff      data.staff;
    v_answer     jsonb;
    v_en         text;
    v_field      text;
    v_constraint text;
begin
    v_answer := data.request_seen(p_request, 'credential__set', v_digest);
    if v_answer is null then
        select * into v_staff from data.staff s where s.id = data.staff_id(coalesce(nullif(p_login, ''), '?'));
        perform data.may_administer(v_staff.division, 'admin');
        v_answer := jsonb_build_object('ok', true, 'id', data.credential_add(v_staff.id, p_credential));
        insert into data.request (id, function, digest, answer)
            values (p_request, 'credential__set', v_digest, v_answer);
    end if;
    return v_answer;
exception when sqlstate 'GT000' or integrity_constraint_violation then
    get stacked diagnostics v_en = pg_exception_detail, v_field = column_name, v_constraint = constraint_name;
    return data.refused('credential__set', sqlstate, sqlerrm, v_en, v_field, v_constraint,
        jsonb_build_object('login', p_login));
end
$$;
comment on function api_admin.credential__set is 'an enforcement credential: number, kind, valid_from, valid_to';
grant execute on function api_admin.credential__set to guitai_admin;

reset role;
revoke create on schema data, api_admin from guitai_keeper;
