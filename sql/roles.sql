-- Roles are cluster-wide and shared by every guitai database of a cluster; this file runs at each init-db.
-- Two init-db runs may meet here (advisory locks are per database), hence the exception handlers.
--   guitai_owner   owns schemas and tables                    guitai_staff  every staff login is a member
--   guitai_api     owns what staff call; row security applies guitai_admin  may execute api_admin
--   guitai_search  owns only the fuzzy search functions       guitai_keeper owns api_admin (catalogue, staff, calendar)
--   guitai_courier owns what moves messages between halls     guitai_endpoint group of the endpoints' logins: api_sync
do $roles$
declare
    v_role text;
begin
    perform pg_advisory_xact_lock(7318, 1);
    foreach v_role in array array['guitai_owner', 'guitai_api', 'guitai_search', 'guitai_keeper',
                                  'guitai_courier', 'guitai_staff', 'guitai_admin', 'guitai_endpoint'] loop
        if not exists (select 1 from pg_catalog.pg_roles r where r.rolname = v_role) then
            begin
                execute format('create role %I nologin noinherit', v_role);
            exception
                when duplicate_object or unique_violation then null; -- another init-db was first
            end;
        end if;
    end loop;
end
$roles$;
