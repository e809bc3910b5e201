// The files of a bundle: their names, their bytes, their digests.
import { createHash } from 'node:crypto';
import { must, should } from '../../check.ts';
import { equal, list, object, objects, oneOf, text } from '../../expect.ts';
import { envelope, hasStatus, healthOf } from '../../shapes.ts';
import { bundle, endingOf, fileOf, post } from './bundles.ts';

const sha256 = (bytes: string) => createHash('sha256').update(bytes).digest('hex');
const base64 = (source: string) => Buffer.from(source).toString('base64');

export const FILE_CHECKS = [
  must('FILE-1', 'a right digest is taken', async (subject) => {
    const file = fileOf(subject);
    const pack = await subject.deploy([{ ...file, sha256: sha256(file.source) }]);
    equal(await subject.output(pack, 'echo', { value: 1 }), 1, 'the output');
  }),
  must('FILE-2', 'a wrong digest is refused with 400', async (subject) => {
    const file = fileOf(subject);
    for (const digest of ['0'.repeat(64), sha256(`${file.source} `), 'x']) {
      const answer = await post(subject, bundle(subject, { agents: [{ ...file, sha256: digest }] }));
      envelope(answer, 400, `the digest "${digest}"`);
    }
  }),
  must('FILE-3', 'a source may come as base64', async (subject) => {
    const { filename, source } = fileOf(subject);
    const pack = await subject.deploy([{ filename, source_base64: base64(source) }]);
    equal(await subject.output(pack, 'echo', { value: 'ü' }), 'ü', 'the output');
  }),
  must('FILE-4', 'the digest of a source in base64 is that of its bytes', async (subject) => {
    const { filename, source } = fileOf(subject);
    const file = { filename, source_base64: base64(source) };
    const pack = await subject.deploy([{ ...file, sha256: sha256(source) }]);
    equal(await subject.output(pack, 'echo', { value: 1 }), 1, 'the output');
    const wrong = { ...file, sha256: sha256(file.source_base64) };
    envelope(await post(subject, bundle(subject, { agents: [wrong] })), 400, 'the digest of the text');
  }),
  should('FILE-5', 'what is no base64 is refused with 400, or skipped', async (subject) => {
    const broken = { filename: `broken${endingOf(subject)}`, source_base64: '***' };
    const answer = await post(subject, bundle(subject, { agents: [fileOf(subject), broken] }));
    if (answer.status !== 200) envelope(answer, 400);
    else equal(object(answer.json, 'the answer').agent_count, 1, 'agent_count');
  }),
  must('FILE-6', 'a filename is reduced to its last part', async (subject) => {
    const { filename, source } = fileOf(subject);
    for (const folder of ['../../up/', '/tmp/', 'a/b/../c/']) {
      const pack = await subject.deploy([{ filename: folder + filename, source }]);
      equal((await healthOf(subject, pack.guid)).agents, ['echo'], `the agents of ${folder + filename}`);
      equal(await subject.output(pack, 'echo', { value: 1 }), 1, 'the output');
    }
  }),
  should('FILE-7', 'a filename of another system is reduced to its last part, or skipped', async (subject) => {
    const { filename, source } = fileOf(subject);
    const agents = [fileOf(subject, 'add'), { filename: `C:\\up\\${filename}`, source }];
    const answer = await post(subject, bundle(subject, { agents }));
    hasStatus(answer, 200);
    const { pack_guid, skipped } = object(answer.json, 'the answer');
    const { agents: names } = await healthOf(subject, String(pack_guid));
    equal(names, skipped === undefined ? ['add', 'echo'] : ['add'], 'the agents');
  }),
  must('FILE-8', 'blank, unsafe and unknown files are skipped, each with a reason', async (subject) => {
    const unfit = ['', '..', 'notes.unknownlanguage', `nul\u0000${endingOf(subject)}`];
    const agents = [fileOf(subject), ...unfit.map((filename) => ({ filename, source: 'x' }))];
    const answer = await post(subject, bundle(subject, { agents }));
    hasStatus(answer, 200);
    const { skipped, agent_count, pack_guid } = object(answer.json, 'the answer');
    equal(agent_count, 1, 'agent_count');
    equal(list(skipped, 'skipped').length, unfit.length, 'how many were skipped');
    for (const { filename, reason } of objects(skipped, 'skipped')) {
      oneOf(filename, unfit, 'the filename of a skipped file');
      text(reason, 'the reason');
    }
    equal((await healthOf(subject, String(pack_guid))).agents, ['echo'], 'the agents');
  }),
  must('FILE-9', 'where nothing is skipped, nothing is said to be', async (subject) => {
    const { skipped, agent_count } = object((await post(subject, bundle(subject))).json, 'the answer');
    equal([list(skipped ?? [], 'skipped').length, agent_count], [0, 1], 'skipped, agent_count');
  }),
  must('FILE-10', 'a file without a source is skipped, and an empty one too', async (subject) => {
    const ending = endingOf(subject);
    const agents = [fileOf(subject), { filename: `nothing${ending}` }, { filename: `blank${ending}`, source: '' }];
    const answer = await post(subject, bundle(subject, { agents }));
    hasStatus(answer, 200);
    const { skipped, agent_count } = object(answer.json, 'the answer');
    equal([list(skipped, 'skipped').length, agent_count], [2, 1], 'skipped, agent_count');
  }),
  must('FILE-11', 'files that begin with _ or . are no agents', async (subject) => {
    const { filename, source } = fileOf(subject, 'add');
    const agents = [fileOf(subject), { filename: `_${filename}`, source }, { filename: `.${filename}`, source }];
    const answer = await post(subject, bundle(subject, { agents }));
    hasStatus(answer, 200);
    const { agents: names } = await healthOf(subject, String(object(answer.json, 'the answer').pack_guid));
    equal(names, ['echo'], 'the agents');
  }),
  should('FILE-12', 'of two files by one name one is kept', async (subject) => {
    const { filename, source } = fileOf(subject, 'second');
    const agents = [
      { filename: `a/${filename}`, source },
      { filename: `b/${filename}`, source },
    ];
    const answer = await post(subject, bundle(subject, { agents }));
    hasStatus(answer, 200);
    equal(object(answer.json, 'the answer').agent_count, 1, 'agent_count');
  }),
];
