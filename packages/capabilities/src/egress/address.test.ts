// Addresses: what is not known to be public is not.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressKind, isSameAddress } from './address.ts';

describe('kinds', () => {
  it.each([
    '1.1.1.1',
    '8.8.8.8',
    '93.184.216.34',
    '172.15.255.255',
    '172.32.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '11.0.0.0',
    '126.255.255.255',
    '128.0.0.0',
    '192.167.0.1',
    '169.253.1.1',
    '198.17.255.255',
    '198.20.0.0',
    '223.255.255.255',
    '2606:4700::1111',
    '2001:4860:4860::8888',
    '2a00:1450:4001::1',
    '::ffff:8.8.8.8',
    '64:ff9b::8.8.8.8',
  ])('%s is public', (address) => expect(addressKind(address)).toBe('public'));

  it.each([
    '0.0.0.0',
    '0.1.2.3',
    '10.0.0.1',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.255.255',
    '169.254.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.1',
    '192.0.2.1',
    '192.88.99.1',
    '192.168.0.1',
    '198.18.0.1',
    '198.19.255.255',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '239.255.255.255',
    '240.0.0.1',
    '255.255.255.255',
    '192.31.196.1',
    '192.52.193.1',
    '::',
    '::1',
    '::2',
    '::8.8.8.8',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '::ffff:0:8.8.8.8',
    '64:ff9b::10.0.0.1',
    '64:ff9b:1::8.8.8.8',
    '100::1',
    '2001::1',
    '2001:0:4136:e378:8000:63bf:f7f7:f7f7',
    '2001:2::1',
    '2001:db8::1',
    '2001:10::1',
    '2001:20::1',
    '2002:808:808::1',
    '2002:7f00:1::',
    '3fff::1',
    '4000::1',
    '5f00::1',
    'fc00::1',
    'fd00::1',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'ff02::1',
    '2606:4700::5efe:10.0.0.1',
    '2606:4700::200:5efe:8.8.8.8',
    '',
    'example.com',
    '1',
    '300.1.1.1',
    '[::1]',
  ])('%s is private', (address) => expect(addressKind(address)).toBe('private'));

  it.each([
    '169.254.169.254',
    '169.254.170.2',
    '169.254.170.23',
    '100.100.100.200',
    '168.63.129.16',
    '192.0.0.192',
    'fd00:ec2::254',
    'fd00:ec2::23',
    'fd20:ce::254',
    '::ffff:169.254.169.254',
    '64:ff9b::a9fe:a9fe',
    '::a9fe:a9fe',
    '::169.254.169.254',
    '2002:a9fe:a9fe::1',
    '64:ff9b:1::a9fe:a9fe',
    '2001:0:1:1:1:1:5601:5601',
  ])('%s is metadata', (address) => expect(addressKind(address)).toBe('metadata'));

  it('takes no address for public that embeds one which is not', () => {
    const forms = ['::ffff:', '64:ff9b::', '::', '::ffff:0:', '64:ff9b:1::', '2606:4700::5efe:'];
    fc.assert(
      fc.property(fc.ipV4(), fc.constantFrom(...forms), (address, form) => {
        if (addressKind(address) !== 'public') expect(addressKind(`${form}${address}`)).not.toBe('public');
      }),
    );
  });

  it('takes nothing outside of 2000::/3 for public, but for what stands for an IPv4 address', () => {
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        if (addressKind(address) === 'public') expect(address).toMatch(/^(0*[23][0-9a-f]{3}:|.*ffff:|0*64:ff9b:)/i);
      }),
    );
  });
});

it('knows one address in two spellings', () => {
  expect(isSameAddress('fd00:0ec2:0::0254', 'FD00:EC2::254')).toBe(true);
  expect(isSameAddress('fe80::1%eth0', 'fe80::1')).toBe(true);
  expect(isSameAddress('127.0.0.1', '127.0.0.2')).toBe(false);
  expect(isSameAddress('127.0.0.1', 'example.com')).toBe(false);
});
