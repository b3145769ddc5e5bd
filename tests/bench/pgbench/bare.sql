-- The floor of a save: one row, twenty columns, three indexes.
\set n :n + 1
\set k :client_id * 10000000 + :n
insert into bench.bare (number, division, window_code, department, item, item_version, class, state, name, id_kind, id_number, phone, address, accepted_by, promise_due, statute_due) values ((:k)::text, '320311', '01', 1, '0213', 1, 'spot', 'accepted', '王小明', 'citizen', (:k)::text, '13800000000', '徐州市泉山区演示路1号', 1, current_date + 1, current_date + 15);
