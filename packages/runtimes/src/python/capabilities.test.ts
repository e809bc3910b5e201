// What each member of `context` asks the host for, and what it makes of the answer.
import type { Json, JsonObject } from '@pypes/contract';
import { expect, it } from 'vitest';
import { agentFile, describePython, usePython } from './testing.ts';

describePython('capabilities', () => {
  const python = usePython();

  async function use(expression: string, answer: Json = null) {
    const asked: [string, JsonObject][] = [];
    const onUse = (operation: string, parameters: JsonObject) => {
      asked.push([operation, parameters]);
      return answer;
    };
    const { value } = await python.call(agentFile(`return ${expression}`), {}, { onUse });
    return { asked, value };
  }

  it.each<[expression: string, operation: string, parameters: JsonObject]>([
    [
      'context.objects.put("a", "é", "text/plain")',
      'objects.put',
      { name: 'a', content_type: 'text/plain', text: 'é' },
    ],
    ['context.objects.put("a", b"\\xff\\x00")', 'objects.put', { name: 'a', base64: '/wA=' }],
    ['context.objects.get("a", start=1, end=2)', 'objects.get', { name: 'a', start: 1, end: 2 }],
    ['context.objects.list()', 'objects.list', {}],
    ['context.objects.delete("a")', 'objects.delete', { name: 'a' }],
    ['context.vault.get("KEY")', 'vault.get', { name: 'KEY' }],
    ['context.session.list("x")', 'session.list', { path: 'x' }],
    ['context.session.write("x", b"\\x00")', 'session.write', { path: 'x', base64: 'AA==' }],
    ['context.session.delete("x")', 'session.delete', { path: 'x' }],
    ['context.session.click("#a")', 'session.click', { selector: '#a' }],
    ['context.session.fill("#a", "b")', 'session.fill', { selector: '#a', value: 'b' }],
    ['context.session.text()', 'session.text', {}],
  ])('%s', async (expression, operation, parameters) => {
    expect((await use(`[${expression}] and None`, {})).asked).toEqual([[operation, parameters]]);
  });

  it('asks a model with a text, with messages, and with options', async () => {
    const answer = { text: 'hi', model: 'm' };
    const one = await use('context.ai.complete("hello", model="m", temperature=0).text', answer);
    const messages = [{ role: 'user', content: 'hello' }];
    expect(one).toEqual({ asked: [['ai.complete', { messages, model: 'm', temperature: 0 }]], value: 'hi' });
    const two = await use(
      'context.ai.complete(messages=[{"role": "user", "content": "hello"}], schema={})["model"]',
      answer,
    );
    expect(two).toEqual({ asked: [['ai.complete', { messages, schema: {} }]], value: 'm' });
  });

  it('reads a response in every way', async () => {
    const answer = {
      ...{ status: 404, status_text: 'No', url: 'http://a/' },
      headers: [
        ['Set-Cookie', 'a'],
        ['set-cookie', 'b'],
        ['content-type', 'text/plain; charset=latin-1'],
      ],
      base64: '6Q==',
    };
    const look =
      '(lambda r: [r.status, r.status_code, r.ok, r.reason, r.text, len(r.content), len(r.bytes), r.headers["SET-Cookie"], r.url])';
    const { value } = await use(`${look}(context.fetch("http://a/"))`, answer);
    expect(value).toEqual([404, 404, false, 'No', 'é', 1, 1, 'a, b', 'http://a/']);
  });

  it.each([
    ['body=b"\\xff"', { base64: '/w==' }],
    ['data={"a": [1, 2]}', { headers: { 'content-type': 'application/x-www-form-urlencoded' }, text: 'a=1&a=2' }],
    ['data="x", headers={"A": "b"}', { headers: { A: 'b' }, text: 'x' }],
    ['json=None', {}],
  ])('sends %s', async (given, parameters) => {
    const answer = { status: 200, status_text: '', url: '', headers: [], text: '' };
    const { asked } = await use(`context.fetch("http://a/", "POST", ${given}).status`, answer);
    expect(asked).toEqual([['fetch', { url: 'http://a/', method: 'POST', ...parameters }]]);
  });

  it('lets async agents await what they are given', async () => {
    const text = `AGENT = {"name": "a"}
async def run(context):
    r = await context.fetch("http://a/")
    a = await context.ai.complete("x")
    return [(await r).text, a.text]
`;
    const answer = { status: 200, status_text: '', url: '', headers: [], text: 'hi' };
    expect((await python.call(text, {}, { onUse: () => answer })).value).toEqual(['hi', 'hi']);
  });

  it.each(['context.objects.put("a", 1)', 'context.fetch("x", body=1)', 'context.ai.complete(1)'])(
    'refuses %s',
    async (expression) => {
      await expect(use(expression)).rejects.toThrow(/TypeError: context\..* got int/);
    },
  );
});
