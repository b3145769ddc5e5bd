-- The print ledger: what is to be printed, what has been sent, which copy it is.

grant create on schema data, api to guitai_api;
set role guitai_api;

create or replace function data.paper_queue(p_case data.case_file, p_document text, p_me data.caller, p_window text,
    p_at timestamptz) returns jsonb
    language plpgsql volatile as $$
declare
    v_copy integer;
    v_id   bigint;
begin
    -- a copy that never came out keeps its number until it does: only what was sent makes the next one a reprint
    update data.paper p set state = 'queued', staff = p_me.id, window_code = p_window, at = p_at
     where p.id = (select u.id from data.paper u
                    where u.case_id = p_case.id and u.document = p_document and u.state <> 'sent'
                    order by u.copy_no limit 1)
       and p.state <> 'sent' -- told meanwhile by another desk
    returning p.id, p.copy_no into v_id, v_copy;
    if not found then
        select coalesce(max(p.copy_no), 0) + 1 into v_copy
          from data.paper p where p.case_id = p_case.id and p.document = p_document;
        insert into data.paper (case_id, document, copy_no, staff, division, window_code, at)
        values (p_case.id, p_document, v_copy, p_me.id, p_me.division, p_window, p_at) returning id into v_id;
    end if;
    return jsonb_build_object('id', v_id, 'document', p_document, 'copy_no', v_copy,
        'mark', case when v_copy > 1 then format('补打第%s次', v_copy - 1) end);
end
$$;
comment on function data.paper_queue
    is 'the copy of a document that is to come out next: one that never did, or another number; the case row is '
        'locked by the caller';

create or replace function data.reprint_event(p_case data.case_file, p_document text, p_copy integer, p_me data.caller,
    p_window text, p_at timestamptz, p_more jsonb) returns void language plpgsql volatile as $$
begin
    update data.case_file f
       set event_count = p_case.event_count + 1,
           head_hash = data.event_add(p_case, 'reprint', p_case.state, p_case.state, null, p_me, null, p_window, null, p_at,
               null, jsonb_build_object('document', p_document, 'copy_no', p_copy) || p_more)
     where f.id = p_case.id;
end
$$;
comment on function data.reprint_event
    is 'the event of a further copy of a document; the case row is locked by the caller';

create or replace function data.paper_sent_again(p_paper data.paper, p_format text, p_digest text) returns data.paper
    language plpgsql volatile as $$
declare
    v_now  timestamptz := data.clock();
    v_me   data.caller := data.whoami();
    v_case data.case_file;
begin
    select * into v_case from data.case_file f where f.id = p_paper.case_id for no key update;
    select coalesce(max(p.copy_no), 0) + 1 into p_paper.copy_no
      from data.paper p where p.case_id = p_paper.case_id and p.document = p_paper.document;
    insert into data.paper (case_id, document, copy_no, state, staff, division, window_code, format, at, sent_at, digest)
    values (p_paper.case_id, p_paper.document, p_paper.copy_no, 'sent', v_me.id, p_paper.division, p_paper.window_code,
        p_format, v_now, v_now, p_digest) returning * into p_paper;
    perform data.reprint_event(v_case, p_paper.document, p_paper.copy_no::integer, v_me, p_paper.window_code, v_now,
        '{"unmarked":true}');
    return p_paper;
end
$$;
comment on function data.paper_sent_again
    is 'two desks printed one copy: the second came out without its mark, and the ledger counts it';

create or replace function api.paper__issue(p_request uuid, p_number text, p_document text) returns jsonb
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
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
            perform data.reprint_event(v_case, p_document, (v_paper ->> 'copy_no')::integer, v_me, v_window, v_now, '{}');
        end if;
        v_answer := jsonb_build_object('ok', true, 'number', v_case.number, 'paper', v_paper,
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
comment on function api.paper__issue
    is 'print a document of a case: the copy that never came out, or a further one, which says 补打第n次 and is an event';
grant execute on function api.paper__issue to guitai_staff;

create or replace function api.paper__mark(p_request uuid, p_paper bigint, p_state text, p_format text, p_digest text)
    returns jsonb language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_digest     bytea := sha256(convert_to(row(p_paper, p_state, p_format, p_digest)::text, 'UTF8'));
    v_paper      data.paper;
    v_answer     jsonb;
    v_en         text;
    v_field      text;
    v_constraint text;
begin
    v_answer := data.request_seen(p_request, 'paper__mark', v_digest);
    if v_answer is null then
        if p_state is null or p_state not in ('sent', 'failed') then
            perform data.refuse('GT007', 'state', '打印状态|The state', coalesce(p_state, ''));
        elsif p_format !~ '^[a-z0-9_-]{1,20}$' then
            perform data.refuse('GT007', 'format', '打印格式|The format', p_format);
        elsif p_digest !~ '^[A-Za-z0-9:+/=_-]{1,100}$' then
            perform data.refuse('GT007', 'digest', '摘要|The digest', p_digest);
        end if;
        -- what has been sent stays as it was sent: nothing that is told later undoes it or changes what it was
        update data.paper p set state = p_state, format = p_format, digest = p_digest,
            sent_at = case when p_state = 'sent' then data.clock() end
         where p.id = p_paper and p.state <> 'sent'
        returning * into v_paper;
        if not found then
            select * into v_paper from data.paper p where p.id = p_paper;
            if not found or v_paper.division is distinct from (select c.division from data.caller c) then
                perform data.refuse('GT045', null);
            elsif p_state = 'sent' then
                v_paper := data.paper_sent_again(v_paper, p_format, p_digest);
            end if;
        end if;
        v_answer := jsonb_build_object('ok', true, 'paper', v_paper.id, 'state', v_paper.state, 'copy_no', v_paper.copy_no);
        insert into data.request (id, function, digest, answer) values (p_request, 'paper__mark', v_digest, v_answer);
    end if;
    return v_answer;
exception when sqlstate 'GT000' or integrity_constraint_violation then
    get stacked diagnostics v_en = pg_exception_detail, v_field = column_name, v_constraint = constraint_name;
    return data.refused('paper__mark', sqlstate, sqlerrm, v_en, v_field, v_constraint,
        jsonb_build_object('paper', p_paper, 'state', p_state));
end
$$;
comment on function api.paper__mark
    is 'what became of a paper: sent or failed; a failed print never counts as printed, what was sent never as '
        'failed, and what was sent twice counts twice';
grant execute on function api.paper__mark to guitai_staff;

create or replace function api.paper__pending(p_search text default null, p_after text default null,
    p_limit integer default null)
    returns table (key text, id bigint, number text, document text, copy_no integer, state text, at timestamp)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
    return query
    select p.id::text, p.id, f.number, p.document, p.copy_no::integer, p.state::text, data.hall_time(p.at)::timestamp
      from data.caller c
      join data.paper p on p.division = c.division and p.state <> 'sent'
      join data.case_file f on f.id = p.case_id
     where p.window_code in (select h.window_code from data.shift h
                              where h.staff = c.id and h.division = c.division and h.valid_from <= data.today()
                                and (h.valid_to is null or h.valid_to >= data.today()))
       and (coalesce(p_search, '') = '' or position(p_search in f.number) > 0)
       and (p_after is null or p.id > case when p_after ~ '^[0-9]{1,18}$' then p_after::bigint end)
     order by p.id
     limit data.page(p_limit);
end
$$;
comment on function api.paper__pending is 'papers of the caller''s windows that wait or failed';
grant execute on function api.paper__pending to guitai_staff;

create or replace function api.case__document(p_number text, p_document text) returns jsonb language plpgsql volatile
    security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_case data.case_file := data.case_by_number(p_number);
begin
    return data.document_json(v_case, p_document, greatest(1, (
        select max(p.copy_no)::integer from data.paper p where p.case_id = v_case.id and p.document = p_document)));
end
$$;
comment on function api.case__document
    is 'data of a document (receipt, decision_grant, decision_refuse, steps, chart); raises GT040, GT044, GT047';
grant execute on function api.case__document to guitai_staff;

reset role;
revoke create on schema data, api from guitai_api;
