export const AGENT = {
  name: 'talk',
  parameters: { type: 'object', properties: { count: { type: 'integer' }, ms: { type: 'integer' } } },
};
export async function run(context, { count, ms }) {
  for (let n = 1; n < count; n++) {
    context.log('info', `line ${n}`);
    await new Promise((done) => setTimeout(done, ms));
  }
  return count;
}
