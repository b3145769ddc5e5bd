-- What other halls reported to the one that is measured: a case for each of its own and a fifth more, every applicant of the clerk
-- `reader` among them.

insert into sync.setting (own, inner_key, outer_key)
values ('320311', decode(repeat('36', 64), 'hex'), decode(repeat('5c', 64), 'hex'));

insert into sync.registry (number, own, division, division_name, item, item_name, class, department_name, name, accepted_at,
    promise_due, state, state_zh, count, applicant, reported_at)
select 'R' || n.n, '320311', '320322', '沛县', '0213', '个体工商户设立登记', 'spot', '市场监管局', '王*', now() - interval '1 day',
       data.today(), 'accepted', '已受理', 1,
       coalesce(sync.fingerprint('320311', 'citizen', f.id_number, '0213'), encode(sha256(int8send(n.n)), 'hex')), now()
  from generate_series(1, (:cases)::bigint * 6 / 5) as n(n)
  left join (select c.id, c.id_number from data.case_file c
               join data.staff s on s.login = 'reader' and s.department = c.department) f on f.id = n.n;
vacuum (analyze) sync.registry;
