-- accept.sql as the program sends it: the acceptance and what follows it (the paper's data, the next acts, the word to other
-- desks) leave together, each a transaction of its own, and both answers are waited for. pgbench ends a pipeline's transaction
-- only at its end, so the acceptance has a begin and a commit of its own.
\set n :n + 1
\set y :n / 336000 % 10
\set m :n / 28000 % 12 + 1
\set d :n / 1000 % 28 + 1
\set s :n % 1000
\set body 320311 * 100000000000 + (1900 + :y) * 10000000 + :m * 100000 + :d * 1000 + :s
\set sum 77 + :y * 3 + :m / 10 * 7 + :m % 10 * 9 + :d / 10 * 10 + :d % 10 * 5 + :s / 100 * 8 + :s / 10 % 10 * 4 + :s % 10 * 2
\set k :sum % 11 + 1
\set a 19968 + :n * 31 % 1499
\set b 19968 + :n * 7919 % 1511
\set w :client_id / :spread + 1
\startpipeline
begin;
select api.case__accept(('00000000-0000-4000-8000-' || lpad((:n)::text, 12, '0'))::uuid, lpad((:w)::text, 2, '0'), '0213', 1, 'person', 'citizen', (:body)::text || substr('10X98765432', (:k)::integer, 1), '王' || chr((:a)::integer) || chr((:b)::integer), '13800000000', '徐州市泉山区演示路1号', null, null, (:materials)::jsonb, (:extra)::jsonb, null);
commit;
select api.case__after(('00000000-0000-4000-8000-' || lpad((:n)::text, 12, '0'))::uuid);
\endpipeline
