-- Divisions, departments and windows from one authored file (format: sql/README.md).

grant create on schema data, api_admin to guitai_keeper;
set role guitai_keeper;

create or replace function data.organisation_one(p_one jsonb) returns void language plpgsql volatile as $$
declare
    v_division jsonb := p_one -> 'division';
    v_code     text := p_one #>> '{division,code}';
    v_row      jsonb;
    v_no       bigint;
begin
    perform data.shape(p_one, 'organisation', '',
        '{"division":{"code":"line","name":"line","name_en":"line","level":"line",
        "hall_name":"line","phone":"line","address":"line","government":"line","closing":"line"},
        "departments":[{"code":"line","name":"line","full_name":"line","name_en":"line","phone":"line",
            "reconsider":"line"}],
        "windows":[{"code":"line","name":"line","department":"line","kind":"line","place":"line","phone":"line"}]}');
    if v_code is null or v_code !~ '^[0-9]{6}$' then
        perform data.refuse('GT007', 'code', '区划代码|The code of the division', coalesce(v_code, ''));
    elsif coalesce(v_division ->> 'name', '') = '' or coalesce(v_division ->> 'hall_name', '') = '' then
        perform data.refuse('GT005', 'name', '区划名称和中心名称|The names of division and hall');
    elsif coalesce(v_division ->> 'closing', '17:30') !~ '^([01][0-9]|2[0-3]):[0-5][0-9]$' then
        perform data.refuse('GT007', 'closing', '下班时间|The closing time', v_division ->> 'closing');
    elsif coalesce(v_division ->> 'level', 'county') not in ('city', 'county') then
        perform data.refuse('GT007', 'level', '层级|The level', v_division ->> 'level');
    end if;
    insert into data.division (code, name, name_en, level, hall_name, phone, address, government, closing)
    values (v_code, v_division ->> 'name', v_division ->> 'name_en', coalesce(v_division ->> 'level', 'county'),
            v_division ->> 'hall_name', v_division ->> 'phone', v_division ->> 'address', v_division ->> 'government',
            coalesce(v_division ->> 'closing', '17:30')::time)
    on conflict (code) do update set name = excluded.name, name_en = excluded.name_en, level = excluded.level,
        hall_name = excluded.hall_name, phone = excluded.phone, address = excluded.address,
        government = excluded.government, closing = excluded.closing;
    for v_row, v_no in select e.value, e.ordinality - 1
        from jsonb_array_elements(coalesce(nullif(p_one -> 'departments', 'null'), '[]')) with ordinality e loop
        if coalesce(v_row ->> 'code', '') !~ '^[A-Z0-9]{2,12}$' or coalesce(v_row ->> 'name', '') = '' then
            perform data.refuse('GT007', 'departments', '部门|The department', format('departments[%s]', v_no));
        end if;
        insert into data.department (division, code, name, full_name, name_en, phone, reconsider)
        values (v_code, v_row ->> 'code', v_row ->> 'name', v_row ->> 'full_name', v_row ->> 'name_en', v_row ->> 'phone',
                v_row ->> 'reconsider')
        on conflict on constraint department_code do update set name = excluded.name, full_name = excluded.full_name,
            name_en = excluded.name_en, phone = excluded.phone, reconsider = excluded.reconsider;
    end loop;
    for v_row, v_no in select e.value, e.ordinality - 1
        from jsonb_array_elements(coalesce(nullif(p_one -> 'windows', 'null'), '[]')) with ordinality e loop
        if coalesce(v_row ->> 'code', '') !~ '^[0-9]{2}$'
            or coalesce(v_row ->> 'kind', 'window') not in ('window', 'department') then
            perform data.refuse('GT007', 'windows', '窗口|The window', format('windows[%s]', v_no));
        end if;
        insert into data.counter_window (division, code, name, department, kind, place, phone)
        values (v_code, v_row ->> 'code', coalesce(v_row ->> 'name', (v_row ->> 'code') || '号窗口'),
                data.department_id(v_code, v_row ->> 'department'), coalesce(v_row ->> 'kind', 'window'),
                v_row ->> 'place', v_row ->> 'phone')
        on conflict (division, code) do update set name = excluded.name, department = excluded.department,
            kind = excluded.kind, place = excluded.place, phone = excluded.phone;
    end loop;
end
$$;
comment on function data.organisation_one is 'one division with departments and windows, made or brought up to date';

create or replace function api_admin.organisation__load(p_request uuid, p_org jsonb) returns jsonb
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_digest     bytea := sha256(convert_to(p_org::text, 'UTF8'));
    v_list       jsonb := case when jsonb_typeof(p_org) = 'array' then p_org else jsonb_build_array(p_org) end;
    v_answer     jsonb;
    v_one        jsonb;
    v_en         text;
    v_field      text;
    v_constraint text;
begin
    v_answer := data.request_seen(p_request, 'organisation__load', v_digest);
    if v_answer is null then
        perform data.shape(v_list, 'organisation', '', '[{"division":{"code":"line"}}]');
        for v_one in select e from jsonb_array_elements(v_list) e loop
            -- a division that does not exist yet can be made by a database administrator only
            perform data.may_administer((select d.code from data.division d where d.code = v_one #>> '{division,code}'),
                'admin');
            perform data.organisation_one(v_one);
        end loop;
        v_answer := jsonb_build_object('ok', true, 'divisions', jsonb_array_length(v_list),
            'departments', (select count(*) from jsonb_path_query(v_list, '$[*].departments[*]')),
            'windows', (select count(*) from jsonb_path_query(v_list, '$[*].windows[*]')));
        insert into data.request (id, function, digest, answer)
            values (p_request, 'organisation__load', v_digest, v_answer);
    end if;
    return v_answer;
exception when sqlstate 'GT000' or integrity_constraint_violation then
    get stacked diagnostics v_en = pg_exception_detail, v_field = column_name, v_constraint = constraint_name;
    return data.refused('organisation__load', sqlstate, sqlerrm, v_en, v_field, v_constraint, '{}');
end
$$;
comment on function api_admin.organisation__load
    is 'load divisions, departments and windows; a second load changes what differs and removes nothing';
grant execute on function api_admin.organisation__load to guitai_admin;

reset role;
revoke create on schema data, api_admin from guitai_keeper;
