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
comment on function sync.entries is 'what is settled between two halls, from p_from to p_to';

create or replace function sync.ledger_days(p_own text, p_peer text, p_since date) returns jsonb
    language plpgsql volatile as $$
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
comment on function sync.ledger_days is 'a digest for each day and side, as the protocol says';

-- A page: at most 5,000 entries after an id, in the order of ids; ids of both sides that are equal stay on one page.
create or replace function sync.ledger_page(p_own text, p_peer text, p_day date, p_after uuid) returns jsonb
    language plpgsql volatile as $$
begin
    return (
    with page as materialized (
        select e.* from sync.entries(p_own, p_peer, p_day, p_day) e where p_after is null or e.id > p_after
         order by e.id fetch first 5000 rows with ties)
    select jsonb_build_object('protocol', 1, 'entries', coalesce(jsonb_agg(jsonb_build_object('id', e.id, 'side', e.side,
               'case', e.number, 'kind', e.kind, 'digest', e.digest, 'answer', e.answer) order by e.id), '[]'),
               'more', count(*) >= 5000)
      from page e);
end
$$;
comment on function sync.ledger_page is 'a page of the entries of a day, as the protocol says';

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
comment on function sync.day is 'a day of a request; GT081 for anything else';

create or replace function sync.id(p_text text, p_name text) returns uuid language plpgsql immutable as $$
begin
    if p_text is null or p_text ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then
        return p_text::uuid;
    end if;
    perform data.refuse('GT081', null, p_name, left(p_text, 20));
    return null;
end
$$;
comment on function sync.id is 'an id of a request, null when there is none; GT081 for anything else';

create or replace function api_sync.ledger__show(p_origin text, p_question jsonb) returns jsonb language plpgsql volatile
    security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_peer sync.peer := sync.peer_of(p_origin, p_question);
begin
    if p_question ? 'day' then
        return sync.ledger_page(v_peer.own, v_peer.division, sync.day(p_question ->> 'day', 'day'),
            sync.id(p_question ->> 'after', 'after'));
    end if;
    return jsonb_build_object('protocol', 1, 'days', sync.ledger_days(v_peer.own, v_peer.division,
        sync.day(coalesce(p_question ->> 'since', ''), 'since')));
end
$$;
comment on function api_sync.ledger__show
    is 'the ledger with the asking hall: digests by day, or a page of the entries of a day';
grant execute on function api_sync.ledger__show to guitai_endpoint;

create or replace function sync.may_compare(p_own text, p_peer text) returns sync.peer language plpgsql volatile as $$
declare
    v_peer sync.peer;
begin
    -- who supervises or transmits for the hall; a database administrator without a staff row for any
    select p.* into v_peer from sync.peer p
     where p.division = p_peer and p.own = coalesce(p_own, p.own)
       and (not exists (select 1 from data.staff s where s.login = session_user)
                and pg_has_role(session_user, 'guitai_admin', 'member')
            or exists (select 1 from data.caller_post c
                        where c.division = p.own and c.duty in ('supervise', 'transmit', 'admin')))
     limit 1;
    if not found then
        perform data.refuse('GT085', 'to', coalesce(left(p_peer, 20), ''));
    end if;
    return v_peer;
end
$$;
comment on function sync.may_compare
    is 'a peer whose ledger the caller may compare; p_own null: with whichever hall of the caller exchanges cases '
        'with it';

-- The comparison is a conversation, and the database leads it: a step says what to ask the other hall next, whoever
-- carries it asks and brings the answer back. First the digests of the days, then, for the days that differ, the entries.

create or replace function sync.different_days(p_peer sync.peer, p_since date, p_theirs jsonb) returns jsonb
    language plpgsql volatile as $$
begin
    if jsonb_typeof(p_theirs -> 'days') is distinct from 'array' then
        perform data.refuse('GT081', null, 'days', coalesce(jsonb_typeof(p_theirs -> 'days'), '-'));
    elsif exists (select 1 from jsonb_array_elements(p_theirs -> 'days') e
                   where sync.day(coalesce(e ->> 'day', ''), 'days[].day') < p_since) then
        perform data.refuse('GT081', null, 'days', '< ' || p_since);
    end if;
    return (
    select coalesce(jsonb_agg(coalesce(o.day, t.day) order by coalesce(o.day, t.day)), '[]')
      from (select e ->> 'day' as day, e -> 'sent' as sent, e -> 'received' as received
              from jsonb_array_elements(sync.ledger_days(p_peer.own, p_peer.division, p_since)) e) o
      full join (select e ->> 'day' as day, e -> 'sent' as sent, e -> 'received' as received
                   from jsonb_array_elements(p_theirs -> 'days') e) t on t.day = o.day
     -- what we sent is what they received
     where (o.sent, o.received) is distinct from (t.received, t.sent));
end
$$;
comment on function sync.different_days is 'the days on which two ledgers differ; none is the proof';

create or replace function sync.compare_page(p_peer sync.peer, p_day date, p_after uuid, p_theirs jsonb) returns uuid
    language plpgsql volatile as $$
declare
    v_more boolean := coalesce(p_theirs -> 'more' = 'true', false);
    v_last uuid; -- the page reaches so far; null: to the end
begin
    if jsonb_typeof(p_theirs -> 'entries') is distinct from 'array' then
        perform data.refuse('GT081', null, 'entries', coalesce(jsonb_typeof(p_theirs -> 'entries'), '-'));
    end if;
    perform sync.id(coalesce(e ->> 'id', ''), 'entries[].id') from jsonb_array_elements(p_theirs -> 'entries') e;
    if v_more then
        v_last := sync.id(p_theirs -> 'entries' -> -1 ->> 'id', 'entries[].id');
        if v_last is null or v_last <= p_after then
            perform data.refuse('GT081', null, 'more', coalesce(v_last::text, '-')); -- it would never end
        end if;
    end if;
    -- day by day: of a comparison that breaks off, what was found before stays for the days that it did not come to
    if p_after is null then
        delete from sync.difference d where d.own = p_peer.own and d.peer = p_peer.division and d.day = p_day;
    end if;
    insert into sync.difference (own, peer, day, side, message, number, zh, en, at)
    select p_peer.own, p_peer.division, p_day, coalesce(o.side, case t.side when 'sent' then 'received' else 'sent' end),
           coalesce(o.id, t.id), coalesce(o.number, t.number),
           case when t.id is null then '对方没有这一条' when o.id is null then '本方没有这一条'
                when o.digest <> t.digest then '内容摘要不同' else '办理结果不同: 本方 ' || o.answer || ', 对方 ' || t.answer end,
           case when t.id is null then 'missing at the peer' when o.id is null then 'missing here'
                when o.digest <> t.digest then 'digests differ' else 'answers differ: ' || o.answer || ', ' || t.answer end,
           data.clock()
      from (select e.* from sync.entries(p_peer.own, p_peer.division, p_day, p_day) e
             where (p_after is null or e.id > p_after) and (v_last is null or e.id <= v_last)) o
      full join (select (e ->> 'id')::uuid as id, e ->> 'side' as side, left(e ->> 'case', 40) as number,
                        e ->> 'digest' as digest, e ->> 'answer' as answer
                   from jsonb_array_elements(p_theirs -> 'entries') e) t
        on t.id = o.id and t.side <> o.side
     where (o.id is null or t.id is null or o.digest is distinct from t.digest or o.answer is distinct from t.answer)
       -- an answer that is on its way is no difference: theirs to a message that waits here, ours of this quarter of an hour
       and not (o.id is null and t.side = 'received' and exists (
                select 1 from sync.outbox w where w.own = p_peer.own and w.id = t.id and w.answered_at is null))
       and not (t.id is null and o.side = 'received' and exists (
                select 1 from sync.inbox i
                 where i.own = p_peer.own and i.origin = p_peer.division and i.id = o.id
                   and i.answered_at > data.clock() - interval '15 minutes'))
    -- somebody else may compare with the same hall meanwhile
    on conflict (own, peer, day, side, message) do update set number = excluded.number, zh = excluded.zh, en = excluded.en,
        at = excluded.at;
    if found then -- known at once, whatever becomes of the rest
        update sync.comparison c set equal = false
         where c.own = p_peer.own and c.peer = p_peer.division and c.equal;
    end if;
    return v_last;
end
$$;
comment on function sync.compare_page
    is 'note what differs on a page of their entries of a day, in place of what was noted of that day; the id up '
        'to which it went, null at the end of the day';

create or replace function sync.ledger_step(p_peer sync.peer, p_since date, p_days jsonb, p_after uuid) returns jsonb
    language plpgsql volatile as $$
declare
    v_different bigint;
    v_question  jsonb := jsonb_build_object('protocol', 1, 'from', p_peer.own);
begin
    if p_days = '[]' then
        select count(*) into v_different from sync.difference d
         where d.own = p_peer.own and d.peer = p_peer.division and d.day >= p_since;
        insert into sync.comparison as c (own, peer, since, at, equal)
        values (p_peer.own, p_peer.division, p_since, data.clock(), v_different = 0)
        on conflict (own, peer) do update set since = excluded.since, at = excluded.at, equal = excluded.equal;
        if v_different > 0 then
            perform sync.alarm_raise(p_peer.own, p_peer.division, null, null, p_peer.name || ': 双方台账不符, 见对账差异',
                p_peer.name || ': the ledgers differ, see the list of differences');
        end if;
        return jsonb_build_object('ok', true, 'peer', p_peer.division, 'equal', v_different = 0, 'differences', v_different,
            'zh', '与' || p_peer.name || case v_different when 0 then '台账相符' else '台账有 ' || v_different || ' 处不符' end,
            'en', p_peer.name || case v_different when 0 then ': the ledgers are equal'
                else ': the ledgers differ in ' || v_different || ' entries' end);
    end if;
    v_question := v_question || case when p_days is null then jsonb_build_object('since', p_since)
        when p_after is null then jsonb_build_object('day', p_days -> 0)
        else jsonb_build_object('day', p_days -> 0, 'after', p_after) end;
    return jsonb_build_object('ok', true, 'peer', p_peer.division, 'url', p_peer.url, 'path', '/v1/ledger',
        'question', v_question::text,
        'asked', jsonb_build_object('own', p_peer.own, 'since', p_since, 'days', p_days, 'after', p_after));
end
$$;
comment on function sync.ledger_step
    is 'a step of a comparison: the next question (days null: the first one), or, when no day is left, what came out';

create or replace function api.ledger__ask(p_peer text, p_since date default null, p_own text default null) returns jsonb
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
    return sync.ledger_step(sync.may_compare(p_own, p_peer), coalesce(p_since, data.today() - 30), null, null);
end
$$;
comment on function api.ledger__ask
    is 'begin to compare our ledger (own null: the caller''s) since a day (null: a month back) with a hall''s: the '
        'first question for it';
grant execute on function api.ledger__ask to guitai_staff, guitai_admin;

create or replace function api.ledger__heard(p_peer text, p_asked jsonb, p_theirs jsonb) returns jsonb language plpgsql volatile
    security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_peer  sync.peer := sync.may_compare(p_asked ->> 'own', p_peer);
    v_since date := sync.day(coalesce(p_asked ->> 'since', ''), 'since');
    v_days  jsonb := nullif(p_asked -> 'days', 'null');
    v_after uuid := sync.id(p_asked ->> 'after', 'after');
begin
    if v_since > data.today() then
        perform data.refuse('GT081', null, 'since', v_since::text);
    elsif v_days is null then
        v_days := sync.different_days(v_peer, v_since, p_theirs);
        delete from sync.difference d
         where d.own = v_peer.own and d.peer = v_peer.division and d.day >= v_since
           and not v_days ? to_char(d.day, 'YYYY-MM-DD');
    else
        v_after := sync.compare_page(v_peer, sync.day(coalesce(v_days ->> 0, ''), 'days'), v_after, p_theirs);
        if v_after is null then
            v_days := v_days - 0;
        end if;
    end if;
    return sync.ledger_step(v_peer, v_since, v_days, v_after);
end
$$;
comment on function api.ledger__heard
    is 'go on with a comparison: what was asked (as the step said it), and their answer; the next step';
grant execute on function api.ledger__heard to guitai_staff, guitai_admin;

-- Every night, by whichever service asks first; an attempt that came to nothing is made again after a quarter of an hour.
create or replace function api.ledger__due() returns jsonb language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp as $$
declare
    v_now   timestamptz := data.clock();
    v_peer  sync.peer;
    v_since date;
begin
    select p.* into v_peer
      from sync.peer p
      join data.caller_post post on post.division = p.own and post.duty = 'transmit'
      left join sync.setting s on s.own = p.own
      left join sync.comparison c on c.own = p.own and c.peer = p.division
     cross join lateral (select (data.today() + coalesce(s.compare_at, '02:00')) at time zone 'Asia/Shanghai' as tonight) t
     where p.active and (c.tried_at is null or c.tried_at < v_now - interval '15 minutes')
       and (c.at is null or c.at < t.tonight - case when v_now < t.tonight then interval '1 day' else interval '0' end)
     order by p.division
     limit 1;
    if not found then
        return jsonb_build_object('ok', true);
    end if;
    insert into sync.comparison as c (own, peer, tried_at) values (v_peer.own, v_peer.division, v_now)
    on conflict (own, peer) do update set tried_at = excluded.tried_at
     where c.tried_at is null or c.tried_at < v_now - interval '15 minutes'
    returning least(data.hall_day(c.at) - 1, data.today() - 30) into v_since;
    if not found then
        return jsonb_build_object('ok', true); -- another service was quicker by a moment
    end if;
    return sync.ledger_step(v_peer, v_since, null, null);
end
$$;
comment on function api.ledger__due
    is 'the first step of a comparison that the night asks for: a month back, or since the last one; without a '
        'question: none is due';
grant execute on function api.ledger__due to guitai_staff;

create or replace function api.ledger__differences(p_peer text, p_since date, p_own text default null)
    returns table (day date, side text, message uuid, number text, zh text, en text) language plpgsql volatile
    security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_peer sync.peer := sync.may_compare(p_own, p_peer);
begin
    return query
    select d.day, d.side, d.message, d.number, d.zh, d.en from sync.difference d
     where d.own = v_peer.own and d.peer = v_peer.division and d.day >= p_since
     order by d.day, d.id;
end
$$;
comment on function api.ledger__differences is 'what the last comparison with a hall found, by name';
grant execute on function api.ledger__differences to guitai_staff, guitai_admin;

reset role;
revoke create on schema sync, api, api_sync from guitai_courier;
