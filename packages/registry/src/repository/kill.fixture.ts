// Publishes version after version until it is killed; started by kill.test.ts.
import { readKey } from '../keys/key-file.ts';
import { newSkill } from '../testing/skills.ts';
import { publishSkill } from './publish.ts';
import { rotateKeys } from './rotate.ts';

const [folder = '', keyFolder = '', start = '0'] = process.argv.slice(2);
const keys = await Promise.all(['root0', 'root1', 'root2', 'online'].map((name) => readKey(`${keyFolder}/${name}.json`)));
process.stdout.write('ready\n');
for (let number = Number(start); ; number++) {
  await publishSkill({ folder }, newSkill('finance', `1.0.${number}`), keys);
  if (number % 3 === 0) await rotateKeys({ folder }, { role: 'root' }, keys);
}
