-- Removing what was kept for a while only. Law stays: events, refusals, papers, sign-ons (to be kept six months at
-- least, 网络安全法 第二十一条) have no function that removes them.

grant create on schema api_admin to guitai_keeper;
set role guitai_keeper;

create or replace function api_admin.leftover__tidy(p_request uuid, p_days integer) returns jsonb
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_digest     bytea := sha256(convert_to(row(p_days)::text, 'UTF8'));
    v_before     timestamptz := data.clock() - make_interval(days => least(coalesce(p_days, 7), 36500));
    v_division   text;
    v_requests   bigint;
    v_drafts     bigint;
    v_answer     jsonb;
    v_en         text;
    v_field      text;
    v_constraint text;
begin
    v_answer := data.request_seen(p_request, 'leftover__tidy', v_digest);
    if v_answer is null then
        if p_days < 1 then -- a repeat after a night without a network must find its answer; the row policy holds too
            perform data.refuse('GT007', 'days', '天数|The days', p_days::text);
        end if;
        select c.division into v_division from data.caller c;
        perform data.may_administer(v_division, 'admin');
        delete from data.request r
         where r.at < v_before
           and (v_division is null or r.login in (select s.login from data.staff s where s.division = v_division));
        get diagnostics v_requests = row_count;
        -- a parked form is seen by its writer only: of who has left, nobody can take it up again
        delete from data.draft d using data.staff s
         where s.id = d.staff and (s.valid_to < data.hall_day(v_before) or d.dropped_at < v_before)
           and (v_division is null or s.division = v_division);
        get diagnostics v_drafts = row_count;
        v_answer := jsonb_build_object('ok', true, 'before', data.hall_text(v_before), 'requests', v_requests,
            'drafts', v_drafts);
        insert into data.request (id, function, digest, answer) values (p_request, 'leftover__tidy', v_digest, v_answer);
    end if;
    return v_answer;
exception when sqlstate 'GT000' or integrity_constraint_violation then
    get stacked diagnostics v_en = pg_exception_detail, v_field = column_name, v_constraint = constraint_name;
    return data.refused('leftover__tidy', sqlstate, sqlerrm, v_en, v_field, v_constraint,
        jsonb_build_object('days', p_days));
end
$$;
comment on function api_admin.leftover__tidy
    is 'forget answers given more than p_days ago (null: 7, at least 1), and parked forms that were thrown away, or '
        'whose writer left, before that';
grant execute on function api_admin.leftover__tidy to guitai_admin;

reset role;
revoke create on schema api_admin from guitai_keeper;
