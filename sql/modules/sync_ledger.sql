-- Proof on both sides: the ledger between two halls by digest, and the comparison of both.

grant create on schema sync, api, api_sync to guitai_courier;
set role guitai_courier;

create or replace function sync.entries(p_own text, p_peer text, p_from date, p_to date)
    returns table (day date, side text, id uuid, number text, kind text, digest text, answer text)
    language plpgsql volatile as $$
#variable_conflict use_column
begin
    return query
    select data.hall_day(i.answered_at), 'received', i.id, i.number, i.kind::text, i.digest, i.answer::text
      from sync.inbox i
     where i.own = p_own and i.origin = p_peer and i.answered_at >= (p_from::text || ' 00:00:00+08')::timestamptz
       and i.answered_at < ((p_to + 1)::text || ' 00:00:00+08')::timestamptz
    union all
    -- a message is of the day that the other side wrote under its answer, so that both count it on the same one
    select (o.answer ->> 'at')::timestamp::date, 'sent', o.id, o.number, o.kind::text, o.digest, o.answer ->> 'answer'
      from sync.outbox o
     where o.own = p_own and o.peer = p_peer and o.answered_at is not null and o.answer is not null
       and o.answered_at >= (p_from::text || ' 00:00:00+08')::timestamptz
       and (o.answer ->> 'at')::timestamp::date between p_from and p_to;
end
$$;
comment on function sync.entries(text, text, date, date) is 'what is settled between two halls, from p_from to p_to';
revoke all on function sync.entries(text, text, date, date) from public;

create or replace function sync.ledger_days(p_own text, p_peer text, p_since date) returns jsonb language plpgsql volatile as $$
begin
    return (
    select coalesce(jsonb_agg(jsonb_build_object('day', to_char(d.day, 'YYYY-MM-DD'), 'sent', d.sent, 'received', d.received)
               order by d.day), '[]')
      from (select e.day,
                   jsonb_build_object('count', count(*) filter (where e.side = 'sent'), 'digest', sync.digest(coalesce(
                       string_agg(concat_ws('|', e.id, e.digest, e.answer) || E'\n', '' order by e.id::text collate "C")
                       filter (where e.side = 'sent'), ''))) as sent,
                   jsonb_build_object('count', count(*) filter (where e.side = 'received'), 'digest', sync.digest(coalesce(
                       string_agg(concat_ws('|', e.id, e.digest, e.answer) || E'\n', '' order by e.id::text collate "C")
                       filter (where e.side = 'received'), ''))) as received
              from sync.entries(p_own, p_peer, p_since, data.today()) e group by e.day) d);
end
$$;
comment on function sync.ledger_days(text, text, date) is 'a digest for each day and side, as the protocol says';
revoke all on function sync.ledger_days(text, text, date) from public;

create or replace function sync.ledger_entries(p_own text, p_peer text, p_day date) returns jsonb language plpgsql volatile as $$
begin
    return (
    select coalesce(jsonb_agg(jsonb_build_object('id', e.id, 'side', e.side, 'case', e.number, 'kind', e.kind, 'digest', e.digest,
               'answer', e.answer) order by e.id), '[]')
      from sync.entries(p_own, p_peer, p_day, p_day) e);
end
$$;
comment on function sync.ledger_entries(text, text, date) is 'the entries of a day';
revoke all on function sync.ledger_entries(text, text, date) from public;

create or replace function sync.day(p_text text, p_name text) returns date language plpgsql stable as $$
begin
    if p_text !~ '^20[0-9]{2}-[01][0-9]-[0-3][0-9]$' then
        perform data.refuse('GT081', null, p_name, left(p_text, 20));
    end if;
    return p_text::date;
exception when datetime_field_overflow then
    perform data.refuse('GT081', null, p_name, p_text);
    return null;
end
$$;
comment on function sync.day(text, text) is 'a day of a request; GT081 for anything else';
revoke all on function sync.day(text, text) from public;

create or replace function api_sync.ledger__show(p_origin text, p_question jsonb) returns jsonb language plpgsql volatile
    security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_peer sync.peer := sync.peer_of(p_origin, p_question);
begin
    if p_question ? 'day' then
        return jsonb_build_object('protocol', 1, 'entries', sync.ledger_entries(v_peer.own, v_peer.division,
            sync.day(p_question ->> 'day', 'day')));
    end if;
    return jsonb_build_object('protocol', 1, 'days', sync.ledger_days(v_peer.own, v_peer.division,
        sync.day(coalesce(p_question ->> 'since', ''), 'since')));
end
$$;
comment on function api_sync.ledger__show(text, jsonb) is 'the ledger with the asking hall: digests by day, or the entries of a day';
revoke all on function api_sync.ledger__show(text, jsonb) from public;
grant execute on function api_sync.ledger__show(text, jsonb) to guitai_endpoint;

create or replace function sync.may_compare(p_peer text) returns sync.peer language plpgsql volatile as $$
declare
    v_peer sync.peer;
begin
    -- who supervises or transmits for the hall; a database administrator without a staff row for any
    select p.* into v_peer from sync.peer p
     where p.division = p_peer
       and (not exists (select 1 from data.staff s where s.login = session_user)
            or exists (select 1 from data.caller_post c where c.division = p.own and c.duty in ('supervise', 'transmit', 'admin')))
     limit 1;
    if not found then
        perform data.whoami();
        perform data.refuse('GT085', 'to', coalesce(left(p_peer, 20), ''));
    end if;
    return v_peer;
end
$$;
comment on function sync.may_compare(text) is 'a peer whose ledger the caller may compare';
revoke all on function sync.may_compare(text) from public;

-- Their answer to {"since"}: the days that differ, to be asked for; none is the proof.
create or replace function api.ledger__compare(p_peer text, p_since date, p_theirs jsonb) returns jsonb
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_peer sync.peer := sync.may_compare(p_peer);
    v_days jsonb;
begin
    if jsonb_typeof(p_theirs -> 'days') is distinct from 'array' then
        perform data.refuse('GT081', null, 'days', coalesce(jsonb_typeof(p_theirs -> 'days'), '-'));
    end if;
    select coalesce(jsonb_agg(coalesce(o.day, t.day) order by coalesce(o.day, t.day)), '[]') into v_days
      from (select e ->> 'day' as day, e -> 'sent' as sent, e -> 'received' as received
              from jsonb_array_elements(sync.ledger_days(v_peer.own, v_peer.division, p_since)) e) o
      full join (select e ->> 'day' as day, e -> 'sent' as sent, e -> 'received' as received
                   from jsonb_array_elements(p_theirs -> 'days') e) t on t.day = o.day
     -- what we sent is what they received
     where (o.sent, o.received) is distinct from (t.received, t.sent);
    delete from sync.difference d where d.own = v_peer.own and d.peer = v_peer.division and d.day >= p_since;
    insert into sync.comparison as c (own, peer, since, at, equal)
    values (v_peer.own, v_peer.division, p_since, data.clock(), v_days = '[]')
    on conflict (own, peer) do update set since = excluded.since, at = excluded.at, equal = excluded.equal;
    return jsonb_build_object('ok', true, 'days', v_days);
end
$$;
comment on function api.ledger__compare(text, date, jsonb)
    is 'compare our ledger since a day with a peer''s; the days that differ (none: nothing lost, nothing twice)';
revoke all on function api.ledger__compare(text, date, jsonb) from public;
grant execute on function api.ledger__compare(text, date, jsonb) to guitai_staff, guitai_admin;

create or replace function api.ledger__differences(p_peer text, p_day date, p_theirs jsonb)
    returns table (day date, side text, message uuid, number text, zh text, en text) language plpgsql volatile
    security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_peer sync.peer := sync.may_compare(p_peer);
begin
    if jsonb_typeof(p_theirs -> 'entries') is distinct from 'array' then
        perform data.refuse('GT081', null, 'entries', coalesce(jsonb_typeof(p_theirs -> 'entries'), '-'));
    end if;
    delete from sync.difference d where d.own = v_peer.own and d.peer = v_peer.division and d.day = p_day;
    return query
    insert into sync.difference as x (own, peer, day, side, message, number, zh, en, at)
    select v_peer.own, v_peer.division, p_day, coalesce(o.side, case t.side when 'sent' then 'received' else 'sent' end),
           coalesce(o.id, t.id), coalesce(o.number, t.number),
           case when t.id is null then '对方没有这一条' when o.id is null then '本方没有这一条'
                when o.digest <> t.digest then '内容摘要不同' else '办理结果不同: 本方 ' || o.answer || ', 对方 ' || t.answer end,
           case when t.id is null then 'missing at the peer' when o.id is null then 'missing here'
                when o.digest <> t.digest then 'digests differ' else 'answers differ: ' || o.answer || ', ' || t.answer end,
           data.clock()
      from sync.entries(v_peer.own, v_peer.division, p_day, p_day) o
      full join (select (e ->> 'id')::uuid as id, e ->> 'side' as side, left(e ->> 'case', 40) as number, e ->> 'digest' as digest,
                        e ->> 'answer' as answer
                   from jsonb_array_elements(p_theirs -> 'entries') e
                  where e ->> 'id' ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$') t
        on t.id = o.id and t.side <> o.side
     where o.id is null or t.id is null or o.digest <> t.digest or o.answer <> t.answer
    returning x.day, x.side, x.message, x.number, x.zh, x.en;
end
$$;
comment on function api.ledger__differences(text, date, jsonb) is 'every entry of a day that differs, by name; kept for the screen';
revoke all on function api.ledger__differences(text, date, jsonb) from public;
grant execute on function api.ledger__differences(text, date, jsonb) to guitai_staff, guitai_admin;

reset role;
revoke create on schema sync, api, api_sync from guitai_courier;
