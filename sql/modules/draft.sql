-- Parked forms (F7): each is seen and taken up again by its writer only. A form that is taken up stays parked until its
-- values are saved or parked anew: a station that dies meanwhile loses nothing that was stored.

grant create on schema data, api to guitai_api;
set role guitai_api;

create or replace function api.draft__save(p_request uuid, p_id bigint, p_form text, p_title text, p_values jsonb)
    returns jsonb language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_digest     bytea := sha256(convert_to(row(p_id, p_form, p_title, p_values)::text, 'UTF8'));
    v_me         data.caller;
    v_id         bigint := p_id;
    v_answer     jsonb;
    v_en         text;
    v_field      text;
    v_constraint text;
begin
    v_answer := data.request_seen(p_request, 'draft__save', v_digest);
    if v_answer is null then
        v_me := data.whoami();
        if coalesce(p_form, '') = '' or p_values is null then
            perform data.refuse('GT005', 'form', '表单|The form');
        elsif p_form !~ '^[a-z][a-z0-9_-]{0,59}$' then
            perform data.refuse('GT007', 'form', '表单|The form', p_form);
        elsif jsonb_typeof(p_values) <> 'object' then
            perform data.refuse('GT009', 'values', '表单内容|The contents', '对象|an object');
        elsif length(p_values::text) > 200000 then
            perform data.refuse('GT006', 'values', '表单内容|The contents', '200000');
        end if;
        perform data.refuse_garbled('title', '标题|The title', left(p_title, 200));
        if p_id is null then
            insert into data.draft (staff, form, title, values)
            values (v_me.id, p_form, left(coalesce(p_title, ''), 200), p_values) returning id into v_id;
        else
            update data.draft d
               set form = p_form, title = left(coalesce(p_title, ''), 200), values = p_values, at = data.clock(),
                   dropped_at = null
             where d.id = p_id;
            if not found then
                perform data.refuse('GT080', null);
            end if;
        end if;
        v_answer := jsonb_build_object('ok', true, 'id', v_id);
        insert into data.request (id, function, digest, answer) values (p_request, 'draft__save', v_digest, v_answer);
    end if;
    return v_answer;
exception when sqlstate 'GT000' or integrity_constraint_violation then
    get stacked diagnostics v_en = pg_exception_detail, v_field = column_name, v_constraint = constraint_name;
    return data.refused('draft__save', sqlstate, sqlerrm, v_en, v_field, v_constraint,
        jsonb_build_object('form', p_form));
end
$$;
comment on function api.draft__save is 'park a form (p_id: over an earlier one)';
grant execute on function api.draft__save to guitai_staff;

create or replace function api.draft__list(p_search text, p_after text, p_limit integer)
    returns table (key text, id bigint, form text, title text, at timestamp, state text)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
    return query
    select x.dropped || '/' || x.id, x.id, x.form, x.title, data.hall_time(x.at)::timestamp,
           case x.dropped when 1 then 'dropped' else '' end
      from (select d.*, (d.dropped_at is not null)::integer as dropped from data.draft d) x
     where (coalesce(p_search, '') = '' or position(p_search in x.title) > 0)
       and (p_after is null or p_after ~ '^[01]/[0-9]{1,18}$'
            and (x.dropped, -x.id) > (left(p_after, 1)::integer, -substr(p_after, 3)::bigint))
     order by x.dropped, x.id desc
     limit data.page(p_limit);
end
$$;
comment on function api.draft__list is 'the caller''s parked forms, the newest first, then those thrown away';
grant execute on function api.draft__list to guitai_staff;

create or replace function api.draft__show(p_id bigint) returns jsonb
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_draft data.draft;
begin
    perform data.whoami();
    select * into v_draft from data.draft d where d.id = p_id;
    if not found then
        perform data.refuse('GT080', null);
    end if;
    return jsonb_build_object('id', v_draft.id, 'form', v_draft.form, 'title', v_draft.title, 'values', v_draft.values);
end
$$;
comment on function api.draft__show is 'a parked form as it was left; it stays parked; raises GT080';
grant execute on function api.draft__show to guitai_staff;

create or replace function api.draft__used(p_request uuid, p_id bigint) returns jsonb
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_digest bytea := sha256(convert_to(row(p_id)::text, 'UTF8'));
    v_answer jsonb;
    v_en     text;
    v_field  text;
begin
    v_answer := data.request_seen(p_request, 'draft__used', v_digest);
    if v_answer is null then
        perform data.whoami();
        delete from data.draft d where d.id = p_id;
        v_answer := jsonb_build_object('ok', true, 'id', p_id);
        insert into data.request (id, function, digest, answer) values (p_request, 'draft__used', v_digest, v_answer);
    end if;
    return v_answer;
exception when sqlstate 'GT000' then
    get stacked diagnostics v_en = pg_exception_detail, v_field = column_name;
    return data.refused('draft__used', sqlstate, sqlerrm, v_en, v_field, null, jsonb_build_object('id', p_id));
end
$$;
comment on function api.draft__used is 'what was parked has been saved: it is parked no more (nor is it when it was not)';
grant execute on function api.draft__used to guitai_staff;

create or replace function api.draft__drop(p_request uuid, p_id bigint) returns jsonb
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_digest bytea := sha256(convert_to(row(p_id)::text, 'UTF8'));
    v_answer jsonb;
    v_en     text;
    v_field  text;
begin
    v_answer := data.request_seen(p_request, 'draft__drop', v_digest);
    if v_answer is null then
        update data.draft d set dropped_at = case when d.dropped_at is null then data.clock() end where d.id = p_id
        returning jsonb_build_object('ok', true, 'id', d.id, 'dropped', d.dropped_at is not null) into v_answer;
        if not found then
            perform data.refuse('GT080', null);
        end if;
        insert into data.request (id, function, digest, answer) values (p_request, 'draft__drop', v_digest, v_answer);
    end if;
    return v_answer;
exception when sqlstate 'GT000' then
    get stacked diagnostics v_en = pg_exception_detail, v_field = column_name;
    return data.refused('draft__drop', sqlstate, sqlerrm, v_en, v_field, null, jsonb_build_object('id', p_id));
end
$$;
comment on function api.draft__drop
    is 'throw a parked form away, or take back one that was: it goes for good only when the hall is tidied';
grant execute on function api.draft__drop to guitai_staff;

reset role;
revoke create on schema data, api from guitai_api;
