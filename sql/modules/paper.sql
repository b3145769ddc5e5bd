-- The print ledger: what is to be printed, what has been sent, which copy it is.

grant create on schema data, api to guitai_api;
set role guitai_api;

create or replace function data.paper_queue(p_case data.case_file, p_document text, p_me data.caller, p_window text,
    p_at timestamptz)
    returns jsonb language plpgsql volatile as $$
declare
    v_copy integer;
    v_id   bigint;
begin
    select coalesce(max(p.copy_no), 0) + 1 into v_copy from data.paper p where p.case_id = p_case.id
        and p.document = p_document;
    insert into data.paper (case_id, document, copy_no, staff, division, window_code, at)
    values (p_case.id, p_document, v_copy, p_me.id, p_me.division, p_window, p_at) returning id into v_id;
    return jsonb_build_object('id', v_id, 'document', p_document, 'copy_no', v_copy,
        'mark', case when v_copy > 1 then format('补打第%s次', v_copy - 1) end);
end
$$;
comment on function data.paper_queue(data.case_file, text, data.caller, text, timestamptz)
    is 'next copy of a document into the ledger; the case row is locked by the caller';
revoke all on function data.paper_queue(data.case_file, text, data.caller, text, timestamptz) from public;

create or replace function api.paper__issue(p_request uuid, p_number text, p_document text) returns jsonb
    language plpgsql volatile
    security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_digest     bytea := sha256(convert_to(row(p_number, p_document)::text, 'UTF8'));
    v_now        timestamptz := data.clock();
    v_me         data.caller;
    v_case       data.case_file;
    v_window     text;
    v_data       jsonb;
    v_paper      jsonb;
    v_answer     jsonb;
    v_en         text;
    v_field      text;
    v_constraint text;
begin
    v_answer := data.request_seen(p_request, 'paper__issue', v_digest);
    if v_answer is null then
        v_me := data.whoami();
        v_case := data.case_lock(p_number);
        v_data := data.document_json(v_case, p_document, 1);
        select min(t.window_code) into v_window from data.shift t
         where t.staff = v_me.id and t.valid_from <= data.today() and (t.valid_to is null or t.valid_to >= data.today())
        having count(distinct t.window_code) = 1;
        v_paper := data.paper_queue(v_case, p_document, v_me, v_window, v_now);
        if (v_paper ->> 'copy_no')::integer > 1 then
            v_case.head_hash := data.event_add(v_case, 'reprint', v_case.state, v_case.state, null, v_me, null,
                v_window, null, v_now, null, jsonb_build_object('document', p_document, 'copy_no',
                v_paper -> 'copy_no'));
            update data.case_file f set event_count = v_case.event_count + 1, head_hash = v_case.head_hash
                where f.id = v_case.id;
        end if;
        v_answer := jsonb_build_object('ok', true, 'paper', v_paper,
            'data', v_data || jsonb_build_object('copy_no', v_paper -> 'copy_no', 'mark', v_paper -> 'mark'));
        insert into data.request (id, function, digest, answer) values (p_request, 'paper__issue', v_digest, v_answer);
    end if;
    return v_answer;
exception when sqlstate 'GT000' or integrity_constraint_violation then
    get stacked diagnostics v_en = pg_exception_detail, v_field = column_name, v_constraint = constraint_name;
    return data.refused('paper__issue', sqlstate, sqlerrm, v_en, v_field, v_constraint,
        jsonb_build_object('number', p_number, 'document', p_document));
end
$$;
comment on function api.paper__issue(uuid, text, text)
    is 'print a document of a case; a second copy says 补打第n次 and is an event of the case';
revoke all on function api.paper__issue(uuid, text, text) from public;
grant execute on function api.paper__issue(uuid, text, text) to guitai_staff;

create or replace function api.paper__mark(p_request uuid, p_paper bigint, p_state text, p_format text, p_digest text)
    returns jsonb
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_digest     bytea := sha256(convert_to(row(p_paper, p_state, p_format, p_digest)::text, 'UTF8'));
    v_answer     jsonb;
    v_en         text;
    v_field      text;
    v_constraint text;
begin
    v_answer := data.request_seen(p_request, 'paper__mark', v_digest);
    if v_answer is null then
        if p_state is null or p_state not in ('sent', 'failed') then
            perform data.refuse('GT007', 'state', '打印状态', coalesce(p_state, ''));
        end if;
        -- what has been sent stays sent: a late failure message does not undo it
        update data.paper p
           set state = case when p.state = 'sent' then 'sent' else p_state end, format = left(p_format, 20),
               digest = left(p_digest, 100), sent_at = case when p_state = 'sent' then coalesce(p.sent_at, data.clock())
               else p.sent_at end
         where p.id = p_paper;
        if not found then
            perform data.refuse('GT045', null);
        end if;
        v_answer := jsonb_build_object('ok', true, 'paper', p_paper, 'state', p_state);
        insert into data.request (id, function, digest, answer) values (p_request, 'paper__mark', v_digest, v_answer);
    end if;
    return v_answer;
exception when sqlstate 'GT000' or integrity_constraint_violation then
    get stacked diagnostics v_en = pg_exception_detail, v_field = column_name, v_constraint = constraint_name;
    return data.refused('paper__mark', sqlstate, sqlerrm, v_en, v_field, v_constraint,
        jsonb_build_object('paper', p_paper, 'state', p_state));
end
$$;
comment on function api.paper__mark(uuid, bigint, text, text, text)
    is 'what became of a paper: sent or failed; a failed print never counts as printed';
revoke all on function api.paper__mark(uuid, bigint, text, text, text) from public;
grant execute on function api.paper__mark(uuid, bigint, text, text, text) to guitai_staff;

create or replace function api.paper__pending(p_search text default null, p_after text default null,
    p_limit integer default null)
    returns table (key text, id bigint, number text, document text, copy_no integer, state text, at timestamp)
    language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
    select p.id::text, p.id, f.number, p.document, p.copy_no::integer, p.state, data.hall_time(p.at)::timestamp
      from data.caller c
      join data.paper p on p.division = c.division and p.state <> 'sent'
      join data.case_file f on f.id = p.case_id
     where p.window_code in (select h.window_code from data.shift h
                              where h.staff = c.id and h.division = c.division and h.valid_from <= data.today()
                                and (h.valid_to is null or h.valid_to >= data.today()))
       and (coalesce(p_search, '') = '' or position(p_search in f.number) > 0)
       and (p_after is null or p.id > case when p_after ~ '^[0-9]{1,18}$' then p_after::bigint end)
     order by p.id
     limit data.page(p_limit)
$$;
comment on function api.paper__pending(text, text, integer) is 'papers of the caller''s windows that wait or failed';
revoke all on function api.paper__pending(text, text, integer) from public;
grant execute on function api.paper__pending(text, text, integer) to guitai_staff;

create or replace function api.case__document(p_number text, p_document text) returns jsonb language plpgsql volatile
    security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_case data.case_file := data.case_by_number(p_number);
begin
    return data.document_json(v_case, p_document, greatest(1, (select max(p.copy_no)::integer from data.paper p
        where p.case_id = v_case.id and p.document = p_document)));
end
$$;
comment on function api.case__document(text, text)
    is 'data of a document (receipt, decision_grant, decision_refuse, steps, chart); raises GT040, GT044';
revoke all on function api.case__document(text, text) from public;
grant execute on function api.case__document(text, text) to guitai_staff;

reset role;
revoke create on schema data, api from guitai_api;
