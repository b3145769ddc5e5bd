-- Search by fragments. Under row security an operator that is not leakproof loses its index, so this one function has
-- an owner with a policy of its own, and the caller's division and departments are written into it.

grant create on schema data to guitai_search;
set role guitai_search;

create or replace function data.search_cases(p_text text, p_before bigint, p_limit integer) returns setof bigint
    language plpgsql volatile rows 50 security definer set search_path = pg_catalog, pg_temp
    set plan_cache_mode = force_generic_plan as $$
declare
    v_me    data.caller;
    v_all   boolean;
    v_mine  integer[];
    v_text  text := upper(data.fold_search(p_text));
    v_grams text[];
begin
    select * into v_me from data.caller;
    select coalesce(bool_or(p.department is null), false), coalesce(array_agg(p.department), '{}')
      into v_all, v_mine
      from data.caller_post p;
    if v_text ~ '^[0-9]{8,24}$' and length(v_text) <> 18 then -- a case number or its beginning
        return query
        select f.id from data.case_file f
         where f.number = v_text and f.division = v_me.division
           and (v_all or f.department = any (v_mine) or f.accepted_by = v_me.id) and f.id < p_before;
        if found then
            return;
        end if;
        return query
        select f.id from data.case_file f
         -- a generic plan cannot use ^@
         where f.number between v_text and v_text || repeat('9', 24) and f.division = v_me.division
           and (v_all or f.department = any (v_mine) or f.accepted_by = v_me.id) and f.id < p_before
         order by f.id desc limit p_limit;
    elsif v_text ~ '^[0-9A-Z]{15,18}$' then -- an identity number
        return query
        select f.id from data.applicant a join data.case_file f on f.applicant = a.id
         where a.id_number = v_text and a.division = v_me.division
           and (v_all or f.department = any (v_mine) or f.accepted_by = v_me.id) and f.id < p_before
         order by f.id desc limit p_limit;
    elsif v_text ~ '^[0-9]{5}[0-9X]$' then -- the tail of one
        return query
        select f.id from data.applicant a join data.case_file f on f.applicant = a.id
         where a.id_tail = v_text and a.division = v_me.division
           and (v_all or f.department = any (v_mine) or f.accepted_by = v_me.id) and f.id < p_before
         order by f.id desc limit p_limit;
    elsif v_text <> '' then -- a fragment of a name
        v_text := lower(v_text);
        v_grams := case when length(v_text) = 1 then array[v_text]
            else array(select distinct substr(v_text, i, 2) from generate_series(1, length(v_text) - 1) i) end;
        return query
        select f.id from data.applicant a join data.case_file f on f.applicant = a.id
         where a.grams @> v_grams and position(v_text in lower(a.name)) > 0 and a.division = v_me.division
           and (v_all or f.department = any (v_mine) or f.accepted_by = v_me.id) and f.id < p_before
         order by f.id desc limit p_limit;
    end if;
end
$$;
comment on function data.search_cases
    is 'cases of the caller''s scope by number, identity number, its tail, or a fragment of a name; newest first';
grant execute on function data.search_cases to guitai_api;

reset role;
revoke create on schema data from guitai_search;
grant create on schema api to guitai_api;
set role guitai_api;

create or replace function api.case__search(p_search text, p_after text, p_limit integer)
    returns table (key text, number text, item_name text, applicant_name text, state text, state_zh text, state_en text,
    class_zh text, class_en text, promise_due date, days_left integer, colour text, department_name text,
    accepted_at timestamp, "window" text, mine boolean)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
    set plan_cache_mode = force_generic_plan as $$
declare
    v_me data.caller := data.whoami();
begin
    return query
    select l.id::text, l.number, l.item_name, l.applicant_name, l.state, l.state_zh, l.state_en, l.class_zh, l.class_en,
           l.promise_due, l.days_left, l.colour, l.department_name, l.accepted_at::timestamp, l.window_code,
           l.accepted_by = v_me.id
      from data.search_cases(p_search,
               case when p_after ~ '^[0-9]{1,18}$' then p_after::bigint else 9223372036854775807 end,
               data.page(p_limit)) as x(id)
      -- a page by key, never all lines by hash
      cross join lateral (select c.* from data.case_line c where c.id = x.id offset 0) l
     order by l.id desc;
end
$$;
comment on function api.case__search
    is 'cases, open and closed, by number, identity number, its last six, or a fragment of a name; newest first';
grant execute on function api.case__search to guitai_staff;

reset role;
revoke create on schema api from guitai_api;
