-- Table rights and row security, table by table. Staff logins hold no right here at all: what follows binds the
-- owners of the functions. Every comparison is with (select ...), evaluated once a statement, never once a row.
-- Reading asks for the caller in office today (data.own_division …); what is written is compared with the staff row of
-- the login only, for the function has asked already and an acceptance writes eight tables.

-- what functions read freely: organisation, calendar, catalogue, rules
grant select on data.division, data.department, data.counter_window, data.staff, data.duty, data.post, data.shift,
    data.authorisation, data.credential, data.calendar_day, data.calendar_edition, data.process, data.state, data.step,
    data.action, data.document, data.handling_class, data.item, data.item_version, data.item_field, data.item_material,
    data.item_fee, data.legal_basis, data.item_basis, data.item_end, data.rule
    to guitai_api, guitai_search, guitai_keeper;

-- case_file: my division, and there my departments, what I accepted, or everything for a post over the whole division
grant select, insert on data.case_file to guitai_api;
grant update (state, round, reviewed_by, verified_by, verified_for, signed_by, decided_at, settled, result, closed_at,
    event_count, head_hash, material_set) on data.case_file to guitai_api;
grant usage on sequence data.case_file_id_seq, data.paper_id_seq, data.applicant_id_seq to guitai_api;
grant select on data.case_file to guitai_search, guitai_keeper;
grant update (promise_due, statute_due, due_provisional, event_count, head_hash) on data.case_file to guitai_keeper;
alter table data.case_file enable row level security;
drop policy if exists seen on data.case_file;
create policy seen on data.case_file for select to guitai_api using (
    division = (select data.own_division())
    and (department = any ((select data.own_departments())::integer[])
         or accepted_by = (select data.own_id())
         or (select data.sees_division())));
drop policy if exists accepted on data.case_file;
create policy accepted on data.case_file for insert to guitai_api with check (
    (division, accepted_by) = (select s.division, s.id from data.staff s where s.login = session_user));
drop policy if exists moved on data.case_file;
create policy moved on data.case_file for update to guitai_api using (
    division = (select data.own_division())) with check (true);
drop policy if exists searched on data.case_file;
create policy searched on data.case_file for select to guitai_search using (true);
drop policy if exists kept on data.case_file;
create policy kept on data.case_file to guitai_keeper using (true) with check (true);

-- what hangs on a case is seen with the case
grant select, insert on data.material_set, data.material_line, data.case_fee, data.decision to guitai_api;
grant select on data.case_material to guitai_api;
grant select on data.case_material, data.material_line, data.case_fee, data.decision to guitai_keeper;
alter table data.case_fee enable row level security;
drop policy if exists seen on data.case_fee;
create policy seen on data.case_fee for select to guitai_api using (
    exists (select 1 from data.case_file f where f.id = case_id));
drop policy if exists added on data.case_fee;
create policy added on data.case_fee for insert to guitai_api with check (true);
drop policy if exists kept on data.case_fee;
create policy kept on data.case_fee for select to guitai_keeper using (true);

alter table data.decision enable row level security;
drop policy if exists kept on data.decision;
create policy kept on data.decision for select to guitai_keeper using (true);
drop policy if exists seen on data.decision;
create policy seen on data.decision for select to guitai_api using (
    exists (select 1 from data.case_file f where f.id = case_id));
drop policy if exists made on data.decision;
create policy made on data.decision for insert to guitai_api with check (
    staff = (select data.own_id()));

grant select, insert on data.paper to guitai_api;
grant update (state, format, sent_at, digest, staff, window_code, at) on data.paper to guitai_api;
alter table data.paper enable row level security;
drop policy if exists seen on data.paper;
create policy seen on data.paper for select to guitai_api using (
    exists (select 1 from data.case_file f where f.id = case_id));
drop policy if exists queued on data.paper;
create policy queued on data.paper for insert to guitai_api with check (true);
drop policy if exists marked on data.paper;
create policy marked on data.paper for update to guitai_api using (
    division = (select data.own_division()));

-- applicants belong to the division: a window recognises whoever came to any other window
grant select, insert on data.applicant to guitai_api;
grant update (name, grams, phone, address, updated_at) on data.applicant to guitai_api;
grant select on data.applicant to guitai_search, guitai_keeper;
alter table data.applicant enable row level security;
drop policy if exists known on data.applicant;
create policy known on data.applicant for select to guitai_api using (
    division = (select s.division from data.staff s where s.login = session_user));
drop policy if exists renewed on data.applicant;
create policy renewed on data.applicant for update to guitai_api using (
    division = (select s.division from data.staff s where s.login = session_user));
drop policy if exists met on data.applicant;
create policy met on data.applicant for insert to guitai_api with check (
    division = (select s.division from data.staff s where s.login = session_user));
drop policy if exists kept on data.applicant;
create policy kept on data.applicant for select to guitai_keeper using (true);
drop policy if exists searched on data.applicant;
create policy searched on data.applicant for select to guitai_search using (true);

-- serials, no personal data: no row policy
grant select, insert, update on data.counter to guitai_api;

grant select, insert, delete, update on data.draft to guitai_api;
alter table data.draft enable row level security;
drop policy if exists own on data.draft;
create policy own on data.draft to guitai_api using (staff = (select data.own_id()));
grant select, delete on data.draft to guitai_keeper;
drop policy if exists left_behind on data.draft;
create policy left_behind on data.draft to guitai_keeper using (
    dropped_at is not null or staff in (select s.id from data.staff s where s.valid_to < (select data.today())));

grant select, insert on data.request to guitai_api, guitai_keeper;
grant delete on data.request to guitai_keeper;
alter table data.request enable row level security;
drop policy if exists remembered on data.request;
create policy remembered on data.request for select to guitai_api, guitai_keeper using (true);
drop policy if exists own on data.request;
create policy own on data.request for insert to guitai_api, guitai_keeper with check (login = session_user);
drop policy if exists forgotten on data.request;
create policy forgotten on data.request for delete to guitai_keeper using (
    at < (select data.clock() - interval '24 hours'));

-- the trail: written in one's own name, read with the case
grant select, insert on audit.case_event to guitai_api, guitai_keeper;
alter table audit.case_event enable row level security;
drop policy if exists seen on audit.case_event;
create policy seen on audit.case_event for select to guitai_api using (
    exists (select 1 from data.case_file f where f.id = case_id));
drop policy if exists own on audit.case_event;
create policy own on audit.case_event for insert to guitai_api with check (
    staff = (select s.id from data.staff s where s.login = session_user));
drop policy if exists kept on audit.case_event;
create policy kept on audit.case_event to guitai_keeper using (true) with check (true);

grant select, insert on audit.refusal to guitai_api;
grant insert on audit.refusal to guitai_keeper;
alter table audit.refusal enable row level security;
drop policy if exists supervised on audit.refusal;
create policy supervised on audit.refusal for select to guitai_api using (
    division = (select data.own_division())
    and (select exists (select 1 from data.caller_post p where p.duty = 'supervise')));
drop policy if exists own on audit.refusal;
create policy own on audit.refusal for insert to guitai_api, guitai_keeper with check (login = session_user);

grant select, insert on audit.sign_on to guitai_api;
alter table audit.sign_on enable row level security;
drop policy if exists own on audit.sign_on;
create policy own on audit.sign_on to guitai_api using (login = session_user);

-- what the administrator's functions write
grant insert, update on data.division, data.department, data.counter_window, data.staff, data.post, data.shift
    to guitai_keeper;
grant insert, update (valid_to) on data.authorisation, data.credential to guitai_keeper;
grant insert on data.item, data.item_version, data.item_field, data.item_material, data.item_fee, data.item_basis,
    data.legal_basis, data.item_end to guitai_keeper;
grant insert, update, delete on data.calendar_edition, data.calendar_exception, data.calendar_day to guitai_keeper;
grant select on data.calendar_exception to guitai_keeper;

-- the courier moves messages and what they say of cases: of every department, never for a person
grant select on data.division, data.department, data.counter_window, data.staff, data.duty, data.post, data.shift,
    data.authorisation, data.calendar_day, data.calendar_edition, data.process, data.state, data.step, data.action,
    data.handling_class, data.item, data.item_version, data.item_material, data.legal_basis, data.item_basis, data.item_end,
    data.rule, data.caller, data.caller_post, data.material_set, data.material_line, data.case_material, data.decision,
    data.paper, data.case_file, data.applicant, audit.case_event to guitai_courier;
grant insert on data.material_set, data.material_line, data.case_file, data.applicant, data.upper_decision, audit.case_event,
    data.request, audit.refusal to guitai_courier;
grant select on data.request to guitai_courier;
grant update (state, round, reviewed_by, verified_by, verified_for, signed_by, decided_at, settled, result, closed_at,
    event_count, head_hash, material_set, promise_due, statute_due, due_provisional) on data.case_file to guitai_courier;
grant usage on sequence data.case_file_id_seq, data.applicant_id_seq, data.material_set_id_seq to guitai_courier;
grant select, insert, update on all tables in schema sync to guitai_courier;
grant delete on sync.difference to guitai_courier;
grant select (own, division, name, url, relation, active, last_heard_at, last_sent_at, problem), insert,
    update (name, url, relation, inner_key, outer_key, active) on sync.peer to guitai_keeper;
grant select on sync.outbox to guitai_keeper;
grant select (own, division, name) on sync.peer to guitai_api;
grant select, insert, update on sync.setting to guitai_keeper;
grant select on data.upper_decision to guitai_api, guitai_keeper, guitai_courier;
do $$
declare
    v_table text;
begin
    foreach v_table in array array['data.case_file', 'data.case_fee', 'data.decision', 'data.paper', 'data.applicant',
                                   'audit.case_event'] loop
        execute format('drop policy if exists carried on %s', v_table);
        execute format('create policy carried on %s to guitai_courier using (true) with check (true)', v_table);
    end loop;
end
$$;
drop policy if exists remembered on data.request;
create policy remembered on data.request for select to guitai_api, guitai_keeper, guitai_courier using (true);
drop policy if exists own on data.request;
create policy own on data.request for insert to guitai_api, guitai_keeper, guitai_courier with check (login = session_user);
drop policy if exists own on audit.refusal;
create policy own on audit.refusal for insert to guitai_api, guitai_keeper, guitai_courier with check (login = session_user);
