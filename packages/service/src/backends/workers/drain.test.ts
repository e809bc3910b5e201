// What nobody has read of a body is read, and no more than a bound of it.
import { expect, it } from 'vitest';
import { drain } from './drain.ts';

const MEBIBYTE = new Uint8Array(1024 * 1024);

function sending(parts: number, onCancel = () => {}) {
  let sent = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (sent++ === parts) controller.close();
      else controller.enqueue(MEBIBYTE);
    },
    cancel: onCancel,
  });
  const request = new Request('http://edge.example/', { method: 'POST', body, duplex: 'half' } as RequestInit);
  return { request, sent: () => sent };
}

it('reads to the end', async () => {
  const { request, sent } = sending(20);
  await drain(request);
  expect(sent()).toBe(21);
});

it('stops at the bound', async () => {
  let canceled = false;
  const { request, sent } = sending(10_000, () => {
    canceled = true;
  });
  await drain(request);
  expect([canceled, sent() < 140]).toEqual([true, true]);
});

it('leaves alone what has been read, or is being read', async () => {
  const { request } = sending(2);
  await request.arrayBuffer();
  await drain(request);
  const other = sending(2).request;
  other.body?.getReader();
  await drain(other);
  await drain(new Request('http://edge.example/'));
});

it('does not mind a sender who goes away', async () => {
  const body = new ReadableStream({ pull: (controller) => controller.error(new Error('gone')) });
  await drain(new Request('http://edge.example/', { method: 'POST', body, duplex: 'half' } as RequestInit));
});
