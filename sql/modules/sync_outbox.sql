-- Writing messages: in the transaction of the act that they tell. Bodies as src/sync/README.md says.

grant create on schema sync to guitai_courier;
set role guitai_courier;

create or replace function sync.case_part(p_case data.case_file) returns jsonb language plpgsql stable as $$
begin
    return (
    select jsonb_build_object('number', p_case.number, 'query_code', p_case.query_code, 'item', p_case.item,
        'item_name', v.name, 'item_version', p_case.item_version, 'window', p_case.window_code,
        'applicant_kind', p_case.applicant_kind, 'id_kind', p_case.id_kind, 'id_number', p_case.id_number,
        'name', p_case.name, 'phone', p_case.phone, 'address', p_case.address, 'agent_name', p_case.agent_name,
        'agent_id_number', p_case.agent_id_number, 'extra', p_case.extra, 'note', p_case.note,
        'accepted_at', data.hall_text(p_case.accepted_at), 'promise_due', to_char(p_case.promise_due, 'YYYY-MM-DD'),
        'statute_due', to_char(p_case.statute_due, 'YYYY-MM-DD'), 'round', p_case.round)
      from data.item_version v
     where v.division = p_case.division and v.item = p_case.item and v.version = p_case.item_version);
end
$$;
comment on function sync.case_part is 'the facts of a case as a message carries them';

create or replace function sync.package_body(p_case data.case_file, p_reason text) returns jsonb language plpgsql stable as $$
begin
    -- the opinion and all materials: the receiver may not ask for them again (licensing law art. 35)
    return (
    select jsonb_build_object('case', sync.case_part(p_case), 'opinion', d.opinion, 'reviewer', d.staff_name,
        'verdict', d.result, 'reason', p_reason,
        'materials', (select jsonb_agg(jsonb_build_object('no', m.no, 'name', i.name, 'state', m.state, 'copies', m.copies)
                                 order by m.no)
                        from data.case_material m
                        join data.item_material i
                          on i.division = m.division and i.item = m.item and i.version = m.item_version and i.no = m.no
                       where m.case_id = p_case.id),
        'events', (select jsonb_agg(jsonb_build_object('seq', e.seq, 'action', e.action, 'zh', coalesce(t.zh, a.zh, e.action),
                              'staff', e.staff_name, 'at', data.hall_text(e.at), 'opinion', e.opinion,
                              'hash', encode(e.hash, 'hex')) order by e.seq)
                     from audit.case_event e
                     left join data.step t
                       on t.process = p_case.process and t.from_state = e.from_state and t.action = e.action
                     left join data.action a on a.code = e.action
                    where e.case_id = p_case.id),
        'papers', (select coalesce(jsonb_agg(jsonb_build_object('document', p.document, 'copy_no', p.copy_no,
                              'digest', p.digest) order by p.id), '[]')
                     from data.paper p where p.case_id = p_case.id and p.digest is not null),
        'clock', jsonb_build_object('review_days', p_case.statute_days,
                     'review_due', to_char(p_case.statute_due, 'YYYY-MM-DD')))
      from (select 1) one
      left join data.decision d on d.case_id = p_case.id and d.round = p_case.round and d.kind = 'review');
end
$$;
comment on function sync.package_body is 'body of up and transfer';

create or replace function sync.result_body(p_case data.case_file) returns jsonb language plpgsql stable as $$
begin
    return (
    select jsonb_build_object('result', p_case.result, 'decision', jsonb_build_object('result', p_case.result,
        'decided_at', data.hall_text(p_case.decided_at), 'division_name', v.name, 'department_name', i.full_name,
        'reviewer', r.staff_name, 'review_opinion', r.opinion, 'decider', z.staff_name, 'on_behalf_of', o.name,
        'authorisation', a.document_no, 'credential', z.credential_number, 'opinion', z.opinion,
        'bases', (select jsonb_agg(jsonb_build_object('law', l.law, 'article', l.article, 'text', l.text) order by b.no)
                    from data.item_basis b join data.legal_basis l on l.id = b.legal_basis
                   where b.division = p_case.division and b.item = p_case.item and b.version = p_case.item_version),
        'reconsider_body', coalesce(t.reconsider, v.government, v.name || '人民政府')))
      from data.division v
      join data.item_version i on i.division = p_case.division and i.item = p_case.item and i.version = p_case.item_version
      join data.department t on t.id = p_case.department
      join data.decision r on r.case_id = p_case.id and r.round = p_case.round and r.kind = 'review'
      join lateral (select d.* from data.decision d
                     where d.case_id = p_case.id and d.round = p_case.round and d.kind <> 'review'
                     order by d.at desc limit 1) z on true
      left join data.staff o on o.id = z.on_behalf_of
      left join data.authorisation a on a.id = z.authorisation
     where v.code = p_case.division);
end
$$;
comment on function sync.result_body is 'body of result: the decision as the county prints and delivers it';

create or replace function sync.asked(p_case data.case_file, p_asked text) returns jsonb language plpgsql stable as $$
declare
    v_one  text;
    v_line record;
    v_all  jsonb := '[]';
begin
    for v_one in select distinct e from regexp_split_to_table(left(p_asked, 200), '[ ,，、;；]+') e where e <> '' loop
        select m.no, i.name, m.state, m.copies into v_line
          from data.case_material m
          join data.item_material i
            on i.division = m.division and i.item = m.item and i.version = m.item_version and i.no = m.no
         where m.case_id = p_case.id and m.no::text = v_one;
        if not found then
            perform data.refuse('GT026', 'asked', left(v_one, 20));
        elsif v_line.state <> 'missing' then
            perform data.refuse('GT084', 'asked', v_line.no || ' ' || v_line.name,
                data.material_state_zh(v_line.state) || v_line.copies);
        end if;
        v_all := v_all || jsonb_build_object('no', v_line.no, 'name', v_line.name);
    end loop;
    return v_all;
end
$$;
comment on function sync.asked
    is 'materials that a hall asks for when it sends a case back; refuses one that is in the package already (art. 35)';

create or replace function sync.peer_for(p_case data.case_file, p_kind text, p_to text) returns sync.peer
    language plpgsql stable as $$
declare
    v_peer sync.peer;
begin
    select * into v_peer from sync.peer p
     where p.own = p_case.division and p.active
       and case p_kind when 'up' then p.relation = 'upper' when 'transfer' then p.division = p_to
                       else p.division = p_case.origin end;
    if found then
        return v_peer;
    elsif p_kind = 'transfer' then
        perform data.refuse('GT085', 'to', coalesce(left(p_to, 20), ''));
    end if;
    perform data.refuse('GT083', null);
end
$$;
comment on function sync.peer_for is 'the hall that a message about a case goes to';

create or replace function sync.message_add(p_peer sync.peer, p_case bigint, p_number text, p_ord integer, p_kind text,
    p_department integer, p_body jsonb) returns uuid language plpgsql volatile as $$
declare
    v_id     uuid := gen_random_uuid();
    v_body   text := p_body::text;
    v_digest text := sync.digest(v_body);
    v_now    timestamptz := data.clock();
begin
    if octet_length(v_body) > 262144 then
        perform data.refuse('GT086', null, (octet_length(v_body) / 1024)::text);
    end if;
    insert into sync.outbox (id, own, peer, case_id, number, ord, kind, department, body, digest, mac, created_at,
        created_by, next_try)
    values (v_id, p_peer.own, p_peer.division, p_case, p_number, p_ord, p_kind, p_department, v_body, v_digest,
        sync.message_mac(p_peer, v_id, p_number, p_ord, p_kind, v_digest), v_now, (select c.id from data.caller c), v_now);
    return v_id;
end
$$;
comment on function sync.message_add is 'a message into the outbox';

create or replace function sync.recall_add(p_case data.case_file) returns void language plpgsql volatile as $$
declare
    v_up   sync.outbox;
    v_peer sync.peer;
begin
    select * into v_up from sync.outbox o
     where o.case_id = p_case.id and o.kind = 'up' and o.state = 'waiting'
     order by o.ord desc limit 1 for update;
    if not found then
        perform data.refuse('GT087', null);
    elsif v_up.attempts = 0 then -- it never left: nobody need be asked, and its order is free again
        update sync.outbox o set state = 'withdrawn', answered_at = data.clock() where o.id = v_up.id;
        perform sync.case_move(p_case.id, 'recalled', '本机', null, jsonb_build_object('message', v_up.id));
        return;
    end if;
    select * into strict v_peer from sync.peer p where p.own = v_up.own and p.division = v_up.peer;
    perform sync.message_add(v_peer, p_case.id, p_case.number, 0, 'recall', p_case.department,
        jsonb_build_object('id', v_up.id, 'order', v_up.ord, 'digest', v_up.digest));
end
$$;
comment on function sync.recall_add is 'ask for a case back, or take it back at once when its message never left';

create or replace function sync.handoff(p_case bigint, p_kind text, p_reason text, p_to text, p_asked text)
    returns void
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_case data.case_file;
    v_peer sync.peer;
begin
    select * into strict v_case from data.case_file f where f.id = p_case;
    if p_kind = 'recall' then
        perform sync.recall_add(v_case);
        return;
    end if;
    v_peer := sync.peer_for(v_case, p_kind, p_to);
    perform sync.message_add(v_peer, v_case.id, v_case.number,
        (select coalesce(max(o.ord), 0) + 1 from sync.outbox o where o.own = v_peer.own and o.peer = v_peer.division
            and o.number = v_case.number and o.ord > 0 and o.state <> 'withdrawn'),
        p_kind, v_case.department,
        case p_kind when 'result' then sync.result_body(v_case)
            when 'return' then jsonb_build_object('reason', p_reason, 'asked', sync.asked(v_case, p_asked))
            else sync.package_body(v_case, case p_kind when 'transfer' then p_reason end) end);
end
$$;
comment on function sync.handoff
    is 'the message of an act that hands a case to another hall, in the act''s own transaction; the case row is locked';
grant execute on function sync.handoff to guitai_api;

reset role;
revoke create on schema sync from guitai_courier;
