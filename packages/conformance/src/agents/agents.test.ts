// The agents that try to get at their machine do get at it where nothing holds them: else the sandbox checks say nothing.
import { spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { AGENT_NAMES, AGENTS, LANGUAGES } from './agents.ts';
import { COMPONENT } from './component.ts';

const noPython =
  process.env.CI === undefined && spawnSync('python3', ['--version']).status !== 0
    ? 'python3 is not installed'
    : undefined;

async function openPort() {
  const server = createServer((_, response) => response.end('x'));
  await new Promise<void>((listening) => {
    server.listen(0, '127.0.0.1', listening);
  });
  const { port } = server.address() as AddressInfo;
  return { port, close: () => server.close() };
}

it('JavaScript reaches files, environment and network', async () => {
  const { port, close } = await openPort();
  const source = AGENTS.javascript.reach.source.replaceAll('PORT', String(port));
  const module = (await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(source)}`)) as {
    readonly run: (context: object) => Promise<readonly string[]>;
  };
  const got = (await module.run({ fetch })).join('\n');
  close();
  for (const what of ['file root:', 'environment', 'its host', 'network 200', 'granted network 200']) {
    expect(got).toContain(what);
  }
});

it.skipIf(noPython !== undefined)('Python reaches files, environment, programs and network', async () => {
  const { port, close } = await openPort();
  const source = AGENTS.python.reach.source.replaceAll('PORT', String(port));
  const script = `${source}\nimport json\nprint(json.dumps(run(None)))`;
  const { spawn } = await import('node:child_process');
  const child = spawn('python3', ['-c', script], { env: { ...process.env, PYPES_CONFORMANCE_SECRET: 'x' } });
  let got = '';
  child.stdout.on('data', (chunk: Buffer) => {
    got += chunk.toString();
  });
  await new Promise((ended) => child.once('exit', ended));
  close();
  for (const what of ['file root:', 'environment', 'command ', 'network ']) expect(got).toContain(what);
});

it('has every agent in every language, each under the name of its file', () => {
  for (const language of LANGUAGES) {
    for (const name of AGENT_NAMES) {
      const { filename, source } = AGENTS[language][name];
      expect(filename.startsWith(name)).toBe(true);
      expect(source).toContain(name === 'second' ? '"echo"'.slice(1, -1) : name);
    }
    const files = AGENT_NAMES.map((name) => AGENTS[language][name].filename);
    expect(new Set(files).size).toBe(files.length);
    // The later of two files wins: the second echo has to come behind the first.
    expect([AGENTS[language].second.filename, AGENTS[language].echo.filename].sort()[0]).toBe(
      AGENTS[language].echo.filename,
    );
  }
});

it('has a component of a few bytes', () => {
  const bytes = Buffer.from(COMPONENT.source_base64, 'base64');
  expect([...bytes.subarray(0, 8)]).toEqual([0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0]);
  expect(bytes.length).toBeLessThan(5_000);
});
