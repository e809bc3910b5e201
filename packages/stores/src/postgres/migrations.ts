// The tables, as numbered steps: a step that was released is never changed, a change is a new step at the end.

/** The statements of each step, in a schema whose name is quoted already. Step 1 is the first. */
export const MIGRATIONS: readonly ((schema: string) => string)[] = [
  (schema) => `
    create table ${schema}.runs (
      id bigint generated always as identity primary key,
      tenant text collate "C" not null,
      run_id text collate "C" not null,
      version integer not null,
      status text collate "C" not null,
      attempt integer not null,
      agent text collate "C",
      idempotency_key text collate "C",
      owner text collate "C",
      lease_until double precision,
      started_at text collate "C",
      is_cancel_asked boolean not null,
      last_event integer not null default 0,
      last_call integer not null default 0,
      record text collate "C" not null
    ) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);

    create unique index runs_by_id on ${schema}.runs (tenant, run_id);
    create unique index runs_by_key on ${schema}.runs (tenant, idempotency_key) where idempotency_key is not null;
    create index runs_by_agent on ${schema}.runs (tenant, agent, run_id) where agent is not null;
    create index runs_open on ${schema}.runs (run_id) where status in ('queued', 'running');
    create index runs_unhappy on ${schema}.runs (tenant, status, run_id) where status in ('failed', 'canceled');

    create table ${schema}.events (
      run bigint not null, seq integer not null, line text collate "C" not null, primary key (run, seq)
    );
    create table ${schema}.calls (
      run bigint not null, seq integer not null, line text collate "C" not null, primary key (run, seq)
    );`,
];
