// Addresses of machines.
import { isIpv4, isIpv6, isMac } from '../checks/contact.ts';
import type { Recogniser } from './recogniser.ts';

/** Network addresses. */
export const NETWORK: readonly Recogniser[] = [
  {
    id: 'ipv4',
    pattern: '\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}',
    notBefore: '[A-Za-z0-9_.]',
    check: isIpv4,
    split: false,
    hits: ['192.168.0.1', 'http://10.0.0.7:8080/', '[127.0.0.1]'],
    misses: ['256.1.1.1', '1.2.3', '1.2.3.4.5', '0.0.0.0', '01.2.3.4', 'v1.2.3.4'],
  },
  {
    id: 'ipv6',
    pattern: '(?i:[0-9a-f]{1,4}:[0-9a-f:]{3,35})',
    notBefore: '[A-Za-z0-9_:]',
    notAfter: '[A-Za-z0-9_:]',
    check: isIpv6,
    split: false,
    hits: ['2001:db8::ff00:42:8329', 'fe80::1ff:fe23:4567:890a', '2001:0db8:85a3:0000:0000:8a2e:0370:7334'],
    misses: ['12:30:45', '2001:db8', '00:1a:2b:3c:4d:5e', '1::2::3', '12345::1', '2001:db8:::1'],
  },
  {
    id: 'mac-address',
    pattern: '[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}',
    notBefore: '[A-Za-z0-9_:-]',
    notAfter: '[A-Za-z0-9_:-]',
    check: isMac,
    split: false,
    hits: ['00:1a:2b:3c:4d:5e', '00-1A-2B-3C-4D-5E'],
    misses: ['00:1a:2b:3c:4d', '00:1a-2b:3c:4d:5e', '00:1a:2b:3c:4d:5e:6f', '00:00:00:00:00:00'],
  },
];
