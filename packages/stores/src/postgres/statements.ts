// Every statement of the store, each one round trip and one transaction. `$n` arrays have one entry for each run.
import { RUN_STATUSES, type RunQuery, type RunStream } from '@pypes/contract/runs';
import type { Statement, Value } from './database.ts';
import { RECORD_COLUMNS } from './rows.ts';

export type Statements = {
  readonly create: Statement;
  readonly findByKey: Statement;
  readonly get: Statement;
  /** And its values. */
  readonly list: (tenant: string, query: RunQuery) => readonly [Statement, readonly Value[]];
  readonly update: Statement;
  readonly append: Statement;
  readonly read: { readonly [stream in RunStream]: Statement };
  readonly last: { readonly [stream in RunStream]: Statement };
  readonly claim: Statement;
  readonly stale: Statement;
  readonly take: Statement;
  readonly renew: Statement;
};

const COUNTERS = { events: 'last_event', calls: 'last_call' } as const;

/**
 * `schema` is checked: a word in quotes is all that it needs. What changed is told on `channel`; recorded calls and who has
 * a run are not, as nobody follows them, and telling takes a lock of the whole database.
 */
export function createStatements(schema: string, channel: string): Statements {
  const tables = `"${schema}"`;
  const runs = `${tables}.runs`;
  const told = (origin: string, kind: string) =>
    `pg_notify('${channel}', json_build_array(${origin}, ${kind}, tenant, run_id)::text)`;
  const columnsOf = (alias: string) => RECORD_COLUMNS.replace(/\w+/g, `${alias}.$&`);

  /** `prefix` is that of the columns of `changed`. */
  const insertLines = (stream: RunStream, prefix = '') => `
    insert into ${tables}.${stream} (run, seq, line)
    select c.id, c.${prefix}first + l.number - 1, l.line
    from changed c cross join lateral unnest(string_to_array(c.${prefix}lines, E'\\n')) with ordinality as l(line, number)
    where l.number <= c.${prefix}count`;

  /** A statement for each kind of question: one for all could not use the index that suits. */
  const list: Statements['list'] = (tenant, { status, agent, before, limit }) => {
    // An index has the status in its condition: it is no parameter, and none of whoever asks.
    const known = RUN_STATUSES.find((each) => each === status) ?? 'none';
    const values: Value[] = [tenant, limit];
    const where = ['tenant = $1'];
    if (status !== undefined) where.push(`status = '${known}'`);
    if (agent !== undefined) where.push(`agent = $${values.push(agent)}`);
    if (before !== undefined) where.push(`run_id < $${values.push(before)}`);
    const kind = `${status === undefined ? 'all' : known}${agent === undefined ? '' : '_agent'}`;
    return [
      one(
        `list_${kind}${before === undefined ? '' : '_before'}`,
        `select ${RECORD_COLUMNS} from ${runs} where ${where.join(' and ')} order by run_id desc limit $2`,
      ),
      values,
    ];
  };

  const lease = `
    status = 'running', version = r.version + 1, attempt = r.attempt + 1`;

  const one = (name: string, text: string): Statement => ({ name: `pypes_${name}`, text });
  const each = (name: string, text: (stream: RunStream) => string) => ({
    events: one(`${name}_events`, text('events')),
    calls: one(`${name}_calls`, text('calls')),
  });

  return {
    create: one(
      'create',
      `with added as (
         insert into ${runs} (tenant, run_id, version, status, attempt, agent, idempotency_key, owner, lease_until,
           started_at, is_cancel_asked, record)
         select * from unnest($1::text[], $2::text[], $3::int[], $4::text[], $5::int[], $6::text[], $7::text[],
           $8::text[], $9::float8[], $10::text[], $11::boolean[], string_to_array($12, E'\\x1e'))
         on conflict do nothing returning tenant, run_id)
       select tenant, run_id, pg_notify('${channel}', json_build_array($13::text, 'new')::text) from added`,
    ),
    findByKey: one('find', `select ${RECORD_COLUMNS} from ${runs} where tenant = $1 and idempotency_key = $2`),
    get: one('get', `select ${RECORD_COLUMNS} from ${runs} where tenant = $1 and run_id = $2`),
    list,
    update: one(
      'update',
      `with wanted as (
         select * from unnest($1::text[], $2::text[], $3::int[], $4::int[], $5::text[], $6::int[], $7::text[],
           $8::float8[], $9::boolean[], $10::text[], $11::boolean[], $12::text[], $13::int[], $14::int[],
           string_to_array($15, E'\\x1e'), string_to_array($16, E'\\x1e'))
         as w(tenant, run_id, was, version, status, attempt, owner, lease_until, keeps_lease, started_at,
           is_cancel_asked, kind, first, count, record, lines)
       ), changed as (
         update ${runs} r set version = w.version, status = w.status, attempt = w.attempt, owner = w.owner,
           lease_until = case when w.keeps_lease then coalesce(r.lease_until, w.lease_until) else w.lease_until end,
           started_at = w.started_at, is_cancel_asked = w.is_cancel_asked, last_event = r.last_event + w.count,
           record = w.record
         from wanted w
         where r.tenant = w.tenant and r.run_id = w.run_id and r.version = w.was and r.status in ('queued', 'running')
           and (w.first is null or r.last_event = w.first - 1)
         returning r.id, r.tenant, r.run_id, w.kind, w.first, w.count, w.lines
       ), added as (${insertLines('events')})
       select tenant, run_id, ${told('$17::text', 'kind')} from changed`,
    ),
    append: one(
      'append',
      `with wanted as (
         select * from unnest($1::text[], $2::text[], $3::int[], $4::int[], $5::int[], $6::int[], $7::int[],
           string_to_array($8, E'\\x1e'), string_to_array($9, E'\\x1e'))
         as w(tenant, run_id, attempt, event_first, event_count, call_first, call_count, event_lines, call_lines)
       ), changed as (
         update ${runs} r set last_event = r.last_event + w.event_count, last_call = r.last_call + w.call_count
         from wanted w
         where r.tenant = w.tenant and r.run_id = w.run_id and r.attempt = w.attempt and r.status = 'running'
           and (w.event_first is null or r.last_event = w.event_first - 1)
           and (w.call_first is null or r.last_call = w.call_first - 1)
         returning r.id, r.tenant, r.run_id, w.event_first, w.event_count, w.event_lines, w.call_first, w.call_count,
           w.call_lines
       ), added_events as (${insertLines('events', 'event_')}
       ), added_calls as (${insertLines('calls', 'call_')})
       select tenant, run_id, case when event_count > 0 then ${told('$10::text', `'changed'`)} end from changed`,
    ),
    read: each(
      'read',
      (stream) => `
       select line from ${tables}.${stream}
       where run = (select id from ${runs} where tenant = $1 and run_id = $2) and seq > $3::bigint
       order by seq limit $4`,
    ),
    last: each('last', (stream) => `select ${COUNTERS[stream]} from ${runs} where tenant = $1 and run_id = $2`),
    claim: one(
      'claim',
      `with free as (
         select id from ${runs}
         where status in ('queued', 'running')
           and (status = 'queued' or (status = 'running' and coalesce(lease_until, 0) <= $3))
         order by run_id limit $1 for update skip locked
       ), changed as (
         update ${runs} r set ${lease}, owner = $2, lease_until = $4, started_at = coalesce(r.started_at, $5)
         from free where r.id = free.id
         returning ${columnsOf('r')}
       )
       select ${RECORD_COLUMNS} from changed order by run_id`,
    ),
    stale: one(
      'stale',
      `select tenant, run_id from ${runs}
       where status in ('queued', 'running')
         and ((status = 'queued' and record::json->>'created_at' < $1) or (status = 'running' and coalesce(lease_until, 0) <= $2))
       order by run_id limit $3`,
    ),
    take: one(
      'take',
      `with wanted as (
         select * from unnest($1::text[], $2::text[], $3::text[], $4::float8[], $5::text[])
           as w(tenant, run_id, owner, lease_until, started_at)
       ), changed as (
         update ${runs} r set ${lease}, owner = w.owner, lease_until = w.lease_until,
           started_at = coalesce(r.started_at, w.started_at)
         from wanted w
         where r.tenant = w.tenant and r.run_id = w.run_id and r.status in ('queued', 'running')
         returning ${columnsOf('r')}
       )
       select ${RECORD_COLUMNS} from changed`,
    ),
    renew: one(
      'renew',
      `update ${runs} r set lease_until = $4
       from unnest($2::text[], $3::text[]) as w(tenant, run_id)
       where r.tenant = w.tenant and r.run_id = w.run_id and r.owner = $1 and r.status = 'running'
       returning r.tenant, r.run_id, r.is_cancel_asked`,
    ),
  };
}
