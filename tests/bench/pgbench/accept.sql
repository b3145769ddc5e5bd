-- One acceptance for a synthetic person born 1900 to 1909: the number is put together here, so that the server
-- is asked for little but the function. n: the person before the first; who: login without its number (started = 0 when
-- the connection is the superuser's and has to become that desk first); spread: desks that sit at windows of one number.
\if :started
\else
select set_config('session_authorization', (:who)::text || (:client_id)::text, false);
\set n :n + :client_id * 50000
\set started 1
\endif
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
select api.case__accept(gen_random_uuid(), lpad((:w)::text, 2, '0'), '0213', 1, 'person', 'citizen', (:body)::text || substr('10X98765432', (:k)::integer, 1), '王' || chr((:a)::integer) || chr((:b)::integer), '13800000000', '徐州市泉山区演示路1号', null, null, (:materials)::jsonb, (:extra)::jsonb, null);
